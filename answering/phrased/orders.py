"""Whether a sentence has its quote's own order of words once two or three phrases change places: they were exchanged.

Both are first brought to one form: passive to active, "X's Y" to "Y of X", and only the words that both have. What is
put differently keeps who does what, or loses the order as a whole; an exchange alone turns back into the quote.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final, NamedTuple

from answering.phrased.reading import PREPOSITIONS, Reading, Token

REACH: Final = 2
"""Words apart that still count as neighbours."""
Pairs = Mapping[tuple[str, str], float]
"""Two words in their order, and how near each other they stand: 1 for neighbours."""
COPIED: Final = 0.78
"""Share of a sentence's neighbours that are its quote's, from which it copies the quote."""
NEARER: Final = 0.22
"""By how much more of them are the quote's after the exchange."""
WHOLE: Final = 0.99
"""Share from which it is the quote's order altogether."""
NEARER_WHOLE: Final = 0.18
LONGEST_SENTENCE: Final = 48
"""Words that are looked at; what comes later stays as it is."""
FEWEST: Final = 5
"""Words that both have; with fewer, order says little."""
LONGEST: Final = 6
"""Words of a phrase that changes places."""
EXCHANGES: Final = 2
"""One after the other: three things can change places in a ring."""
_AUXILIARY: Final = frozenset(
    """a an the this that these those such which who whose is are was were be been being am has have had having do does
    did can could may might must shall should will would it its their they them also so more most very both one ones
    what when while where and or""".split()  # noqa: SIM905
)
_BE: Final = frozenset("is are was were be been being gets get".split())  # noqa: SIM905
_ENDS: Final = frozenset(".!?;\n")
_STOPS: Final = frozenset(".!?;,:()—–\n")
_LISTS: Final = frozenset({",", "and", "or", "/", "&", "as", "well"})
_PARTICIPLE: Final = re.compile(
    r".+(?:ed|en)$|(?:built|made|kept|held|done|sent|set|put|run|sold|bought|told|led|cut|read|found|won|lost|met)$"
)
_ARTICLES: Final = frozenset({"a", "an", "the", "such"})
_WITHIN: Final = frozenset({"of", "as", "like"})
"""Words that can stand within a phrase: volumes of data, frameworks such as Django."""
_FIRST_OF_CLAUSE: Final = frozenset(", ; : — – while whereas but because so that which".split())  # noqa: SIM905

Word = tuple[str, bool, int]
"""What a word is known by, whether it can change places, and where it stands."""


def order_fault(claim: Reading, units: Sequence[Reading]) -> str:
    """What changed places in a claim, or nothing.

    Args:
        claim: the sentence.
        units: the sentences and lines of its quotes.
    """
    said = _words(_active(_owned(claim.tokens)))
    quoted = [word for unit in units for word in [*_words(_active(_owned(unit.tokens))), ("", False, -1)]]
    known, named = {key for key, *_ in quoted}, {key for key, *_ in said}
    order = [word for word in said if word[0] in known][:LONGEST_SENTENCE]
    if len(order) < FEWEST:
        return ""
    near = neighbours([key for key, *_ in quoted if key in named or not key])
    quote = _Quote(near, _listed(units), _runs(quoted))
    every = sum(1 / (other - one) for one, other in _all_pairs(len(order)))
    before = best = _known([key for key, *_ in order], near, _all_pairs(len(order)))
    first, keys = "", [key for key, *_ in order]
    for _ in range(EXCHANGES):
        found, order, told = _best(order, quote, best)
        if not told:
            break
        best, first = found, first or told
        gained = every * (NEARER_WHOLE if best >= WHOLE * every else NEARER)
        if best >= COPIED * every and best >= before + gained:
            return f"exchanges {first}" if best > _moved(keys, near, before) else ""
    return ""


class _Quote(NamedTuple):
    """What a quote's order is known by."""

    near: Pairs
    together: frozenset[frozenset[str]]
    runs: frozenset[tuple[str, ...]]


def _owned(tokens: Sequence[Token]) -> list[Token]:
    """An application's visible part, as: visible part of application."""
    made: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.text.endswith(("'s", "’s")) and token.content:
            end = at + 1
            while end < len(tokens) and _names_it(tokens[end]) and end - at <= LONGEST:
                end += 1
            if end > at + 1:
                made += [*tokens[at + 1 : end], _OF, token]
                at = end
                continue
        made.append(token)
        at += 1
    return made


def _names_it(token: Token) -> bool:
    return bool(token.stems) and token.text.casefold() not in PREPOSITIONS | _AUXILIARY


_OF: Final = Token("of", frozenset())


def _active(tokens: Sequence[Token]) -> list[Token]:
    """What is done by someone, as: someone does it."""
    made: list[Token] = []
    for clause in _clauses(tokens):
        texts = [token.text.casefold() for token in clause]
        by = next((texts.index(word) for word in ("by", "with", "through") if word in texts), 0)
        be = next((at for at in range(by - 1, 0, -1) if texts[at] in _BE), 0)
        done = next((at for at in range(be + 1, by) if _PARTICIPLE.match(texts[at])), 0) if be else 0
        if done:
            start = next((at + 1 for at in range(be - 1, -1, -1) if texts[at] in _FIRST_OF_CLAUSE), 0)
            end = next((at for at in range(by + 1, len(texts)) if not _goes_on(clause, at, by)), len(texts))
            made += [*clause[:start], *clause[by + 1 : end], *clause[be + 1 : done + 1], *clause[start:be]]
            made += [*clause[done + 1 : by], *clause[end:]]
        else:
            made += clause
    return made


def _goes_on(clause: Sequence[Token], at: int, by: int) -> bool:
    """Whether who does it is still being named."""
    text = clause[at].text.casefold()
    return text not in PREPOSITIONS and (text not in _STOPS or at == by + 1)


def _clauses(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    clause: list[Token] = []
    for token in tokens:
        clause.append(token)
        if token.text in _ENDS or token.text.casefold() in {"while", "whereas"}:
            yield clause
            clause = []
    yield clause


def _words(tokens: Sequence[Token]) -> list[Word]:
    made: list[Word] = []
    joined = 0
    for at, token in enumerate(tokens):
        text = token.text.casefold()
        joined += text in _LISTS or text in _ARTICLES
        if text in _AUXILIARY or not any(letter.isalnum() for letter in text):
            continue
        key = min(token.terms or token.stems - {"s"} or {text.removesuffix("'s")})
        made.append((key, token.content or text[:1].isdigit(), at - joined))
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
        if end >= start2 or keys[end - 1] == keys[end2 - 1]:
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


def _moved(keys: Sequence[str], near: Pairs, known: float) -> float:
    """How near a sentence comes to its quote when one phrase only stands elsewhere: that is a matter of wording."""
    count, best = len(keys), known
    for start in range(count):
        for end in range(start + 1, min(start + LONGEST, count - 1) + 1):
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
            key, movable, place = words[end - 1]
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
        for token in (*unit.tokens, Token(".", frozenset())):
            text = token.text.casefold()
            if text in _LISTS:
                run, item = [*run, *item[-1:]], []
            elif token.content:
                item.append(min(token.terms or token.stems or {text}))
            elif text in {"a", "an", "the"}:
                continue
            else:
                whole = [*run, *item]
                found |= {frozenset({one, other}) for one, other in combinations(whole, 2)} if run else set()
                run, item = [], []
    return frozenset(found)
