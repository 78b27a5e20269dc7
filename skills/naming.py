"""How names are compared, and where a text names which term. Knows nothing of cards or definitions."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from retrieval.english import is_english
from retrieval.names import ATOM
from retrieval.words import STOP_WORDS

_GAP: Final = re.compile(r"(?:[’'][sS])?[ \t\n]?[-./&’'_]?[ \t\n]?")
"""What may stand between the parts of one name."""
_GAPS: Final = re.compile(r"\s")
_CAPITALS: Final = re.compile(r"[A-Z]+s?")
_SHORT: Final = 3
"""Letters up to which a name is told from an ordinary word by its capitals alone (Go, CI, AES)."""
_NO_PLURAL: Final = ("ss", "us", "is")


class Found(NamedTuple):
    """A stretch of a text that names a term."""

    term: str
    start: int
    end: int


def singular(word: str) -> str:
    """The form by which words are compared; the same for one and many, not always a word."""
    if len(word) <= _SHORT or not word.endswith("s") or word.endswith(_NO_PLURAL):
        return word
    if word.endswith("ies") and len(word) > _SHORT + 1:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("ches", "shes", "sses", "xes")) else word[:-1]


def key(name: str) -> str:
    """What a name is looked up by: case, gaps and number make no difference; C, C++ and C# do."""
    return "".join(singular(atom) for atom in ATOM.findall(name.casefold()))


def is_proper(name: str) -> bool:
    """Whether the name is an ordinary word but for its capitals, so that only they tell it: Go, REST, Echo, ACID."""
    folded = name.casefold()
    forms = {folded, singular(folded)}  # THES is compared as "the"
    ordinary = any(len(form) <= _SHORT or is_english(form) or form in STOP_WORDS for form in forms)
    return name != folded and name.isalpha() and ordinary


class Finder:
    """Finds the terms of a set of names in running text: the longest name at each place."""

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        """Takes each term with all of its names."""
        self._names: dict[str, list[tuple[str, str]]] = {}
        for term, called in names.items():
            for name in dict.fromkeys((term, *called)):
                self._names.setdefault(key(name), []).append((name, term))
        self._names.pop("", None)
        self._beginnings = frozenset(name[:end] for name in self._names for end in range(1, len(name) + 1))

    def find_all(self, text: str) -> Iterator[Found]:
        """The terms that the text names, from left to right, and those within longer ones: the SQL of SQL injection."""
        atoms = list(ATOM.finditer(text))
        at = 0
        while at < len(atoms):
            term, size = self._longest(text, atoms, at)
            if term:
                yield Found(term, atoms[at].start(), atoms[at + size - 1].end())
                yield from self._within(text, atoms[at : at + size], term)
            at += size

    def _within(self, text: str, atoms: list[re.Match[str]], whole: str) -> Iterator[Found]:
        at = 0
        while at < len(atoms) and len(atoms) > 1:
            kept = atoms[: len(atoms) - (at == 0)]  # a part, not the whole again
            term, size = self._longest(text, kept, at)
            if term and term != whole:
                yield Found(term, atoms[at].start(), atoms[at + size - 1].end())
            at += size

    def _longest(self, text: str, atoms: list[re.Match[str]], at: int) -> tuple[str | None, int]:
        best: tuple[str | None, int] = (None, 1)
        whole = ""
        for end in range(at, len(atoms)):
            if end > at and not _GAP.fullmatch(text, atoms[end - 1].end(), atoms[end].start()):
                break
            whole += singular(atoms[end].group().casefold())
            said = text[atoms[at].start() : atoms[end].end()]
            if term := self._called(whole, said):
                best = term, end + 1 - at
            if whole not in self._beginnings:
                break
        return best

    def _called(self, whole: str, said: str) -> str | None:
        for name, term in self._names.get(whole, ()):
            if _GAPS.search(said) and _CAPITALS.fullmatch(name):
                continue  # "it is" names no ITIs
            if not _needs_case(name) or said.removesuffix("s") in (name, name.upper(), name.removesuffix("s")):
                return term
        return None


def _needs_case(name: str) -> bool:
    return is_proper(name) or (len(name) <= _SHORT and name.isalpha())
