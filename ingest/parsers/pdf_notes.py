"""Footnotes of a PDF: which lines at a page's end they are, and their marks in the text. Builds nothing."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ingest.parsers.pdf_layout import Body
from ingest.parsers.pdf_lines import Line

SMALLER: Final = 0.9
"""Size of a footnote against the body's."""
NOT_BODY: Final = 0.95
"""Size of a line within a footnote, most of it in a font of another size, against the body's."""
_SUPERSCRIPTS: Final = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_PLAIN: Final = str.maketrans(_SUPERSCRIPTS, "0123456789")
_NOTE = re.compile(rf"[\[(]?(?:[\d{_SUPERSCRIPTS}]{{1,3}}(?![\d{_SUPERSCRIPTS}])|[*†‡§]{{1,3}})[\])]?[.:]?\s*\S")
_MARK = re.compile(rf"^\s*([\d{_SUPERSCRIPTS}]{{1,3}})\s*(?!(?:st|nd|rd|th)\b)(?=[^\W\d_])")
_MARK_ALONE = re.compile(rf"[\d*†‡§{_SUPERSCRIPTS}]{{1,3}}")


def notes_of(page: Sequence[Line], body: Body) -> tuple[list[Line], list[Line]]:
    """A page without its footnotes, and these: its last lines, smaller than the body, the first of them with a mark."""
    at = len(page)
    while at and _goes_on_above(page, at, body):
        at -= 1
    while at < len(page) and (page[at].mono or not (is_note(page[at].words) or _is_beside(page, at))):
        at += 1
    if not at or at == len(page):
        return list(page), []
    notes = _whole(page[at:])
    return _with_plain_marks(page[:at], notes), [replace(note, words=_spaced(note.words)) for note in notes]


def _goes_on_above(page: Sequence[Line], at: int, body: Body) -> bool:
    """Whether the line before this place is small too; one between notes, in another font, may be a little larger."""
    line = page[at - 1]
    if line.turned or (at < len(page) and line.bottom < page[at].bottom):
        return False
    between = 1 < at < len(page) and page[at - 2].size < SMALLER * body.size and line.size < NOT_BODY * body.size
    return line.size < SMALLER * body.size or between


def is_note(words: str) -> bool:
    """Whether a line begins a footnote."""
    return bool(_NOTE.match(words.lstrip()))


def _is_beside(page: Sequence[Line], at: int) -> bool:
    """Whether a line is only the mark of the note that begins to its right."""
    if at + 1 == len(page) or not _MARK_ALONE.fullmatch(page[at].words.strip()):
        return False
    mark, note = page[at : at + 2]
    return mark.left < note.left and abs(mark.bottom - note.bottom) < note.size


def _whole(lines: Sequence[Line]) -> list[Line]:
    """The lines of notes; marks that were drawn for themselves put before their notes."""
    notes: list[Line] = []
    mark = ""
    for at, line in enumerate(lines):
        if not mark and _is_beside(lines, at):
            mark = line.words.strip()
            continue
        notes.append(replace(line, words=f"{mark} {line.words}") if mark else line)
        mark = ""
    return notes


def _spaced(words: str) -> str:
    """A line with its mark in plain digits, apart from the first word."""
    return _MARK.sub(lambda found: f"{found.group(1).translate(_PLAIN)} ", words)


def _with_plain_marks(page: Sequence[Line], notes: Sequence[Line]) -> list[Line]:
    """The page with the marks of its notes in plain digits, apart from the words at which they stand.

    Fonts have some digits as superscripts of their own and others not: a mark then comes out as `1⁴`.
    """
    lines = list(page)
    for note in notes:
        found = _MARK.match(note.words)
        mark = found.group(1) if found else ""
        if mark.isdecimal() or not mark:
            continue
        whole = re.compile(rf"(?<![\d{_SUPERSCRIPTS}]){mark}(?![\w{_SUPERSCRIPTS}])")
        for at, line in enumerate(lines):
            if place := whole.search(line.words):
                before, after = line.words[: place.start()], line.words[place.end() :]
                blank = "" if not before or before.endswith(" ") else " "
                lines[at] = replace(line, words=f"{before}{blank}{mark.translate(_PLAIN)}{after}")
                break
    return lines
