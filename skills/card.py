"""What crosses the border: the terms that guides name, the card of one, and what stands there for an unknown one.

Knows nothing of how a term is found.
"""

from ingest.documents import Frozen, Span
from retrieval.places import Citation


class Mention(Span):
    """Words of a reading text that name a term; none of them where a sentence stands under the term as its headword."""

    document: str
    passage: str
    section: str
    sentence: Span
    """The sentence, list item, table row or heading that they stand in."""


class Term(Frozen):
    """A term that the guides name."""

    term: str
    kind: str
    aliases: tuple[str, ...] = ()
    """Its other names, as people write them; no name belongs to two terms."""
    area: str = ""
    """Outermost heading above the place where it is at home; empty where there is none."""
    section: str = ""
    """Id of the section where it is at home: that of its definition, else the one that names it most."""
    definition: Mention | None = None
    """Where the guide says what it is; None where it only names it."""
    mentions: tuple[Mention, ...]
    """Everywhere that it is named, in reading order; at least one."""
    related: tuple[str, ...] = ()
    """Terms of the same list, sentence or section, the nearest first."""
    note: str | None = None
    """The glossary's plain words; never the guide's own."""

    @property
    def names(self) -> tuple[str, ...]:
        """The term and its aliases."""
        return (self.term, *self.aliases)

    @property
    def is_headword(self) -> bool:
        """Whether its definition stands under it in a guide that is written like a dictionary."""
        return self.definition is not None and self.definition.start == self.definition.end


class Inventory(Frozen):
    """All terms of one generation, by letter; what the glossary knows but the guides never name is not among them."""

    terms: tuple[Term, ...] = ()

    def of(self, name: str) -> Term | None:
        """The term that is called exactly so."""
        return next((each for each in self.terms if each.term == name), None)


class CardNote(Frozen):
    """Plain words that are not from the guide."""

    text: str
    source: str


class Card(Frozen):
    """What `define` gives for a term that the guides name."""

    term: str
    aliases: tuple[str, ...]
    kind: str
    definition: Citation | None
    """The guide's own sentence."""
    mentions: tuple[Citation, ...]
    """Each sentence that names it, once, numbered in reading order; the definition bears the number it has here."""
    related: tuple[str, ...]
    note: CardNote | None
    url: str


class NoCard(Frozen):
    """What `define` gives for anything else."""

    term: None = None
    query: str
    nearest: tuple[str, ...]
    """Terms that the guides do name, nearest first."""
