"""The set-up keeps its promises: exact pins, stamps only after success, one clear line where something is amiss."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
import pytest

from settings import PROJECT
from tests.conftest import NetworkRefusedError
from tests.fakes import BagOfWordsEmbedder

PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
PINNED = re.compile(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+")


def _lines(name: str) -> list[str]:
    return (PROJECT / name).read_text(encoding="utf-8").splitlines()


def _pins(lines: list[str]) -> dict[str, str]:
    return {name.lower().replace("_", "-"): number for name, _, number in (line.partition("==") for line in lines)}


RUNTIME = _lines("requirements.lock")
DEVELOPMENT = [line for line in _lines("requirements-dev.lock") if line != "-r requirements.lock"]


def test_locks_are_names_and_exact_versions() -> None:
    assert not [line for line in RUNTIME + DEVELOPMENT if not PINNED.fullmatch(line)]
    assert not _pins(RUNTIME).keys() & _pins(DEVELOPMENT).keys()
    assert "torch==2.13.0" in RUNTIME


def test_locks_hold_what_the_project_asks_for() -> None:
    project = PYPROJECT["project"]
    assert _pins(project["dependencies"]).items() <= _pins(RUNTIME).items()
    assert _pins(project["optional-dependencies"]["dev"]).items() <= _pins(RUNTIME + DEVELOPMENT).items()


def test_tests_run_on_the_locked_versions() -> None:
    installed = {}
    for name in _pins(RUNTIME + DEVELOPMENT):
        try:
            installed[name] = version(name).partition("+")[0]
        except PackageNotFoundError:
            installed[name] = "missing"
    assert installed == _pins(RUNTIME + DEVELOPMENT), "make install"


# A stand-in for Python that can make venvs and, in them, run pip; it notes each call and fails where told to.
FAKE_PYTHON = """\
#!/bin/sh
echo "$*" >> "$FAKE/calls"
case "$*" in
    *version_info*) [ "$(cat "$FAKE/is")" != old ] ;;
    *ensurepip*) [ "$(cat "$FAKE/is")" != bare ] ;;
    *"-m venv --clear"*) rm -rf .venv && mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
    *sys.version*) echo 3.11 ;;
    *create_server*) [ "$(cat "$FAKE/is")" != busy ] ;;
    *"install -r"*) [ "$(cat "$FAKE/is")" != offline ] || { echo "no network" >&2; exit 1; } ;;
esac
"""


class Machine:
    """A folder with a copy of the Makefile, on a computer whose Python is a stand-in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("Makefile", "requirements.lock", "requirements-dev.lock", "pyproject.toml"):
            shutil.copy(PROJECT / name, folder)
        self.fake = folder.parent / "fake"
        self.fake.mkdir()
        self.python = self.fake / "python3"
        self.python.write_text(FAKE_PYTHON, encoding="utf-8")
        self.python.chmod(0o755)
        self.becomes("fine")

    def becomes(self, state: str) -> None:
        """Fine, old (Python 3.10), bare (no venv module), offline, or busy (the port is taken)."""
        (self.fake / "is").write_text(state, encoding="utf-8")

    def make(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        (self.fake / "calls").write_text("", encoding="utf-8")
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
        return subprocess.run(
            ["make", f"PYTHON={self.python}", *arguments],
            cwd=self.folder,
            env=kept | {"FAKE": str(self.fake)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def calls(self, kind: str) -> int:
        """How often the last make called Python for that."""
        return (self.fake / "calls").read_text(encoding="utf-8").count(kind)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    folder = tmp_path / "it's a place"
    folder.mkdir()
    return Machine(folder)


def test_make_alone_lists_what_can_be_made(machine: Machine) -> None:
    listed = re.findall(r"^  make (\w+) +\S", machine.make().stdout, re.MULTILINE)
    assert set(listed) >= {"install", "run", "build", "test", "check", "fix", "evaluate", "bench", "soak", "clean"}


def test_a_second_install_does_nothing(machine: Machine) -> None:
    assert machine.make("install").returncode == 0
    assert (machine.calls("-m venv"), machine.calls("install -r"), machine.calls("--editable")) == (1, 1, 1)
    assert machine.make("install").returncode == 0
    assert machine.calls("-m ") == 0


def test_an_install_that_was_cut_short_is_made_anew(machine: Machine) -> None:
    machine.becomes("offline")
    assert machine.make("install").returncode != 0
    machine.becomes("fine")
    assert machine.make("install").returncode == 0
    assert (machine.calls("-m venv"), machine.calls("install -r"), machine.calls("--editable")) == (1, 1, 1)


def test_new_pins_are_installed_into_what_is_there(machine: Machine) -> None:
    machine.make("install")
    later = (machine.folder / ".venv/.packages").stat().st_mtime + 10
    os.utime(machine.folder / "requirements.lock", (later, later))
    machine.make("install")
    assert (machine.calls("-m venv"), machine.calls("install -r")) == (0, 1)


def test_a_moved_project_is_set_up_anew(machine: Machine) -> None:
    machine.make("install")
    machine.folder = machine.folder.rename(machine.folder.with_name("elsewhere"))
    machine.make("install")
    assert machine.calls("-m venv") == 1


def test_clean_and_install_work_in_one_go(machine: Machine) -> None:
    machine.make("install")
    assert machine.make("clean", "install").returncode == 0
    assert (machine.calls("-m venv"), machine.calls("install -r"), machine.calls("--editable")) == (1, 1, 1)


@pytest.mark.parametrize(
    ("state", "target", "cure"),
    [
        ("old", "install", "This needs Python 3.11 or newer"),
        ("bare", "install", "lacks the venv module. Install it"),
        ("busy", "run", "Port 8501 is taken or not allowed. Choose another with PORT"),
    ],
)
def test_what_is_amiss_gets_one_line_with_its_cure(machine: Machine, state: str, target: str, cure: str) -> None:
    machine.becomes(state)
    done = machine.make(target)
    assert done.returncode != 0
    complaints = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    assert len(complaints) == 1
    assert cure in complaints[0]


def test_a_port_that_is_taken_is_noticed() -> None:
    check = re.search(r"-c '(import socket[^']*)'", (PROJECT / "Makefile").read_text(encoding="utf-8"))
    assert check
    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = [sys.executable, "-c", check[1].replace("$(PORT)", str(taken.getsockname()[1]))]
        assert subprocess.run(command, capture_output=True, check=False).returncode != 0
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_ci_is_a_valid_script() -> None:
    script = PROJECT / ".ci" / "run"
    subprocess.run(["bash", "-n", script], check=True)
    assert "\nmake check\nmake test\nmake test-llm " in script.read_text(encoding="utf-8")


def test_tests_reach_nothing_outside(network_attempts: list[str]) -> None:
    with pytest.raises(NetworkRefusedError):
        socket.create_connection(("example.org", 80), timeout=1)
    with socket.socket() as plain, pytest.raises(NetworkRefusedError):
        plain.connect(("192.0.2.1", 80))
    with socket.socket(type=socket.SOCK_DGRAM) as datagrams, pytest.raises(NetworkRefusedError):
        datagrams.sendto(b"", ("192.0.2.1", 53))
    assert len(network_attempts) == 3
    network_attempts.clear()


def test_tests_reach_this_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(("localhost", server.getsockname()[1]), timeout=5).close()


def test_the_fake_embedder_puts_texts_that_share_words_near() -> None:
    embedder = BagOfWordsEmbedder()
    vectors = embedder.encode(["a hammer drives nails", "which tool drives nails?", "steel", ""])
    assert vectors.shape == (4, embedder.dimensions)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert vectors[0] @ vectors[1] > 0.4 > vectors[0] @ vectors[2]
    assert embedder.count_tokens("a hammer drives nails") == 4
