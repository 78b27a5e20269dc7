"""Lines of a PDF to blocks: which lines go on with a paragraph, an item or code, and which begin one of their own.

Tells an outline block by block; headings, tables and footnotes are found next door.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from ingest.parsers.outline import Outline
from ingest.parsers.pdf_layout import BULLET, PARAGRAPH_GAP, Body
from ingest.parsers.pdf_lines import SOFT, Line
from ingest.parsers.pdf_notes import is_note
from ingest.parsers.pdf_tables import table_rows
from ingest.parsers.pdf_words import Joiner, address_goes_on, has_leaders, without_leaders

INDENT: Final = 0.7
"""First-line indent that begins a paragraph, in sizes of its letters."""
CHARACTER: Final = 5.0
"""Points of a character of code, where no line is long enough to tell."""
SHORT: Final = 0.75
"""Share of the usual width below which a line that ends a sentence ends its paragraph."""
_NUMBERED = re.compile(r"\(?(\d{1,3}|[a-z])[.)]\s+(?=\S)")
_ENDS = re.compile(r"[.!?:;…][\"'”’)\]]*(?:\s\d{1,2})?$")
"""A sentence's end, maybe with the mark of a footnote."""


class Teller:
    """Tells an outline what lines say, block by block."""

    def __init__(self, body: Body, joiner: Joiner, lines: Sequence[Line], notes: Sequence[Sequence[Line]]) -> None:
        self.outline = Outline()
        self._body = body
        self._joiner = joiner
        widths = sorted(line.right for line in lines)
        self._right = widths[int(len(widths) * 0.9)]
        self._left = min(line.left for line in lines)
        self._held: list[Line] = []
        self._kind = ""
        self._group = 0
        self._item: tuple[int, str] = (0, "")
        self._lefts: list[float] = []
        self._numbers: dict[int, str] = {}
        self._notes = list(notes)

    def tell(self, lines: Sequence[Line], headings: Mapping[int, tuple[int, int]]) -> None:
        """All lines of the document, in order."""
        at = 0
        while at < len(lines):
            line = lines[at]
            if id(line) in headings:
                level, count = headings[id(line)]
                self._end()
                if level <= 1:
                    self._tell_notes(line.page)
                self._heading(lines[at : at + count], level)
                at += count
                continue
            count, rows, named = table_rows(lines, at)
            if count and not line.mono:
                self._end()
                self._table(rows, named, line.page)
                at += count
                continue
            self._line(line)
            at += 1
        self._end()
        self._tell_notes(None)

    def _tell_notes(self, before: int | None) -> None:
        """Footnotes of the pages before this one, at the end of their chapter, where they part no paragraph."""
        self._lefts = []
        for number, notes in enumerate(self._notes):
            if before is not None and notes and notes[0].page >= before:
                break
            for line in notes:
                if self._held and is_note(line.words):
                    self._end()
                self._held.append(line)
                self._kind = "paragraph"
            self._end()
            self._notes[number] = []

    def _heading(self, lines: Sequence[Line], level: int) -> None:
        self._lefts = []
        self.outline.page = lines[0].page
        words = self._joiner.join([line.words for line in lines])
        if level:
            self.outline.heading(words, level)
        else:
            self.outline.title(words)

    def _table(self, rows: list[list[str]], named: bool, page: int) -> None:
        self._lefts = []
        self._group += 1
        self.outline.page = page
        for row in rows[named:]:
            self.outline.table_row(row, columns=rows[0] if named else (), group=self._group)

    def _line(self, line: Line) -> None:
        if has_leaders(line.words):
            self._contents(line)
            return
        bullet = BULLET.match(line.words.lstrip())
        number = None if bullet else self._number(line)
        if self._is_code(line):
            self._code(line)
        elif bullet or number:
            self._end()
            self._open_item(line, bullet.end() if bullet else 0, number or "")
        elif self._held and not self._begins(line):
            self._held.append(line)
        else:
            self._end()
            if line.left <= (self._lefts[0] if self._lefts else 0) + 0.4 * line.size:
                self._lefts = []
            self._held, self._kind = [line], "paragraph"

    def _contents(self, line: Line) -> None:
        """An entry of a table of contents, which may have begun on the line before."""
        words = [each.words for each in self._held if self._kind == "paragraph"]
        if words and not _ENDS.search(words[-1]) and len(self._held) < 4:  # noqa: PLR2004
            self._held = []
        else:
            words = []
        self._end()
        self.outline.page = line.page
        self.outline.paragraph(self._joiner.join([*words, without_leaders(line.words)]))

    def _number(self, line: Line) -> str | None:
        """The number of an item that goes on with a list, or begins one."""
        found = _NUMBERED.match(line.words.lstrip())
        if not found:
            return None
        number, place = found.group(1), round(line.left / 4)
        last = self._numbers.get(place)
        follows = last is not None and (
            number == str(int(last) + 1) if last.isdigit() and number.isdigit() else ord(number[0]) == ord(last[0]) + 1
        )
        if number not in {"1", "a"} and not follows:
            return None
        self._numbers[place] = number
        return number

    def _open_item(self, line: Line, mark: int, number: str) -> None:
        while self._lefts and self._lefts[-1] > line.left + 0.3 * line.size:
            self._lefts.pop()
        if not self._lefts:
            self._group += 1
        if not self._lefts or self._lefts[-1] < line.left - 0.3 * line.size:
            self._lefts.append(line.left)
        self._held, self._kind, self._item = [line], "item", (mark, number)

    def _is_code(self, line: Line) -> bool:
        if not line.mono or self._body.mono:
            return False
        if not self._held or self._kind == "code":
            return True
        before = self._held[-1]
        if self._goes_on(line):
            return False
        return before.page != line.page or self._body.gap(before, line) > 1.15 or bool(_ENDS.search(before.words))  # noqa: PLR2004

    def _code(self, line: Line) -> None:
        if self._kind != "code":
            self._end()
        self._held.append(line)
        self._kind = "code"

    def _begins(self, line: Line) -> bool:
        """Whether a line begins a block of its own instead of going on with the one that is open."""
        before = self._held[-1]
        if self._kind == "code" or abs(before.size - line.size) > 0.12 * max(before.size, line.size):
            return True
        if self._goes_on(line):
            return False
        ended = bool(_ENDS.search(before.words.rstrip()))
        if before.page != line.page or line.bottom > before.bottom + 0.3 * line.size:
            return ended or (line.words.lstrip()[:1].isupper() and self._is_short(before))
        if self._kind == "item":
            inside = line.left > self._held[0].left + 0.3 * line.size
            return not inside and (self._body.gap(before, line) > 1.1 or ended or len(self._held) > 1)  # noqa: PLR2004
        step = line.left - before.left
        indented = step > INDENT * line.size and ended
        outdented = step < -INDENT * line.size and len(self._held) > 1
        if self._body.gap(before, line) > PARAGRAPH_GAP or indented or outdented:
            return True
        return ended and self._is_short(before)

    def _goes_on(self, line: Line) -> bool:
        """Whether a word or an address, maybe begun some lines before, goes on in a line."""
        before = self._held[-1]
        words, at = before.words.strip(), len(self._held) - 1
        if words.endswith(SOFT):
            return True
        while at and " " not in words:
            at -= 1
            words = f"{self._held[at].words.rstrip().removesuffix(SOFT)}{words}"
        return not self._is_short(before) and self._near(before, line) and address_goes_on(words, line.words)

    def _near(self, before: Line, line: Line) -> bool:
        return before.page != line.page or self._body.gap(before, line) <= PARAGRAPH_GAP

    def _is_short(self, line: Line) -> bool:
        return line.right - self._left < SHORT * (self._right - self._left)

    def _end(self) -> None:
        """Tells the block that is open."""
        held, self._held, kind, self._kind = self._held, [], self._kind, ""
        if not held:
            return
        self.outline.page = held[0].page
        words = [line.words for line in held]
        if kind == "code":
            self.outline.code(self._code_of(held))
        elif kind == "item":
            mark, _ = self._item
            words[0] = words[0].lstrip()[mark:]
            self.outline.list_item(self._joiner.join(words), group=self._group, depth=max(len(self._lefts) - 1, 0))
        else:
            self.outline.paragraph(self._joiner.join(words))

    def _code_of(self, lines: Sequence[Line]) -> str:
        """Code with its indents, told from where lines begin."""
        left = min(line.left for line in lines)
        widths = [(line.right - line.left) / len(line.words.strip()) for line in lines if len(line.words.strip()) > 3]  # noqa: PLR2004
        width = max(*widths, 1.0) if widths else CHARACTER
        return "\n".join(" " * round((line.left - left) / width) + line.words.strip() for line in lines)
