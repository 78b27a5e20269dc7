"""The card of a term, or the terms that come nearest. Knows nothing of how terms are drawn or names resolved."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from ingest.documents import Passage
from retrieval.generation import Generation
from retrieval.hits import Hit
from retrieval.places import Citation, UrlOf
from skills.card import Card, CardNote, Inventory, Mention, Term

NEAREST: Final = 5
"""Terms offered where the guide has not what was looked up."""
DEFINED_FROM: Final = 30
"""Passages in which these are looked for."""
NOTE_SOURCE: Final = "note, not from the guide"
_MENTIONED: Final = 0.85
"""Share in a sentence of a term that it names without saying what it is."""
_NAME_WEIGHT: Final = 1.75
"""Of a name that is alike, against the sentences in which the term stands."""
_HEADWORD: Final = 0.2
"""For a headword of a guide that is written like a dictionary, before what is only named there."""


def card_of(term: Term, generation: Generation, url_of: UrlOf, base_url: str) -> Card:
    """What the guides say of a term, every quote cut out of their text."""
    sentences = {_place(each): each for each in reversed(term.mentions)}  # of two mentions, the first
    cited = {
        place: citation_of(sentences[place], number, generation, url_of)
        for number, place in enumerate(dict.fromkeys(map(_place, term.mentions)), 1)
    }
    return Card(
        term=term.term, aliases=term.aliases, kind=term.kind, mentions=tuple(cited.values()), related=term.related,
        definition=cited[_place(term.definition)] if term.definition else None,
        note=CardNote(text=term.note, source=NOTE_SOURCE) if term.note else None,
        url=card_url(term.term, base_url),
    )  # fmt: skip


def nearest_terms(
    inventory: Inventory, hits: Sequence[Hit], alike: Mapping[str, float], most: int = NEAREST
) -> tuple[str, ...]:
    """The terms that stand in what was found or are written alike, best first.

    Args:
        inventory: all terms.
        hits: what search found for the query.
        alike: how alike the query and a term's names are, 0..1.
        most: how many.
    """
    scores: dict[str, float] = defaultdict(float)
    there = _terms_at(inventory)
    for hit in hits:
        for found in hit.sentences:
            score = (hit.score + found.score) / 2
            for term, share in there.get((hit.passage.document, found.sentence.start), ()):
                scores[term] = max(scores[term], share * score)
    for term, likeness in alike.items():
        scores[term] += _NAME_WEIGHT * likeness
    for each in inventory.terms:
        if each.is_headword:
            scores[each.term] += _HEADWORD
    return tuple(sorted(scores, key=lambda each: -scores[each])[:most])


def _place(mention: Mention) -> tuple[str, int]:
    return mention.document, mention.sentence.start


def card_url(term: str, base_url: str) -> str:
    """The address of a term's card."""
    return f"{base_url}/skills?{urlencode({'term': term})}"


def citation_of(mention: Mention, number: int, generation: Generation, url_of: UrlOf) -> Citation:
    """The sentence in which a guide names a term."""
    passage: Passage = generation.passage_of[mention.passage]
    start, end = mention.sentence.start, mention.sentence.end
    return Citation(
        document=passage.document, section=passage.section, headings=passage.headings, passage=passage.id,
        number=number, quote=generation.documents[passage.document].text[start:end], start=start, end=end,
        url=url_of(passage, start, end),
    )  # fmt: skip


def _terms_at(inventory: Inventory) -> dict[tuple[str, int], list[tuple[str, float]]]:
    """The terms of each sentence with their share in what it says."""
    found: dict[tuple[str, int], list[tuple[str, float]]] = defaultdict(list)
    for term in inventory.terms:
        defined = _place(term.definition) if term.definition else None
        for place in dict.fromkeys(map(_place, term.mentions)):
            found[place].append((term.term, 1.0 if place == defined else _MENTIONED))
    return found
