"""Tables of HTML: which hold data and which only arrange a page, and the cells of the former. Knows no outlines."""

from typing import TYPE_CHECKING, Final

from ingest.cleaning import one_line

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MOST_COLUMNS: Final = 200
"""A cell that claims to span more is wrong or hostile."""
DIGITS: Final = 5
"""Most digits of a span that is meant."""
CELL_WORDS: Final = 150
"""A cell with more holds an article, not a value."""
_ARTICLE: Final = ("h1", "h2", "h3", "h4", "h5", "h6", "table", "pre", "article", "section")
_BETWEEN: Final = frozenset({"br", "p", "div", "li", "dd", "dt", "tr", "td", "th", "ul", "ol", "dl", "img"})


def is_data(table: "Element") -> bool:
    """Whether a table has rows and columns of values; else it only places parts of the page."""
    if table.get("role") in {"presentation", "none"}:
        return False
    rows = _rows(table)
    if max((len(_cells(row)) for row in rows), default=0) <= 1:
        return False
    if any(element is not table for element in table.iter(*_ARTICLE)):
        return False
    return all(len(cell_text(cell).split()) <= CELL_WORDS for row in rows for cell in _cells(row))


def rows_of(table: "Element") -> tuple[list[str], list[list[str]]]:
    """Column names, if the table has a header, and the cells of each row below it."""
    rows = _rows(table)
    header = [row for row in rows if _tag(row.getparent()) == "thead"] or rows[: _is_header(rows)]
    grid = _grid(rows)
    names = [grid[rows.index(row)] for row in header]
    body = [cells for row, cells in zip(rows, grid, strict=True) if row not in header]
    if not body:
        return [], grid
    return [_joined(column) for column in zip(*names, strict=False)] if names else [], body


def cell_text(cell: "Element") -> str:
    """The words of a cell on one line, with a blank wherever a line ends in it."""
    from lxml import etree

    words: list[str] = []
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        if event == "start":
            words.append(" " if element.tag in _BETWEEN else "")
            words.append(element.text or "")
            if element.tag == "img":
                words.append(element.get("alt") or "")
        else:
            words.append(" " if element.tag in _BETWEEN else "")
            words.append((element.tail or "") if element is not cell else "")
    return one_line("".join(words))


def _tag(element: "Element | None") -> str:
    return element.tag if element is not None and isinstance(element.tag, str) else ""


def _rows(table: "Element") -> list["Element"]:
    return list(table.iter("tr"))


def _cells(row: "Element") -> list["Element"]:
    return [cell for cell in row if _tag(cell) in {"td", "th"}]


def _is_header(rows: list["Element"]) -> int:
    """1 if the first row consists of nothing but names of columns, else 0."""
    cells = _cells(rows[0]) if rows else []
    return int(len(rows) > 1 and len(cells) > 1 and all(_tag(cell) == "th" for cell in cells))


def _grid(rows: list["Element"]) -> list[list[str]]:
    """The cells of each row at their columns; a cell over several rows is told again where it leads the row."""
    grid: list[list[str]] = []
    above: dict[int, tuple[int, str]] = {}
    for row in rows:
        cells: list[str] = []
        for cell in _cells(row):
            _fill(cells, above)
            words, wide = cell_text(cell), _span(cell, "colspan")
            high = _span(cell, "rowspan")
            for place in range(wide):
                if high > 1:
                    above[len(cells)] = (high - 1, words if not cells else "")
                cells.append(words if not place else "")
        _fill(cells, above)
        grid.append(cells)
    return grid


def _fill(cells: list[str], above: dict[int, tuple[int, str]]) -> None:
    """Puts in what spans down from the rows above."""
    while len(cells) in above and len(cells) < MOST_COLUMNS:
        place = len(cells)
        left, words = above.pop(place)
        if left > 1:
            above[place] = (left - 1, words)
        cells.append(words)


def _span(cell: "Element", name: str) -> int:
    text = cell.get(name) or ""
    return min(max(int(text), 1), MOST_COLUMNS) if text.isascii() and text.isdigit() and len(text) <= DIGITS else 1


def _joined(names: tuple[str, ...]) -> str:
    return " ".join(dict.fromkeys(filter(None, names)))
