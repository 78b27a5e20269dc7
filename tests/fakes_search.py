"""A search by shared words over given passages, with all that the search page shows of it."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from answering.answer import Reason, SearchHit
from answering.found import Facet, Filter, Point, Results
from answering.searching import place_of
from ingest.documents import Passage, Span
from ingest.errors import GuideError
from retrieval.hits import Ranks, Why
from retrieval.widening import Replacement


def searched(query: str, where: Filter, passages: Sequence[Passage], read_as: Mapping[str, str]) -> Results:
    """Passages that hold a word of the query; the last of several of one section stands behind the first."""
    if len(query) > 2000:
        raise GuideError("Please shorten the question to 2,000 characters.")
    read = [found for found in read_as if found in query.lower()]
    wanted = [*re.findall(r"\w+", query.lower()), *(read_as[each] for each in read)]
    found = [each for each in passages if each.sentences and _matched(each, wanted)]
    here = [each for each in found if where.section in ("", each.section) and where.document in ("", each.document)]
    replaced = tuple(Replacement(found=each, meant=read_as[each], reason="spelling") for each in read)
    counts = Counter((each.document, each.section, each.headings[-1]) for each in found)
    return Results(
        query=query, replaced=replaced, total=len(here), everywhere=len(found), lit=tuple(each.id for each in here),
        hits=tuple(_hit(rank, each, here, wanted) for rank, each in enumerate(here[:2], 1)),
        facets=tuple(
            Facet(document=document, section=section, label=label, depth=1, count=count)
            for (document, section, label), count in counts.items()
        ),
        nearest=() if found else (place_of(passages[1]),), unknown=() if found else tuple(wanted),
        at=(0.5, 0.5) if here else None,
    )  # fmt: skip


def pictured(passages: Sequence[Passage]) -> tuple[Point, ...]:
    """The passages in a row."""
    return tuple(
        Point(**place_of(each).model_dump(), x=at / max(len(passages) - 1, 1), y=0.5, text=each.text.strip()[:60])
        for at, each in enumerate(passages)
        if each.sentences
    )


def _matched(passage: Passage, wanted: Sequence[str]) -> tuple[Span, ...]:
    found = re.finditer(r"\w+", passage.text)
    return tuple(
        Span(start=passage.start + each.start(), end=passage.start + each.end())
        for each in found
        if each[0].lower().removesuffix("s") in wanted
    )


def _hit(rank: int, passage: Passage, found: Sequence[Passage], wanted: Sequence[str]) -> SearchHit:
    last = passage.sentences[-1]
    words = tuple(passage.words_of(each) for each in _matched(passage, wanted))
    return SearchHit(
        **place_of(passage).model_dump(), rank=rank, score=1 / rank, text=passage.text.strip(), start=passage.start,
        end=passage.end, url="/guide", why=Why(keyword=words, semantic=0.5, ranks=Ranks(keyword=rank, semantic=rank)),
        matched=_matched(passage, wanted), sentence=Span(start=last.start, end=last.end),
        reasons=(Reason(kind="keyword", text=f"has the word “{words[0]}”"), Reason(kind="meaning", text="close")),
        similar=tuple(place_of(each) for each in found[2:]) if rank == 1 else (),
    )  # fmt: skip
