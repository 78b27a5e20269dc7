"""The objects that people and programs see: `Answer`, `Citation`, `SearchHit`. The JSON of every door is these types.

Knows nothing of how an answer is found.
"""

from enum import StrEnum
from typing import Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from ingest.documents import Frozen, Span
from retrieval.hits import Why
from retrieval.places import Citation, Place
from retrieval.widening import Replacement

__all__ = ["Answer", "Citation", "Nearest", "Note", "Place", "SearchHit", "Status"]


class Status(StrEnum):
    """The three outcomes of a question."""

    ANSWERED = "answered"
    CLOSEST = "closest"
    NOT_COVERED = "not_covered"


class Nearest(Place):
    """A section to look into where the guide does not answer."""

    score: float


class Note(Frozen):
    """A glossary note. It never counts as the guide's answer."""

    term: str
    text: str
    source: str


class Wording(Frozen):
    """What came of a language model's wording of an answer."""

    sentences: int = 0
    replaced: int = 0
    """Sentences of it that did not hold and were replaced by their quotes."""
    share_replaced: float = 0.0
    failure: str = ""
    """Why the quotes stand alone, if they do."""
    prompt: str
    """Version of the prompt."""


class Answer(Frozen):
    """What a question got."""

    id: str | None = None
    question: str
    standalone_question: str
    status: Status
    answer: str
    """For people, with [1] [2] markers behind what they support."""
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Nearest, ...] = ()
    more: tuple[Citation, ...] = Field(default=(), exclude=True)
    """What else the guide says on it, for whoever wants to read on; shown in the page, not part of the JSON."""
    replaced: tuple[Replacement, ...] = Field(default=(), exclude=True)
    """What was understood as something else, k8s as Kubernetes; shown to people, not part of the JSON."""
    in_passing: str | None = Field(default=None, exclude=True)
    """The term that the guide names without saying what it is; shown to people, not part of the JSON."""
    missing: str | None = None
    note: Note | None = None
    confidence: float = Field(ge=0, le=1)
    phrased_by: str | None = None
    wording: Wording | None = None
    """Only there, and only then part of the JSON, when a language model was asked for its words."""
    milliseconds: float

    @model_serializer(mode="wrap")
    def _without_unasked(self, handler: SerializerFunctionWrapHandler) -> dict[str, object]:
        told: dict[str, object] = handler(self)
        if self.wording is None:
            told.pop("wording", None)
        return told


class Reason(Frozen):
    """One reason why a passage was found, in plain words."""

    kind: Literal["keyword", "heading", "meaning", "alias", "spelling"]
    text: str


class SearchHit(Place):
    """One line of `skill-guide search`. What is marked as excluded is shown to people and not part of the JSON."""

    rank: int
    score: float
    text: str
    start: int
    end: int
    url: str
    why: Why
    matched: tuple[Span, ...] = Field(default=(), exclude=True)
    """Words of the passage that the query asked for, in the document's count."""
    sentence: Span | None = Field(default=None, exclude=True)
    """The sentence that is nearest in meaning, if it is near at all."""
    reasons: tuple[Reason, ...] = Field(default=(), exclude=True)
    similar: tuple[Place, ...] = Field(default=(), exclude=True)
    """Where nearly the same stands."""
