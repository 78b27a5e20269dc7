"""Whether a sentence denies what its quote says, or leaves a denial out. Knows nothing of names or meaning."""

from collections.abc import Iterator, Sequence
from typing import Final

from answering.phrased.english import DENYING
from answering.phrased.reading import Reading, Token

_NOT_ONLY: Final = frozenset({"only", "just", "merely", "simply"})
_BUT: Final = frozenset({"but", "also"})
REACH: Final = 4
"""Words of content that a denial reaches to its right: does not require any *managing or provisioning of servers*."""


def denial_fault(claim: Reading, units: Sequence[Reading]) -> str:
    """What is wrong with a claim's denials, or nothing.

    Args:
        claim: the sentence.
        units: the sentences and lines of its quotes.
    """
    near = _nearest(claim, units)
    if near is None:
        return ""
    said, quoted = _denied(claim), _denied(near)
    if said and not quoted and not any(_denied(unit) & said for unit in units):
        return "denies what its quote says"
    if quoted and not said:
        common = quoted & claim.stems
        if len(common) >= max(1, (len(quoted) + 1) // 2):
            return "leaves out that its quote denies this"
    known = frozenset(stem for unit in units for reach in _reaches(unit) for stem in reach)
    reaches = list(_reaches(claim))
    alone = [each for each in reaches if not any(each & other for other in reaches if other is not each)]
    if (said and quoted and not said & quoted) or any(each & near.stems and not each & known for each in alone):
        return "denies something else than its quote"
    return ""


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
    for at, token in enumerate(reading.tokens):
        if _denies(reading.tokens, at):
            yield _reach(reading.tokens[at + 1 :], token)


def _denies(tokens: Sequence[Token], at: int) -> bool:
    word = tokens[at].text.casefold()
    following = tokens[at + 1].text.casefold() if at + 1 < len(tokens) else ""
    if (word, following) == ("nothing", "more"):
        return False
    if word == "not" and following in _NOT_ONLY and any(token.text.casefold() in _BUT for token in tokens[at:]):
        return False
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
