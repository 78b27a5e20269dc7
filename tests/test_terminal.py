"""The terminal door as a process of its own: what only the operating system can show."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from settings import PROJECT, Settings
from tests.conftest import SmallContent
from tests.test_architecture import HEAVY

DOCUMENT = "backend-developer-skills"
# The root user may write everywhere; without these two capabilities it may do what the permissions say.
BOUND = "import ctypes, os, sys\nfor number in (1, 2): ctypes.CDLL(None).prctl(24, number, 0, 0, 0)\n"
BOUND += "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
EACH_HELP = """
import sys, cli
single = [[each.name or each.callback.__name__] for each in cli.app.registered_commands]
for command in [[], *single, ["questions"], ["questions", "check"], ["questions", "unanswered"]]:
    try:
        cli.main([*command, "--help"])
    except SystemExit as ended:
        assert ended.code == 0, command
print("LOADED", *sorted(set(sys.argv[1:]) & set(sys.modules)))
"""


def _run(*command: str | os.PathLike[str], bound: bool = False) -> subprocess.CompletedProcess[str]:
    start = [sys.executable, *(["-c", BOUND] if bound else [])]
    return subprocess.run(
        [*start, "-m", "cli", *command], cwd=PROJECT, capture_output=True, text=True, timeout=240, check=False
    )


@pytest.fixture
def read_only(guide_index: Settings, tmp_path: Path) -> Path:
    """A copy of the real guide's index to which nobody may write, nor to the folder that it is in."""
    index = tmp_path / "disk" / "index"
    shutil.copytree(guide_index.index, index)
    folders = [index.parent, index, *(path for path in index.rglob("*") if path.is_dir())]
    for path in [*folders, *(path for path in index.rglob("*") if path.is_file())]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    return index


def test_every_help_prints_at_once() -> None:
    done = subprocess.run(
        [sys.executable, "-c", EACH_HELP, *HEAVY], cwd=PROJECT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.endswith("LOADED\n") and not done.stderr
    assert done.stdout.count("Usage:") >= 5 and "\x1b" not in done.stdout
    for option in ("--turn", "--batch", "--out", "--json", "--section", "--content", "--index"):
        assert option in done.stdout


def test_a_wrong_option_is_one_line_and_exit_code_2() -> None:
    done = _run("ask", "--loud", "What is Git?")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("skill-guide: No such option: --loud") and done.stderr.count("\n") == 1


def test_from_a_read_only_disk_it_answers_but_does_not_build(read_only: Path, small_content: SmallContent) -> None:
    before = {path: path.stat().st_mtime_ns for path in read_only.rglob("*")}
    asked = _run("ask", "What is Git?", "--index", read_only, bound=True)
    assert (asked.returncode, asked.stderr) == (0, "")
    assert "[1] 5. Version Control (Git)" in asked.stdout and "\x1b" not in asked.stdout
    built = _run("build", "--content", small_content(), "--index", read_only, bound=True)
    assert (built.returncode, built.stdout) == (2, "")
    assert built.stderr.startswith(f"skill-guide: the index folder {read_only} cannot be written to (Permission")
    assert built.stderr.count("\n") == 1
    assert {path: path.stat().st_mtime_ns for path in read_only.rglob("*")} == before


def test_guides_that_may_not_be_read_are_an_error(small_content: SmallContent, tmp_path: Path) -> None:
    content = small_content()
    content.chmod(0)
    done = _run("build", "--content", content, "--index", tmp_path / "index", bound=True)
    content.chmod(0o755)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("skill-guide: ") and done.stderr.count("\n") == 1 and str(content) in done.stderr


def test_a_guide_that_may_not_be_read_is_named(small_content: SmallContent, tmp_path: Path) -> None:
    content = small_content()
    (content / "tools.md").chmod(0)
    done = _run("build", "--content", content, "--index", tmp_path / "index", bound=True)
    assert done.returncode == 2 and "tools.md cannot be read (Permission denied)" in done.stderr


def test_a_reader_that_has_seen_enough_hears_no_complaint(guide_index: Settings) -> None:
    command = [sys.executable, "-m", "cli", "show", DOCUMENT, "--index", str(guide_index.index)]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout and process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""


def test_a_question_that_is_no_text_gets_one_clear_sentence(guide_index: Settings) -> None:
    done = _run("ask", os.fsdecode(b"\xff\xfe"), "--json", "--index", guide_index.index)
    assert (done.returncode, done.stderr) == (0, "") and '"answer":"Please ask a question in words' in done.stdout
