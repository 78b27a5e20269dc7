"""A worker whose parsers misbehave as the file's own words tell them to; what `ingest.sandbox` is tested against."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from ingest import reading, worker
from ingest.documents import Block, BlockKind
from ingest.errors import GuideError
from ingest.parsers import PARSERS, Format
from ingest.parsers.outline import Outline, Parsed
from ingest.reading import Reading


def _spin() -> None:
    while True:
        pass


def _sleep() -> None:
    time.sleep(3600)


def _fill_memory() -> None:
    kept = []
    while True:
        kept.append(bytearray(10_000_000))


def _fill_memory_and_swallow() -> None:
    kept = []
    while True:
        try:
            kept.append(bytearray(10_000_000))
        except MemoryError:
            time.sleep(0.01)


def _one_huge_list() -> None:
    _ = [0] * 10**10


def _recurse() -> None:
    def deeper(level: int) -> int:
        return deeper(level + 1) + 1

    deeper(0)


def _recurse_natively() -> None:
    sys.setrecursionlimit(10**9)
    nested: list[object] = []
    for _ in range(10**6):
        nested = [nested]
    repr(nested)


def _segfault() -> None:
    ctypes.string_at(0)


def _leave_frame() -> None:
    os.close(0)
    for handle in range(3, 20):
        try:
            os.close(handle)
        except OSError:
            continue


def _nonsense_on_every_pipe() -> None:
    for handle in range(20):
        try:
            os.write(handle, b"\xff" * 4096)
        except OSError:
            continue
    time.sleep(3600)


def _fork() -> None:
    os.fork()


def _start_a_shell() -> None:
    subprocess.run(["sh", "-c", "true"], check=False)


def _connect() -> None:
    socket.create_connection(("127.0.0.1", 9))


def _write_a_file() -> None:
    Path(tempfile.gettempdir(), "skill-guide-was-here").write_text("x", encoding="utf-8")


def _print_much() -> None:
    print("x" * 10_000_000)
    sys.stderr.write("x" * 10_000_000)
    os.write(1, b"x" * 1000)


FAULTS: dict[str, Callable[[], object]] = {
    "spin": _spin,
    "sleep": _sleep,
    "fill memory": _fill_memory,
    "fill memory and swallow": _fill_memory_and_swallow,
    "one huge list": _one_huge_list,
    "recurse": _recurse,
    "recurse natively": _recurse_natively,
    "segfault": _segfault,
    "abort": os.abort,
    "exit": lambda: os._exit(0),
    "exit loudly": lambda: os._exit(7),
    "sys.exit": sys.exit,
    "interrupt": lambda: signal.raise_signal(signal.SIGKILL),
    "terminate": lambda: os.kill(os.getpid(), signal.SIGTERM),
    "stop": lambda: os.kill(os.getpid(), signal.SIGSTOP),
    "close pipes": _leave_frame,
    "nonsense": _nonsense_on_every_pipe,
    "fork": _fork,
    "shell": _start_a_shell,
    "connect": _connect,
    "write": _write_a_file,
    "raise": lambda: int("no number"),
    "raise a warning": lambda: (_ for _ in ()).throw(UserWarning("odd")),
    "refuse": lambda: (_ for _ in ()).throw(GuideError("is refused by its parser")),
}
"""What a parser may do wrong; a file says `fault: NAME`."""
HARMLESS: dict[str, Callable[[], object]] = {"print": _print_much}


def _parse(text: str) -> Parsed:
    name = text.partition("fault: ")[2].strip()
    {**FAULTS, **HARMLESS}.get(name, lambda: None)()
    outline = Outline()
    outline.paragraph("x" * 151_000_000 if name == "huge reply" else text)
    found = outline.finish()
    if name == "lying spans":
        liar = Block(start=0, end=10**9, kind=BlockKind.PARAGRAPH, section="text")
        return Parsed(found.title, found.text, found.sections, (liar,), {})
    return found


def main() -> None:
    """The real worker with this parser in place of the one for text."""
    own = {**PARSERS, ".txt": Format("text/plain", _parse)}
    original = reading.read_content

    def read(content: bytes, ending: str, formats: Mapping[str, Format] = own) -> Reading:
        return original(content, ending, formats)

    reading.read_content = read
    worker.main()
