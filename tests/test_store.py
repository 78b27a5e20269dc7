"""Chroma finds what is nearest, its files are as they were written, and its failures are StoreErrors in time."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from retrieval.embedder import Vectors
from retrieval.store import ChromaStore, StoreError, content_digest
from settings import PROJECT
from tests.indexes import flip_byte

RECORDS = 50
DIMENSIONS = 16
NAME = "passages"
DATABASE = "chroma.sqlite3"
HELD_SECONDS = 4.0
"""Long beside the deadline, so that who comes back while the lock is held came back in time."""
SHORT_DEADLINE = 0.5


def _vectors(size: int = RECORDS) -> Vectors:
    found = np.random.default_rng(7).normal(size=(size, DIMENSIONS)).astype(np.float32)
    unit: Vectors = found / np.linalg.norm(found, axis=1, keepdims=True)
    return unit


def _ids(size: int = RECORDS) -> list[str]:
    return [f"id-{number}" for number in range(size)]


@pytest.fixture(scope="module")
def _written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store") / "chroma"
    store = ChromaStore(folder)
    store.add(NAME, _ids(), _vectors())
    store.close()
    return folder


@pytest.fixture
def folder(_written: Path, tmp_path: Path) -> Path:
    """A store of its own for every test."""
    copy = tmp_path / "chroma"
    for path in _written.rglob("*"):
        if path.is_file():
            target = copy / path.relative_to(_written)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    return copy


@contextmanager
def _opened(folder: Path) -> Iterator[ChromaStore]:
    store = ChromaStore(folder)
    try:
        yield store
    finally:
        store.close()


def test_a_database_that_is_none_is_a_store_error(folder: Path) -> None:
    (folder / DATABASE).write_bytes(b"not a database" * 1000)
    with pytest.raises(StoreError):
        ChromaStore(folder).nearest(NAME, _vectors()[0], 1)


_HOLD = """
import select, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
select.select([sys.stdin], [], [], float(sys.argv[2]))
"""


@contextmanager
def _locked(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The database locked by another process; locks of one's own process are none to SQLite."""
    command = [sys.executable, "-c", _HOLD, str(folder / DATABASE), str(HELD_SECONDS)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        yield holder


@pytest.mark.parametrize("when", ["opening", "first query", "later query"])
def test_a_locked_database_does_not_hold_a_question_up(folder: Path, when: str) -> None:
    store = ChromaStore(folder)
    if when == "later query":
        store.nearest(NAME, _vectors()[0], 1)
    if when == "opening":
        store.close()
    store._deadline = SHORT_DEADLINE
    with _locked(folder) as holder:
        with pytest.raises(StoreError):
            _ask(folder, store, when)
        assert holder.poll() is None


def _ask(folder: Path, store: ChromaStore, when: str) -> None:
    if when == "opening":
        store = ChromaStore(folder, deadline=SHORT_DEADLINE)
    store.nearest(NAME, _vectors()[0], 1)


def test_a_store_that_stopped_answering_is_not_waited_for_again(folder: Path) -> None:
    store = ChromaStore(folder)
    store.nearest(NAME, _vectors()[0], 1)
    store._deadline = SHORT_DEADLINE
    with _locked(folder):
        with pytest.raises(StoreError, match=r"did not answer within 0\.5 s"):
            store.nearest(NAME, _vectors()[0], 1)
        store._deadline = HELD_SECONDS * 100
        with pytest.raises(StoreError, match="stopped answering earlier"):
            store.nearest(NAME, _vectors()[0], 1)


_ASK_AND_END = """
import sys
from pathlib import Path
import numpy as np
from retrieval.store import ChromaStore, StoreError
store = ChromaStore(Path(sys.argv[1]))
vector = np.ones(16, np.float32)
store.nearest("passages", vector, 1)
store._deadline = 0.5
print("ready", flush=True)
sys.stdin.readline()
try:
    store.nearest("passages", vector, 1)
except StoreError:
    print("in time", flush=True)
"""


def test_a_query_that_never_ends_does_not_keep_the_process_alive(folder: Path) -> None:
    asking = [sys.executable, "-c", _ASK_AND_END, str(folder)]
    with subprocess.Popen(asking, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as asker:
        assert asker.stdout is not None
        assert asker.stdout.readline() == b"ready\n"
        with _locked(folder) as holder:
            said, _ = asker.communicate(b"\n")
            assert said == b"in time\n"
            assert holder.poll() is None


def test_opening_and_asking_does_not_change_the_content_digest(folder: Path) -> None:
    before = content_digest(folder / DATABASE)
    for _ in range(3):
        with _opened(folder) as store:
            store.nearest(NAME, _vectors()[0], 5)
    assert content_digest(folder / DATABASE) == before


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE embeddings SET embedding_id = 'other' WHERE embedding_id = 'id-3'",
        "DELETE FROM embeddings_queue WHERE seq_id = (SELECT max(seq_id) FROM embeddings_queue)",
        "DELETE FROM embeddings WHERE embedding_id = 'id-3'",
        "UPDATE collections SET name = 'other'",
        "CREATE TABLE extra (x)",
    ],
)
def test_a_changed_row_changes_the_content_digest(folder: Path, change: str) -> None:
    before = content_digest(folder / DATABASE)
    connection = sqlite3.connect(folder / DATABASE)
    with connection:
        assert connection.execute(change).rowcount != 0
    connection.close()
    assert content_digest(folder / DATABASE) != before


def test_a_damaged_name_in_the_database_is_damage(folder: Path) -> None:
    connection = sqlite3.connect(folder / DATABASE)
    with connection:
        connection.execute("CREATE INDEX by_name_and_more ON embeddings (embedding_id)")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = 'CREATE INDEX oops' WHERE name = 'by_name_and_more'")
    connection.close()
    whole = (folder / DATABASE).read_bytes()
    (folder / DATABASE).write_bytes(whole.replace(b"by_name_and_more", b"by_name_and_\x9f\x9f\x9f\x9f"))
    with pytest.raises(StoreError, match=f"{DATABASE} is damaged"):
        content_digest(folder / DATABASE)
    with pytest.raises(StoreError, match="cannot be read"):
        ChromaStore(folder)


def test_a_damaged_database_has_no_content_digest(folder: Path) -> None:
    flip_byte(folder / DATABASE, at=20)
    with pytest.raises(StoreError, match=f"{DATABASE} is damaged"):
        content_digest(folder / DATABASE)


def test_a_missing_database_has_no_content_digest(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=f"{DATABASE} is missing"):
        content_digest(tmp_path / DATABASE)
    assert not (tmp_path / DATABASE).exists()
