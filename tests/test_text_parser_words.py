"""Plain text to an outline loses no word but those of a menu in front: any text, the source article, real manuals."""

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.cleaning import without_hidden
from ingest.documents import Block, BlockKind, Section
from ingest.parsers.outline import Outline, Parsed
from ingest.parsers.text import parse_text
from settings import PROJECT

SHARED = Path(os.environ.get("SKILL_GUIDE_SHARED", PROJECT.parent / "shared"))
ARTICLE = SHARED / "article" / "top-skills-backend-developer.txt"
MANUALS = SHARED / "data" / "manuals"
BULLETS = "•‣◦▪●■➤✓*+–·-"


def _blocks(parsed: Parsed, kind: BlockKind) -> list[Block]:
    return [block for block in parsed.blocks if block.kind is kind]


def _words(text: str) -> list[str]:
    """The words of a text in order, without bullets, drawn lines and the bars of tables."""
    words = [word.lstrip(BULLETS).rstrip(":") for word in text.replace("|", " ").split()]
    return [word for word in words if any(map(str.isalnum, word))]


class _Listener(Outline):
    """An outline that also notes the words that it is told, in order; a table's header once."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []
        self._headed: set[int] = set()

    def title(self, text: str) -> None:
        self.told.append(text)
        super().title(text)

    def heading(self, text: str, level: int) -> None:
        self.told.append(text)
        super().heading(text, level)

    def paragraph(self, text: str) -> None:
        self.told.append(text)
        super().paragraph(text)

    def list_item(
        self, text: str, *, group: int, depth: int = 0, lead_in: bool = True, continued: bool = False
    ) -> None:
        self.told.append(text)
        super().list_item(text, group=group, depth=depth, lead_in=lead_in, continued=continued)

    def table_row(self, cells: Sequence[str], *, columns: Sequence[str] = (), group: int) -> None:
        self.told += cells if group in self._headed else [*columns, *cells]
        self._headed.add(group)
        super().table_row(cells, columns=columns, group=group)

    def code(self, text: str) -> None:
        self.told.append(text)
        super().code(text)


def _told(text: str) -> tuple[list[str], Parsed]:
    """The words that the parser tells its outline, and what comes of them."""
    listener = _Listener()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ingest.parsers.text.Outline", lambda: listener)
        parsed = parse_text(text)
    return _words(" ".join(listener.told)), parsed


WORDS = st.sampled_from(
    re.findall(r"\S+", "Python java SQL the is of A (e.g., x=1; e-mail 42 2019 C++ 漢字 “so” end. Why? wait: /etc")
)
LINES = st.lists(WORDS, min_size=1, max_size=14).map(" ".join)
INDENTS = st.sampled_from(["", "", "", " ", "  ", "    ", "\t", "        ", "\u00a0"])
MARKS = st.sampled_from(
    [
        "",
        "",
        "",
        "• ",
        "•",
        "- ",
        "* ",
        "– ",
        "1. ",
        "2. ",
        "3) ",
        "(a) ",
        "b) ",
        "1.1 ",
        "2.3.1. ",
        "A. ",
        "$ ",
        "Chapter 2. ",
    ]
)
DRAWN = st.sampled_from(["---", "======", "* * *", "~~~~", "```", "•", "+---+---+"])
ENDS = st.sampled_from(["\n", "\n", "\n", "\n\n", "\n\n", "\r\n", "\r\n\r\n", "\f", "\u2028", "\n\n\n"])
WRITTEN = st.tuples(INDENTS, MARKS, LINES, ENDS).map("".join)
TEXTS = st.lists(WRITTEN | st.tuples(INDENTS, DRAWN, ENDS).map("".join), max_size=30).map("".join)
ROWS = st.lists(
    st.lists(WORDS, min_size=2, max_size=4).flatmap(
        lambda cells: st.sampled_from(["|", " | ", "\t", "  ", "    "]).map(lambda bar: bar.join(cells) + "\n")
    ),
    max_size=6,
).map("".join)
TABLED = st.lists(TEXTS | ROWS, max_size=5).map("".join)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_all_words_come_out_in_order(text: str) -> None:
    told, parsed = _told(text)
    assert told == _words(text)
    assert parsed.flags == ()
    assert all(block.of(parsed.text) for block in parsed.blocks)


@settings(max_examples=200, deadline=None)
@given(TABLED)
def test_no_word_of_a_table_is_lost(text: str) -> None:
    # In order within a row, but lines of a drawn row are read cell by cell.
    assert Counter(_told(text)[0]) == Counter(_words(text))


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_any_text_is_read(text: str) -> None:
    told, _ = _told(text)
    assert Counter(told) == Counter(_words(without_hidden(text)))


@pytest.mark.parametrize(
    "line",
    [
        "a:\n",
        "- a\n",
        "Foo bar\n\n",
        "1. Foo\n\n",
        "a | b\n",
        "a\tb\n",
        "a  b\n",
        "```\n",
        "    x = 1;\n\n",
        "1.",
        "a?(",
        " ",
    ],
)
def test_work_grows_no_faster_than_the_text(line: str) -> None:
    def steps(times: int) -> int:
        count = 0

        def called(*_: object) -> None:
            nonlocal count
            count += 1

        sys.setprofile(called)
        try:
            parse_text(line * times)
        finally:
            sys.setprofile(None)
        return count

    assert steps(4000) <= 2.2 * steps(2000)


needs_article = pytest.mark.skipif(not ARTICLE.is_file(), reason=f"the source article is not at {ARTICLE}")


@needs_article
def test_the_source_article_has_its_thirty_sections() -> None:
    known = json.loads((SHARED / "eval" / "sections.json").read_text(encoding="utf-8"))
    parsed = parse_text(ARTICLE.read_text(encoding="utf-8"))
    assert parsed.title == "Top Skills You Need to Become a Backend Developer"
    found = [section for section in parsed.sections if section.level]
    numbered = [_without_number(section) for section in found]
    assert numbered == list(known.values())
    assert [section.level for section in found] == [3 if "/" in short else 2 for short in known]


def _without_number(section: Section) -> str:
    number, _, rest = section.heading.partition(". ")
    return rest if number.isdigit() else section.heading


@needs_article
def test_the_source_article_loses_its_menu_and_nothing_else() -> None:
    text = ARTICLE.read_text(encoding="utf-8")
    told, parsed = _told(text)
    start = text.index("Backend Development: What")
    assert told == _words(f"{parsed.title} {text[start:]}")
    lines = [line for line in text[:start].splitlines() if line.strip() and line.strip() != parsed.title]
    assert parsed.flags == (f"left out {len(lines)} lines of a menu before and after the title",)


@needs_article
def test_the_source_article_keeps_its_lists_and_its_table() -> None:
    text = ARTICLE.read_text(encoding="utf-8")
    parsed = parse_text(text)
    items = _blocks(parsed, BlockKind.LIST_ITEM)
    assert len(items) == text[text.index("Backend Development: What") :].count("•")
    assert all(item.lead_in and item.lead_in.of(parsed.text).endswith(":") for item in items)
    rows = _blocks(parsed, BlockKind.TABLE_ROW)
    assert len(rows) == 7
    assert len({row.group for row in rows}) == 1


@pytest.mark.skipif(not MANUALS.is_dir(), reason=f"the manuals are not at {MANUALS}")
@pytest.mark.parametrize("name", ["maint-guide", "debian-faq"])
def test_real_manuals_have_the_sections_that_their_contents_list(name: str) -> None:
    text = (MANUALS / name / f"{name}.en.txt").read_text(encoding="utf-8")
    told, parsed = _told(text)
    assert Counter(told) == Counter(_words(text))
    listed = [item.of(parsed.text) for item in _blocks(parsed, BlockKind.LIST_ITEM) if "contents" in item.section]
    shown = [section.heading for section in parsed.sections if section.level <= 4]
    named = [re.sub(r"^(Chapter|Appendix) ", "", heading) for heading in shown]
    first = next(index for index, heading in enumerate(named) if heading.startswith("1. "))
    assert [re.sub(r"\s", "", heading) for heading in named[first:]] == [re.sub(r"\s", "", item) for item in listed]
    assert len(listed) > 80
