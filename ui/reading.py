"""Turns a document into what the reader shows: headings, paragraphs, lists, tables and code, with one stretch marked.

Pure: knows nothing of Streamlit. The reader's script shows every string of it as plain text.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypedDict

from ingest.documents import Block, BlockKind, Document, Passage, Span
from ingest.tables import cells_of
from ui.links import guide_link, section_params
from ui.marking import cut_at_marks

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


class Row(TypedDict):
    """A list item, which is one cell, or a table row."""

    depth: int
    cells: list[list[Run]]


class Node(TypedDict):
    """A heading, paragraph or piece of code, which has runs, or a list or table, which has rows."""

    kind: str
    level: int
    link: str
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


def reader(document: Document, target: Target) -> Reader:
    """The document laid out, with the target's stretch marked."""
    outermost = min((section.level for section in document.sections if section.level), default=1)
    depths = {section.id: section.level - outermost + 1 if section.level else 0 for section in document.sections}
    contents = [
        Entry(label=each.heading, depth=depths[each.id], link=_section_link(document, each.id))
        for each in document.sections
        if each.level
    ]
    nodes = list(_nodes(document, target.span, depths))
    if not any(node["kind"] == "heading" and node["level"] == 1 for node in nodes):
        nodes.insert(0, _node("heading", [Run(text=document.title, mark=False)], level=1))
    at = _section_link(document, target.section) if target.section else ""
    return Reader(contents=contents, nodes=nodes, target=f"{document.id} {target}", at=at)


def locate(document: Document, passage: Passage | None, params: Mapping[str, str]) -> Target:
    """Where a link leads: to the sentence while its passage stands, else to its section, with a notice that says so."""
    section = params.get("section", "")
    known = section if document.section(section) else None
    if passage is not None and passage.document == document.id:
        asked = _span(params.get("start", ""), params.get("end", ""), len(document.text))
        begins = passage.sentences[0].start if passage.sentences else passage.start
        return Target(span=asked or Span(start=begins, end=passage.end))
    if params.get("passage"):
        return Target(section=known, notice=CHANGED_HERE if known else CHANGED)
    return Target(section=known, notice=NO_SECTION if section and not known else "")


def _span(start: str, end: str, length: int) -> Span | None:
    if not (start.isdecimal() and end.isdecimal() and max(len(start), len(end)) <= _MOST_DIGITS):
        return None
    first, last = int(start), int(end)
    return Span(start=first, end=last) if first < last <= length else None


def _nodes(document: Document, span: Span | None, depths: Mapping[str, int]) -> Iterator[Node]:
    """Headings, paragraphs and code one by one; the items of a list and the rows of a table together."""
    for _, numbered in groupby(enumerate(document.blocks), key=_together):
        blocks = [block for _, block in numbered]
        first = blocks[0]
        match first.kind:
            case BlockKind.HEADING:
                link, level = _section_link(document, first.section), depths.get(first.section, 0) + 1
                yield _node(first.kind, _runs(document, first, span), level=level, link=link)
            case BlockKind.LIST_ITEM:
                rows = [Row(depth=each.depth, cells=[_runs(document, each, span)]) for each in blocks]
                yield _node("list", rows=rows)
            case BlockKind.TABLE_ROW:
                columns, rows = _table(document, blocks, span)
                yield _node("table", columns=columns, rows=rows)
            case _:
                yield _node(first.kind, _runs(document, first, span))


def _together(numbered: tuple[int, Block]) -> tuple[BlockKind, int]:
    number, block = numbered
    return block.kind, -1 - number if block.group is None else block.group


def _table(document: Document, blocks: Sequence[Block], span: Span | None) -> tuple[list[str], list[Row]]:
    """Column names and cells; every row as one cell, without column names, where one does not tell its cells apart."""
    columns = blocks[0].columns
    cut = [cells_of(block, document.text) for block in blocks if block.columns == columns]
    cells = [each for each in cut if each]
    if len(cells) < len(blocks):
        return [], [Row(depth=0, cells=[_runs(document, block, span)]) for block in blocks]
    return list(columns), [Row(depth=0, cells=[_runs(document, cell, span) for cell in row]) for row in cells]


def _runs(document: Document, piece: Span, span: Span | None) -> list[Run]:
    marks = [(span.start, span.end, 1)] if span else []
    return [Run(text=text, mark=bool(mark)) for text, mark in cut_at_marks(piece.of(document.text), piece.start, marks)]


def _node(
    kind: str, runs: list[Run] | None = None, *, level: int = 0, link: str = "",
    columns: list[str] | None = None, rows: list[Row] | None = None,
) -> Node:  # fmt: skip
    return Node(kind=kind, level=level, link=link, runs=runs or [], columns=columns or [], rows=rows or [])


def _section_link(document: Document, section: str) -> str:
    return guide_link(section_params(document.id, section))
