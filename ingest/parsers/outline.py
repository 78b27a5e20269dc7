"""Builds a reading text with its sections and blocks from the calls of a parser. Knows no format.

A parser says what comes next (a heading, a paragraph, a list item, a table row, code); offsets, section ids and
lead-ins are worked out here, so that every format gives the same sections and blocks.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ingest.cleaning import has_hidden, one_line, without_hidden
from ingest.documents import Block, BlockKind, Section, Span

_BETWEEN_BLOCKS = "\n\n"
_WITHIN_GROUP = "\n"
BULLET = "• "
"""Stands before a list item in the reading text, outside its span; numbered items bring their number."""
_INDENT = "  "
_NUMBERED = re.compile(r"\d{1,9}[.)] ")
_LEADING_NUMBER = re.compile(r"^\s*(?:chapter\s+)?\d+(?:\.\d+)*[.):]?\s+", re.IGNORECASE)
_NOT_SLUG = re.compile(r"[^\w]+")
ROOT = "text"
"""Section id of text that stands under no heading and no title."""
HIDDEN_FLAG = "hidden characters were taken out"


def slug(heading: str) -> str:
    """The heading as a part of a section id: lower case, leading number dropped, words joined by hyphens."""
    plain = unicodedata.normalize("NFKC", _LEADING_NUMBER.sub("", heading)).casefold().replace("'", "").replace("’", "")
    return _NOT_SLUG.sub("-", plain).strip("-_") or "section"


@dataclass(frozen=True)
class Parsed:
    """What a parser gives: a reading text and what stands where in it."""

    title: str
    text: str
    sections: tuple[Section, ...]
    blocks: tuple[Block, ...]
    metadata: Mapping[str, str]
    flags: tuple[str, ...] = ()


@dataclass
class _OpenSection:
    id: str
    level: int
    heading: str
    headings: tuple[str, ...]
    parent: str | None
    start: int
    end: int = -1


@dataclass
class Outline:
    """Collects headings and blocks in reading order; `finish` gives the result."""

    page: int | None = None
    """The page that the next blocks stand on, for formats that have pages."""
    _parts: list[str] = field(default_factory=list)
    _length: int = 0
    _blocks: list[Block] = field(default_factory=list)
    _sections: list[_OpenSection] = field(default_factory=list)
    _open: list[_OpenSection] = field(default_factory=list)
    _ids: dict[str, int] = field(default_factory=dict)
    _leads: dict[int, tuple[str, Span | None]] = field(default_factory=dict)
    _title: str | None = None
    _hidden: bool = False

    def title(self, text: str) -> None:
        """The document's title as it stands at the head of its text; the root of all sections, not part of ids."""
        self._title = self._line(text)
        if self._title:
            self._close(1)
            self._root(self._title)
            self._append(BlockKind.HEADING, self._title)

    def heading(self, text: str, level: int) -> None:
        """A heading of level 1 (outermost) and up; opens a section that ends at the next of its level or above."""
        line = self._line(text)
        if not line:
            return
        self._close(level)
        parents = [section for section in self._open if section.level > 0]
        path = "/".join([*([parents[-1].id] if parents else []), slug(line)])
        section = _OpenSection(
            id=self._unique(path),
            level=level,
            heading=line,
            headings=(*(parent.heading for parent in parents), line),
            parent=parents[-1].id if parents else None,
            start=self._next_start(None),
        )
        self._sections.append(section)
        self._open.append(section)
        self._append(BlockKind.HEADING, line)

    def paragraph(self, text: str) -> None:
        """A paragraph of running text; line ends in it become blanks."""
        self._append(BlockKind.PARAGRAPH, self._line(text))

    def list_item(
        self, text: str, *, group: int, depth: int = 0, lead_in: bool = True, continued: bool = False
    ) -> None:
        """One item of the list numbered `group`; the sentence before the list is its lead-in unless told otherwise.

        What follows code or an inner list within an item is the item continued, without a bullet.
        """
        introduced = self._lead_in(group) if lead_in else None
        words = self._line(text)
        mark = _INDENT * depth + (_INDENT if continued else "" if _NUMBERED.match(words) else BULLET)
        self._append(BlockKind.LIST_ITEM, words, group=group, depth=depth, lead_in=introduced, mark=mark)

    def table_row(self, cells: Sequence[str], *, columns: Sequence[str] = (), group: int) -> None:
        """One row: its first cell, then each cell with the name of its column; a header row alone is a row too."""
        values = [self._line(cell) for cell in cells]
        names = [self._line(column) for column in columns]
        lead_in, columns = self._lead_in(group), tuple(names)
        self._append(BlockKind.TABLE_ROW, _row_text(values, names), group=group, lead_in=lead_in, columns=columns)

    def code(self, text: str) -> None:
        """Code, kept line by line."""
        self._hidden = self._hidden or has_hidden(text)
        self._append(BlockKind.CODE, "\n".join(line.rstrip() for line in without_hidden(text).strip("\n").split("\n")))

    def finish(
        self, *, title: str | None = None, metadata: Mapping[str, str] | None = None, flags: Sequence[str] = ()
    ) -> Parsed:
        """The result. `title` serves where the text itself has none."""
        self._close(0)
        text = "".join(self._parts)
        sections = tuple(
            Section(
                id=section.id, level=section.level, heading=section.heading, headings=section.headings,
                parent=section.parent, start=section.start, end=len(text) if section.end < 0 else section.end,
            )
            for section in self._sections
        )  # fmt: skip
        hidden = (HIDDEN_FLAG,) if self._hidden else ()
        return Parsed(
            self._title or title or "", text, sections, tuple(self._blocks), dict(metadata or {}), (*flags, *hidden)
        )

    def _line(self, text: str) -> str:
        self._hidden = self._hidden or has_hidden(text)
        return one_line(text)

    def _append(
        self, kind: BlockKind, text: str, *, group: int | None = None, depth: int = 0,
        lead_in: Span | None = None, columns: tuple[str, ...] = (), mark: str = "",
    ) -> None:  # fmt: skip
        if not text.strip():
            return
        if not self._open:
            self._root(None)
        start = self._next_start(group) + len(mark)
        self._parts.append(self._separator(group) + mark + text)
        self._length = start + len(text)
        self._blocks.append(
            Block(
                start=start, end=self._length, kind=kind, section=self._open[-1].id,
                group=group, depth=depth, lead_in=lead_in, columns=columns, page=self.page,
            )
        )  # fmt: skip

    def _separator(self, group: int | None) -> str:
        if not self._blocks:
            return ""
        return _WITHIN_GROUP if group is not None and self._blocks[-1].group == group else _BETWEEN_BLOCKS

    def _next_start(self, group: int | None) -> int:
        return self._length + len(self._separator(group))

    def _lead_in(self, group: int) -> Span | None:
        if not self._blocks:
            return None
        last = self._blocks[-1]
        section = self._open[-1].id if self._open else ""
        if group not in self._leads or self._leads[group][0] != section:
            leads = last.section == section and last.kind is BlockKind.PARAGRAPH and group not in self._leads
            self._leads[group] = section, Span(start=last.start, end=last.end) if leads else None
        return self._leads[group][1]

    def _root(self, heading: str | None) -> None:
        section = _OpenSection(
            id=self._unique(slug(heading) if heading else ROOT), level=0, heading=heading or "",
            headings=(heading,) if heading else (), parent=None, start=self._next_start(None),
        )  # fmt: skip
        self._sections.append(section)
        self._open.append(section)

    def _close(self, level: int) -> None:
        end = self._next_start(None)
        while self._open and (self._open[-1].level >= level or self._open[-1].level == 0):
            self._open.pop().end = end if level else self._length

    def _unique(self, path: str) -> str:
        found = path
        while found in self._ids:
            self._ids[path] += 1
            found = f"{path}-{self._ids[path]}"
        self._ids[found] = 1
        return found


def _row_text(cells: Sequence[str], columns: Sequence[str]) -> str:
    """`First — Column: cell; Column: cell`: a row that can be read, and quoted, without its table."""
    if not columns:
        return " | ".join(cell for cell in cells if cell)
    head, rest = (cells[0] if cells else ""), list(cells[1:])
    names = [*columns[1:], *([""] * len(rest))]
    told = [f"{name}: {cell}" if name else cell for name, cell in zip(names, rest, strict=False) if cell]
    return " — ".join(part for part in (head, "; ".join(told)) if part)
