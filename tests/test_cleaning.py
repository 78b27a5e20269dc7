"""Hidden characters go, visible ones stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.cleaning import has_hidden, one_line, without_hidden

TAGS = "".join(chr(0xE0000 + ord(letter)) for letter in "obey")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("ig\u200bnore", "ignore"),
        ("soft\u00adware", "software"),
        ("a\u202eb\u202c c\u2066d\u2069", "ab cd"),
        ("\ufefftext", "text"),
        (f"fine{TAGS}", "fine"),
        ("bell\x07 null\x00 del\x7f", "bell null del"),
        ("a\u200db", "ab"),
        ("\u200cword\u200d", "word"),
        ("x\ufe00\U000e0100", "x"),
        ("lone\ud800", "lone"),
    ],
)
def test_what_a_reader_cannot_see_is_taken_out(text: str, clean: str) -> None:
    assert without_hidden(text) == clean
    assert has_hidden(text)


@pytest.mark.parametrize(
    "text",
    [
        "plain words,\nlines\tand tabs",
        "👩‍💻 ❤️ 🇩🇪",
        "می‌خواهم",
        "क्‍ष",
        "שלום مرحبا 数据库 é e\u0301",
    ],
)
def test_what_a_reader_sees_stays(text: str) -> None:
    assert without_hidden(text) == text
    assert not has_hidden(text)


def test_white_space_becomes_single_blanks() -> None:
    assert one_line("  a\t\n b\u00a0\u3000c\u2028d\x85 ") == "a b c d"


@given(st.text(alphabet=st.characters(exclude_categories=[])))
def test_nothing_hidden_is_left_and_nothing_visible_goes(text: str) -> None:
    clean = without_hidden(text)
    assert not has_hidden(clean)
    assert (clean == text) is not has_hidden(text)
    assert [sign for sign in text if sign.isalnum()] == [sign for sign in clean if sign.isalnum()]


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    line = one_line(text)
    assert line == " ".join(line.split())
    assert one_line(line) == line
