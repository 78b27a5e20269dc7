"""What a sentence may rest on: an answer's quotes, with the headings and openings that say what they are about.

Knows nothing of models or of how a sentence is held against them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from answering.answer import Citation
from ingest.documents import Document, Frozen


class Ground(Frozen):
    """A quote, and what stands around it."""

    number: int
    quote: str
    context: str
    """Headings, and the sentence that introduces the list or table which the quote is taken from."""
    document: str = ""
    """The guide's title."""


def grounds_of(citations: Sequence[Citation], documents: Mapping[str, Document]) -> tuple[Ground, ...]:
    """The grounds that an answer's citations give."""
    return tuple(_ground(each, documents.get(each.document)) for each in citations)


def _ground(cited: Citation, document: Document | None) -> Ground:
    if document is None:
        return Ground(number=cited.number, quote=cited.quote, context="\n".join(cited.headings))
    blocks = [each for each in document.blocks if each.start < cited.end and cited.start < each.end]
    opening = [each.lead_in.of(document.text) for each in blocks if each.lead_in]
    columns = [name for each in blocks for name in each.columns]
    around = dict.fromkeys([*cited.headings, *opening, *columns])
    return Ground(number=cited.number, quote=cited.quote, context="\n".join(around), document=document.title)


def contexts_of(documents: Iterable[Document]) -> dict[str, str]:
    """The context of each sentence of some documents, as it would be if the sentence were quoted alone."""
    found: dict[str, str] = {}
    for document in documents:
        for block in document.blocks:
            if block.kind == "heading":
                continue
            section = document.section(block.section)
            lead = block.lead_in.of(document.text) if block.lead_in else ""
            around = "\n".join([*(section.headings if section else ()), lead, *block.columns])
            found |= dict.fromkeys((each.removeprefix("• ") for each in pieces(block.of(document.text))), around)
    return found


def pieces(quote: str) -> list[str]:
    """The sentences and lines of a quote."""
    return [piece.strip() for piece in re.split(r"\n+|(?<=[.!?])\s+(?=[A-Z\d])", quote) if piece.strip()]


def is_within(text: str, quoted: str) -> bool:
    """Whether the text is the quote's own words, whole sentences or one from its beginning to its end."""
    plain = _folded(text)
    return any(plain == _folded(piece) for piece in (quoted, *pieces(quoted))) or (
        plain in {_folded(" ".join(some)) for some in _runs(pieces(quoted))}
    )


def _runs(pieces: Sequence[str]) -> Iterator[Sequence[str]]:
    yield from (pieces[start:end] for start, end in combinations(range(min(len(pieces), 12) + 1), 2))


def _folded(text: str) -> str:
    return " ".join(text.split()).rstrip(".;: ")
