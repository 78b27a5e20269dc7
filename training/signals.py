"""Labelled questions to the signals that evidence is judged by, through the project's own search."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from answering.assistant import HITS
from answering.bank import BankedQuestion
from answering.learned import MOST_FOREIGN, found_signals
from answering.precedent import Precedent
from assembly import build_index
from parts import assistant_over, known_terms
from retrieval.hits import Hit
from retrieval.retriever import search
from settings import Settings
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
    hits: tuple[tuple[Hit, ...], ...]
    signals: tuple[dict[str, float], ...]
    gold: tuple[frozenset[str], ...]
    """Passages that hold the facts of each."""
    embedding: str
    """Fingerprint of what embedded them."""


def prepare(settings: Settings, questions: Sequence[BankedQuestion]) -> Prepared:
    """Builds the index of the guides; completes, mends, embeds and searches for every question; tells how far it is."""
    build_index(settings)
    assistant = assistant_over(settings)
    with assistant.generations.use() as generation:
        known = known_terms(generation, settings)
        texts: list[str] = []
        for number, each in enumerate(questions):
            texts.append(assistant.reading(generation, each.question, each.turns))
            _say("reading questions", number, len(questions))
        vectors = np.concatenate([assistant.embed(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)])
        hits: list[tuple[Hit, ...]] = []
        for number, (text, vector) in enumerate(zip(texts, vectors, strict=True)):
            hits.append(tuple(search(generation, text, vector, HITS)))
            _say("searching", number, len(texts))
        answered = Precedent.over(generation, questions).answers
        foreign = [float(min(len(foreign_terms(text, known)), MOST_FOREIGN)) for text in texts]
    return Prepared(
        questions=tuple(questions), texts=tuple(texts), vectors=vectors, hits=tuple(hits),
        signals=tuple({"foreign": terms, **found_signals(found)} for terms, found in zip(foreign, hits, strict=True)),
        gold=tuple(frozenset(passage for passage, _ in each) for each in answered), embedding=assistant.embedding,
    )  # fmt: skip


def _say(what: str, number: int, total: int) -> None:
    if number % 500 == 0:
        sys.stderr.write(f"{what}: {number} of {total}\n")


def labels(prepared: Prepared) -> tuple[NDArray[np.bool_], NDArray[np.str_]]:
    """Whether each question is answerable, and its kind; both of shape `(n,)`."""
    answerable = np.array([each.answerable for each in prepared.questions])
    return answerable, np.array([each.kind for each in prepared.questions])


def columns(prepared: Prepared) -> dict[str, Floats]:
    """The signals by name, each of shape `(n,)`."""
    return {name: np.array([each[name] for each in prepared.signals]) for name in prepared.signals[0]}
