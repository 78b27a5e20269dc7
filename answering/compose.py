"""Puts chosen quotes together: the text with its markers, the citations, and the sentences around them.

Knows nothing of how quotes are chosen. The text is quotes and joining words that state nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from answering.answer import Citation, Nearest
from answering.extractive import Quote
from ingest.documents import Document, Passage
from retrieval.hits import Hit
from retrieval.places import UrlOf

NEAREST = 3
"""Sections offered where there is no answer."""


class WrongQuoteError(AssertionError):
    """A quote is not what its document says: a fault of this program, never shown to anyone."""


def citations(
    quotes: Sequence[Quote], documents: Mapping[str, Document], url_of: UrlOf, first: int = 1
) -> tuple[Citation, ...]:
    """The quotes, numbered from `first`, each checked against the reading text.

    Raises:
        WrongQuoteError: a quote differs from the reading text.
    """
    return tuple(_citation(number, quote, documents, url_of) for number, quote in enumerate(quotes, first))


def _citation(number: int, quote: Quote, documents: Mapping[str, Document], url_of: UrlOf) -> Citation:
    passage, span = quote.passage, quote.span
    said = span.of(documents[passage.document].text)
    if said != quote.text or not said:
        raise WrongQuoteError(f"{passage.document} {span.start}-{span.end}")
    return Citation(
        number=number, document=passage.document, section=passage.section, headings=passage.headings,
        passage=passage.id, quote=said, start=span.start, end=span.end,
        url=url_of(passage, span.start, span.end), page=_page(passage, span.start),
    )  # fmt: skip


def _page(passage: Passage, start: int) -> int | None:
    """The page of the last sentence that begins there or before."""
    pages = [sentence.page for sentence in passage.sentences if sentence.start <= start]
    return pages[-1] if pages else None


def text_of(cited: Sequence[Citation], opening: str = "") -> str:
    """The quotes with their markers; quotes of one section run on, those of another begin a paragraph."""
    return "".join([opening, "\n\n" if opening else "", *_joined(cited)])


def _joined(cited: Sequence[Citation]) -> Iterator[str]:
    for before, each in pairwise([None, *cited]):
        if each is None:
            continue
        if before is not None:
            yield " " if before.section == each.section and not ("\n" in before.quote or "\n" in each.quote) else "\n\n"
        yield f"{each.quote} [{each.number}]"


def nearest(hits: Sequence[Hit]) -> tuple[Nearest, ...]:
    """The sections of the best hits, each once."""
    found: dict[tuple[str, str], Nearest] = {}
    for hit in hits:
        passage = hit.passage
        found.setdefault(
            (passage.document, passage.section),
            Nearest(
                document=passage.document, section=passage.section, headings=passage.headings,
                passage=passage.id, score=round(hit.score, 4),
            ),
        )  # fmt: skip
    return tuple(found.values())[:NEAREST]
