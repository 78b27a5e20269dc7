"""Every format gives the same guide: the same sections, blocks that are spans of the text, and every word."""

import re

import pytest

from ingest.documents import BlockKind
from ingest.parsers import PARSERS
from ingest.parsers.outline import BULLET, Parsed
from tests.rendered import GUIDE, RENDERED, SECTIONS, TITLE

each_format = pytest.mark.parametrize("ending", RENDERED)
each_marked_format = pytest.mark.parametrize("ending", [ending for ending in RENDERED if ending != ".txt"])
"""Plain text does not mark tables and code; what it makes of them, its own tests tell."""


@pytest.fixture(scope="module")
def guides() -> dict[str, Parsed]:
    return {ending: _parsed(ending, render()) for ending, render in RENDERED.items()}


def _parsed(ending: str, source: bytes) -> Parsed:
    form = PARSERS[ending]
    return form.parse(source if form.binary else source.decode())


def _told(guide: Parsed, kind: BlockKind) -> list[str]:
    return [block.of(guide.text) for block in guide.blocks if block.kind is kind]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


@each_format
def test_the_same_guide_has_the_same_sections(ending: str, guides: dict[str, Parsed]) -> None:
    guide = guides[ending]
    assert (guide.title, [section.id for section in guide.sections]) == (TITLE, SECTIONS)
    assert [section.headings for section in guide.sections] == [each.headings for each in guides[".md"].sections]


@each_marked_format
def test_the_same_guide_has_the_same_blocks(ending: str, guides: dict[str, Parsed]) -> None:
    guide, known = guides[ending], guides[".md"]
    for kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.TABLE_ROW, BlockKind.CODE):
        assert _told(guide, kind) == _told(known, kind), kind
    assert [block.depth for block in guide.blocks] == [block.depth for block in known.blocks]
    assert [bool(block.lead_in) for block in guide.blocks] == [bool(block.lead_in) for block in known.blocks]
    assert [block.columns for block in guide.blocks] == [block.columns for block in known.blocks]


@each_marked_format
def test_the_reading_text_is_the_same_character_for_character(ending: str, guides: dict[str, Parsed]) -> None:
    assert guides[ending].text == guides[".md"].text


@each_format
def test_every_word_comes_out_in_order_and_no_other(ending: str, guides: dict[str, Parsed]) -> None:
    left = iter(_words(guides[ending].text.replace(BULLET, "")))
    # The first column's name stands over the table, not in its rows.
    assert all(word in left for word in _words(re.sub(r"^\|.*\|$", "", GUIDE, flags=re.MULTILINE)))
    for word in ("Shop", "cookies", "reserved", "Contents"):
        assert word not in guides[ending].text


def test_blocks_of_a_pdf_know_their_page(guides: dict[str, Parsed]) -> None:
    assert {block.page for block in guides[".pdf"].blocks} == {1}
    assert {block.page for block in guides[".html"].blocks} == {None}
