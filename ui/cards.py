"""Turns an answer into what the answer card shows: paragraphs with markers, sources with highlights, small print.

Pure: knows nothing of Streamlit. The card's script shows every string of it as plain text.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import TypedDict

from answering.answer import Answer, Citation, Place, Status
from ingest.cleaning import without_hidden
from ingest.documents import Passage
from ui.links import guide_link, place_params, question_link
from ui.marking import cut_at_marks, fold

PassageOf = Callable[[str], Passage | None]

_MARKER = re.compile(r"\[(\d+)\]")
_BULLET = "• "
HEADING_SEPARATOR = " \u203a "
CONTEXT_SHOWN = 280
"""Characters around a quote that a card shows before "whole passage" is asked for: two to three lines of it."""
STATUS_WORDS = {
    Status.ANSWERED: "From the guide",
    Status.CLOSEST: "Not a direct answer",
    Status.NOT_COVERED: "Not in the guide",
}
UNUSABLE = "Please rephrase"
"""What stands there where the question could not be looked up at all."""
SURE = ((0.8, "high"), (0.5, "medium"), (0.0, "low"))
"""From which probability on a confidence is called what."""


class Part(TypedDict, total=False):
    """A stretch of text, or a citation marker."""

    text: str
    cite: int


class Line(TypedDict):
    """A paragraph or list item of the answer."""

    item: bool
    parts: list[Part]


class Run(TypedDict):
    """A stretch of a passage: `cite` numbers the quote that it is, `far` hides it until the whole passage is shown."""

    text: str
    cite: int
    far: bool


class Link(TypedDict):
    """A way into the guide: the label, the address, and the same as query parameters for a move within the app."""

    label: str
    href: str
    params: dict[str, str]


class Source(TypedDict):
    """One passage with the quotes taken from it."""

    numbers: list[int]
    path: str
    runs: list[Run]
    copy: str
    links: list[Link]


class Card(TypedDict):
    """All that the answer card shows."""

    status: str
    label: str
    lines: list[Line]
    sources: list[Source]
    nearest: list[Link]
    missing: str
    note: list[str]
    small: list[str]
    markdown: str
    link: str
    latest: bool


def card(answer: Answer, passage_of: PassageOf, *, question: str, markdown: str, latest: bool) -> Card:
    """The card of an answer; `question` is what a link to it asks, `markdown` what its copy button copies."""
    numbers = {citation.number for citation in answer.citations}
    return Card(
        status=answer.status.value,
        label=_label(answer),
        lines=[_line(line, numbers) for line in without_hidden(answer.answer).splitlines() if line.strip()],
        sources=list(_sources(answer.citations, passage_of)),
        nearest=[] if answer.status is Status.ANSWERED else [_link(place) for place in answer.nearest],
        missing=_missing(answer),
        note=[without_hidden(part) for part in (answer.note.term, answer.note.text, answer.note.source)]
        if answer.note
        else [],
        small=list(_small_print(answer)),
        markdown=markdown,
        link=question_link(question),
        latest=latest,
    )


def place_name(place: Place) -> str:
    """The path of headings that leads to a place."""
    return HEADING_SEPARATOR.join(place.headings) or place.section


def confidence(probability: float) -> str:
    """A probability in a word and percent, `high (92 %)`; never quite none and never quite all."""
    word = next(word for least, word in SURE if probability >= least)
    return f"{word} ({min(max(round(probability * 100), 1), 99)}\u00a0%)"


def _label(answer: Answer) -> str:
    unusable = answer.status is Status.NOT_COVERED and not answer.nearest
    return UNUSABLE if unusable else STATUS_WORDS[answer.status]


def _line(line: str, numbers: set[int]) -> Line:
    item = line.startswith(_BULLET)
    return Line(item=item, parts=list(_parts(line.removeprefix(_BULLET), numbers)))


def _parts(text: str, numbers: set[int]) -> Iterator[Part]:
    """Text and markers in turn. A number in brackets that no citation bears is text."""
    done = 0
    for match in _MARKER.finditer(text):
        if int(match[1]) in numbers:
            if before := text[done : match.start()].rstrip():
                yield Part(text=before)
            yield Part(cite=int(match[1]))
            done = match.end()
    if done < len(text):
        yield Part(text=text[done:])


def _sources(citations: Sequence[Citation], passage_of: PassageOf) -> Iterator[Source]:
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
            links=[_link(quote) for quote in quotes],
        )


def _link(place: Place) -> Link:
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


def _missing(answer: Answer) -> str:
    """What the guide does not say, unless the answer has said so already."""
    missing = without_hidden(answer.missing or "")
    return "" if missing in answer.answer else missing


def _note(answer: Answer) -> list[str]:
    note = answer.note
    return [without_hidden(part) for part in (note.term, note.text, note.source)] if note else []


def _small_print(answer: Answer) -> Iterator[str]:
    if answer.citations or answer.nearest:
        yield f"Confidence that the guide answers this: {confidence(answer.confidence)}"
    yield f"{answer.milliseconds:,.0f}\u00a0ms"
    if answer.phrased_by:
        yield f"worded by {without_hidden(answer.phrased_by)}, each sentence checked against its source"
