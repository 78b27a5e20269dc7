"""Brings what can be put in several ways to one: passive to active, "X's Y" to "Y of X", examples of a class.

Knows nothing of what is compared.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from answering.phrased.classes import told_plainly
from answering.phrased.reading import PREPOSITIONS, Token

AUXILIARY: Final = frozenset(
    """a an the this that these those such which who whose is are was were be been being am has have had having do does
    did can could may might must shall should will would it its their they them also so more most very both one ones
    what when while where and or""".split()  # noqa: SIM905
)
"""Words that say little of who does what."""
SHARED_START: Final = 5
"""Letters that two forms of one word have in common."""
_BE: Final = frozenset("is are was were be been being gets get".split())  # noqa: SIM905
_ENDS: Final = frozenset(".!?;\n")
_STOPS: Final = frozenset(".!?;,:()—–\n")
_PARTICIPLE: Final = re.compile(
    r".+(?:ed|en)$|(?:built|made|kept|held|done|sent|set|put|run|sold|bought|told|led|cut|read|found|won|lost|met)$"
)
_FIRST_OF_CLAUSE: Final = frozenset(", ; : — – while whereas but because so that which".split())  # noqa: SIM905
_LONGEST: Final = 6
"""Words of what is owned."""


def plain(tokens: Sequence[Token]) -> list[Token]:
    """The same, in one form."""
    return _active(_owned(told_plainly(tokens)))


def _owned(tokens: Sequence[Token]) -> list[Token]:
    """An application's visible part, as: visible part of application."""
    made: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.text.endswith(("'s", "’s")) and token.content:
            end = at + 1
            while end < len(tokens) and _names_it(tokens[end]) and end - at <= _LONGEST:
                end += 1
            if end > at + 1:
                made += [*tokens[at + 1 : end], _OF, token]
                at = end
                continue
        made.append(token)
        at += 1
    return made


def _names_it(token: Token) -> bool:
    return bool(token.stems) and token.text.casefold() not in PREPOSITIONS | AUXILIARY


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


def same_start(one: str, other: str) -> bool:
    """Whether two words may be forms of one: organize, organization."""
    return len(one) >= SHARED_START and one[:SHARED_START] == other[:SHARED_START]
