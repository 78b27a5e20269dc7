"""Whether a sentence says of each name what its quote says of that very name. Knows nothing of meaning.

A sentence that has all its words from a quote can still be wrong: names exchanged, one thing's traits given to another.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from answering.phrased.alignment import Line, mixing
from answering.phrased.reading import PREPOSITIONS, Reading, Token, parts

MOST_MIXED: Final = 0.3
"""What it may cost to lay a sentence along the lines of its quotes: less than a change of lines within a part."""
_SAYS_WHAT_IT_IS: Final = re.compile(r"\bstands? for\b|\brespectively\b|^What\b|\b(?:is|are|was) what\b|\bserves?\b")
"""Sentences that begin with what is acted upon, or in which nothing acts."""
_BY: Final = frozenset({"by", "through", "via", "using"})
_THANKS: Final = frozenset({"thanks"})
_BESIDE: Final = frozenset({"with", "in", "like", "than", "from", "at"})
"""A name behind one of these is neither the one that acts nor what is acted upon."""
_SUBJECT_MAY_FOLLOW: Final = PREPOSITIONS - {"of"}
_POINTING: Final = frozenset({"such", "these"})
_POINTING_FIRST: Final = _POINTING | frozenset("they it its their this both he she his her".split())  # noqa: SIM905
"""With one of these a line speaks of what the line before named."""
_AT_FIRST: Final = 3
"""Words behind which a pronoun rather stands for something of its own sentence."""
_COPULAS: Final = frozenset({"is", "are", "was", "were", "be", "remain", "remains", ":"})
_LONGEST_LABEL: Final = 4
"""Words."""
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
    if mixing(claim, [each.line for each in placed]) > MOST_MIXED:
        return "mixes what its quotes say of different things"
    if sum(token.proper for token in claim.tokens) != _TIED or _SAYS_WHAT_IT_IS.search(claim.text):
        return ""
    turned = (_turned_fault(said, [each.statement for each in placed]) for said in claim.statements)
    return next(filter(None, turned), "")


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

    @property
    def line(self) -> Line:
        """As sentences are laid along it."""
        figures = (token.text for token in self.statement.tokens if token.text[:1].isdigit())
        return Line(
            self.statement.stems | self.statement.terms | frozenset(figures), self.around.stems | self.around.terms
        )


def labelled(unit: Reading) -> list[Reading]:
    """The statements of a line; in one that opens with a label each is about what the label names."""
    statements = list(unit.statements)
    end = next((at for at, token in enumerate(unit.tokens[: _LONGEST_LABEL + 1]) if token.text in {":", "—"}), 0)
    label = unit.tokens[:end]
    return [*statements[:1], *(Reading(each.text, (*label, *each.tokens)) for each in statements[1:])]


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
