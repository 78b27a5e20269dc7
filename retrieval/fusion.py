"""Per-query calibrated fusion of dense (cosine) and keyword (BM25) scores.

Each list is judged against its own noise floor for this query, the score of its
`FLOOR_RANK`-th best candidate: many documents reach that score by accident, so only
what rises above it is evidence.  A keyword list that is flat at the top (the query's
words are everywhere) therefore moves nothing, one with a clear winner counts in full.
Pure numpy, no knowledge of any corpus, no fitted table; the constants serve every corpus.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Scores = npt.NDArray[np.floating]

FLOOR_RANK: Final = 10
"""Rank (0-based) whose score is taken as noise: few queries have more than ten right answers."""
KEYWORD_WEIGHT: Final = 0.55
"""Cosine units that one full term of keyword evidence is worth."""
KEYWORD_SOFTNESS: Final = 0.12
"""Width of the knee at the keyword floor, in terms (about one nat of BM25 in 5,000 documents)."""
DENSE_SOFTNESS: Final = 0.04
"""Width of the knee at the dense floor, in cosine: about the spread among MiniLM's top twenty."""
DENSE_BELOW: Final = 0.5
"""Slope of the dense evidence under its floor (1 above): order below it still says a little."""
NEGLIGIBLE: Final = 8.0
"""Knee widths under a floor from which on the excess (e^-8 of a width) is not worth computing."""


@dataclass(frozen=True, slots=True)
class QueryStatistics:
    """What the fusion has to know beside the two lists."""

    term_ceiling: float
    """The most that one term can add to a keyword score in this corpus: the unit of the keyword scale."""

    @classmethod
    def of_corpus(cls, documents: int, term_gain: float = 1.0) -> QueryStatistics:
        """For `documents` indexed; `term_gain` is k1 + 1 for a BM25 with that factor, 1 for Lucene's and bm25s's."""
        return cls(term_gain * math.log1p((documents + 0.5) / 0.5))


def fuse(dense: Scores, keyword: Scores, query: QueryStatistics) -> FloatArray:
    """Fused scores, higher is better, of n candidates from raw cosines and raw BM25 scores.

    Give both scores for every candidate (0 for no shared term), and all of the corpus or at
    least the top fifty of each list, so that the noise floors are seen.
    """
    cosine = np.asarray(dense, dtype=np.float64)
    if cosine.size == 0:
        return cosine
    terms = np.asarray(keyword, dtype=np.float64) / max(query.term_ceiling, 1e-9)
    above_dense = _soft_excess(cosine, DENSE_SOFTNESS)
    above_keyword = _soft_excess(terms, KEYWORD_SOFTNESS)
    fused: FloatArray = DENSE_BELOW * cosine + (1.0 - DENSE_BELOW) * above_dense + KEYWORD_WEIGHT * above_keyword
    return fused


def _soft_excess(scores: FloatArray, softness: float) -> FloatArray:
    """Softplus of the distance above the noise floor: 0 well below, the distance itself well above."""
    lowest = scores.min()
    rivals = scores[scores > lowest]  # most keyword scores tie at 0, which makes a partition slow
    floor = -np.partition(-rivals, FLOOR_RANK)[FLOOR_RANK] if rivals.size > FLOOR_RANK else lowest
    excess = np.zeros_like(scores)
    near = np.flatnonzero(scores > floor - NEGLIGIBLE * softness)
    knees = (scores[near] - floor) / softness
    excess[near] = softness * (np.maximum(knees, 0.0) + np.log1p(np.exp(-np.abs(knees))))
    return excess
