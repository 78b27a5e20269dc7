import pytest

from answering.question import Wanted, wanted


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("What is Docker?", Wanted.DEFINITION),
        ("what's a reverse proxy", Wanted.DEFINITION),
        ("So, what is the ACID principle?", Wanted.DEFINITION),
        ("What does SQL stand for?", Wanted.DEFINITION),
        ("Explain resolvers", Wanted.DEFINITION),
        ("Which Git commands are there?", Wanted.LIST),
        ("List the frameworks of Python", Wanted.LIST),
        ("Name three debugging tools", Wanted.LIST),
        ("what tools are used for CI/CD", Wanted.LIST),
        ("Why is Node.js ideal for real-time applications?", Wanted.REASON),
        ("What are the benefits of GraphQL?", Wanted.REASON),
        ("How come Java is used in banking?", Wanted.REASON),
        ("What is the difference between SQL and NoSQL?", Wanted.COMPARISON),
        ("Django vs Flask", Wanted.COMPARISON),
        ("Is authentication the same as authorization?", Wanted.COMPARISON),
        ("Is Python a compiled language?", Wanted.VERDICT),
        ("Can JavaScript run on a server?", Wanted.VERDICT),
        ("Who uses Go?", Wanted.FACT),
        ("where does encryption matter most", Wanted.FACT),
    ],
)
def test_the_wording_tells_what_is_wanted(question: str, form: Wanted) -> None:
    assert wanted(question) is form


@pytest.mark.parametrize("question", ["", "?", "🙂", "ما هي قواعد البيانات؟", "\x00", "Docker"])
def test_where_the_wording_says_nothing_a_fact_is_wanted(question: str) -> None:
    assert wanted(question) is Wanted.FACT


def test_case_makes_no_difference() -> None:
    for question in ("why do we test", "which tools are there", "what is git"):
        assert wanted(question) is wanted(question.upper())


def test_a_long_text_is_read_at_once() -> None:
    assert wanted("so " * 20_000 + "why?") in Wanted
