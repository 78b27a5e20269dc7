"""Reads untrusted files in a child process that may crash, hang or run out of memory without harm to its parent.

One child reads many files; it is started when the first comes, and anew after a fault. Bytes go in, JSON comes out,
and that is checked: nothing that a parser made is ever unpickled. Knows nothing of folders.
"""

import json
import os
import selectors
import subprocess
import sys
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import IO, Final, Self

from pydantic import ValidationError

from ingest.errors import GuideError, StoppedError
from ingest.reading import Reading

SECONDS_A_FILE: Final = 30.0
"""A book of 1,000 pages takes about ten here; whoever waits for a build should lose no more on one bad file."""
MEGABYTES: Final = 512
"""Memory above what the process takes anyway: trees of the largest real documents stay below half of it."""
START_SECONDS: Final = 60.0
"""For the child's imports, which take a third of one on a quiet machine; no file pays for them."""
MAX_REPLY: Final = 150_000_000
"""Bytes of a reply: the longest reading text with all its blocks."""
_ROOT: Final = Path(__file__).resolve().parents[1]
_START: Final = "import sys; sys.path.insert(0, {root!r}); from {module} import main; main()"
_PIECE: Final = 1 << 16
_LENGTH: Final = 8
"""Bytes of the length that stands before each frame."""
_KEPT: Final = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "PYTHONPATH", "TMPDIR", "SYSTEMROOT")
_QUIET: Final = {
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2",
    "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1",
}  # fmt: skip
"""Threads would each reserve memory, which counts against the limit."""


class _FaultError(Exception):
    """The child did not answer; the text is the reason to give. `again` if another child may do better."""

    def __init__(self, reason: str, *, again: bool) -> None:
        super().__init__(reason)
        self.again = again


class Sandbox:
    """Hands files to the child process, one at a time. Not for several threads at once."""

    def __init__(
        self, *, seconds: float = SECONDS_A_FILE, megabytes: int = MEGABYTES, module: str = "ingest.worker"
    ) -> None:
        """Starts nothing yet. `module` is what the child runs; tests put one there that misbehaves."""
        self._seconds, self._megabytes, self._module = seconds, megabytes, module
        self._child: subprocess.Popen[bytes] | None = None
        self._files = 0
        self.started = 0
        """How many children there were so far."""

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends the child."""
        self.close()

    def read(self, content: bytes, ending: str) -> Reading:
        """The reading text of a file's bytes, like `read_content`, but in the child.

        Raises:
            GuideError: with the reason, ready to stand behind the file's name.
            StoppedError: no child can be started.
        """
        try:
            return self._once(content, ending)
        except _FaultError as fault:
            if not fault.again:
                raise GuideError(str(fault)) from fault
        try:  # The files before it may have used up the memory: a file's fate is its own.
            return self._once(content, ending)
        except _FaultError as fault:
            raise GuideError(str(fault)) from fault

    def close(self) -> None:
        """Ends the child, whatever it does."""
        child, self._child, self._files = self._child, None, 0
        if child is None:
            return
        child.kill()
        for stream in (child.stdin, child.stdout):
            if stream:
                try:
                    stream.close()
                except BrokenPipeError:
                    continue
        child.wait()

    def _once(self, content: bytes, ending: str) -> Reading:
        child = self._running()
        first = self._files == 0
        self._files += 1
        try:
            request = _framed(json.dumps({"ending": ending}).encode() + b"\n", content)
            reply = _exchange(child, request, self._seconds)
        except TimeoutError:
            self.close()
            raise _FaultError(f"takes more than {self._seconds:.0f} s to be read: split it", again=False) from None
        except (EOFError, OSError):
            code = self._ended()
            raise _FaultError(
                f"cannot be read: its parser crashed or ran out of memory ({code})", again=not first
            ) from None
        except BaseException:  # stopped by the user, in the middle of a frame
            self.close()
            raise
        if reply[:1] == b"L":
            self.close()
        return self._understood(reply[1:2], reply[2:], first=first)

    def _understood(self, kind: bytes, body: bytes, *, first: bool) -> Reading:
        if kind == b"D":
            try:
                return Reading.model_validate_json(body)
            except ValidationError as error:
                raise _FaultError("cannot be read: its parser gave nonsense", again=False) from error
        reason = body.decode("utf-8", "replace")
        if kind == b"!":
            self.close()
            raise _FaultError(reason, again=not first)
        raise GuideError(reason)

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._child is None:
            code = _START.format(root=str(_ROOT), module=self._module)
            command = [sys.executable, "-c", code, str(self._seconds), str(self._megabytes)]
            own = {name: os.environ[name] for name in _KEPT if name in os.environ}
            try:
                self._child = subprocess.Popen(
                    command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0,
                    cwd="/", env=own | _QUIET,
                )  # fmt: skip
                for stream in (self._child.stdin, self._child.stdout):
                    assert stream
                    os.set_blocking(stream.fileno(), False)
                _exchange(self._child, b"", START_SECONDS)
            except (OSError, EOFError) as error:
                why = getattr(error, "strerror", None) or "it ended or hung at its start"
                self.close()
                raise StoppedError(f"no process can be started to read files in ({why}): free some memory or handles "
                                   "and try again") from error  # fmt: skip
            self.started += 1
        return self._child

    def _ended(self) -> str:
        assert self._child
        try:
            code = self._child.wait(timeout=1)
        except subprocess.TimeoutExpired:
            code = None
        self.close()
        return f"signal {-code}" if code is not None and code < 0 else f"exit {code}"


def _exchange(child: "subprocess.Popen[bytes]", request: bytes, seconds: float) -> bytes:
    """Sends a frame and awaits one, both against one deadline: a child may hang before it has read all."""
    assert child.stdin and child.stdout
    deadline = monotonic() + seconds
    with selectors.DefaultSelector() as ready:
        ready.register(child.stdout, selectors.EVENT_READ)
        unsent, got = memoryview(request), bytearray()
        if request:
            ready.register(child.stdin, selectors.EVENT_WRITE)
        while len(got) < _LENGTH or len(got) < _LENGTH + int.from_bytes(got[:_LENGTH], "big"):
            events = ready.select(deadline - monotonic())
            if not events or monotonic() > deadline:
                raise TimeoutError
            for key, _ in events:
                if key.fileobj is child.stdin:
                    unsent = unsent[os.write(key.fd, unsent[:_PIECE]) :]
                    if not unsent:
                        ready.unregister(child.stdin)
                else:
                    _receive(child.stdout, got)
    return bytes(got[_LENGTH:])


def _receive(stream: IO[bytes], got: bytearray) -> None:
    piece = os.read(stream.fileno(), _PIECE)
    if not piece:
        raise EOFError
    got += piece
    if len(got) > MAX_REPLY:
        raise EOFError


def _framed(*parts: bytes) -> bytes:
    return sum(map(len, parts)).to_bytes(_LENGTH, "big") + b"".join(parts)
