"""Judges an answer against a labelled question, and its citations against the guide. Knows nothing of averages.

Strings are compared as the open question set says: plain substrings of the answer in lower case with every run of
white space one blank.
"""

import re
from collections.abc import Callable
from typing import Final

from answering.answer import Answer, Citation, Status
from answering.wording import CLOSEST
from evaluation.questions import GoldSection, Question
from ingest.documents import Frozen
from ingest.sentences import sentences

ALL_SECTIONS_KIND: Final = "multi"
"""Kind of question that must cite all of its sections; for others one is enough."""
_IN_PLACE_OF_A_QUOTE: Final = "Quote"
_SPACE = re.compile(r"\s+")
_BULLET = re.compile(r"^\s*•\s+", re.MULTILINE)
_MARKER = re.compile(r"\[(\d+)\]")
_STOP_BEFORE_MARKERS = re.compile(r"([.!?:;]+[\"”’')]*)\s*((?:\[\d+\]\s*)+)")
_LEADING_NUMBER = re.compile(r"^\s*(?:chapter\s+)?\d+(?:\.\d+)*[.):]?\s+")


class Judgement(Frozen):
    """One question's outcome."""

    status: Status
    shown: bool
    """Whether quotes were shown, as an answer or as the closest that the guide says."""
    facts: bool
    """Whether what was shown holds every fact; true where none is asked for."""
    section: bool
    """Whether a right section is cited, all of them for a question over several."""
    forbidden: tuple[str, ...]
    """Forbidden strings that the answer contains."""
    right: bool
    """Answerable: shown, with all facts and a right section. Else: not answered. Nothing forbidden in both cases."""


class CitationCheck(Frozen):
    """What is wrong with the citations of one answer."""

    citations: int
    wrong_quotes: int
    """Citations whose quote is not the document's text between their offsets."""
    markers_match: bool
    """Whether the markers in the text are the numbers of the citations, from 1 without a gap."""
    unmarked: tuple[str, ...]
    """Sentences of the answer that stand in no quote and carry no marker; openings that end in a colon aside."""

    @property
    def right(self) -> bool:
        """Whether nothing is wrong."""
        return not self.wrong_quotes and self.markers_match and not self.unmarked


def judge(question: Question, answer: Answer) -> Judgement:
    """The outcome of a question."""
    text = comparable(answer.answer)
    shown = answer.status is not Status.NOT_COVERED
    facts = all(any(each.lower() in text for each in group) for group in question.facts)
    section = _sections_cited(question, answer.citations)
    forbidden = tuple(each for each in question.forbidden if each.lower() in text)
    good = (shown and facts and section) if question.answerable else answer.status is not Status.ANSWERED
    return Judgement(
        status=answer.status, shown=shown, facts=facts, section=section, forbidden=forbidden,
        right=good and not forbidden,
    )  # fmt: skip


def comparable(text: str) -> str:
    """The text in lower case, every run of white space one blank."""
    return _SPACE.sub(" ", text.lower())


def check_citations(answer: Answer, text_of: Callable[[str], str]) -> CitationCheck:
    """What is wrong with an answer's citations.

    Args:
        answer: any answer.
        text_of: the reading text of a document by its id.
    """
    said = [text_of(each.document)[each.start : each.end] for each in answer.citations]
    wrong = sum(each.quote != words or not words for each, words in zip(answer.citations, said, strict=True))
    rest = _without_quotes(answer)
    markers = {int(each) for each in _MARKER.findall(rest)}
    numbers = [each.number for each in answer.citations]
    expected = list(range(1, len(numbers) + 1))
    return CitationCheck(
        citations=len(numbers), wrong_quotes=wrong, markers_match=numbers == expected and markers == set(numbers),
        unmarked=_unmarked(rest) if answer.status is not Status.NOT_COVERED else (),
    )  # fmt: skip


def _sections_cited(question: Question, citations: tuple[Citation, ...]) -> bool:
    found = [any(_same_section(gold, each) for each in citations) for gold in question.sections]
    if not found:
        return True
    return all(found) if question.kind == ALL_SECTIONS_KIND else any(found)


def _same_section(gold: GoldSection, cited: Citation) -> bool:
    if gold.heading is None or not cited.headings:
        return gold.id == cited.section
    return bool(cited.headings) and _heading(gold.heading) == _heading(cited.headings[-1])


def _heading(text: str) -> str:
    return comparable(_LEADING_NUMBER.sub("", text.lower())).strip()


def _without_quotes(answer: Answer) -> str:
    """The answer with a word in place of each cited quote, its marker left, a line end behind it."""
    opening = answer.answer.removeprefix(CLOSEST) if answer.status is Status.CLOSEST else answer.answer
    rest = _plain(opening)
    for each in answer.citations:
        quote, marker = _plain(each.quote), f"[{each.number}]"
        rest = rest.replace(f"{quote} {marker}", f"{_IN_PLACE_OF_A_QUOTE} {marker}\n", 1)
    return rest


def _plain(text: str) -> str:
    return _SPACE.sub(" ", _BULLET.sub("", text)).strip()


def _unmarked(rest: str) -> tuple[str, ...]:
    # "It is so. [1]" supports the sentence before the marker, not the one after.
    text = _STOP_BEFORE_MARKERS.sub(r" \2\1 ", rest)
    found = [span.of(line) for line in text.splitlines() for span in sentences(line, 0, "en")]
    return tuple(
        each
        for each in found
        if any(letter.isalpha() for letter in each) and not _MARKER.search(each) and not each.endswith(":")
    )
