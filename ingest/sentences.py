"""Cuts running text into sentences with sentencex (Wikimedia, about 300 languages). Knows nothing of blocks."""

import re
from collections.abc import Iterator

import sentencex

from ingest.documents import Span

_INSIDE_WORD = re.compile(r"\.[A-Za-z0-9]")
"""A stop with a letter or digit right behind it."""


def sentences(text: str, start: int, language: str) -> Iterator[Span]:
    """The sentences of a text that begins at `start`, without white space at their ends, in order.

    Together they hold every character of the text that is not white space.
    """
    begin = 0
    for found in sentencex.get_sentence_boundaries(language, text):
        end = found["end_index"]
        if _INSIDE_WORD.match(text, end - 1):  # sentencex takes the stop in ASP.NET for an end
            continue
        piece = text[begin:end]
        left = begin + len(piece) - len(piece.lstrip())
        right = end - (len(piece) - len(piece.rstrip()))
        begin = end
        if left < right:
            yield Span(start=start + left, end=start + right)
