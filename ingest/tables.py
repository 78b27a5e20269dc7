"""Finds the cells of a table row in its reading text, `First — Column: cell; Column: cell`. Knows nothing of pages."""

from itertools import pairwise

from ingest.documents import Block, Span

_AFTER_FIRST = " — "
_BETWEEN = "; "


def cells_of(block: Block, text: str) -> list[Span] | None:
    """Where the cell of each column stands in the reading text, empty where the row leaves it out.

    None where the row does not read as its columns say.
    """
    row, names = block.of(text), block.columns[1:]
    if not block.columns or not all(names):
        return None
    rest = _rest_start(row, names)
    if rest is None:
        return None
    starts = _label_starts(row, names, rest)
    if rest < len(row) and (not starts or starts[0][1] != rest):
        return None
    first_end = rest if rest in {0, len(row)} else rest - len(_AFTER_FIRST)
    spans = {0: (0, first_end)}
    for (column, _, begin), (_, end, _) in pairwise([*starts, (0, len(row) + len(_BETWEEN), 0)]):
        spans[column] = (begin, end - len(_BETWEEN))
    empty = (len(row), len(row))
    return [
        Span(start=block.start + start, end=block.start + end)
        for start, end in (spans.get(column, empty) for column in range(len(block.columns)))
    ]


def _rest_start(row: str, names: tuple[str, ...]) -> int | None:
    """Where the named cells begin: behind the first cell, at the start if that is empty, at the end if it is alone."""
    if row.startswith(tuple(f"{name}: " for name in names)):
        return 0
    dash = row.find(_AFTER_FIRST)
    return len(row) if dash < 0 else dash + len(_AFTER_FIRST)


def _label_starts(row: str, names: tuple[str, ...], rest: int) -> list[tuple[int, int, int]]:
    """Column, start of its name and start of its cell, for each column that the row names, in order."""
    found: list[tuple[int, int, int]] = []
    place = rest
    for column, name in enumerate(names, start=1):
        label = f"{name}: "
        if not found and row.startswith(label, rest):
            at = rest
        elif (before := row.find(_BETWEEN + label, place)) >= 0:
            at = before + len(_BETWEEN)
        else:
            continue
        place = at + len(label)
        found.append((column, at, place))
    return found
