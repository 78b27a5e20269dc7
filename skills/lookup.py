"""A term by any of its names: exact, inflected, misspelt, or within a question. Knows nothing of meaning or pages.

Timid on purpose: what may be the name of something else gives no term.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from math import log1p
from typing import Final, NamedTuple

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from ingest.glossary import fold
from retrieval.english import is_english
from retrieval.names import ATOM
from retrieval.words import STOP_WORDS, stems
from skills.candidates import kind_of
from skills.card import Inventory, Term
from skills.doing import usual
from skills.lexicon import known_as
from skills.meaning import NameVectors, Said, Vectors
from skills.naming import key, singular

_MISSPELT_FROM: Final = 5
"""Letters of a word from which one edit still tells what was meant."""
_TWO_EDITS_FROM: Final = 10
_LONGEST: Final = 200
"""Characters that are read; a longer text is no name."""
_FIRST_LETTER_COST: Final = 0.6
_SWAPPED_BONUS: Final = 0.35
_LETTERS, _WORDS, _SAME, _INITIALS, _MEANING = 0.17, 0.12, 0.17, 0.28, 0.26
"""Weights in how alike two names are; by half of the aliases of ESCO's skills, and flat around these values."""
_SAME_FROM: Final = 12
"""Power of the words' share, which lets nothing but nearly the same words count once more."""
_ASKED: Final = re.compile(
    r"^(?:(?:please|pls|so|and|hi|hey)[\s,]+)*(?:can|could|would)?\s*(?:you\s)?(?:please\s)?"
    r"(?:what(?:['’]s|\sis|\sare|\sdoes|\sdo|s)(?:\smeant\sby)?|who\sis|define|explain|describe|(?:tell|show)\sme\s(?:about|what)"
    r"|(?:the\s)?(?:definition|meaning|explanation)\s(?:of|for)|do\syou\sknow|look\sup|lookup|i\sneed\sto\sknow\sabout)\s+",
    re.IGNORECASE,
)
_ASKED_AFTER: Final = re.compile(
    r"\s+(?:is|are|means?|(?:stands?|short)\sfor|(?:actually\s)?used\sfor|definition|meaning|defined|explained|please"
    r"|(?:to|for)\s(?:me|us|beginners|dummies)|in\s(?:short|simple\s(?:words|terms)|plain\s(?:words|english|language)))$",
    re.IGNORECASE,
)
_ARTICLE: Final = re.compile(r"^(?:the|an?|some|this|term)\s+", re.IGNORECASE)
_ENDS: Final = " \t\n?!.,;:\"'`’‘“”()[]«»*"
_KIND_PHRASE: Final = re.compile(r"^(?:programming|scripting|query|web|software|test|testing|cloud)$", re.IGNORECASE)
_SUFFIXES: Final = ("ing", "ed", "es", "er", "ize", "ise", "ate", "ized", "ised", "izing", "ising", "ates", "able")


class _Name(NamedTuple):
    atoms: tuple[str, ...]
    term: Term


class Lookup:
    """Resolves names over one inventory. Thread-safe."""

    def __init__(
        self, inventory: Inventory, knows_word: Callable[[str], bool], vectors: NameVectors | None = None
    ) -> None:
        """Takes the terms, what tells whether something is a word of the language or trade, the names' vectors."""
        self._knows_word, self._vectors = knows_word, vectors
        self.inventory = inventory
        self._names: dict[str, _Name] = {}
        for term in inventory.terms:
            self._names.setdefault(key(term.term), _Name(_atoms(term.term), term))
        for term in inventory.terms:
            for alias in term.aliases:
                self._names.setdefault(key(alias), _Name(_atoms(alias), term))
        self._holding = Counter(stem for term in inventory.terms for stem in set(stems(usual(term.term))))
        self._spelt: dict[str, list[_Name]] = {}
        for term in inventory.terms:
            for called in term.names:
                self._spelt.setdefault("".join(_atoms(called)), []).append(_Name(_atoms(called), term))
        self._by_stems: dict[tuple[str, ...], list[Term]] = {}
        for name in self._names.values():
            self._by_stems.setdefault(tuple(stems(" ".join(name.atoms))), []).append(name.term)

    def term(self, query: str) -> Term | None:
        """The one term that is meant, or None where none is for sure."""
        query = " ".join(query[:_LONGEST].split()).strip(_ENDS)
        for said in self._readings(query):
            if found := self._exact(said):
                return found
        for said in self._readings(query):
            if found := self._inflected(said) or self._misspelt(said):
                return found
        return None

    def alike(self, query: str, vector: Vectors | None = None) -> dict[str, float]:
        """How alike the query and each term's most similar name are, 0..1: in letters, words, initials and meaning.

        Args:
            query: what was looked up.
            vector: its unit vector; None leaves meaning out.
        """
        said = usual(list(self._readings(" ".join(query[:_LONGEST].split()).strip(_ENDS)))[-1])
        words = Said(_atoms(said))
        near = self._vectors.near(vector) if self._vectors and vector is not None else {}
        found: dict[str, float] = {}
        for term, names in self._said.items():
            letters = max(fuzz.token_sort_ratio(said, name) for name in names) / 100
            shared, spelt_out = max(self._in_common(words, each) for each in names.values())
            found[term] = _LETTERS * letters + _WORDS * shared + _MEANING * near.get(term, 0.0)
            found[term] += _SAME * shared**_SAME_FROM + _INITIALS * spelt_out
        return found

    @cached_property
    def _said(self) -> dict[str, dict[str, Said]]:
        """The words of every name, by term and name."""
        return {
            term.term: {said: Said(_atoms(said)) for said in map(usual, term.names)} for term in self.inventory.terms
        }

    def _in_common(self, one: Said, other: Said) -> tuple[float, bool]:
        """Share of words in common, rare ones weighing more; whether initials make the two names the same."""
        left, right = one.unfolded(other), other.unfolded(one)
        both, total = self._weight(left & right), self._weight(left) + self._weight(right)
        return 2 * both / total if total else 0.0, left == right and one.stems != other.stems

    def _weight(self, words: frozenset[str]) -> float:
        return sum(log1p(len(self.inventory.terms) / (1 + self._holding[word])) for word in words)

    def _readings(self, query: str) -> Iterator[str]:
        """The query as a name, from as it is to what is left of a question."""
        yield query
        said = query
        while said != (shorter := self._shorter(said)):
            said = shorter
            yield said
        if (bare := self._without_kind(said)) != said:
            yield bare

    def _shorter(self, said: str) -> str:
        for pattern in (_ASKED, _ASKED_AFTER, _ARTICLE):
            shorter = pattern.sub("", said).strip(_ENDS)
            if shorter and shorter != said:
                return shorter
        return said

    def _without_kind(self, said: str) -> str:
        """Without the word that says what kind of thing it is, where the term is of that kind: redis database."""
        words = said.split()
        kinds = [kind_of(words[at]) for at in (-1, 0)] if len(words) > 1 else []
        for kind, rest in zip(kinds, (words[:-1], words[1:]), strict=False):
            bare = rest[:-1] if kind and len(rest) > 1 and _KIND_PHRASE.match(rest[-1]) else rest
            found = self._exact(" ".join(bare)) if kind else None
            if found and found.kind == kind:
                return " ".join(bare)
        return said

    def _exact(self, said: str) -> Term | None:
        whole = key(said)
        found = self._names.get(whole) or (self._names.get(whole[:-1]) if whole.endswith("s") else None)
        if found and known_as(said) and fold(said) not in {fold(name) for name in found.term.names}:
            return None  # Security+ is not security
        return found.term if found else None

    def _inflected(self, said: str) -> Term | None:
        """What a verb form or another spelling of an ending says: authenticating, containerised."""
        words = _atoms(said)
        if not words or not words[-1].endswith(_SUFFIXES) or known_as(said):
            return None
        british = [re.sub(r"is(?=e|ing|ation|ed)", "iz", word) for word in words]
        for each in (words, british):
            terms = {term.term: term for term in self._by_stems.get(tuple(stems(" ".join(each))), ())}
            if len(terms) == 1:
                return terms.popitem()[1]
        return None

    def _misspelt(self, said: str) -> Term | None:
        atoms = _atoms(said)
        whole = "".join(atoms)
        if len(whole) < _MISSPELT_FROM - 1 or self._is_something_else(said, atoms):
            return None
        reach = 2 if len(whole) >= _TWO_EDITS_FROM else 1
        near = process.extract(whole, tuple(self._spelt), scorer=OSA.distance, score_cutoff=reach, limit=None)
        costs: dict[str, float] = {}
        for spelt, distance, _ in near:
            cost = _cost(whole, spelt, distance)
            for name in self._spelt[spelt]:
                if self._may_be(atoms, name, int(distance)):
                    costs[name.term.term] = min(cost, costs.get(name.term.term, cost))
        best = sorted(costs, key=lambda each: costs[each])[:2]
        if not best or (len(best) > 1 and costs[best[0]] == costs[best[1]]):
            return None
        return self.inventory.of(best[0])

    def _is_something_else(self, said: str, atoms: Sequence[str]) -> bool:
        """Whether it is the name of something, or a plain word, however near to a term."""
        return known_as(said) is not None or (len(atoms) == 1 and self._is_word(atoms[0]))

    def _is_word(self, word: str) -> bool:
        forms = (word, singular(word))
        return word in STOP_WORDS or any(is_english(form) or self._knows_word(form) for form in forms)

    def _may_be(self, atoms: Sequence[str], name: _Name, distance: int) -> bool:
        whole, spelt = "".join(atoms), "".join(name.atoms)
        if len(spelt) < _MISSPELT_FROM or _digits(whole) != _digits(spelt):
            return False
        if distance > 1 and (whole[0] != spelt[0] or len(max(name.atoms, key=len)) < _MISSPELT_FROM):
            return False
        wrong = [one for one in atoms if one not in name.atoms]
        if len(atoms) == 1 or len(atoms) != len(name.atoms) or distance > 1:
            return not all(self._is_word(one) for one in wrong)
        return True


def _atoms(name: str) -> tuple[str, ...]:
    return tuple(ATOM.findall(name.casefold()))


def _digits(text: str) -> str:
    return "".join(each for each in text if each.isdigit())


def _cost(said: str, name: str, distance: float) -> float:
    cost = distance + _FIRST_LETTER_COST * (said[0] != name[0])
    return cost - _SWAPPED_BONUS * (sorted(said) == sorted(name))
