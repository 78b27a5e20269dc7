"""Whether a sentence says of each name what its quote says of that very name. Knows nothing of meaning.

A sentence that has all its words from a quote can still be wrong: names exchanged, one thing's traits given to another.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

from answering.phrased.reading import PREPOSITIONS, Reading, Token

MISPLACED_SHARE: Final = 0.34
"""Of a statement's words that may belong to statements about something else."""
_BY: Final = frozenset({"by", "through", "via", "using", "thanks"})
_BESIDE: Final = frozenset({"with", "in", "like", "than", "from", "at"})
"""A name behind one of these is neither the one that acts nor what is acted upon."""
_SUBJECT_MAY_FOLLOW: Final = PREPOSITIONS - {"of"}
_COPULAS: Final = frozenset({"is", "are", "was", "were", "be", "remain", "remains", ":"})
PASSIVE: Final = re.compile(r"\b(?:is|are|was|were|be|been|being|gets?)\b(?: \w+){0,5} by\b", re.IGNORECASE)


def relation_fault(claim: Reading, units: Sequence[Reading], context: Reading) -> str:
    """What the claim puts together that its quotes do not, or nothing.

    Args:
        claim: the sentence.
        units: the sentences and lines of its quotes.
        context: headings and opening sentences, which name what units are about.
    """
    statements = [statement for unit in units for statement in unit.statements]
    for said in claim.statements:
        fault = _pair_fault(said, statements, context) or _owner_fault(said, statements, context)
        if fault := fault or _turned_fault(said, statements):
            return fault
    return ""


def _names(reading: Reading) -> list[frozenset[str]]:
    return [token.terms | token.stems for token in reading.tokens if token.proper] + [
        frozenset({token.text}) for token in reading.tokens if token.text[:1].isdigit()
    ]


def _pair_fault(said: Reading, statements: Sequence[Reading], context: Reading) -> str:
    around = set(context.terms | context.stems)
    for one, other in combinations(_names(said), 2):
        if one & around or other & around:
            continue
        if not any(_has(each, one) and _has(each, other) for each in statements):
            return "puts together what its quote does not"
    return ""


def _has(statement: Reading, name: frozenset[str]) -> bool:
    return any(name & found for found in _names(statement)) or bool(name & statement.terms)


def _owner_fault(said: Reading, statements: Sequence[Reading], context: Reading) -> str:
    """Words that stand only in statements about other names than the sentence's own."""
    own = _subjects(said, statements)
    if not own:
        return ""
    words = [token for token in said.tokens if token.content and not token.proper and not token.stems & context.stems]
    placed = [(token, [each for each in statements if token.stems & each.stems]) for token in words]
    placed = [(token, where) for token, where in placed if where]
    lost = [token for token, where in placed if not any(_about(each, own) for each in where)]
    if lost and len(lost) / len(placed) >= MISPLACED_SHARE:
        return f"says “{lost[0].text}” of another thing than its quote"
    return ""


def _subjects(said: Reading, statements: Sequence[Reading]) -> frozenset[str]:
    """What a statement is about: the names in it; without any, what one of the quotes' statements begins with."""
    named = frozenset().union(*_names(said))
    if named:
        return named
    heads = {stem for each in statements for stem in _head(each)}
    return _head(said) & heads


def _head(reading: Reading) -> frozenset[str]:
    first = next((token for token in reading.tokens if token.content), None)
    return first.stems if first else frozenset()


def _about(statement: Reading, own: frozenset[str]) -> bool:
    named = _names(statement)
    if named:
        return any(own & name for name in named) or bool(own & (statement.stems | statement.terms))
    head = _head(statement)
    return not head or bool(own & (statement.stems | statement.terms))


def _turned_fault(said: Reading, statements: Sequence[Reading]) -> str:
    for claimed in _acts(said):
        for quoted in (act for each in statements for act in _acts(each)):
            if claimed[0] & quoted[1] and claimed[1] & quoted[0]:
                return "exchanges who does what"
    return ""


def _acts(reading: Reading) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """Pairs of names, the one that acts first."""
    tokens = reading.tokens
    named = [at for at, token in enumerate(tokens) if token.proper]
    if len(named) < 2 or _near(tokens, named[0], _SUBJECT_MAY_FOLLOW, 2):  # noqa: PLR2004
        return
    text = " ".join(token.text for token in tokens)
    first, rest = named[0], named[1:]
    for at in rest:
        pair = (tokens[first].terms, tokens[at].terms)
        if _near(tokens, at, _BESIDE, 4) or _is_what(tokens, first, at):
            continue
        yield pair[::-1] if _near(tokens, at, _BY, 4) or PASSIVE.search(text) else pair


def _is_what(tokens: Sequence[Token], first: int, second: int) -> bool:
    """Whether one name is only said to be the other, which can be turned round: A and B are SQL queries."""
    between = [each.text.casefold() for each in tokens[first + 1 : second]]
    return bool(_COPULAS & set(between)) and not PREPOSITIONS & set(between)


def _near(tokens: Sequence[Token], at: int, words: frozenset[str], reach: int) -> bool:
    return any(each.text.casefold() in words for each in tokens[max(at - reach, 0) : at])
