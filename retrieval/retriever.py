"""A query in, ranked passages out: dense and keyword search over passages and their sentences, fused by score.

Knows nothing of files or answers.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ingest.documents import Passage, Span
from retrieval.embedder import Vectors
from retrieval.fusion import QueryStatistics, fuse
from retrieval.generation import PASSAGES, SENTENCES, Generation
from retrieval.hits import Hit, Ranks, SentenceHit, Why
from retrieval.store import LostError, StoreError
from retrieval.words import Word, stems_in, words

DENSE_PASSAGES = 50
"""Passages that dense search puts forward; fusion hardly ever lifts one from further down."""
DENSE_SENTENCES = 100
"""Sentences that dense search puts forward for the passages they stand in."""
KEYWORD_PASSAGES = 50
"""Passages that keyword search puts forward."""
SENTENCE_SHARE = 0.5
"""Weight of a passage's best sentence against the passage as a whole."""
CHANCES_WEIGHT = 0.05
"""What e times as many passages in a section cost each of them: as many chances that one looks right by accident.

Technical documentation .706 -> .759 nDCG@10 over its sections, SciFact .743 -> .743; .04 to .06 serve both.
"""
MOST_CHANCES = 8
"""Passages from which on a section's length costs no more, so that a long text without headings is still found."""

Scores = NDArray[np.floating]
Rows = NDArray[np.int64]
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Scored:
    """Scores of the candidate passages, each array in the order of `rows`."""

    rows: Rows
    dense: Scores
    keyword: Scores
    fused: Scores
    sentence_dense: Scores
    sentence_keyword: Scores
    sentence_fused: Scores
    """Of all sentences of the candidates, passage by passage."""


def search(generation: Generation, query: str, vector: Vectors, k: int, section: str | None = None) -> tuple[Hit, ...]:
    """The `k` best passages for a query, best first.

    Args:
        generation: where to search.
        query: what was asked, for the keyword search.
        vector: its embedding, shape `(dimensions,)`.
        k: how many passages.
        section: only passages of this section and those under it.
    """
    if not generation.passages or k < 1:
        return ()
    allowed = _allowed(generation, section)
    query_stems = stems_in(query, generation.languages)
    keyword = generation.passage_words.scores(query_stems)
    rows = _candidates(generation, vector, keyword, allowed)
    if not len(rows):
        return ()
    scored = _score(generation, vector, query_stems, keyword, rows)
    return _hits(generation, scored, frozenset(query_stems), k)


def _allowed(generation: Generation, section: str | None) -> NDArray[np.bool_] | None:
    if section is None:
        return None
    inside = [each.section == section or each.section.startswith(f"{section}/") for each in generation.passages]
    return np.array(inside, dtype=np.bool_)


def _candidates(generation: Generation, vector: Vectors, keyword: Scores, allowed: NDArray[np.bool_] | None) -> Rows:
    """Rows of the passages that either search puts forward, without order."""
    if allowed is not None:
        return np.flatnonzero(allowed)
    best = np.argpartition(-keyword, min(KEYWORD_PASSAGES, len(keyword) - 1))[:KEYWORD_PASSAGES]
    return np.union1d(best[keyword[best] > 0], _dense_candidates(generation, vector))


def _dense_candidates(generation: Generation, vector: Vectors) -> Rows:
    try:
        found = {
            row
            for kind, most in ((PASSAGES, DENSE_PASSAGES), (SENTENCES, DENSE_SENTENCES))
            for row in _nearest(generation, kind, vector, most)
        }
        return np.fromiter(found, dtype=np.int64, count=len(found))
    except (StoreError, KeyError) as error:
        _log.warning("searching without the vector store: %s", error)
        if isinstance(error, LostError):
            generation.restore_later()
        return _exact_candidates(generation, vector)


def _nearest(generation: Generation, kind: str, vector: Vectors, most: int) -> Iterator[int]:
    """Rows of the passages that are nearest, or whose sentences are."""
    vectors = generation.passage_vectors if kind == PASSAGES else generation.sentence_vectors
    near = generation.store.nearest(kind, vector, k := min(most, len(vectors)))
    if len(near) < k:  # Chroma's graph does so without a word
        raise StoreError(f"it found {len(near)} of {k} {kind}")
    yield from (generation.row_of[each if kind == PASSAGES else each.rpartition(".")[0]] for each in near)
    missed = generation.unreachable[kind]
    if len(missed):
        farthest = generation.row_of[near[-1]] if kind == PASSAGES else generation.sentence_row(near[-1])
        rows = missed[vectors[missed] @ vector > vectors[farthest] @ vector]
        yield from (int(row) for row in (rows if kind == PASSAGES else generation.owner[rows]))


def _exact_candidates(generation: Generation, vector: Vectors) -> Rows:
    passages = generation.passage_vectors @ vector
    sentences = generation.sentence_vectors @ vector
    best = np.argsort(-passages)[:DENSE_PASSAGES]
    return np.union1d(best, generation.owner[np.argsort(-sentences)[:DENSE_SENTENCES]])


def _score(generation: Generation, vector: Vectors, query_stems: Sequence[str], keyword: Scores, rows: Rows) -> _Scored:
    first = generation.first_sentence
    sentence_rows = np.concatenate([np.arange(first[row], first[row + 1]) for row in rows])
    dense = np.asarray(generation.passage_vectors[rows] @ vector)
    sentence_dense = np.asarray(generation.sentence_vectors[sentence_rows] @ vector)
    sentence_keyword = generation.sentence_words.scores(query_stems)[sentence_rows]
    fused = fuse(dense, keyword[rows], QueryStatistics.of_corpus(len(generation.passages)))
    sentence_fused = fuse(sentence_dense, sentence_keyword, QueryStatistics.of_corpus(len(generation.sentences)))
    starts = np.concatenate([[0], np.cumsum(first[rows + 1] - first[rows])[:-1]])
    best = np.maximum.reduceat(sentence_fused, starts)
    chances = CHANCES_WEIGHT * np.log(np.minimum(generation.in_section[rows], MOST_CHANCES))
    return _Scored(
        rows=rows, dense=dense, keyword=keyword[rows],
        fused=(1 - SENTENCE_SHARE) * fused + SENTENCE_SHARE * best - chances,
        sentence_dense=sentence_dense, sentence_keyword=sentence_keyword, sentence_fused=sentence_fused,
    )  # fmt: skip


def _hits(generation: Generation, scored: _Scored, query_stems: frozenset[str], k: int) -> tuple[Hit, ...]:
    keyword_place = _places(scored.keyword)
    dense_place = _places(scored.dense)
    first = generation.first_sentence
    counts = first[scored.rows + 1] - first[scored.rows]
    offsets = np.concatenate([[0], np.cumsum(counts)])
    hits: list[Hit] = []
    for rank, place in enumerate(np.argsort(-scored.fused, kind="stable")[:k], 1):
        passage = generation.passages[int(scored.rows[place])]
        ranks = Ranks(
            keyword=int(keyword_place[place]) if scored.keyword[place] > 0 else None, semantic=int(dense_place[place])
        )
        matched = _matched(passage, query_stems)
        texts = tuple(dict.fromkeys(word.text for word in matched))
        why = Why(keyword=texts, semantic=float(scored.dense[place]), ranks=ranks)
        span = range(int(offsets[place]), int(offsets[place + 1]))
        hits.append(
            Hit(
                rank=rank, score=float(scored.fused[place]), passage=passage, why=why,
                matched=tuple(
                    Span(start=passage.start + word.start, end=passage.start + word.end) for word in matched
                ),
                sentences=tuple(
                    SentenceHit(
                        sentence=sentence, text=passage.words_of(sentence), score=float(scored.sentence_fused[row]),
                        semantic=float(scored.sentence_dense[row]), keyword=float(scored.sentence_keyword[row]),
                    )
                    for sentence, row in zip(passage.sentences, span, strict=True)
                ),
            )
        )  # fmt: skip
    return tuple(hits)


def _places(scores: Scores) -> NDArray[np.int64]:
    """Place of each score among all, from 1 for the highest."""
    places = np.empty(len(scores), dtype=np.int64)
    places[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return places


def _matched(passage: Passage, query_stems: frozenset[str]) -> list[Word]:
    """The passage's own words that the query asks for, in reading order."""
    return [word for word in words_of(passage.text, passage.language) if not query_stems.isdisjoint(word.stems)]


@lru_cache(maxsize=5_000)
def words_of(text: str, language: str) -> tuple[Word, ...]:
    """The words of a passage with their forms; a passage that is found once is found again."""
    return tuple(words(text, language))
