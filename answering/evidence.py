"""Decides whether what was found contains what was asked. Knows nothing of how an answer looks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
    favour: Mapping[tuple[str, int], float] = field(default_factory=dict)
    """How far earlier questions speak for each sentence, by passage id and start, 0..1."""


class Evidence(Protocol):
    """Judges questions."""

    def judge(self, asked: Asked) -> Verdict:
        """The verdict on one question and what was found for it."""
        ...
