"""One generation of the index: written once into a folder of its own, then only read. Knows nothing of publishing."""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from threading import Lock

import numpy as np

from ingest.documents import Document, Frozen, Passage, Sentence, Skipped
from retrieval.embedder import Embedder, Vectors
from retrieval.keyword import KeywordIndex
from retrieval.locks import Lease
from retrieval.manifest import CHROMA, CORPUS, FORMAT, Manifest, Source, digests, verify, write_manifest
from retrieval.store import DEADLINE_SECONDS, ChromaStore, StoreError
from retrieval.words import stems

Progress = Callable[[str, float], None]
PASSAGES, SENTENCES = "passages", "sentences"
EMBED_TEXTS = 256
"""Texts embedded between two reports of progress."""


class Stored(Frozen):
    """The texts of a generation."""

    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]


class Ingredients(Frozen):
    """What a generation is made of, besides vectors."""

    stored: Stored
    skipped: tuple[Skipped, ...]
    recipe: str
    precision: str
    measured_seconds: dict[str, float]


def passage_text(passage: Passage, reading_text: str) -> str:
    """What is embedded of a passage: the path of its headings, the lead-in if it was cut off, the text."""
    body = passage.text[passage.sentences[0].start - passage.start :].strip() if passage.sentences else ""
    return "\n".join([" > ".join(passage.headings), *_lead(passage.sentences[0], passage, reading_text), body])


def sentence_text(sentence: Sentence, passage: Passage, reading_text: str) -> str:
    """What is embedded of a sentence: headings, the lead-in of its list, its words."""
    lead = [sentence.lead_in.of(reading_text)] if sentence.lead_in else []
    return "\n".join([" > ".join(passage.headings), *lead, sentence.of(reading_text)])


def _lead(first: Sentence, passage: Passage, reading_text: str) -> list[str]:
    cut_off = first.lead_in is not None and not passage.covers(first.lead_in)
    return [first.lead_in.of(reading_text)] if cut_off and first.lead_in else []


class Generation:
    """An open generation: its documents, passages and sentences with their vectors and keyword indexes.

    Row `i` of `sentence_vectors` belongs to `sentences[i]`, which stands in `passages[owner[i]]`; row `i` of
    `passage_vectors` belongs to `passages[i]`. Passages without sentences (bare headings) are not among them.
    """

    def __init__(self, folder: Path, *, sealed: bool = True, deadline: float = DEADLINE_SECONDS) -> None:
        """Opens a generation.

        Args:
            folder: where it lies.
            sealed: whether it has its manifest; one that is being written has not.
            deadline: seconds that the vector store may take for an answer.

        Raises:
            DamagedIndexError: it is not what its manifest says.
        """
        self.folder = folder
        self._deadline = deadline
        self._store: ChromaStore | StoreError | None = None
        self._opening = Lock()
        self._lease = Lease(folder) if sealed else None
        try:
            self.manifest: Manifest | None = verify(folder) if sealed else None
            self._read(folder)
        except BaseException:
            self.close()
            raise

    def _read(self, folder: Path) -> None:
        stored = Stored.model_validate_json((folder / CORPUS).read_bytes())
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

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        """Row of each searched passage by its id."""
        return {passage.id: row for row, passage in enumerate(self.passages)}

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages of the guides, each once, in the guides' order."""
        return tuple(dict.fromkeys(document.language for document in self.documents.values()))

    @cached_property
    def passage_of(self) -> Mapping[str, Passage]:
        """Every passage by its id, bare headings too."""
        return {passage.id: passage for passage in self.all_passages}

    @property
    def store(self) -> ChromaStore:
        """The vector store; opening it is tried once.

        Raises:
            StoreError: it cannot be opened; exact search over `passage_vectors` serves then.
        """
        with self._opening:
            if self._store is None:
                try:
                    self._store = ChromaStore(self.folder / CHROMA, self._deadline)
                except StoreError as error:
                    self._store = error
        if isinstance(self._store, StoreError):
            raise self._store
        return self._store

    def extra(self, name: str) -> object:
        """A JSON file that was added at build time, or None."""
        path = self.folder / f"{name}.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None

    def close(self) -> None:
        """Gives the vector store's files back, and lets clean-up take the generation."""
        if isinstance(self._store, ChromaStore):
            self._store.close()
        if self._lease:
            self._lease.release()


def vectors_by_text(generation: Generation) -> dict[str, Vectors]:
    """Vector of every text that the generation has embedded, to be used again."""
    found: dict[str, Vectors] = {}
    for row, passage in enumerate(generation.passages):
        text = generation.documents[passage.document].text
        found[passage_text(passage, text)] = generation.passage_vectors[row]
        first = int(generation.first_sentence[row])
        for place, sentence in enumerate(passage.sentences):
            found[sentence_text(sentence, passage, text)] = generation.sentence_vectors[first + place]
    return found


def write_generation(
    folder: Path, made_of: Ingredients, embedder: Embedder, known: Mapping[str, Vectors], progress: Progress
) -> int:
    """Writes a whole generation into an empty folder and checks it record by record.

    Args:
        folder: does not exist yet.
        made_of: documents and passages.
        embedder: embeds what is not known.
        known: vectors of an earlier generation by embedded text.
        progress: called with what is being done and the share done, 0..1.

    Returns:
        How many texts were embedded.

    Raises:
        StoreError: Chroma failed, or lacks a record that it took.
        OSError: a file could not be written.
    """
    folder.mkdir(parents=True)
    texts = {document.id: document.text for document in made_of.stored.documents}
    passages = [passage for passage in made_of.stored.passages if passage.sentences]
    sentences = [(each, passage) for passage in passages for each in passage.sentences]
    to_embed = {
        PASSAGES: [passage_text(passage, texts[passage.document]) for passage in passages],
        SENTENCES: [sentence_text(each, passage, texts[passage.document]) for each, passage in sentences],
    }
    ids = {
        PASSAGES: [passage.id for passage in passages],
        SENTENCES: [
            f"{passage.id}.{each.start - passage.start}-{each.end - passage.start}" for each, passage in sentences
        ],
    }
    new = sorted({text for part in to_embed.values() for text in part if text not in known}, key=len)
    vectors = {**known, **dict(_embedded(new, embedder, progress))}
    progress("writing the index", 0.9)
    (folder / CORPUS).write_text(made_of.stored.model_dump_json(), encoding="utf-8")
    store = ChromaStore(folder / CHROMA)
    for name, part in to_embed.items():
        rows = np.stack([vectors[text] for text in part]) if part else np.zeros((0, embedder.dimensions), np.float32)
        np.save(folder / f"{name}.npy", rows.astype(np.float32))
        if part:
            store.add(name, ids[name], rows)
        languages = [each.language for each in (passages if name == PASSAGES else [of for _, of in sentences])]
        told = [stems(text, language) for text, language in zip(part, languages, strict=True)]
        KeywordIndex.build(told).save(folder / f"{name}.bm25")
    _check_records(store, {name: part for name, part in ids.items() if part})
    store.close()
    return len(new)


def _embedded(texts: Sequence[str], embedder: Embedder, progress: Progress) -> Iterator[tuple[str, Vectors]]:
    for start in range(0, len(texts), EMBED_TEXTS):
        progress("embedding", 0.1 + 0.8 * start / len(texts))
        batch = texts[start : start + EMBED_TEXTS]
        yield from zip(batch, embedder.encode(batch), strict=True)


def _check_records(store: ChromaStore, ids: Mapping[str, Sequence[str]]) -> None:
    for name, expected in ids.items():
        lacking = set(expected) - store.ids(name)
        if lacking:
            raise StoreError(f"the vector store lacks {len(lacking)} of {len(expected)} {name} that it took")


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
