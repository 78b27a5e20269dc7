"""What the check of its sentences costs beside a real model: `python -m evaluation.llm_speed FILE.gguf`.

Each question is sent to the bare server and phrased through the checker in turn, with the same messages; ratios of
times are reported: to the end, and first checked sentence against the same sentence's end on the bare server. Both
find the server as a person's next question does: what it keeps of the last prompt is of other quotes.
"""

import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Annotated, Final

import typer

from answering.answer import Answer, Citation, Status
from answering.phrased.claims import Claims, Follows
from answering.phrased.following import Following
from answering.phrased.grounds import Ground
from answering.phrased.llm import LanguageModel, Limits
from answering.phrased.local import LocalModel
from answering.phrased.phrasing import Job, Phrasing
from answering.phrased.prompts import messages
from answering.phrased.reading import Names
from answering.phrased.sentences import Splitter
from evaluation.claims import CONTENT, Guide, Remembering

LOOK_SECONDS: Final = 0.001
ROUNDS: Final = 12
QUESTION: Final = "What does the guide say?"
FAR: Final = 50
"""Quotes between those of a round and those that the server has read last."""


def main(file: Annotated[Path, typer.Argument(help="A model file.")]) -> None:
    """Compare phrasing with what the model alone takes."""
    model = LanguageModel(LocalModel(file), Limits(first_token_seconds=120, total_seconds=240))
    remembering, follows = Remembering(), Following()
    follows.warm()
    guide = Guide(CONTENT, remembering)
    model.warm()
    first, total = [], []
    for number in range(ROUNDS):
        quotes, others = (_three(guide.quotes, at) for at in (number * 7, number * 7 + FAR))
        grounds = tuple(Ground(number=at, quote=quote, context="") for at, quote in quotes)
        cold = Remembering(remembering)
        asked, others_asked = (messages(QUESTION, each) for each in (quotes, others))
        _begin(model, others_asked)
        bare = _bare(model, asked)
        _begin(model, others_asked)
        checked = _checked(model, grounds, cold, follows)
        if bare[0] and checked[0]:
            first.append(checked[0] / bare[0])
        total.append(checked[1] / bare[1])
    for name, ratios in (("first checked sentence / the same on the bare server", first), ("total / total", total)):
        sys.stdout.write(f"{name}: median {median(ratios):.3f} of {len(ratios)}\n")


def _three(quotes: Sequence[str], at: int) -> list[tuple[int, str]]:
    """Three neighbouring quotes with their numbers, round the guide."""
    start = at % (len(quotes) - 4)
    return list(enumerate(quotes[start : start + 3], 1))


def _begin(model: LanguageModel, asked: tuple) -> None:  # type: ignore[type-arg]
    """Has the server read a prompt."""
    next(iter(model.stream(asked, threading.Event())), "")


def _bare(model: LanguageModel, asked: tuple) -> tuple[float, float]:  # type: ignore[type-arg]
    started, first, splitter = time.perf_counter(), 0.0, Splitter()
    for piece in model.stream(asked, threading.Event()):
        if list(splitter.feed(piece)) and not first:
            first = time.perf_counter() - started
    return first, time.perf_counter() - started


def _checked(
    model: LanguageModel, grounds: tuple[Ground, ...], encode: Remembering, follows: Follows
) -> tuple[float, float]:
    cited = tuple(
        Citation(number=each.number, document="d", section="s", headings=(), passage="p", quote=each.quote, start=0,
                 end=len(each.quote), url="") for each in grounds
    )  # fmt: skip
    answer = Answer(question=QUESTION, standalone_question=QUESTION, status=Status.ANSWERED, answer="",
                    citations=cited, confidence=1, milliseconds=0)  # fmt: skip
    started, first = time.perf_counter(), 0.0
    phrasing = Phrasing(
        Job(model, answer, grounds, lambda over: Claims(over, Names({}), encode.encode, follows=follows))
    )
    while not phrasing.state.done:
        if phrasing.state.phrases and not first:
            first = time.perf_counter() - started
        time.sleep(LOOK_SECONDS)
    return first, time.perf_counter() - started


if __name__ == "__main__":
    typer.run(main)
