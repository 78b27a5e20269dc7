"""Decides whether what was found contains what was asked. Knows nothing of how an answer looks."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from answering.question import Wanted
from retrieval.embedder import Vectors
from retrieval.hits import Hit


@dataclass(frozen=True)
class Asked:
    """A question with all that is known of it when its evidence is judged."""

    question: str
    """Standalone, spelling mended, names as the guide writes them."""
    vector: Vectors
    """Its embedding, shape `(dimensions,)`."""
    form: Wanted
    hits: Sequence[Hit]


@dataclass(frozen=True)
class Verdict:
    """What the evidence says."""

    answerable: float
    """Probability that the guide contains what is asked, 0..1."""
    about_guide: float
    """Probability that the question is about the guide's subject at all, 0..1."""
    missing: str | None = None
    """What the guide lacks, where that is known."""


class Evidence(Protocol):
    """Judges questions."""

    def judge(self, asked: Asked) -> Verdict:
        """The verdict on one question and what was found for it."""
        ...


class SimilarityEvidence:
    """A logistic curve over the fused score of the best hit: for guides that nothing else is known of."""

    MIDDLE, STEEPNESS = 0.45, 12.0
    """Score at which half the questions are answerable, and how fast that changes; by the question bank."""

    def judge(self, asked: Asked) -> Verdict:
        """The verdict by similarity alone."""
        best = asked.hits[0].score if asked.hits else 0.0
        probability = 1 / (1 + math.exp(-self.STEEPNESS * (best - self.MIDDLE)))
        return Verdict(answerable=probability, about_guide=min(1.0, probability * 3))
