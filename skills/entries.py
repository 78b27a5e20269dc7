"""Guides that are written like a dictionary: a heading is a term, the paragraph under it says what it is.

Works by form alone. Knows nothing of other names or mentions.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from ingest.documents import Block, BlockKind, Document
from skills.naming import key

_SHARE: Final = 0.7
"""Of the headings, those with one paragraph under them, from which guides read as a dictionary."""
_FEWEST: Final = 5
_MOST_WORDS: Final = 12
_QUALIFIED: Final = re.compile(r"(.*\S)\s*\([^()]+\)")
"""A headword that says in brackets of what it speaks: Java (programming language)."""


class DictionaryEntry(NamedTuple):
    """A headword with where its paragraph begins."""

    document: str
    name: str
    start: int
    bare: str = ""
    """The name without what stands in brackets, where no other headword is called so."""


def dictionary(documents: Sequence[Document]) -> tuple[DictionaryEntry, ...]:
    """All entries, if the documents as a whole are a dictionary; else none."""
    found: list[DictionaryEntry] = []
    headings = 0
    for document in documents:
        blocks = [*document.blocks, None]
        for (heading, body), (_, after) in pairwise(pairwise([*blocks, None])):
            if heading is None or heading.kind is not BlockKind.HEADING or _only_groups(heading, body):
                continue
            headings += 1
            if body is not None and body.kind is BlockKind.PARAGRAPH and _ends(after):
                name = heading.of(document.text)
                if len(name.split()) <= _MOST_WORDS:
                    found.append(DictionaryEntry(document.id, name, body.start))
    return _with_bare(found) if len(found) >= max(_FEWEST, _SHARE * headings) else ()


def _with_bare(found: Sequence[DictionaryEntry]) -> tuple[DictionaryEntry, ...]:
    bare = [said[1] if (said := _QUALIFIED.fullmatch(each.name)) else each.name for each in found]
    called = Counter(map(key, bare))
    return tuple(
        each._replace(bare=name) if name != each.name and called[key(name)] == 1 else each
        for each, name in zip(found, bare, strict=True)
    )


def _only_groups(heading: Block, body: Block | None) -> bool:
    """Whether nothing but other headings stands under it."""
    return body is None or (body.kind is BlockKind.HEADING and body.section != heading.section)


def _ends(block: Block | None) -> bool:
    return block is None or block.kind is BlockKind.HEADING
