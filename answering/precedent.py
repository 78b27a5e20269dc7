"""What the banked questions nearest to a new one say: which sentences answer it, or what the guide lacks.

Knows nothing of probabilities. A bank belongs to any guide that holds its facts where it says they are.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from answering.bank import BankedQuestion
from ingest.documents import Passage, Span
from retrieval.generation import Generation
from retrieval.words import stems, words

BOUND_FROM = 0.75
"""Share of answerable banked questions whose facts a guide must hold for the bank to be its own."""
NEIGHBOURS = 15
"""Banked questions that have a say in which sentences answer."""
SHARPNESS = 15.0
"""How fast a neighbour's say falls with its distance, per unit of cosine."""
NO_NEIGHBOUR = 0.45
"""Cosine at which a neighbour says no more than its absence does."""
SAME_QUESTION = 0.8
"""Cosine from which a banked question is taken to ask for the same thing, so that what it lacks can be named."""

_SPACE = re.compile(r"\s+")
_NAMED = re.compile(r"[A-Z0-9]")
"""In every name and number."""
Vectors = NDArray[np.floating]


def folded(text: str) -> str:
    """Lower case, every run of white space one blank: how facts are compared."""
    return _SPACE.sub(" ", text.casefold()).strip()


def said_in(passages: Iterable[Passage]) -> dict[str, list[tuple[tuple[str, int], str]]]:
    """What each section says itself: passage id and start of every sentence, with its folded words."""
    sections: dict[str, list[tuple[tuple[str, int], str]]] = {}
    for passage in passages:
        for sentence in passage.sentences:
            said = ((passage.id, sentence.start), folded(passage.words_of(sentence)))
            sections.setdefault(passage.section, []).append(said)
    return sections


@dataclass(frozen=True)
class Precedent:
    """The banked questions over one generation, in the order of their vectors."""

    bank: Sequence[BankedQuestion]
    answers: Sequence[frozenset[tuple[str, int]]]
    """Sentences, as passage id and start, that hold the facts of each question."""

    @classmethod
    def over(cls, generation: Generation, bank: Sequence[BankedQuestion]) -> "Precedent":
        """Finds the sentences that hold each answerable question's facts."""
        sections = said_in(generation.passages)
        return cls(bank, [_holding(each, sections) for each in bank])

    @cached_property
    def bound(self) -> bool:
        """Whether the bank is about this guide."""
        found = [bool(said) for each, said in zip(self.bank, self.answers, strict=True) if each.answerable]
        return bool(found) and sum(found) >= BOUND_FROM * len(found)

    @cached_property
    def _answerable(self) -> NDArray[np.bool_]:
        return np.array([bool(said) for said in self.answers])

    def favour(self, cosine: Vectors) -> Mapping[tuple[str, int], float]:
        """How far the nearest answered questions speak for each sentence, 0..1; sentences without a say are absent.

        Args:
            cosine: likeness of the new question to each banked one, shape `(len(bank),)`.
        """
        likeness = np.where(self._answerable, cosine, -1.0)
        nearest = np.argpartition(-likeness, min(NEIGHBOURS, len(likeness) - 1))[:NEIGHBOURS]
        says = np.exp(SHARPNESS * (likeness[nearest] - 1))
        total = float(says.sum()) + float(np.exp(SHARPNESS * (NO_NEIGHBOUR - 1)))
        found: dict[tuple[str, int], float] = {}
        for row, say in zip(nearest, says, strict=True):
            for sentence in self.answers[int(row)]:
                found[sentence] = found.get(sentence, 0.0) + float(say) / total
        return found

    def missing(self, cosine: Vectors, text: str) -> str | None:
        """What the guide lacks, where the nearest banked question asks the same and was found to go unanswered.

        Args:
            cosine: likeness of the new question to each banked one, shape `(len(bank),)`.
            text: the new question; what it does not speak of is not what it misses.
        """
        row = int(np.argmax(cosine))
        banked = self.bank[row]
        if cosine[row] < SAME_QUESTION or banked.answerable or not banked.missing:
            return None
        return banked.missing if _speaks_of(text, banked.missing, banked.question) else None


def favouring(found: Mapping[tuple[str, int], float], passage: Passage, sentence: Span) -> float:
    """The say of the bank for one sentence."""
    return found.get((passage.id, sentence.start), 0.0)


def _speaks_of(text: str, missing: str, question: str) -> bool:
    """Whether a question speaks of what another misses: of each name in it, and of some word that both share."""
    asked, own = set(stems(text)), set(stems(question))
    named = [word for word in words(missing) if _NAMED.search(word.text)]
    shared = own.intersection(stems(missing))
    return all(asked.intersection(word.stems) for word in named) and (not shared or not asked.isdisjoint(shared))


def _holding(
    question: BankedQuestion, sections: Mapping[str, Sequence[tuple[tuple[str, int], str]]]
) -> frozenset[tuple[str, int]]:
    """The sentences of its sections that hold any of its facts; none if one of its facts is nowhere."""
    said = [each for section in question.sections for each in sections.get(section, ())]
    found: set[tuple[str, int]] = set()
    for group in question.facts:
        holding = {place for place, text in said if any(folded(fact) in text for fact in group)}
        if not holding:
            return frozenset()
        found |= holding
    return frozenset(found)
