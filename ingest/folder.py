"""Walks a content folder and reads its files' bytes, never leaving it: no link is followed, nothing is waited for.

Every folder and file is opened relative to the one above it, so that a link put in its place meanwhile leads nowhere.
Knows nothing of formats. Never writes.
"""

import errno
import os
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from ingest.errors import GuideError, StoppedError

MAX_DEPTH: Final = 250
"""Folders in folders: each holds a file handle open while it is read, and systems give 256 at least."""
_TRIES: Final = 3
_PAUSE_SECONDS: Final = 0.05
"""A file that changes while it is read is read again, so often and after so long."""
_FOLDER_FLAGS: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE_FLAGS: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_PIECE: Final = 1 << 20
IS_LINK: Final = "is a link: put the file itself into the folder"
IS_LINKED_FOLDER: Final = "is a link to a folder: put the folder itself there"
NOT_A_FILE: Final = "is not a regular file"

Name = str
"""Path below the content folder, with `/`."""
Refuse = Callable[[Name, str], None]


class Found:
    """A file of the folder, to be opened at once: it stands on an open handle of the folder it lies in."""

    def __init__(self, name: Name, folder: int) -> None:
        self.name = name
        self._folder = folder

    def read(self, most: int) -> bytes:
        """All its bytes, as they were at one moment.

        Raises:
            GuideError: with the reason, ready to stand behind the file's name.
        """
        return read_file(self.name.rpartition("/")[2], most, self._folder)


def walk(folder: Path, refuse: Refuse, wanted: Callable[[Name, bool], bool]) -> Iterator[Found]:
    """Every file that is wanted, those of a folder by name, then those of the folders in it.

    Args:
        folder: may itself be a link; nothing in it may.
        refuse: told of what cannot be read, and why.
        wanted: whether a file (False) or folder (True) of that name is looked at; asked before anything else.

    Raises:
        GuideError: there is no such folder, or it cannot be read.
        StoppedError: the machine has no handles or memory left.
    """
    if not folder.is_dir():
        raise GuideError(f"no folder of guides at {folder}: create it, or name another with --content")
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise GuideError(f"the folder of guides {folder} cannot be read: check its permissions") from error
    try:
        yield from _below(handle, "", 0, refuse, wanted)
    except OSError as error:
        _stop_if_exhausted(error)
        raise GuideError(f"the folder of guides {folder} cannot be read: check its permissions") from error
    finally:
        os.close(handle)


def read_file(path: str | Path, most: int, folder: int | None = None) -> bytes:
    """All bytes of a file, through one handle; a link or anything but a file is refused without waiting for it.

    Raises:
        GuideError: with the reason, ready to stand behind the file's name.
    """
    try:
        if not stat.S_ISREG(mode := os.stat(path, dir_fd=folder, follow_symlinks=False).st_mode):
            raise GuideError(IS_LINK if stat.S_ISLNK(mode) else NOT_A_FILE)
        for _ in range(_TRIES):
            handle = os.open(path, _FILE_FLAGS, dir_fd=folder)
            try:
                if (content := _steady(handle, most)) is not None:
                    return content
            finally:
                os.close(handle)
            time.sleep(_PAUSE_SECONDS)
    except OSError as error:
        raise GuideError(_reason(error)) from error
    raise GuideError("changes while it is read: build again when it is finished")


def read_named(path: Path, most: int) -> bytes:
    """All bytes of a file that somebody has named, who may name a link to it.

    Raises:
        GuideError: it cannot be read; names it.
    """
    if not path.exists():
        raise GuideError(f"there is no file {path}: check the path")
    try:
        return read_file(path.resolve(), most)
    except GuideError as error:
        raise GuideError(f"{path} {error}") from error


def _below(
    handle: int, above: Name, depth: int, refuse: Refuse, wanted: Callable[[Name, bool], bool]
) -> Iterator[Found]:
    with os.scandir(handle) as entries:
        found = sorted((entry.name, entry.is_dir(follow_symlinks=False), entry.is_symlink()) for entry in entries)
    for name, is_folder, is_link in found:
        path = f"{above}{name}"
        if is_link and _leads_to_folder(name, handle):
            if wanted(path, True):
                refuse(path, IS_LINKED_FOLDER)
        elif not is_folder and wanted(path, False):
            yield Found(path, handle)
    for name, is_folder, _ in found:
        if is_folder and wanted(path := f"{above}{name}", True):
            yield from _inner(handle, path, depth + 1, refuse, wanted)


def _inner(
    handle: int, path: Name, depth: int, refuse: Refuse, wanted: Callable[[Name, bool], bool]
) -> Iterator[Found]:
    if depth > MAX_DEPTH:
        refuse(path, f"lies more than {MAX_DEPTH} folders deep")
        return
    inner = -1
    try:
        inner = os.open(path.rpartition("/")[2], _FOLDER_FLAGS, dir_fd=handle)
        yield from _below(inner, f"{path}/", depth, refuse, wanted)
    except OSError as error:
        _stop_if_exhausted(error)
        refuse(path, f"folder cannot be read ({error.strerror})")
    finally:
        if inner >= 0:
            os.close(inner)


def _leads_to_folder(name: str, handle: int) -> bool:
    try:
        return stat.S_ISDIR(os.stat(name, dir_fd=handle).st_mode)
    except OSError:
        return False


def _steady(handle: int, most: int) -> bytes | None:
    """The bytes behind a handle, or None if the file changed meanwhile."""
    before = os.fstat(handle)
    if not stat.S_ISREG(before.st_mode):
        raise GuideError(NOT_A_FILE)
    if before.st_size > most:
        raise GuideError(f"has {before.st_size:,} bytes, more than {most:,}: split it")
    pieces, size = [], 0
    while size <= most and (piece := os.read(handle, _PIECE)):
        pieces.append(piece)
        size += len(piece)
    after = os.fstat(handle)
    same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns) and size == after.st_size
    return b"".join(pieces) if same else None


def _stop_if_exhausted(error: OSError) -> None:
    """No fault of the file: to go on would drop from the index whatever comes next."""
    if error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOMEM):
        raise StoppedError(f"the guides cannot be read now ({error.strerror}): free some and try again") from error


def _reason(error: OSError) -> str:
    _stop_if_exhausted(error)
    if error.errno in (errno.ELOOP, errno.EMLINK):
        return IS_LINK
    if error.errno in (errno.ENXIO, errno.ENODEV):
        return NOT_A_FILE
    if error.errno == errno.ENOENT:
        return "was there a moment ago and is gone"
    return f"cannot be read ({error.strerror}): check its permissions"
