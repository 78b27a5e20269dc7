"""Runs the project's doors as processes of their own, as a user does, and reads what these need. Judges nothing."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final

from evaluation.provenance import PROJECT
from ingest.errors import GuideError

LONGEST_SECONDS: Final = 600
"""For a terminal command; a build of the guide takes seconds."""
SERVER_SECONDS: Final = 60
"""For the server's first reply."""
STOPPING_SECONDS: Final = 10
POLL_SECONDS: Final = 0.01
SHOWN_OF_A_FAILURE: Final = 400
"""Characters at the end of what a failed process wrote."""


@dataclass(frozen=True)
class Done:
    """A command that has succeeded."""

    seconds: float
    """From its start to its end, the interpreter's own start included."""
    output: str


def terminal(arguments: Sequence[str], environment: Mapping[str, str]) -> Done:
    """Runs `skill-guide` in a fresh process.

    Args:
        arguments: behind the command's name.
        environment: variables that are added to this process's own.

    Raises:
        GuideError: it failed or did not end in time.
    """
    return _run(f"skill-guide {arguments[0]}", ["-m", "cli", *arguments], environment)


def python(code: str, environment: Mapping[str, str], longest: float = LONGEST_SECONDS) -> Done:
    """Runs Python code in a fresh process, as `terminal` runs a command.

    Raises:
        GuideError: it failed or did not end in time.
    """
    return _run("the code of this measurement", ["-c", code], environment, longest)


def _run(name: str, arguments: Sequence[str], environment: Mapping[str, str], longest: float = LONGEST_SECONDS) -> Done:
    started = time.perf_counter()
    try:
        done = subprocess.run(
            [sys.executable, *arguments], cwd=PROJECT, env={**os.environ, **environment}, capture_output=True,
            text=True, timeout=longest, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise GuideError(f"{name} did not end within {longest:.0f} seconds") from None
    if done.returncode:
        raise GuideError(f"{name} failed: {_end(done.stderr)}")
    return Done(time.perf_counter() - started, done.stdout)


@dataclass(frozen=True)
class Server:
    """The app's server, which answers."""

    url: str
    started: float
    """When it was started, by `time.perf_counter`."""
    reply_seconds: float
    """From its start to its first reply."""
    process: int

    def peak_bytes(self) -> int | None:
        """The most memory that it has held so far; None where the system does not tell."""
        try:
            status = Path(f"/proc/{self.process}/status").read_text(encoding="ascii")
        except OSError:
            return None
        peak = next((line for line in status.splitlines() if line.startswith("VmHWM:")), None)
        return int(peak.split()[1]) * 1024 if peak else None


@contextmanager
def serving(environment: Mapping[str, str]) -> Iterator[Server]:
    """The app on a free port, from its first reply to the end of the block.

    Raises:
        GuideError: it does not come up.
    """
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true", f"--server.port={port}"]
    started = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=PROJECT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        url = f"http://localhost:{port}"
        _wait_for(url, process, started)
        yield Server(url, started, time.perf_counter() - started, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(STOPPING_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(url: str, process: subprocess.Popen[bytes], started: float) -> None:
    while time.perf_counter() - started < SERVER_SECONDS:
        if process.poll() is not None:
            raise GuideError(f"the app's server ended with {process.returncode}: try streamlit run app.py to see why")
        try:
            with urllib.request.urlopen(url, timeout=SERVER_SECONDS) as reply:
                if reply.status == HTTPStatus.OK:
                    return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(POLL_SECONDS)
    raise GuideError(f"the app's server did not answer within {SERVER_SECONDS} seconds")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _end(text: str) -> str:
    return " ".join(text.split())[-SHOWN_OF_A_FAILURE:] or "it wrote nothing"
