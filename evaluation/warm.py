"""Times warm answers and searches against the embedding of their questions alone, turn by turn. Opens nothing itself.

They are timed right after each other in one process, so that a slow spell of the machine falls on both.
"""

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Final, TypeVar

from answering.answer import Answer, Status
from evaluation.subject import Subject
from ingest.documents import Frozen
from retrieval.embedder import Precision, SentenceTransformerEmbedder
from retrieval.index import live_manifest

G = TypeVar("G")
T = TypeVar("T")
WARM_UP: Final = 10
"""Questions that do not count: the model loads, and torch settles on how it computes."""
ROUNDS: Final = 3
"""Times that each question is timed; its median counts."""

Embed = Callable[[Sequence[str]], object]


class Warm(Frozen):
    """Milliseconds by question, and an answer to look for on the page."""

    asked: tuple[float, ...]
    embedded: tuple[float, ...]
    searched: tuple[float, ...]
    """What the search page takes for the same words."""
    shown: tuple[str, str] | None
    """A question that is answered, and the first quote of its answer."""


def time_warm(assistant: Subject, embed: Embed, questions: Sequence[str]) -> Warm:
    """Embeds, asks and searches for every question in turn.

    Args:
        assistant: answers.
        embed: embeds texts as the assistant does.
        questions: what is asked; the first few are asked once more beforehand.
    """
    for question in questions[:WARM_UP]:
        embed([question])
        assistant.ask(question)
        assistant.results(question)
    asked: list[list[float]] = [[] for _ in questions]
    embedded: list[list[float]] = [[] for _ in questions]
    searched: list[list[float]] = [[] for _ in questions]
    answers: list[Answer] = []
    for _ in range(ROUNDS):
        answers.clear()
        for place, question in enumerate(questions):
            spent, _ = _timed(embed, [question])
            embedded[place].append(spent)
            spent, answer = _timed(assistant.ask, question)
            asked[place].append(spent)
            spent, _ = _timed(assistant.results, question)
            searched[place].append(spent)
            answers.append(answer)
    answered = next((each for each in answers if each.status is Status.ANSWERED), None)
    return Warm(
        asked=tuple(map(median, asked)), embedded=tuple(map(median, embedded)), searched=tuple(map(median, searched)),
        shown=(answered.question, answered.citations[0].quote) if answered else None,
    )  # fmt: skip


def main(assistant: Subject, index: Path, model: str, source: Path, target: Path) -> None:
    """What a door calls that has opened the assistant.

    Args:
        assistant: over the live index.
        index: folder of the index.
        model: as the settings name it.
        source: JSON list of questions.
        target: where the result goes.
    """
    manifest = live_manifest(index)
    precision: Precision = manifest.precision if manifest else "float32"
    embedder = SentenceTransformerEmbedder(model, precision)
    found = time_warm(assistant, embedder.encode, json.loads(source.read_text(encoding="utf-8")))
    target.write_text(found.model_dump_json(), encoding="utf-8")


def _timed(work: Callable[[G], T], given: G) -> tuple[float, T]:
    """Milliseconds, and what came of it."""
    started = time.perf_counter()
    done = work(given)
    return (time.perf_counter() - started) * 1000, done
