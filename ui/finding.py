"""Turns what a search found into what the search page shows: marked passages, reasons, counts, the picture.

Pure: knows nothing of Streamlit. The page's scripts show every string of it as plain text.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TypedDict

from answering.answer import Place, SearchHit
from answering.found import Facet, Filter, Point, Results
from ingest.cleaning import without_hidden
from ingest.documents import Passage, Sentence, Span
from ui.links import SEARCH, Link, address, guide_link, place_params
from ui.marking import fold
from ui.sources import HEADING_SEPARATOR, PassageOf, link_to, place_name

CONTEXT_SHOWN = 200
"""Characters around what is marked that are shown before "whole passage" is asked for."""


class Stretch(TypedDict):
    """A stretch of a passage: a word that was asked for, within the sentence nearest in meaning, far from either."""

    text: str
    word: bool
    near: bool
    far: bool


class Reason(TypedDict):
    """Why a passage was found."""

    kind: str
    text: str


class Found(TypedDict):
    """One found passage."""

    link: Link
    runs: list[Stretch]
    why: list[Reason]
    similar: list[Link]


class Chip(TypedDict):
    """A place to narrow the search to, with how many passages it has."""

    label: str
    count: int
    depth: int
    chosen: bool
    where: dict[str, str]
    href: str


class Listing(TypedDict):
    """All that the list of hits shows."""

    summary: str
    replaced: str
    chips: list[Chip]
    hits: list[Found]
    nearest: list[Link]
    unknown: list[str]


class Dot(TypedDict):
    """A passage in the picture."""

    x: float
    y: float
    group: int
    label: str
    text: str
    link: Link
    lit: bool


class Picture(TypedDict):
    """All that the picture shows; `at` is empty where no query stands in it."""

    groups: list[str]
    dots: list[Dot]
    at: list[float]


def listing(results: Results, where: Filter, passage_of: PassageOf, titles: Mapping[str, str]) -> Listing:
    """The hits and the places to narrow the search to."""
    several = len(titles) > 1
    return Listing(
        summary=summary(results, where),
        replaced=", ".join(f"{_plain(each.meant)} (you wrote {_plain(each.found)})" for each in results.replaced),
        chips=list(_chips(results, where)),
        hits=[_found(hit, passage_of(hit.passage), titles if several else {}) for hit in results.hits],
        nearest=[link_to(place) for place in results.nearest],
        unknown=[_plain(each) for each in results.unknown],
    )


def summary(results: Results, where: Filter) -> str:
    """How much was found, in a line."""
    count = "1 passage" if results.total == 1 else f"{results.total:,} passages"
    if not results.everywhere:
        return f"Nothing in the guide is near \u201c{_plain(results.query)}\u201d."
    if where == Filter():
        return f"{count} found"
    return f"{count} found here, {results.everywhere:,} in all"


def picture(points: Sequence[Point], results: Results | None) -> Picture:
    """The passages by outermost section, those that were found lit."""
    groups = list(dict.fromkeys(_group(point) for point in points))
    lit = frozenset(results.lit if results else ())
    return Picture(
        groups=groups,
        dots=[
            Dot(
                x=point.x, y=point.y, group=groups.index(_group(point)), label=place_name(point),
                text=_plain(point.text), link=link_to(point), lit=point.passage in lit,
            )
            for point in points
        ],
        at=list(results.at) if results and results.at else [],
    )  # fmt: skip


def search_params(query: str, where: Filter) -> dict[str, str]:
    """Query parameters of the search page, those that say nothing left out."""
    named = {"q": query, "document": where.document, "section": where.section}
    return {name: value for name, value in named.items() if value}


def _group(place: Place) -> str:
    return _plain(place.headings[0] if place.headings else place.section)


def _chips(results: Results, where: Filter) -> Iterator[Chip]:
    """Everywhere, then documents and outermost sections; deeper ones where something around them is chosen."""
    if not results.facets:
        return
    yield _chip("Everywhere", results.everywhere, 0, Filter(), results, where)
    for facet in results.facets:
        there = Filter(document=facet.document if _is_needed(results) else "", section=facet.section)
        if facet.depth <= 1 or _is_open(facet, where):
            yield _chip(_plain(facet.label), facet.count, facet.depth, there, results, where)


def _is_needed(results: Results) -> bool:
    """Whether a document has to be named: there are several."""
    return any(not facet.section for facet in results.facets)


def _is_open(facet: Facet, where: Filter) -> bool:
    parent = facet.section.rpartition("/")[0]
    return bool(where.section) and (where.section == parent or where.section.startswith(f"{parent}/"))


def _chip(label: str, count: int, depth: int, there: Filter, results: Results, where: Filter) -> Chip:
    params = search_params(results.query, there)
    wheres = {"document": there.document, "section": there.section}
    return Chip(
        label=label, count=count, depth=depth, chosen=there == where, where=wheres, href=address(SEARCH, params)
    )  # fmt: skip


def _found(hit: SearchHit, passage: Passage | None, titles: Mapping[str, str]) -> Found:
    span = hit.sentence or _sentence_with(hit, passage)
    params = place_params(hit) | ({"start": str(span.start), "end": str(span.end)} if span else {})
    path = [titles[hit.document]] if hit.document in titles else []
    label = HEADING_SEPARATOR.join(_plain(each) for each in (*path, *(hit.headings or (hit.section,))))
    return Found(
        link=Link(label=label, href=guide_link(params), params=params),
        runs=list(_runs(hit, passage)) if passage else [Stretch(text=hit.text, word=False, near=False, far=False)],
        why=[Reason(kind=each.kind, text=_plain(each.text)) for each in hit.reasons],
        similar=[link_to(each) for each in hit.similar],
    )


def _sentence_with(hit: SearchHit, passage: Passage | None) -> Sentence | None:
    """The first sentence with a word that was asked for."""
    if passage is None:
        return None
    return next((each for each in passage.sentences if any(map(each.covers, hit.matched))), None)


def _runs(hit: SearchHit, passage: Passage) -> Iterator[Stretch]:
    """The passage without its heading, cut wherever a mark begins or ends; long unmarked stretches are folded."""
    start = passage.sentences[0].start if passage.sentences else passage.start
    end = passage.start + len(passage.text.rstrip())
    spans = [each for each in (*hit.matched, hit.sentence) if each]
    cuts = sorted({start, end, *(edge for each in spans for edge in (each.start, each.end) if start < edge < end)})
    for first, last in pairwise(cuts):
        piece = Span(start=first, end=last)
        word = any(each.covers(piece) for each in hit.matched)
        near = hit.sentence is not None and hit.sentence.covers(piece)
        text = passage.words_of(piece)
        if word or near:
            yield Stretch(text=text, word=word, near=near, far=False)
            continue
        head = 0 if first == start and spans else CONTEXT_SHOWN
        tail = 0 if last == end else CONTEXT_SHOWN
        for shown, far in zip(fold(text, head=head, tail=tail), (False, True, False), strict=True):
            if shown:
                yield Stretch(text=shown, word=False, near=False, far=far)


def _plain(text: str) -> str:
    return without_hidden(text)
