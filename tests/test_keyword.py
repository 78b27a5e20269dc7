"""BM25 by its formula, built, saved and loaded."""

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from retrieval.keyword import K1, B, KeywordIndex
from retrieval.words import stems

TEXTS = [
    "a hammer drives nails into wood",
    "a saw cuts wood along a line, and wood alone",
    "glue sticks to wood and steel",
    "paint",
    "…",
]
CORPUS = [stems(text) for text in TEXTS]


@pytest.fixture
def index() -> KeywordIndex:
    return KeywordIndex.build(CORPUS)


def _bm25(query: list[str], place: int) -> float:
    """Lucene's variant, written down from its definition."""
    counts, length = Counter(CORPUS[place]), len(CORPUS[place])
    mean = sum(map(len, CORPUS)) / len(CORPUS)
    score = 0.0
    for stem in query:
        holding = sum(stem in text for text in CORPUS)
        if holding:
            weight = math.log(1 + (len(CORPUS) - holding + 0.5) / (holding + 0.5))
            score += weight * counts[stem] / (counts[stem] + K1 * (1 - B + B * length / mean))
    return score


@pytest.mark.parametrize("query", ["wood", "saw wood", "steel nails", "wood wood", "paint unknown"])
def test_scores_follow_the_formula(index: KeywordIndex, query: str) -> None:
    expected = [_bm25(stems(query), place) for place in range(len(TEXTS))]
    np.testing.assert_allclose(index.scores(stems(query)), expected, rtol=1e-5)


@pytest.mark.parametrize("query", [[], ["unknown"], ["\0"]])
def test_words_that_no_text_holds_score_nothing(index: KeywordIndex, query: list[str]) -> None:
    assert index.scores(query).tolist() == [0.0] * len(TEXTS)


def test_it_says_which_words_it_knows(index: KeywordIndex) -> None:
    assert index.knows("wood")
    assert not index.knows("unknown")


def test_what_was_saved_scores_the_same(index: KeywordIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "words")
    loaded = KeywordIndex.load(tmp_path / "words", len(TEXTS))
    for query in (["wood"], ["saw", "wood"], ["unknown"]):
        np.testing.assert_array_equal(loaded.scores(query), index.scores(query))


@pytest.mark.parametrize("corpus", [[], [[]], [[], []]])
def test_texts_without_words_can_be_indexed(corpus: list[list[str]], tmp_path: Path) -> None:
    KeywordIndex.build(corpus).save(tmp_path / "words")
    loaded = KeywordIndex.load(tmp_path / "words", len(corpus))
    assert loaded.scores(["wood"]).tolist() == [0.0] * len(corpus)


def test_the_same_texts_give_the_same_files(index: KeywordIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "one")
    KeywordIndex.build(CORPUS).save(tmp_path / "two")
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / each).iterdir()} for each in ("one", "two"))
    assert one == two
