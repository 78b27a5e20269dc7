"""How a text writes a name elsewhere, found by the name's first word: a long guide is not read anew for every name."""

import re
from array import array
from heapq import merge
from typing import Final

from retrieval.english import is_english
from skills.lexicon import known_as

_WORD: Final = re.compile(r"\w+")


class Written:
    """A text and where each of its words stands."""

    def __init__(self, text: str) -> None:
        """Reads the text once."""
        self.text = text
        self._plain: dict[str, str] = {}
        self._at: dict[str, array[int]] = {}
        for word in _WORD.finditer(text):
            self._at.setdefault(word.group(), array("L")).append(word.start())

    def plain(self, name: str) -> str:
        """The name without the capital that it owes to where it stands."""
        if name not in self._plain:
            self._plain[name] = self._without_capital(name)
        return self._plain[name]

    def _without_capital(self, name: str) -> str:
        first, _, rest = name.partition(" ")
        lowered = f"{first[:1].lower()}{first[1:]} {rest}".strip()
        if not first[1:].islower() or not first[0].isupper() or any(each.isupper() for each in rest):
            return name
        if self._search(rf"(?<![\w.]){re.escape(lowered)}(?!\w)", lowered):
            return lowered
        known = known_as(name) or self._search(rf"(?<=[a-z,] ){re.escape(name)}\b", name)
        return name if known or not is_english(first) else lowered

    def one_or_many(self, name: str) -> str:
        """The name as the text writes it first, with or without an s at its end; empty where it does not."""
        stem = name.rstrip("s")
        found = self._search(rf"(?<![\w.]){re.escape(stem)}s?(?!\w)", stem, f"{stem}s")
        return found.group() if found else ""

    def besides(self, name: str, said: str) -> bool:
        """Whether it holds a name once more than in what is said first."""
        at = self.text.find(said)
        return self.text.find(name, 0, at) >= 0 or self.text.find(name, at + len(said)) >= 0

    def _search(self, pattern: str, *names: str) -> re.Match[str] | None:
        """As `re.search`, for a pattern that finds one of these names where a word begins and ends with it."""
        sought = re.compile(pattern)
        first = {word.group() for name in names if (word := _WORD.match(name))}
        if not first:
            return sought.search(self.text)
        places = merge(*(self._at[word] for word in first if word in self._at))
        return next((found for at in places if (found := sought.match(self.text, at))), None)
