"""Whether a sentence would be nearer its quote's wording if two of its words changed places: then they were exchanged.

Looks at which words stand next to each other, so it sees what was copied and turned round; `exchanges` looks further.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from typing import Final

from answering.phrased.classes import told_plainly
from answering.phrased.orders import REACH, Pairs, neighbours
from answering.phrased.reading import PREPOSITIONS, Reading, Token, is_word
from answering.phrased.relations import PASSIVE

NAMES_NEARER: Final = 2.5
"""By how much two names have to stand better in each other's place; two words side by side count as 1."""
TIMES_NEARER: Final = 2.0
"""The same for before and after."""
WORDS_NEARER: Final = 3.5
"""The same for other words, which are put differently more often."""
APART: Final = 3
"""Words other than names that stand closer together than this only have another order."""
_LEFT_OUT: Final = frozenset("a an the this that these those".split())  # noqa: SIM905
_COPULAS: Final = frozenset({"is", "are", "was", "were", "be", "remain", "remains"})
_RELATIVES: Final = frozenset({"that", "which", "who", "whom"})
_MODALS: Final = frozenset("can may must should will would has have had do does did".split())  # noqa: SIM905
_NOT_PLAIN: Final = PREPOSITIONS | _COPULAS | _MODALS
_LISTS: Final = frozenset({",", "and", "or", "/", "&", "(", ")"})
_CONTRASTS: Final = frozenset({"unlike"})
_LABELLING: Final = frozenset({":", "—"})
_ORDERS: Final = frozenset({"before", "after"})
MOST_BETWEEN: Final = 4
"""Words that tie two things to each other."""
_LONGEST_LABEL: Final = 4
_LONGEST_ITEM: Final = 3
"""Words of an item of an enumeration."""
_ENDS: Final = frozenset(".!?\n")
_START: Final = Token("", frozenset())


def turn_fault(claim: Reading, quote: Reading) -> str:
    """What changed places in a claim, or nothing."""
    every, quoted = _units(told_plainly(claim.tokens)), _units(told_plainly(quote.tokens))
    if fault := _relative_fault(claim.tokens, quote.tokens):
        return fault
    if fault := (_reversed_fault(every, quoted) or _contrast_fault(every, quoted) or _label_fault(every, quoted)):
        return fault
    said = [(key, unit) for key, unit in every if not _is_sign(key)]
    voices = bool(PASSIVE.search(claim.text)) != bool(PASSIVE.search(quote.text))
    near = neighbours([key for key, _ in quoted if not _is_sign(key)])
    known = {key for key, _ in quoted}
    order = [key for key, _ in said]
    named = {at for at, (_, unit) in enumerate(said) if _is_name(unit, begins=not order[at - 1])}
    places = [at for at, (key, unit) in enumerate(said) if key in known and (at in named or unit[0].content)]
    for one, other in combinations(places, 2):
        names = one in named and other in named
        if order[one] == order[other] or (not names and other - one < APART):
            continue
        nearer = _gain(order, one, other, near)
        in_time = said[one][1][0].text.casefold() in _ORDERS
        if nearer < (TIMES_NEARER if in_time else NAMES_NEARER if names and not voices else WORDS_NEARER):
            continue
        if in_time or not _listed(order[one], order[other], quoted):
            return f"exchanges {said[one][1][0].text} and {said[other][1][0].text}"
    return ""


Unit = tuple[Token, ...]


def _units(tokens: Sequence[Token]) -> list[tuple[str, Unit]]:
    """Words and signs, each with what it is known by; a name of several words is one."""
    made: list[tuple[str, Unit]] = [("", (_START,))]
    for token in tokens:
        word = token.text.casefold()
        if word in _LEFT_OUT:
            continue
        key = "" if word in _ENDS else min(token.terms or token.stems or {word})
        before = made[-1][1]
        if token.proper and before[-1].proper:
            made[-1] = (f"{made[-1][0]} {key}", (*before, token))
        else:
            made.append((key, (token,)))
    return made


def _reversed_fault(said: Sequence[tuple[str, Unit]], quoted: Sequence[tuple[str, Unit]]) -> str:
    """Whether the same words stand between two things that have changed sides: the library of the maintainer."""
    known = set(_between(quoted))
    for one, words, other in _between(said):
        if (other, words, one) in known and (one, words, other) not in known:
            return f"exchanges {one} and {other}"
    return ""


def _relative_fault(said: Sequence[Token], quoted: Sequence[Token]) -> str:
    """Whether what is acted upon acts: industries that use Java, industries that Java uses."""
    known = set(_relatives(quoted))
    for one, first, second in _relatives(said):
        if (one, first, second) not in known and ({(one, second, first), (first, one, second)} & known):
            return f"exchanges who does what: {first} and {second}"
    return ""


def _relatives(tokens: Sequence[Token]) -> Iterator[tuple[str, str, str]]:
    """A word that a clause is told of, and the first two words of the clause."""
    for at, token in enumerate(tokens[1:], 1):
        following = [each for each in tokens[at + 1 : at + 4] if each.text.casefold() not in _LEFT_OUT][:2]
        if token.text.casefold() in _RELATIVES and len(following) > 1 and tokens[at - 1].stems:
            plain = all(each.stems and each.text.casefold() not in _NOT_PLAIN for each in following)
            if plain:
                yield _key(tokens[at - 1]), _key(following[0]), _key(following[1])


def _key(token: Token) -> str:
    return min(token.terms or token.stems)


def _between(units: Sequence[tuple[str, Unit]]) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Pairs of things with the few words between them that tie them to each other."""
    for at, (one, unit) in enumerate(units):
        if not unit[0].content:
            continue
        words: list[str] = []
        for key, following in units[at + 1 : at + 2 + MOST_BETWEEN]:
            if not key or _is_sign(key) or key in _LISTS:
                break
            if following[0].content and key != one and set(words) - _COPULAS:
                yield one, tuple(words), key
            words.append(key)


def _contrast_fault(said: Sequence[tuple[str, Unit]], quoted: Sequence[tuple[str, Unit]]) -> str:
    """Whether what something else is told apart from is another thing than in the quote: unlike X, Y does it."""
    known, claimed = set(_contrasted(quoted)), set(_contrasted(said))
    wrong = sorted(claimed - known) if known and claimed else []
    return f"tells something apart from {wrong[0]}, which its quote does not" if wrong else ""


def _label_fault(said: Sequence[tuple[str, Unit]], quoted: Sequence[tuple[str, Unit]]) -> str:
    """Whether a claim in the form of a row names things before its colons and dashes which the row has elsewhere."""
    known, words = set(_labels(quoted)), {key for key, _ in quoted}
    signs = {sign for _, sign in known}
    wrong = [key for key, sign in _labels(said) if sign in signs and key in words and (key, sign) not in known]
    return f"puts {wrong[0]} where its quote does not" if wrong else ""


def _labels(units: Sequence[tuple[str, Unit]]) -> Iterator[tuple[str, str]]:
    """What stands before the first sign that makes a label of it, and before the later ones of the same row."""
    found = [(at, key, sign) for at, ((key, _), (sign, _)) in enumerate(pairwise(units)) if sign in _LABELLING]
    return ((key, sign) for _, key, sign in found if key and found[0][0] <= _LONGEST_LABEL)


def _contrasted(units: Sequence[tuple[str, Unit]]) -> Iterator[str]:
    return (
        key
        for (_, before), (key, unit) in pairwise(units)
        if before[0].text.casefold() in _CONTRASTS and unit[0].content
    )


def _is_sign(key: str) -> bool:
    return bool(key) and not is_word(key)


def _is_name(unit: Unit, *, begins: bool) -> bool:
    first = unit[0]
    capital = first.text[:1].isupper() and not begins
    return first.proper or first.text[:1].isdigit() or capital or first.text.casefold() in _ORDERS


def _gain(order: list[str], one: int, other: int, near: Pairs) -> float:
    turned = [*order]
    turned[one], turned[other] = order[other], order[one]
    return _fit(turned, one, other, near) - _fit(order, one, other, near)


def _fit(order: Sequence[str], one: int, other: int, near: Pairs) -> float:
    """How well two places are filled by what stands there, against the pairs of the quote."""
    pairs = {
        (min(at, at + step), max(at, at + step))
        for at in (one, other)
        for step in range(-REACH, REACH + 1)
        if step and 0 <= at + step < len(order)
    }
    return sum(min(near.get((order[left], order[right]), 0.0), 1 / (right - left)) for left, right in pairs)


def _listed(one: str, other: str, quoted: Sequence[tuple[str, Unit]]) -> bool:
    """Whether the quote only lists the two one after the other, so that their order says nothing."""
    places = [[at for at, (key, _) in enumerate(quoted) if key == name] for name in (one, other)]
    return any(
        _lists([unit for _, unit in quoted[min(left, right) + 1 : max(left, right)]])
        for left in places[0]
        for right in places[1]
    )


def _lists(between: Sequence[Unit]) -> bool:
    return any(unit[0].text.casefold() in _LISTS for unit in between) and all(
        len(item) <= _LONGEST_ITEM and not any(_ends_item(unit) for unit in item) for item in _items(between)
    )


def _ends_item(unit: Unit) -> bool:
    first = unit[0]
    return not (first.content or first.text[:1].isdigit()) or first.text.casefold() in PREPOSITIONS


def _items(between: Sequence[Unit]) -> Iterator[list[Unit]]:
    item: list[Unit] = []
    for unit in between:
        if unit[0].text.casefold() in _LISTS:
            yield item
            item = []
        else:
            item.append(unit)
    yield item
