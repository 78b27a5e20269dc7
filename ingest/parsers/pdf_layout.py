"""What stands where in a PDF: its body's size, running lines, headings and rows of tables. Builds nothing."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Final

from ingest.parsers.pdf_lines import Line
from ingest.parsers.pdf_words import LEADERS, has_leaders

EDGE_LINES: Final = 2
"""Lines at the top and at the bottom of a page that may be running lines."""
MARGIN: Final = 0.12
"""Share of a page's height at either end in which running lines stand."""
RUNNING_PAGES: Final = 3
"""Fewest pages at whose same height a running line stands."""
RUNNING_GAP: Final = 1.5
"""Distance, in usual ones, that parts running lines from the text."""
RUNNING_WORDS: Final = 25
SAME_HEIGHT: Final = 3.0
"""Points by which the heights of the same running line differ."""
LARGER: Final = 1.12
"""Size of a heading against the body's above which size alone tells."""
CONTENTS_LINES: Final = 3
"""Fewest lines with dots that lead to page numbers on a page that holds contents."""
EDGE: Final = 2.0
"""Points by which the page numbers of contents miss the edge that they stand at."""
PARAGRAPH_GAP: Final = 1.3
"""Distance of two lines, against the usual, above which a paragraph begins."""
_DIGITS = re.compile(r"\d+|\b[ivxlc]+\b")
_NUMBER_ALONE = re.compile(
    r"(?:page|seite|p\.)?\s*[-–—|]?\s*(?:\d{1,4}|[ivxlc]{1,7})\s*(?:(?:/|of|von|de)\s*\d{1,4})?\s*[-–—|]?", re.I
)
_ALNUM = re.compile(r"[\W_]+")
_NUMBER_LAST = re.compile(r"\s+(?:\d{1,4}|[ivxlc]{1,7})\s*$")
_GLUED = re.compile(r"^(\s*\d{1,3}(?:\.\d{1,3})+)(?=[^\W\d_])")
BULLET = re.compile(r"([•◦▪▫‣●○■□∙·\u2043➢➤✓✔❖\uf0b7\uf0a7\uf0d8\uf02d]\s*|[-–—*+]\s+)(?=\S|$)")


@dataclass(frozen=True)
class Body:
    """How the running text of a document looks."""

    size: float
    bold: bool
    mono: bool
    leading: float

    def gap(self, before: Line, line: Line) -> float:
        """The step down from one line to the next, against the usual for its size."""
        return (before.bottom - line.bottom) / (self.leading * max(line.size / self.size, 0.7))


def body_of(lines: Sequence[Line]) -> Body:
    """Size, weight and distance of most lines."""
    sizes: Counter[float] = Counter()
    bold: Counter[bool] = Counter()
    mono: Counter[bool] = Counter()
    for line in lines:
        sizes[line.style[0]] += len(line.words)
        bold[line.bold] += len(line.words)
        mono[line.mono] += len(line.words)
    size = sizes.most_common(1)[0][0]
    steps = [
        before.bottom - line.bottom
        for before, line in pairwise(lines)
        if before.page == line.page and abs(line.size - size) < 1 and 0 < before.bottom - line.bottom < 3 * size
    ]
    leading = median(sorted(steps)[: max(2 * len(steps) // 3, 1)]) if steps else 1.2 * size
    return Body(size, bold.most_common(1)[0][0], mono.most_common(1)[0][0], max(leading, 1.0))


def alnum(text: str) -> str:
    """Letters and digits alone, by which lines are compared."""
    return _ALNUM.sub("", text).casefold()


def running_lines(pages: Sequence[Sequence[Line]]) -> set[int]:
    """Ids (`id()`) of the lines that only repeat title, chapter and page number at a page's edge."""
    body = body_of([line for page in pages for line in page])
    slots: dict[int, list[tuple[int, Line]]] = defaultdict(list)
    for number, page in enumerate(pages):
        for line in _edges(page, body):
            slots[round(line.bottom / SAME_HEIGHT)].append((number, line))
    told = _ALNUM.sub("", " ".join(line.words for page in pages for line in page)).casefold()
    found: set[int] = set()
    for slot, lines in slots.items():
        near = [each for other in (slot - 1, slot, slot + 1) for each in slots.get(other, [])]
        heights = {number for number, _ in near}
        alike = Counter(_DIGITS.sub("#", line.words.casefold()).strip() for _, line in near)
        for number, line in lines:
            words = line.words.strip()
            if len(words.split()) > RUNNING_WORDS or line.size > LARGER * body.size:
                continue
            if (
                len(heights) >= min(RUNNING_PAGES, len(pages)) > 1
                and (
                    _NUMBER_ALONE.fullmatch(words)
                    or alike[_DIGITS.sub("#", words.casefold()).strip()] >= RUNNING_PAGES
                    or (len(heights) >= RUNNING_PAGES and _repeats(words, told))
                )
            ) or (_NUMBER_ALONE.fullmatch(words) and words.strip(" -–—|") == str(number + 1) and len(pages) > 1):
                found.add(id(line))
    return found


def _edges(page: Sequence[Line], body: Body) -> Iterator[Line]:
    """The lines in a page's margins that a gap parts from the text, and numbers alone."""
    upright = sorted((line for line in page if not line.turned), key=lambda line: -line.bottom)
    for lines in (upright, upright[::-1]):
        apart = _apart(lines, body)
        for line in apart or [line for line in lines[:1] if _NUMBER_ALONE.fullmatch(line.words.strip())]:
            if line.bottom > (1 - MARGIN) * line.page_height or line.top < MARGIN * line.page_height:
                yield line


def _apart(lines: Sequence[Line], body: Body) -> list[Line]:
    """The outermost lines up to the first wide gap, none if there is none near the edge."""
    found: list[Line] = []
    for line in lines:
        if found and abs(found[-1].bottom - line.bottom) > RUNNING_GAP * body.leading:
            return found
        found.append(line)
        if len({round(each.bottom) for each in found}) > EDGE_LINES:
            return []
    return found


def _repeats(words: str, told: str) -> bool:
    """Whether a line in capitals, maybe cut short, says what stands elsewhere in the text too."""
    parts = [_ALNUM.sub("", part).casefold() for part in re.split(r"…|\s{2,}|\d+(?:\.\d+)*\.?", words)]
    parts = [re.sub(r"^(?:chapter|section|appendix|part)", "", part) for part in parts]
    parts = [part for part in parts if len(part) > 2]  # noqa: PLR2004
    upper = sum(map(str.isupper, words)) > 0.6 * sum(map(str.isalpha, words))
    return upper and bool(parts) and all(told.count(part) > 1 for part in parts)


def without_page_numbers(page: Sequence[Line]) -> list[Line]:
    """The lines of a page; on one that holds contents, entries lose the page number at the far right."""
    entries = [line for line in page if has_leaders(line.words)]
    if len(entries) < CONTENTS_LINES:
        return list(page)
    right = max(line.right for line in entries)
    return [_without_number(replace(line, words=_GLUED.sub(r"\1 ", line.words)), right) for line in page]


def _without_number(line: Line, right: float) -> Line:
    if has_leaders(line.words):
        return line
    if len(line.cells) > 1 and _NUMBER_ALONE.fullmatch(line.cells[-1].words):
        return replace(line, words=" ".join(cell.words for cell in line.cells[:-1]) + LEADERS, cells=line.cells[:-1])
    if abs(line.right - right) < EDGE and _NUMBER_LAST.search(line.words):
        return replace(line, words=_NUMBER_LAST.sub("", line.words) + LEADERS)
    return line
