"""Turns terms and their cards into what the page of terms shows and exports. Knows nothing of Streamlit."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypedDict

from ingest.cleaning import without_hidden
from retrieval.places import Citation
from skills.card import Card, Inventory, Term
from ui.export import csv_bytes
from ui.links import guide_link, place_params
from ui.sources import HEADING_SEPARATOR

NO_AREA: Final = "Elsewhere"
_COLUMNS: Final = (
    "term", "kind", "area", "definition", "place", "note (not from the guide)", "also called", "related", "address",
)  # fmt: skip


class Listed(TypedDict):
    """A line of the index."""

    term: str
    kind: str
    area: str
    names: list[str]
    mentions: int
    defined: bool


class Index(TypedDict):
    """The index with what was typed and which cards are open."""

    terms: list[Listed]
    query: str
    near: list[str]
    """Terms near to what was typed, by spelling and meaning."""
    missing: bool
    """Whether no term is called as was typed."""
    shown: list[str]


class Quoted(TypedDict):
    """A quote with its place."""

    text: str
    path: str
    href: str
    params: dict[str, str]
    number: int


class ShownCard(TypedDict):
    """A card."""

    term: str
    kind: str
    aliases: list[str]
    definition: Quoted | None
    note: str
    mentions: list[Quoted]
    related: list[str]
    href: str


def index(inventory: Inventory, query: str, near: Sequence[str], shown: Sequence[str], *, missing: bool) -> Index:
    """What the index shows."""
    return Index(
        terms=[_listed(each) for each in inventory.terms], query=query, near=list(near), shown=list(shown),
        missing=missing,
    )  # fmt: skip


def shown_card(card: Card) -> ShownCard:
    """What a card shows."""
    return ShownCard(
        term=without_hidden(card.term), kind=card.kind, aliases=[without_hidden(each) for each in card.aliases],
        definition=_quoted(card.definition) if card.definition else None, note=card.note.text if card.note else "",
        mentions=[_quoted(each) for each in card.mentions], related=list(card.related), href=card.url,
    )  # fmt: skip


def csv_of(cards: Iterable[Card], areas: Mapping[str, str]) -> bytes:
    """The cards as a table for spreadsheets."""
    return csv_bytes(_COLUMNS, (_row(card, areas.get(card.term, "")) for card in cards))


def _row(card: Card, area: str) -> Sequence[str]:
    said = card.definition
    quote, place = (said.quote, HEADING_SEPARATOR.join(said.headings)) if said else ("", "")
    note = card.note.text if card.note else ""
    return (
        card.term, card.kind, area, quote, place, note, "; ".join(card.aliases), "; ".join(card.related), card.url,
    )  # fmt: skip


def _listed(term: Term) -> Listed:
    return Listed(
        term=without_hidden(term.term), kind=term.kind, area=without_hidden(term.area) or NO_AREA,
        names=[without_hidden(each) for each in term.aliases], mentions=len(term.mentions),
        defined=term.definition is not None,
    )  # fmt: skip


def _quoted(cited: Citation) -> Quoted:
    params = place_params(cited)
    path = HEADING_SEPARATOR.join(map(without_hidden, cited.headings))
    return Quoted(
        text=without_hidden(cited.quote), path=path, href=guide_link(params), params=params, number=cited.number
    )
