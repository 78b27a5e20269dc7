"""Small real classes that stand in for slow ones, and still mean something."""

import re
import zlib
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

DIMENSIONS: Final = 256
SEED: Final = b"bag of words: "


class BagOfWordsEmbedder:
    """Texts that share words are near: each word is hashed into one of 256 counters, and the counts are normalised.

    A text without a word gets a fixed unit vector, so that every vector has length 1 as the real model's have.
    """

    name = "bag-of-words"
    fingerprint = "bag-of-words:1"
    dimensions = DIMENSIONS

    def __init__(self) -> None:
        self.encoded: list[str] = []
        """Every text that was ever asked for, in order."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of shape (number of texts, 256)."""
        self.encoded.extend(texts)
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in _words(text) or [""]:
                vectors[row, zlib.crc32(SEED + word.encode()) % DIMENSIONS] += 1
        unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit

    def count_tokens(self, text: str) -> int:
        """One token per word."""
        return len(_words(text))

    def knows_word(self, word: str) -> bool:
        """Any run of letters is a word to it."""
        return word.isalpha()


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
