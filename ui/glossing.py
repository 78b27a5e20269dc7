"""The terms that a guide defines, for the reader: where the text names them, and what stands on their cards.

Pure: knows nothing of Streamlit. The reader's script shows every string of it as plain text.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import TypedDict

from ingest.cleaning import one_line, without_hidden
from ingest.documents import BlockKind, Document, Span
from skills.card import Inventory, Mention, Term
from ui.links import SKILLS, Link, address, guide_link

Gloss = tuple[int, int, str]
"""Start and end of words that name a term, and the term."""


class TermCard(TypedDict):
    """What is shown of a term beside the text: the guide's own words first, the glossary's apart."""

    kind: str
    definition: str
    where: Link
    note: str
    href: str


def glosses(inventory: Inventory, document: Document) -> list[Gloss]:
    """Where the guide names a term that it defines: the first time in each section, never in a heading."""
    headings = [block for block in document.blocks if block.kind is BlockKind.HEADING]
    starts = [heading.start for heading in headings]
    found: list[Gloss] = []
    seen: set[tuple[str, str]] = set()
    for term in inventory.terms:
        for mention in _defined(term, document):
            first = (mention.section, term.term) not in seen
            before = bisect_right(starts, mention.start) - 1
            if first and not (before >= 0 and headings[before].covers(mention)):
                seen.add((mention.section, term.term))
                found.append((mention.start, mention.end, term.term))
    return list(_apart(sorted(found)))


def term_cards(inventory: Inventory, documents: Sequence[Document]) -> dict[str, TermCard]:
    """The cards of all terms that the guides define, by term."""
    texts = {document.id: document.text for document in documents}
    return {
        term.term: _card(term, term.definition, texts[term.definition.document])
        for term in inventory.terms
        if term.definition is not None and term.definition.document in texts
    }


def names(inventory: Inventory) -> dict[str, str]:
    """What may be selected in the text: each name of a defined term, in small letters, to the term."""
    found = {name.casefold(): each.term for each in inventory.terms if each.definition for name in each.names}
    return found | {each.term.casefold(): each.term for each in inventory.terms if each.definition}


def _defined(term: Term, document: Document) -> Iterator[Mention]:
    if term.definition is not None:
        yield from (each for each in term.mentions if each.document == document.id)


def _apart(found: Sequence[Gloss]) -> Iterator[Gloss]:
    """Without those that overlap an earlier one."""
    done = 0
    for start, end, term in found:
        if start >= done:
            yield start, end, term
            done = end


def _card(term: Term, definition: Mention, text: str) -> TermCard:
    said: Span = definition.sentence
    params = {
        "document": definition.document, "section": definition.section, "passage": definition.passage,
        "start": str(said.start), "end": str(said.end),
    }  # fmt: skip
    return TermCard(
        kind=without_hidden(term.kind), definition=one_line(said.of(text)), note=without_hidden(term.note or ""),
        where=Link(label="Where the guide says so", href=guide_link(params), params=params),
        href=address(SKILLS, {"term": term.term}),
    )  # fmt: skip
