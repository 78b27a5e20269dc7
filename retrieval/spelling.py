"""Corrects a misspelt word to a name or a word of the guide, or to a frequent one. Knows nothing of questions or files.

Timid on purpose: what may be a word, a name or a term that the guide lacks stays as it is.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from retrieval.english import FREQUENT, SHORT_FORMS, SLIPS, is_english
from retrieval.names import ATOM
from retrieval.words import STOP_WORDS, stems

Knows = Callable[[str], bool]

_SHORTEST = 4
"""Letters; below, almost anything is one edit from something."""
_TWO_EDITS_FROM = 8
_THREE_EDITS_FROM = 11
_HEAVY_TERM_FROM = 6
"""Letters from which a name may lie two edits away when both begin and end alike."""
_NEAREST = 12
"""Candidates that are weighed."""
_SWAPPED_BONUS = 0.35
"""The same letters in another order: the commonest slip of all."""
_DOUBLED_BONUS = 0.25
"""A letter doubled or not."""
_FIRST_LETTER_COST = 0.6
"""People rarely mistype the first letter (Pollock and Zamora 1984: 3 % of errors)."""
_LAST_LETTER_COST = 0.1
_NAME_BONUS = 0.3
_GUIDE_BONUS = 0.15
_CACHE = 4096
_AFFIXES: Final = re.compile(
    r"^(?:un|re|de|dis|non|pre|anti|auto|co|inter|micro|mini|mis|multi|out|over|post|semi|sub|super|under|up)"
    r"|(?:s|es|ed|d|er|r|ers|ing|ly|able|ness|less|like|wise|ful|ment|ish|ism|ist|ists|ity|y)$"
)
_COMPOUND_PART = 4
"""Letters that each half of a compound (on-boarding, white-board) has at least."""


@dataclass(frozen=True)
class _Aim:
    """A word that a misspelt one may be meant for."""

    shown: str
    bonus: float = 0.0
    is_name: bool = False
    is_term: bool = False
    """Is a name by itself, not a part of one."""


class Speller:
    """Corrects single words. Thread-safe."""

    def __init__(self, names: Iterable[str], vocabulary: Iterable[str], knows_word: Knows) -> None:
        """Takes what may be meant.

        Args:
            names: terms and aliases as they are written; their words are preferred.
            vocabulary: the words of the guide.
            knows_word: whether something is a word of the language or a term of the trade.
        """
        self.knows_word: Knows = lambda word: knows_word(word) or is_english(word)
        self._aims = dict(_aims(tuple(names), vocabulary))
        self._aim_list = tuple(self._aims)
        self._acronyms = _acronyms(aim.shown for aim in self._aims.values() if aim.is_name)
        self._by_stem: dict[str, list[str]] = {}
        for word in self._aims:
            for stem in stems(word):
                self._by_stem.setdefault(stem, []).append(word)
        self.corrected = lru_cache(maxsize=_CACHE)(self._corrected)

    def holds(self, word: str) -> bool:
        """Whether the guide, a name or a frequent word has it in just this form."""
        return word.casefold() in self._aims

    def in_guide(self, word: str) -> bool:
        """Whether the guide, a name or a frequent word has it, in any inflection."""
        folded = word.casefold()
        return folded in self._aims or folded in STOP_WORDS or any(stem in self._by_stem for stem in stems(folded))

    def _corrected(self, word: str, capitals_mean_name: bool = False) -> str | None:
        """What a word is meant to be, or None if it stands as it is.

        Args:
            word: as it is written.
            capitals_mean_name: it stands within a sentence, where a capital marks a name.
        """
        folded = word.casefold()
        if folded in self._aims or not word.isalpha() or not word.isascii():
            return None
        slip = SLIPS.get(folded)
        if slip and self.in_guide(slip):
            return _cased_like(word, slip)
        if folded in SHORT_FORMS or folded in STOP_WORDS or self.knows_word(folded):
            return self._acronym(word) if word.isupper() else None
        if self.in_guide(word):
            return self._inflected(word, folded)
        is_name = _looks_like_a_name(word) or (capitals_mean_name and word[0].isupper())
        return self._acronym(word) or (self._nearest(word, folded, is_name) if len(word) >= _SHORTEST else None)

    def _inflected(self, word: str, folded: str) -> str | None:
        """The right form of a word that only its stem makes known: querys, kubernets."""
        if re.search(r"[^aeiou]ys$", folded) and folded[:-2] + "ies" in self._aims:
            return self._shown(word, folded[:-2] + "ies")
        for stem in stems(folded):
            for aim in self._by_stem.get(stem, ()):
                alike = aim[0] == folded[0] and aim[-1] == folded[-1]
                if alike and len(folded) >= _TWO_EDITS_FROM and OSA.distance(aim, folded) == 1:
                    return self._shown(word, aim)
        return None

    def _acronym(self, word: str) -> str | None:
        """An acronym with its letters in another order: JTW for JWT, XXS for XSS."""
        if not 3 <= len(word) <= 5 or self.knows_word(word):  # noqa: PLR2004
            return None
        near = {
            each
            for each in self._acronyms.get(frozenset(word.casefold()), ())
            if len(each) == len(word) and each[0] == word[0].upper()
        }
        return near.pop() if len(near) == 1 else None

    def _may_be_right(self, folded: str) -> bool:
        """Whether a word unknown as a whole is made of known parts."""
        base = _AFFIXES.sub("", folded)
        bases = (base, base + "e", base[:-1] if base[-2:-1] == base[-1:] else base)
        if base != folded and len(base) >= _COMPOUND_PART and any(self.knows_word(each) for each in bases):
            return True
        halves = range(_COMPOUND_PART, len(folded) - _COMPOUND_PART + 1)
        return any(self.in_guide(folded[:cut]) and self.in_guide(folded[cut:]) for cut in halves)

    def _plain_slip(self, folded: str, aim: str, distance: float) -> bool:
        """So near that even known parts do not make the word right: debuging, depolyment, severless."""
        same_letters = _undoubled(folded) == _undoubled(aim) or sorted(folded) == sorted(aim)
        heavy = self._aims[aim].bonus > 0 and len(folded) >= _TWO_EDITS_FROM
        return distance == 1 and folded[0] == aim[0] and (same_letters or heavy)

    def _shown(self, word: str, aim: str) -> str:
        shown = self._aims[aim].shown
        return shown if self._aims[aim].is_name else _cased_like(word, shown)

    def _nearest(self, word: str, folded: str, is_name: bool) -> str | None:
        edits = 1 + (len(folded) >= _TWO_EDITS_FROM) + (len(folded) >= _THREE_EDITS_FROM)
        reach = max(edits, 1 + (len(folded) >= _HEAVY_TERM_FROM))
        found = process.extract(folded, self._aim_list, scorer=OSA.distance, score_cutoff=reach, limit=_NEAREST)
        unsure = self._may_be_right(folded)
        costs = sorted(
            (self._cost(folded, aim, distance), aim)
            for aim, distance, _ in found
            if self._allowed(folded, aim, distance, 1 if is_name else edits)
            and (not is_name or (self._aims[aim].is_name and (len(word) > _SHORTEST or word[1:].islower())))
            and (not unsure or self._plain_slip(folded, aim, distance))
        )
        return self._shown(word, costs[0][1]) if costs else None

    def _allowed(self, folded: str, aim: str, distance: float, edits: int) -> bool:
        same_letters = sorted(folded) == sorted(aim)
        if distance > edits:
            return self._aims[aim].is_name and same_letters and folded[0] == aim[0] and folded[-1] == aim[-1]
        if same_letters or _undoubled(folded) == _undoubled(aim):
            return True
        if folded[0] != aim[0]:
            return distance == 1 and len(folded) >= _TWO_EDITS_FROM and folded[1:] != aim
        if folded.startswith(aim):
            return False
        return len(folded) > _SHORTEST or len(folded) != len(aim) or self._aims[aim].is_term or _vowel_swap(folded, aim)

    def _cost(self, folded: str, aim: str, distance: float) -> float:
        cost = distance - self._aims[aim].bonus
        cost += _FIRST_LETTER_COST * (folded[0] != aim[0]) + _LAST_LETTER_COST * (folded[-1] != aim[-1])
        if sorted(folded) == sorted(aim):
            return cost - _SWAPPED_BONUS
        return cost - _DOUBLED_BONUS * (_undoubled(folded) == _undoubled(aim))


def _aims(names: Sequence[str], vocabulary: Iterable[str]) -> Iterable[tuple[str, _Aim]]:
    """Every word that may be meant, the weightiest kind last, so that it stands in a dictionary of them."""
    yield from ((word, _Aim(word)) for word in FREQUENT)
    yield from ((word, _Aim(word, _GUIDE_BONUS)) for word in _atoms(vocabulary))
    for name in names:
        atoms = ATOM.findall(name)
        for atom in atoms if len(atoms) > 1 else ():
            if atom.casefold() not in STOP_WORDS:
                yield atom.casefold(), _Aim(atom if _looks_like_a_name(atom) else atom.casefold(), _NAME_BONUS, True)
    for name in reversed(names):
        if ATOM.fullmatch(name):
            yield name.casefold(), _Aim(name, _NAME_BONUS, True, True)


def _atoms(texts: Iterable[str]) -> Iterable[str]:
    for text in texts:
        for atom in ATOM.findall(text.casefold()):
            if len(atom) >= _SHORTEST:
                yield atom
            if len(atom) > _SHORTEST and atom.endswith("s") and is_english(atom[:-1]):
                yield atom[:-1]


def _acronyms(names: Iterable[str]) -> Mapping[frozenset[str], tuple[str, ...]]:
    found: dict[frozenset[str], tuple[str, ...]] = {}
    for name in names:
        if name.isupper() and len(name) >= 3:  # noqa: PLR2004
            key = frozenset(name.casefold())
            found[key] = (*found.get(key, ()), name)
    return found


def _looks_like_a_name(word: str) -> bool:
    """Capitals inside a word, or all capitals: a product or an acronym rather than a slip."""
    return not word[1:].islower()


def _cased_like(word: str, correction: str) -> str:
    return correction.capitalize() if word[0].isupper() and correction.islower() else correction


def _vowel_swap(word: str, aim: str) -> bool:
    return all(left == right or {left, right} <= set("aeiouy") for left, right in zip(word, aim, strict=True))


def _undoubled(word: str) -> str:
    return re.sub(r"(.)\1", r"\1", word)
