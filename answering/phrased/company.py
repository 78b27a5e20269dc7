"""Whether names keep the company that they keep in their quotes: what they are listed with and stand beside.

"Django and Flask" of Python are no "Python and Flask" of Django, and "IoT applications" no "IoT databases".
"""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import pairwise
from typing import Final

from answering.phrased.english import STRONG
from answering.phrased.reading import PREPOSITIONS, Reading, Token, is_word
from retrieval.words import stems

_LISTS: Final = frozenset(", and or & / as well plus".split())  # noqa: SIM905
_JOINS: Final = _LISTS - {",", "/"}
_OF: Final = frozenset({"for", "of", "in"})
_FILLS: Final = frozenset({"a", "an", "the"})
_CLAIMS_OF_ALL: Final = frozenset().union(*STRONG)
"""Words that are looked at elsewhere, and said of anything: must, only."""
_NAME_AND_WORDS: Final = re.compile(r"(\S*[A-Z]\S*(?: \S*[A-Z]\S*)*)((?: [a-z]+)+)")
_FEW: Final = 2
"""Names of a short list: where only a comma parts them, they are listed if nothing is said behind them."""

Terms = frozenset[str]
Group = list[Terms]
"""Names that are listed."""


def company_fault(claim: Reading, units: Sequence[Reading]) -> str:
    """What is wrong with the company of a claim's names, or nothing.

    Args:
        claim: the sentence.
        units: the sentences and lines of its quotes.
    """
    said, lines = _apart(claim), [_apart(unit) for unit in units]
    listed, quoted = list(_groups(said.tokens)), [group for line in lines for group in _groups(line.tokens)]
    terms = _union([line.terms for line in lines])
    fault = "" if "respectively" in claim.words else _listed_fault(said.terms, terms, listed, quoted)
    return fault or _beside_fault(said, lines, [*listed, *quoted])


def _apart(reading: Reading) -> Reading:
    """With the words behind a name that make a term with it on their own: HTTP methods."""
    return Reading(reading.text, tuple(part for token in reading.tokens for part in _name_and_words(token)))


def _name_and_words(token: Token) -> Iterator[Token]:
    found = _NAME_AND_WORDS.fullmatch(token.text) if token.terms else None
    if found is None:
        yield token
        return
    name, rest = found.groups()
    yield Token(name, frozenset(stems(name)), frozenset({name.casefold()}), proper=True, content=True)
    for word in rest.split():
        yield Token(word, frozenset(stems(word)), content=True)


def _listed_fault(said: Terms, known: Terms, listed: Sequence[Group], quoted: Sequence[Group]) -> str:
    """A name listed with another in the place of one that its quote lists there."""
    for theirs in quoted:
        own = _union(theirs)
        for group in listed:
            kept = [each for each in group if each & own]
            strange = [each for each in group if each & known - own and not each & own]
            left = [each for each in theirs if each & said and not each & _union(group)]
            if kept and strange and left and not any(_together(listed, strange[0], each) for each in left):
                return f"lists {_told(strange[0])} where its quote lists {_told(left[0])}"
    return ""


def _together(groups: Sequence[Group], one: Terms, other: Terms) -> bool:
    return any(_union(group) & one and _union(group) & other for group in groups)


def _beside_fault(claim: Reading, units: Sequence[Reading], listed: Sequence[Group]) -> str:
    """A word that stands right beside one name where its quote puts it beside another."""
    known = [pair for unit in units for pair in _beside(unit.tokens)]
    said = list(_beside(claim.tokens))
    few = [group for group in listed if len(group) <= _FEW]  # unit and integration tests; not A, B, and SQL injection
    for name, word, after in said:
        if any(name & other and word & forms for other, forms, _ in known):
            continue
        rivals = [other for other, forms, side in known if side == after and word & forms and other & claim.terms]
        for rival in rivals:
            own = any(rival & other and word & forms for other, forms, _ in said)
            if not own and not _together(listed if not after else few, name, rival):
                return f"says “{sorted(word)[0]}” of {_told(name)}, which its quote says of {_told(rival)}"
    return ""


def _beside(tokens: Sequence[Token]) -> Iterator[tuple[Terms, Terms, bool]]:
    """Names with a word that stands right before or after each, and whether it stands after it.

    What is for a name, of it or in it stands after it, too: frameworks for Python, Python frameworks.
    """
    for one, other in pairwise(tokens):
        if one.terms and _says(other):
            yield one.terms, other.stems, True
        if _says(one) and other.terms:
            yield other.terms, one.stems, False
    for at, token in enumerate(tokens):
        if _says(token) and at + 2 < len(tokens) and tokens[at + 1].text.casefold() in _OF:
            name = next((each for each in tokens[at + 2 : at + 4] if each.text.casefold() not in _FILLS), None)
            if name and name.terms:
                yield name.terms, token.stems, True


def _groups(tokens: Sequence[Token]) -> Iterator[Group]:
    """Names that are listed; what stands in brackets behind one is another name for it."""
    line = _without_brackets(tokens)
    at = 0
    while at < len(line):
        end, joins = at + 1, set[str]()
        group = [line[at].terms]
        while group[0]:
            following = end
            while following < len(line) and line[following].text.casefold() in _LISTS:
                following += 1
            if following == end or following == len(line) or not line[following].terms:
                break
            joins |= {token.text.casefold() for token in line[end:following]}
            group.append(line[following].terms)
            end = following + 1
        if len(group) > 1 and _are_listed(line, at, end, joins, len(group)):
            yield group
        at = end


def _are_listed(line: Sequence[Token], start: int, end: int, joins: Set[str], count: int) -> bool:
    before = line[start - 1].text.casefold() if start else ""
    after = line[end].text.casefold() if end < len(line) else ""
    if before in PREPOSITIONS and after == before:
        return False  # there is one for Python and JUnit for Java
    return bool(joins & _JOINS) or count > _FEW or not is_word(after)


def _without_brackets(tokens: Sequence[Token]) -> list[Token]:
    made: list[Token] = []
    depth = 0
    for token in tokens:
        depth += token.text == "("
        if not depth:
            made.append(token)
        depth -= token.text == ")" and depth > 0
    return made


def _says(token: Token) -> bool:
    return token.content and not token.terms and bool(token.stems) and token.text.casefold() not in _CLAIMS_OF_ALL


def _union(group: Iterable[Terms]) -> Terms:
    return frozenset().union(*group)


def _told(terms: Terms) -> str:
    return sorted(terms)[0]
