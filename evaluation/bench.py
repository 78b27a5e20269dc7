"""Measures how fast the project is, against what it is made of: `python -m evaluation.bench`. Judges no answer.

Everything is measured in one run on one machine, through the doors that users take. Ratios can be compared between
machines, seconds cannot.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from evaluation.browser import browser, watch
from evaluation.processes import Server, python, serving, terminal
from evaluation.provenance import RESULTS, busy, commit, machine, now
from evaluation.questions import load_questions
from evaluation.run import BANK, sampled
from evaluation.warm import Warm
from ingest.documents import Frozen
from ingest.errors import GuideError

WARM_DOOR: Final = """
from pathlib import Path
from assembly import open_assistant
from evaluation.warm import main
from settings import load_settings
settings = load_settings()
main(open_assistant(settings), settings.index, settings.model, Path({source!r}), Path({target!r}))
"""
"""A door of its own: only doors may open an assistant, and the two times must be taken in one process."""
MEGABYTE: Final = 1_000_000
EXIT_BAD_INPUT: Final = 2


class Measured(Frozen):
    """One figure, with the limit that the project has set itself."""

    name: str
    value: float | None
    unit: str
    at_most: float | None = None

    @property
    def kept(self) -> bool | None:
        """Whether the limit is kept; None where there is none or nothing was measured."""
        return None if self.at_most is None or self.value is None else self.value <= self.at_most


class Bench(Frozen):
    """The whole run."""

    commit: str
    date: str
    machine: str
    questions: int
    figures: tuple[Measured, ...]
    remarks: tuple[str, ...]
    """What could not be measured, and why."""


@dataclass(frozen=True)
class Place:
    """The index that is measured, and what the doors must be told to use it."""

    folder: Path

    @property
    def index(self) -> Path:
        """Folder of the index."""
        return self.folder / "index"

    @property
    def environment(self) -> dict[str, str]:
        """Variables for the doors."""
        return {"SKILL_GUIDE_INDEX": str(self.index)}


Say = Callable[[str], None]


def bench(questions: Sequence[str], say: Say) -> Bench:
    """Measures everything; takes about two minutes.

    Args:
        questions: what is asked, each without a conversation before it.
        say: told what is being done.

    Raises:
        GuideError: a door failed.
    """
    remarks = [line for line in [busy()] if line]
    with tempfile.TemporaryDirectory(prefix="skill-guide-bench-") as folder:
        place = Place(Path(folder))
        say("building the index, twice")
        figures = list(_builds(place))
        say(f"asking {len(questions)} questions")
        warm, asking = _asking(place, questions)
        if warm.shown is None:
            raise GuideError("none of the questions is answered: give others with --questions")
        question, quote = warm.shown
        say("starting the app, cold")
        cold = terminal(["ask", question, "--json"], place.environment)
        figures += [*asking, Measured(name="cold ask in the terminal", value=cold.seconds, unit="s", at_most=10)]
        figures += _app(place, question, quote, remarks)
    return Bench(
        commit=commit(), date=now(), machine=machine(), questions=len(questions), figures=tuple(figures),
        remarks=tuple(remarks),
    )  # fmt: skip


def _builds(place: Place) -> Iterator[Measured]:
    first = terminal(["build", "--json"], place.environment)
    again = terminal(["build", "--json"], place.environment)
    report = json.loads(again.output)
    yield Measured(
        name="build of the guide, process and model load included", value=first.seconds, unit="s", at_most=15
    )
    yield Measured(name="second build with nothing changed", value=again.seconds, unit="s")
    yield Measured(name="passages embedded by it", value=report["added"] + report["updated"], unit="", at_most=0)


def _asking(place: Place, questions: Sequence[str]) -> tuple[Warm, list[Measured]]:
    """What warm answers cost against embedding the question alone."""
    source, target = place.folder / "questions.json", place.folder / "warm.json"
    source.write_text(json.dumps(questions), encoding="utf-8")
    python(WARM_DOOR.format(source=str(source), target=str(target)), place.environment)
    warm = Warm.model_validate_json(target.read_bytes())
    asked, embedded = np.array(warm.asked), np.array(warm.embedded)
    ratio, search_ratio = asked / embedded, np.array(warm.searched) / embedded
    return warm, [
        Measured(name="embedding a question alone, median", value=float(np.median(embedded)), unit="ms"),
        Measured(name="warm ask, median", value=float(np.median(asked)), unit="ms"),
        Measured(name="warm ask, 95th percentile", value=float(np.percentile(asked, 95)), unit="ms"),
        Measured(name="warm ask / embedding, median", value=float(np.median(ratio)), unit="×", at_most=3),
        Measured(name="warm ask / embedding, p95", value=float(np.percentile(ratio, 95)), unit="×", at_most=5),
        Measured(name="warm search / embedding, median", value=float(np.median(search_ratio)), unit="×", at_most=3),
        Measured(name="warm search / embedding, p95", value=float(np.percentile(search_ratio, 95)), unit="×"),
    ]


def _app(place: Place, question: str, expected: str, remarks: list[str]) -> Iterator[Measured]:
    try:
        with browser() as page, serving(place.environment) as server:
            reply = _reply(server)
            seen = watch(page, server, question, expected)
            peak = server.peak_bytes()
    except GuideError as error:
        remarks.append(str(error))
        with serving(place.environment) as server:
            yield _reply(server)
        return
    yield reply
    yield Measured(name="first paint in the browser after the server's start", value=seen.painted, unit="s", at_most=2)
    yield Measured(name="first answer on the page, cold", value=seen.answered, unit="s", at_most=10)
    megabytes = None if peak is None else peak / MEGABYTE
    yield Measured(name="peak memory of the app, answering", value=megabytes, unit="MB", at_most=1200)


def _reply(server: Server) -> Measured:
    return Measured(name="first reply of the app's server", value=server.reply_seconds, unit="s", at_most=2)


def table(found: Bench) -> Table:
    """The figures for a terminal."""
    shown = Table(
        title=f"Speed, {found.questions} questions, {found.machine}", title_justify="left", title_style="bold"
    )
    for name in ("figure", "", "limit", ""):
        shown.add_column(name, justify="left" if name == "figure" else "right")
    for each in found.figures:
        value = "–" if each.value is None else f"{each.value:.2f} {each.unit}"
        limit = "" if each.at_most is None else f"≤ {each.at_most:g} {each.unit}"
        shown.add_row(each.name, value, limit, {None: "", True: "yes", False: "no"}[each.kept])
    return shown


def main(
    questions: Annotated[Path, typer.Option(help="Question file, or a folder of them.")] = BANK,
    sample: Annotated[int, typer.Option(min=1, help="Questions to take.")] = 200,
    out: Annotated[Path, typer.Option(help="Folder for bench.json.")] = RESULTS,
) -> None:
    """Measure how fast answers come, against what they are made of."""
    console = Console()
    try:
        alone = [each for each in load_questions(questions) if not each.turns]
        found = bench([each.question for each in sampled(alone, sample)], lambda what: console.print(f"… {what}"))
        out.mkdir(parents=True, exist_ok=True)
        (out / "bench.json").write_text(found.model_dump_json(indent=1) + "\n", encoding="utf-8")
    except (GuideError, OSError) as error:
        sys.stderr.write(f"bench: {error}\n")
        raise typer.Exit(EXIT_BAD_INPUT) from None
    console.print(table(found))
    for remark in found.remarks:
        console.print(remark, markup=False)


if __name__ == "__main__":
    typer.run(main)
