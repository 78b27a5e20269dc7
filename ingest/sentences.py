"""Cuts running text into sentences with sentencex (Wikimedia, about 300 languages). Knows nothing of blocks."""

from collections.abc import Iterator

import sentencex

from ingest.documents import Span


def sentences(text: str, start: int, language: str) -> Iterator[Span]:
    """The sentences of a text that begins at `start`, without white space at their ends, in order.

    Together they hold every character of the text that is not white space.
    """
    for found in sentencex.get_sentence_boundaries(language, text):
        begin, end = found["start_index"], found["end_index"]
        piece = text[begin:end]
        left = begin + len(piece) - len(piece.lstrip())
        right = end - (len(piece) - len(piece.rstrip()))
        if left < right:
            yield Span(start=start + left, end=start + right)
