"""Cuts a reply into sentences while it comes in, and takes their citation markers off. Knows nothing of quotes."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_MARKERS: Final = r"(?:\s*[\[【(](?:quotes?\s*)?\d{1,4}(?:\s*[,;]\s*\d{1,4})*[\]】)])"
_MARKER: Final = re.compile(r"\s*[\[【](?:quotes?\s*)?(\d{1,4}(?:\s*[,;]\s*\d{1,4})*)[\]】]", re.IGNORECASE)
_END: Final = re.compile(rf"[.!?…][\"”’')\]*_]*{_MARKERS}*(?=\s+\S)(?!\s*[\[【(\]])|\n+", re.IGNORECASE)
"""A stop with what belongs to it, when the next sentence has begun, so that no marker can follow."""
_NO_END: Final = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|incl|no|dr|mr|mrs|ms|st|fig|[A-Z])|^\W*\d{1,2})\.$", re.IGNORECASE
)
"""Abbreviations, and the number of a list item."""
_BULLET: Final = re.compile(r"^\s*(?:[-*•·#>]+|\d{1,2}[.)])\s+")
_EMPHASIS: Final = re.compile(r"(?<![\w.*_])([*_]{1,3})(?=[^\s*_])([^*_\n]+)(?<=\S)\1(?![\w*_])")


class Sentence(NamedTuple):
    """A sentence of the reply, and the numbers that it cites."""

    text: str
    cites: tuple[int, ...]


class Splitter:
    """Takes pieces of text, gives sentences as soon as they are complete."""

    def __init__(self) -> None:
        """Begins with nothing."""
        self._rest = ""

    def feed(self, piece: str) -> Iterator[Sentence]:
        """The sentences that this piece completes."""
        self._rest += piece
        at = 0
        for end in _END.finditer(self._rest):
            if end.group()[0] != "\n" and _NO_END.search(self._rest[at : end.start() + 1]):
                continue
            if found := sentence(self._rest[at : end.end()]):
                yield found
            at = end.end()
        self._rest = self._rest[at:]

    def end(self, *, whole: bool = True) -> Iterator[Sentence]:
        """What is left, if the reply came to its own end; half a sentence is none."""
        if (found := sentence(self._rest)) and (whole or re.search(rf"[.!?…]\W*{_MARKERS}*\W*$", self._rest)):
            yield found
        self._rest = ""


def sentence(text: str) -> Sentence | None:
    """A sentence without markers, bullets and emphasis; None where no word is left."""
    cites = tuple(int(each) for found in _MARKER.finditer(text) for each in re.findall(r"\d+", found[1])[:9])
    plain = _EMPHASIS.sub(r"\2", _MARKER.sub("", _BULLET.sub("", text)))
    plain = re.sub(r"\s+([.,;:!?])(?=\s|$)", r"\1", " ".join(plain.split()))
    return Sentence(plain, tuple(dict.fromkeys(cites))) if any(each.isalnum() for each in plain) else None
