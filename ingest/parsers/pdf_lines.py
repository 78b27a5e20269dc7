"""Pages of a PDF to lines with their place, size and font, by PDFium, in the order in which the file draws them.

Knows nothing of headings or paragraphs.
"""

import ctypes
import math
import re
from collections import Counter
from dataclasses import dataclass, replace
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

Font = tuple[float, bool, bool]
"""Size in points, whether bold, whether all letters are equally wide."""
Handle = Any
"""A page's text as PDFium holds it."""

SOFT: Final = "\u00ad"
"""Stands at a line's end where PDFium saw a word parted."""
_PARTED: Final = frozenset({0x2, 0xFFFE})
"""What PDFium gives for a hyphen that parts a word."""
_LINE_ENDS: Final = frozenset({10, 13}) | _PARTED
MARGINS: Final = 0.1
"""Share of a turned page's height that its margins take at either end."""
_MONO = re.compile(r"mono|courier|consol|menlo|typewriter|cmtt|code|lmtt|inconsol", re.IGNORECASE)
_BOLD = re.compile(r"bold|black|heavy|semibold|demi|cmbx|-bd|medi$", re.IGNORECASE)
_LONE_ACCENT = re.compile(r"(?<!\S)[\u0300-\u036f]\s?")
"""How TeX draws an opening quotation mark: an accent over nothing."""
_FIXED_FLAG: Final = 1
BOLD_WEIGHT: Final = 600
ODD_SIZE: Final = 2.5
"""Times by which a font's size differs from the height of its letters where it means nothing, as in drawn fonts."""
CELL_GAP: Final = 1.4
"""Gap between the cells of a table, in line heights; blanks in justified text stay below."""
NEW_LINE: Final = 0.6
"""Step down, in line heights, that begins a new line; superscripts step less."""
SMALL: Final = 0.85
RAISED: Final = 0.15
"""Size and rise of a superscript, in heights of the character before it."""
GUTTER_LINES: Final = 8
"""Fewest lines beside each other that make two columns."""
GUTTER_SHARE: Final = 0.6


@dataclass(frozen=True)
class Cell:
    """A stretch of a line with a wide gap on either side."""

    left: float
    right: float
    words: str


@dataclass(frozen=True)
class Line:
    """One line as it stands on its page; lengths are points from the page's lower left corner."""

    page: int
    words: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    bold: bool
    mono: bool
    cells: tuple[Cell, ...]
    page_height: float
    turned: bool = False

    @property
    def style(self) -> tuple[float, bool]:
        """Size in half points, and whether it is bold."""
        return round(self.size * 2) / 2, self.bold


@dataclass
class _Char:
    text: str
    left: float
    right: float
    bottom: float
    top: float


def lines_of(page: "PdfPage", number: int) -> list[Line]:
    """The lines of one page, columns that were drawn across each other put right."""
    text_page = page.get_textpage()
    reader = _PageReader(text_page.raw, number, page.get_height())
    for index in range(text_page.count_chars()):
        reader.read(index)
    reader.end()
    text_page.close()
    return _in_columns(_on_turned_page(reader.lines))


class _PageReader:
    """Puts the characters of a page together to lines."""

    def __init__(self, handle: Handle, number: int, height: float) -> None:
        from pypdfium2 import raw

        self.lines: list[Line] = []
        self._raw, self._handle, self._number, self._height = raw, handle, number, height
        self._edges = tuple(ctypes.c_double() for _ in range(4))
        self._box, self._matrix = raw.FS_RECTF(), raw.FS_MATRIX()
        self._chars: list[_Char] = []
        self._fonts: Counter[Font] = Counter()
        self._font: Font = (0.0, False, False)
        self._turned = False
        self._quarter = 0
        self._begins_word = True

    def read(self, index: int) -> None:
        """The next character of the page, or what PDFium says between two of them."""
        code = self._raw.FPDFText_GetUnicode(self._handle, index)
        if code in _PARTED:
            self._chars.append(_Char(SOFT, *_place(self._chars)))
        if code in _LINE_ENDS:
            self.end()
        elif code and chr(code).isspace():
            self._chars.append(_Char(" ", *_place(self._chars)))
            self._begins_word = True
        elif code:
            self._add(chr(code), index)

    def _add(self, character: str, index: int) -> None:
        self._raw.FPDFText_GetCharBox(self._handle, index, *self._edges)
        self._raw.FPDFText_GetLooseCharBox(self._handle, index, self._box)
        if self._begins_word or not self._chars:
            self._quarter = round(self._raw.FPDFText_GetCharAngle(self._handle, index) / (math.pi / 2)) % 4
        left, right, bottom, top = (edge.value for edge in self._edges)
        if not self._quarter:
            bottom, top = self._box.bottom, self._box.top
        char = _Char(character, *_upright(self._quarter, left, right, bottom, top))
        if self._begins_word or not self._chars:
            self._font = _font(self._raw, self._handle, index, self._size(index, abs(char.top - char.bottom)))
            self._begins_word = False
        if self._chars and _steps(self._chars, char):
            self.end()
        elif self._chars and _is_raised(self._chars[-1], char):
            self._chars.append(_Char(" ", *_place(self._chars)))
        self._turned = self._turned or bool(self._quarter)
        self._fonts[self._font] += 1
        self._chars.append(char)

    def _size(self, index: int, height: float) -> float:
        """Points of a font as it is drawn; the height of its box where the font tells nothing of use."""
        self._raw.FPDFText_GetMatrix(self._handle, index, self._matrix)
        size = self._raw.FPDFText_GetFontSize(self._handle, index) * math.hypot(self._matrix.c, self._matrix.d)
        return size if height / ODD_SIZE < size < height * ODD_SIZE else height

    def end(self) -> None:
        """Ends the line that is open."""
        line = _line(self._number, self._chars, self._fonts, self._height, self._turned)
        if line:
            self.lines.append(line)
        self._chars = []
        self._fonts.clear()
        self._turned, self._begins_word = False, True


def _upright(quarter: int, left: float, right: float, bottom: float, top: float) -> tuple[float, float, float, float]:
    """Left, right, bottom and top on the page held so that text turned clockwise by quarters runs to the right."""
    match quarter:
        case 1:
            return -top, -bottom, left, right
        case 2:
            return -right, -left, -top, -bottom
        case 3:
            return bottom, top, -right, -left
        case _:
            return left, right, bottom, top


def _on_turned_page(lines: list[Line]) -> list[Line]:
    """The lines of a page whose text is mostly turned, moved to where they stand once it is held upright."""
    turned = [line for line in lines if line.turned]
    if 2 * len(turned) <= len(lines):
        return lines
    right, down = min(line.left for line in turned), min(line.bottom for line in turned)
    height = max(line.top for line in turned) - down
    return [
        replace(
            line, left=line.left - right, right=line.right - right, bottom=line.bottom - down, top=line.top - down,
            cells=tuple(replace(cell, left=cell.left - right, right=cell.right - right) for cell in line.cells),
            page_height=height / (1 - 2 * MARGINS), turned=False,
        )
        if line.turned else replace(line, turned=True)
        for line in lines
    ]  # fmt: skip


def _place(chars: list[_Char]) -> tuple[float, float, float, float]:
    return (chars[-1].right, chars[-1].right, chars[-1].bottom, chars[-1].top) if chars else (0.0, 0.0, 0.0, 0.0)


def _steps(chars: list[_Char], char: _Char) -> bool:
    """Whether a character stands on another line than those before it."""
    last = chars[-1]
    height = max(last.top - last.bottom, char.top - char.bottom, 1.0)
    return abs((last.top + last.bottom) - (char.top + char.bottom)) / 2 > NEW_LINE * height and char.left < last.right


def _is_raised(before: _Char, char: _Char) -> bool:
    """Whether a footnote's number or a power begins here, which must not run into the word before it."""
    height = max(before.top - before.bottom, 1.0)
    smaller = char.top - char.bottom < SMALL * height and char.bottom > before.bottom + RAISED * height
    return char.text.isdigit() and before.text not in {" ", SOFT} and smaller


def _font(raw: ModuleType, handle: Handle, index: int, size: float) -> Font:
    buffer, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    raw.FPDFText_GetFontInfo(handle, index, buffer, 128, flags)
    name = buffer.value.decode("utf-8", "replace").rpartition("+")[2]
    bold = bool(_BOLD.search(name)) or raw.FPDFText_GetFontWeight(handle, index) >= BOLD_WEIGHT
    return round(size, 1), bold, bool(_MONO.search(name) or flags.value & _FIXED_FLAG)


def _line(page: int, chars: list[_Char], fonts: Counter[Font], page_height: float, turned: bool) -> Line | None:
    inked = [char for char in chars if char.text not in {" ", SOFT}]
    if not inked:
        return None
    size, _, mono = fonts.most_common(1)[0][0]
    total = fonts.total()
    return Line(
        page=page,
        words=_whole("".join(char.text for char in chars)),
        left=min(char.left for char in inked), right=max(char.right for char in inked),
        bottom=min(char.bottom for char in inked), top=max(char.top for char in inked),
        size=size, page_height=page_height, turned=turned,
        bold=sum(count for (_, is_bold, _), count in fonts.items() if is_bold) > 0.9 * total,
        mono=mono and sum(count for (_, _, is_mono), count in fonts.items() if is_mono) > 0.9 * total,
        cells=tuple(_cells(chars, size)),
    )  # fmt: skip


def _whole(text: str) -> str:
    """Halves of characters beyond the first plane put together."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _LONE_ACCENT.sub("", whole)


def _cells(chars: list[_Char], size: float) -> list[Cell]:
    cells: list[Cell] = []
    held: list[_Char] = []
    for char in chars:
        if char.text in {" ", SOFT}:
            if held:
                held.append(char)
            continue
        if held and char.left - held[-1].right > CELL_GAP * max(size, 1.0):
            cells.append(_cell(held))
            held = []
        held.append(char)
    return [*cells, *([_cell(held)] if held else [])]


def _cell(chars: list[_Char]) -> Cell:
    inked = [char for char in chars if char.text not in {" ", SOFT}]
    words = _whole("".join(char.text for char in chars))
    return Cell(min(char.left for char in inked), max(char.right for char in inked), words)


def _in_columns(lines: list[Line]) -> list[Line]:
    """Lines that run across two columns cut at the gutter, the left column first."""
    wide = [line for line in lines if len(line.cells) == 2]  # noqa: PLR2004
    if len(wide) < GUTTER_LINES or len(wide) < GUTTER_SHARE * len(lines):
        return lines
    gutter_left = max(sorted(line.cells[0].right for line in wide)[: max(int(len(wide) * 0.9), 1)])
    gutter_right = min(sorted(line.cells[1].left for line in wide)[int(len(wide) * 0.1) :])
    full = sum(line.cells[0].right > gutter_left - 6 * line.size for line in wide)
    if gutter_left >= gutter_right or 2 * full < len(wide):
        return lines
    middle = (gutter_left + gutter_right) / 2
    columns: tuple[list[Line], list[Line]] = ([], [])
    ordered: list[Line] = []
    for line in lines:
        if len(line.cells) == 2 and line.cells[0].right < middle < line.cells[1].left:  # noqa: PLR2004
            for column, cell in zip(columns, line.cells, strict=True):
                column.append(replace(line, words=cell.words, left=cell.left, right=cell.right, cells=(cell,)))
        elif line.right < middle or line.left > middle:
            columns[line.left > middle].append(line)
        else:
            ordered += [*columns[0], *columns[1], line]
            columns[0].clear()
            columns[1].clear()
    return [*ordered, *columns[0], *columns[1]]
