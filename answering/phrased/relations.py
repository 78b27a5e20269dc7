"""Whether a sentence says of each name what its quote says of that very name. Knows nothing of meaning.

A sentence that has all its words from a quote can still be wrong: names exchanged, one thing's traits given to another.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Final

from answering.phrased.reading import Reading

MISPLACED_SHARE: Final = 0.34
"""Of a statement's words that may belong to statements about something else."""


def relation_fault(claim: Reading, units: Sequence[Reading], context: Reading) -> str:
    """What the claim puts together that its quotes do not, or nothing.

    Args:
        claim: the sentence.
        units: the sentences and lines of its quotes.
        context: headings and opening sentences, which name what units are about.
    """
    statements = [statement for unit in units for statement in unit.statements]
    for said in claim.statements:
        if fault := _pair_fault(said, statements, context) or _owner_fault(said, statements, context):
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
