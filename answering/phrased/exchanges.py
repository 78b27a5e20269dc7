"""Whether two things of a sentence have changed places against its quote, by the words that stand beside each.

Who does what to whom is told by neighbours: in "Xdebug is a debugging tool for PHP", *for* stands before PHP. Put
differently, most things keep their neighbours; exchanged, each has those of the other.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from typing import Final

from answering.phrased.reading import PREPOSITIONS, Reading, Token, is_word

REACH: Final = 4
"""Words to either side that count as neighbours, the nearer the more."""
REACH_OF_JOINING: Final = 2
"""Words to the left within which a preposition governs a thing."""
CLEARLY: Final = 1.0
"""By how much two things must fit each other's places better than their own."""
_IGNORED: Final = frozenset("a an the this that these those it its is are was were be been s".split())  # noqa: SIM905
_PARTING: Final = frozenset(", and or ( ) / & as well".split())  # noqa: SIM905
_CALLS: Final = frozenset("called abbreviated stands short known abbreviation acronym".split())  # noqa: SIM905
_CALLING: Final = frozenset("is are also as for the an or of often usually s )".split())  # noqa: SIM905
_WHICH_IS: Final = [",", "which", "is"]
_ENDS: Final = frozenset(".!?;\n")

Beside = Mapping[str, Mapping[str, float]]
"""Of each thing its neighbours, and how near they stand."""


def exchange_fault(claim: Reading, quote: Reading) -> str:
    """What is wrong with the places of a claim's names and terms, or nothing."""
    said, quoted = _neighbours(claim.tokens), _neighbours(quote.tokens)
    together = _enumerated(quote.tokens)
    proper = frozenset(name for token in (*claim.tokens, *quote.tokens) if token.proper for name in token.terms)
    for one, other in combinations([name for name in said if name in quoted], 2):
        if (one in proper) != (other in proper) or {one, other} in together:
            continue
        own = _alike(said[one], quoted[one], other) + _alike(said[other], quoted[other], one)
        exchanged = _alike(said[one], quoted[other], one) + _alike(said[other], quoted[one], other)
        if exchanged > own + CLEARLY:
            return f"exchanges {one} and {other}"
    return _gloss_fault(claim, quote)


def _gloss_fault(claim: Reading, quote: Reading) -> str:
    """A name put in brackets behind another one is another name for it, so its quote has to put it there, too."""
    known = list(_glosses(quote))
    for one, other in _called(claim):
        same = any((one & left and other & right) or (one & right and other & left) for left, right in known)
        if not one & other and not same and any((one | other) & (left | right) for left, right in known):
            return "gives something a name that its quote gives something else"
    for one, other in _told_to_be(claim):
        mine, theirs = ([pair for pair in known if name & (pair[0] | pair[1])] for name in (one, other))
        if mine and theirs and not any(pair in theirs for pair in mine):
            return "gives something a name that its quote gives something else"
    for one, other in _glosses(claim):
        if not one & other and not any(one & left and other & right for left, right in known):
            return "puts a name in brackets where its quote does not"
    return ""


def _glosses(reading: Reading) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    for one, sign, other in zip(reading.tokens, reading.tokens[1:], reading.tokens[2:], strict=False):
        if sign.text == "(" and one.terms and other.terms:
            yield one.terms, other.terms


def _told_to_be(reading: Reading) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """Names of which the sentence says in passing that one is the other: XSS, which is Cross-Site Scripting."""
    return ((one, other) for one, between, other in _following(reading) if between == _WHICH_IS)


def _called(reading: Reading) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """Names of which the sentence says that one stands for the other."""
    for one, between, other in _following(reading):
        if set(between) & _CALLS and set(between) <= _CALLS | _CALLING:
            yield one, other


def _following(reading: Reading) -> Iterator[tuple[frozenset[str], list[str], frozenset[str]]]:
    """Each name with the next one, and the words between them."""
    named = [at for at, token in enumerate(reading.tokens) if token.terms]
    for first, second in pairwise(named):
        between = [token.text.casefold() for token in reading.tokens[first + 1 : second]]
        yield reading.tokens[first].terms, between, reading.tokens[second].terms


def _alike(said: Mapping[str, float], quoted: Mapping[str, float], but: str) -> float:
    return sum(near * quoted[word] for word, near in said.items() if word in quoted and word != but)


def _neighbours(tokens: Sequence[Token]) -> Beside:
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for line in _lines(tokens):
        for at, token in enumerate(line):
            for name in _named(token):
                for place, other in enumerate(line):
                    if near := _nearness(other, place - at):
                        for word in _words(other):
                            found[name][word] = max(found[name].get(word, 0.0), near)
    return found


def _nearness(other: Token, distance: int) -> float:
    """How much a word counts so far to the right; what only joins words counts where it governs: right before."""
    if not distance or abs(distance) > REACH:
        return 0.0
    if other.text.casefold() in PREPOSITIONS or not other.stems:
        return 1 / -distance if -REACH_OF_JOINING <= distance < 0 else 0.0
    return 1 / abs(distance)


def _enumerated(tokens: Sequence[Token]) -> list[set[str]]:
    """Pairs of things that a text only lists one after the other, so that their order says nothing."""
    named = [at for at, token in enumerate(tokens) if token.terms]
    return [
        {one, other}
        for first, second in combinations(named, 2)
        if _only_lists(tokens[first + 1 : second])
        for one in tokens[first].terms
        for other in tokens[second].terms
    ]


def _only_lists(between: Sequence[Token]) -> bool:
    """Whether words between two things only part them and what else is listed: commas, and, or, brackets."""
    parted = any(token.text.casefold() in _PARTING for token in between)
    alone = 0
    for token in between:
        if token.text.casefold() in _PARTING:
            alone = 0
        elif not token.terms:
            alone += 1
        if alone > 1 or token.text.casefold() in PREPOSITIONS or token.text.casefold() in _IGNORED:
            return False
    return parted


def _lines(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    line: list[Token] = []
    for token in tokens:
        if token.text in _ENDS:
            yield line
            line = []
        elif token.text.casefold() not in _IGNORED and is_word(token.text):
            line.append(token)
    yield line


def _named(token: Token) -> frozenset[str]:
    return token.terms or (frozenset({token.text}) if token.text.isdigit() else frozenset())


def _words(token: Token) -> frozenset[str]:
    return token.terms or token.stems or frozenset({token.text.casefold()})
