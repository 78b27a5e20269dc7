"""One generation of the index: written once into a folder of its own, then only read. Knows nothing of publishing."""

import json
import logging
import os
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from threading import Lock, Thread

import numpy as np
from numpy.typing import NDArray

from ingest.documents import Document, Frozen, Passage, Sentence, Skipped
from retrieval.embedder import Embedder, Precision, Vectors
from retrieval.keyword import KeywordIndex
from retrieval.locks import Lease
from retrieval.manifest import CHROMA, CORPUS, FORMAT, Manifest, Source, digests, verify, write_manifest
from retrieval.server import BUILD_PATIENCE, ServerStore
from retrieval.store import ChromaStore, Store, StoreError
from retrieval.uploads import Chroma, read_upload

Progress = Callable[[str, float], None]
PASSAGES, SENTENCES = "passages", "sentences"
UNREACHABLE = "unreachable.json"
"""Rows of the vectors that the store never finds, by kind."""
RESTORE_AGAIN_SECONDS = 30.0
"""Between two attempts to give a server back what it has lost."""
_log = logging.getLogger(__name__)


class Stored(Frozen):
    """The texts of a generation."""

    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]


class Ingredients(Frozen):
    """What a generation is made of, besides vectors."""

    stored: Stored
    skipped: tuple[Skipped, ...]
    recipe: str
    precision: Precision
    measured_seconds: dict[str, float]


def passage_text(passage: Passage, reading_text: str) -> str:
    """What is embedded of a passage: the path of its headings, the lead-in if it was cut off, the text."""
    body = passage.text[passage.sentences[0].start - passage.start :].strip() if passage.sentences else ""
    return "\n".join([" > ".join(passage.headings), *_lead(passage.sentences[0], passage, reading_text), body])


def sentence_text(sentence: Sentence, passage: Passage, reading_text: str) -> str:
    """What is embedded of a sentence: headings, the lead-in of its list, its words."""
    lead = [sentence.lead_in.of(reading_text)] if sentence.lead_in else []
    return "\n".join([" > ".join(passage.headings), *lead, sentence.of(reading_text)])


def sentence_id(sentence: Sentence, passage: Passage) -> str:
    """What the vector store calls a sentence."""
    return f"{passage.id}.{sentence.start - passage.start}-{sentence.end - passage.start}"


def _lead(first: Sentence, passage: Passage, reading_text: str) -> list[str]:
    cut_off = first.lead_in is not None and not passage.covers(first.lead_in)
    return [first.lead_in.of(reading_text)] if cut_off and first.lead_in else []


class Generation:
    """An open generation: its documents, passages and sentences with their vectors and keyword indexes.

    Row `i` of `sentence_vectors` belongs to `sentences[i]`, which stands in `passages[owner[i]]`; row `i` of
    `passage_vectors` belongs to `passages[i]`. Passages without sentences (bare headings) are not among them.
    """

    def __init__(
        self, folder: Path, *, sealed: bool = True, chroma: Chroma = Chroma(),  # noqa: B008 - frozen
        texts: Stored | None = None,
    ) -> None:  # fmt: skip
        """Opens a generation.

        Args:
            folder: where it lies.
            sealed: whether it has its manifest; one that is being written has not.
            chroma: how long the vector store may take, and where its server is, if the generation went to one.
            texts: what its file of texts holds, where somebody has just written or read it: one copy in memory is
                enough.

        Raises:
            DamagedIndexError: it is not what its manifest says.
        """
        self.folder = folder
        self._chroma = chroma
        self._store: Store | StoreError | None = None
        self._opening, self._restoring, self._restored = Lock(), Lock(), -RESTORE_AGAIN_SECONDS
        self._restorer: Thread | None = None
        self._lease = Lease(folder) if sealed else None
        try:
            self.manifest: Manifest | None = verify(folder) if sealed else None
            self._read(folder, texts or Stored.model_validate_json((folder / CORPUS).read_bytes()))
        except BaseException:
            self.close()
            raise

    def _read(self, folder: Path, stored: Stored) -> None:
        self.documents = {document.id: document for document in stored.documents}
        self.all_passages = stored.passages
        self.passages = tuple(passage for passage in stored.passages if passage.sentences)
        self.sentences = tuple(each for passage in self.passages for each in passage.sentences)
        self.owner = np.repeat(np.arange(len(self.passages)), [len(each.sentences) for each in self.passages])
        self.first_sentence = np.concatenate([[0], np.cumsum([len(each.sentences) for each in self.passages])])
        self.passage_vectors: Vectors = np.load(folder / f"{PASSAGES}.npy", mmap_mode="r")
        self.sentence_vectors: Vectors = np.load(folder / f"{SENTENCES}.npy", mmap_mode="r")
        self.passage_words = KeywordIndex.load(folder / f"{PASSAGES}.bm25", len(self.passages))
        self.sentence_words = KeywordIndex.load(folder / f"{SENTENCES}.bm25", len(self.sentences))
        missed = json.loads((folder / UNREACHABLE).read_bytes()) if (folder / UNREACHABLE).is_file() else {}
        self.unreachable = {name: np.array(missed.get(name, ()), dtype=np.int64) for name in (PASSAGES, SENTENCES)}
        """Rows that the vector store never finds."""

    @property
    def arrays(self) -> tuple[Vectors, Vectors]:
        """The vectors of the passages and of the sentences, as they lie on the disk."""
        return self.passage_vectors, self.sentence_vectors

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        """Row of each searched passage by its id."""
        return {passage.id: row for row, passage in enumerate(self.passages)}

    @cached_property
    def in_section(self) -> NDArray[np.int64]:
        """How many searched passages the section of each has, shape `(passages,)`; those of its subsections apart."""
        sections = [(passage.document, passage.section) for passage in self.passages]
        held = Counter(sections)
        return np.array([held[each] for each in sections], dtype=np.int64)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages of the guides, each once, in the guides' order."""
        return tuple(dict.fromkeys(document.language for document in self.documents.values()))

    @cached_property
    def passage_of(self) -> Mapping[str, Passage]:
        """Every passage by its id, bare headings too."""
        return {passage.id: passage for passage in self.all_passages}

    @cached_property
    def sentence_ids(self) -> tuple[str, ...]:
        """What the vector store calls each sentence."""
        owners = zip(self.sentences, self.owner, strict=True)
        return tuple(sentence_id(sentence, self.passages[row]) for sentence, row in owners)

    def sentence_row(self, name: str) -> int:
        """Row of the sentence that the vector store calls so."""
        row = self.row_of[name.rpartition(".")[0]]
        passage = self.passages[row]
        place = next(place for place, each in enumerate(passage.sentences) if sentence_id(each, passage) == name)
        return int(self.first_sentence[row]) + place

    @property
    def store(self) -> Store:
        """The vector store; opening it is tried once.

        Raises:
            StoreError: it cannot be opened; exact search over `passage_vectors` serves then.
        """
        with self._opening:
            if self._store is None:
                try:
                    self._store = self._open_store()
                except StoreError as error:
                    self._store = error
        if isinstance(self._store, StoreError):
            raise self._store
        return self._store

    def _open_store(self) -> Store:
        upload = read_upload(self.folder)
        if upload is None:
            return ChromaStore(self.folder / CHROMA, self._chroma.deadline)
        if self._chroma.server is None:
            raise StoreError("this index is on a Chroma server: set SKILL_GUIDE_CHROMA_URL or run skill-guide build")
        return ServerStore(self._chroma.server, upload.base, self._chroma.deadline)

    def restore(self) -> bool:
        """Gives a server what it lacks of this generation, from the arrays; whether it lacked anything.

        Raises:
            StoreError: the server does not answer, or does not take it.
        """
        upload, server = read_upload(self.folder), self._chroma.server
        if upload is None or server is None:
            return False
        store = ServerStore(server, upload.base, self._chroma.deadline, BUILD_PATIENCE)
        lacked = False
        try:
            for name, vectors in ((PASSAGES, self.passage_vectors), (SENTENCES, self.sentence_vectors)):
                if len(vectors) and not store.holds(name, len(vectors)):
                    ids = tuple(self.row_of) if name == PASSAGES else self.sentence_ids
                    store.replace(name, ids, vectors)
                    lacked = True
        finally:
            store.close()
        return lacked

    def restore_later(self) -> None:
        """As `restore`, beside the questions, which are answered from the arrays meanwhile. One at a time."""
        with self._restoring:
            at_work = self._restorer is not None and self._restorer.is_alive()
            if at_work or time.monotonic() - self._restored < RESTORE_AGAIN_SECONDS:
                return
            self._restored = time.monotonic()
            self._restorer = Thread(target=self._restore, name="restore-vectors", daemon=True)
            self._restorer.start()

    def _restore(self) -> None:
        try:
            if self.restore():
                _log.warning("the Chroma server had lost the vectors of %s: they are there again", self.folder.name)
        except StoreError as error:
            _log.warning("the vectors of %s are not on the Chroma server: %s", self.folder.name, error)

    def extra(self, name: str) -> object:
        """A JSON file that was added at build time, or None."""
        path = self.folder / f"{name}.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None

    def close(self) -> None:
        """Gives the vector store's files back, and lets clean-up take the generation."""
        if isinstance(self._store, Store):
            self._store.close()
        if self._lease:
            self._lease.release()


def seal(folder: Path, made_of: Ingredients, embedder: Embedder) -> None:
    """Writes the manifest: from now on the generation is whole, and any change to a file of it is damage."""
    searched = [passage for passage in made_of.stored.passages if passage.sentences]
    manifest = Manifest(
        format=FORMAT,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        model=embedder.name,
        fingerprint=embedder.fingerprint,
        precision=made_of.precision,
        measured_seconds=made_of.measured_seconds,
        dimensions=embedder.dimensions,
        recipe=made_of.recipe,
        sources=tuple(Source(id=each.id, path=each.path, digest=each.digest) for each in made_of.stored.documents),
        skipped=made_of.skipped,
        passages=len(searched),
        sentences=sum(len(passage.sentences) for passage in searched),
        files=digests(folder),
    )
    write_manifest(folder, manifest)


def sync(folder: Path) -> None:
    """Makes sure that every file and folder under this one is on the disk."""
    for path in [*folder.rglob("*"), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
