import pytest

from retrieval.words import STOP_WORDS
from skills.forms import MORE, key_of, one, usual_name
from skills.lexicon import AMBIGUOUS, FILE


@pytest.mark.parametrize(
    ("one_way", "other"),
    [
        ("Node.js", "node js"), ("APIs", "API"), ("libraries", "library"), ("containerisation", "containerization"),
        ("data modelling", "Data Modeling"), ("CI/CD", "ci-cd"), ("virtual hosts", "VirtualHost"),
    ],
)  # fmt: skip
def test_spelling_and_number_make_no_difference(one_way: str, other: str) -> None:
    assert key_of(one_way) == key_of(other)


def test_names_that_differ_stay_apart() -> None:
    assert len({key_of(name) for name in ("C", "C++", "C#", "Java", "JavaScript", "Redis", "AWS", "status")}) == 8
    assert one("AWS") == "aws"


def test_usual_names() -> None:
    assert usual_name("k8s") == "Kubernetes"
    assert usual_name("Kickstarterium") is None


def test_both_lists_together_know_thousands_of_terms_and_none_twice() -> None:
    terms = [
        line.partition("\t")[0]
        for file in (FILE, MORE)
        for line in file.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("# ")
    ]
    plain = [each.lstrip(AMBIGUOUS).casefold() for each in terms]
    assert len(plain) >= 5_000
    assert len(plain) == len(set(plain))
    assert not set(plain) & STOP_WORDS - {"it", "r", "can"}
