"""Chooses the words of the guide that answer: sentences, list items, whole lists. Knows nothing of confidence.

Greedy choice: the sentence that adds most is taken, then the one that adds most to it, until nothing comes near the
first or the reader's half minute is full. Lists that are asked for, or of which most counts, are quoted whole.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import nlargest

from answering.question import Wanted
from ingest.documents import BlockKind, Passage, Sentence, Span
from retrieval.hits import Hit, SentenceHit
from retrieval.words import stems

HALF_MINUTE_WORDS = 110
"""What a person reads in half a minute (Brysbaert 2019: 238 words a minute)."""
PASSAGE_SHARE = 0.45
"""Weight of the passage's score in a sentence's; a sentence alone says too little of what it is about."""
NEW_WORDS_WEIGHT = 0.25
"""What a sentence earns for matching all words of the question that nothing chosen has matched yet."""
REPEAT_COST = 0.07
"""What each quote of a section costs its next one, so that questions over several sections get them all."""
KEEP_SHARE = {
    Wanted.DEFINITION: 0.40,
    Wanted.LIST: 0.38,
    Wanted.REASON: 0.34,
    Wanted.COMPARISON: 0.32,
    Wanted.VERDICT: 0.38,
    Wanted.FACT: 0.38,
}
"""A further sentence is shown if it is worth at least this share of the best one."""
LIST_WORDS = 90
"""A list longer than this is quoted item by item."""
WEIGHED = 60
"""Sentences that are weighed against each other; those further down are never chosen."""
MAX_SECTIONS = 4
"""Sections that one answer draws on."""
FAVOUR_WEIGHT = 0.3
"""What a sentence gains by answering all the banked questions that are like this one."""

Favour = Callable[[Passage, Span], float]


@dataclass(frozen=True)
class Quote:
    """A stretch of one passage that is to be shown as it stands."""

    passage: Passage
    span: Span

    @property
    def text(self) -> str:
        """The words of the quote."""
        return self.passage.words_of(self.span)


@dataclass
class _Candidate:
    hit: Hit
    sentence: SentenceHit
    worth: float
    stems: frozenset[str] = field(default_factory=frozenset)


def choose(
    hits: Sequence[Hit], question: str, form: Wanted, favour: Favour | None = None, budget: int = HALF_MINUTE_WORDS
) -> tuple[Quote, ...]:
    """The quotes that answer, in reading order within each section, the best section first.

    Args:
        hits: what was found, best first.
        question: as it was searched for.
        form: the form of answer that it wants.
        favour: what else speaks for a sentence, 0..1: that it answers questions like this one.
        budget: words that may be shown.
    """
    asked = frozenset(stems(question))
    every = (each for hit in hits for each in _candidates(hit, asked, favour or _no_favour))
    candidates = nlargest(WEIGHED, every, key=lambda each: each.worth)
    chosen = _Choice(asked, form, budget)
    while candidates and chosen.room():
        best = max(candidates, key=chosen.value)
        if not chosen.worth_adding(best):
            break
        chosen.add(best)
        candidates = [each for each in candidates if not chosen.has(each)]
    return chosen.quotes()


def further(all_quotes: Sequence[Quote], shown: Sequence[Quote]) -> tuple[Quote, ...]:
    """Those of the quotes that do not repeat any word of what is shown."""
    return tuple(each for each in all_quotes if not any(_overlap(each, other) for other in shown))


def _overlap(one: Quote, other: Quote) -> bool:
    same = one.passage.id == other.passage.id
    return same and one.span.start < other.span.end and other.span.start < one.span.end


@lru_cache(maxsize=50_000)
def _stems_of(text: str, language: str) -> frozenset[str]:
    return frozenset(stems(text, language))


def _candidates(hit: Hit, asked: frozenset[str], favour: Favour) -> Iterator[_Candidate]:
    favours = [favour(hit.passage, each.sentence) for each in hit.sentences]
    passage = hit.score + FAVOUR_WEIGHT * max(favours)
    for each, favoured in zip(hit.sentences, favours, strict=True):
        worth = PASSAGE_SHARE * passage + (1 - PASSAGE_SHARE) * each.score + FAVOUR_WEIGHT * favoured
        yield _Candidate(hit, each, worth, _stems_of(each.text, hit.passage.language) & asked)


def _no_favour(passage: Passage, sentence: Span) -> float:
    del passage, sentence
    return 0.0


class _Choice:
    """The quotes chosen so far."""

    def __init__(self, asked: frozenset[str], form: Wanted, budget: int) -> None:
        self._asked, self._form, self._budget = asked, form, budget
        self._spans: dict[str, tuple[Passage, list[Span]]] = {}
        self._covered: frozenset[str] = frozenset()
        self._first: float | None = None
        self._words = 0
        self._per_section: dict[str, int] = {}

    def room(self) -> bool:
        return self._words < self._budget

    def value(self, candidate: _Candidate) -> float:
        new = candidate.stems - self._covered
        repeats = self._per_section.get(candidate.hit.passage.section, 0)
        return candidate.worth + NEW_WORDS_WEIGHT * len(new) / max(len(self._asked), 1) - REPEAT_COST * repeats

    def worth_adding(self, candidate: _Candidate) -> bool:
        if self._first is None:
            return True
        sections = {passage.section for passage, _ in self._spans.values()}
        crowded = candidate.hit.passage.section not in sections and len(sections) >= MAX_SECTIONS
        span = self._unit(candidate)
        size = len(candidate.hit.passage.words_of(span).split())
        fits = self._words + size <= self._budget * 1.25
        return fits and not crowded and self.value(candidate) >= KEEP_SHARE[self._form] * self._first

    def add(self, candidate: _Candidate) -> None:
        if self._first is None:
            self._first = self.value(candidate)
        span = self._unit(candidate)
        passage = candidate.hit.passage
        _, spans = self._spans.setdefault(passage.id, (passage, []))
        spans[:] = [each for each in spans if not span.covers(each)] + [span]
        text = passage.words_of(span)
        self._covered |= _stems_of(text, passage.language) & self._asked
        self._words += len(text.split())
        self._per_section[passage.section] = self._per_section.get(passage.section, 0) + 1

    def has(self, candidate: _Candidate) -> bool:
        _, spans = self._spans.get(candidate.hit.passage.id, (None, []))
        return any(span.covers(candidate.sentence.sentence) for span in spans)

    def quotes(self) -> tuple[Quote, ...]:
        return tuple(
            Quote(passage, span) for passage, spans in self._spans.values() for span in _joined(passage, spans)
        )

    def _unit(self, candidate: _Candidate) -> Span:
        """The candidate's sentence, or the whole list that it belongs to or introduces."""
        passage, sentence = candidate.hit.passage, candidate.sentence.sentence
        items = _list_of(passage, sentence)
        if not items:
            return sentence
        lead = items[0].lead_in
        inside = lead is not None and passage.covers(lead)
        whole = Span(start=lead.start if inside and lead else items[0].start, end=items[-1].end)
        introduces = sentence.group is None
        listed = self._form is Wanted.LIST or introduces
        if listed and len(passage.words_of(whole).split()) <= LIST_WORDS:
            return whole
        return sentence


def _list_of(passage: Passage, sentence: Span) -> list[Sentence]:
    """The items of the list that the sentence belongs to or introduces, as far as they stand in the passage."""
    own = next((each for each in passage.sentences if each == sentence), None)
    if own is not None and own.group is not None:
        return [each for each in passage.sentences if each.group == own.group]
    return [
        each
        for each in passage.sentences
        if each.lead_in is not None
        and (each.lead_in.start, each.lead_in.end) == (sentence.start, sentence.end)
        and each.kind in {BlockKind.LIST_ITEM, BlockKind.TABLE_ROW}
    ]


def _joined(passage: Passage, spans: Sequence[Span]) -> list[Span]:
    """The spans in reading order; neighbours with nothing but white space between them become one."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        if joined and span.end <= joined[-1].end:
            continue
        between = passage.text[joined[-1].end - passage.start : span.start - passage.start] if joined else "-"
        if not between.strip():
            joined[-1] = Span(start=joined[-1].start, end=span.end)
        else:
            joined.append(span)
    return joined
