"""Generations are published whole or not at all, by one writer, while readers go on reading."""

import errno
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest.errors import GuideError
from retrieval.generation import Generation
from retrieval.index import CURRENT, IndexReader, current, generations, live_manifest, publish, writing
from settings import PROJECT
from tests.fakes import BagOfWordsEmbedder
from tests.indexes import TOOLS, flip_byte, write_tools

Write = Callable[[Path], None]


@pytest.fixture(scope="module")
def _template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template") / "gen"
    write_tools(folder, TOOLS)
    return folder


@pytest.fixture
def write(_template: Path) -> Write:
    """Fills a new generation, always with the same."""

    def copy(folder: Path) -> None:
        shutil.copytree(_template, folder)

    return copy


@pytest.fixture
def index(tmp_path: Path, write: Write) -> Path:
    """An index of two generations, the second live."""
    folder = tmp_path / "index"
    _publish(folder, write)
    _publish(folder, write)
    return folder


def _publish(folder: Path, write: Write, keep: int = 3) -> Path:
    with writing(folder):
        return publish(folder, write, keep)


def _names(folder: Path) -> list[str]:
    return [each.name for each in generations(folder)]


def _state(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith("lock")
    }


def test_the_first_generation_becomes_the_live_one(tmp_path: Path, write: Write) -> None:
    done = _publish(tmp_path / "new" / "index", write)
    assert done.name == "gen-000001"
    assert (done.parent / CURRENT).read_text(encoding="utf-8") == "gen-000001"
    assert current(done.parent) == done
    manifest = live_manifest(done.parent)
    assert manifest is not None
    assert manifest.model == "bag-of-words"


def test_only_the_last_generations_are_kept(index: Path, write: Write) -> None:
    for _ in range(3):
        _publish(index, write, keep=2)
    assert _names(index) == ["gen-000004", "gen-000005"]
    assert current(index) == index / "gen-000005"
    _publish(index, write, keep=1)
    assert _names(index) == ["gen-000006"]


def test_numbers_go_on_where_generations_are_missing(index: Path, write: Write) -> None:
    shutil.rmtree(index / "gen-000001")
    assert _publish(index, write).name == "gen-000003"


def test_what_else_lies_in_the_folder_is_left_alone(index: Path, write: Write) -> None:
    for name in ("gen-mine", "gen-", "notes"):
        (index / name).mkdir()
    (index / "gen-000009").write_text("a file", encoding="utf-8")
    _publish(index, write, keep=1)
    assert _names(index) == ["gen-000003"]
    assert all((index / name).exists() for name in ("gen-mine", "gen-", "notes", "gen-000009"))


@pytest.mark.parametrize("name", ["gen-000001", "gen-000001\n"])
def test_current_names_the_live_generation(index: Path, name: str) -> None:
    (index / CURRENT).write_text(name, encoding="utf-8")
    assert current(index) == index / "gen-000001"


POINTERS = [None, b"", b"gen-000099", b"../index/gen-000001", b"../../etc", b"/etc", b".", b"\xff\xfe"]


def _point(index: Path, pointer: bytes | None) -> None:
    if pointer is None:
        (index / CURRENT).unlink()
    else:
        (index / CURRENT).write_bytes(pointer)


@pytest.mark.parametrize("pointer", POINTERS)
def test_a_bad_current_gives_the_newest_sound_generation(index: Path, pointer: bytes | None) -> None:
    _point(index, pointer)
    assert current(index) == index / "gen-000002"
    flip_byte(index / "gen-000002" / "passages.npy")
    assert current(index) == index / "gen-000001"


@pytest.mark.parametrize("pointer", POINTERS)
def test_a_reader_stays_where_it_is_when_current_goes_bad(index: Path, pointer: bytes | None) -> None:
    reader = IndexReader(index)
    _point(index, pointer)
    with reader.use() as first, reader.use() as second:
        assert first is second
        assert first.folder == index / "gen-000002"


@pytest.mark.parametrize("make", [False, True])
def test_no_index_is_no_live_generation(make: bool, tmp_path: Path) -> None:
    if make:
        (tmp_path / "index").mkdir()
    assert (current(tmp_path / "index"), live_manifest(tmp_path / "index")) == (None, None)
    with pytest.raises(GuideError, match=r"no index in .*: run skill-guide build"):
        IndexReader(tmp_path / "index")


_WRITE = """
import sys
from pathlib import Path
from retrieval.index import writing
with writing(Path(sys.argv[1])):
    print("writing", flush=True)
    sys.stdin.read()
"""


def test_a_second_writer_is_refused_and_told_who_writes(index: Path, write: Write) -> None:
    command = [sys.executable, "-c", _WRITE, str(index)]
    with subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"writing\n"
        with pytest.raises(GuideError, match=rf"running already \(process {other.pid}\): wait for it"):
            _publish(index, write)
        other.kill()
    assert _publish(index, write).name == "gen-000003"


def test_a_writer_is_refused_within_one_process_too(index: Path) -> None:
    with writing(index), pytest.raises(GuideError, match=rf"running already \(process {os.getpid()}\)"), writing(index):
        pass
    with writing(index):
        pass


@pytest.mark.parametrize("failure", [RuntimeError("failed"), KeyboardInterrupt(), OSError(errno.EIO, "I/O error")])
def test_a_write_that_fails_half_way_leaves_the_old_index(index: Path, write: Write, failure: BaseException) -> None:
    def fail(folder: Path) -> None:
        write(folder)
        raise failure

    before = _state(index)
    with pytest.raises((type(failure), GuideError)):
        _publish(index, fail)
    assert _state(index) == before
    assert _publish(index, write).name == "gen-000003"


def test_what_a_killed_writer_left_is_cleared_away(index: Path, write: Write, caplog: pytest.LogCaptureFixture) -> None:
    write(index / "gen-000003.tmp")
    assert current(index) == index / "gen-000002"
    with writing(index):
        assert not (index / "gen-000003.tmp").exists()
    assert "an unfinished update was discarded (gen-000003.tmp)" in caplog.text


def _full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


DISK_CALLS = [
    "os.fsync", "pathlib.Path.rename", "pathlib.Path.replace", "numpy.save", "pathlib.Path.write_text",
    "retrieval.keyword.KeywordIndex.save",
]  # fmt: skip


@pytest.mark.parametrize("call", DISK_CALLS)
def test_a_full_disk_is_one_clear_error_and_the_old_index_stays(
    call: str, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = current(index)
    monkeypatch.setattr(call, _full)
    with pytest.raises(GuideError) as caught:
        _publish(index, write_tools)
    assert str(caught.value) == (
        f"the index could not be written to {index} (No space left on device): nothing changed; free some space"
        " or name another folder with --index"
    )
    monkeypatch.undo()
    assert current(index) == before
    assert live_manifest(index) is not None
    assert not list(index.glob("*.tmp/*"))


def test_a_folder_that_cannot_be_made_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(GuideError, match=r"the index folder .*index cannot be written to \(Not a directory\)"),
        writing(tmp_path / "file" / "index"),
    ):
        pass


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
            _publish(index, write, keep=1)
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
        _publish(index, write)
        with reader.use() as generation:
            assert generation.folder == current(index)
    assert closed == ["gen-000002", "gen-000003", "gen-000004"]


def test_an_error_of_a_user_gives_the_generation_back(index: Path, write: Write, closed: list[str]) -> None:
    reader = IndexReader(index)
    with pytest.raises(ZeroDivisionError), reader.use():
        raise ZeroDivisionError
    _publish(index, write)
    with reader.use():
        pass
    assert closed == ["gen-000002"]


def test_a_reader_stays_with_a_sound_generation_when_the_new_one_is_damaged(
    index: Path, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    reader = IndexReader(index)
    flip_byte(_publish(index, write) / "corpus.json")
    with caplog.at_level(logging.WARNING), reader.use() as generation:
        assert generation.folder.name == "gen-000002"
    assert "staying with gen-000002: the index is damaged (gen-000003: corpus.json is damaged)" in caplog.text
    _publish(index, write)
    with reader.use() as generation:
        assert generation.folder.name == "gen-000004"


def test_a_damaged_index_is_said_to_be_so(index: Path) -> None:
    flip_byte(index / "gen-000002" / "sentences.npy")
    with pytest.raises(GuideError, match=r"the index is damaged \(gen-000002: sentences.npy is damaged\): run skill-g"):
        IndexReader(index)
    assert live_manifest(index) is None
