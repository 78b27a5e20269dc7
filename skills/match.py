"""Holds a job ad or CV against the terms of the guides: covered, ruled out, not in the guides, not asked for.

Nothing of the text is kept or logged.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ingest.documents import Document, Frozen, Span
from retrieval.places import Citation
from skills.card import Inventory, Mention, Term
from skills.company import Company
from skills.forms import Form, Forms, key_of
from skills.negation import ruled_out
from skills.reading import Text
from skills.spotting import Spot, spots

LONGEST_TEXT: Final = 50_000
"""Characters of an ad or CV; more is a book."""
_READ_AT_ONCE: Final = 50_000
"""Characters of a guide that are searched for technical terms at a time."""


class Named(Span):
    """A term where a text names it first: `found` is the text from `start` to `end`."""

    term: str
    found: str
    spans: tuple[Span, ...]
    """Everywhere that it is named in this sense."""


class Covered(Named):
    """A term of the guides that a text names."""

    kind: str
    area: str
    card_url: str
    citation: Citation | None
    """The guide's own sentence on what it is, where there is one."""


class Area(Frozen):
    """How much of one area of the guides a text covers."""

    area: str
    covered: int
    terms: int


class Match(Frozen):
    """A text held against the guides."""

    covered: tuple[Covered, ...]
    not_in_guide: tuple[str, ...]
    """Technical terms that the text asks for and no guide mentions."""
    not_asked: tuple[str, ...]
    """Terms of the guides that the text does not name."""
    sections: tuple[str, ...]
    """Where the covered terms are at home, in reading order."""
    negated: tuple[Covered, ...] = ()
    """Terms of the guides that the text rules out: no PHP."""
    foreign: tuple[Named, ...] = ()
    """Where the terms of `not_in_guide` stand."""
    areas: tuple[Area, ...] = ()
    """In reading order."""


@dataclass(frozen=True)
class Links:
    """How what is found is cited."""

    card: Callable[[str], str]
    """A term to the address of its card."""
    cite: Callable[[Mention, int], Citation | None]
    """Words of a guide, and a number, to the citation of the sentence that they stand in."""


class Matcher:
    """Holds texts against the guides of one generation; may serve many threads."""

    def __init__(self, inventory: Inventory, documents: Sequence[Document]) -> None:
        """Takes the terms and the guides that they come from."""
        self._terms = {each.term: each for each in inventory.terms}
        self._forms = Forms({each.term: each.aliases for each in inventory.terms})
        self._order = {
            section.id: place
            for place, section in enumerate(section for each in documents for section in each.sections)
        }
        self._mentioned = frozenset(self._foreign_in(each.text for each in documents))

    def match(self, text: str, links: Links) -> Match:
        """What of the guides a text covers and what it asks for beyond them; reads `LONGEST_TEXT` characters."""
        read = Text(text[:LONGEST_TEXT])
        found = _meant(read, self._forms)
        places = {at for spot in found for at in range(spot.at, spot.after)}
        out = ruled_out(read, places.__contains__)
        wanted = [spot for spot in found if spot.at not in out]
        own = _by_name(spot for spot in wanted if not spot.form.foreign)
        ruled = _by_name(spot for spot in found if spot.at in out and not spot.form.foreign)
        foreign = self._foreign(read, (spot for spot in wanted if spot.form.foreign))
        covered = tuple(self._covered(read, spots, at, links) for at, spots in enumerate(own.values(), 1))
        negated = [spots for name, spots in ruled.items() if name not in own]
        return Match(
            covered=covered,
            negated=tuple(self._covered(read, spots, at, links) for at, spots in enumerate(negated, 1)),
            not_in_guide=tuple(each.term for each in foreign), foreign=foreign,
            not_asked=tuple(name for name in self._terms if name not in own and name not in ruled),
            sections=self._sections(own), areas=self._areas(own),
        )  # fmt: skip

    def _covered(self, text: Text, found: Sequence[Spot], number: int, links: Links) -> Covered:
        term = self._terms[found[0].form.term]
        first, *_ = spans = tuple(_span(text, spot) for spot in found)
        return Covered(
            term=term.term, found=first.of(text.raw), start=first.start, end=first.end, spans=spans, kind=term.kind,
            area=term.area, card_url=links.card(term.term),
            citation=links.cite(term.definition, number) if term.definition else None,
        )  # fmt: skip

    def _foreign(self, text: Text, spots: Iterable[Spot]) -> tuple[Named, ...]:
        by_term: dict[str, list[Spot]] = {}
        for spot in spots:
            if spot.form.term not in self._mentioned:
                by_term.setdefault(spot.form.term, []).append(spot)
        return tuple(_named(text, found) for found in by_term.values())

    def _foreign_in(self, texts: Iterable[str]) -> Iterable[str]:
        """The technical terms that the guides mention, whether or not they are terms of the inventory."""
        for text in texts:
            for start in range(0, len(text), _READ_AT_ONCE):
                for spot in _meant(Text(text[start : start + _READ_AT_ONCE]), self._forms):
                    if spot.form.foreign:
                        yield spot.form.term

    def _sections(self, names: Iterable[str]) -> tuple[str, ...]:
        homes = {self._terms[name].section for name in names}
        return tuple(sorted(homes, key=lambda each: (self._order.get(each, len(self._order)), each)))

    def _areas(self, names: Iterable[str]) -> tuple[Area, ...]:
        by_area: dict[str, list[Term]] = {}
        for term in sorted(self._terms.values(), key=lambda each: self._order.get(each.section, len(self._order))):
            by_area.setdefault(term.area, []).append(term)
        wanted = set(names)
        return tuple(
            Area(area=area, covered=sum(each.term in wanted for each in terms), terms=len(terms))
            for area, terms in by_area.items()
        )


def _meant(text: Text, forms: Forms) -> list[Spot]:
    return Company(text, spots(text, forms)).meant()


def _by_name(found: Iterable[Spot]) -> Mapping[str, list[Spot]]:
    named: dict[str, list[Spot]] = {}
    for spot in found:
        named.setdefault(spot.form.term, []).append(spot)
    return named


def _named(text: Text, found: Sequence[Spot]) -> Named:
    """The term as the text writes it, with the capitals of its usual name."""
    first, *_ = spans = tuple(_span(text, spot) for spot in found)
    said = first.of(text.raw)
    return Named(term=_shown(said, found[0].form), found=said, start=first.start, end=first.end, spans=spans)


def _shown(said: str, form: Form) -> str:
    for name in (form.term, form.name):
        if key_of(name) == key_of(said):
            return (
                name if any(map(str.isupper, name)) and (said.islower() or name.casefold() == said.casefold()) else said
            )
    return " ".join(said.split())


def _span(text: Text, spot: Spot) -> Span:
    return Span(start=text.words[spot.at].start, end=text.words[spot.after - 1].end)
