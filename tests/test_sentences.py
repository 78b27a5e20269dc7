"""Running text is cut at sentence ends, and every word lands in a sentence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.sentences import sentences


def _texts(text: str, language: str = "en") -> list[str]:
    return [span.of(text) for span in sentences(text, 0, language)]


@pytest.mark.parametrize(
    "expected",
    [
        ["A saw cuts.", "Does it?", "It does!"],
        ["Dr. Saw works at 3.5 m/s, e.g. on wood.", "Then it stops."],
        ["Use Node.js or v1.2.", "Both work."],
        ["Use ASP.NET or VB.NET.", "Both work."],
        ["One sentence without an end"],
    ],
)
def test_english(expected: list[str]) -> None:
    assert _texts(" ".join(expected)) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("de", ["Das ist z. B. eine Säge.", "Sie schneidet."]),
        ("fr", ["Voici M. Scie.", "Elle coupe."]),
        ("xx", ["A saw cuts.", "It stops."]),
        ("", ["A saw cuts.", "It stops."]),
    ],
)
def test_other_languages_even_unknown_ones(language: str, expected: list[str]) -> None:
    assert _texts(" ".join(expected), language) == expected


def test_offsets_count_code_points_from_the_start_that_is_given() -> None:
    text = "👩‍💻 été. Zwölf Sägen. Ende."
    spans = list(sentences(text, 100, "en"))
    assert [text[span.start - 100 : span.end - 100] for span in spans] == ["👩‍💻 été.", "Zwölf Sägen.", "Ende."]


@pytest.mark.parametrize("text", ["", "  \n\t "])
def test_nothing_has_no_sentences(text: str) -> None:
    assert _texts(text) == []


@settings(deadline=None)
@given(st.text(alphabet="ab. !?\n\"'()é锯。\u2028👩1") | st.text())
def test_sentences_hold_every_visible_character_in_order(text: str) -> None:
    spans = list(sentences(text, 0, "en"))
    ends = [0, *(span.end for span in spans)]
    assert all(span.start >= end for span, end in zip(spans, ends, strict=False))
    assert all(span.of(text) == span.of(text).strip() != "" for span in spans)
    assert "".join("".join(span.of(text).split()) for span in spans) == "".join(text.split())
