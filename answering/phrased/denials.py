"""Whether a sentence denies what its quote says, or leaves a denial out. Knows nothing of names or meaning."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from answering.phrased.english import DENYING
from answering.phrased.reading import Reading, Token
from retrieval.words import stems

REACH: Final = 4
"""Words of content that a denial reaches to its right: does not require any *managing or provisioning of servers*."""
_NOT_ALL: Final = frozenset({"only", "just", "merely", "simply", "all", "enough"})
"""What stands behind "not" where something else is said as well: not only, not all."""
_ONLY_ONE: Final = frozenset({"only", "sole", "alone"})
_NEAR: Final = 3
"""Words before or behind "not" within which these say what is denied: that it is the only one."""
_ONLY: Final = frozenset({"only", "just", "solely", "exclusively", "alone", "first"})
"""Words of a quote that deny the rest: what only one does, no other does."""
_NO_DENIAL: Final = frozenset({"less", "problem", "doubt", "more"})
_ELSE: Final = frozenset({"more", "else", "besides", "beyond", "further", "other"})
_CANNOT_WITHOUT: Final = re.compile(r"\b(?:can(?:not|'t|’t)|can not|could not)\b[^.;:]*\bwithout\b", re.IGNORECASE)
_CANCELLED: Final = frozenset({"cannot", "can't", "can’t", "not", "without"})
_MOST: Final = re.compile(r"\b(?:most|best|\w{3,}est|main|leading|top)\b", re.IGNORECASE)
_NONE_MORE: Final = re.compile(r"\b(?:more|better|\w{3,}er)\b.*\bthan\b|\bother\b.*\bas\b.*\bas\b", re.IGNORECASE)
_NEGATED: Final = re.compile(r"(?:un|in|non-?|im|ir)(\w{4,})", re.IGNORECASE)


def denial_fault(claim: Reading, units: Sequence[Reading]) -> str:
    """What is wrong with a claim's denials, or nothing.

    Args:
        claim: the sentence.
        units: the sentences and lines of its quotes.
    """
    near = _nearest(claim, units)
    if near is None or _is_most(claim, units):
        return ""
    said, quoted, prefixed = _denied(claim), _denied(near), _negated(units)
    if (
        said
        and not quoted
        and not any(_denied(unit) & said or unit.words & _ONLY for unit in units)
        and not said & prefixed
    ):
        return "denies what its quote says"
    if quoted and not said:
        common = quoted & claim.stems
        if len(common) >= max(1, (len(quoted) + 1) // 2):
            return "leaves out that its quote denies this"
    known = frozenset(stem for unit in units for reach in _reaches(unit) for stem in reach) | prefixed
    reaches = list(_reaches(claim))
    alone = [each for each in reaches if not any(each & other for other in reaches if other is not each)]
    if (said and quoted and not said & quoted) or any(each & near.stems and not each & known for each in alone):
        return "denies something else than its quote"
    return ""


def cancelled(reading: Reading) -> frozenset[str]:
    """Denials that cancel out, for what one cannot do without is needed; none where it does not say so."""
    return _CANCELLED if _CANNOT_WITHOUT.search(reading.text) else frozenset()


def _is_most(claim: Reading, units: Sequence[Reading]) -> bool:
    """Whether the one denial says in other words what is most: none is used more than it."""
    denials = [at for at in range(len(claim.tokens)) if _denies(claim.tokens, at)]
    if len(denials) != 1 or claim.tokens[denials[0]].text.casefold() not in {"no", "none", "nothing"}:
        return False
    following = " ".join(token.text for token in claim.tokens[denials[0] :])
    return bool(_NONE_MORE.search(following)) and any(_MOST.search(unit.text) for unit in units)


def _negated(units: Sequence[Reading]) -> frozenset[str]:
    """Stems of what a prefix denies: what is unstructured has no structure."""
    found = (_NEGATED.fullmatch(token.text) for unit in units for token in unit.tokens)
    return frozenset(stem for each in found if each for stem in stems(each[1]))


def _nearest(claim: Reading, units: Sequence[Reading]) -> Reading | None:
    """The unit that shares most words with the claim."""
    said = _content(claim)
    return max(units, key=lambda unit: len(_content(unit) & said), default=None)


def _content(reading: Reading) -> frozenset[str]:
    return frozenset(stem for token in reading.tokens if token.content for stem in token.stems)


def _denied(reading: Reading) -> frozenset[str]:
    """Stems that the text's denials reach; two denials of one thing cancel out."""
    reached: set[str] = set()
    for reach in _reaches(reading):
        reached ^= reach
    return frozenset(reached)


def _reaches(reading: Reading) -> Iterator[set[str]]:
    """What each denial reaches."""
    none = cancelled(reading)
    for at, token in enumerate(reading.tokens):
        if token.text.casefold() not in none and _denies(reading.tokens, at):
            yield _reach(reading.tokens[at + 1 :], token)


def _denies(tokens: Sequence[Token], at: int) -> bool:
    word = tokens[at].text.casefold()
    following, second = (tokens[each].text.casefold() if each < len(tokens) else "" for each in (at + 1, at + 2))
    if (word == "nothing" and following in _ELSE) or (following == "anything" and second in _ELSE):
        return False
    if word == "no" and following in _NO_DENIAL:
        return False
    if word == "rather":
        return following == "than"
    if word == "not":
        around = {token.text.casefold() for token in tokens[max(at - _NEAR, 0) : at + _NEAR]}
        return following not in _NOT_ALL and not around & _ONLY_ONE
    return word in DENYING


def _reach(following: Sequence[Token], denying: Token) -> set[str]:
    reached: set[str] = set(denying.stems) if denying.content else set()
    count = 0
    for token in following:
        if token.text in {".", ";", ":", "\n"} or count >= REACH:
            break
        if token.content:
            reached |= token.stems
            count += 1
    return reached
