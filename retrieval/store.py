"""Nearest vectors by Chroma, embedded in this process. Knows ids and vectors, nothing of passages.

Every call has a deadline: Chroma waits up to 1,000 seconds for a locked database.
"""

import hashlib
import logging
import os
import sqlite3
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from retrieval.embedder import Vectors
from retrieval.memory import release

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
T = TypeVar("T")
DATABASE = "chroma.sqlite3"
"""Chroma's file of records."""
ADD_RECORDS = 2_000
"""Records per call of `add`; Chroma refuses more than 5,461."""
ASK_RECORDS = 500
"""Records per call that checks them."""
SAME_VALUE = 1e-6
"""Two numbers of a vector are the same if they are as near: Chroma may have taken them through text."""
SAME_DISTANCE = 1e-5
"""Cosine distance that is rounding alone."""
HNSW_BATCH = 100
"""Records that Chroma holds in a flat list before it puts them into the graph; its default."""
LEAST_THRESHOLD = 2
"""Records after which Chroma writes its graph, at least; it takes no less."""
DEADLINE_SECONDS = 10.0
"""A healthy query takes 2 ms at 20,000 vectors; a locked database never answers."""
BUILD_DEADLINE_SECONDS = 600.0
"""For one batch of adds while a generation is written."""
_log = logging.getLogger(__name__)


class StoreError(Exception):
    """The vector store failed or did not answer in time; the caller falls back to exact search."""


class LostError(StoreError):
    """The store does not hold the collection (any more)."""


class Store(ABC):
    """Collections of vectors under ids. Read by many threads; written once, when a generation is built."""

    def __init__(self, deadline: float) -> None:
        """Takes the seconds that a call may last."""
        self._deadline = deadline
        self._collections: dict[str, Any] = {}

    def add(self, collection: str, ids: Sequence[str], vectors: Vectors) -> None:
        """Creates a collection of these records, at least one. Vectors: shape `(len(ids), dimensions)`."""
        opened = self._collections[collection] = self._created(self._name(collection), len(ids))
        for batch in _batches(len(ids), ADD_RECORDS):
            add = partial(opened.add, ids=list(ids[batch]), embeddings=vectors[batch])
            self._call(add, BUILD_DEADLINE_SECONDS)

    def nearest(self, collection: str, vector: Vectors, k: int) -> list[str]:
        """Ids of the `k` records of least cosine distance, nearest first. Vector: shape `(dimensions,)`.

        Chroma's graph may give fewer than there are, without a word.
        """
        opened = self._collection(collection)
        found = self._call(lambda: opened.query(query_embeddings=vector[np.newaxis], n_results=k, include=[]))
        return list(found["ids"][0])

    def unreachable(self, collection: str, ids: Sequence[str], vectors: Vectors) -> list[int]:
        """Rows of the records that their own vector does not find: Chroma's graph may leave some out for good."""
        opened = self._collection(collection)
        missed: list[int] = []
        for batch in _batches(len(ids), ASK_RECORDS):
            ask = partial(opened.query, query_embeddings=vectors[batch], n_results=1, include=["distances"])
            found = self._call(ask, BUILD_DEADLINE_SECONDS)
            for row, own, near, distance in zip(
                range(len(ids))[batch], ids[batch], found["ids"], found["distances"], strict=True
            ):
                # The same text twice is two records of one vector: either will do.
                if near[:1] != [own] and not (near and distance[0] <= SAME_DISTANCE):
                    missed.append(row)
        return missed

    def check(self, collection: str, ids: Sequence[str], vectors: Vectors) -> None:
        """Holds every record against what was given.

        Raises:
            StoreError: one is missing, is too much, or has another vector.
        """
        opened = self._collection(collection)
        held = self._call(opened.count, BUILD_DEADLINE_SECONDS)
        wrong = max(held - len(ids), 0)
        for batch in _batches(len(ids), ASK_RECORDS):
            get = partial(opened.get, ids=list(ids[batch]), include=["embeddings"])
            found = self._call(get, BUILD_DEADLINE_SECONDS)
            rows = dict(zip(found["ids"], found["embeddings"], strict=True))
            wrong += sum(
                own not in rows or not np.allclose(rows[own], vector, atol=SAME_VALUE)
                for own, vector in zip(ids[batch], vectors[batch], strict=True)
            )
            release((vectors,))  # the store's own copy is in memory, too
        if wrong:
            raise StoreError(f"the vector store holds {wrong} of {len(ids)} {collection} wrongly or not at all")

    def ids(self, collection: str) -> set[str]:
        """The ids of all records."""
        opened = self._collection(collection)
        return set(self._call(lambda: opened.get(include=[]), BUILD_DEADLINE_SECONDS)["ids"])

    @abstractmethod
    def close(self) -> None:
        """Gives files, threads and connections back. The store cannot be used afterwards."""

    @abstractmethod
    def _client(self) -> "ClientAPI":
        """Chroma's client; only to be called within `_call`."""

    @abstractmethod
    def _call(self, work: Callable[[], T], deadline: float | None = None) -> T:
        """What `work` gives, in time, or a StoreError."""

    def _name(self, collection: str) -> str:
        """What Chroma calls a collection."""
        return collection

    def _created(self, name: str, records: int) -> Any:  # noqa: ANN401 - Chroma's type is private
        """A new collection that puts its vector index on the disk when its last record has come.

        Left to itself, Chroma writes every 1,000 records only, and a reader's files change as it replays the rest.
        """
        hnsw = {"space": "cosine", "sync_threshold": records, "batch_size": min(records, HNSW_BATCH)}
        return self._call(
            lambda: self._client().create_collection(name, embedding_function=None, configuration={"hnsw": hnsw})
        )

    def _collection(self, name: str) -> Any:  # noqa: ANN401 - Chroma's type is private
        if name not in self._collections:
            self._collections[name] = self._call(
                lambda: self._client().get_collection(self._name(name), embedding_function=None)
            )
        return self._collections[name]


class ChromaStore(Store):
    """Chroma in this process, over a folder of its own."""

    def __init__(self, folder: Path, deadline: float = DEADLINE_SECONDS) -> None:
        """Opens the store in `folder`, creating it where there is none.

        Chroma holds the interpreter while it waits for a lock on its database to look a collection up, and nothing can
        stop that. So all is looked up here, right after a probe, and not at the first question.

        Raises:
            StoreError: Chroma cannot open the folder, or not in time.
        """
        super().__init__(deadline)
        self._dead = False
        _probe(folder / DATABASE, deadline)
        import chromadb  # takes a second, which is not the store's fault: outside the deadline

        settings = chromadb.Settings(anonymized_telemetry=False)
        self._opened: ClientAPI = self._call(lambda: chromadb.PersistentClient(str(folder), settings=settings))
        for each in self._call(self._opened.list_collections):
            self._collection(each.name)

    def change(self, collection: str, gone: Sequence[str], ids: Sequence[str], vectors: Vectors) -> None:
        """Takes records out of a collection and puts others in, which then all are on the disk."""
        operations, opened = len(gone) + len(ids), self._collection(collection)
        if not operations:
            return
        hnsw = {"sync_threshold": max(operations, LEAST_THRESHOLD)}
        self._call(lambda: _modify(opened, {"hnsw": hnsw}), BUILD_DEADLINE_SECONDS)
        for batch in _batches(len(gone), ADD_RECORDS):
            self._call(partial(opened.delete, ids=list(gone[batch])), BUILD_DEADLINE_SECONDS)
        for batch in _batches(len(ids), ADD_RECORDS):
            add = partial(opened.add, ids=list(ids[batch]), embeddings=vectors[batch])
            self._call(add, BUILD_DEADLINE_SECONDS)

    def close(self) -> None:
        """Gives files and threads back. The store cannot be used afterwards."""
        try:
            self._call(self._opened.close)
        except StoreError as error:
            _log.warning("closing the vector store: %s", error)
        self._dead = True

    def _client(self) -> "ClientAPI":
        return self._opened

    def _call(self, work: Callable[[], T], deadline: float | None = None) -> T:
        if self._dead:
            raise StoreError("the vector store stopped answering earlier")
        seconds = deadline or self._deadline
        try:
            return in_time(work, seconds)
        except TimeoutError as error:
            self._dead = True
            raise StoreError(f"the vector store did not answer within {seconds:g} s") from error
        except Exception as error:
            raise StoreError(f"the vector store failed: {error}") from error


def _modify(opened: Any, configuration: dict[str, Any]) -> None:  # noqa: ANN401 - Chroma's type is private
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Chroma warns of embedding functions; there is none here
        opened.modify(configuration=configuration)


def in_time(work: Callable[[], T], seconds: float) -> T:
    """What `work` gives or raises, as an ordinary exception; it is left alone in its thread if it takes longer.

    Raises:
        TimeoutError: it took longer.
    """
    future: Future[T] = Future()
    # Not a pool's: the process would wait at its end for a thread that Chroma keeps.
    Thread(target=_settle, args=(future, work), name="chroma", daemon=True).start()
    try:
        return future.result(timeout=seconds)
    except (Exception, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # Chroma's Rust core panics with one of its own
        raise RuntimeError(str(error)) from error


def _batches(size: int, most: int) -> Iterator[slice]:
    for start in range(0, size, most):
        yield slice(start, start + most)


def _settle(future: "Future[T]", work: Callable[[], T]) -> None:
    try:
        future.set_result(work())
    except BaseException as error:
        future.set_exception(error)


def _probe(database: Path, deadline: float) -> None:
    """Fails where another process holds the database: Chroma would wait with the interpreter stopped.

    Raises:
        StoreError: the database stays locked.
    """
    if not database.is_file():
        return
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True, timeout=deadline)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except UNREADABLE as error:
        raise StoreError(f"the vector store's database cannot be read: {error}") from error


def content_digest(database: Path) -> str:
    """SHA-256 over every row of Chroma's SQLite file.

    Opening a store rewrites the file's header, so that the digest of its bytes does not last; its rows do.

    Raises:
        StoreError: the file is missing or damaged.
    """
    if not database.is_file():
        raise StoreError(f"{database.name} is missing")
    digest = hashlib.sha256()
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            for line in _rows(connection):
                digest.update(line)
    except UNREADABLE as error:
        raise StoreError(f"{database.name} is damaged: {error}") from error
    return digest.hexdigest()


UNREADABLE = (sqlite3.Error, UnicodeError)  # SQLite's messages hold damaged names, which may be no text
_VOLATILE = frozenset({"acquire_write"})
"""Tables that Chroma writes to whenever it opens the file."""


def _rows(connection: sqlite3.Connection) -> Iterator[bytes]:
    (state,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if state != "ok":
        raise sqlite3.DatabaseError(state)
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type='table' AND sql NOT LIKE '%VIRTUAL%'")
    for name in sorted({name for (name,) in tables} - _VOLATILE):
        yield name.encode()
        for row in connection.execute(f'SELECT * FROM "{name}"'):
            yield repr(row).encode()
