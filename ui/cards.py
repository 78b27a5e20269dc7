"""Turns an answer into what the answer card shows: paragraphs with markers, sources with highlights, small print.

Pure: knows nothing of Streamlit. The card's script shows every string of it as plain text.
"""

import re
from collections.abc import Iterator
from typing import TypedDict

from answering.answer import Answer, Status
from answering.question import Wanted, wanted
from ingest.cleaning import without_hidden
from ui.links import Link, question_link
from ui.sources import PassageOf, Source, link_to, sources_of

_MARKER = re.compile(r"\[(\d+)\]")
_BULLET = "• "
STATUS_WORDS = {
    Status.ANSWERED: "From the guide",
    Status.CLOSEST: "Not a direct answer",
    Status.NOT_COVERED: "Not in the guide",
}
UNUSABLE = "Please rephrase"
"""What stands there where the question could not be looked up at all."""
IN_PASSING = " · named in passing, not explained"
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


class Card(TypedDict):
    """All that the answer card shows. `beside`: its sources stand side by side where there is room."""

    status: str
    label: str
    replaced: str
    lines: list[Line]
    sources: list[Source]
    beside: bool
    more: list[Source]
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
    sources = list(sources_of(answer.citations, passage_of))
    return Card(
        status=answer.status.value,
        label=_label(answer),
        replaced=_replaced(answer),
        lines=lines_of(answer.answer, numbers),
        sources=sources,
        beside=len(sources) > 1 and wanted(answer.standalone_question) is Wanted.COMPARISON,
        more=list(sources_of(answer.more, passage_of)),
        nearest=[] if answer.status is Status.ANSWERED else [link_to(place) for place in answer.nearest],
        missing=_missing(answer),
        note=_note(answer),
        small=list(_small_print(answer)),
        markdown=markdown,
        link=question_link(question),
        latest=latest,
    )


def lines_of(text: str, numbers: set[int]) -> list[Line]:
    """A text's lines, with its markers where a citation bears their number."""
    return [_line(line, numbers) for line in without_hidden(text).splitlines() if line.strip()]


def confidence(probability: float) -> str:
    """A probability in a word and percent, `high (92 %)`; never quite none and never quite all."""
    word = next(word for least, word in SURE if probability >= least)
    return f"{word} ({min(max(round(probability * 100), 1), 99)}\u00a0%)"


def _label(answer: Answer) -> str:
    unusable = answer.status is Status.NOT_COVERED and not answer.nearest
    passing = IN_PASSING if answer.in_passing else ""
    return UNUSABLE if unusable else STATUS_WORDS[answer.status] + passing


def _replaced(answer: Answer) -> str:
    """What the question was read as, and the words it was written in."""
    read = [f"{without_hidden(each.meant)} (you wrote {without_hidden(each.found)})" for each in answer.replaced]
    opening = "Showing results for" if answer.citations else "Looked for"
    return f"{opening} {', '.join(read)}" if read else ""


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
