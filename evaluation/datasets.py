"""Reads public sets from a folder and turns each into a corpus with labelled queries. Knows nothing of searching.

Documents are made as a parser makes them: the title as heading, the text as a paragraph; the project's own chunker
cuts them. Nothing of the sets is ever kept in this project.
"""

import csv
import hashlib
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from ingest.documents import Corpus, Document, Frozen
from ingest.errors import GuideError
from ingest.parsers.outline import Outline

NOISE_PER_QUERY: Final = 20
"""Documents that stay as noise for each query of a sample: enough for a first page of wrong hits."""
SEED: Final = 2026
"""Of the sampling, so that two samples of one size are the same."""


class Task(StrEnum):
    """What a set is good for."""

    RETRIEVAL = "retrieval"
    ABSTENTION = "abstention"
    FOLLOWUP = "follow-ups"
    NAMES = "names"


class Query(Frozen):
    """A query with its labels."""

    id: str
    text: str
    turns: tuple[str, ...] = ()
    """Earlier questions of the same person, oldest first."""
    answerable: bool | None = None
    gold: str | None = None
    """The document that the query was written for, also where that does not answer it."""
    relevant: tuple[str, ...] = ()
    """Documents that answer it."""


class Goal(Frozen):
    """What a measure is held against, 0..1."""

    floor: float
    """The best of the plain methods that the set's README tells of, over the whole set."""
    reach: float | None = None
    """What the project has set itself."""


@dataclass(frozen=True)
class Known:
    """A set that this module can read."""

    task: Task
    query: Callable[[Mapping[str, Any]], Query]
    goals: Mapping[str, Goal]
    index: str
    """Sets of one index are searched together: each is noise for the other, and texts are embedded once."""
    queries: str = "queries.jsonl"
    judgements: str = "qrels"
    """Folder of test.tsv, which says what answers which query."""


def _plain(fields: Mapping[str, Any]) -> Query:
    return Query(id=fields["_id"], text=fields["text"])


def _squad(fields: Mapping[str, Any]) -> Query:
    return Query(
        id=fields["_id"], text=fields["text"], answerable=not fields["is_impossible"], gold=fields["paragraph_id"]
    )


def _clapnq(fields: Mapping[str, Any]) -> Query:
    return Query(id=fields["_id"], text=fields["text"], answerable=fields["answerable"], gold=fields["paragraph_id"])


def _mtrag(fields: Mapping[str, Any]) -> Query:
    turns = tuple(each["text"] for each in fields["history"] if each["speaker"] == "user")
    return Query(id=fields["_id"], text=fields["text"], turns=turns)


NDCG, FIRST, AUROC = "nDCG@10", "R@1", "AUROC of abstention"
SETS: Final = MappingProxyType(
    {
        "scifact": Known(Task.RETRIEVAL, _plain, {NDCG: Goal(floor=0.736, reach=0.735)}, "scifact"),
        "techdocs": Known(Task.RETRIEVAL, _plain, {NDCG: Goal(floor=0.754, reach=0.755)}, "techdocs"),
        "squad2": Known(
            Task.ABSTENTION, _squad, {FIRST: Goal(floor=0.719), AUROC: Goal(floor=0.57, reach=0.70)}, "wikipedia"
        ),
        "clapnq": Known(Task.ABSTENTION, _clapnq, {AUROC: Goal(floor=0.69, reach=0.85)}, "wikipedia"),
        "mtrag": Known(Task.FOLLOWUP, _mtrag, {NDCG: Goal(floor=0.752)}, "mtrag"),
        "esco-ict": Known(
            Task.NAMES, _plain, {FIRST: Goal(floor=0.75, reach=0.80)}, "esco-ict", "alias_queries.jsonl", "alias_qrels"
        ),
    }
)
"""The sets by name."""


@dataclass(frozen=True)
class PublicSet:
    """The labelled queries of one set."""

    name: str
    task: Task
    queries: tuple[Query, ...]
    goals: Mapping[str, Goal]


@dataclass(frozen=True)
class PublicIndex:
    """A corpus, and the sets that are measured over it."""

    name: str
    corpus: Corpus
    sets: tuple[PublicSet, ...]
    sampled: bool


def missing(data: Path) -> tuple[str, ...]:
    """A line for every known set that the folder lacks.

    Raises:
        GuideError: it has none of them.
    """
    lines = {name: _lacking(data / name) for name in SETS}
    if all(lines.values()):
        raise GuideError(f"none of the sets {', '.join(SETS)} is in {data}: name their folder with --data")
    return tuple(f"the set {name} is missing: there is no {lack}" for name, lack in lines.items() if lack)


def read_indexes(data: Path, sample: int | None = None) -> Iterator[PublicIndex]:
    """The sets that are there, those of one index together.

    Args:
        data: folder that holds a folder for each set.
        sample: queries to take of each set, with as many documents as these need; None takes all.

    Raises:
        GuideError: a file cannot be read; names it, and the line.
    """
    present = [name for name in SETS if _lacking(data / name) is None]
    for index in dict.fromkeys(SETS[name].index for name in present):
        names = [name for name in present if SETS[name].index == index]
        sets = tuple(_read_set(data / name, sample) for name in names)
        lines = {fields["_id"]: fields for name in names for fields in _lines(data / name / "corpus.jsonl")}
        kept = lines.keys() if sample is None else _needed(sets, list(lines))
        documents = tuple(_document(index, fields) for each, fields in lines.items() if each in kept)
        yield PublicIndex(index, Corpus(documents=documents), sets, sampled=len(documents) < len(lines))


def fingerprint(corpus: Corpus) -> str:
    """Changes whenever the corpus does."""
    digest = hashlib.sha256("".join(f"{each.id}:{each.digest}\n" for each in corpus.documents).encode())
    return digest.hexdigest()[:12]


def _lacking(folder: Path) -> Path | None:
    """The first file that the folder of a set lacks."""
    needed = (folder / "corpus.jsonl", folder / SETS[folder.name].queries)
    return next((path for path in needed if not path.is_file()), None)


def _read_set(folder: Path, sample: int | None) -> PublicSet:
    known = SETS[folder.name]
    relevant = _judgements(folder / known.judgements / "test.tsv")
    queries = [_labelled(known.query(fields), relevant) for fields in _lines(folder / known.queries)]
    used = [each for each in queries if each.relevant or each.answerable is not None]
    if sample is not None and sample < len(used):
        used = random.Random(SEED).sample(used, sample)
    return PublicSet(folder.name, known.task, tuple(used), known.goals)


def _labelled(query: Query, judged: Mapping[str, Sequence[str]]) -> Query:
    own = (query.gold,) if query.answerable and query.gold else ()
    return query.model_copy(update={"relevant": tuple(judged.get(query.id, own))})


def _judgements(path: Path) -> dict[str, list[str]]:
    """Relevant documents by query; empty where a set has no such file."""
    found: dict[str, list[str]] = {}
    if path.is_file():
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                if int(row["score"]) > 0:
                    found.setdefault(row["query-id"], []).append(row["corpus-id"])
    return found


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                yield _fields(path, number, line)
    except (OSError, UnicodeDecodeError) as error:
        raise GuideError(f"{path} cannot be read as UTF-8 text: {error}") from error


def _fields(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        fields = json.loads(line)
    except json.JSONDecodeError as error:
        raise GuideError(f"{path}, line {number}: not JSON ({error.msg})") from None
    if not isinstance(fields, dict) or not {"_id", "text"} <= fields.keys():
        raise GuideError(f'{path}, line {number}: an object with "_id" and "text" is expected')
    return fields


def _needed(sets: Sequence[PublicSet], ids: Sequence[str]) -> frozenset[str]:
    """What the queries were written for, what answers them, and some noise."""
    queries = [query for each in sets for query in each.queries]
    wanted = {name for query in queries for name in (*query.relevant, query.gold) if name is not None}
    others = [each for each in ids if each not in wanted]
    noise = random.Random(SEED).sample(others, min(len(others), NOISE_PER_QUERY * len(queries)))
    return frozenset(wanted).union(noise)


def _document(index: str, fields: Mapping[str, Any]) -> Document:
    outline = Outline()
    outline.title(str(fields.get("title") or "").replace("_", " "))
    outline.paragraph(fields["text"])
    parsed = outline.finish()
    return Document(
        id=fields["_id"], title=parsed.title, path=f"{index}/{fields['_id']}", media_type="text/plain",
        text=parsed.text, sections=parsed.sections, blocks=parsed.blocks,
        digest=hashlib.sha256(parsed.text.encode()).hexdigest(),
    )  # fmt: skip
