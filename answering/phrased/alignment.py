"""Whether each stretch of a sentence says what one line of its quotes says, or mixes what they say of different things.

The sentence is laid along the lines of its quotes, each word to a line that has it, changing lines as seldom as it can,
and rather where a part begins than within one. What merges two lines changes once; what gives one thing the traits of
another has to change in the middle of its parts, or to leave words at a line that does not have them.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from answering.phrased.reading import Reading, Token

CHANGE: Final = 0.2
"""What it costs to change lines where a part of the sentence begins; with a word at a line that lacks it as 1."""
CHANGE_WITHIN: Final = 0.6
"""The same in the middle of a part."""
NAME: Final = 2.0
"""What a name costs at a line that lacks it."""
AROUND: Final = 0.3
"""Share of the cost where the headings or lines around the line have the word."""
_BREAKS: Final = frozenset(
    ", ; : ( ) — – . ! ? and or but while whereas although though which because if where when whose so since".split()  # noqa: SIM905
) | {"\n"}
"""Behind these a part begins."""


class Line(NamedTuple):
    """A line of a quote."""

    own: frozenset[str]
    """Stems and names in it."""
    around: frozenset[str]
    """Those of what stands around it."""


def mixing(claim: Reading, lines: Sequence[Line]) -> float:
    """What it costs to lay a sentence along lines, beyond one change to each line that is used; 0 if it mixes nothing.

    Args:
        claim: the sentence.
        lines: of its quotes.
    """
    known = _known(claim.tokens, lines)
    if len(lines) < 2 or not known:  # noqa: PLR2004
        return 0.0
    costs, used = list(known[0][0]), [frozenset({at}) for at in range(len(lines))]
    for here, begins in known[1:]:
        change = CHANGE if begins else CHANGE_WITHIN
        best = min(range(len(lines)), key=costs.__getitem__)
        moved = [cost > costs[best] + change for cost in costs]
        used = [used[best] | {at} if moved[at] else each for at, each in enumerate(used)]
        costs = [(costs[best] + change if moved[at] else costs[at]) + here[at] for at in range(len(lines))]
    best = min(range(len(lines)), key=costs.__getitem__)
    return costs[best] - CHANGE * (len(used[best]) - 1)


def _known(tokens: Sequence[Token], lines: Sequence[Line]) -> list[tuple[list[float], bool]]:
    """Of each word that some line has: what it costs at each line, and whether a part begins with it."""
    found: list[tuple[list[float], bool]] = []
    begins = True
    for token in tokens:
        if token.text.casefold() in _BREAKS:
            begins = True
        elif token.content or token.text[:1].isdigit():
            keys = (token.terms if token.proper else token.terms | token.stems) or frozenset({token.text})
            if any(keys & line.own for line in lines):
                found.append(([_cost(token, keys, line) for line in lines], begins))
                begins = False
    return found


def _cost(token: Token, keys: frozenset[str], line: Line) -> float:
    if keys & line.own:
        return 0.0
    return (NAME if token.proper else 1.0) * (AROUND if keys & line.around else 1.0)
