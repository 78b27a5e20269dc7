"""What retrieval hands on: ranked passages, the sentences in them, and why each was found.

Knows nothing of files or answers.
"""

from ingest.documents import Frozen, Passage, Sentence, Span


class SentenceHit(Frozen):
    """A sentence of a found passage with its scores."""

    sentence: Sentence
    text: str
    score: float
    """Fused score; comparable within one search."""
    semantic: float
    """Cosine similarity to the query, -1..1."""
    keyword: float
    """BM25 score, 0 and up."""


class Ranks(Frozen):
    """Place of a passage in each of the two searches, from 1; None where that search did not find it."""

    keyword: int | None
    semantic: int | None


class Why(Frozen):
    """Why a passage was found."""

    keyword: tuple[str, ...]
    """Words of the passage, as it writes them, that the query asked for."""
    semantic: float
    ranks: Ranks


class Hit(Frozen):
    """A found passage."""

    rank: int
    score: float
    passage: Passage
    sentences: tuple[SentenceHit, ...]
    """All sentences of the passage in reading order."""
    why: Why
    matched: tuple[Span, ...] = ()
    """Where the passage has words that the query asked for, in the document's count."""
