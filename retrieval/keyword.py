"""Keyword search: BM25 over stemmed words (bm25s). Knows nothing of vectors or passages.

Formula: Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009; Lucene's variant.
"""

import logging
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray

logging.getLogger("bm25s").setLevel(logging.WARNING)
K1 = 1.2
"""Saturation of repeated words; Lucene's default, best on SciFact with B."""
B = 0.75
"""Weight of a text's length; Lucene's default."""

Scores = NDArray[np.float32]


class KeywordIndex:
    """BM25 scores of every text of a list for the words of a query."""

    def __init__(self, index: bm25s.BM25, size: int) -> None:
        """Wraps a bm25s index over `size` texts."""
        self._index = index
        self.size = size

    @classmethod
    def build(cls, texts: Iterable[Sequence[str]]) -> "KeywordIndex":
        """An index over texts, each given as its stems. Of each text only the numbers of its stems are held."""
        index = bm25s.BM25(k1=K1, b=B, method="lucene")
        numbers: dict[str, int] = {}
        known = [array("i", [numbers.setdefault(stem, len(numbers)) for stem in text]) for text in texts]
        size = len(known)
        if not numbers:  # bm25s cannot index texts without any word
            numbers, known = {"\0": 0}, [array("i", [0])] * max(size, 1)
        index.index((known, numbers), show_progress=False)
        return cls(index, size)

    def save(self, folder: Path) -> None:
        """Writes the index into a folder of its own."""
        self._index.save(folder, show_progress=False)

    @classmethod
    def load(cls, folder: Path, size: int) -> "KeywordIndex":
        """Opens what `save` wrote; the arrays stay on disk, mapped into memory."""
        return cls(bm25s.BM25.load(folder, mmap=True, show_progress=False), size)

    def scores(self, stems: Sequence[str]) -> Scores:
        """BM25 score of every text, shape `(size,)`, 0 where no word matches."""
        known = [stem for stem in stems if stem in self._index.vocab_dict]
        if not known:
            return np.zeros(self.size, dtype=np.float32)
        return np.asarray(self._index.get_scores(known), dtype=np.float32)

    def knows(self, stem: str) -> bool:
        """Whether any text holds the word."""
        return stem in self._index.vocab_dict
