"""What an index holds, in figures for people: its documents, what was left out, when and with what it was made."""

from collections import Counter

from ingest.documents import Frozen, Skipped
from retrieval.generation import Generation


class Held(Frozen):
    """A document of the index."""

    id: str
    title: str
    path: str
    sections: int
    passages: int
    words: int
    characters: int
    flags: tuple[str, ...] = ()
    """What a reader should know of how the file was read."""


class Contents(Frozen):
    """All that an index holds."""

    documents: tuple[Held, ...]
    skipped: tuple[Skipped, ...]
    passages: int
    sentences: int
    generation: str
    created: str
    """UTC, ISO 8601."""
    model: str
    dimensions: int
    precision: str
    bytes: int
    """Of the generation, on the disk."""


def contents(generation: Generation) -> Contents:
    """What an open, sealed generation holds."""
    manifest = generation.manifest
    assert manifest is not None
    passages = Counter(passage.document for passage in generation.passages)
    held = (
        Held(
            id=each.id, title=each.title, path=each.path, sections=len(each.sections), passages=passages[each.id],
            words=len(each.text.split()), characters=len(each.text), flags=each.flags,
        )
        for each in generation.documents.values()
    )  # fmt: skip
    return Contents(
        documents=tuple(held), skipped=manifest.skipped, passages=manifest.passages, sentences=manifest.sentences,
        generation=generation.folder.name, created=manifest.created, model=manifest.model,
        dimensions=manifest.dimensions, precision=manifest.precision,
        bytes=sum(path.stat().st_size for path in generation.folder.rglob("*") if path.is_file()),
    )  # fmt: skip
