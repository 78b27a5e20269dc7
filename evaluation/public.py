"""Measures retrieval, abstention, follow-ups and look-ups on public sets, by the project's own index. Knows no set."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from answering.answer import Answer
from evaluation.datasets import NDCG, PublicIndex, PublicSet, Query, Task, fingerprint, missing, read_indexes
from evaluation.metrics import auroc, risk_coverage
from evaluation.names import looked_up
from evaluation.report import SetReport
from evaluation.subject import OpenOver, Progress, Subject
from ingest.errors import GuideError

if TYPE_CHECKING:
    from ir_measures.measures import Measure

MEASURES: Final = ("R@1", NDCG, "R@10", "R@100")
DEPTH: Final = 300
"""Passages searched for: a document has several, and the deepest measure wants 100 documents."""


@dataclass(frozen=True)
class Public:
    """Public sets, and how an assistant over one of them is opened."""

    data: Path
    """Folder that holds a folder for each set."""
    work: Path
    """Where their indexes are built and kept for the next time."""
    open_over: OpenOver


def measure(public: Public, sample: int | None, progress: Progress) -> tuple[tuple[SetReport, ...], tuple[str, ...]]:
    """What every set gave that is there, and a line for each that is not.

    Args:
        public: the sets.
        sample: queries to take of each, with as many documents as these need; None takes all.
        progress: told what is being done.

    Raises:
        GuideError: no set is there, one cannot be read, or ir-measures is not installed.
    """
    absent = missing(public.data)
    _measures()
    found = [report for each in read_indexes(public.data, sample) for report in _over(public, each, progress)]
    return tuple(found), absent


def _over(public: Public, index: PublicIndex, progress: Progress) -> Iterator[SetReport]:
    folder = public.work / f"{index.name}-{fingerprint(index.corpus)}"
    subject = public.open_over(index.corpus, folder, _named(progress, f"indexing {index.name}"))
    subject.warm()
    for each in index.sets:
        yield _report(subject, index, each, _named(progress, f"asking {each.name}"))


def _named(progress: Progress, name: str) -> Progress:
    return lambda what, share: progress(f"{name}: {what}" if what else name, share)


def _report(subject: Subject, index: PublicIndex, asked: PublicSet, progress: Progress) -> SetReport:
    report = SetReport(
        name=asked.name, documents=len(index.corpus.documents), queries=len(asked.queries),
        retrieval={}, goals=dict(asked.goals), sampled=index.sampled,
    )  # fmt: skip
    if asked.task is Task.FOLLOWUP:
        return report.model_copy(update=_followups(subject, asked.queries, progress))
    if asked.task is Task.NAMES:
        return report.model_copy(update={"retrieval": looked_up(subject, index.corpus, asked.queries, progress)})
    retrieval = _retrieval(asked.queries, lambda query: _ranking(subject, query.text), progress)
    if asked.task is Task.RETRIEVAL:
        return report.model_copy(update={"retrieval": retrieval})
    return report.model_copy(update={"retrieval": retrieval, **_abstention(subject, asked.queries, progress)})


def _followups(subject: Subject, queries: Sequence[Query], progress: Progress) -> dict[str, object]:
    def understood(query: Query) -> dict[str, float]:
        standalone = subject.ask(query.text, query.turns).standalone_question if query.turns else query.text
        return _ranking(subject, standalone)

    return {
        "retrieval": _retrieval(queries, understood, progress),
        "last_turn": _retrieval(queries, lambda query: _ranking(subject, query.text), progress),
    }


def _abstention(subject: Subject, queries: Sequence[Query], progress: Progress) -> dict[str, object]:
    answers: list[Answer] = []
    for number, query in enumerate(queries):
        progress("deciding", number / len(queries))
        answers.append(subject.ask(query.text))
    answerable = [bool(query.answerable) for query in queries]
    stated = [answer.confidence for answer in answers]
    wrong = [not _answers(query, answer) for query, answer in zip(queries, answers, strict=True)]
    yes = [each for each, can in zip(stated, answerable, strict=True) if can]
    no = [each for each, can in zip(stated, answerable, strict=True) if not can]
    return {"abstention": auroc(yes, no), "risk": risk_coverage(stated, wrong)}


def _answers(query: Query, answer: Answer) -> bool:
    """Whether answering is right: the query is answerable, and a document that answers it is quoted or offered."""
    places = {each.document for each in (*answer.citations, *answer.nearest)}
    return bool(query.answerable) and not places.isdisjoint(query.relevant)


def _ranking(subject: Subject, query: str) -> dict[str, float]:
    """Documents with their score, which is that of their best passage."""
    found: dict[str, float] = {}
    try:
        hits = subject.search(query, DEPTH)
    except GuideError:  # a turn without a word in it, or too long to be a question
        return found
    for hit in hits:  # best first
        found.setdefault(hit.document, hit.score)
    return found


def _retrieval(
    queries: Sequence[Query], rank: Callable[[Query], Mapping[str, float]], progress: Progress
) -> dict[str, float]:
    """Means over the queries that some document answers."""
    measured = [query for query in queries if query.relevant]
    judged = {query.id: dict.fromkeys(query.relevant, 1) for query in measured}
    ranked: dict[str, dict[str, float]] = {}
    for number, query in enumerate(measured):
        progress("searching", number / len(measured))
        ranked[query.id] = dict(rank(query))
    if not measured:
        return {}
    import ir_measures

    values = ir_measures.calc_aggregate(_measures(), judged, ranked)
    return {str(measure): float(values[measure]) for measure in _measures()}


def _measures() -> "list[Measure]":
    try:
        import ir_measures
    except ImportError:
        raise GuideError("public sets need ir-measures, which is not installed; make test installs it") from None
    return [ir_measures.parse_measure(name) for name in MEASURES]
