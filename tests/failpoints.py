"""Builds of a small guide over a live index, each with a fault at one step: what `failpoints.c` counts as a step.

Run with `failpoints.c` preloaded, as `python -m tests.failpoints FOLDER`: reads cases as JSON lines, writes what became
of each. Every case is a child process, forked when all is imported, so that it takes a fraction of a second.
"""

import ctypes
import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import assembly
from ingest.errors import GuideError
from settings import PROJECT, Settings
from tests.builds import bag_of_words, imported, settings_for
from tests.conftest import SMALL_GUIDE
from tests.indexes import live_texts

FAULTS = {
    "kill": 0, "ENOSPC": errno.ENOSPC, "EIO": errno.EIO, "EACCES": errno.EACCES, "EMFILE": errno.EMFILE
}  # fmt: skip
BEFORE, AFTER = "Its teeth are made of steel.", "Its teeth are made of bronze."
DONE, REFUSED, BROKEN = 0, 3, 4
CASE_SECONDS = 300
RECOVER_EVERY = 10
"""A build without a fault follows at every tenth step, after each fault."""
SOURCE = Path(__file__).with_name("failpoints.c")


@dataclass(frozen=True)
class Case:
    """A fault at a step, and what became of it."""

    step: int
    fault: str
    ended: str
    """`done`, `refused` with one clear line, `killed`, or what went wrong."""
    holds: str
    """`old`, `new`, or how the index is damaged."""
    recovered: bool
    """Whether a build afterwards brought the new index, where one was tried."""
    said: str

    @property
    def survived(self) -> bool:
        """Whether the index is the old one or the new one, whole, and the build ended as it should."""
        return self.ended in {"done", "refused", "killed"} and self.holds in {"old", "new"} and self.recovered


def compiled(folder: Path) -> Path | None:
    """The shim as a library, or None where there is no C compiler."""
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        return None
    target = folder / "failpoints.so"
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(target), str(SOURCE), "-ldl"]
    subprocess.run(command, check=True, capture_output=True)
    return target


def steps(library: Path, folder: Path) -> list[str]:
    """Every step of a build, as its name and its file."""
    log = folder / "steps.log"
    list(survey(library, folder, [(-1, "kill")], log))
    return [line.split(" ", 1)[1] for line in log.read_text(encoding="utf-8").splitlines()]


def survey(library: Path, folder: Path, cases: Iterable[tuple[int, str]], log: Path | None = None) -> Iterator[Case]:
    """Runs cases, each a step's number and a fault's name."""
    lines = "".join(json.dumps({"step": step, "fault": fault}) + "\n" for step, fault in cases)
    command = [sys.executable, "-m", "tests.failpoints", str(folder), str(log or "")]
    with subprocess.Popen(
        command, cwd=PROJECT, env={**os.environ, "LD_PRELOAD": str(library)}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as runner:  # fmt: skip
        assert runner.stdin and runner.stdout
        runner.stdin.write(lines)
        runner.stdin.close()
        for line in runner.stdout:
            yield Case(**json.loads(line))
    if runner.returncode:
        raise RuntimeError(f"the runner ended with {runner.returncode}")


def main(folder: Path, log: str) -> None:
    """The runner: makes the old index once, then runs each case over a copy of it."""
    imported()
    content = folder / "content"
    content.mkdir(parents=True, exist_ok=True)
    with bag_of_words():
        (content / "tools.md").write_text(SMALL_GUIDE, encoding="utf-8")
        template = folder / "template"
        if not template.exists():
            _in_child(lambda: assembly.build_index(_settings(content, template)))
        (content / "tools.md").write_text(SMALL_GUIDE.replace(BEFORE, AFTER), encoding="utf-8")
        for line in sys.stdin:
            asked = json.loads(line)
            found = _case(content, template, folder / "index", asked["step"], asked["fault"], log)
            sys.stdout.write(json.dumps(found) + "\n")
            sys.stdout.flush()


def _settings(content: Path, index: Path) -> Settings:
    """Without the cross-encoder: each child would load it, and it only says which questions are offered."""
    return settings_for(content, index, cross_encoder="off")


def _case(content: Path, template: Path, index: Path, step: int, fault: str, log: str) -> dict[str, Any]:
    shutil.rmtree(index, ignore_errors=True)
    shutil.copytree(template, index)
    settings = _settings(content, index)
    message = index.with_name("message")
    message.unlink(missing_ok=True)

    def build() -> None:
        ctypes.CDLL(None).failpoints_arm(str(index).encode(), ctypes.c_long(step), FAULTS[fault], log.encode())
        try:
            assembly.build_index(settings)
        except GuideError as error:
            message.write_text(str(error), encoding="utf-8")
            os._exit(REFUSED)
        except BaseException:
            message.write_text(traceback.format_exc(), encoding="utf-8")
            os._exit(BROKEN)

    ended = _in_child(build)
    holds = _holds(index)
    recovered = step % RECOVER_EVERY != 0 or (
        _in_child(lambda: assembly.build_index(settings)) == "done" and _holds(index) == "new"
    )
    said = message.read_text(encoding="utf-8") if message.exists() else ""
    return {
        "step": step, "fault": fault, "ended": ended, "holds": holds, "recovered": recovered, "said": said
    }  # fmt: skip


def _holds(index: Path) -> str:
    texts = live_texts(index)
    if isinstance(texts, str):
        return texts
    return "new" if AFTER in texts[0] else "old" if BEFORE in texts[0] else "neither"


def _in_child(work: Any) -> str:  # noqa: ANN401 -- any function at all
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:
            traceback.print_exc()
            os._exit(BROKEN)
        os._exit(DONE)
    until = time.monotonic() + CASE_SECONDS
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            break
        if time.monotonic() > until:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return "hung"
        time.sleep(0.005)
    if os.WIFSIGNALED(status):
        return "killed" if os.WTERMSIG(status) == signal.SIGKILL else f"signal {os.WTERMSIG(status)}"
    return {DONE: "done", REFUSED: "refused"}.get(os.WEXITSTATUS(status), "broken")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
