"""A text as words and the places where its lines, sentences and list items part. Knows nothing of terms."""

import re
from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import Final, NamedTuple

from skills.forms import ATOM

_ADDRESS: Final = re.compile(
    r"(?:https?://|www\.)\S+|\S{1,64}@\S{1,200}\.\w+|\b[\w-]{1,63}\.(?:com|org|io|co\.uk|de|net)/\S*"
)
"""Names in web and mail addresses are nobody's skills."""
_PLAIN: Final = {0x2010: "-", 0x2011: "-", 0x00A0: " ", 0x202F: " ", 0x2009: " "}
"""Hyphens and spaces as most texts write them."""
_JOINED: Final = re.compile(r"[ \t]*\n?[ \t]*|[ \t]?[-–/&’'_+][ \t]?|\.")
"""What may stand between the parts of one name."""
_ITEM_END: Final = re.compile(r"[,;/|()\[\]·•:+&–—\n✔✘✅❌►▪●◦→👉*\"“”]|\s-\s|[.!?…](?:\s|$)|\.{2,}")
_SENTENCE_END: Final = re.compile(r"[.!?…](?:[)\"”’]*\s|$)|\n")
_LINE_END: Final = re.compile(r"\n|\u2028")
_LONGEST_ITEM = 20
"""Words on either side of a term beyond which nobody speaks of an item."""
_WRAPPED = 65
"""Characters from which a line may end within a name."""
_JOINING: Final = frozenset({"and", "or", "nor", "plus", "und", "oder"})


class Word(NamedTuple):
    """A word where it stands."""

    text: str
    folded: str
    start: int
    end: int


class Text:
    """The words of a text; every question about what stands between two is answered here."""

    def __init__(self, text: str) -> None:
        """Takes the text; offsets are its code points."""
        self.raw = text
        readable = _ADDRESS.sub(lambda found: " " * len(found.group()), text)
        self.words = [
            Word(each.group(), each.group().casefold().lstrip("."), *each.span()) for each in ATOM.finditer(readable)
        ]
        self._readable = readable.translate(_PLAIN)

    def gap(self, at: int) -> str:
        """What stands before the word at this place; the text's end for one past the last."""
        start = self.words[at - 1].end if at else 0
        end = self.words[at].start if at < len(self.words) else len(self.raw)
        return self._readable[start:end]

    def folded(self, at: int) -> str:
        """The word at this place in small letters; empty outside the text."""
        return self.words[at].folded if 0 <= at < len(self.words) else ""

    def joins(self, at: int) -> bool:
        """Whether the word at this place may belong to one name with the word before."""
        gap = self.gap(at)
        if "\n" in gap and self.words[at - 1].end - self.raw.rfind("\n", 0, self.words[at - 1].end) < _WRAPPED:
            return False
        return gap == "" or bool(_JOINED.fullmatch(gap))

    def item(self, at: int) -> tuple[int, int]:
        """First and one past the last word of the list item, or piece of a sentence, around a word; cut if long."""
        first, last = at, at + 1
        while first > max(0, at - _LONGEST_ITEM) and not self._item_starts(first):
            first -= 1
        while last < min(len(self.words), at + _LONGEST_ITEM) and not self._item_starts(last):
            last += 1
        return first, last

    def starts_sentence(self, at: int) -> bool:
        """Whether a sentence, or a line, begins with the word at this place."""
        return at == 0 or bool(_SENTENCE_END.search(self.gap(at)))

    def sentence(self, at: int) -> tuple[int, int]:
        """First and one past the last word of the sentence or line around a word."""
        return self._sentences[self._sentence_of[at]]

    def line(self, at: int) -> tuple[int, int]:
        """First and one past the last word of the line around a word."""
        return self._lines[bisect_right(self._lines, (at, len(self.words) + 1)) - 1]

    def within(self, start: int, end: int) -> range:
        """The places of the words that begin between two offsets."""
        return range(bisect_left(self._starts, start), bisect_left(self._starts, end))

    def is_joining(self, at: int) -> bool:
        """Whether the word only joins items: and, or."""
        return self.folded(at) in _JOINING

    def _item_starts(self, at: int) -> bool:
        return self.is_joining(at) or self.is_joining(at - 1) or bool(_ITEM_END.search(self.gap(at)))

    @cached_property
    def _starts(self) -> list[int]:
        return [word.start for word in self.words]

    @cached_property
    def _lines(self) -> list[tuple[int, int]]:
        starts = [at for at in range(len(self.words)) if at == 0 or _LINE_END.search(self.gap(at))]
        return list(zip(starts, [*starts[1:], len(self.words)], strict=True))

    @cached_property
    def _sentences(self) -> list[tuple[int, int]]:
        starts = [at for at in range(len(self.words)) if self.starts_sentence(at)]
        return list(zip(starts, [*starts[1:], len(self.words)], strict=True))

    @cached_property
    def _sentence_of(self) -> list[int]:
        return [number for number, (first, last) in enumerate(self._sentences) for _ in range(first, last)]
