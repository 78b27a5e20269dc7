"""A build gives memory back between its steps, and what lay in it is still there."""

import mmap
from pathlib import Path

import numpy as np
import pytest

from retrieval.memory import give_back

ROWS = np.arange(2_000_000, dtype=np.float32).reshape(-1, 100)


def _resident_mapped() -> int:
    """Bytes of files that are mapped into this process and in memory."""
    told = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(told.split("RssFile:")[1].split()[0]) * 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux to tell what is in memory")
def test_the_pages_of_a_mapped_array_go_and_come_again(tmp_path: Path) -> None:
    np.save(tmp_path / "rows.npy", ROWS)
    mapped = np.load(tmp_path / "rows.npy", mmap_mode="r")
    assert mapped.sum(dtype=np.float64) == ROWS.sum(dtype=np.float64)
    before = _resident_mapped()
    give_back([mapped])
    assert before - _resident_mapped() > ROWS.nbytes * 0.9
    assert np.array_equal(mapped, ROWS)


def test_an_array_that_is_not_mapped_stays_as_it_is() -> None:
    rows = ROWS[:5].copy()
    give_back([rows, rows[1:]])
    assert np.array_equal(rows, ROWS[:5])


def test_without_such_advice_nothing_happens(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delattr(mmap, "MADV_DONTNEED", raising=False)
    monkeypatch.setattr("sys.platform", "win32")
    np.save(tmp_path / "rows.npy", ROWS)
    mapped = np.load(tmp_path / "rows.npy", mmap_mode="r")
    give_back([mapped])
    assert np.array_equal(mapped, ROWS)


@pytest.mark.parametrize(("copies", "collected"), [(1, 0), (4, 1)])
def test_only_a_large_guide_waits_for_garbage_to_be_collected(
    monkeypatch: pytest.MonkeyPatch, copies: int, collected: int
) -> None:
    asked: list[None] = []
    monkeypatch.setattr("gc.collect", lambda: asked.append(None))
    give_back([ROWS] * copies)
    assert len(asked) == collected
