"""The index folder: generations beside each other, and `CURRENT`, which names the live one.

A generation is written aside and published by one rename, so that a process killed at any moment leaves the old index
or the new one. Readers hold the generation that they opened and move on when `CURRENT` changes.
"""

import errno
import logging
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ingest.errors import GuideError
from retrieval.generation import sync
from retrieval.locks import REMOVED, remove, writer
from retrieval.manifest import DamagedIndexError, Manifest, verify

CURRENT = "CURRENT"
POINTER_BYTES = 64
"""More is no name of a generation."""
_PREFIX = "gen-"
_UNFINISHED = ".tmp"
_FULL = {errno.ENOSPC, errno.EDQUOT}
_FULL_IN_WORDS = ("disk is full", "No space left on device")
_MEGABYTE = 1_000_000
_log = logging.getLogger(__name__)


def generations(folder: Path) -> list[Path]:
    """The generations in an index folder, oldest first."""
    found = folder.glob(f"{_PREFIX}*") if folder.is_dir() else ()
    real = (path for path in found if _number(path) is not None and path.is_dir() and not path.is_symlink())
    return sorted(real, key=lambda path: (_number(path), path.name))


def _number(path: Path) -> int | None:
    digits = path.name.removeprefix(_PREFIX)
    return int(digits) if digits.isascii() and digits.isdigit() else None


def named(folder: Path) -> str | None:
    """What CURRENT says; None where it cannot be read. Whether there is such a generation is another question."""
    path = folder / CURRENT
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        try:
            plain = stat.S_ISREG(os.fstat(handle).st_mode)
            return os.read(handle, POINTER_BYTES).decode("utf-8").strip() if plain else None
        finally:
            os.close(handle)
    except (OSError, UnicodeDecodeError):
        return None


def candidates(folder: Path) -> list[Path]:
    """The generations in the order in which they should answer: the one that CURRENT names, then the newest first."""
    name = named(folder)
    newest_first = generations(folder)[::-1]
    return sorted(newest_first, key=lambda path: path.name != name)


def current(folder: Path) -> Path | None:
    """The live generation: the one that CURRENT names, else the newest that is sound; None where there is none."""
    name = named(folder)
    known = candidates(folder)
    if known and known[0].name == name:
        return known[0]
    return next((path for path in known if _sound(path)), None)


def live_name(folder: Path) -> str:
    """Name of the live generation; empty where there is none."""
    path = current(folder)
    return path.name if path else ""


def newest_sound(folder: Path) -> Path | None:
    """The generation that may answer: the live one if it is sound, else the newest that is."""
    return next((path for path in candidates(folder) if _sound(path)), None)


def _sound(folder: Path) -> bool:
    try:
        verify(folder)
    except DamagedIndexError:
        return False
    return True


def checked_manifest(folder: Path) -> Manifest | None:
    """The manifest of the live generation, every file checked; None if there is no index.

    Raises:
        DamagedIndexError: the live generation is not what it was.
    """
    path = current(folder)
    if path is not None:
        return verify(path)
    if found := generations(folder):
        return verify(found[-1])  # all are damaged: says how
    return None


def live_manifest(folder: Path) -> Manifest | None:
    """The manifest of the live generation, every file checked; None if there is none or it is damaged."""
    try:
        return checked_manifest(folder)
    except DamagedIndexError as error:
        _log.warning("the index is damaged: %s", error)
        return None


def leftovers(folder: Path) -> list[Path]:
    """What a build that was killed, or a clean-up, left half done."""
    if not folder.is_dir():
        return []
    return sorted([*folder.glob(f"{_PREFIX}*{_UNFINISHED}"), *folder.glob(f"{_PREFIX}*{REMOVED}")])


@contextmanager
def writing(folder: Path) -> Iterator[tuple[str, ...]]:
    """Holds the one right to write to the index; gives what is to be said of an update that was not finished.

    Raises:
        GuideError: another process writes, or the folder cannot be written to.
    """
    with writer(folder):
        said = []
        for leftover in leftovers(folder):
            if leftover.name.endswith(_UNFINISHED):
                said.append(f"an unfinished update was discarded ({leftover.name})")
                _log.warning(said[-1])
            _discard(leftover)
        yield tuple(said)


def _discard(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def publish(folder: Path, write: Callable[[Path], None], keep: int, needs: int = 0) -> Path:
    """Lets `write` fill a new generation, makes it the live one, and clears away all but the last `keep`.

    Only to be called within `writing`. If it fails, the index stays as it was. What somebody reads is not cleared away.

    Args:
        folder: the index.
        write: fills a folder that does not exist yet.
        keep: generations that stay.
        needs: bytes that the new generation is expected to take.

    Raises:
        GuideError: the disk is full or not writable; nothing changed.
    """
    known = generations(folder)
    done = folder / f"{_PREFIX}{max((_number(path) or 0 for path in known), default=0) + 1:06d}"
    unfinished = folder / f"{done.name}{_UNFINISHED}"
    try:
        if _free(folder) < needs:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(unfinished)
        sync(unfinished)
        unfinished.rename(done)
        _sync_folder(folder)
        _point(folder, done.name)
    except BaseException as error:
        if named(folder) == done.name and isinstance(error, OSError):  # past the last rename: the new index is live
            _log.warning("the new index may not be on the disk yet: %s", error)
        else:
            needs = max(needs, _size(unfinished), _size(done))
            for path in (unfinished, done, folder / f"{CURRENT}{_UNFINISHED}"):
                _discard(path)
            if isinstance(error, OSError) or _is_full(error):
                raise GuideError(_unwritten(folder, error, needs)) from error
            raise
    for old in generations(folder)[:-keep]:
        if old != done and not remove(old):
            _log.info("%s stays: somebody reads it", old.name)
    return done


def point(folder: Path, name: str) -> None:
    """Makes CURRENT name a generation. Only to be called within `writing`.

    Raises:
        GuideError: the disk is full or not writable.
    """
    try:
        _point(folder, name)
    except OSError as error:
        raise GuideError(_unwritten(folder, error, 0)) from error


def _point(folder: Path, name: str) -> None:
    pointer = folder / f"{CURRENT}{_UNFINISHED}"
    _discard(pointer)
    with pointer.open("x", encoding="utf-8") as file:
        file.write(name)
        file.flush()
        os.fsync(file.fileno())
    if (folder / CURRENT).is_dir() and not (folder / CURRENT).is_symlink():
        _discard(folder / CURRENT)  # a file cannot replace a folder
    pointer.replace(folder / CURRENT)
    _sync_folder(folder)


def _unwritten(folder: Path, error: BaseException, needs: int) -> str:
    if not _is_full(error):
        reason = getattr(error, "strerror", None) or error
        return (
            f"the index could not be written to {folder} ({reason}): nothing changed; free some space or name another"
            " folder with --index"
        )
    free = _free(folder)
    has = f"{free / _MEGABYTE:,.1f} MB" if free < needs else "less"
    wanted = f"needs {needs / _MEGABYTE:,.1f} MB, has {has}" if needs else "it is full"
    return f"Not enough disk: {wanted}. Nothing changed. Free some space, or name another folder than {folder}"


def _is_full(error: BaseException | None) -> bool:
    """Whether the disk is full; Chroma's own code says so in words only."""
    while error is not None:
        if getattr(error, "errno", None) in _FULL or any(words in str(error) for words in _FULL_IN_WORDS):
            return True
        error = error.__cause__
    return False


def _size(folder: Path) -> int:
    with suppress(OSError):
        return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return 0


def _free(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
