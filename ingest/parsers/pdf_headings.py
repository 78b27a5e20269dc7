"""Headings of a PDF: by its bookmarks, or by letters larger or bolder than the body's. Builds nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ingest.parsers.pdf_layout import BULLET, LARGER, PARAGRAPH_GAP, Body, alnum
from ingest.parsers.pdf_lines import Line
from ingest.parsers.pdf_words import has_leaders

HEADING_WORDS: Final = 30
HEADING_LINES: Final = 4
HEADING_GAP: Final = 1.7
"""Most distance of two lines of one heading, in line heights."""
_NUMBERING = re.compile(r"(?:chapter|part|appendix|section|kapitel|chapitre|teil|anhang)?(?:\d*|[ivxlc]{1,5}|[a-h]\d*)")
_CHAPTER_LINE = re.compile(
    r"(?:chapter|part|appendix|kapitel|chapitre|teil|anhang)\s+(?:\d{1,3}|[ivxlc]{1,6}|[a-h])[.:]?", re.I
)
Style = tuple[float, bool]


@dataclass(frozen=True)
class Bookmark:
    """An entry of a PDF's own outline; `page` counts from 0."""

    title: str
    level: int
    page: int


def headings_of(
    pages: Sequence[Sequence[Line]], body: Body, bookmarks: Sequence[Bookmark]
) -> dict[int, tuple[int, int]]:
    """Level and number of lines of each heading, by the `id()` of its first line; level 0 is the title."""
    marked = _by_bookmarks(pages, bookmarks)
    by_font = _by_font(pages, body)
    if 2 * len(marked) >= len(bookmarks) > 0:
        return _with_title(pages, marked, by_font)
    styles = _levels({line.style for line, _ in by_font.values()})
    found = {key: (styles[line.style], count) for key, (line, count) in by_font.items()}
    top = [key for key, (level, _) in found.items() if level == 1]
    if len(top) == 1 and len(found) > 1 and top[0] == next(iter(found)):
        found[top[0]] = (0, found[top[0]][1])
    return found


def _with_title(
    pages: Sequence[Sequence[Line]], marked: dict[int, tuple[int, int, Line]], by_font: dict[int, tuple[Line, int]]
) -> dict[int, tuple[int, int]]:
    """Headings by bookmarks, with those that look like them and the title before them."""
    levels: dict[Style, int] = {}
    for level, _, line in marked.values():
        levels[line.style] = min(level, levels.get(line.style, level))
    found = {key: (level, count) for key, (level, count, _) in marked.items()}
    inside = {id(page[at + step]) for page in pages for at, line in enumerate(page) if id(line) in marked
              for step in range(marked[id(line)][1]) if at + step < len(page)}  # fmt: skip
    for key, (line, count) in by_font.items():
        if key not in inside and line.style in levels:
            found[key] = (levels[line.style], count)
    first = next((key for page in pages for line in page if (key := id(line)) in {*marked, *by_font}), None)
    if first is not None and first not in found and by_font[first][0].size > max(size for size, _ in levels):
        found[first] = (0, by_font[first][1])
    return found


def _by_bookmarks(pages: Sequence[Sequence[Line]], bookmarks: Sequence[Bookmark]) -> dict[int, tuple[int, int, Line]]:
    found: dict[int, tuple[int, int, Line]] = {}
    for bookmark in bookmarks:
        wanted = alnum(bookmark.title)
        places = [place for place in (bookmark.page, bookmark.page + 1, bookmark.page - 1) if 0 <= place < len(pages)]
        for place in places if wanted else ():
            matches = [match for at in range(len(pages[place])) if (match := _matches(pages[place], at, wanted, found))]
            if matches:
                at, count = max(matches, key=lambda match: (pages[place][sum(match) - 1].size, -match[0]))
                line = pages[place][at + count - 1]
                found[id(pages[place][at])] = (bookmark.level + 1, count, line)
                break
    return found


def _matches(
    page: Sequence[Line], at: int, wanted: str, taken: dict[int, tuple[int, int, Line]]
) -> tuple[int, int] | None:
    """Where a heading begins and how many lines it has, if these lines are the heading."""
    if id(page[at]) in taken or has_leaders(page[at].words):
        return None
    text = ""
    for count in range(1, HEADING_LINES + 1):
        if at + count > len(page):
            return None
        text += alnum(page[at + count - 1].words)
        if text.endswith(wanted) and _NUMBERING.fullmatch(text.removesuffix(wanted)):
            return at, count
    return None


def _by_font(pages: Sequence[Sequence[Line]], body: Body) -> dict[int, tuple[Line, int]]:
    """Lines larger or bolder than the body that stand alone: the first line of each heading and how many it has."""
    found: dict[int, tuple[Line, int]] = {}
    for page in pages:
        at = 0
        while at < len(page):
            count = _run(page, at, body)
            if _is_heading(page, at, count, body):
                found[id(page[at])] = (page[at], count)
            at += count
    return found


def _run(page: Sequence[Line], at: int, body: Body) -> int:
    """How many lines from here look alike and follow each other closely."""
    count = 1
    while at + count < len(page):
        before, line = page[at + count - 1], page[at + count]
        alike = line.style == page[at].style and 0 <= before.bottom - line.bottom <= HEADING_GAP * max(line.size, 1)
        numbered = _CHAPTER_LINE.fullmatch(before.words.strip()) and line.size >= before.size
        if not (alike or numbered) or page[at].style == (body.size, body.bold):
            break
        count += 1
    return count


def _is_heading(page: Sequence[Line], at: int, count: int, body: Body) -> bool:
    line, last = page[at], page[at + count - 1]
    words = " ".join(each.words for each in page[at : at + count])
    larger = line.size >= LARGER * body.size
    bolder = line.bold and not body.bold and line.size >= 0.95 * body.size
    if not (larger or bolder) or count > HEADING_LINES or len(words.split()) > HEADING_WORDS or line.turned:
        return False
    if not any(map(str.isalpha, words)) or BULLET.match(words) or has_leaders(words) or (line.mono and not larger):
        return False
    if len(line.cells) > 1 and any(char.isalpha() for char in line.cells[0].words):
        return False
    if not larger and (words.rstrip()[-1:] in ".,;:" or count > 2):  # noqa: PLR2004
        return False
    before = page[at - 1] if at else None
    after = page[at + count] if at + count < len(page) else None
    apart = before is None or before.bottom < line.bottom or body.gap(before, line) > 1.15  # noqa: PLR2004
    return larger or (apart and (after is None or not after.bold or body.gap(last, after) > PARAGRAPH_GAP))


def _levels(styles: set[Style]) -> dict[Style, int]:
    """Styles to levels: the larger and bolder, the higher."""
    levels: dict[Style, int] = {}
    level, last = 0, None
    for style in sorted(styles, key=lambda each: (-each[0], not each[1])):
        if last is None or last[0] - style[0] > 0.6 or last[1] != style[1]:  # noqa: PLR2004
            level += 1
        levels[style] = level
        last = style
    return levels
