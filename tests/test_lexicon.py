import pytest

from skills.lexicon import AMBIGUOUS, FILE, foreign_terms, holds_word, technical_terms

GUIDE = {"python", "postgresql", "docker", "graphql", "java", "c++"}


def _known(term: str) -> bool:
    return term.casefold() in GUIDE


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Does the guide mention Kafka?", ("Kafka",)),
        ("kafka or RabbitMQ", ("kafka", "RabbitMQ")),
        ("Is docker compose in it?", ("docker compose",)),
        ("What is blue-green deployment?", ("blue-green deployment",)),
        ("fast api with python", ("fast api",)),
        ("Which frameworks go with C#?", ("C#",)),
        ("Node.js or .NET?", ("Node.js", ".NET")),
        ("websockets", ("websockets",)),
        ("Kafka, kafka and Kafka", ("Kafka", "kafka")),
        ("Python, C++ and Docker", ()),
        ("What is the port?", ()),
        ("", ()),
        ("🙂 \x00 ---", ()),
    ],
)
def test_terms_that_the_guide_lacks(question: str, found: tuple[str, ...]) -> None:
    assert foreign_terms(question, _known) == found


def test_a_term_known_by_its_usual_name_is_not_foreign() -> None:
    assert foreign_terms("postgres", _known) == ()


@pytest.mark.parametrize(
    "question",
    [
        "go to market", "the rest of it", "How do they express this?", "He will play a role", "a swift answer",
        "Express yourself", "in spring", "at the helm", "What is the salt of it?", "Play by the rules",
        "my dash of hope", "It echoes in the ray of light", "take the rails",
    ],
)  # fmt: skip
def test_ordinary_words_are_no_terms(question: str) -> None:
    assert foreign_terms(question, _known) == ()


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Is Rust in the guide?", "Rust"),
        ("rust vs python", "rust"),
        ("the flask framework", "flask"),
        ("rust", "rust"),
        ("Does it cover Chef?", "Chef"),
        ("swift developers", "swift"),
        ("python and rust", "rust"),
    ],
)
def test_ordinary_words_are_terms_in_technical_company(question: str, found: str) -> None:
    assert found in {said for said, _ in technical_terms(question)}


def test_words_of_terms_are_held() -> None:
    assert holds_word("Kubernetes")
    assert holds_word("grpc")
    assert not holds_word("kuberntes")


def test_the_file_is_in_order() -> None:
    lines = [line for line in FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("# ")]
    assert len(lines) >= 1_500
    terms = [line.partition("\t")[0].lstrip(AMBIGUOUS).casefold() for line in lines]
    assert len(terms) == len(set(terms))
    assert not [line for line in lines if line != line.strip() or line.count("\t") > 1 or ",," in line]


def test_a_very_long_question_is_read_in_part() -> None:
    assert foreign_terms("word " * 100_000 + "Kafka", _known) == ()
