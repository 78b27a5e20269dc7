import json
from pathlib import Path

import pytest
from rich.console import Console

from evaluation.provenance import UNKNOWN, commit
from evaluation.questions import Question
from evaluation.report import Report, tables
from evaluation.run import Job, evaluate, sampled
from evaluation.subject import Installation, installation
from ingest.documents import Document
from ingest.errors import GuideError
from ingest.reader import read_corpus
from tests.conftest import SmallContent
from tests.fakes_eval import Line, ScriptedAssistant
from tests.test_questions import BANKED, OPEN, write_lines

WEIGHS, CUTS = "It weighs 500 grams.", "A saw cuts wood along a line."
HERE = Installation(generation="gen-000001", model="scripted")


@pytest.fixture
def guide(small_content: SmallContent) -> Document:
    return read_corpus(small_content()).documents[0]


SCRIPT = {
    "How heavy is a hammer?": Line((WEIGHS,), 0.9),
    "What does a saw do?": Line((CUTS,), 0.8, closest=True),
    "Price of a saw?": Line((CUTS,), 0.7),
    "And its price?": Line((), 0.2),
}
QUESTIONS = (
    {**OPEN, "sections": ["hammers"]},
    {**OPEN, "id": "o-2", "question": "What does a saw do?", "sections": ["saws"], "must": [["drills"]], "kind": "why"},
    BANKED,
    {**BANKED, "id": "a-2", "question": "And its price?", "turns": ["What does a saw do?"], "kind": "followup"},
)


def run(guide: Document, tmp_path: Path) -> tuple[Report, ScriptedAssistant, Path]:
    assistant, out = ScriptedAssistant([guide], SCRIPT), tmp_path / "new" / "results"
    questions = write_lines(tmp_path / "questions.jsonl", *QUESTIONS)
    return evaluate(assistant, Job(installation=HERE, questions=questions, out=out)), assistant, out


def test_evaluate_counts_what_happened(guide: Document, tmp_path: Path) -> None:
    report, assistant, _ = run(guide, tmp_path)
    figures = {each.name: each for each in report.questions.figures}
    right = figures["answerable: shown, all facts, right section"]
    assert (right.share.hits, right.share.of, right.reached) == (1, 2, False)
    assert figures["near misses answered"].share.hits == 1 and figures["near misses answered"].reached is False
    assert figures["answerable, not answered"].share.value == 0.5
    assert figures["answerable follow-ups: right section shown"].share.of == 0
    assert report.questions.risk.risk[-1] == 0.75
    assert report.questions.discrimination["all others"].value == 1
    assert [each.answerable for each in report.questions.kinds] == [True, True, False, False]
    assert report.questions.citing.answers.value == 1
    assert assistant.warmed and assistant.asked[-1] == ("And its price?", ("What does a saw do?",))


def test_evaluate_writes_report_outcomes_and_plots(guide: Document, tmp_path: Path) -> None:
    report, _, out = run(guide, tmp_path)
    assert Report.model_validate_json((out / "evaluation.json").read_text()) == report
    assert (report.generation, report.model, report.remarks) == (HERE.generation, HERE.model, ())
    outcomes = [json.loads(line) for line in (out / "outcomes.jsonl").read_text().splitlines()]
    assert [(each["id"], each["right"]) for each in outcomes] == [
        ("open-1", True), ("o-2", False), ("a-1", False), ("a-2", True),
    ]  # fmt: skip
    for plot in ("reliability.png", "risk-coverage.png"):
        assert (out / plot).read_bytes().startswith(b"\x89PNG")


def test_the_tables_hold_the_figures(guide: Document, tmp_path: Path) -> None:
    console = Console(width=120)
    with console.capture() as capture:
        console.print(*tables(run(guide, tmp_path)[0]))
    text = capture.get()
    assert "near_miss" in text and "≥ 93%" in text and "4 questions of questions.jsonl" in text


def test_results_that_cannot_be_written_are_named(guide: Document, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    questions = write_lines(tmp_path / "q.jsonl", BANKED)
    with pytest.raises(GuideError, match="results cannot be written"):
        evaluate(ScriptedAssistant([guide]), Job(installation=HERE, questions=questions, out=tmp_path / "file" / "x"))


def test_a_sample_is_the_same_every_time() -> None:
    questions = [Question(id=str(number), question="?", kind="why", answerable=False) for number in range(100)]
    assert sampled(questions, 7) == sampled(questions, 7) != tuple(questions[:7])
    assert sampled(questions, None) == sampled(questions, 100) == tuple(questions)


def test_outside_git_the_commit_is_unknown(tmp_path: Path) -> None:
    assert commit(tmp_path) == UNKNOWN


def test_an_index_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(GuideError, match="run skill-guide build"):
        installation(tmp_path)
