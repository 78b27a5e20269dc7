"""Turns a document into what the reader shows: headings, paragraphs, lists, tables and code, with one stretch marked.

Pure: knows nothing of Streamlit. The reader's script shows every string of it as plain text.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import TypedDict

from ingest.documents import Block, BlockKind, Document, Passage, Span
from ingest.tables import cells_of
from ui.glossing import Gloss, TermCard
from ui.links import guide_link, section_params

CHANGED = "The passage that this link points to has changed since the link was made."
CHANGED_HERE = f"{CHANGED} This is the section in which it stood."
NO_SECTION = "The section that this link points to is not in this guide any more."
_MOST_DIGITS = 12


@dataclass(frozen=True)
class Target:
    """Where the reader opens: at a marked stretch, else at a section, else at the start."""

    span: Span | None = None
    section: str | None = None
    notice: str = ""


class Run(TypedDict):
    """A stretch of text."""

    text: str
    mark: bool
    term: str


class Row(TypedDict):
    """A list item, which is one cell, or a table row."""

    depth: int
    cells: list[list[Run]]
    passage: str


class Node(TypedDict):
    """A heading, paragraph or piece of code, which has runs, or a list or table, which has rows.

    `passage` is the link of the passage that begins with it.
    """

    kind: str
    level: int
    link: str
    passage: str
    runs: list[Run]
    columns: list[str]
    rows: list[Row]


class Entry(TypedDict):
    """A line of the table of contents."""

    label: str
    depth: int
    link: str


class Reader(TypedDict):
    """All that the reader shows. `at` is the link of the heading to move to; `target` changes when it is to move."""

    contents: list[Entry]
    nodes: list[Node]
    target: str
    at: str
    terms: dict[str, TermCard]
    names: dict[str, str]


@dataclass(frozen=True)
class Surroundings:
    """What the layout of a document marks in it besides the target."""

    passages: tuple[Passage, ...] = ()
    glosses: tuple[Gloss, ...] = ()
    terms: Mapping[str, TermCard] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


def reader(document: Document, target: Target, around: Surroundings | None = None) -> Reader:
    """The document laid out, with the target's stretch marked."""
    around = around or Surroundings()
    outermost = min((section.level for section in document.sections if section.level), default=1)
    depths = {section.id: section.level - outermost + 1 if section.level else 0 for section in document.sections}
    contents = [
        Entry(label=each.heading, depth=depths[each.id], link=_section_link(document, each.id))
        for each in document.sections
        if each.level
    ]
    layout = _Layout(document, target.span, depths, around)
    nodes = list(layout.nodes())
    if not any(node["kind"] == "heading" and node["level"] == 1 for node in nodes):
        nodes.insert(0, _node("heading", [Run(text=document.title, mark=False, term="")], level=1))
    at = _section_link(document, target.section) if target.section else ""
    return Reader(
        contents=contents, nodes=nodes, target=f"{document.id} {target}", at=at, terms=dict(around.terms),
        names=dict(around.names),
    )  # fmt: skip


def locate(document: Document, passage: Passage | None, params: Mapping[str, str]) -> Target:
    """Where a link leads: to the sentence while its passage stands, else to its section, with a notice that says so."""
    section = params.get("section", "")
    known = section if document.section(section) else None
    if passage is not None and passage.document == document.id:
        asked = _span(params.get("start", ""), params.get("end", ""))
        begins = passage.sentences[0].start if passage.sentences else passage.start
        return Target(span=_quoted(document, passage, asked) or Span(start=begins, end=passage.end))
    if params.get("passage"):
        return Target(section=known, notice=CHANGED_HERE if known else CHANGED)
    return Target(section=known, notice=NO_SECTION if section and not known else "")


def _span(start: str, end: str) -> Span | None:
    if not (start.isdecimal() and end.isdecimal() and max(len(start), len(end)) <= _MOST_DIGITS):
        return None
    first, last = int(start), int(end)
    return Span(start=first, end=last) if first < last else None


def _quoted(document: Document, passage: Passage, asked: Span | None) -> Span | None:
    """The stretch of a passage that a link of an earlier build means; None where that cannot be told.

    A passage that still stands may have moved, and its sentences with it: a stretch that does not begin and end where
    one of them does is looked for by its length.
    """
    if asked is None:
        return None
    pieces = [*passage.sentences, *(block for block in document.blocks if passage.covers(block))]
    starts, ends = {each.start for each in pieces}, {each.end for each in pieces}
    if asked.start in starts and asked.end in ends:
        return asked
    length = asked.end - asked.start
    same = [start for start in starts if start + length in ends]
    return Span(start=same[0], end=same[0] + length) if len(same) == 1 else None


class _Layout:
    """Lays the blocks of a document out."""

    def __init__(self, document: Document, span: Span | None, depths: Mapping[str, int], around: Surroundings) -> None:
        self._document, self._span, self._depths = document, span, depths
        self._glosses = sorted(around.glosses)
        self._passages = sorted((each for each in around.passages if each.sentences), key=_begins)

    def nodes(self) -> Iterator[Node]:
        """Headings, paragraphs and code one by one; the items of a list and the rows of a table together."""
        for _, numbered in groupby(enumerate(self._document.blocks), key=_together):
            blocks = [block for _, block in numbered]
            first = blocks[0]
            match first.kind:
                case BlockKind.HEADING:
                    link, level = _section_link(self._document, first.section), self._depths.get(first.section, 0) + 1
                    yield _node(first.kind, self._runs(first), level=level, link=link)
                case BlockKind.LIST_ITEM:
                    yield _node("list", rows=[self._row(each, each.depth, [self._runs(each)]) for each in blocks])
                case BlockKind.TABLE_ROW:
                    columns, rows = self._table(blocks)
                    yield _node("table", columns=columns, rows=rows, passage=self._passage(*blocks))
                case _:
                    yield _node(first.kind, self._runs(first), passage=self._passage(first))

    def _table(self, blocks: Sequence[Block]) -> tuple[list[str], list[Row]]:
        """Column names and cells; each row as one cell, without names, where one does not tell its cells apart."""
        columns = blocks[0].columns
        cut = [cells_of(block, self._document.text) for block in blocks if block.columns == columns]
        cells = [each for each in cut if each]
        if len(cells) < len(blocks):
            return [], [Row(depth=0, cells=[self._runs(block)], passage="") for block in blocks]
        return list(columns), [Row(depth=0, cells=[self._runs(cell) for cell in row], passage="") for row in cells]

    def _row(self, block: Block, depth: int, cells: list[list[Run]]) -> Row:
        return Row(depth=depth, cells=cells, passage=self._passage(block))

    def _passage(self, *blocks: Block) -> str:
        """Link of the passage that begins in these blocks; of several, the first."""
        at = bisect_left(self._passages, blocks[0].start, key=_begins)
        if at == len(self._passages) or _begins(self._passages[at]) >= blocks[-1].end:
            return ""
        passage = self._passages[at]
        return guide_link({**section_params(passage.document, passage.section), "passage": passage.id})

    def _runs(self, piece: Span) -> list[Run]:
        """The words of a stretch, cut wherever the target or a term begins or ends."""
        first, last = (bisect_left(self._glosses, edge, key=_starts) for edge in (piece.start, piece.end))
        there = [gloss for gloss in self._glosses[first:last] if gloss[1] <= piece.end]
        edges = {edge for start, end, _ in there for edge in (start, end)}
        edges |= {self._span.start, self._span.end} if self._span else set()
        cuts = sorted({piece.start, piece.end, *(edge for edge in edges if piece.start < edge < piece.end)})
        return [self._run(Span(start=start, end=end), there) for start, end in pairwise(cuts)]

    def _run(self, piece: Span, glosses: Sequence[Gloss]) -> Run:
        mark = self._span is not None and self._span.covers(piece)
        term = next((term for start, end, term in glosses if start <= piece.start and piece.end <= end), "")
        return Run(text=piece.of(self._document.text), mark=mark, term=term)


def _begins(passage: Passage) -> int:
    return passage.sentences[0].start


def _starts(gloss: Gloss) -> int:
    return gloss[0]


def _together(numbered: tuple[int, Block]) -> tuple[BlockKind, int]:
    number, block = numbered
    return block.kind, -1 - number if block.group is None else block.group


def _node(
    kind: str, runs: list[Run] | None = None, *, level: int = 0, link: str = "", passage: str = "",
    columns: list[str] | None = None, rows: list[Row] | None = None,
) -> Node:  # fmt: skip
    return Node(
        kind=kind, level=level, link=link, passage=passage, runs=runs or [], columns=columns or [], rows=rows or []
    )


def _section_link(document: Document, section: str) -> str:
    return guide_link(section_params(document.id, section))
