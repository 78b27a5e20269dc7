"""Fills a vector store from that of the generation before: copies it, takes out what is gone, puts in what came.

Adding a record to Chroma's graph takes as long as embedding a short sentence, so that a small change of a large guide
would cost nearly as much as the guide. Knows nothing of texts.
"""

import json
import logging
import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from retrieval.embedder import Vectors
from retrieval.generation import PASSAGES, SENTENCES, Generation
from retrieval.manifest import CHROMA, DATABASE
from retrieval.memory import give_back, release
from retrieval.store import UNREADABLE, ChromaStore, StoreError

DROPPED: Final = "dropped.json"
"""How many records of each kind were taken out since the graph was made anew."""
MOST_DROPPED: Final = 0.5
"""Of the records: beyond it a new graph is made, since what was taken out stays in the old one as dead weight."""
MOST_TOUCHED: Final = 500
"""Changes after which every record is looked up again instead of those nearby."""
NEIGHBOURS: Final = 100
"""Records nearest to a change whose ways in the graph may have changed; one is linked to 32 at most."""
ROWS_AT_ONCE: Final = 20_000
COPY_SECONDS: Final = 5.0
"""For copying a database that others read."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Change:
    """What becomes of the records of one kind."""

    gone: list[str]
    came: list[int]
    """Rows of the new arrays."""
    dropped: int
    """Records taken out so far, these counted in."""
    doubtful: list[int]
    """Rows that must be looked up again."""


def renewed(
    folder: Path, old: Generation, ids: Mapping[str, Sequence[str]], arrays: Mapping[str, Vectors]
) -> tuple[ChromaStore, dict[str, list[int]]] | None:
    """The store of a new generation, made from an old one's, and the rows of each kind that must be looked up again.

    Args:
        folder: the new generation, without a store yet.
        old: the earlier generation.
        ids: of the new records, by kind.
        arrays: their vectors, in the same order.

    Returns:
        None where a store has to be made anew: too much has changed, or the old one cannot be copied.
    """
    if not (old.folder / DATABASE).is_file():
        return None  # its vectors are on a server
    before = dict(zip((PASSAGES, SENTENCES), _dropped(old.folder), strict=True))
    changes = {name: _change(old, name, own, arrays[name], before[name]) for name, own in ids.items()}
    give_back((*arrays.values(), *old.arrays))
    if any(each is None for each in changes.values()):
        return None
    try:
        _copy(old.folder / CHROMA, folder / CHROMA)
        store = ChromaStore(folder / CHROMA)
        try:
            for name, change in changes.items():
                assert change is not None
                store.change(name, change.gone, [ids[name][row] for row in change.came], arrays[name][change.came])
        except BaseException:
            store.close()
            raise
    except (StoreError, *UNREADABLE, shutil.Error) as error:
        _log.warning("the vector store is made anew, since the old one cannot be used: %s", error)
        shutil.rmtree(folder / CHROMA, ignore_errors=True)
        return None
    (folder / DROPPED).write_text(json.dumps([_of(changes, name) for name in (PASSAGES, SENTENCES)]), encoding="utf-8")
    return store, {name: change.doubtful for name, change in changes.items() if change}


def _of(changes: Mapping[str, _Change | None], name: str) -> int:
    change = changes.get(name)
    return change.dropped if change else 0


def _dropped(folder: Path) -> list[int]:
    path = folder / DROPPED
    return list(json.loads(path.read_bytes())) if path.is_file() else [0, 0]


def _change(old: Generation, name: str, ids: Sequence[str], vectors: Vectors, dropped: int) -> _Change | None:
    """What has to be done; None where that is too much."""
    held = {each: row for row, each in enumerate(old.row_of if name == PASSAGES else old.sentence_ids)}
    was = old.passage_vectors if name == PASSAGES else old.sentence_vectors
    if not held or was.shape[1] != vectors.shape[1]:
        return None
    stayed = [(row, held[each]) for row, each in enumerate(ids) if each in held]
    other: set[int] = set()
    for start in range(0, len(stayed), ROWS_AT_ONCE):
        pairs = stayed[start : start + ROWS_AT_ONCE]
        other.update(row for row, before in pairs if not np.array_equal(vectors[row], was[before]))
        release((vectors, was))
    kept = {before for row, before in stayed if row not in other}
    came = [row for row, each in enumerate(ids) if row in other or each not in held]
    gone = [row for row in held.values() if row not in kept]
    if dropped + len(gone) > MOST_DROPPED * len(ids):
        return None
    now = {before: row for row, before in stayed}
    lost = [now[int(row)] for row in old.unreachable[name] if int(row) in now]
    touched = np.concatenate([vectors[came], was[gone]])
    names = list(held)
    return _Change(
        gone=[names[row] for row in gone], came=came, dropped=dropped + len(gone),
        doubtful=sorted({*came, *lost, *_near(vectors, touched)}),
    )  # fmt: skip


def _near(vectors: Vectors, touched: Vectors) -> set[int]:
    """Rows of the vectors that lie nearest to any of those that were touched; all where these are many."""
    if len(touched) > MOST_TOUCHED or len(vectors) <= NEIGHBOURS:
        return set(range(len(vectors))) if len(touched) else set()
    near: set[int] = set()
    alike = np.concatenate(
        [vectors[start : start + ROWS_AT_ONCE] @ touched.T for start in range(0, len(vectors), ROWS_AT_ONCE)]
    )
    for column in alike.T:
        near.update(np.argpartition(-column, NEIGHBOURS)[:NEIGHBOURS].tolist())
    return near


def _copy(source: Path, target: Path) -> None:
    """Copies a store that others may read meanwhile: SQLite copies its own database, the other files never change."""
    database = (source.parent / DATABASE).name
    shutil.copytree(source, target, ignore=lambda _, names: [name for name in names if name.startswith(database)])
    uri = (source / database).absolute().as_uri()
    with (
        closing(sqlite3.connect(f"{uri}?mode=ro", uri=True, timeout=COPY_SECONDS)) as read,
        closing(sqlite3.connect(target / database)) as written,
    ):
        read.execute("BEGIN")
        read.execute("SELECT count(*) FROM sqlite_master").fetchone()  # fails where it is locked: `backup` would wait
        read.backup(written)
