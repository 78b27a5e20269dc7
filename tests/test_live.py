"""A reader holds what it reads, moves on by itself, and never answers from what is damaged."""

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.errors import GuideError
from retrieval.generation import Generation
from retrieval.index import current, generations, live_manifest
from retrieval.live import IndexReader
from retrieval.locks import Lease, remove
from retrieval.manifest import MANIFEST, DamagedIndexError
from settings import PROJECT
from tests.fakes import BagOfWordsEmbedder
from tests.indexes import POINTERS, TOOLS, Write, flip_byte, published, write_tools


def _names(folder: Path) -> list[str]:
    return [each.name for each in generations(folder)]


@pytest.mark.parametrize("spoil", POINTERS.values(), ids=POINTERS)
def test_a_reader_stays_where_it_is_when_current_goes_bad(index: Path, spoil: Write) -> None:
    reader = IndexReader(index)
    spoil(index)
    with reader.use() as first, reader.use() as second:
        assert first is second
        assert first.folder == index / "gen-000002"


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Names of the generations that were closed, in order."""
    names: list[str] = []
    close = Generation.close

    def noted(generation: Generation) -> None:
        names.append(generation.folder.name)
        close(generation)

    monkeypatch.setattr(Generation, "close", noted)
    yield names


def test_a_reader_moves_on_and_closes_the_old_after_its_last_user(index: Path, write: Write, closed: list[str]) -> None:
    reader = IndexReader(index)
    vector = BagOfWordsEmbedder().encode(["saw"])[0]
    with reader.use() as first:
        with reader.use() as second:
            assert first is second
            published(index, write, keep=1)
            with reader.use() as third:
                assert third.folder.name == "gen-000003"
        assert closed == []
        assert first.folder.name == "gen-000002"
        assert (first.passage_vectors @ vector).max() > 0
    assert closed == ["gen-000002"]
    with reader.use() as last:
        assert last is third
    assert closed == ["gen-000002"]


def test_a_reader_that_nobody_used_meanwhile_closes_what_it_leaves(
    index: Path, write: Write, closed: list[str]
) -> None:
    reader = IndexReader(index)
    for _ in range(3):
        published(index, write)
        with reader.use() as generation:
            assert generation.folder == current(index)
    assert closed == ["gen-000002", "gen-000003", "gen-000004"]


def test_an_error_of_a_user_gives_the_generation_back(index: Path, write: Write, closed: list[str]) -> None:
    reader = IndexReader(index)
    with pytest.raises(ZeroDivisionError), reader.use():
        raise ZeroDivisionError
    published(index, write)
    with reader.use():
        pass
    assert closed == ["gen-000002"]


def test_a_reader_stays_with_a_sound_generation_when_the_new_one_is_damaged(
    index: Path, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    reader = IndexReader(index)
    flip_byte(published(index, write) / "corpus.json")
    with caplog.at_level(logging.WARNING), reader.use() as generation:
        assert generation.folder.name == "gen-000002"
    assert "staying with gen-000002: the index is damaged (gen-000003: corpus.json is damaged)" in caplog.text
    published(index, write)
    with reader.use() as generation:
        assert generation.folder.name == "gen-000004"


def test_the_newest_sound_generation_answers_for_a_damaged_one(
    index: Path, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    flip_byte(index / "gen-000002" / "sentences.npy")
    assert live_manifest(index) is None
    with caplog.at_level(logging.WARNING):
        reader = IndexReader(index)
    assert "answering from gen-000001: the index is damaged (gen-000002: sentences.npy is damaged)" in caplog.text
    with reader.use() as generation:
        assert generation.folder.name == "gen-000001"
    published(index, write)
    with reader.use() as generation:
        assert generation.folder.name == "gen-000003"


def test_where_all_is_damaged_it_is_said_so(index: Path) -> None:
    for name in _names(index):
        flip_byte(index / name / "sentences.npy")
    with pytest.raises(GuideError, match=r"the index is damaged \(gen-000002: sentences.npy is damaged\): run skill-g"):
        IndexReader(index)


def test_a_damaged_generation_is_looked_at_once(index: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = IndexReader(index)
    flip_byte(published(index, write) / "corpus.json")
    for _ in range(3):
        with reader.use() as generation:
            assert generation.folder.name == "gen-000002"
        monkeypatch.setattr("retrieval.live.Generation", None)  # looking again would fail


def test_a_reader_does_not_move_to_another_model(index: Path, write: Write, caplog: pytest.LogCaptureFixture) -> None:
    reader = IndexReader(index)
    other = BagOfWordsEmbedder()
    other.fingerprint, other.name = "other:1", "other"
    published(index, lambda folder: write_tools(folder, TOOLS, embedder=other))
    with reader.use() as generation:
        assert generation.folder.name == "gen-000002"
    assert "staying with gen-000002: gen-000003 was made with another model (other): start again" in caplog.text


def test_what_somebody_reads_is_not_cleared_away(index: Path, write: Write) -> None:
    reader = IndexReader(index)
    vector = BagOfWordsEmbedder().encode(["saw"])[0]
    with reader.use() as generation:
        for _ in range(4):
            published(index, write, keep=1)
        assert _names(index) == ["gen-000002", "gen-000006"]
        assert generation.store.nearest("passages", vector, 1)
        kept = generation
    with reader.use() as generation:
        assert generation.folder.name == "gen-000006"
    published(index, write, keep=1)
    assert _names(index) == ["gen-000006", "gen-000007"] and kept.manifest


_READ = """
import sys
from pathlib import Path
from retrieval.live import IndexReader
with IndexReader(Path(sys.argv[1])).use() as generation:
    print(generation.folder.name, flush=True)
    sys.stdin.read()
"""


def test_a_reader_in_another_process_holds_what_it_reads_until_it_dies(index: Path, write: Write) -> None:
    command = [sys.executable, "-c", _READ, str(index)]
    with subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"gen-000002\n"
        other.send_signal(signal.SIGSTOP)
        published(index, write, keep=1)
        published(index, write, keep=1)
        assert _names(index) == ["gen-000002", "gen-000004"]
        other.kill()
    published(index, write, keep=1)
    assert _names(index) == ["gen-000005"]


def test_a_lease_needs_something_to_hold(index: Path) -> None:
    (index / "gen-000001" / MANIFEST).unlink()
    with pytest.raises(DamagedIndexError, match="gen-000001: the manifest cannot be read"):
        Lease(index / "gen-000001")


def test_what_is_being_removed_cannot_be_opened(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def meanwhile(path: Path, target: Path) -> Path:
        with pytest.raises(DamagedIndexError, match="gen-000001: it was just removed"):
            Generation(path)
        os.rename(path, target)  # noqa: PTH104 -- Path.rename is this function
        return target

    monkeypatch.setattr(Path, "rename", meanwhile)
    assert remove(index / "gen-000001")
    monkeypatch.undo()
    assert _names(index) == ["gen-000002"] and current(index) == index / "gen-000002"
