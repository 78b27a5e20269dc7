"""Measures what a large guide costs beside its embedding: `python -m evaluation.scale`.

Everything but the embedding is done as a user's build does it, at full size, in a process of its own; the vectors are
a stand-in's, and the real model is loaded beside it and embeds a batch, so that memory is what a build takes. What
embedding costs is measured on a sample of the same texts with the real model. Processor seconds are compared, so that
a busy machine does not change the ratios.
"""

import itertools
import json
import random
import resource
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final, Protocol

import numpy as np
import typer
from rich.console import Console

from evaluation.processes import python
from evaluation.provenance import commit, machine
from ingest.documents import Frozen
from ingest.errors import GuideError
from retrieval.embedder import BATCH_TEXTS, SentenceTransformerEmbedder, Vectors
from retrieval.english import FILE as WORDS

DIMENSIONS: Final = 384
FEW: Final = 100
"""Passages of the guide that queries over the large one are compared with."""
SAMPLE: Final = 400
"""Texts that the real model embeds."""
QUERIES: Final = 200
WORDS_HELD: Final = 10_000
"""Directions of the stand-in that are not made again."""
LONG: Final = "a text as long as those that are embedded " * 25
HOURS: Final = 6 * 3600
DOOR: Final = """
from pathlib import Path
import parts
from assembly import build_index, open_assistant
from evaluation.scale import StandIn, main_of_child
from settings import load_settings
parts.SentenceTransformerEmbedder = StandIn
settings = load_settings()
main_of_child(
    lambda progress: build_index(settings, progress), lambda: open_assistant(settings), settings.content,
    Path({target!r}), {change!r},
)
"""
"""A door of its own: only doors may build."""


class Report(Protocol):
    """What a build says of itself."""

    passages: int
    added: int
    updated: int


class Searches(Protocol):
    """An assistant that finds passages."""

    def search(self, query: str, k: int) -> Sequence[object]:
        """The best `k` passages."""
        ...


class Built(Frozen):
    """One process: a build, a build after one change, queries."""

    passages: int
    texts: int
    """Different texts that were embedded."""
    sample: tuple[str, ...]
    seconds: float
    """Of the processor, in this process and those it started, the stand-in's left out."""
    steps: dict[str, float]
    changed_passages: int
    changed_texts: int
    changed_seconds: float
    changed_steps: dict[str, float]
    peak_bytes: int
    search_p95: float
    """Milliseconds of the processor for a warm search, embedding left out."""


class StandIn(SentenceTransformerEmbedder):
    """Embeds in no time: a fixed direction for each word, summed. Counts tokens as the real one."""

    spent: float = 0.0
    sample: Final[list[str]] = []
    """Some of the texts, drawn as they come."""
    texts: int = 0
    _chance: Final = random.Random(1)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (number of texts, 384)."""
        started = time.process_time()
        rows = np.stack([np.sum([_direction(word) for word in text.split() or [""]], axis=0) for text in texts])
        unit: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
        for text in texts:
            StandIn.texts += 1
            if len(StandIn.sample) < SAMPLE:
                StandIn.sample.append(text)
            elif (place := self._chance.randrange(StandIn.texts)) < SAMPLE:
                StandIn.sample[place] = text
        StandIn.spent += time.process_time() - started
        return unit


@lru_cache(WORDS_HELD)
def _direction(word: str) -> Vectors:
    made: Vectors = np.random.default_rng(zlib.crc32(word.encode())).normal(size=DIMENSIONS).astype(np.float32)
    return made


def guide(passages: int, seed: int = 1) -> str:
    """A guide of about so many passages in sections of three, of English words as frequent as words are."""
    chance = random.Random(seed)
    words = [line for line in WORDS.read_text(encoding="utf-8").splitlines() if line.isalpha() and line.islower()]
    words = chance.sample(words, 8000)
    weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(words))))

    def said(count: int) -> str:
        return " ".join(chance.choices(words, cum_weights=weights, k=count)).capitalize()

    lines = ["# A generated guide"]
    for number in range(passages):
        if number % 3 == 0:
            lines.append(f"## {number // 3 + 1}. {said(3)}")
        lines.append(" ".join(f"{said(chance.randint(8, 18))}." for _ in range(5)))
    return "\n\n".join(lines) + "\n"


def articles(corpus: Path) -> dict[str, str]:
    """A guide for each title of a file of JSON lines with `title` and `text`, as Markdown by file name.

    Raises:
        GuideError: it cannot be read.
    """
    found: dict[str, list[str]] = {}
    try:
        for line in corpus.read_text(encoding="utf-8").splitlines():
            fields = json.loads(line)
            found.setdefault(fields["title"], []).append(" ".join(fields["text"].split()))
    except (OSError, ValueError, KeyError) as error:
        raise GuideError(f"{corpus} holds no lines with title and text: {error}") from error
    return {
        f"{number:05d}.md": f"# {title}\n\n" + "\n\n".join(texts) + "\n"
        for number, (title, texts) in enumerate(found.items())
    }


def main_of_child(
    build: Callable[[Callable[[str, float], None]], Report], opened: Callable[[], Searches], content: Path,
    target: Path, change: str,
) -> None:  # fmt: skip
    """What the door calls: builds, changes a file, builds again, searches; writes what it took to `target`."""
    model = SentenceTransformerEmbedder("", "float32")
    model.encode([LONG] * BATCH_TEXTS)
    first, seconds, steps, texts = _timed(build)
    sample = tuple(StandIn.sample)
    place = content / change
    told = place.read_text(encoding="utf-8").split("\n\n")
    told[len(told) // 2] += " This sentence is new."
    place.write_text("\n\n".join(told), encoding="utf-8")
    again, changed_seconds, changed_steps, changed_texts = _timed(build)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    del model
    assistant = opened()
    took = []
    for text in sample[:QUERIES]:
        query = " ".join(text.split()[-6:])
        before, standing_in = time.process_time(), StandIn.spent
        assistant.search(query, 10)
        took.append((time.process_time() - before - (StandIn.spent - standing_in)) * 1000)
    found = Built(
        passages=first.passages, texts=texts, sample=sample, seconds=seconds, steps=steps,
        changed_passages=again.added + again.updated, changed_texts=changed_texts, changed_seconds=changed_seconds,
        changed_steps=changed_steps, peak_bytes=peak, search_p95=float(np.percentile(took[len(took) // 10 :], 95)),
    )  # fmt: skip
    target.write_text(found.model_dump_json(), encoding="utf-8")


def _timed(build: Callable[[Callable[[str, float], None]], Report]) -> tuple[Report, float, dict[str, float], int]:
    steps: dict[str, float] = {}
    step, since = "start", _processor()

    def progress(what: str, share: float) -> None:
        nonlocal step, since
        del share
        steps[step] = round(steps.get(step, 0.0) + _processor() - since, 2)
        step, since = what, _processor()

    before, spent, texts = _processor(), StandIn.spent, StandIn.texts
    report = build(progress)
    progress("end", 1.0)
    return report, _processor() - before - (StandIn.spent - spent), steps, StandIn.texts - texts


def _processor() -> float:
    """Seconds of the processor so far, in this process and those that it started and that have ended."""
    mine, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime


def built(files: dict[str, str], work: Path) -> Built:
    """Builds guides in a process of its own."""
    content, target = work / "content", work / "built.json"
    content.mkdir(parents=True)
    for name, text in files.items():
        (content / name).write_text(text, encoding="utf-8")
    environment = {
        "SKILL_GUIDE_CONTENT": str(content), "SKILL_GUIDE_INDEX": str(work / "index"),
        "SKILL_GUIDE_PRECISION": "float32", "SKILL_GUIDE_MODEL": "",
    }  # fmt: skip
    change = next(iter(files))
    python(DOOR.format(target=str(target), change=change), environment, HOURS)
    return Built.model_validate_json(target.read_bytes())


def embedding_seconds(texts: Sequence[str]) -> tuple[float, float]:
    """Seconds of the processor that the real model takes for a text of these, and for a query alone (95th percentile).

    Texts are embedded as a build does it, sorted by length and many at once.
    """
    embedder = SentenceTransformerEmbedder("", "float32")
    embedder.encode(["warm"])
    before = time.process_time()
    embedder.encode(sorted(texts, key=len))
    spent = time.process_time() - before
    alone = []
    for text in texts[:50]:
        before = time.process_time()
        embedder.encode([" ".join(text.split()[-6:])])
        alone.append(time.process_time() - before)
    return spent / max(len(texts), 1), float(np.percentile(alone, 95))


def figures(large: Built, small: Built, a_text: float, a_query: float) -> dict[str, float]:
    """The ratios, with their limits in their names."""
    embedding = large.texts * a_text
    full, changed = large.seconds + embedding, large.changed_seconds + large.changed_texts * a_text
    return {
        "passages": large.passages,
        "texts embedded": large.texts,
        "embedding alone, processor s": round(embedding, 1),
        "all else, processor s": round(large.seconds, 1),
        "build / embedding alone (at most 1.5)": round(full / embedding, 3),
        "passages of the change": large.changed_passages,
        "texts embedded for the change": large.changed_texts,
        "build after the change / full build (below 0.1)": round(changed / full, 4),
        "peak memory of the builds, MB (below 2000)": round(large.peak_bytes / 1e6),
        "warm search p95 without embedding, ms": round(large.search_p95, 2),
        f"warm query p95 / over {FEW} passages (at most 3)": round(
            (large.search_p95 + a_query * 1000) / (small.search_p95 + a_query * 1000), 2
        ),
    }


def main(
    passages: Annotated[int, typer.Option(min=30, help="Passages of the generated guide.")] = 5000,
    data: Annotated[
        Path | None, typer.Option(help="JSON lines with title and text, in place of a generated one.")
    ] = None,
) -> None:
    """Measure what a large guide costs beside its embedding."""
    console = Console()
    try:
        with tempfile.TemporaryDirectory(prefix="skill-guide-scale-") as folder:
            small = built({"guide.md": guide(FEW)}, Path(folder) / "small")
            files = articles(data) if data else {"guide.md": guide(passages)}
            console.print("… building, changing a section, building, searching")
            large = built(files, Path(folder) / "large")
            console.print("… embedding a sample of its texts with the real model")
            found = figures(large, small, *embedding_seconds(large.sample))
    except (GuideError, OSError) as error:
        sys.stderr.write(f"scale: {error}\n")
        raise typer.Exit(2) from None
    console.print(f"{machine()}, {commit()}", markup=False, highlight=False)
    for name, value in found.items():
        console.print(f"{name}: {value}", markup=False, highlight=False)
    console.print(f"full build, processor s by step: {large.steps}", markup=False, highlight=False)
    console.print(f"build after the change: {large.changed_steps}", markup=False, highlight=False)


if __name__ == "__main__":
    typer.run(main)
