"""Whether a sentence says of each name what its quote says of that very name. Knows nothing of meaning.

A sentence that has all its words from a quote can still be wrong: names exchanged, one thing's traits given to another.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final, NamedTuple

from answering.phrased.reading import PREPOSITIONS, Reading, Token, parts

MISPLACED_SHARE: Final = 0.34
"""Of a statement's words that may belong to statements about something else."""
_BY: Final = frozenset({"by", "through", "via", "using"})
_THANKS: Final = frozenset({"thanks"})
_BESIDE: Final = frozenset({"with", "in", "like", "than", "from", "at"})
"""A name behind one of these is neither the one that acts nor what is acted upon."""
_SUBJECT_MAY_FOLLOW: Final = PREPOSITIONS - {"of"}
_POINTING: Final = frozenset({"such", "these"})
_POINTING_FIRST: Final = _POINTING | frozenset("they it its their this both he she his her".split())  # noqa: SIM905
_AT_FIRST: Final = 3
"""Words behind which a pronoun rather stands for something of its own sentence."""
"""With one of these a line speaks of what the line before named."""
_COPULAS: Final = frozenset({"is", "are", "was", "were", "be", "remain", "remains", ":"})
_LONGEST_LABEL: Final = 4
"""Words."""
_LONGEST_HEAD: Final = 2
_TIED: Final = 2
"""Names of a part that are tied to each other."""
PASSIVE: Final = re.compile(r"\b(?:is|are|was|were|be|been|being|gets?)\b(?: \w+){0,5} by\b", re.IGNORECASE)
_EXAMPLES: Final = frozenset("example examples include includes including".split())  # noqa: SIM905
_RELATIVE: Final = frozenset({"which", "that", "whom"})


def relation_fault(claim: Reading, units: Sequence[Reading], contexts: Sequence[Reading]) -> str:
    """What the claim puts together that its quotes do not, or nothing.

    Args:
        claim: the sentence.
        units: the sentences and lines of its quotes.
        contexts: of each unit the headings and opening sentences, which name what it is about.
    """
    placed = list(_placed(units, contexts))
    heads = [head for head in map(_head, units) if head]
    for said in claim.statements:
        fault = _pair_fault(said, placed)
        for clause in _clauses(said, heads):
            fault = fault or _owner_fault(clause, placed)
        if fault := fault or _turned_fault(said, [each.statement for each in placed]):
            return fault
    return ""


def _placed(units: Sequence[Reading], contexts: Sequence[Reading]) -> Iterator["_Placed"]:
    """The statements of the lines; one that speaks of what the lines before named is taken with them."""
    spoken_of: tuple[Token, ...] = ()
    for unit, around in zip(units, contexts, strict=True):
        if not any(_points_back(unit.tokens, at) for at in range(len(unit.tokens))):
            spoken_of = ()
        for statement in labelled(unit):
            yield _Placed(statement, Reading("", (*around.tokens, *spoken_of)))
        if spoken_of:
            yield _Placed(Reading("", spoken_of), Reading("", (*around.tokens, *unit.tokens)))
        spoken_of = (*spoken_of, *unit.tokens)


def _points_back(tokens: Sequence[Token], at: int) -> bool:
    following = tokens[at + 1].text.casefold() if at + 1 < len(tokens) else ""
    return tokens[at].text.casefold() in (_POINTING if at > _AT_FIRST else _POINTING_FIRST) and following not in {
        "as", "a", "an",
    }  # fmt: skip


class _Placed(NamedTuple):
    """A statement of a quote, and what stands around it."""

    statement: Reading
    around: Reading


def labelled(unit: Reading) -> list[Reading]:
    """The statements of a line; in one that opens with a label each is about what the label names."""
    statements = list(unit.statements)
    end = next((at for at, token in enumerate(unit.tokens[: _LONGEST_LABEL + 1]) if token.text in {":", "—"}), 0)
    label = unit.tokens[:end]
    return [*statements[:1], *(Reading(each.text, (*label, *each.tokens)) for each in statements[1:])]


def _clauses(said: Reading, heads: Sequence[frozenset[str]]) -> Iterator[Reading]:
    """A statement, cut where a part begins with what another line of the quotes is about."""
    clause: list[Token] = []
    for part in parts(said.tokens):
        opening = _opening(part)
        if clause and any(head <= opening and not head <= _stems(clause) for head in heads):
            yield Reading(said.text, tuple(clause))
            clause = []
        clause += part
    yield Reading(said.text, tuple(clause))


def _opening(tokens: Sequence[Token]) -> frozenset[str]:
    """The stems of the first few words of a part."""
    content = [token for token in tokens if token.content][:_LONGEST_LABEL]
    return frozenset(stem for token in content for stem in token.stems)


def _stems(tokens: Sequence[Token]) -> frozenset[str]:
    return frozenset(stem for token in tokens for stem in token.stems)


def _names(reading: Reading) -> list[frozenset[str]]:
    return [token.terms | token.stems for token in reading.tokens if token.proper] + [
        frozenset({token.text}) for token in reading.tokens if token.text[:1].isdigit()
    ]


def _pair_fault(said: Reading, placed: Sequence[_Placed]) -> str:
    for scope in scopes(said):
        named = _names(scope)
        if len(named) == 1 and _count(scope.tokens) == _TIED:  # two names side by side: for Java JUnit
            named = [frozenset({term}) for token in scope.tokens if token.proper for term in token.terms]
        for one, other in combinations(named, 2):
            if not any(_holds(each, one, other) for each in placed):
                return "puts together what its quote does not"
    return ""


def scopes(said: Reading) -> list[Reading]:
    """The parts of a statement if each ties two names to each other: for Java there is A, for Python B."""
    made: list[list[Token]] = []
    for part in parts(said.tokens):
        named = _count(part)
        if made and (not named or (named == 1 and sum(token.content for token in part) == 1)):
            made[-1] = [*made[-1], *part]  # goes on with an enumeration
        else:
            made.append(part)
    alone = any(_count(part) < _TIED for part in made)
    return [said] if alone else [Reading(said.text, tuple(part)) for part in made]


def _count(tokens: Sequence[Token]) -> int:
    """How many names there are."""
    return sum(max(1, len(token.terms)) for token in tokens if token.proper or token.text[:1].isdigit())


def _holds(placed: _Placed, one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether a statement has both, or has one and stands under a heading that has the other."""
    around = placed.around.terms | placed.around.stems
    here = [_has(placed.statement, each) for each in (one, other)]
    return all(here) or all(bool(each & around) or has for each, has in zip((one, other), here, strict=True))


def _has(statement: Reading, name: frozenset[str]) -> bool:
    return any(name & found for found in _names(statement)) or bool(name & statement.terms)


def _owner_fault(said: Reading, placed: Sequence[_Placed]) -> str:
    """Words that stand only in statements about other things than the sentence's own."""
    own = _subjects(said, placed)
    about = [each for each in placed if own and _about(each.statement, own)]
    if not about:
        return ""
    around = frozenset(stem for each in about for stem in each.around.stems)
    words = [token for token in said.tokens if token.content and not token.proper and not token.stems & around]
    known = [token for token in words if any(token.stems & each.statement.stems for each in placed)]
    lost = [token for token in known if not any(token.stems & each.statement.stems for each in about)]
    lost = [token for token in lost if not _whole_of_one(token, said, placed)]
    if lost and len(lost) / len(known) >= MISPLACED_SHARE:
        return f"says “{lost[0].text}” of another thing than its quote"
    return ""


def _whole_of_one(lost: Token, said: Reading, placed: Sequence[_Placed]) -> bool:
    """Whether a word's part of the sentence is said by one line that speaks of no name: one item of a list."""
    part = next(part for part in parts(said.tokens) if any(token is lost for token in part))
    words = [token for token in part if token.content]
    return len(words) > 1 and any(
        not _names(each.statement) and all(token.stems <= each.statement.stems for token in words) for each in placed
    )


def _subjects(said: Reading, placed: Sequence[_Placed]) -> frozenset[str]:
    """What a statement is about: the names in it; without any, what one of the quotes' statements begins with."""
    named = frozenset().union(*_names(said))
    if named:
        return named
    heads = [_head(each.statement) for each in placed]
    opening = _opening(said.tokens)
    return max((head for head in heads if head <= opening), key=len, default=frozenset())


def _head(reading: Reading) -> frozenset[str]:
    """The stems of the first words of a line, up to one that only joins."""
    found: list[Token] = []
    for token in reading.tokens:
        if token.content and len(found) < _LONGEST_HEAD:
            found.append(token)
        elif found:
            break
    return _stems(found)


def _about(statement: Reading, own: frozenset[str]) -> bool:
    named = _names(statement)
    if named:
        return any(own & name for name in named) or bool(own & (statement.stems | statement.terms))
    head = _head(statement)
    return not head or own <= (statement.stems | statement.terms)


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
        if _near(tokens, at, _BESIDE, 4) or _near(tokens, at, _RELATIVE, 1) or _is_what(tokens, first, at):
            continue
        turned = PASSIVE.search(text) or _near(tokens, at, _THANKS, 4)
        if turned or not _near(tokens, at, _BY, 4):
            yield pair[::-1] if turned else pair


def _is_what(tokens: Sequence[Token], first: int, second: int) -> bool:
    """Whether one name is only said to be the other, which can be turned round: A and B are SQL queries."""
    between = [each.text.casefold() for each in tokens[first + 1 : second]]
    return bool(_EXAMPLES & set(between)) or (bool(_COPULAS & set(between)) and not PREPOSITIONS & set(between))


def _near(tokens: Sequence[Token], at: int, words: frozenset[str], reach: int) -> bool:
    return any(each.text.casefold() in words for each in tokens[max(at - reach, 0) : at])
