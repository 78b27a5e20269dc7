"""Gathers what a search found: counts by document and section, and passages that say nearly the same.

Knows nothing of why anything was found.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from answering.found import Facet, Filter
from ingest.documents import Document, Passage, Section
from retrieval.generation import Generation
from retrieval.hits import Hit
from retrieval.retriever import words_of

NEARLY_SAME = 0.7
"""Share of the words of two passages together that both have, from which one stands for the other."""

Rows = NDArray[np.bool_]
"""Which of a generation's passages, in their order."""


def inside(generation: Generation, where: Filter) -> Rows:
    """The passages that stand there."""
    return np.array(
        [
            where.document in ("", each.document)
            and (where.section in ("", each.section) or each.section.startswith(f"{where.section}/"))
            for each in generation.passages
        ],
        dtype=np.bool_,
    )


def folded(hits: Sequence[Hit], most: int) -> Iterator[list[Hit]]:
    """The hits in order, each with the later ones that say nearly the same as one of the first `most`."""
    groups: list[tuple[frozenset[str], list[Hit]]] = []
    for hit in hits:
        said = _said(hit.passage)
        for known, group in groups[:most]:
            if _alike(said, known):
                group.append(hit)
                break
        else:
            groups.append((said, [hit]))
    yield from (group for _, group in groups)


def _said(passage: Passage) -> frozenset[str]:
    return frozenset(stem for word in words_of(passage.text, passage.language) for stem in word.stems)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= NEARLY_SAME * len(one | other)


def facets(generation: Generation, found: Rows, where: Filter) -> Iterator[Facet]:
    """Documents, where there are several, and sections with what was found in them, in reading order."""
    passages = [generation.passages[row] for row in np.flatnonzero(found)]
    by_document = Counter(each.document for each in passages)
    for document in generation.documents.values():
        several = len(generation.documents) > 1
        if several and (by_document[document.id] or document.id == where.document):
            yield Facet(document=document.id, section="", label=document.title, depth=0, count=by_document[document.id])
        counts = Counter[str]()
        for passage in passages:
            if passage.document == document.id:
                counts.update(_above(document, passage.section))
        for section in document.sections:
            if section.level and (counts[section.id] or where == Filter(document=document.id, section=section.id)):
                yield Facet(
                    document=document.id, section=section.id, label=section.heading,
                    depth=len(section.headings), count=counts[section.id],
                )  # fmt: skip


def _above(document: Document, section_id: str) -> Iterator[str]:
    """The section and those around it."""
    section: Section | None = document.section(section_id)
    while section is not None:
        yield section.id
        section = document.section(section.parent) if section.parent else None
