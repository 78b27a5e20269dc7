"""Names are found in a text where a search of the whole text finds them, without searching it whole."""

import re

from hypothesis import given
from hypothesis import strategies as st

from retrieval.english import is_english
from skills.lexicon import known_as
from skills.written import Written

PIECES = ("Cat", "cat", "cats", "Cats", "cat's", "Big", "big", "C++", ".net", "Éclair", "Git", "s", "S", "x_1")
JOINTS = (" ", ", ", ". ", ".", "\n", "-", "")
NAMES = (*PIECES, "Big cat", "big cats", "Big Cat", "big cat", "Cat c++", "Big .net", "Cats s", "Git cat")

texts = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(JOINTS)), max_size=12).map(
    lambda parts: "".join(piece + joint for piece, joint in parts)
)


def _plain(name: str, text: str) -> str:
    """As `Written.plain`, by searching the whole text."""
    first, _, rest = name.partition(" ")
    lowered = f"{first[:1].lower()}{first[1:]} {rest}".strip()
    if not first[1:].islower() or not first[0].isupper() or any(each.isupper() for each in rest):
        return name
    if re.search(rf"(?<![\w.]){re.escape(lowered)}(?!\w)", text):
        return lowered
    known = known_as(name) or re.search(rf"[a-z,] {re.escape(name)}\b", text)
    return name if known or not is_english(first) else lowered


@given(text=texts, name=st.sampled_from(NAMES))
def test_names_are_found_as_by_a_search_of_the_whole_text(text: str, name: str) -> None:
    written = Written(text)
    assert written.plain(name) == written.plain(name) == _plain(name, text)
    if stem := name.rstrip("s"):
        found = re.search(rf"(?<![\w.]){re.escape(stem)}s?(?!\w)", text)
        assert written.one_or_many(name) == (found.group() if found else "")


def test_only_places_that_begin_as_the_name_does_are_looked_at() -> None:
    text = "the cat and the cats and a dog"
    written = Written(text)
    written.text = "cat " * len(text)
    assert written.one_or_many("dog") == "", "where it stood is something else now, and nobody looks elsewhere"
    assert written.one_or_many("cats") == "cat"


def test_once_more_than_where_it_is_said() -> None:
    assert Written("Saws\n\nOf Saws.").besides("Saws", "Saws")
    assert not Written("1. Saws\n\nOf saws.").besides("Saws", "1. Saws")
    assert Written("Of Saws.\n\n1. Saws").besides("Saws", "1. Saws")
