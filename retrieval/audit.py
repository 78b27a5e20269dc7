"""Holds a generation against the guides, record by record: texts, places, vectors and what the store finds.

Says what is wrong in words; mends nothing. Knows nothing of settings.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from ingest.documents import Document, Frozen, Passage
from retrieval.embedder import Embedder, Vectors
from retrieval.generation import PASSAGES, SENTENCES, Generation, passage_text, sentence_text
from retrieval.store import StoreError

SAMPLE = 500
"""Records of a kind that are embedded and looked up, unless all are asked for."""
LENGTH_TOLERANCE = 1e-2
"""bfloat16 vectors were seen to be 0.4 % too long."""
SAME_FROM = 0.99
"""Cosine from which two embeddings of one text count as the same: bfloat16 rounds by the batch, down to 0.997 seen."""
BATCH = 64
NEIGHBOURS = 10
"""A record counts as found among so many: equal texts have equal vectors."""
MOST_FINDINGS = 100


class Finding(Frozen):
    """Something that is not as it should be."""

    place: str
    """A document, a passage or a file."""
    what: str


class Audit(Frozen):
    """What was looked at, and what was found."""

    documents: int
    passages: int
    sentences: int
    embedded: int
    """Texts that were embedded anew and compared."""
    looked_up: int
    """Records that were looked for by their own vector."""
    findings: tuple[Finding, ...]
    unreachable: tuple[str, ...]
    """Records that the store does not find by their own vector; exact search has to serve them."""


def audit(
    generation: Generation, documents: Sequence[Document], passages: Sequence[Passage], embedder: Embedder, *,
    full: bool = False,
) -> Audit:  # fmt: skip
    """What is wrong with a generation whose files are whole.

    Args:
        generation: open.
        documents: the guides as they are now.
        passages: how they are cut now.
        embedder: the model of the generation.
        full: whether every record is embedded anew and looked up, instead of a sample.
    """
    texts = _texts(generation)
    rows = {name: _chosen(len(part), full) for name, part in texts.items()}
    findings = [*_guides(generation, documents), *_places(generation), *_cuts(generation, passages)]
    vectors = {PASSAGES: generation.passage_vectors, SENTENCES: generation.sentence_vectors}
    for name, part in texts.items():
        findings += _vectors(name, vectors[name], len(part), embedder.dimensions)
    if not findings:
        for name, part in texts.items():
            findings += _meanings(name, part, vectors[name], rows[name], embedder)
    found, unreachable = _store(generation, vectors, rows) if not findings else ([], [])
    return Audit(
        documents=len(generation.documents), passages=len(generation.passages), sentences=len(generation.sentences),
        embedded=sum(map(len, rows.values())), looked_up=sum(map(len, rows.values())),
        findings=tuple([*findings, *found][:MOST_FINDINGS]), unreachable=tuple(unreachable),
    )  # fmt: skip


def _chosen(size: int, full: bool) -> list[int]:
    if full or size <= SAMPLE:
        return list(range(size))
    return sorted({int(place) for place in np.linspace(0, size - 1, SAMPLE)})


def _texts(generation: Generation) -> dict[str, list[str]]:
    texts: dict[str, list[str]] = {PASSAGES: [], SENTENCES: []}
    for passage in generation.passages:
        document = generation.documents.get(passage.document)
        text = document.text if document else ""
        texts[PASSAGES].append(passage_text(passage, text))
        texts[SENTENCES] += [sentence_text(each, passage, text) for each in passage.sentences]
    return texts


def _guides(generation: Generation, documents: Sequence[Document]) -> Iterator[Finding]:
    now = {document.id: document for document in documents}
    for name in sorted(now.keys() - generation.documents.keys()):
        yield Finding(place=name, what="is not in the index")
    for name, document in generation.documents.items():
        if name not in now:
            yield Finding(place=name, what="is no longer among the guides")
        elif document != now[name]:
            yield Finding(place=name, what="reads otherwise than the guide does now")


def _places(generation: Generation) -> Iterator[Finding]:
    """Whether passages joined in order give each text back, and every sentence lies in its passage."""
    cut = _by_document(generation)
    for name, document in generation.documents.items():
        own = sorted(cut.get(name, ()), key=lambda each: each.start)
        if not own or own[0].start != 0 or own[-1].end != len(document.text):
            yield Finding(place=name, what="its passages do not reach from its first character to its last")
        for before, after in pairwise(own):
            if before.end != after.start:
                yield Finding(place=after.id, what="does not begin where the passage before it ends")
        for passage in own:
            if document.text[passage.start : passage.end] != passage.text:
                yield Finding(place=passage.id, what="is not the text at its place")
            if any(not passage.start <= each.start < each.end <= passage.end for each in passage.sentences):
                yield Finding(place=passage.id, what="a sentence lies outside it")
    for passage in generation.all_passages:
        if passage.document not in generation.documents:
            yield Finding(place=passage.id, what=f"belongs to a document that is not there ({passage.document})")


def _by_document(generation: Generation) -> dict[str, list[Passage]]:
    found: dict[str, list[Passage]] = {}
    for passage in generation.all_passages:
        found.setdefault(passage.document, []).append(passage)
    return found


def _cuts(generation: Generation, passages: Sequence[Passage]) -> Iterator[Finding]:
    now = {passage.id: passage for passage in passages}
    held = {passage.id: passage for passage in generation.all_passages}
    for name in sorted(now.keys() | held.keys()):
        if held.get(name) != now.get(name):
            yield Finding(place=name, what="is not cut as the guide is cut now")


def _vectors(name: str, vectors: Vectors, expected: int, dimensions: int) -> Iterator[Finding]:
    place = f"{name}.npy"
    if vectors.shape != (expected, dimensions):
        yield Finding(place=place, what=f"has the shape {vectors.shape}, not {(expected, dimensions)}")
        return
    lengths = np.linalg.norm(np.asarray(vectors, dtype=np.float64), axis=1)
    for row in np.flatnonzero(~np.isfinite(lengths)):
        yield Finding(place=f"{place} row {row}", what="holds what is no number")
    for row in np.flatnonzero(np.abs(np.nan_to_num(lengths, nan=1, posinf=1) - 1) > LENGTH_TOLERANCE):
        yield Finding(place=f"{place} row {row}", what=f"has the length {lengths[row]:.4f}, not 1")


def _meanings(
    name: str, texts: Sequence[str], vectors: Vectors, rows: Sequence[int], embedder: Embedder
) -> Iterator[Finding]:
    for start in range(0, len(rows), BATCH):
        chosen = list(rows[start : start + BATCH])
        again = embedder.encode([texts[row] for row in chosen])
        alike = np.sum(again * vectors[chosen], axis=1)
        for row, cosine in zip(chosen, alike, strict=True):
            if cosine < SAME_FROM:
                yield Finding(place=f"{name}.npy row {row}", what=f"is another text's vector (cosine {cosine:.3f})")


def _store(
    generation: Generation, vectors: dict[str, Vectors], rows: dict[str, list[int]]
) -> tuple[list[Finding], list[str]]:
    ids = {PASSAGES: [passage.id for passage in generation.passages], SENTENCES: list(generation.sentence_ids)}
    findings: list[Finding] = []
    unreachable: list[str] = []
    try:
        for name, expected in ids.items():
            if not expected:
                continue
            held = generation.store.ids(name)
            findings += [Finding(place=each, what=f"is lacking among the stored {name}") for each in
                         sorted(set(expected) - held)]  # fmt: skip
            findings += [Finding(place=each, what=f"does not belong to the stored {name}") for each in
                         sorted(held - set(expected))]  # fmt: skip
            for row in rows[name]:
                near = generation.store.nearest(name, np.asarray(vectors[name][row]), min(NEIGHBOURS, len(expected)))
                if expected[row] not in near and not _equal(vectors[name], row, near, expected):
                    unreachable.append(expected[row])
    except StoreError as error:
        findings.append(Finding(place="chroma", what=str(error)))
    return findings, unreachable


def _equal(vectors: Vectors, row: int, near: Sequence[str], ids: Sequence[str]) -> bool:
    """Whether what was found in place of a record has the very same vector."""
    return bool(near) and near[0] in ids and bool(np.allclose(vectors[ids.index(near[0])], vectors[row], atol=1e-6))
