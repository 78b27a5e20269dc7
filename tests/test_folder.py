"""A content folder is read to its last file and not one byte further, whatever stands in it."""

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from ingest.errors import GuideError
from ingest.folder import IS_LINK, IS_LINKED_FOLDER, MAX_DEPTH, NOT_A_FILE, read_file, walk
from ingest.reader import MAX_TEXT_BYTES, read_corpus

PATIENCE_SECONDS = 30
OUTSIDE = b"the secret that lies outside"


def _walked(folder: Path) -> tuple[dict[str, bytes], dict[str, str]]:
    """What is read of a folder, and what is refused."""
    refused: dict[str, str] = {}
    read: dict[str, bytes] = {}
    for found in walk(folder, refused.__setitem__, lambda name, _: not name.rpartition("/")[2].startswith(".")):
        try:
            read[found.name] = found.read(1000)
        except GuideError as error:
            refused[found.name] = str(error)
    return read, refused


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A content folder with one file, beside a folder with another."""
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "own.md").write_bytes(b"own")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.md").write_bytes(OUTSIDE)
    return tmp_path / "content"


# What a link says: to a file or a folder, in or out, straight or by way of others, whole or broken.
TARGETS = {
    "{outside}/secret.md": IS_LINK,
    "../outside/secret.md": IS_LINK,
    "./../outside/./secret.md": IS_LINK,
    "{content}/../outside/secret.md": IS_LINK,
    "own.md": IS_LINK,
    "{content}/own.md": IS_LINK,
    "{outside}": IS_LINKED_FOLDER,
    "../outside": IS_LINKED_FOLDER,
    ".": IS_LINKED_FOLDER,
    "..": IS_LINKED_FOLDER,
    "/": IS_LINKED_FOLDER,
    "{content}": IS_LINKED_FOLDER,
    "nowhere.md": IS_LINK,
    "{outside}/nowhere": IS_LINK,
    "link.md": IS_LINK,
    "/dev/zero": IS_LINK,
    "/dev/stdin": IS_LINK,
    "/proc/self/environ": IS_LINK,
    "/etc/passwd": IS_LINK,
    "/proc/self/root": IS_LINKED_FOLDER,
}


@pytest.mark.parametrize("place", ["link.md", "deep/link.md", "deep/er/link.md"])
@pytest.mark.parametrize("target", TARGETS)
def test_no_link_is_followed_and_each_is_named(folder: Path, target: str, place: str) -> None:
    link = folder / place
    link.parent.mkdir(parents=True, exist_ok=True)
    up = Path(*[".."] * place.count("/")) if "/" in place and target.startswith(("..", "./..", "own")) else Path()
    link.symlink_to(up / target.format(outside=folder.parent / "outside", content=folder))
    read, refused = _walked(folder)
    assert read == {"own.md": b"own"}
    assert refused == {place: TARGETS[target]}


def test_links_in_a_circle_and_links_to_links_end(folder: Path) -> None:
    (folder / "a.md").symlink_to("b.md")
    (folder / "b.md").symlink_to("a.md")
    (folder / "c").symlink_to("d")
    (folder / "d").symlink_to(folder)
    read, refused = _walked(folder)
    assert read == {"own.md": b"own"} and set(refused) == {"a.md", "b.md", "c", "d"}


def test_the_folder_itself_may_be_a_link(folder: Path) -> None:
    (folder.parent / "alias").symlink_to(folder)
    assert _walked(folder.parent / "alias") == ({"own.md": b"own"}, {})


def test_a_hard_link_is_a_file_like_any_other(folder: Path) -> None:
    os.link(folder / "own.md", folder / "same.md")
    assert _walked(folder)[0] == {"own.md": b"own", "same.md": b"own"}


def test_what_is_no_file_is_named_and_waited_for_by_nobody(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(folder / "pipe.md")
    monkeypatch.chdir(folder)  # a socket's path may be only 107 bytes long
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.md")
        special = {"pipe.md", "socket.md"}
        if os.getuid() == 0:
            try:
                os.mknod(folder / "device.md", 0o600 | 0o020000, os.makedev(1, 5))
                special.add("device.md")
            except PermissionError:  # containers may forbid it to their root
                pass
        read, refused = _walked(folder)
    assert read == {"own.md": b"own"} and refused == dict.fromkeys(special, NOT_A_FILE)


def test_a_link_put_there_between_the_look_and_the_opening_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look, outside = os.stat, folder.parent / "secret.md"
    outside.write_bytes(b"not yours")

    def swapped(path: str, **choices: Any) -> os.stat_result:  # noqa: ANN401 -- whatever os.stat takes
        found = look(path, **choices)
        if path == "own.md":
            (folder / "own.md").unlink()
            (folder / "own.md").symlink_to(outside)
        return found

    monkeypatch.setattr(os, "stat", swapped)
    assert _walked(folder) == ({}, {"own.md": IS_LINK})


SWAP = """
import os, sys
mine, aside, other = sys.argv[1:]
while True:
    os.rename(mine, aside)
    os.symlink(other, mine)
    for _ in range(200): pass
    os.unlink(mine)
    os.rename(aside, mine)
    for _ in range(200): pass
"""


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_link_put_in_place_of_a_file_meanwhile_leads_nowhere(folder: Path, what: str) -> None:
    inner = folder / "inner"
    inner.mkdir()
    (inner / "secret.md").write_bytes(b"mine")
    outside, aside = folder.parent / "outside", folder.parent / "aside"
    swapped = inner if what == "folder" else inner / "secret.md"
    other = outside if what == "folder" else outside / "secret.md"
    swapper = subprocess.Popen([sys.executable, "-c", SWAP, str(swapped), str(aside), str(other)])
    try:
        until = time.monotonic() + PATIENCE_SECONDS
        seen: list[tuple[dict[str, bytes], dict[str, str]]] = []
        lost = False
        while len(seen) < 1000 or (not lost and time.monotonic() < until):  # a busy machine swaps too seldom
            seen.append(_walked(folder))
            lost = lost or bool(seen[-1][1])
    finally:
        swapper.kill()
        swapper.wait()
    contents = {content for read, _ in seen for content in read.values()}
    assert contents <= {b"own", b"mine"} and OUTSIDE not in contents
    assert any(refused for _, refused in seen), "the race was never lost, so it was never run"


def test_a_growing_file_is_read_whole_or_refused(folder: Path) -> None:
    stop = threading.Event()
    versions = {bytes([65 + number]) * (500 + number) for number in range(26)}

    def rewrite() -> None:
        while not stop.is_set():
            for version in sorted(versions):
                (folder / ".new").write_bytes(version)
                (folder / ".new").replace(folder / "own.md")

    writer = threading.Thread(target=rewrite)
    writer.start()
    try:
        read = [_walked(folder)[0].get("own.md") for _ in range(300)]
    finally:
        stop.set()
        writer.join()
    assert set(read) - {None} <= versions | {b"own"}


def test_a_file_that_is_written_to_all_the_time_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original, moments = os.read, iter(range(1, 1000))

    def read_while_changed(handle: int, size: int) -> bytes:
        os.utime(folder / "own.md", ns=(0, next(moments)))
        return original(handle, size)

    monkeypatch.setattr(os, "read", read_while_changed)
    with pytest.raises(GuideError, match="changes while it is read"):
        read_file(folder / "own.md", 10_000)


def test_a_file_that_vanishes_is_named(folder: Path) -> None:
    found = next(iter(walk(folder, lambda *_: None, lambda *_: True)))
    (folder / "own.md").unlink()
    with pytest.raises(GuideError, match="was there a moment ago and is gone"):
        read_file(folder / found.name, 1000)


@pytest.mark.parametrize(("size", "read"), [(0, True), (1000, True), (1001, False), (200_000_000, False)])
def test_the_limit_holds_to_the_byte_and_nothing_above_it_is_read(
    folder: Path, size: int, read: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.truncate(folder / "own.md", size)
    if read:
        assert len(_walked(folder)[0]["own.md"]) == size
        return
    monkeypatch.setattr(os, "read", lambda *_: pytest.fail("was read"))
    assert _walked(folder) == ({}, {"own.md": f"has {size:,} bytes, more than 1,000: split it"})


def test_a_huge_guide_is_left_out_with_its_reason(folder: Path) -> None:
    (folder / "huge.md").touch()
    os.truncate(folder / "huge.md", MAX_TEXT_BYTES + 1)
    (skipped,) = read_corpus(folder).skipped
    assert (skipped.path, skipped.reason) == ("huge.md", "has 20,000,001 bytes, more than 20,000,000: split it")


def test_deep_folders_and_long_paths_are_read(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    for _ in range(MAX_DEPTH + 2):
        os.mkdir("a-name-of-twenty-byte", dir_fd=handle)
        inner = os.open("a-name-of-twenty-byte", os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = inner
        file = os.open("x.md", os.O_WRONLY | os.O_CREAT, dir_fd=handle)
        os.write(file, b"deep")
        os.close(file)
    os.close(handle)
    read, refused = _walked(folder)
    assert len(read) == MAX_DEPTH + 1 and max(map(len, read)) > 4096
    assert list(refused.values()) == [f"lies more than {MAX_DEPTH} folders deep"]
