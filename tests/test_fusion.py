"""Fused scores follow what both searches say, and a search that knows nothing moves nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from retrieval.fusion import KEYWORD_WEIGHT, QueryStatistics, fuse

STATISTICS = QueryStatistics.of_corpus(1000)
Floats = NDArray[np.float64]

_COSINES = st.floats(-1, 1, width=32)
_KEYWORDS = st.just(0.0) | st.floats(0, 40, width=32)
_PAIRS = st.lists(st.tuples(_COSINES, _KEYWORDS), min_size=1, max_size=60)


def _columns(pairs: list[tuple[float, float]]) -> tuple[Floats, Floats]:
    dense, keyword = np.array(pairs, dtype=np.float64).T
    return dense, keyword


@given(_PAIRS)
def test_better_in_both_is_never_worse_fused(pairs: list[tuple[float, float]]) -> None:
    dense, keyword = _columns(pairs)
    fused = fuse(dense, keyword, STATISTICS)
    better = (dense[:, None] >= dense) & (keyword[:, None] >= keyword)
    assert np.all((fused[:, None] - fused)[better] >= -1e-12)


@given(_PAIRS)
def test_better_in_cosine_and_equal_in_words_is_better_fused(pairs: list[tuple[float, float]]) -> None:
    dense, keyword = _columns(pairs)
    fused = fuse(dense, keyword, STATISTICS)
    better = (dense[:, None] > dense + 1e-6) & (keyword[:, None] == keyword)
    assert np.all((fused[:, None] - fused)[better] > 0)


@given(_PAIRS, st.integers(0, 9999))
def test_the_order_of_the_candidates_makes_no_difference(pairs: list[tuple[float, float]], seed: int) -> None:
    dense, keyword = _columns(pairs)
    order = np.random.default_rng(seed).permutation(len(pairs))
    np.testing.assert_allclose(
        fuse(dense[order], keyword[order], STATISTICS), fuse(dense, keyword, STATISTICS)[order], atol=1e-12
    )


@given(st.lists(_COSINES, min_size=1, max_size=60))
def test_without_any_shared_word_the_cosine_decides(cosines: list[float]) -> None:
    dense = np.array(cosines, dtype=np.float64)
    fused = fuse(dense, np.zeros_like(dense), STATISTICS)
    assert np.all(np.diff(fused[np.argsort(dense, kind="stable")]) >= 0)


@given(st.integers(1, 60), st.floats(0, 40))
def test_a_word_that_all_hold_alike_moves_nothing(size: int, score: float) -> None:
    dense = np.linspace(0.1, 0.9, size)
    flat = fuse(dense, np.full(size, score), STATISTICS) - fuse(dense, np.zeros(size), STATISTICS)
    np.testing.assert_allclose(flat, 0, atol=1e-9)


@given(_COSINES, _KEYWORDS)
def test_one_candidate_has_a_score(cosine: float, keyword: float) -> None:
    (fused,) = fuse(np.array([cosine]), np.array([keyword]), STATISTICS)
    assert np.isfinite(fused)


def test_no_candidate_has_none() -> None:
    assert fuse(np.zeros(0), np.zeros(0), STATISTICS).shape == (0,)


def test_single_precision_is_taken_too() -> None:
    dense, keyword = np.linspace(0, 1, 30), np.linspace(9, 0, 30)
    single = fuse(dense.astype(np.float32), keyword.astype(np.float32), STATISTICS)
    assert single.dtype == np.float64
    np.testing.assert_allclose(single, fuse(dense, keyword, STATISTICS), atol=1e-5)


def test_a_clear_winner_by_words_counts_in_full_terms() -> None:
    dense = np.full(100, 0.4)
    keyword = np.zeros(100)
    keyword[7] = 2 * STATISTICS.term_ceiling
    fused = fuse(dense, keyword, STATISTICS)
    assert fused.argmax() == 7
    assert np.sort(fused)[-1] - np.sort(fused)[-2] == pytest.approx(2 * KEYWORD_WEIGHT, rel=0.05)


def test_words_that_many_hold_do_not_outweigh_a_clear_cosine() -> None:
    dense = np.linspace(0.2, 0.4, 100)
    dense[3] = 0.7
    keyword = np.full(100, 5.0)
    keyword[50:] += 0.1
    assert fuse(dense, keyword, STATISTICS).argmax() == 3


def test_the_unit_of_the_keyword_scale_is_the_weight_of_the_rarest_term() -> None:
    assert QueryStatistics.of_corpus(0).term_ceiling == pytest.approx(np.log(2))
    assert QueryStatistics.of_corpus(1000).term_ceiling == pytest.approx(np.log(1 + 1000.5 / 0.5))
    assert QueryStatistics.of_corpus(9, term_gain=2.2).term_ceiling == pytest.approx(2.2 * np.log(20))


def test_a_corpus_without_terms_does_not_divide_by_zero() -> None:
    assert np.isfinite(fuse(np.array([0.1, 0.2]), np.zeros(2), QueryStatistics(0.0))).all()
