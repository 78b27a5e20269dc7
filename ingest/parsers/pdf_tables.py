"""Tables of a PDF: lines whose cells stand below each other. Builds nothing."""

from collections.abc import Sequence

from ingest.parsers.pdf_layout import BULLET
from ingest.parsers.pdf_lines import Line
from ingest.parsers.pdf_words import has_leaders


def table_rows(lines: Sequence[Line], start: int) -> tuple[int, list[list[str]], bool]:
    """How many lines from `start` are a table, their cells, and whether the first row names the columns."""
    first = lines[start]
    if len(first.cells) < 2 or has_leaders(first.words) or BULLET.match(first.words):  # noqa: PLR2004
        return 0, [], False
    rows: list[list[str]] = []
    lefts = [cell.left for cell in first.cells]
    at, full = start, 0
    while at < len(lines) and lines[at].page == first.page and not has_leaders(lines[at].words):
        line = lines[at]
        if at > start and not 0 < lines[at - 1].bottom - line.bottom < 4 * max(first.size, 1):
            break
        places = [_column(cell.left, cell.right, first, lefts) for cell in line.cells]
        if None in places or len(set(places)) < len(places):
            break
        starts_row = 0 in places and len(places) > 1
        if not starts_row and (not rows or 0 in places):
            break
        if starts_row:
            rows.append([""] * len(lefts))
            full += 1
        for place, cell in zip(places, line.cells, strict=True):
            assert place is not None
            rows[-1][place] = f"{rows[-1][place]} {cell.words}".strip()
        at += 1
    if full < 2:  # noqa: PLR2004
        return 0, [], False
    return at - start, rows, first.bold and not lines[start + 1].bold


def _column(left: float, right: float, first: Line, lefts: Sequence[float]) -> int | None:
    """The column that a cell belongs to: it begins with the header's, or shares its middle or right edge."""
    for place, cell in enumerate(first.cells):
        slack = 0.8 * max(first.size, 1)
        centred = abs((cell.left + cell.right) - (left + right)) / 2 < slack
        if abs(lefts[place] - left) < slack or centred or abs(cell.right - right) < slack:
            return place
    return None
