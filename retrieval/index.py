"""The index folder: generations beside each other, and `CURRENT`, which names the live one.

A generation is written aside and published by one rename, so that a process killed at any moment leaves the old index
or the new one. Readers hold the generation that they opened and move on when `CURRENT` changes.
"""

import logging
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from ingest.errors import GuideError
from retrieval.generation import Generation, sync
from retrieval.manifest import DamagedIndexError, Manifest, read_manifest, verify
from retrieval.store import DEADLINE_SECONDS

CURRENT = "CURRENT"
LOCK = "lock"
HOLDER = "lock.holder"
_PREFIX = "gen-"
_UNFINISHED = ".tmp"
_log = logging.getLogger(__name__)


def generations(folder: Path) -> list[Path]:
    """The generations in an index folder, oldest first."""
    found = folder.glob(f"{_PREFIX}*") if folder.is_dir() else ()
    return sorted((path for path in found if path.is_dir() and _number(path) is not None), key=lambda path: path.name)


def _number(path: Path) -> int | None:
    digits = path.name.removeprefix(_PREFIX)
    return int(digits) if digits.isdigit() else None


def current(folder: Path) -> Path | None:
    """The live generation: the one that CURRENT names, else the newest that is sound; None where there is none."""
    try:
        name = (folder / CURRENT).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        name = ""
    known = generations(folder)
    named = next((path for path in known if path.name == name), None)
    return named or next((path for path in reversed(known) if _sound(path)), None)


def _sound(folder: Path) -> bool:
    try:
        verify(folder)
    except DamagedIndexError:
        return False
    return True


def live_manifest(folder: Path) -> Manifest | None:
    """The manifest of the live generation, every file checked; None if there is none or it is damaged."""
    path = current(folder)
    if path is None:
        return None
    try:
        return verify(path)
    except DamagedIndexError as error:
        _log.warning("the index is damaged: %s", error)
        return None


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Holds the one right to write to the index; the operating system takes it back from a process that dies.

    Raises:
        GuideError: another process writes, or the folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / LOCK)
        lock.acquire(timeout=0)
    except Timeout as error:
        raise GuideError(f"an update of this index is running already ({_holder(folder)}): wait for it") from error
    except OSError as error:
        raise GuideError(
            f"the index folder {folder} cannot be written to ({error.strerror}): free it or name another with --index"
        ) from error
    try:
        with suppress(OSError):  # a courtesy to those who are refused; a full disk is reported by `publish`
            (folder / HOLDER).write_text(f"process {os.getpid()}", encoding="utf-8")
        for leftover in folder.glob(f"{_PREFIX}*{_UNFINISHED}"):
            _log.warning("an unfinished update was discarded (%s)", leftover.name)
            shutil.rmtree(leftover, ignore_errors=True)
        yield
    finally:
        lock.release()


def _holder(folder: Path) -> str:
    try:
        return (folder / HOLDER).read_text(encoding="utf-8")
    except OSError:
        return "another process"


def publish(folder: Path, write: Callable[[Path], None], keep: int) -> Path:
    """Lets `write` fill a new generation, makes it the live one, and clears away all but the last `keep`.

    Only to be called within `writing`. If `write` fails, the index stays as it was.

    Raises:
        GuideError: the disk is full or not writable; nothing changed.
    """
    number = max((_number(path) or 0 for path in generations(folder)), default=0) + 1
    done = folder / f"{_PREFIX}{number:06d}"
    unfinished = folder / f"{done.name}{_UNFINISHED}"
    try:
        write(unfinished)
        sync(unfinished)
        unfinished.rename(done)
        _sync_folder(folder)
        pointer = folder / f"{CURRENT}{_UNFINISHED}"
        with pointer.open("w", encoding="utf-8") as file:
            file.write(done.name)
            file.flush()
            os.fsync(file.fileno())
        pointer.replace(folder / CURRENT)
        _sync_folder(folder)
    except OSError as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise GuideError(
            f"the index could not be written to {folder} ({error.strerror or error}): nothing changed; free some space"
            " or name another folder with --index"
        ) from error
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    for old in generations(folder)[:-keep]:
        shutil.rmtree(old, ignore_errors=True)
    return done


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class IndexReader:
    """Hands out the live generation; moves to a new one between two uses and closes the old after its last user."""

    def __init__(self, folder: Path, deadline: float = DEADLINE_SECONDS) -> None:
        """Opens the live generation; `deadline` is what its vector store may take for an answer, in seconds.

        Raises:
            GuideError: there is none, or it is damaged.
        """
        self._folder, self._deadline = folder, deadline
        self._lock = threading.Lock()
        self._users: dict[Path, int] = {}
        self._open: dict[Path, Generation] = {}
        self._live = self._opened()

    @contextmanager
    def use(self) -> Iterator[Generation]:
        """The live generation, which stays open until the block ends."""
        with self._lock:
            generation = self._renewed()
            self._users[generation.folder] = self._users.get(generation.folder, 0) + 1
        try:
            yield generation
        finally:
            with self._lock:
                self._users[generation.folder] -= 1
                self._close_unused()

    def _renewed(self) -> Generation:
        named = self._named()
        if named != self._live.folder.name and named in {path.name for path in generations(self._folder)}:
            try:
                self._live = self._opened()
            except GuideError as error:
                _log.warning("staying with %s: %s", self._live.folder.name, error)
        return self._live

    def _named(self) -> str | None:
        try:
            return (self._folder / CURRENT).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return None

    def _opened(self) -> Generation:
        path = current(self._folder)
        if path is None:
            raise GuideError(f"no index in {self._folder}: run skill-guide build")
        try:
            generation = Generation(path, deadline=self._deadline)
        except (DamagedIndexError, OSError, ValueError) as error:
            raise GuideError(f"the index is damaged ({error}): run skill-guide build") from error
        self._open[path] = generation
        return generation

    def _close_unused(self) -> None:
        for path in [path for path in self._open if path != self._live.folder and not self._users.get(path)]:
            self._open.pop(path).close()
            self._users.pop(path, None)


__all__ = ["IndexReader", "current", "generations", "live_manifest", "publish", "read_manifest", "writing"]
