"""Generations are published whole or not at all, by one writer, while readers go on reading."""

import errno
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.errors import GuideError
from retrieval.index import CURRENT, current, generations, live_manifest, live_name, newest_sound, publish, writing
from retrieval.live import IndexReader
from retrieval.locks import LOCK
from settings import PROJECT
from tests.indexes import POINTERS, Write, flip_byte, published, write_tools


def _names(folder: Path) -> list[str]:
    return [each.name for each in generations(folder)]


def _state(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith("lock")
    }


def test_the_first_generation_becomes_the_live_one(tmp_path: Path, write: Write) -> None:
    done = published(tmp_path / "new" / "index", write)
    assert done.name == "gen-000001"
    assert (done.parent / CURRENT).read_text(encoding="utf-8") == "gen-000001"
    assert current(done.parent) == done
    manifest = live_manifest(done.parent)
    assert manifest is not None
    assert manifest.model == "bag-of-words"


def test_only_the_last_generations_are_kept(index: Path, write: Write) -> None:
    for _ in range(3):
        published(index, write, keep=2)
    assert _names(index) == ["gen-000004", "gen-000005"]
    assert current(index) == index / "gen-000005"
    published(index, write, keep=1)
    assert _names(index) == ["gen-000006"]


def test_numbers_go_on_where_generations_are_missing(index: Path, write: Write) -> None:
    shutil.rmtree(index / "gen-000001")
    assert published(index, write).name == "gen-000003"


def test_what_else_lies_in_the_folder_is_left_alone(index: Path, write: Write) -> None:
    for name in ("gen-mine", "gen-", "notes"):
        (index / name).mkdir()
    (index / "gen-000009").write_text("a file", encoding="utf-8")
    published(index, write, keep=1)
    assert _names(index) == ["gen-000003"]
    assert all((index / name).exists() for name in ("gen-mine", "gen-", "notes", "gen-000009"))


@pytest.mark.parametrize("name", ["gen-000001", "gen-000001\n"])
def test_current_names_the_live_generation(index: Path, name: str) -> None:
    (index / CURRENT).write_text(name, encoding="utf-8")
    assert current(index) == index / "gen-000001"


@pytest.mark.parametrize("spoil", POINTERS.values(), ids=POINTERS)
def test_a_bad_current_gives_the_newest_sound_generation(index: Path, spoil: Write, write: Write) -> None:
    spoil(index)
    assert current(index) == index / "gen-000002"
    with IndexReader(index).use() as generation:
        assert generation.folder == index / "gen-000002"
    flip_byte(index / "gen-000002" / "passages.npy")
    assert current(index) == index / "gen-000001"
    assert published(index, write).name == "gen-000003"
    assert (index / CURRENT).read_text(encoding="utf-8") == "gen-000003" and not (index / CURRENT).is_symlink()
    assert current(index) == index / "gen-000003"


@pytest.mark.parametrize("make", [False, True])
def test_no_index_is_no_live_generation(make: bool, tmp_path: Path) -> None:
    if make:
        (tmp_path / "index").mkdir()
    assert (current(tmp_path / "index"), live_manifest(tmp_path / "index")) == (None, None)
    with pytest.raises(GuideError, match=r"no index in .*: run skill-guide build"):
        IndexReader(tmp_path / "index")
    assert (live_name(tmp_path / "index"), newest_sound(tmp_path / "index")) == ("", None)


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
        with pytest.raises(GuideError, match=rf"already running since \d\d:\d\d \(process {other.pid}\): wait for it"):
            published(index, write)
        other.kill()
    assert published(index, write).name == "gen-000003"


def test_a_writer_is_refused_within_one_process_too(index: Path) -> None:
    with writing(index), pytest.raises(GuideError, match=rf"since \d\d:\d\d \(process {os.getpid()}\)"), writing(index):
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
        published(index, fail)
    assert _state(index) == before
    assert published(index, write).name == "gen-000003"


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
        published(index, write_tools)
    assert re.fullmatch(
        rf"Not enough disk: (needs \d\.\d MB, has less|it is full)\. Nothing changed\. Free some space, or name another"
        rf" folder than {index}", str(caught.value),
    )  # fmt: skip
    monkeypatch.undo()
    assert current(index) == before
    assert live_manifest(index) is not None
    assert sorted(path.name for path in index.iterdir()) == [CURRENT, "gen-000001", "gen-000002", LOCK]


def test_a_disk_that_is_too_small_is_said_before_anything_is_written(index: Path) -> None:
    def never(folder: Path) -> None:
        raise AssertionError(folder)

    with (
        writing(index),
        pytest.raises(GuideError, match=r"^Not enough disk: needs 1,000,000,000\.0 MB, has [\d,]+\.\d MB\. Nothing"),
    ):
        publish(index, never, 3, needs=10**15)


def test_an_error_that_is_no_full_disk_says_which(index: Path, write: Write) -> None:
    def denied(folder: Path) -> None:
        write(folder)
        raise OSError(errno.EACCES, "Permission denied", str(folder / "passages.npy"))

    with pytest.raises(GuideError, match=r"could not be written to .* \(Permission denied\): nothing changed"):
        published(index, denied)


def test_past_the_last_rename_the_new_index_is_the_live_one(
    index: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace

    def replaced(path: Path, target: Path) -> Path:
        done = replace(path, target)
        if target.name == CURRENT:
            monkeypatch.setattr("os.fsync", _full)
        return done

    monkeypatch.setattr(Path, "replace", replaced)
    assert published(index, write).name == "gen-000003"
    monkeypatch.undo()
    assert current(index) == index / "gen-000003" and live_manifest(index) is not None


def test_a_folder_that_cannot_be_made_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(GuideError, match=r"the index folder .*index cannot be written to \(Not a directory\)"),
        writing(tmp_path / "file" / "index"),
    ):
        pass
