"""The numbers that a text says, in figures and in words, and what it measures.

Knows nothing of names: what belongs to one is left out by whoever asks.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Set
from typing import Final

from answering.phrased.english import COUNTS, MEASURES, TIMES_AS

_NUMBER: Final = re.compile(r"(?<![^\W_])\d+(?:[.,:]\d+)*")
_TIMES_AS: Final = re.compile(rf"\b({'|'.join(TIMES_AS)}) (?:as|the)\b", re.IGNORECASE)
_SHARE: Final = re.compile(r"%|\bper ?cent\b", re.IGNORECASE)
_TWENTY_FIVE: Final = re.compile(r"[2-9]0 [1-9]")


def numbers(text: str, plain: Iterable[str], words: Set[str]) -> Counter[str]:
    """Numbers and how often they are said, 1,000 as 1000; those in words in figures, too.

    Args:
        text: to look for “twice as” and shares in.
        plain: the parts of it that may hold figures.
        words: its words in small letters.
    """
    figures = [re.sub(r",(?=\d{3}\b)", "", found) for part in plain for found in _NUMBER.findall(part)]
    times = [TIMES_AS[found.casefold()] for found in _TIMES_AS.findall(text)]
    said = Counter(figures + times + [found for word in words if (found := _counted(word))])
    return said | Counter(["%"] if _SHARE.search(text) else [])


def measures(words: Set[str]) -> Mapping[str, str]:
    """What is measured, by its kind, each with a word that does: time, storage, money."""
    return {kind: min(said) for kind, known in MEASURES.items() if (said := known & words)}


def _counted(word: str) -> str:
    """What a word counts, in figures: five, twenty-five, five-step; nothing where it counts nothing."""
    said = [COUNTS[part] for part in word.split("-") if part in COUNTS]
    if _TWENTY_FIVE.fullmatch(" ".join(said)):
        return str(int(said[0]) + int(said[1]))
    return said[0] if said else ""
