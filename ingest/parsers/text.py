"""Plain text to an outline, also a web page pasted as text: bare headings, bullets, flattened tables, a menu in front.

Sorts lines into pieces by their look; layout and structure are judged next door. Knows nothing of files. All words come
out in order; only bullet marks, drawn lines and a menu before the article are left out, and the last is reported.
"""

import re
import textwrap
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Final

from ingest.cleaning import has_hidden, without_hidden
from ingest.parsers import text_layout as layout
from ingest.parsers import text_structure as structure
from ingest.parsers.outline import HIDDEN_FLAG, Outline, Parsed
from ingest.parsers.text_layout import Chunk, Line, Page, Piece, Shape

ITEM_WORDS: Final = 12
"""Most words of a line that is a list item without a bullet."""
CODE_INDENT: Final = 4
"""Columns that code stands in from the text around it."""
CENTRED: Final = 3
"""Half columns by which the middles of centred lines differ; a title page is no verse."""
CODE_LENGTH: Final = 300
"""Characters: a longer line is not looked at, it is no code that people read."""
_CODE = re.compile(
    r"^(?:[$>%#] |#!|--?\w|/\S+$|[}\])]+[;,]?$|\w[\w.]*\s?=\s?\S|\S+\(.*\)$)|"
    r"[;{}\\]$|[=\-]>|[=!]=|&&|\|\||::|\$[({\w]|[│├└]|[|+`]--|</?\w+>|"
    r"^(?:def|class|import|from|return|if|for|while|else|elif|try|except|function|const|let|var|public|private|static|"
    r"void|int|#include|SELECT|INSERT|UPDATE|DELETE|CREATE|sudo|apt|apt-get|git|pip|npm|docker|kubectl|curl|cd|ls|"
    r"echo|export|mkdir|make|deb)\b(?!.*[.,]$)"
)
_BULLET = re.compile(rf"(?:[{layout.SURE_BULLETS}]\s*|[-*+–·](?:\s+|$))(.*)")
_NUMBER = re.compile(r"(\(?)((?:\d{1,3}|[a-zA-Z]|[ivx]{2,5}|[IVX]{2,5})(?:\.\d{1,3}){0,5})(\.\)|[.)]|)\s+(?=\S)(.*)")
_FIRST: Final = frozenset({"1", "a", "A", "i", "I"})


@dataclass(frozen=True)
class _Mark:
    """What leads a list item: a bullet, or a number that is kept with the words."""

    words: str
    number: tuple[str, ...] = ()
    sure: bool = True


def parse_text(text: str) -> Parsed:
    """Headings, paragraphs, list items, table rows and code of a plain text; its title is "" if it has none."""
    chunks = layout.chunks_of(without_hidden(text))
    page = layout.page_of(chunks)
    front = structure.front_of(list(_pieces(chunks, page)))
    levels = structure.heading_levels(front.pieces, page, front.title)
    outline = Outline()
    _tell(outline, _joined(zip(front.pieces, levels, strict=True)))
    return outline.finish(flags=[*((HIDDEN_FLAG,) if has_hidden(text) else ()), *front.flags])


def _tell(outline: Outline, pieces: Iterable[tuple[Piece, int | None]]) -> None:
    """Calls the outline for each piece; lists and tables get their numbers here."""
    group = 0
    table: tuple[int, ...] = ()
    indents: list[int] = []
    for piece, level in pieces:
        is_item = piece.shape is Shape.ITEM and level is None and not piece.unsure
        if (is_item and not indents) or piece.table not in {(), table}:
            group += 1
        if is_item:
            indents = [*(outer for outer in indents if outer < piece.indent), piece.indent]
        elif piece.shape is not Shape.CODE or piece.indent <= max(indents[:1], default=0):
            indents = []
        table = piece.table
        if level == 0:
            outline.title(piece.text)
        elif level:
            outline.heading(piece.text, level)
        elif is_item:
            outline.list_item(piece.text, group=group, depth=len(indents) - 1)
        elif piece.shape is Shape.ROW:
            outline.table_row(piece.cells, columns=piece.columns, group=group)
        elif piece.shape is Shape.CODE:
            outline.code(textwrap.dedent(piece.text))
        else:
            outline.paragraph(piece.text)


def _joined(pieces: Iterable[tuple[Piece, int | None]]) -> Iterator[tuple[Piece, int | None]]:
    """Pieces with indented paragraphs joined to their list item, and code parted by blank lines to one piece."""
    open_: list[Piece] = []
    for piece, level in pieces:
        if level is None and open_ and _continues(piece, open_[0]):
            open_.append(piece)
            continue
        if open_:
            yield _one(open_), None
        open_ = [piece] if level is None else []
        if level is not None:
            yield piece, level
    if open_:
        yield _one(open_), None


def _continues(piece: Piece, opened: Piece) -> bool:
    if opened.shape is Shape.CODE:
        return piece.shape is Shape.CODE
    return (
        opened.shape is Shape.ITEM and not opened.unsure and piece.shape is Shape.PLAIN and piece.indent > opened.indent
    )


def _one(pieces: Sequence[Piece]) -> Piece:
    between = "\n\n" if pieces[0].shape is Shape.CODE else " "
    return replace(pieces[0], text=between.join(piece.text for piece in pieces))


def _pieces(chunks: Sequence[Chunk], page: Page) -> Iterator[Piece]:
    """What the lines of each chunk look like."""
    introduced = False
    for number, chunk in enumerate(chunks):
        parts = list(_parts(chunk, page, introduced))
        for index, part in enumerate(parts):
            table = (number, *part.table) if part.table else ()
            yield replace(part, first=index == 0, alone=len(parts) == 1, table=table)
        introduced = bool(parts) and parts[-1].shape is Shape.PLAIN and parts[-1].text.endswith(":")


def _parts(chunk: Chunk, page: Page, introduced: bool) -> Iterator[Piece]:
    """The pieces of a chunk; `introduced` tells whether a line before it ends in a colon."""
    tables = {start: (end, table) for start, end, table in layout.table_runs(chunk)}
    if _is_code(chunk, page, any(end - start == len(chunk) for start, (end, _) in tables.items())):
        yield _code(chunk)
        return
    marks = _marks(chunk, page)
    stops = {*tables, *(at for at, line in enumerate(chunk) if marks[at] or layout.is_rule(line.text))}
    at = 0
    while at < len(chunk):
        start, line = at, chunk[at]
        mark = marks[at]
        if at in tables:
            at, table = tables[at]
            for cells in table.rows:
                row = Piece(Shape.ROW, " | ".join(cells), line.indent, cells=cells, table=(start,))
                yield replace(row, columns=table.columns)
        elif layout.is_rule(line.text):
            at += 1
        elif _is_underlined(chunk, at, page):
            at += 2
            yield _underlined(line, chunk[start + 1])
        elif mark:
            at = _item_end(chunk, start, stops, page)
            yield _item(mark, chunk[start:at])
        else:
            at += 1
            while at < len(chunk) and at not in stops:
                at += 1
            yield from _plain(chunk[start:at], page, introduced and start == 0, start)


def _is_underlined(chunk: Chunk, at: int, page: Page) -> bool:
    """Whether a line is drawn below this one, which stands at the head of its chunk or below another drawn line."""
    if not any(layout.is_underline(line.text) for line in chunk[at + 1 : at + 2]):
        return False
    line = chunk[at]
    placed = layout.is_rule(chunk[at - 1].text) if at else line.indent <= page.margin
    short = len(line.text) <= structure.HEADING_CHARACTERS and line.text[-1] not in ".,;:"
    return placed and short and not _BULLET.match(line.text)


def _underlined(line: Line, below: Line) -> Piece:
    mark = _mark(line.text)
    number = mark.number if mark else ()
    return Piece(Shape.UNDERLINED, line.text, line.indent, number=number, words=line.text, underline=below.text[0])


def _marks(chunk: Chunk, page: Page) -> list[_Mark | None]:
    """What leads each line that begins a list item; a dash or a number that wrapping put first is no mark."""
    found = [None if layout.is_rule(line.text) else _mark(line.text) for line in chunk]
    bullets = sum(mark is not None and not mark.number for mark in found)
    numbers = len(found) - bullets - found.count(None)
    marks: list[_Mark | None] = []
    for index, mark in enumerate(found):
        open_ = index > 0 and (any(marks[-1:]) or chunk[index - 1].text[-1] in ".:;!?")
        if mark is None or chunk[index].text[0] in layout.SURE_BULLETS:
            right = mark is not None
        elif not mark.sure and numbers == 1:
            right = index == 0 and (len(chunk) == 1 or not layout.is_full(chunk[0], chunk[1], page.width))
        elif mark.number:
            right = index == 0 or numbers > 1 or (open_ and mark.number[0] in _FIRST)
        else:
            right = index == 0 or bullets > 1 or open_
        marks.append(replace(mark, sure=mark.sure or numbers > 1) if mark and right else None)
    return marks


def _mark(text: str) -> _Mark | None:
    bullet = _BULLET.match(text)
    if bullet:
        return _Mark(bullet[1])
    match = _NUMBER.match(text)
    if not match:
        return None
    bracket, number, end, words = match.groups()
    parts = tuple(number.split("."))
    if bracket or not parts[0].isdigit():
        sure = end == ")"
        right = sure if bracket else bool(end) if len(parts) == 1 else number[0].isupper()
    else:
        sure = bool(end)
        right = sure or len(parts) > 1 or words[0].isupper()
    return _Mark(words, parts, sure) if right else None


def _item_end(chunk: Chunk, start: int, stops: Container[int], page: Page) -> int:
    """The line after the last that belongs to the item: indented, or wrapped below its bullet."""
    end = start + 1
    while end < len(chunk) and end not in stops and _goes_on(chunk[start], chunk[end - 1], chunk[end], page.width):
        end += 1
    return end


def _goes_on(item: Line, before: Line, line: Line, width: int) -> bool:
    if line.indent > item.indent or (before is item and len(item.text) == 1):
        return True
    wrapped = len(before.text) >= layout.SHORTEST_WRAPPED and layout.is_full(before, line, width)
    return wrapped and (line.indent == item.indent or line.text[0].islower())


def _item(mark: _Mark, lines: Chunk) -> Piece:
    first = lines[0].text if mark.number else mark.words
    rest = [line.text for line in lines[1:]]
    words = " ".join([mark.words, *rest])
    text = " ".join([first, *rest]).strip()
    return Piece(Shape.ITEM, text, lines[0].indent, len(lines), number=mark.number, words=words, unsure=not mark.sure)


def _plain(lines: Chunk, page: Page, introduced: bool, start: int) -> Iterator[Piece]:
    """Lines without marks: a paragraph, or lines that stand for themselves."""
    if not layout.is_wrapped(lines, page):
        leads = list(takewhile(lambda line: line.text.endswith(":"), lines[:-1]))
        yield from (_paragraph((line,)) for line in leads)
        lines, introduced = lines[len(leads) :], introduced or bool(leads)
    if layout.is_wrapped(lines, page):
        yield _paragraph(lines)
    elif structure.is_flat_table([line.text for line in lines]):
        for line in lines:
            yield Piece(Shape.ROW, line.text, line.indent, cells=(line.text,), table=(start,))
    elif introduced and all(map(_is_bare_item, lines)):
        for line in lines:
            yield Piece(Shape.ITEM, line.text, line.indent)
    elif lines[2:] and not layout.is_full(lines[0], lines[1], page.width) and layout.is_wrapped(lines[1:], page):
        yield from (_paragraph(lines[:1]), _paragraph(lines[1:]))
    else:
        yield from (_paragraph((line,)) for line in lines)


def _paragraph(lines: Chunk) -> Piece:
    text = " ".join(line.text for line in lines)
    return Piece(Shape.PLAIN, text, min(line.indent for line in lines), len(lines))


def _is_bare_item(line: Line) -> bool:
    return len(line.text.split()) <= ITEM_WORDS and line.text[-1] not in ".:?!"


def _is_code(chunk: Chunk, page: Page, is_table: bool) -> bool:
    """Whether a chunk keeps its lines: fenced, or indented and not written in sentences."""
    if layout.is_fenced(chunk):
        return True
    indent, first, last = min(line.indent for line in chunk), chunk[0].text, chunk[-1].text
    if indent < CODE_INDENT or first[0] in "|+" or _BULLET.match(first):
        return False
    signs = sum(len(line.text) <= CODE_LENGTH and bool(_CODE.search(line.text)) for line in chunk)
    if _is_listing(chunk) or signs == len(chunk):
        return True
    sentence = last[-1] in ".?!:" and first[0].isupper()
    middles = [line.indent + line.edge for line in chunk]
    verse = (
        indent >= page.body + CODE_INDENT and max(middles) - min(middles) > CENTRED and not (is_table or _mark(first))
    )
    return (2 * signs >= len(chunk) and not sentence) or (verse and not layout.is_wrapped(chunk, page))


def _is_listing(chunk: Chunk) -> bool:
    """Whether the lines of a chunk are numbered one by one, as a listing's are."""
    numbers = [line.text.split(maxsplit=1)[0] for line in chunk]
    first = int(numbers[0]) if re.fullmatch(r"[0-9]{1,6}", numbers[0]) else None
    return first is not None and numbers[1:] == [str(first + step) for step in range(1, len(chunk))] and len(chunk) > 1


def _code(lines: Chunk) -> Piece:
    text = "\n".join(line.raw for line in lines if line.text != "```")
    return Piece(Shape.CODE, text, min(line.indent for line in lines if line.text), len(lines))
