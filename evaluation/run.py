"""Measures an assistant on labelled questions and public sets; writes the report and its plots. Knows no index."""

import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from answering.answer import Answer
from evaluation.ads import measure_ads
from evaluation.judge import CitationCheck, Judgement, check_citations, judge
from evaluation.plots import reliability, risk_against_coverage
from evaluation.provenance import PROJECT, RESULTS, commit, now
from evaluation.public import Public, measure
from evaluation.questions import Question, load_questions
from evaluation.report import Report
from evaluation.subject import Installation, Progress, Subject, silent
from evaluation.summary import Outcome, summarise
from ingest.errors import GuideError

BANK: Final = PROJECT / "content" / "questions"
REPORT, DETAILS = "evaluation.json", "outcomes.jsonl"
SEED: Final = 2026


@dataclass(frozen=True)
class Job:
    """What is to be measured, and where the results go."""

    installation: Installation
    questions: Path = BANK
    """A question file in either format, or a folder of them."""
    out: Path = RESULTS
    sample: int | None = None
    """Questions to take, and queries of each public set; None takes all."""
    public: Public | None = None


def evaluate(assistant: Subject, job: Job, progress: Progress = silent) -> Report:
    """Measures, and writes `evaluation.json`, `outcomes.jsonl` and the plots into `job.out`.

    Raises:
        GuideError: a question file or a public set cannot be used, or the results cannot be written.
    """
    questions = sampled(load_questions(job.questions), job.sample)
    _make(job.out)
    assistant.warm()
    outcomes = tuple(_outcomes(assistant, questions, progress))
    ads, lacking = measure_ads(assistant, progress)
    sets, remarks = measure(job.public, job.sample, progress) if job.public else ((), ())
    report = Report(
        commit=commit(), date=now(),
        generation=job.installation.generation, model=job.installation.model, sample=job.sample,
        questions=summarise(job.questions.name, outcomes), ads=ads, sets=sets, remarks=(*lacking, *remarks),
    )  # fmt: skip
    report = report.model_copy(update={"remarks": (*report.remarks, *_plots(report, job.out))})
    _write(job.out / DETAILS, "".join(f"{_detail(each)}\n" for each in outcomes))
    _write(job.out / REPORT, report.model_dump_json(indent=1) + "\n")
    progress("done", 1.0)
    return report


def sampled(questions: Sequence[Question], size: int | None) -> tuple[Question, ...]:
    """That many questions at random, the same ones every time, in order; all of them if `size` is None."""
    if size is None or size >= len(questions):
        return tuple(questions)
    taken = sorted(random.Random(SEED).sample(range(len(questions)), size))
    return tuple(questions[each] for each in taken)


def _outcomes(assistant: Subject, questions: Sequence[Question], progress: Progress) -> Iterator[Outcome]:
    texts: dict[str, str] = {}

    def text_of(document: str) -> str:
        if document not in texts:
            texts[document] = assistant.document(document).text
        return texts[document]

    for number, question in enumerate(questions):
        progress("asking questions", number / len(questions))
        started = time.perf_counter()
        answer = assistant.ask(question.question, question.turns)
        spent = (time.perf_counter() - started) * 1000
        yield Outcome(question, answer, judge(question, answer), check_citations(answer, text_of), spent)


def _plots(report: Report, out: Path) -> tuple[str, ...]:
    """Draws what there is; a line where that could not be."""
    asked = report.questions
    curves = {asked.source: asked.risk} | {each.name: each.risk for each in report.sets if each.risk is not None}
    try:
        reliability(
            {"answerable": asked.answerable_calibration, "answered rightly": asked.right_calibration},
            out / "reliability.png",
        )
        risk_against_coverage(curves, out / "risk-coverage.png")
    except GuideError as error:
        return (str(error),)
    except OSError as error:
        raise _unwritable(out, error) from error
    return ()


def _detail(outcome: Outcome) -> str:
    """One question's outcome as a line of JSON, for those who look for what went wrong."""
    asked: Question = outcome.question
    answer: Answer = outcome.answer
    judged: Judgement = outcome.judgement
    cited: CitationCheck = outcome.citing
    return json.dumps(
        {
            "id": asked.id, "kind": asked.kind, "answerable": asked.answerable, "question": asked.question,
            "standalone_question": answer.standalone_question, **judged.model_dump(mode="json"),
            "confidence": answer.confidence, "sections": [each.section for each in answer.citations],
            "missing": answer.missing, "citations_right": cited.right, "milliseconds": round(outcome.milliseconds, 2),
        },
        ensure_ascii=False,
    )  # fmt: skip


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from error


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> GuideError:
    return GuideError(f"the results cannot be written to {path} ({error.strerror}): name another folder")
