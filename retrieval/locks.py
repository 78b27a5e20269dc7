"""Who may write an index, and which generations are being read. Knows nothing of what they hold.

Both are locks of the operating system, which takes them back from a process that dies.
"""

import errno
import json
import os
import shutil
import sys
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from ingest.errors import GuideError
from retrieval.manifest import MANIFEST, DamagedIndexError

if sys.platform != "win32":  # there a file that somebody has open cannot be removed anyway
    import fcntl

LOCK = "lock"
HOLDER = "lock.holder"
REMOVED = ".gone"
"""Ending of a generation that is being removed; nobody opens one."""
HOLDER_WAIT_SECONDS = 0.5
"""How long a writer may take to write its name down after it got the lock."""


class Lease:
    """A reader's hold on a generation: as long as it lasts, clean-up leaves the generation where it is."""

    def __init__(self, folder: Path) -> None:
        """Takes hold.

        Raises:
            DamagedIndexError: there is nothing to hold, or it is just being removed.
        """
        path = folder / MANIFEST
        try:
            handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        except OSError as error:
            raise DamagedIndexError(f"{folder.name}: the manifest cannot be read") from error
        self._close = weakref.finalize(self, os.close, handle)
        if not _locked(handle, shared=True) or not _still_there(handle, path):
            self.release()
            raise DamagedIndexError(f"{folder.name}: it was just removed")

    def release(self) -> None:
        """Lets go; more calls do nothing."""
        self._close()


def _locked(handle: int, *, shared: bool) -> bool:
    """Whether the lock was got. A file system without locks gives everything to everybody."""
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return shared
    return True


def _still_there(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except OSError:
        return False


def remove(folder: Path) -> bool:
    """Removes a generation, unless somebody reads it; whether it is gone."""
    try:
        handle = os.open(folder / MANIFEST, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        handle = None  # without a manifest nobody can read it
    try:
        if handle is not None and not _locked(handle, shared=False):
            return False
        gone = folder.with_name(folder.name + REMOVED)
        with suppress(OSError):
            folder.rename(gone)  # at once, so that nobody opens half of it
            shutil.rmtree(gone, ignore_errors=True)
        return not folder.exists()
    finally:
        if handle is not None:
            os.close(handle)


@contextmanager
def writer(folder: Path) -> Iterator[None]:
    """Holds the one right to write to an index folder, which it makes where there is none.

    Raises:
        GuideError: another process writes, or the folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / LOCK)
        lock.acquire(timeout=0)
    except Timeout as error:
        raise GuideError(f"update already running {_holder(folder)}: wait for it") from error
    except OSError as error:
        raise GuideError(
            f"the index folder {folder} cannot be written to ({error.strerror}): free it or name another with --index"
        ) from error
    note = folder / HOLDER
    try:
        with suppress(OSError):  # a courtesy to those who are refused; a full disk is reported by `publish`
            _write_down(note)
        yield
    finally:
        for path in (note, _draft(note)):
            with suppress(OSError):
                path.unlink(missing_ok=True)
        lock.release()


def _write_down(note: Path) -> None:
    draft = _draft(note)
    draft.write_text(json.dumps({"process": os.getpid(), "since": time.time()}), encoding="utf-8")
    draft.replace(note)


def _draft(note: Path) -> Path:
    return note.with_name(f"{note.name}.tmp")


def _holder(folder: Path) -> str:
    """Who writes and since when, as it says itself; one that has just begun gets a moment to say it."""
    until = time.monotonic() + HOLDER_WAIT_SECONDS
    while True:
        with suppress(OSError, ValueError, KeyError, TypeError):
            note = json.loads((folder / HOLDER).read_text(encoding="utf-8"))
            process, since = int(note["process"]), datetime.fromtimestamp(note["since"]).astimezone()
            if _alive(process):
                clock = since.strftime("%H:%M" if time.time() - note["since"] < 12 * 3600 else "%Y-%m-%d %H:%M")
                return f"since {clock} (process {process})"
        if time.monotonic() > until:
            return "(by another process)"
        time.sleep(0.01)


def _alive(process: int) -> bool:
    if os.name == "nt":
        return True  # there a signal 0 would end it
    try:
        os.kill(process, 0)
    except OSError as error:
        return error.errno == errno.EPERM
    return True
