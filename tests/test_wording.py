import pytest

from answering.wording import EMPTY, not_covered, reason_keyword, unusable


def test_what_is_missing_is_named() -> None:
    assert (
        not_covered("the port of PostgreSQL", ["Skills"])
        == "The guide does not say anything about the port of PostgreSQL."
    )


def test_a_request_that_is_no_question_hears_in_one_sentence_what_can_be_asked() -> None:
    sentence = not_covered(None, ["Backend Skills"])
    assert "“Backend Skills”" in sentence
    assert sentence.count(".") == 1


@pytest.mark.parametrize("text", ["", "  ", "?!", "…"])
def test_text_without_a_word_is_no_question(text: str) -> None:
    assert unusable(text, text.strip(), 10) == EMPTY


def test_a_long_question_hears_its_length_and_the_limit() -> None:
    sentence = unusable("a" * 2001, "a" * 2001, 2000)
    assert sentence is not None
    assert "2,000" in sentence
    assert "2,001" in sentence


def test_a_question_may_be_as_long_as_the_limit() -> None:
    assert unusable("a" * 2000, "a" * 2000, 2000) is None


def test_found_words_are_named_once_however_they_are_written_and_only_some() -> None:
    assert reason_keyword(["Git"]) == "has the word “Git”"
    assert reason_keyword(["Git", "push", "git", "pull"]) == "has the words “Git”, “push”, “pull”"
    assert reason_keyword(list("abcdef")) == "has the words “a”, “b”, “c”, “d” and 2 more"
