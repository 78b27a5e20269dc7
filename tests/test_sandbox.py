"""Whatever a parser does, the parent lives, says why the file was left out, and reads the next one."""

import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.errors import GuideError
from ingest.reader import read_corpus
from ingest.sandbox import Sandbox
from settings import PROJECT
from tests.hostile_worker import FAULTS

MEGABYTES = 200
CRASHED = r"cannot be read: its parser crashed or ran out of memory \((signal|exit) \d+\)"
SLOW = r"takes more than 1 s to be read: split it"
BROKEN = r"cannot be read: it seems to be broken \(\w+\)"
GREEDY = "takes too much memory to be read: split it"
REASONS = {
    "spin": SLOW, "sleep": SLOW, "stop": SLOW, "fill memory and swallow": SLOW, "nonsense": f"{SLOW}|{CRASHED}",
    "fill memory": GREEDY, "one huge list": GREEDY, "recurse": "is nested too deeply to be read",
    "recurse natively": f"{CRASHED}|{GREEDY}|{SLOW}|is nested too deeply to be read", "fork": BROKEN, "shell": BROKEN,
    "connect": BROKEN, "write": BROKEN, "raise": BROKEN, "raise a warning": BROKEN,
    "refuse": "is refused by its parser",
}  # fmt: skip


@pytest.fixture(scope="module")
def hostile() -> Iterator[Sandbox]:
    """A sandbox whose parser for text does what the text says; patient, so that a busy machine changes no reason."""
    with Sandbox(megabytes=MEGABYTES, module="tests.hostile_worker") as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def impatient() -> Iterator[Sandbox]:
    """The same, for parsers that never end."""
    with Sandbox(seconds=1, megabytes=MEGABYTES, module="tests.hostile_worker") as sandbox:
        yield sandbox


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_a_parser_costs_one_file(hostile: Sandbox, impatient: Sandbox, fault: str) -> None:
    expected = REASONS.get(fault, CRASHED)
    sandbox = impatient if SLOW in expected else hostile
    with pytest.raises(GuideError) as refused:
        sandbox.read(f"fault: {fault}".encode(), ".txt")
    assert re.fullmatch(expected, str(refused.value)), str(refused.value)
    assert hostile.read(b"sane", ".txt").text == "sane"


def test_what_a_parser_prints_goes_nowhere(hostile: Sandbox, capfd: pytest.CaptureFixture[str]) -> None:
    assert hostile.read(b"fault: print", ".txt").text == "fault: print"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("fault", ["huge reply", "lying spans"])
def test_a_reply_is_checked(hostile: Sandbox, fault: str) -> None:
    with pytest.raises(GuideError):
        hostile.read(f"fault: {fault}".encode(), ".txt")
    assert hostile.read(b"sane", ".txt").text == "sane"


def test_all_faults_in_one_folder_leave_the_others_whole(tmp_path: Path, hostile: Sandbox) -> None:
    quick = ["fill memory", "segfault", "exit", "close pipes", "raise"]
    for number, fault in enumerate(quick):
        (tmp_path / f"{number:02} bad.txt").write_text(f"fault: {fault}", encoding="utf-8")
        (tmp_path / f"{number:02} good.txt").write_text(f"good {number}", encoding="utf-8")
    corpus = read_corpus(tmp_path, sandbox=hostile)
    assert [each.text for each in corpus.documents] == [f"good {number}" for number in range(len(quick))]
    assert [each.path for each in corpus.skipped] == [f"{number:02} bad.txt" for number in range(len(quick))]
    assert not Path(tempfile.gettempdir(), "skill-guide-was-here").exists()


def test_a_greedy_file_takes_no_more_than_its_share(hostile: Sandbox) -> None:
    hostile.read(b"sane", ".txt")
    assert hostile._child
    # Not its peak: the system counts there what the parent had when it started the child.
    assert resource.prlimit(hostile._child.pid, resource.RLIMIT_AS)[0] < (MEGABYTES + 300) * 1_000_000
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(GuideError, match=GREEDY):
        hostile.read(b"fault: fill memory", ".txt")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - own < 20_000


def test_a_file_does_not_pay_for_those_before_it() -> None:
    with Sandbox(megabytes=MEGABYTES) as sandbox:
        large = b"# Title\n\n" + b"A sentence of some words that are all alike. " * 20_000
        read = [sandbox.read(large, ".md").text for _ in range(8)]
    assert len(set(read)) == 1


def test_a_child_is_started_late_and_once_and_ends_with_its_owner() -> None:
    with Sandbox() as sandbox:
        assert sandbox.started == 0
        for _ in range(3):
            sandbox.read(b"words", ".txt")
        assert sandbox.started == 1 and sandbox._child
        number = sandbox._child.pid
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


@pytest.mark.parametrize("words", ["sane", "fault: sleep", "fault: spin"])
def test_no_child_outlives_a_killed_parent(words: str) -> None:
    code = (
        "import threading, time, sys\nfrom ingest.sandbox import Sandbox\n"
        "s = Sandbox(seconds=0.5, megabytes=200, module='tests.hostile_worker')\ns.read(b'first', '.txt')\n"
        "print(s._child.pid, flush=True)\ns._seconds = 1000\n"
        f"threading.Thread(target=lambda: s.read({words.encode()!r}, '.txt'), daemon=True).start()\ntime.sleep(1000)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    child = int(parent.stdout.readline())
    time.sleep(0.2)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    for _ in range(200):
        if _ended(child):
            return
        time.sleep(0.1)
    os.kill(child, 9)
    pytest.fail("the child went on")


def _ended(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True
