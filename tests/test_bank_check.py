import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

import assembly
import cli
from answering.answer import Answer, Nearest, Status
from answering.assistant import Assistant
from answering.bank import FOLDER, read_questions
from answering.bank_check import BankReport, bank_line, checked, complaint, lines_for_bank, lines_of
from answering.bank_findings import Severity
from ingest.errors import GuideError
from settings import PROJECT
from tests.builds import bag_of_words
from tests.conftest import SmallContent
from tests.fakes import BagOfWordsEmbedder
from tests.indexes import TOOLS, passages
from tests.test_bank import ANSWERABLE, NEAR_MISS, written

HAMMER = ANSWERABLE | {"sections": ["hammers"]}
SAW = {
    **HAMMER,
    "id": "a-3",
    "question": "What are the teeth of a saw?",
    "sections": ["saws"],
    "facts": [["STEEL"]],
}
Check = Callable[..., BankReport]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Checks lines against the workshop guide."""

    def run(*lines: object) -> BankReport:
        return checked(written(tmp_path, "tools.jsonl", *lines), passages(TOOLS), BagOfWordsEmbedder().encode)

    return run


def _said(report: BankReport, severity: Severity) -> list[tuple[int, str]]:
    return [(each.line, each.text) for each in report.findings if each.severity is severity]


def test_a_good_bank_gets_counts_and_no_complaint(check: Check) -> None:
    report = check(HAMMER, SAW, NEAR_MISS)
    assert (report.questions, report.answerable_share, report.findings, report.unusable) == (3, 0.6667, (), ())
    assert report.kinds == {"lookup": 2, "near_miss": 1} and complaint(Path("x"), report) is None
    assert report.sections_without_question == ("tools", "hammers/handles")
    assert report.hints == ("no question about tools, hammers/handles",)
    assert list(lines_of(report))[-1] == "3 questions, 67% answerable; 1 hints, 0 lines that cannot be used"


def test_every_bad_line_is_named(check: Check) -> None:
    report = check("{", HAMMER, "", {**HAMMER, "facts": []}, {"id": "x"}, {**NEAR_MISS, "question": " "})
    assert report.unusable == (1, 4, 5, 6) and report.questions == 2
    wrong = complaint(Path("there/tools.jsonl"), report)
    assert wrong is not None and wrong.startswith("4 lines of tools.jsonl cannot be used; mend line 1 first: ")


@pytest.mark.parametrize(
    ("unknown", "nearest"),
    [("tools/hamers", "hammers"), ("sawz", "saws"), ("workshop/handle", "hammers/handles")],
)
def test_an_unknown_section_comes_with_the_nearest(check: Check, unknown: str, nearest: str) -> None:
    [(line, text)] = _said(check(SAW, {**HAMMER, "sections": [unknown]}), Severity.ERROR)
    assert line == 2 and text == f'no section "{unknown}" in the guide; the nearest is "{nearest}"'


def test_a_fact_that_the_sections_do_not_say_is_named_with_where_it_is(check: Check) -> None:
    facts = [["drives  NAILS"], ["5 kg", "steel"], ["bronze"], [""]]
    found = _said(check({**HAMMER, "facts": facts}), Severity.ERROR)
    assert [text for _, text in found] == [
        '"5 kg" or "steel" is not said in hammers; it is in saws',
        '"bronze" is not said in hammers',
        '"" is not said in hammers',
    ]


def test_a_near_duplicate_is_a_hint_and_an_opposite_label_an_error(check: Check) -> None:
    same = {**HAMMER, "id": "b", "question": "how heavy is a hammer"}
    report = check(HAMMER, SAW, same, {**NEAR_MISS, "question": "A hammer is how heavy?"})
    assert _said(report, Severity.HINT) == [(3, 'asks the same as line 1, "How heavy is a hammer?"')]
    [(line, text)] = _said(report, Severity.ERROR)
    assert line == 4 and "labelled answerable" in text and report.unusable == (4,)


def test_follow_ups_are_the_same_only_after_the_same_questions(check: Check) -> None:
    long = ["How heavy is a hammer of the kind that also pulls nails out of wood?"]
    first = {**HAMMER, "question": "And why?", "turns": long}
    others = [{**NEAR_MISS, "question": "And why?", "turns": ["What is a saw?"]},
              {**NEAR_MISS, "id": "c", "question": "Price?", "turns": long}]  # fmt: skip
    assert check(first, *others).findings == ()
    assert check(first, {**first, "id": "d"}).findings


def test_an_id_that_was_there_is_a_hint(check: Check) -> None:
    assert _said(check(HAMMER, {**SAW, "id": "a-1"}), Severity.HINT) == [(2, 'id "a-1" is that of line 1')]


@pytest.mark.parametrize(("lines", "hint"), [((), "no question yet"), ((HAMMER,), "100% of"), ((NEAR_MISS,), "0% of")])
def test_what_the_bank_as_a_whole_lacks_is_a_hint(check: Check, lines: tuple[object, ...], hint: str) -> None:
    report = check(*lines)
    assert hint in report.hints[0] and report.unusable == ()


def test_the_real_model_tells_another_subject_from_other_words(assistant: Assistant, tmp_path: Path) -> None:
    with assistant.generations.use() as generation:
        guide = generation.passages
    asked = ["What port does PostgreSQL use?", "what port does postgresql use", "What port does MongoDB use?"]
    file = written(tmp_path, "a.jsonl", *({**NEAR_MISS, "id": each, "question": each} for each in asked))
    assert [each.line for each in checked(file, guide, assistant.embed).findings] == [2]


def _answer(**fields: object) -> Answer:
    near = Nearest(document="tools", section="saws", headings=("Tools", "Saws"), passage="p", score=1.0)
    made = {
        "question": "And its price?", "standalone_question": "What is the price of a säw?", "status": Status.CLOSEST,
        "answer": "x", "nearest": (near, near), "missing": "the price", "confidence": 0.1, "milliseconds": 1.0,
    }  # fmt: skip
    return Answer.model_validate(made | fields)


def test_a_question_without_answer_becomes_a_line(check: Check, tmp_path: Path) -> None:
    line = bank_line(_answer())
    [question] = read_questions(written(tmp_path, "a.jsonl", line))
    assert (question.question, question.missing) == ("What is the price of a säw?", "the price")
    assert (question.answerable, question.kind, question.sections) == (False, "near_miss", ("saws",))
    assert "säw" in line and line == bank_line(_answer()) and check(line).unusable == ()
    with pytest.raises(ValueError, match="answered"):
        bank_line(_answer(status=Status.ANSWERED))


def test_only_what_was_searched_for_in_vain_is_offered_and_once() -> None:
    outcomes = {
        "a": _answer(standalone_question="a"), "b": _answer(status=Status.ANSWERED),
        "c": _answer(status=Status.NOT_COVERED, nearest=()), "d": _answer(standalone_question="d", missing=None),
    }  # fmt: skip
    lines = list(lines_for_bank(["a\n", "\n", "b\n", " A \n", "c\n", "d"], outcomes.__getitem__))
    assert [json.loads(line)["question"] for line in lines] == ["a", "d"]


def _run(capfd: pytest.CaptureFixture[str], *arguments: object) -> tuple[object, str, str]:
    with pytest.raises(SystemExit) as ended:
        cli.main(["questions", *map(str, arguments)])
    return (ended.value.code, *capfd.readouterr())


def test_the_terminal_checks_a_bank_that_no_index_can_be_built_with(
    small_content: SmallContent, capfd: pytest.CaptureFixture[str]
) -> None:
    content = small_content()
    file = written(content, "tools.jsonl", {**ANSWERABLE, "sections": ["nails"]}, "{", "[]")
    assert file.parent.name == FOLDER
    options = (file, "--content", content, "--index", content.parent / "index")
    with bag_of_words():
        code, out, err = _run(capfd, "check", *options)
        assert code == 2 and "line 2: error: " in out and "line 3: error: " in out
        assert (
            err.startswith("skill-guide: 3 lines of tools.jsonl cannot be used; mend line 1") and err.count("\n") == 1
        )
        code, out, _ = _run(capfd, "check", "--json", *options)
        assert code == 2 and BankReport.model_validate_json(out).unusable == (1, 2, 3)
        written(content, "tools.jsonl", ANSWERABLE)
        code, out, err = _run(capfd, "check", *options)
    assert (code, err) == (0, "") and out.endswith("hints, 0 lines that cannot be used\n")


def test_the_terminal_names_a_file_that_is_not_there(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = _run(capfd, "check", "nowhere.jsonl", "--content", PROJECT / "content")
    assert (code, out) == (2, "") and "nowhere.jsonl cannot be read" in err and err.count("\n") == 1


def test_the_terminal_prints_unanswered_questions_as_lines(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(assembly, "open_assistant", lambda settings, report: assistant)
    asked = b"What is Git?\nWhat port does PostgreSQL use?\n\n\xff\n"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(asked)))
    code, out, err = _run(capfd, "unanswered")
    assert (code, err) == (0, "")
    [line] = map(json.loads, out.splitlines())
    assert line["question"] == "What port does PostgreSQL use?" and not line["answerable"] and line["sections"]


def test_a_bank_that_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GuideError, match="cannot be read"):
        checked(tmp_path, passages(TOOLS), BagOfWordsEmbedder().encode)
