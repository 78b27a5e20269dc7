"""The order of what is published: everything is on the disk before a name points to it."""

import os
from pathlib import Path

import pytest
from filelock import FileLock

from retrieval.index import CURRENT, generations, publish, writing
from retrieval.locks import Lease
from retrieval.manifest import MANIFEST, DamagedIndexError, read_manifest
from tests.indexes import TOOLS, write_tools


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """An index of one generation."""
    folder = tmp_path / "index"
    with writing(folder):
        publish(folder, lambda new: write_tools(new, TOOLS), 3)
    return folder


def test_all_is_on_the_disk_before_a_name_points_to_it(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    fsync, rename, replace = os.fsync, Path.rename, Path.replace

    def synced(handle: int) -> None:
        steps.append(f"sync {Path(os.readlink(f'/proc/self/fd/{handle}')).relative_to(index)}")  # noqa: PTH115
        fsync(handle)

    def renamed(path: Path, target: Path) -> Path:
        steps.append(f"rename {path.name}")
        return rename(path, target)

    def replaced(path: Path, target: Path) -> Path:
        if target.name == CURRENT:
            steps.append("point")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "rename", renamed)
    monkeypatch.setattr(Path, "replace", replaced)
    with writing(index):
        done = publish(index, lambda new: write_tools(new, TOOLS), 3)
    files = {f"sync gen-000002.tmp/{path.relative_to(done)}" for path in done.rglob("*")}
    moved = steps.index("rename gen-000002.tmp")
    assert files | {"sync gen-000002.tmp"} <= set(steps[:moved])
    assert steps[moved + 1 :] == ["sync .", "sync CURRENT.tmp", "point", "sync ."]


def test_nobody_waits_for_the_lock(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[object] = []
    acquire = FileLock.acquire

    def noted(lock: FileLock, timeout: float | None = None) -> object:
        waits.append(timeout)
        return acquire(lock, timeout=timeout)

    monkeypatch.setattr(FileLock, "acquire", noted)
    with writing(index):
        pass
    assert waits == [0]


def test_what_is_half_written_is_no_generation(index: Path) -> None:
    write_tools(index / "gen-000002.tmp", TOOLS)
    assert [path.name for path in generations(index)] == ["gen-000001"]


def test_a_word_changed_in_the_manifest_is_noticed(index: Path) -> None:
    path = index / "gen-000001" / MANIFEST
    path.write_text(path.read_text(encoding="utf-8").replace("bag-of-words", "bag-of-wordz", 1), encoding="utf-8")
    with pytest.raises(DamagedIndexError, match="the manifest is damaged"):
        read_manifest(path.parent)


def test_a_lease_that_was_released_holds_nothing(index: Path) -> None:
    lease = Lease(index / "gen-000001")
    with writing(index):
        for _ in range(2):
            publish(index, lambda new: write_tools(new, TOOLS), 1)
        assert [path.name for path in generations(index)] == ["gen-000001", "gen-000003"]
        lease.release()
        lease.release()
        publish(index, lambda new: write_tools(new, TOOLS), 1)
    assert [path.name for path in generations(index)] == ["gen-000004"]
