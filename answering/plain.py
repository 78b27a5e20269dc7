"""Answers that need no search: to what is no question, and by headings alone. Knows nothing of evidence."""

import time
from collections.abc import Sequence

from answering.answer import Answer, Citation, Status
from answering.compose import text_of
from answering.structure import CERTAIN

LONGEST_QUESTION = 2_000
"""Characters; more is not a question."""


def refused(question: str, plain: str, sentence: str, milliseconds: float) -> Answer:
    """One sentence for what cannot be answered as it was asked."""
    return Answer(
        question=question[:LONGEST_QUESTION], standalone_question=plain[:LONGEST_QUESTION], status=Status.NOT_COVERED,
        answer=sentence, confidence=0.0, milliseconds=milliseconds,
    )  # fmt: skip


def by_headings(question: str, standalone: str, cited: Sequence[Citation], milliseconds: float) -> Answer:
    """The guide's headings as the answer to how it is built."""
    return Answer(
        question=question, standalone_question=standalone, status=Status.ANSWERED, answer=text_of(cited),
        citations=tuple(cited), confidence=CERTAIN, milliseconds=milliseconds,
    )  # fmt: skip


def storable(text: str) -> str:
    """The text with halves of characters, which no file can hold, replaced."""
    return text.encode("utf-8", "replace").decode()


def since(started: float) -> float:
    """Milliseconds from `started`, a reading of `time.perf_counter`, until now."""
    return round((time.perf_counter() - started) * 1000, 2)
