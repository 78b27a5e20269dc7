"""Cuts text into stretches with and without a mark. Knows nothing of answers or pages; offsets are code points."""

from collections.abc import Iterable, Iterator

Mark = tuple[int, int, int]
"""Start and end of a marked stretch, and the number that its mark bears (from 1)."""


def cut_at_marks(text: str, start: int, marks: Iterable[Mark]) -> Iterator[tuple[str, int]]:
    """The text in order, in stretches with the number of their mark, 0 for none.

    Args:
        text: What to cut.
        start: Offset of the text's first character, in the count that the marks use.
        marks: Marked stretches. Where two overlap the one that starts first has the words; what lies outside is
            left out.
    """
    done, end = start, start + len(text)
    for first, last, number in sorted(marks):
        begin, stop = max(first, done), min(last, end)
        if begin >= stop:
            continue
        if done < begin:
            yield text[done - start : begin - start], 0
        yield text[begin - start : stop - start], number
        done = stop
    if done < end:
        yield text[done - start :], 0


WORTH_HIDING = 120
"""Characters: less is shown at once, since a button to show it would take as much room."""


def fold(text: str, *, head: int, tail: int) -> tuple[str, str, str]:
    """Parts the text into what stays at its head, what may be hidden, and what stays at its tail, cut at blanks."""
    if len(text) <= head + tail + WORTH_HIDING:
        return text, "", ""
    first = text.rfind(" ", 0, head) + 1 if head else 0
    last = text.find(" ", len(text) - tail) if tail else len(text)
    return (text[:first], text[first:last], text[last:]) if first < last else (text, "", "")
