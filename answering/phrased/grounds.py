"""What a sentence may rest on: an answer's quotes, with the headings and openings that say what they are about.

Knows nothing of models or of how a sentence is held against them.
"""

from collections.abc import Mapping, Sequence

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
