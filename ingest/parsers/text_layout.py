"""How plain text stands on its page: lines, chunks, hard wrapping and tables. Knows nothing of headings or menus."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise
from typing import Final

TAB: Final = 4
"""Columns of a tab: what editors and the code in guides use most."""
LONGEST_WRAPPED: Final = 120
"""Columns: a longer line was not wrapped by hand, it is a paragraph of its own."""
SHORTEST_WRAPPED: Final = 40
"""Columns: nobody wraps running text narrower; shorter lines are verse, addresses, lists."""
WRAP_SLACK: Final = 8
"""Columns: people break a line a word early."""
WRAPPED_SHARE: Final = 0.8
"""Part of the line ends of a paragraph that wrapping must explain; one in five is broken by hand."""
VERSE_LINES: Final = 4
"""From this many lines on, running text has a line that begins in lower case; verse may have none."""
RULE_MARKS: Final = 3
"""Fewest marks of a drawn line: two dashes open a signature or an option."""
ALIGNED_ROWS: Final = 3
"""Two lines may stand aligned by chance, three hardly do."""
PAIR: Final = 2
"""Two columns are as often names with their values as a table with a header."""
HEADER_WORDS: Final = 5
"""A column's name is short."""

_WRAPPED: Final = range(SHORTEST_WRAPPED, LONGEST_WRAPPED + 1)
_RULE: Final = frozenset("-=_*~#+^─━═–—")
_BORDER: Final = _RULE | frozenset("|:┌┐└┘├┤┬┴┼╔╗╚╝╠╣╦╩╬║│ \t")
_UNDERLINE: Final = frozenset("=-~^*+#_")
SURE_BULLETS: Final = "•‣◦▪▫●○■□∙➤►▶✓✔❖\u2043"
_MARKED = re.compile(rf"(?:[{SURE_BULLETS}*+–·-]|\(?\w{{1,3}}[.)])\s")
_FENCE = re.compile(r"```[\w+-]*$")
_PIPE = re.compile(r"[|│║]")
_GAP = re.compile(r"\s{2,}")
_SPACES = re.compile(r"[^\S\n\t]")


@dataclass(frozen=True)
class Line:
    """A line; blank ones are kept only within fenced code."""

    text: str
    """Without white space at its ends; tabs and gaps within are kept."""
    raw: str
    """As it stands in the file, with its indentation."""
    indent: int
    """Columns before the first word."""

    @property
    def edge(self) -> int:
        """The column where the line ends."""
        return self.indent + len(self.text)


Chunk = tuple[Line, ...]
"""Lines with no blank line between them."""


@dataclass(frozen=True)
class Page:
    """What is usual in one file."""

    width: int
    """Columns at which its running text is wrapped; the longest possible where it is not."""
    margin: int
    """Indentation of its outermost lines."""
    body: int
    """Indentation of its running text."""


class Shape(Enum):
    """What a piece looks like on the page."""

    PLAIN = auto()
    UNDERLINED = auto()
    ITEM = auto()
    ROW = auto()
    CODE = auto()


@dataclass(frozen=True)
class Piece:
    """A paragraph, a line, a list item, a table row or a chunk of code, as far as its look tells."""

    shape: Shape
    text: str
    indent: int
    lines: int = 1
    first: bool = True
    """Whether it begins its chunk."""
    alone: bool = True
    """Whether its chunk holds nothing else."""
    number: tuple[str, ...] = ()
    """Its number, part by part: 1.2 is ("1", "2")."""
    words: str = ""
    """Its text without the number."""
    unsure: bool = False
    """Whether it is a list item only because a number leads it that may be part of a sentence."""
    underline: str = ""
    cells: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    table: tuple[int, ...] = ()
    """Where its table begins: chunk and line."""


@dataclass(frozen=True)
class Table:
    """Rows of cells; `columns` is empty where the header cannot be told for certain."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def chunks_of(text: str) -> list[Chunk]:
    """The lines of a text, parted at blank lines and form feeds; what stands between ``` fences is one chunk."""
    plain = _SPACES.sub(" ", "\n".join(text.replace("\f", "\n\n").splitlines()))
    lines = [_line(raw.rstrip()) for raw in plain.split("\n")]
    fences = [index for index, line in enumerate(lines) if _FENCE.match(line.text)]
    closed = dict(zip(fences[::2], fences[1::2], strict=False))
    found: list[list[Line]] = [[]]
    end = 0
    while end < len(lines):
        start, end = end, closed.get(end, end) + 1
        if start in closed:
            found += [lines[start:end], []]
        elif lines[start].text:
            found[-1].append(lines[start])
        else:
            found.append([])
    return [tuple(chunk) for chunk in found if chunk]


def _line(raw: str) -> Line:
    text = raw.strip()
    return Line(text, raw, len(raw[: len(raw) - len(text)].expandtabs(TAB)))


def page_of(chunks: Sequence[Chunk]) -> Page:
    """The usual width, margin and indentation of a file."""
    lines = [line for chunk in chunks for line in chunk if line.text]
    long = [line for line in lines if len(line.text) >= SHORTEST_WRAPPED]
    free = sum(len(line.text) > LONGEST_WRAPPED for line in long)
    edges = sorted(line.edge for chunk in chunks for line in chunk[:-1] if len(line.text) in _WRAPPED)
    return Page(
        width=edges[len(edges) * 9 // 10] if len(edges) > free else LONGEST_WRAPPED,
        margin=min((line.indent for line in lines if not is_rule(line.text)), default=0),
        body=Counter(line.indent for line in long).most_common(1)[0][0] if long else 0,
    )


def is_rule(text: str) -> bool:
    """Whether a line is drawn, not written: `-----`, `* * *`, `=====`."""
    marks = text.replace(" ", "").replace("\t", "")
    return len(marks) >= RULE_MARKS and set(marks) <= _RULE


def is_underline(text: str) -> bool:
    """Whether a line can stand under a heading: one mark, again and again."""
    return len(text) >= RULE_MARKS and len(set(text)) == 1 and text[0] in _UNDERLINE


def is_fenced(chunk: Chunk) -> bool:
    """Whether a chunk stands between ``` marks."""
    return len(chunk) > 1 and bool(_FENCE.match(chunk[0].text) and _FENCE.match(chunk[-1].text))


def is_full(line: Line, following: Line, width: int) -> bool:
    """Whether the line had to end: the first word of the following one would not have fitted into `width` columns."""
    return line.edge + 1 + len(following.text.split(maxsplit=1)[0]) > width - WRAP_SLACK


def is_wrapped(lines: Sequence[Line], page: Page) -> bool:
    """Whether lines are one paragraph, broken by hand at the right margin, not verse, rows or lines for themselves."""
    if len(lines) == 1:
        return True
    if max(len(line.text) for line in lines) not in _WRAPPED or len({line.indent for line in lines[1:]}) > 1:
        return False
    if len(lines) >= VERSE_LINES and not any(line.text[0].islower() for line in lines[1:]):
        return False
    width = max(page.width, *(line.edge for line in lines))
    explained = sum(is_full(line, after, width) or after.text[0].islower() for line, after in pairwise(lines))
    return explained >= WRAPPED_SHARE * (len(lines) - 1)


def table_runs(chunk: Chunk) -> Iterator[tuple[int, int, Table]]:
    """The tables in a chunk, as `(first line, line after the last, table)`."""
    end = 0
    while end < len(chunk):
        start, end = end, end + 1
        kind = _kind(chunk[start].text)
        while kind and end < len(chunk) and (_kind(chunk[end].text) == kind or _is_border(chunk[end].text)):
            end += 1
        table = (_drawn if kind == "|" else _spaced)(chunk[start:end]) if kind else None
        if table:
            yield start, end, table


def _kind(text: str) -> str:
    """What parts the cells of a line, "" for a line without cells."""
    if (text.startswith("+-") and _is_border(text)) or (_PIPE.search(text) and (_is_border(text) or _cells(text)[1:])):
        return "|"
    if _MARKED.match(text) or _is_border(text):
        return ""
    return "\t" if "\t" in text else "  " if _GAP.search(text) else ""


def _is_border(text: str) -> bool:
    return len(text) >= RULE_MARKS and set(text) <= _BORDER


def _cells(text: str) -> list[str]:
    cells = [cell.strip() for cell in _PIPE.split(text)]
    return cells[int(not cells[0]) : len(cells) - int(not cells[-1])]


def _drawn(lines: Sequence[Line]) -> Table | None:
    """A table drawn with bars. Where rules part all rows, the lines between two of them are one row."""
    parts = list(_parted(lines))
    rows = [[_cells(line.text) for line in part] for part in parts]
    flat = [cells for part in rows for cells in part]
    framed = all(_PIPE.match(line.text) for part in parts for line in part)
    enough = len(parts) > 1 or len(flat) >= ALIGNED_ROWS or (framed and len(flat) > 1)
    if len({len(cells) for cells in flat}) != 1 or not enough:
        return None
    if parts[2:]:
        return _table([[" ".join(filter(None, cells)) for cells in zip(*part, strict=True)] for part in rows], False)
    return _table(flat, len(parts) > 1 and len(parts[0]) == 1)


def _parted(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines between the rules of a table."""
    part: list[Line] = []
    for line in lines:
        if not _is_border(line.text):
            part.append(line)
        elif part:
            yield part
            part = []
    if part:
        yield part


def _spaced(lines: Sequence[Line]) -> Table | None:
    """A table whose cells are parted by tabs, or stand below each other with gaps between."""
    written = [line for line in lines if not _is_border(line.text)]
    tabbed = "\t" in lines[0].text
    rows = [[cell.strip() for cell in line.text.split("\t")] if tabbed else _GAP.split(line.text) for line in written]
    if tabbed:  # An editor may have cut empty cells off the end of a line.
        most = max(map(len, rows))
        rows = [row + [""] * (most - len(row)) for row in rows]
    ruled = len(written) > 1 and lines[1] is not written[1]
    enough = len(rows) >= ALIGNED_ROWS or (len(rows) > 1 and (ruled or tabbed))
    if not enough or len({len(row) for row in rows}) != 1 or not (tabbed or _is_aligned(written)):
        return None
    return _table(rows, ruled)


def _is_aligned(lines: Sequence[Line]) -> bool:
    """Whether each column's cells begin, or end, below each other."""
    gaps = [
        [(line.indent + gap.start(), line.indent + gap.end()) for gap in _GAP.finditer(line.text)] for line in lines
    ]
    starts = zip(*([line.indent, *(end for _, end in row)] for line, row in zip(lines, gaps, strict=True)), strict=True)
    ends = zip(*([*(start for start, _ in row), line.edge] for line, row in zip(lines, gaps, strict=True)), strict=True)
    return all(len(set(left)) == 1 or len(set(right)) == 1 for left, right in zip(starts, ends, strict=True))


def _table(rows: Sequence[Sequence[str]], ruled: bool) -> Table:
    cells = tuple(tuple(row) for row in rows)
    if len(cells) > 1 and (ruled or _has_header(cells)):
        return Table(tuple(name.rstrip(":") for name in cells[0]), cells[1:])
    return Table((), cells)


def _has_header(rows: Sequence[tuple[str, ...]]) -> bool:
    """Whether the first row names the columns for certain: it differs in kind from what stands below it."""
    first, below = rows[0], rows[1:]
    if not all(first[1:]) or any(len(name.split()) > HEADER_WORDS or any(map(str.isdigit, name)) for name in first):
        return False
    if all(map(str.isupper, first)) and not any(all(map(str.isupper, row)) for row in below):
        return True
    return len(first) > PAIR and len(below) > 1 and any(_names(*column) for column in zip(*rows, strict=True))


def _names(name: str, *cells: str) -> bool:
    return name[:1].isupper() and "," not in name and all(map(_is_value, cells))


def _is_value(cell: str) -> bool:
    return "," in cell or any(map(str.isdigit, cell)) or cell[:1].islower() or len(cell.split()) > HEADER_WORDS
