"""The words of English, from a list in a file. Knows nothing of what they are asked for."""

from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("english.txt")


def is_english(word: str) -> bool:
    """Whether it is an English word of four letters or more, in American or British spelling, any inflection."""
    return word.casefold() in _words()


@cache
def _words() -> frozenset[str]:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))
