"""Turns citations into source cards: each passage once, with the quotes taken from it marked. Knows no Streamlit."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import TypedDict

from answering.answer import Citation, Place
from ingest.documents import Passage
from ui.links import Link, guide_link, place_params
from ui.marking import cut_at_marks, fold

PassageOf = Callable[[str], Passage | None]

HEADING_SEPARATOR = " \u203a "
CONTEXT_SHOWN = 280
"""Characters around a quote that a card shows before "whole passage" is asked for: two to three lines of it."""


class Run(TypedDict):
    """A stretch of a passage: `cite` numbers the quote that it is, `far` hides it until the whole passage is shown."""

    text: str
    cite: int
    far: bool


class Source(TypedDict):
    """One passage with the quotes taken from it."""

    numbers: list[int]
    path: str
    runs: list[Run]
    copy: str
    links: list[Link]


def place_name(place: Place) -> str:
    """The path of headings that leads to a place, and its page where there are pages."""
    page = f", page {place.page}" if isinstance(place, Citation) and place.page else ""
    return (HEADING_SEPARATOR.join(place.headings) or place.section) + page


def sources_of(citations: Sequence[Citation], passage_of: PassageOf) -> Iterator[Source]:
    """One source per passage, in the order of their first citation."""
    first = {citation.passage: citation.number for citation in reversed(citations)}
    in_order = sorted(citations, key=lambda citation: (first[citation.passage], citation.number))
    for passage_id, group in groupby(in_order, key=lambda citation: citation.passage):
        quotes = list(group)
        yield Source(
            numbers=[quote.number for quote in quotes],
            path=place_name(quotes[0]),
            runs=_runs(passage_of(passage_id), quotes),
            copy="\n".join(f"“{quote.quote}”" for quote in quotes) + f"\n{place_name(quotes[0])}\n{quotes[0].url}",
            links=[link_to(quote) for quote in quotes],
        )


def link_to(place: Place) -> Link:
    """A link into the guide that bears the path of headings."""
    params = place_params(place)
    return Link(label=place_name(place), href=guide_link(params), params=params)


def _runs(passage: Passage | None, quotes: Sequence[Citation]) -> list[Run]:
    """The passage cut at its quotes; the quotes alone where the passage is gone or holds other words by now."""
    if passage is None or not all(_still_there(passage, quote) for quote in quotes):
        return [Run(text=f"{quote.quote}\n", cite=quote.number, far=False) for quote in quotes]
    start = min(passage.sentences[0].start if passage.sentences else passage.start, *(quote.start for quote in quotes))
    text = passage.text[start - passage.start :].rstrip()
    cut = list(cut_at_marks(text, start, [(quote.start, quote.end, quote.number) for quote in quotes]))
    runs: list[Run] = []
    for place, (words, number) in enumerate(cut):
        if number:
            runs.append(Run(text=words, cite=number, far=False))
        else:
            runs.extend(_context(words, is_first=place == 0, is_last=place == len(cut) - 1))
    return runs


def _context(words: str, *, is_first: bool, is_last: bool) -> Iterator[Run]:
    head, hidden, tail = fold(words, head=0 if is_first else CONTEXT_SHOWN, tail=0 if is_last else CONTEXT_SHOWN)
    for text, far in ((head, False), (hidden, True), (tail, False)):
        if text:
            yield Run(text=text, cite=0, far=far)


def _still_there(passage: Passage, quote: Citation) -> bool:
    inside = passage.start <= quote.start < quote.end <= passage.end
    return inside and passage.text[quote.start - passage.start : quote.end - passage.start] == quote.quote
