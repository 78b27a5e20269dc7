"""Whether a sentence has its quote's own order of words once two or three phrases change places: they were exchanged.

Both are first brought to one form (`forms`), and only the words that both have are looked at. What is
put differently keeps who does what, or loses the order as a whole; an exchange alone turns back into the quote.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final, NamedTuple

from answering.phrased.forms import AUXILIARY, plain
from answering.phrased.reading import PREPOSITIONS, Reading, Token, is_word
from answering.phrased.relations import scopes

REACH: Final = 2
"""Words apart that still count as neighbours."""
Pairs = Mapping[tuple[str, str], float]
"""Two words in their order, and how near each other they stand: 1 for neighbours."""
COPIED: Final = 0.9
"""Share of a sentence's neighbours that are its quote's, from which it copies the quote."""
NEARER: Final = 0.22
"""By how much more of them are the quote's after the exchange."""
WHOLE: Final = 0.99
"""Share from which it is the quote's order altogether."""
NEARER_WHOLE: Final = 0.18
NEARER_AT_MOST: Final = 2.5
"""Neighbours; enough in a long sentence that is otherwise its quote's."""
LONGEST_SENTENCE: Final = 48
"""Words that are looked at; what comes later stays as it is."""
FEWEST: Final = 5
"""Words that both have; with fewer, order says little."""
LONGEST: Final = 6
"""Words of a phrase that changes places."""
EXCHANGES: Final = 2
"""One after the other: three things can change places in a ring."""
_LISTS: Final = frozenset({",", "and", "or", "/", "&", "as", "well"})
_ARTICLES: Final = frozenset({"a", "an", "the", "such"})
_WITHIN: Final = frozenset({"of", "as", "like"})
"""Words that can stand within a phrase: volumes of data, frameworks such as Django."""
_GOVERNS: Final = PREPOSITIONS | frozenset(
    "across behind during within without over about against per towards after before because until upon".split()  # noqa: SIM905
)
"""Words that what follows belongs to: a phrase that changes places behind one of them says something else."""
_NOUNS: Final = frozenset("person people anyone everyone someone".split())  # noqa: SIM905
"""Claim little, but change places like others."""

Word = tuple[str, bool, int, bool]
"""What a word is known by, whether it can change places, where it stands, and whether a phrase begins with it."""


def order_fault(claim: Reading, units: Sequence[Reading]) -> str:
    """What changed places in a claim, or nothing.

    Args:
        claim: the sentence.
        units: the sentences and lines of its quotes.
    """
    apart = scopes(claim)
    known = [_named(scope) for unit in units for scope in scopes(unit)] if len(apart) > 1 else []
    for scope in apart if all(any(_named(scope) <= each for each in known) for scope in apart) else [claim]:
        if fault := _scope_fault(scope, units):
            return fault
    return ""


def _scope_fault(claim: Reading, units: Sequence[Reading]) -> str:
    said = _words(plain(claim.tokens))
    quoted = [word for unit in units for word in [*_words(plain(unit.tokens)), ("", False, -1, False)]]
    known, named = {key for key, *_ in quoted}, {key for key, *_ in said}
    order = [word for word in said if word[0] in known][:LONGEST_SENTENCE]
    if len(order) < FEWEST:
        return ""
    near = neighbours([key for key, *_ in quoted if key in named or not key])
    quote = _Quote(near, _listed(units), _runs(quoted))
    every = sum(1 / (other - one) for one, other in _all_pairs(len(order)))
    before = best = _known([key for key, *_ in order], near, _all_pairs(len(order)))
    first, claimed = "", order
    for _ in range(EXCHANGES):
        found, order, told = _best(order, quote, best)
        if not told:
            break
        best, first = found, first or told
        gained = min(every * NEARER_WHOLE, NEARER_AT_MOST) if best >= WHOLE * every else every * NEARER
        if best >= COPIED * every and best >= before + gained:
            return f"exchanges {first}" if best > _moved(claimed, near, before) else ""
    return ""


def _named(reading: Reading) -> frozenset[str]:
    return frozenset(term for token in reading.tokens if token.proper for term in token.terms)


class _Quote(NamedTuple):
    """What a quote's order is known by."""

    near: Pairs
    together: frozenset[frozenset[str]]
    runs: frozenset[tuple[str, ...]]


def _words(tokens: Sequence[Token]) -> list[Word]:
    made: list[Word] = []
    joined = 0
    for at, token in enumerate(tokens):
        text = token.text.casefold()
        joined += text in _LISTS or text in _ARTICLES
        if text == "as" and at and tokens[at - 1].text.casefold() == "such":
            continue
        if text in AUXILIARY or not is_word(text):
            continue
        key = min(token.terms or token.stems - {"s"} or {text.removesuffix("'s")})
        opens = bool(token.terms) or (at > 0 and tokens[at - 1].text.casefold() in {",", *_ARTICLES})
        made.append((key, token.content or text[:1].isdigit() or text in _NOUNS, at - joined, opens))
    return made


def neighbours(order: Sequence[str]) -> Pairs:
    """Words that stand near each other, in their order, and how near: 1 for the next one."""
    found: dict[tuple[str, str], float] = {}
    for at, key in enumerate(order):
        for step in range(1, min(REACH, len(order) - at - 1) + 1):
            pair = key, order[at + step]
            found[pair] = max(found.get(pair, 0.0), 1 / step)
    return found


def _known(order: Sequence[str], near: Pairs, pairs: Iterable[tuple[int, int]]) -> float:
    """How many of these neighbours of a sentence are neighbours in its quote, the nearer the more."""
    return sum(min(near.get((order[one], order[other]), 0.0), 1 / (other - one)) for one, other in pairs)


def _all_pairs(count: int) -> Iterator[tuple[int, int]]:
    return ((at, at + step) for step in range(1, REACH + 1) for at in range(count - step))


def _across(joints: Iterable[int], count: int) -> set[tuple[int, int]]:
    """Pairs of places within reach of each other on both sides of a joint."""
    return {
        (one, one + step)
        for joint in joints
        for step in range(1, REACH + 1)
        for one in range(joint - step, joint)
        if one >= 0 and one + step < count
    }


def _best(order: Sequence[Word], quote: "_Quote", known: float) -> tuple[float, list[Word], str]:
    """The exchange that brings a sentence nearest to its quote: how near, what comes of it, and what changed places."""
    keys, count = [key for key, *_ in order], len(order)
    best: tuple[float, tuple[int, int, int, int]] = (known, (0, 0, 0, 0))
    for (start, end), (start2, end2) in combinations(_phrases(order, quote.runs), 2):
        if end > start2 or keys[end - 1] == keys[end2 - 1] or (end == start2 and not _governed(order, start, end)):
            continue
        if frozenset({keys[end - 1], keys[end2 - 1]}) in quote.together:
            continue
        size = end2 - start2
        made = [*keys[:start], *keys[start2:end2], *keys[end:start2], *keys[start:end], *keys[end2:]]
        now = _across((start, start + size, start + size + start2 - end, end2), count)
        gain = _known(made, quote.near, now) - _known(keys, quote.near, _across((start, end, start2, end2), count))
        if known + gain > best[0]:
            best = known + gain, (start, end, start2, end2)
    start, end, start2, end2 = best[1]
    if not end:
        return known, list(order), ""
    told = f"{' '.join(keys[start:end])} and {' '.join(keys[start2:end2])}"
    return best[0], [*order[:start], *order[start2:end2], *order[end:start2], *order[start:end], *order[end2:]], told


def _governed(order: Sequence[Word], start: int, end: int) -> bool:
    """Whether a phrase is governed by the word before it, and the one right behind is another phrase, which is not."""
    return start > 0 and order[start - 1][0] in _GOVERNS and order[end][3] and order[end][0] not in _GOVERNS


def _moved(order: Sequence[Word], near: Pairs, known: float) -> float:
    """How near a sentence comes to its quote when one phrase only stands elsewhere: that is a matter of wording."""
    keys, count, best = [key for key, *_ in order], len(order), known
    for start in range(count):
        for end in range(start + 1, min(start + LONGEST, count - 1) + 1):
            if _governed(order, start, end):
                continue  # it would be governed by what governs another one now
            for end2 in range(end + 1, min(end + LONGEST, count) + 1):
                made = [*keys[:start], *keys[end:end2], *keys[start:end], *keys[end2:]]
                now = _known(made, near, _across((start, start + end2 - end, end2), count))
                best = max(best, known + now - _known(keys, near, _across((start, end, end2), count)))
    return best


def _phrases(order: Sequence[Word], runs: frozenset[tuple[str, ...]]) -> Iterator[tuple[int, int]]:
    """Runs of words that stand side by side in the quote, too."""
    for start in range(len(order)):
        for end in range(start + 1, min(start + LONGEST, len(order)) + 1):
            whole = tuple(key for key, *_ in order[start:end])
            if whole in runs:
                yield start, end
            elif order[end - 1][1] or end == start + 1:
                break


def _runs(words: Sequence[Word]) -> frozenset[tuple[str, ...]]:
    found: set[tuple[str, ...]] = set()
    for start in range(len(words)):
        for end in range(start + 1, min(start + LONGEST, len(words)) + 1):
            key, movable, place, _ = words[end - 1]
            if end - 1 > start and place != words[end - 2][2] + 1:
                break
            if movable:
                found.add(tuple(each for each, *_ in words[start:end]))
            elif key not in _WITHIN or end == start + 1:
                break
    return frozenset(found)


def _listed(units: Sequence[Reading]) -> frozenset[frozenset[str]]:
    """Pairs of things that a quote only lists, so that their order says nothing."""
    found: set[frozenset[str]] = set()
    for unit in units:
        item: list[str] = []
        run: list[str] = []
        joined = False
        for token in (*unit.tokens, Token(".", frozenset())):
            text = token.text.casefold()
            if text in _LISTS and not (text == "," and joined and item):
                run, item = [*run, *item[-1:]], []
                joined = joined or text != ","
            elif token.content:
                item.append(min(token.terms or token.stems or {text}))
            elif text not in {"a", "an", "the"}:  # also the comma behind an enumeration's last item
                if joined or len(run) > 1:
                    found |= {frozenset(pair) for pair in combinations([*run, *item], 2)}
                run, item, joined = [], [], False
    return frozenset(found)
