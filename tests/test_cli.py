"""The terminal door, called in this process: what it prints where, and with which exit code."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import assembly
import cli
from answering.assistant import Assistant
from answering.journal import Journal
from answering.wording import CLOSEST
from ingest.errors import GuideError
from tests.builds import bag_of_words
from tests.conftest import SmallContent

Run = Callable[..., tuple[int, str, str]]
GUIDE = "backend-developer-skills"


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Calls the terminal door; gives exit code, stdout and stderr, as the operating system saw them."""

    def call(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            cli.main([str(each) for each in arguments])
        out, err = capfd.readouterr()
        assert "\x1b" not in out + err, "no colours where nobody looks"
        assert isinstance(ended.value.code, int)
        return ended.value.code, out, err

    return call


@pytest.fixture
def ask(run: Run, assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The same, over the real guide's index, which is open already."""
    monkeypatch.setattr(assembly, "open_assistant", lambda settings, report: assistant)
    return run


@pytest.fixture
def small(small_content: SmallContent) -> Iterator[tuple[object, ...]]:
    """Options that name a small guide and an index to come, with a bag of words for the model."""
    with bag_of_words():
        content = small_content()
        yield "--content", content, "--index", content.parent / "index"


def _one_line(err: str) -> str:
    assert err.startswith("skill-guide: ") and err.endswith("\n") and err.count("\n") == 1, err
    return err.removeprefix("skill-guide: ").rstrip("\n")


def _lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def test_build_ends_with_a_summary(run: Run, small: tuple[object, ...]) -> None:
    code, out, err = run("build", *small)
    assert (code, err) == (0, "") and out.startswith("1 documents, ") and "gen-000001" in out
    code, out, _ = run("build", *small)
    assert code == 0 and " 0 added, 0 updated, 0 removed, " in out


def test_build_names_what_it_left_out_and_goes_on(run: Run, small: tuple[object, ...]) -> None:
    Path(str(small[1]), "empty.md").touch()
    code, out, err = run("build", *small)
    assert (code, err) == (0, "") and "skipped: empty.md is empty" in out
    code, out, err = run("build", *small, "--json")
    assert (code, err) == (0, "") and json.loads(out)["skipped"][0]["path"] == "empty.md"


def test_build_notes_how_a_file_was_read(run: Run, small: tuple[object, ...]) -> None:
    Path(str(small[1]), "latin.txt").write_bytes("Die Säge ist größer als der Hammer.".encode("latin-1"))
    for _ in range(2):  # also where nothing has changed
        code, out, err = run("build", *small)
        assert (code, err) == (0, "") and "note: latin.txt: encoding guessed: windows-1252\n" in out


def test_a_question_builds_the_index_that_is_missing(run: Run, small: tuple[object, ...]) -> None:
    code, out, err = run("search", "teeth of steel", "-k", 1, *small)
    assert (code, err) == (0, "") and "Its teeth are made of steel." in out


def test_the_environment_names_the_folders(
    run: Run, small: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SKILL_GUIDE_CONTENT", str(small[1]))
    monkeypatch.setenv("SKILL_GUIDE_INDEX", str(small[3]))
    assert run("show", "tools")[:2] == (0, run("show", "tools", *small)[1])


def test_show_prints_the_reading_text_and_nothing_else(run: Run, small: tuple[object, ...]) -> None:
    code, out, _ = run("show", "tools", *small)
    assert code == 0 and out.startswith("Two tools\n\nHammers\n\nA hammer drives") and out.endswith("made of steel.")
    assert json.loads(run("show", "tools", *small, "--json")[1])["text"] == out


def test_an_answer_is_printed_with_its_sources(ask: Run) -> None:
    code, out, err = ask("ask", "What is Git?")
    assert (code, err) == (0, "") and "[1] 5. Version Control (Git)" in out and "answered" in out
    assert "Understood as" not in out


def test_what_is_only_closest_is_printed_as_such(ask: Run) -> None:
    code, out, _ = ask("ask", "What port does PostgreSQL use?")
    assert code == 0 and out.startswith(CLOSEST) and "Nearest in the guide:" in out


def test_what_is_not_covered_is_an_outcome_not_an_error(ask: Run) -> None:
    code, out, err = ask("ask", "Who won the football world cup of 2010?")
    assert (code, err) == (0, "") and "Nearest in the guide:" in out and "[1]" not in out


def test_a_follow_up_is_printed_with_how_it_was_understood(ask: Run) -> None:
    code, out, _ = ask("ask", "And NoSQL?", "--turn", "What is SQL?", "--turn", "What is a relational database for?")
    assert code == 0 and "Understood as: What is NoSQL for?" in out


@pytest.mark.parametrize("question", ["", "\0", "\udcff\ud800", "🙂", "\x1b[2J", "why " * 2500, "\u202eמה זה?", "--"])
def test_any_question_gets_an_answer(ask: Run, question: str) -> None:
    for command in (("ask", "--json", "--", question), ("ask", "--", question)):
        code, out, err = ask(*command)
        assert (code, err) == (0, "") and out.strip()
    assert json.loads(ask("ask", "--json", "--", question)[1])["answer"]


def test_search_prints_ranks_places_and_reasons(ask: Run) -> None:
    code, out, err = ask("search", "Docker containers", "-k", 2)
    assert (code, err) == (0, "") and out.startswith("1. 4. Familiarity with") and "\n2. " in out
    assert "has the words “containers”" in out.lower() and "in meaning (" in out
    assert ask("search", "x", "-k", 1, "--section", "testing-and-debugging")[0] == 0


def test_a_batch_answers_line_by_line(ask: Run, tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = [
        '{"id": "a", "question": "What is Git?", "mood": "cheerful", "answerable": true}', "{broken", "",
        '{"id": 7, "question": "And NoSQL?", "turns": ["What is a relational database good for?"]}', "[1, 2]",
        '{"question": "What is Git?"}', '{"id": "b", "question": null}', '{"id": "c", "question": "x", "turns": "x"}',
        '{"id": "\\ud800", "question": 1}', '{"id": "nul", "question": "\\u0000"}', '{"id": [1], "question": "x"}',
        '{"id": "d", "question": "What is\u2028Git?\u0085"}', "[" * 100_000, '{"id": "7", "question": ""}',
    ]  # fmt: skip
    source.write_bytes("\r\n".join(lines).encode() + b'\n{"id": "e", "question": "\xff"}')
    assert ask("ask", "--batch", source, "--out", target) == (0, "", "")
    found = _lines(target)
    assert [each["id"] for each in found] == [
        "a", None, 7, None, None, "b", "c", "\ud800", "nul", None, "d", None, "7", "e",
    ]  # fmt: skip
    failed = [place for place, each in enumerate(found) if "error" in each]
    assert failed == [1, 3, 4, 5, 6, 7, 9, 11]
    for place in failed:
        assert found[place].keys() == {"id", "error"} and "\n" not in str(found[place]["error"])
    assert str(found[1]["error"]).startswith("line 2: ") and str(found[3]["error"]).startswith("line 5: ")
    assert "NoSQL" in str(found[2]["standalone_question"])
    alone = json.loads(ask("ask", "--json", "What is Git?")[1])
    assert found[0]["answer"] == found[10]["answer"] == alone["answer"]


def test_an_empty_batch_is_no_error(ask: Run, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text("\n \n")
    assert ask("ask", "--batch", tmp_path / "in.jsonl", "--out", tmp_path / "out.jsonl") == (0, "", "")
    assert (tmp_path / "out.jsonl").read_text() == ""


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "Missing command; see skill-guide --help"),
        (("answer",), "No such command 'answer'"),
        (("ask",), "give one question in quotes"),
        (("ask", "--loud", "What?"), "No such option: --loud"),
        (("ask", "\x1b[31m", "more"), "unexpected extra argument"),
        (("ask", "What?", "--batch", "in.jsonl"), "give one question in quotes"),
        (("ask", "--batch", "in.jsonl"), "--batch needs --out OUT.jsonl"),
        (("ask", "--batch", "nowhere.jsonl", "--out", "out.jsonl"), "nowhere.jsonl cannot be read (No such file"),
        (("ask", "--batch", ".", "--out", "out.jsonl"), ". cannot be read (Is a directory)"),
        (("search",), "Missing argument"),
        (("search", ""), "Please ask a question in words"),
        (("search", "Git", "-k", "0"), "Invalid value for '-k'"),
        (("search", "Git", "-k", "many"), "Invalid value for '-k'"),
        (("search", "Git", "--section", "git"), "no section 'git'"),
        (("show", "nothing"), f"no document 'nothing' in the index; there are: {GUIDE}"),
        (("show",), "Missing argument"),
        (("build", "--content"), "requires an argument"),
        (("build", "now"), "unexpected extra argument"),
    ],
)
def test_wrong_use_gets_one_line_and_exit_code_2(ask: Run, arguments: tuple[str, ...], says: str) -> None:
    code, out, err = ask(*arguments)
    assert (code, out) == (2, "") and says in _one_line(err)


def test_answers_that_cannot_be_written_are_an_error(ask: Run, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"id": 1, "question": "What is Git?"}')
    code, out, err = ask("ask", "--batch", tmp_path / "in.jsonl", "--out", tmp_path / "no" / "out.jsonl")
    assert (code, out) == (2, "") and "out.jsonl cannot be written (No such file" in _one_line(err)


@pytest.mark.parametrize("command", [("build",), ("ask", "Why?"), ("search", "why"), ("show", "tools")])
def test_a_missing_folder_of_guides_is_an_error(run: Run, tmp_path: Path, command: tuple[str, ...]) -> None:
    code, out, err = run(*command, "--content", tmp_path / "no\nwhere", "--index", tmp_path / "index")
    assert (code, out) == (2, "") and "no folder of guides" in _one_line(err)
    assert not (tmp_path / "index").exists()


def test_an_empty_folder_of_guides_is_an_error(run: Run, tmp_path: Path) -> None:
    code, out, err = run("build", "--json", "--content", tmp_path, "--index", tmp_path / "index")
    assert (code, out) == (2, "") and "put a Markdown or text file there" in _one_line(err)


def test_an_index_that_cannot_be_written_is_an_error(run: Run, small: tuple[object, ...]) -> None:
    Path(str(small[3])).write_text("a file stands in the way")
    code, out, err = run("build", *small)
    assert (code, out) == (2, "") and "cannot be written to" in _one_line(err)


def test_a_wrong_setting_is_an_error(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKILL_GUIDE_PORT", "eighty")
    code, out, err = run("build")
    assert (code, out) == (2, "") and _one_line(err).startswith("SKILL_GUIDE_PORT cannot be 'eighty'")


@pytest.mark.parametrize(
    ("fault", "expected"),
    [(GuideError("the cure is\nhere"), 2), (RuntimeError("boom\nbang"), 1), (OSError(5, "Input/output error"), 1)],
)
def test_a_fault_of_the_program_is_told_from_bad_input(
    run: Run, monkeypatch: pytest.MonkeyPatch, fault: Exception, expected: int
) -> None:
    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr(assembly, "open_assistant", fail)
    code, out, err = run("ask", "What is Git?")
    assert (code, out) == (expected, "") and _one_line(err)
    assert ("something went wrong" in err) is (expected == 1)


def test_gaps_are_shown_by_meaning_and_as_lines(
    ask: Run, assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SKILL_GUIDE_FEEDBACK_FOLDER", str(tmp_path))
    assert ask("gaps") == (0, "No question went unanswered so far.\n", "")
    for question in (
        "What does a backend developer earn?",
        "What is the salary of a backend developer?",
        "Which port does Redis use?",
    ):
        Journal(tmp_path).note(assistant.ask(question))
    groups = json.loads(ask("gaps", "--json")[1])
    assert [each["asked"] for each in groups] == [2, 1]
    assert ask("gaps")[1].startswith("   2 x  ")
    assert all(not json.loads(line)["answerable"] for line in ask("gaps", "--lines")[1].splitlines())


def test_answers_never_overwrite_the_questions(ask: Run, tmp_path: Path) -> None:
    questions = '{"id": 1, "question": "What is Git?"}'
    (tmp_path / "in.jsonl").write_text(questions)
    (tmp_path / "same.jsonl").symlink_to(tmp_path / "in.jsonl")
    code, out, err = ask("ask", "--batch", tmp_path / "in.jsonl", "--out", tmp_path / "same.jsonl")
    assert (code, out) == (2, "") and "same.jsonl is the file that is read" in _one_line(err)
    assert (tmp_path / "in.jsonl").read_text() == questions
