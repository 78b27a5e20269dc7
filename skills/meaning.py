"""How near a query comes to the names of terms in meaning, and by which initials names are known.

Vectors of the names are made when the index is built, and kept with the inventory. Knows no model and no files.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from retrieval.words import STOP_WORDS, stems
from skills.card import Inventory

Vectors = NDArray[np.floating]
_FEWEST, _MOST = 2, 7
"""Words that initials stand for."""


class NameVectors:
    """The vectors of all names of an inventory, in its order. Thread-safe."""

    def __init__(self, inventory: Inventory, vectors: Callable[[], Vectors]) -> None:
        """Takes what gives the vectors, shape `(names, dimensions)`; asked once, when they are needed."""
        self._inventory, self._give = inventory, vectors

    def near(self, vector: Vectors) -> dict[str, float]:
        """How near each term's nearest name comes to a unit vector, 0..1."""
        terms = self._inventory.terms
        if not terms:
            return {}
        sizes = [len(term.names) for term in terms]
        best = np.maximum.reduceat(self._vectors @ vector, np.cumsum([0, *sizes[:-1]]))
        return {term.term: max(float(each), 0.0) for term, each in zip(terms, best, strict=True)}

    @cached_property
    def _vectors(self) -> Vectors:
        return self._give()


def names_of(inventory: Inventory) -> list[str]:
    """All names, in the order of the vectors."""
    return [name for term in inventory.terms for name in term.names]


class Said:
    """The words of a name or of a query, so that initials in one can be held against words in the other."""

    def __init__(self, atoms: Sequence[str]) -> None:
        """Takes its words in small letters."""
        self.stems = frozenset(stems(" ".join(atoms)))
        self._short = {each: frozenset(stems(each)) for each in atoms if _FEWEST <= len(each) <= _MOST}
        self._initials = dict(_initials(atoms))

    def unfolded(self, other: "Said") -> frozenset[str]:
        """Its stems, initials exchanged for the words of the other that they stand for, as SQL for a query language."""
        found = self.stems
        for short in self._short.keys() & other._initials.keys():
            if not self._short[short] & other.stems:
                found = (found - self._short[short]) | other._initials[short]
        return found


def _initials(atoms: Sequence[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Initials of neighbouring words, small words counted or not, with the stems of these words."""
    for words in (atoms, [each for each in atoms if each not in STOP_WORDS]):
        for first in range(len(words)):
            for end in range(first + _FEWEST, min(len(words), first + _MOST) + 1):
                chosen = words[first:end]
                yield "".join(each[0] for each in chosen), frozenset(stems(" ".join(chosen)))
