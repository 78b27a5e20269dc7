"""Labelled questions to the signals that evidence is judged by, through the project's own search. Writes nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from answering.assistant import HITS, Assistant
from answering.bank import BankedQuestion
from answering.learned import MOST_FOREIGN, found_signals
from retrieval.generation import Generation
from retrieval.retriever import search
from skills.lexicon import foreign_terms

BATCH = 256
Floats = NDArray[np.floating]


@dataclass(frozen=True)
class Prepared:
    """Questions as the assistant would search for them, with what was found."""

    questions: tuple[BankedQuestion, ...]
    texts: tuple[str, ...]
    vectors: Floats
    """Shape `(n, dimensions)`."""
    signals: tuple[dict[str, float], ...]


def prepare(
    assistant: Assistant, generation: Generation, questions: Sequence[BankedQuestion], known: Callable[[str], bool],
    say: Callable[[str], None],
) -> Prepared:  # fmt: skip
    """Completes, mends, embeds and searches for every question."""
    texts: list[str] = []
    for number, each in enumerate(questions):
        texts.append(assistant.reading(generation, each.question, each.turns))
        if number % 500 == 0:
            say(f"reading questions: {number} of {len(questions)}")
    vectors = np.concatenate([assistant.embed(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)])
    signals: list[dict[str, float]] = []
    for number, (text, vector) in enumerate(zip(texts, vectors, strict=True)):
        found = found_signals(search(generation, text, vector, HITS))
        signals.append({"foreign": float(min(len(foreign_terms(text, known)), MOST_FOREIGN)), **found})
        if number % 500 == 0:
            say(f"searching: {number} of {len(texts)}")
    return Prepared(tuple(questions), tuple(texts), vectors, tuple(signals))


def labels(prepared: Prepared) -> tuple[NDArray[np.bool_], NDArray[np.str_]]:
    """Whether each question is answerable, and its kind; both of shape `(n,)`."""
    answerable = np.array([each.answerable for each in prepared.questions])
    return answerable, np.array([each.kind for each in prepared.questions])


def columns(prepared: Prepared) -> dict[str, Floats]:
    """The signals by name, each of shape `(n,)`."""
    return {name: np.array([each[name] for each in prepared.signals]) for name in prepared.signals[0]}
