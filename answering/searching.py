"""Finds passages for people who search: which count as found, in which order, and why.

Knows nothing of pages or answers.
"""

from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches

import numpy as np

from answering.answer import Place, Reason, SearchHit
from answering.found import Filter, Point, Results
from answering.gathering import Rows, facets, folded, inside
from answering.generations import Generations, PerGeneration
from answering.wording import (
    REASON_HEADING,
    reason_alias,
    reason_keyword,
    reason_meaning,
    reason_spelling,
    unusable,
)
from ingest.cleaning import one_line
from ingest.documents import Passage, Span
from ingest.errors import GuideError
from retrieval.embedder import Embedder, Vectors
from retrieval.generation import Generation
from retrieval.hits import Hit, SentenceHit
from retrieval.landscape import Layout
from retrieval.places import UrlOf
from retrieval.retriever import search
from retrieval.widening import Replacement, Widened, Widener
from retrieval.words import stems, words

MEANING_FLOOR = 0.3
"""Cosine from which a passage is found for its meaning alone. On 250 banked questions the right section clears it for
93 % of those that the guide answers; for 14 % of those on other subjects anything does."""
KEYWORD_SHARE = 0.3
"""Part of the best keyword score from which a passage is found for its words alone: one rare word, not one of many."""
MOST_HITS = 30
"""Hits that are listed; whoever has not found it by then narrows the search."""
RANKED = 150
"""Passages that are ranked for the list; those that say nearly the same, and those too far off, drop out of it."""
EXCERPT = 160
"""Characters of a passage that stand for it in the picture."""
NAMED_SECTIONS = 3
"""Sections that are named to whoever named none of the guide's."""


class Searching:
    """Searches the live generation. Serves every thread."""

    def __init__(
        self, reader: Generations, embedder: Embedder, widener: Callable[[Generation], Widener], url_of: UrlOf,
        limit: int,
    ) -> None:  # fmt: skip
        """Takes what the assistant has: index, model, what knows other names, addresses, longest query."""
        self._reader, self._embedder, self._widener = reader, embedder, widener
        self._url_of, self._limit = url_of, limit
        self._layout = PerGeneration(lambda made: Layout.read(made.extra("map"), len(made.passages)))
        self._points = PerGeneration(lambda made: picture(made, self._layout(made)))

    def search(self, query: str, k: int, section: str | None) -> tuple[SearchHit, ...]:
        """The `k` best passages, near enough or not; see `Assistant.search`."""
        plain = self._usable(query)
        with self._reader.use() as generation:
            _check_section(generation, section)
            widened, vector = self._understood(generation, plain)
            hits = search(generation, widened.text, vector, k, section)
        return tuple(search_hit(hit, self._url_of, widened.replaced) for hit in hits)

    def results(self, query: str, where: Filter) -> Results:
        """What is near enough, with counts; see `Assistant.results`."""
        plain = self._usable(query)
        with self._reader.use() as generation:
            widened, vector = self._understood(generation, plain)
            return look_up(generation, widened, plain, vector, where, self._layout(generation), self._url_of)

    def picture(self) -> tuple[Point, ...]:
        """The searched passages with their places."""
        with self._reader.use() as generation:
            return self._points(generation)

    def _understood(self, generation: Generation, plain: str) -> tuple[Widened, Vectors]:
        widened = self._widener(generation).widen(plain)
        return widened, self._embedder.encode([widened.text])[0]

    def _usable(self, query: str) -> str:
        plain = one_line(query)
        if refusal := unusable(query, plain, self._limit):
            raise GuideError(refusal)
        return plain


def look_up(
    generation: Generation, widened: Widened, query: str, vector: Vectors, where: Filter, layout: Layout, url_of: UrlOf
) -> Results:
    """What the search page shows for a query.

    Args:
        generation: where to search.
        widened: the query in the guide's words.
        query: as it was typed.
        vector: embedding of the widened query, shape `(dimensions,)`.
        where: counts are given for all guides, hits only from here.
        layout: the picture of this generation.
        url_of: gives the address of a stretch of a passage.
    """
    found = _found(generation, widened.text, vector)
    here = found & inside(generation, where)
    ranked = search(generation, widened.text, vector, min(len(generation.passages), RANKED), where.section or None)
    hits = [hit for hit in ranked if here[generation.row_of[hit.passage.id]]]
    groups = list(folded(hits, MOST_HITS))[:MOST_HITS]
    lit = tuple(generation.passages[row].id for row in np.flatnonzero(here))
    empty = not found.any()
    return Results(
        query=query, replaced=widened.replaced, total=len(lit), everywhere=int(found.sum()), lit=lit,
        hits=tuple(
            search_hit(first, url_of, widened.replaced, rank, rest) for rank, (first, *rest) in enumerate(groups, 1)
        ),
        facets=tuple(facets(generation, found, where)),
        nearest=_nearest(ranked) if empty else (),
        unknown=_unknown(generation, widened.text) if empty else (),
        at=layout.place_of(generation.passage_vectors @ vector) if lit else None,
    )  # fmt: skip


def search_hit(
    hit: Hit, url_of: UrlOf, replaced: Sequence[Replacement] = (), rank: int | None = None, same: Sequence[Hit] = ()
) -> SearchHit:
    """A hit as people and programs see it.

    Args:
        hit: what was found.
        url_of: gives the address of a stretch of a passage.
        replaced: what of the query was understood as something else.
        rank: its place where that is not the hit's own.
        same: further hits that say nearly the same.
    """
    passage, best = hit.passage, _closest(hit)
    return SearchHit(
        rank=rank or hit.rank, score=round(hit.score, 4), document=passage.document, section=passage.section,
        headings=passage.headings, passage=passage.id, text=passage.text.strip(), start=passage.start,
        end=passage.end, url=url_of(passage, passage.start, passage.end), why=hit.why, matched=hit.matched,
        sentence=Span(start=best.sentence.start, end=best.sentence.end) if best else None,
        reasons=tuple(_reasons(hit, best, replaced)), similar=tuple(place_of(each.passage) for each in same),
    )  # fmt: skip


def place_of(passage: Passage) -> Place:
    """Where a passage stands."""
    return Place(
        document=passage.document, section=passage.section, headings=passage.headings, passage=passage.id
    )  # fmt: skip


def picture(generation: Generation, layout: Layout) -> tuple[Point, ...]:
    """The searched passages with their places in the picture; none where the index holds no picture."""
    return tuple(
        Point(**place_of(passage).model_dump(), x=x, y=y, text=_excerpt(passage))
        for passage, (x, y) in zip(generation.passages, layout.points, strict=False)
    )


def _found(generation: Generation, text: str, vector: Vectors) -> Rows:
    """Which passages the query finds, exactly: by a fair share of the best keyword score, or by meaning."""
    if not generation.passages:
        return np.zeros(0, dtype=np.bool_)
    keyword = generation.passage_words.scores(stems(text, generation.passages[0].language))
    by_words = (keyword > 0) & (keyword >= KEYWORD_SHARE * keyword.max())
    near = generation.passage_vectors @ vector >= MEANING_FLOOR
    near[generation.owner[generation.sentence_vectors @ vector >= MEANING_FLOOR]] = True
    rows: Rows = by_words | near
    return rows


def _closest(hit: Hit) -> SentenceHit | None:
    """The sentence that is nearest in meaning, if it is near at all."""
    best = max(hit.sentences, key=lambda each: each.semantic, default=None)
    return best if best and best.semantic >= MEANING_FLOOR else None


def _reasons(hit: Hit, best: SentenceHit | None, replaced: Sequence[Replacement]) -> Iterator[Reason]:
    text = " ".join([*hit.passage.headings, hit.passage.text])
    there = frozenset(stems(text, hit.passage.language))
    for each in replaced:
        if there.issuperset(stems(each.meant, hit.passage.language)):
            say = reason_alias if each.reason == "alias" else reason_spelling
            yield Reason(kind=each.reason, text=say(each.found, each.meant))
    if hit.why.keyword:
        yield Reason(kind="keyword", text=reason_keyword(hit.why.keyword))
    elif hit.why.ranks.keyword is not None:
        yield Reason(kind="heading", text=REASON_HEADING)
    if best or hit.why.semantic >= MEANING_FLOOR:
        yield Reason(kind="meaning", text=reason_meaning(max(hit.why.semantic, best.semantic if best else 0.0)))


def _nearest(ranked: Sequence[Hit]) -> tuple[Place, ...]:
    """Three sections that are the least far."""
    by_section = {hit.passage.section: place_of(hit.passage) for hit in reversed(ranked)}
    order = dict.fromkeys(hit.passage.section for hit in ranked)
    return tuple(by_section[section] for section in order)[:3]


def _unknown(generation: Generation, text: str) -> tuple[str, ...]:
    language = generation.passages[0].language if generation.passages else "en"
    asked = words(text, language)
    lacking = (word.text for word in asked if not any(map(generation.passage_words.knows, word.stems)))
    return tuple(dict.fromkeys(lacking))


def _check_section(generation: Generation, section: str | None) -> None:
    if section is None:
        return
    known = {each.id: None for document in generation.documents.values() for each in document.sections}
    if section not in known:
        near = get_close_matches(section, known, NAMED_SECTIONS, cutoff=0)
        raise GuideError(f"no section {section!r} in the guides; the nearest are: {', '.join(near)}")


def _excerpt(passage: Passage) -> str:
    text = " ".join(passage.text[passage.sentences[0].start - passage.start :].split())
    return text if len(text) <= EXCERPT else f"{text[:EXCERPT].rpartition(' ')[0]}\u2026"
