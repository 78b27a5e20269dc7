"""Words are compared by folded stems; compounds by their parts and joined; stop words not at all."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.words import STOP_WORDS, stems, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("databases", "Database"),
        ("testing tests", "TESTED test"),
        ("CI/CD", "ci cd CICD"),
        ("Node.js", "node JS nodejs"),
        ("front-end", "front end frontend"),
        ("GROẞE", "grosse"),
        ("the developer", "developers"),
    ],
)
def test_forms_of_one_word_are_the_same(one: str, other: str) -> None:
    assert set(stems(one)) == set(stems(other))


@pytest.mark.parametrize(("one", "other"), [("C", "C++"), ("C", "C#"), ("C++", "C#"), ("Java", "JavaScript")])
def test_different_languages_stay_apart(one: str, other: str) -> None:
    assert not set(stems(one)) & set(stems(other))


def test_a_part_of_a_compound_finds_it() -> None:
    assert set(stems("node")) < set(stems("Node.js"))
    assert set(stems("nodejs")) < set(stems("Node.js"))


def test_stop_words_say_nothing_except_within_a_compound() -> None:
    assert stems("What is the of and") == []
    assert "i" in STOP_WORDS
    assert stems("I/O") == ["i", "o", "io"]


@pytest.mark.parametrize("text", ["", "  \n", "?!… — _", "\x00", "👩‍💻", "..."])
def test_text_without_words_has_none(text: str) -> None:
    assert stems(text) == []


def test_words_know_where_they_stand() -> None:
    text = "Use: (Node.js), C++ – and Go!"
    assert [(word.text, text[word.start : word.end]) for word in words(text)] == [
        (each, each) for each in ("Use", "Node.js", "C++", "Go")
    ]


def test_each_language_has_its_own_endings() -> None:
    assert stems("Datenbanken", "de") == stems("Datenbank", "de")
    assert stems("Datenbanken", "en") != stems("Datenbank", "en")


def test_an_unknown_language_is_stemmed_all_the_same() -> None:
    assert stems("running", "xx") == stems("runs", "xx")


def test_a_word_is_never_stemmed_away() -> None:
    assert stems("What's", "xx") == ["what", "s", "what"]


def test_repeated_words_are_counted() -> None:
    assert stems("saw, saw and saws") == stems("saw") * 3


@given(st.text(alphabet="aB9é.'-/&+#_ ßİ锯\u0301") | st.text(), st.sampled_from(["en", "de", "xx"]))
def test_words_are_spans_in_order_each_with_a_form(text: str, language: str) -> None:
    found = list(words(text, language))
    assert all(text[word.start : word.end] == word.text for word in found)
    assert all(after.start >= before.end for before, after in pairwise(found))
    assert all(word.stems and all(word.stems) for word in found)
    assert [stem for word in found for stem in word.stems] == stems(text, language)
