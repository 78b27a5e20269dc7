"""Writes a generation: embeds its texts batch by batch into arrays on the disk, and fills the store and the keywords.

What it holds in memory besides the texts does not grow with their vectors.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Protocol

import numpy as np

from retrieval.embedder import Embedder, Vectors
from retrieval.generation import (
    PASSAGES,
    SENTENCES,
    UNREACHABLE,
    Generation,
    Ingredients,
    Progress,
    passage_text,
    sentence_id,
    sentence_text,
)
from retrieval.keyword import KeywordIndex
from retrieval.manifest import CHROMA, CORPUS
from retrieval.memory import give_back
from retrieval.renewal import renewed
from retrieval.server import BUILD_PATIENCE, ServerStore
from retrieval.store import ChromaStore, Store
from retrieval.uploads import Chroma, plan_upload
from retrieval.words import stems

EMBED_TEXTS = 256
"""Texts embedded between two reports of progress."""
WINDOW_TEXTS = 8_192
"""Texts that are sorted by length before they are embedded, so that a batch wastes little on padding."""
EMBEDDING_STARTS, EMBEDDING_ENDS, STORED = 0.1, 0.85, 0.9
"""Shares of the whole build, as progress tells them."""

EMPTY_BYTES, VECTOR_COPIES, TEXT_COPIES = 500_000, 4, 8
"""What a generation takes on the disk: alone, times its vectors, times its text; measured on small and large guides."""


class Known(Protocol):
    """Vectors that need not be computed again, by text."""

    def get(self, text: str, /) -> Vectors | None:
        """The vector of a text, if it is known."""
        ...


class KnownVectors:
    """What a generation has embedded. Holds digests of the texts, and no vector."""

    def __init__(self, generation: Generation) -> None:
        """Reads every text of the generation once."""
        self.generation = generation
        self._arrays = {PASSAGES: generation.passage_vectors, SENTENCES: generation.sentence_vectors}
        self._rows: dict[bytes, tuple[str, int]] = {}
        for row, passage in enumerate(generation.passages):
            text = generation.documents[passage.document].text
            self._rows[_digest(passage_text(passage, text))] = (PASSAGES, row)
            first = int(generation.first_sentence[row])
            for place, sentence in enumerate(passage.sentences):
                self._rows[_digest(sentence_text(sentence, passage, text))] = (SENTENCES, first + place)

    def get(self, text: str, /) -> Vectors | None:
        """The vector of a text, if the generation has it."""
        place = self._rows.get(_digest(text))
        return None if place is None else self._arrays[place[0]][place[1]]

    def forget(self) -> None:
        """Lets go of the digests: from now on no text is known."""
        self._rows.clear()


def vectors_by_text(generation: Generation) -> KnownVectors:
    """Vector of every text that the generation has embedded, to be used again."""
    return KnownVectors(generation)


def write_generation(
    folder: Path, made_of: Ingredients, embedder: Embedder, known: Known, progress: Progress,
    chroma: Chroma = Chroma(),  # noqa: B008 - frozen
) -> int:  # fmt: skip
    """Writes a whole generation into an empty folder and checks it record by record.

    Args:
        folder: does not exist yet; its parent is the index.
        made_of: documents and passages.
        embedder: embeds what is not known.
        known: vectors of an earlier generation by embedded text; it forgets them once they are used.
        progress: called with what is being done and the share done, 0..1.
        chroma: where the vectors are to be searched.

    Returns:
        How many texts were embedded.

    Raises:
        StoreError: Chroma failed, or lacks a record that it took.
        OSError: a file could not be written.
    """
    if chroma.server is not None:
        _hail(chroma)  # before the work of an hour
    folder.mkdir(parents=True)
    contents = _Contents(made_of)
    embedded = _Embedding(embedder, known, progress, len(contents.passages) + len(contents.sentences))
    arrays = {
        name: embedded.write(folder / f"{name}.npy", contents.texts(name), contents.size(name)) for name in _KINDS
    }
    count = embedded.count
    del embedded
    old = None
    if isinstance(known, KnownVectors):
        old = known.generation
        known.forget()
    give_back(old.arrays if old else ())
    progress("writing the index", EMBEDDING_ENDS)
    (folder / CORPUS).write_text(made_of.stored.model_dump_json(), encoding="utf-8")
    for name in _KINDS:
        told = zip(contents.texts(name), contents.languages(name), strict=True)
        KeywordIndex.build(stems(text, language) for text, language in told).save(folder / f"{name}.bm25")
    give_back(arrays.values())
    _fill_store(folder, contents, arrays, chroma, progress, old)
    del contents
    give_back(arrays.values())
    return count


_KINDS = (PASSAGES, SENTENCES)


class _Contents:
    """What is searched of a generation, in the order of its arrays."""

    def __init__(self, made_of: Ingredients) -> None:
        self._texts = {document.id: document.text for document in made_of.stored.documents}
        self.passages = [passage for passage in made_of.stored.passages if passage.sentences]
        self.sentences = [(each, passage) for passage in self.passages for each in passage.sentences]

    def size(self, kind: str) -> int:
        return len(self.passages if kind == PASSAGES else self.sentences)

    def texts(self, kind: str) -> Iterator[str]:
        """What is embedded, made as it is asked for."""
        if kind == PASSAGES:
            return (passage_text(passage, self._texts[passage.document]) for passage in self.passages)
        return (sentence_text(each, passage, self._texts[passage.document]) for each, passage in self.sentences)

    def languages(self, kind: str) -> Iterator[str]:
        """Of each text."""
        passages = self.passages if kind == PASSAGES else (passage for _, passage in self.sentences)
        return (passage.language for passage in passages)

    def ids(self, kind: str) -> list[str]:
        if kind == PASSAGES:
            return [passage.id for passage in self.passages]
        return [sentence_id(each, passage) for each, passage in self.sentences]


class _Embedding:
    """Embeds the texts of several arrays, each different one once. Holds one window of vectors."""

    def __init__(self, embedder: Embedder, known: Known, progress: Progress, total: int) -> None:
        self._embedder, self._known, self._progress = embedder, known, progress
        self._total, self._done, self.count = max(total, 1), 0, 0
        self._seen: dict[bytes, tuple[Path, int]] = {}

    def write(self, path: Path, texts: Iterator[str], size: int) -> Vectors:
        """Writes an array with a row for each text, and gives it as it lies on the disk."""
        shape = (size, self._embedder.dimensions)
        # Not through a memory map: a full disk would then end the process instead of raising an error.
        with path.open("wb") as file:
            header = {
                "descr": np.lib.format.dtype_to_descr(np.dtype(np.float32)),
                "fortran_order": False,
                "shape": shape,
            }
            np.lib.format.write_array_header_1_0(file, header)
            for start in range(0, size, WINDOW_TEXTS):
                file.write(self._window(path, start, list(islice(texts, WINDOW_TEXTS))).tobytes())
                file.flush()
        rows: Vectors = np.load(path, mmap_mode="r")
        return rows

    def _window(self, path: Path, start: int, texts: Sequence[str]) -> Vectors:
        rows = np.empty((len(texts), self._embedder.dimensions), dtype=np.float32)
        new: list[tuple[int, str]] = []
        copies: list[tuple[int, tuple[Path, int]]] = []
        for row, text in enumerate(texts):
            origin = self._seen.setdefault(_digest(text), (path, start + row))
            if origin != (path, start + row):
                copies.append((row, origin))
            elif (vector := self._known.get(text)) is None:
                new.append((row, text))
            else:
                rows[row] = vector
        new.sort(key=lambda each: len(each[1]))
        for first in range(0, len(new), EMBED_TEXTS):
            share = (self._done + len(texts) * first / len(new)) / self._total
            self._progress("embedding", EMBEDDING_STARTS + (EMBEDDING_ENDS - EMBEDDING_STARTS) * share)
            batch = new[first : first + EMBED_TEXTS]
            rows[[row for row, _ in batch]] = self._embedder.encode([text for _, text in batch])
        for row, (written, place) in copies:
            here = written == path and place >= start
            rows[row] = rows[place - start] if here else _row(written, place, rows.shape[1])
        self._done += len(texts)
        self.count += len(new)
        return rows


def _row(path: Path, row: int, dimensions: int) -> Vectors:
    """One row of an array that may still grow."""
    with path.open("rb") as file:
        np.lib.format.read_magic(file)
        np.lib.format.read_array_header_1_0(file)
        file.seek(row * dimensions * 4, os.SEEK_CUR)
        return np.frombuffer(file.read(dimensions * 4), dtype=np.float32)


def _fill_store(
    folder: Path, contents: _Contents, arrays: dict[str, Vectors], chroma: Chroma, progress: Progress,
    old: Generation | None,
) -> None:  # fmt: skip
    """Puts the vectors into the store, holds every record against what was given, and notes which are never found.

    From the store of an old generation only what changed is taken out and put in.
    """
    ids = {name: contents.ids(name) for name in _KINDS if contents.size(name)}
    progress("filling the vector store", EMBEDDING_ENDS)
    again = renewed(folder, old, ids, arrays) if old and chroma.server is None else None
    store, doubtful = again or (_new_store(folder, ids, arrays, chroma), {})
    missed = {}
    try:
        for place, (name, own) in enumerate(ids.items()):
            progress("filling the vector store", EMBEDDING_ENDS + (STORED - EMBEDDING_ENDS) * place / len(ids))
            if not again:
                store.add(name, own, arrays[name])
            store.check(name, own, arrays[name])
            rows = doubtful.get(name, range(len(own)))
            lost = store.unreachable(name, [own[row] for row in rows], arrays[name][rows] if again else arrays[name])
            missed[name] = [rows[each] for each in lost]
            give_back(arrays.values())
    finally:
        store.close()
    (folder / UNREACHABLE).write_text(json.dumps(missed), encoding="utf-8")


def _new_store(folder: Path, ids: dict[str, list[str]], arrays: dict[str, Vectors], chroma: Chroma) -> Store:
    if chroma.server is None:
        return ChromaStore(folder / CHROMA)
    upload = plan_upload(folder, _content(ids, arrays), chroma.server)
    return ServerStore(chroma.server, upload.base, chroma.deadline, BUILD_PATIENCE)


def _content(ids: dict[str, list[str]], arrays: dict[str, Vectors]) -> str:
    digest = hashlib.sha256()
    for name, own in ids.items():
        digest.update("\n".join(own).encode())
        for start in range(0, len(own), WINDOW_TEXTS):
            digest.update(np.ascontiguousarray(arrays[name][start : start + WINDOW_TEXTS]).tobytes())
    return digest.hexdigest()


def _hail(chroma: Chroma) -> None:
    assert chroma.server is not None
    store = ServerStore(chroma.server, "", chroma.deadline, BUILD_PATIENCE)
    try:
        store.ping()
    finally:
        store.close()


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def expected_bytes(made_of: Ingredients, dimensions: int) -> int:
    """About what a generation takes on the disk."""
    texts = sum(len(passage.sentences) + 1 for passage in made_of.stored.passages)
    words = sum(len(document.text) for document in made_of.stored.documents)
    return EMPTY_BYTES + texts * dimensions * VECTOR_COPIES * 4 + words * TEXT_COPIES
