"""The child process that parsers run in: reads one file's bytes after another and answers with JSON.

Started by `ingest.sandbox` alone, whose frames it speaks. It limits its own memory, time and rights before the first
byte arrives, and ends with its parent.
"""

import contextlib
import gc
import io
import json
import os
import signal
import sys
import warnings
from typing import Any, BinaryIO, Final

from ingest import reading
from ingest.errors import GuideError

RETIRE_ABOVE: Final = 0.6
"""Share of the memory limit above which the process is replaced after a file, so that no file pays for another."""
COLLECT_ABOVE: Final = 200_000
"""Bytes of a file after which circular garbage is looked for at once; that takes ten times as long as a small file."""
MAX_WRITTEN: Final = 1 << 20
"""Bytes of a file that a library may write, which none needs to."""
_REFUSED_EVENTS: Final = (
    "socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto", "subprocess.Popen", "os.system", "os.exec",
    "os.fork", "os.forkpty", "os.posix_spawn", "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link",
    "os.symlink", "os.chmod", "os.chown", "os.truncate", "shutil.rmtree", "pickle.find_class",
)  # fmt: skip
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def main() -> None:
    """Answers frames on standard input until it ends. Arguments: seconds and megabytes that a file may take."""
    seconds, megabytes = float(sys.argv[1]), int(sys.argv[2])
    requests, replies = _private_pipes()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's affair, which then ends this process
    warnings.simplefilter("ignore")
    before = _address_space()
    _limit(before + megabytes * 1_000_000)
    sys.addaudithook(_refuse)
    _write(replies, b"")
    while (request := _frame(requests)) is not None:
        with contextlib.suppress(ValueError, OSError):
            signal.setitimer(signal.ITIMER_REAL, seconds * 1.5 + 5)  # should the parent be gone by then
        _limit_cpu(seconds)
        head, _, content = request.partition(b"\n")
        reply = _answer(json.loads(head)["ending"], content)
        if len(request) > COLLECT_ABOVE:
            gc.collect()
        del content, request
        last = _address_space() - before > RETIRE_ABOVE * megabytes * 1_000_000
        _write(replies, (b"L" if last else b"M") + reply)
        signal.setitimer(signal.ITIMER_REAL, 0)
        if last:
            return


def _answer(ending: str, content: bytes) -> bytes:
    """The reply: `D` and a document as JSON, or `R` and the reason why there is none; `!` asks for a second try."""
    try:
        return b"D" + reading.read_content(content, ending).model_dump_json().encode("utf-8")
    except GuideError as error:
        return b"R" + str(error).encode("utf-8", "backslashreplace")
    except MemoryError:
        return b"!takes too much memory to be read: split it"
    except RecursionError:
        return b"Ris nested too deeply to be read"
    except Exception as error:  # parsers of foreign formats raise whatever they like
        return b"R" + f"cannot be read: it seems to be broken ({type(error).__name__})".encode()


def _private_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output for the frames alone: what a library prints or reads goes nowhere."""
    requests, replies = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    return io.BufferedReader(io.FileIO(requests, "r")), io.BufferedWriter(io.FileIO(replies, "w"))


def _limit(limit: int) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_WRITTEN, MAX_WRITTEN))


def _limit_cpu(seconds: float) -> None:
    """A soft limit from now on, which ends even a process that no parent watches any more."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        resource.setrlimit(
            resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + seconds) + 2, resource.RLIM_INFINITY)
        )


def _address_space() -> int:
    """Bytes that the process has mapped already, which differ from system to system; 1 GB where nobody tells."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 -- before the first import of pathlib
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 1_000_000_000


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """Parsers compute: they reach no network, start nothing, write nothing. A second wall; the first is not to ask."""
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING:
        if arguments[0] == os.devnull:
            return
        raise PermissionError("a parser may not write files")
    if event in _REFUSED_EVENTS:
        raise PermissionError(f"a parser may not do this: {event}")


def _frame(requests: BinaryIO) -> bytes | None:
    size = requests.read(8)
    return requests.read(int.from_bytes(size, "big")) if len(size) == 8 else None  # noqa: PLR2004 -- bytes of a length


def _write(replies: BinaryIO, reply: bytes) -> None:
    replies.write(len(reply).to_bytes(8, "big") + reply)
    replies.flush()


if __name__ == "__main__":
    main()
