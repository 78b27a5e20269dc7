"""Turns an ad or CV held against the guides into what the page shows, and into CSV and Markdown.

Pure: knows nothing of Streamlit. The page's script shows every string of it as plain text.
"""

from collections.abc import Iterator, Sequence
from typing import Final, TypedDict

from ingest.cleaning import one_line, without_hidden
from skills.match import Covered, Match, Named
from ui.export import csv_bytes, literal
from ui.links import SKILLS, Link, address
from ui.marking import cut_at_marks
from ui.sources import link_to

COVERED, FOREIGN, NEGATED, NOT_ASKED = "covered", "not in the guide", "ruled out", "not asked for"
_ELSEWHERE: Final = "Elsewhere"
_COLUMNS: Final = ("group", "term", "found", "kind", "area", "definition", "link")


class Stretch(TypedDict):
    """A stretch of the text: `kind` says what it names, if anything."""

    text: str
    kind: str


class Entry(TypedDict):
    """A term of the guides that the text names."""

    term: str
    said: str
    kind: str
    quote: str
    link: Link | None
    card: Link


class Group(TypedDict):
    """An area of the guides: how much of it the text covers, and with what."""

    area: str
    covered: int
    terms: int
    entries: list[Entry]


class Checked(TypedDict):
    """All that the page shows of a text."""

    summary: str
    runs: list[Stretch]
    groups: list[Group]
    negated: list[Entry]
    foreign: list[str]
    not_asked: list[str]


def checked(text: str, found: Match) -> Checked:
    """What the page shows."""
    return Checked(
        summary=summary(found), runs=list(_runs(text, found)), groups=list(_groups(found)),
        negated=[_entry(each) for each in found.negated], foreign=[without_hidden(each) for each in found.not_in_guide],
        not_asked=list(found.not_asked),
    )  # fmt: skip


def summary(found: Match) -> str:
    """One line on how much was found."""
    every = sum(each.terms for each in found.areas)
    lacking = len(found.not_in_guide)
    parts = [
        f"{len(found.covered)} of the guide's {every} terms",
        f"{lacking} {'term' if lacking == 1 else 'terms'} that it lacks",
    ]
    if found.negated:
        parts.append(f"{len(found.negated)} ruled out")
    return ", ".join(parts)


def as_csv(found: Match) -> bytes:
    """Every term, one a line, for a spreadsheet."""
    rows = [_row(COVERED, each) for each in found.covered] + [_row(NEGATED, each) for each in found.negated]
    rows += [(FOREIGN, each.term, each.found, "", "", "", "") for each in found.foreign]
    rows += [(NOT_ASKED, each, "", "", "", "", "") for each in found.not_asked]
    return csv_bytes(_COLUMNS, rows)


def as_markdown(found: Match) -> str:
    """What was found, to be read and passed on."""
    parts = ["# A text held against the guide", f"{literal(summary(found))}.", f"## {COVERED.capitalize()}"]
    for area in found.areas:
        if area.covered:
            parts.append(f"### {literal(area.area or _ELSEWHERE)} ({area.covered} of {area.terms})")
            parts.append("\n".join(_line(each) for each in found.covered if each.area == area.area))
    for title, names in (
        (FOREIGN, found.not_in_guide), (NEGATED, [each.term for each in found.negated]), (NOT_ASKED, found.not_asked),
    ):  # fmt: skip
        if names:
            parts += [f"## {title.capitalize()}", ", ".join(map(literal, names))]
    return "\n\n".join(part for part in parts if part) + "\n"


def _line(each: Covered) -> str:
    said = "" if each.found.casefold() == each.term.casefold() else f" (“{literal(one_line(each.found))}”)"
    if each.citation is None:
        return f"- **{literal(each.term)}**{said}"
    return f"- **{literal(each.term)}**{said}: {literal(one_line(each.citation.quote))} [source]({each.citation.url})"


def _row(group: str, each: Covered) -> Sequence[str]:
    quote, url = (each.citation.quote, each.citation.url) if each.citation else ("", "")
    return group, each.term, each.found, each.kind, each.area, quote, url


def _runs(text: str, found: Match) -> Iterator[Stretch]:
    kinds = ["", *("covered" for _ in found.covered), *("negated" for _ in found.negated)]
    kinds += ["foreign" for _ in found.foreign]
    named: tuple[Named, ...] = (*found.covered, *found.negated, *found.foreign)
    marks = [(span.start, span.end, number) for number, each in enumerate(named, 1) for span in each.spans]
    for piece, number in cut_at_marks(text, 0, marks):
        yield Stretch(text=without_hidden(piece), kind=kinds[number])


def _groups(found: Match) -> Iterator[Group]:
    for area in found.areas:
        entries = [_entry(each) for each in found.covered if each.area == area.area]
        yield Group(area=area.area or _ELSEWHERE, covered=area.covered, terms=area.terms, entries=entries)


def _entry(each: Covered) -> Entry:
    cited = each.citation
    params = {"term": each.term}
    return Entry(
        term=each.term, said="" if each.found.casefold() == each.term.casefold() else one_line(each.found),
        kind=each.kind, quote=cited.quote if cited else "", link=link_to(cited) if cited else None,
        card=Link(label=each.term, href=address(SKILLS, params), params=params),
    )  # fmt: skip
