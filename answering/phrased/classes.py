"""What a text names as examples of what: databases such as MongoDB; MongoDB is an example of a database.

Told in either order it is the same claim; with an example in its class's place it is another one.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from answering.phrased.reading import PREPOSITIONS, Reading, Token

_BE: Final = frozenset({"is", "are", "was", "were"})
_EXAMPLES: Final = frozenset({"example", "examples", "instance", "instances"})
_INCLUDES: Final = frozenset({"include", "includes", "including"})
_JOINS: Final = frozenset({",", "and", "or", "&", "/", "as", "well", "(", ")"})
_SKIPPED: Final = frozenset({"a", "an", "the", "one", "of", "popular", "common", "typical", "some", "other"})
_ENDS: Final = frozenset(".!?;:\n—–")
_CLAUSES: Final = frozenset({"while", "whereas", "but", "because", "so"})
_LONGEST_CLASS: Final = 5
"""Words."""
_LONGEST_ITEM: Final = 4
_FULL: Final = 0.99
_RELATIVE: Final = frozenset({"that", "which", "who"})
_ARE: Final = Token("are", frozenset())
_OPENS_CLASS: Final = frozenset({"the", "one", "a", "an", "another"})


def told_plainly(tokens: Sequence[Token]) -> list[Token]:
    """Each clause that names examples as: A and B are C; and what is told of a name as: the name is it."""
    made: list[Token] = []
    clause: list[Token] = []
    for token in (*tokens, Token("", frozenset())):
        if token.text and token.text not in _ENDS and token.text.casefold() not in _CLAUSES:
            clause.append(token)
        else:
            made += [*_plainly(clause), *([token] if token.text else [])]
            clause = []
    return made


def _plainly(clause: list[Token]) -> list[Token]:
    texts = [token.text.casefold() for token in clause]
    for at, text in enumerate(texts):
        if text in _BE and "of" in texts[at + 1 : at + 6] and set(texts[at + 1 : at + 5]) & _EXAMPLES:
            return [*clause[: at + 1], *clause[texts.index("of", at) + 1 :]]
        turned = clause[at + 1 :], clause[:at]
        if text in _INCLUDES and at and not (PREPOSITIONS | _RELATIVE) & set(texts[:at]) and _only_lists(turned[0]):
            return [*turned[0], _ARE, *turned[1]]
        if text in _BE and texts[0] in _OPENS_CLASS and _only_names(turned[0]) and not _holds_name(turned[1]):
            return [*turned[0], _ARE, *turned[1]]
        example = text == "for" and 0 < at <= _LONGEST_CLASS and set(texts[at + 1 : at + 2]) & _EXAMPLES
        if example and _only_lists(clause[at + 2 :]):
            return [*clause[at + 2 :], _ARE, *clause[: at - (texts[at - 1] == ",")]]
    return clause


def _only_names(tokens: Sequence[Token]) -> bool:
    return bool(tokens) and all(token.proper or token.text.casefold() in _JOINS for token in tokens)


def _holds_name(tokens: Sequence[Token]) -> bool:
    return any(token.proper for token in tokens)


def _only_lists(tokens: Sequence[Token]) -> bool:
    return bool(tokens) and all(
        token.content or token.text.casefold() in _JOINS or token.text.casefold() in _SKIPPED for token in tokens
    )


class Group(NamedTuple):
    """A class and what a text names as examples of it, each as the keys of its words."""

    of: frozenset[str]
    items: tuple[frozenset[str], ...]


def class_fault(claim: Reading, units: Sequence[Reading]) -> str:
    """Whether a claim names an example in its class's place, or under another class, or nothing.

    Args:
        claim: the sentence.
        units: the sentences and lines of its quotes.
    """
    known = [group for unit in units for group in groups(unit.tokens)]
    for said in groups(claim.tokens) if known else ():
        for group in known:
            named = frozenset().union(*group.items) - group.of
            if said.of & named and any(item & (group.of - named) for item in said.items):
                return f"exchanges {sorted(said.of & named)[0]} and what it is an example of"
        for item in said.items:
            own = [group for group in known if any(item & each for each in group.items)]
            others = [group for group in known if group not in own]
            fit = max((_fit(said, group) for group in own), default=1.0)
            if own and fit < _FULL <= max((_fit(said, group) for group in others), default=0.0):
                return f"names {sorted(item)[0]} as an example of something else than its quote"
    return ""


def _fit(said: Group, group: Group) -> float:
    return len(said.of & group.of) / len(said.of)


def groups(tokens: Sequence[Token]) -> Iterator[Group]:
    """The classes of a text with their examples."""
    for clause in _clauses(tokens):
        texts = [token.text.casefold() for token in clause]
        for at, text in enumerate(texts):
            following = texts[at + 1] if at + 1 < len(texts) else ""
            if text in {"such", "like"} and (text == "like" or following == "as"):
                yield from _group(_before(clause, at), _items(clause, at + 1 + (text == "such")))
            elif text == "for" and following in _EXAMPLES:
                yield from _group(_before(clause, at), _items(clause, at + 2))
            elif text in _INCLUDES:
                yield from _group(_whole(clause[:at]), _items(clause, at + 1))
            elif text in _BE and set(texts[:at]) & _EXAMPLES and "of" in texts[:at]:
                yield from _group(_whole(clause[texts.index("of") + 1 : at]), _items(clause, at + 1))
            elif text in _BE and set(texts[at + 1 : at + 5]) & _EXAMPLES and "of" in texts[at + 1 : at + 6]:
                yield from _group(_after(clause, texts.index("of", at) + 1), _listed(clause[:at]))
            elif text == "are" and not set(texts) & (_EXAMPLES | _INCLUDES) and len(_listed(clause[:at])) > 1:
                yield from _group(_after(clause, at + 1), _listed(clause[:at]))


def _group(of: frozenset[str], items: Sequence[frozenset[str]]) -> Iterator[Group]:
    if of and items:
        yield Group(of, tuple(items))


def _clauses(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    clause: list[Token] = []
    for token in tokens:
        if token.text in _ENDS or token.text.casefold() in _CLAUSES:
            yield clause
            clause = []
        else:
            clause.append(token)
    yield clause


def _keys(tokens: Sequence[Token]) -> frozenset[str]:
    """What words are known by: their stems, and the names that they are."""
    return frozenset(key for token in tokens if token.content for key in token.stems | token.terms)


def _whole(tokens: Sequence[Token]) -> frozenset[str]:
    """A class that takes up all that stands before a verb: industries that use Java."""
    start = max((at + 1 for at, token in enumerate(tokens) if token.text == ","), default=0)
    return _keys(tokens[start:])


def _before(tokens: Sequence[Token], at: int) -> frozenset[str]:
    """The words right before a place."""
    end = at - 1 if at and tokens[at - 1].text == "," else at
    start = end
    while start and end - start < _LONGEST_CLASS and tokens[start - 1].content:
        start -= 1
    return _keys(tokens[start:end])


def _after(tokens: Sequence[Token], at: int) -> frozenset[str]:
    """The words right behind a place."""
    while at < len(tokens) and tokens[at].text.casefold() in _SKIPPED:
        at += 1
    end = at
    while end < len(tokens) and end - at < _LONGEST_CLASS and tokens[end].content:
        end += 1
    return _keys(tokens[at:end])


def _items(tokens: Sequence[Token], at: int) -> list[frozenset[str]]:
    """The items of the enumeration that begins at a place, up to the word that does not belong to it."""
    found: list[frozenset[str]] = []
    item: list[Token] = []
    for token in (*tokens[at:], Token(",", frozenset())):
        text = token.text.casefold()
        if text in _JOINS:
            found += [_keys(item)] if _keys(item) else []
            item = []
        elif token.content and len(item) < _LONGEST_ITEM:
            item.append(token)
        elif text not in _SKIPPED:
            found += [_keys(item)] if _keys(item) and text in PREPOSITIONS else []
            break
    return found


def _listed(tokens: Sequence[Token]) -> list[frozenset[str]]:
    """The items of the enumeration that ends at a place; nothing where something else stands in it."""
    plain = [token for token in tokens if token.text.casefold() not in _SKIPPED]
    ends = [at for at, token in enumerate(plain) if not token.content and token.text.casefold() not in _JOINS]
    return _items(plain, ends[-1] + 1 if ends else 0)
