"""Ads held against small guides, as the assistant does it, but without an index."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from ingest.documents import Document, Passage
from ingest.glossary import Glossary
from retrieval.places import Citation
from skills.card import Mention
from skills.drawing import draw
from skills.match import Links, Match, Matcher


def matched(text: str, guides: Sequence[Document], passages: Mapping[str, Passage]) -> Match:
    """The text held against the terms that the guides name."""

    def cite(mention: Mention, number: int) -> Citation:
        passage, start, end = passages[mention.passage], mention.sentence.start, mention.sentence.end
        (guide,) = [each for each in guides if each.id == passage.document]
        place = {"document": passage.document, "section": passage.section, "passage": passage.id}
        return Citation(
            document=passage.document, section=passage.section, headings=passage.headings, passage=passage.id,
            number=number, quote=guide.text[start:end], start=start, end=end,
            url=f"http://localhost:8501/guide?{urlencode({**place, 'start': start, 'end': end})}",
        )  # fmt: skip

    inventory = draw(guides, tuple(passages.values()), Glossary())
    return Matcher(inventory, guides).match(text, Links(card=lambda term: f"skills?term={term}", cite=cite))
