"""Holds a text against a generation's guides, citations cut out of them. Knows nothing of how terms are found."""

from answering.defining import card_url, citation_of
from answering.plain import storable
from ingest.errors import GuideError
from retrieval.generation import Generation
from retrieval.places import Citation, UrlOf
from skills.card import Mention
from skills.match import Links, Match, Matcher


def held(matcher: Matcher, text: str, generation: Generation, url_of: UrlOf, base_url: str) -> Match:
    """What of the guides a text covers and what it asks for beyond them.

    Raises:
        GuideError: there is no text.
    """
    text = storable(text)
    if not text.strip():
        raise GuideError("there is no text: give a job ad or a CV")

    def cite(mention: Mention, number: int) -> Citation:
        return citation_of(mention, number, generation, url_of)

    return matcher.match(text, Links(card=lambda term: card_url(term, base_url), cite=cite))
