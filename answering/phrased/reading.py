"""A text as claims are compared: its words, the names in it, its numbers, and where one statement ends.

Knows nothing of what the text is compared with.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from answering.phrased.amounts import measures, numbers
from answering.phrased.english import COUNTS, GLUE
from retrieval.english import is_english
from retrieval.names import ATOM, Name, names_by_key
from retrieval.words import STOP_WORDS, stems
from skills.lexicon import technical_terms

_TOKEN: Final = re.compile(r"\d+(?:[.,:]\d+)+|\.?[^\W_]+(?:[.’'/&-][^\W_]+)*(?:\+\+|#)?|[,;:()—–]|[.!?](?=\s|$)|\n")
_LOOKS_LIKE_NAME: Final = re.compile(r"\d*[^\W\d_]+\d|.+[A-Z]|.*(?:\+\+|#)$|.*[^\W\d_]\.[^\W\d_]|^\.")
_ENDING: Final = re.compile(r"['’](?:d|ll|m|re|s|ve)$|(?<=[A-Z]{2})s$")
"""What a name or a pronoun may end in: HTTP's, JWTs, you'd."""
_SENTENCE_END: Final = frozenset(".!?\n")
_JOINS: Final = frozenset({",", "and", "or", "&", "as", "well", "(", ")", "/", "plus"})
"""What may stand between the names of an enumeration."""
PREPOSITIONS: Final = frozenset(
    "for with in of on to by from through via as like than unlike using under at into between among".split()  # noqa: SIM905
)
_PARTS: Final = frozenset({",", ";", "and", "or", "but", "while", "whereas", "although", "though", "—", "–"})
"""Where another statement may begin."""
_CONTRASTS: Final = frozenset({"while", "whereas"})
"""Where another statement does begin, unless nothing has been said yet."""
_LONGEST_NAME: Final = 6
"""Words."""
_ENGLISH_FROM: Final = 4
"""Letters from which the list of English words has all of them."""


class Names:
    """The names that a guide and its glossary know, by any way to write them."""

    def __init__(self, names: Mapping[str, Sequence[str]], plain: Iterable[str] = ()) -> None:
        """Takes each term with what else people call it, and words that the guides write in small letters."""
        self.plain = frozenset(plain)
        self._by_key: dict[str, Name] = names_by_key({term: tuple(also) for term, also in names.items()})

    def found(self, text: str) -> Iterator[tuple[int, int, str]]:
        """The names in a text, longest first at each place: start, end, and the term that is meant."""
        atoms = [(each.group().casefold(), each.start(), each.end()) for each in ATOM.finditer(text)]
        at = 0
        while at < len(atoms):
            for size in range(min(_LONGEST_NAME, len(atoms) - at), 0, -1):
                start, end = atoms[at][1], atoms[at + size - 1][2]
                key = "".join(atom for atom, _, _ in atoms[at : at + size])
                name = self._by_key.get(key) or (self._by_key.get(key.removesuffix("s")) if size > 1 else None)
                if name and not _SPLITS.search(text[start:end]) and _is_meant(name, text[start:end]):
                    yield start, end, name.term
                    at += size - 1
                    break
            at += 1


_HAS_TO: Final = re.compile(r"\b(?:(?:has|have|had) to(?! thank\b| do with\b)|call(?:s|ed)? for)\b", re.IGNORECASE)
_NOT_ONLY: Final = re.compile(r"\bnot (only|just|merely|simply)\b(?=.* (?:but|also)\b)")
_SUMS_UP: Final = re.compile(r",? and [^,]+ (all) (?!of |the )\w+", re.IGNORECASE)
_SPLITS: Final = re.compile(r"[,;:!?]|[.]\s")


def _is_meant(name: Name, said: str) -> bool:
    if name.capitals:
        return said.isupper()
    if said.islower() and _known_proper(name.term) and (is_english(said) or said in GLUE | {"go"}):
        return False  # go down, rest on, put
    return said[:1].isupper() if name.ordinary else True


@dataclass(frozen=True)
class Token:
    """A word, a name or a sign."""

    text: str
    stems: frozenset[str]
    terms: frozenset[str] = frozenset()
    """What it names, by the glossary's terms; a proper name that no glossary knows names itself, folded."""
    proper: bool = False
    """A name, not a word that a dictionary has."""
    content: bool = False
    """Says something about a subject."""


@dataclass(frozen=True)
class Reading:
    """A text, read."""

    text: str
    tokens: tuple[Token, ...]

    @cached_property
    def stems(self) -> frozenset[str]:
        """All stems."""
        return frozenset(stem for token in self.tokens for stem in token.stems)

    @cached_property
    def terms(self) -> frozenset[str]:
        """All that it names."""
        return frozenset(term for token in self.tokens for term in token.terms)

    @cached_property
    def words(self) -> frozenset[str]:
        """Its words in small letters."""
        words = {token.text.casefold() for token in self.tokens} - set(_NOT_ONLY.findall(self.text.casefold()))
        return frozenset(words | {"must"} if _HAS_TO.search(self.text) else words)

    @cached_property
    def numbers(self) -> Counter[str]:
        """Its numbers and how often it says each, 1,000 as 1000; those written as words in figures, too."""
        return numbers(self.text, [token.text for token in self.tokens if not token.terms], self.words)

    @cached_property
    def measures(self) -> Mapping[str, str]:
        """What it measures, time, storage or money, each with a word by which it does."""
        return measures(self.words)

    @cached_property
    def foreign(self) -> tuple[tuple[str, str], ...]:
        """Technical terms as written, with their usual names."""
        return technical_terms(self.text)

    @cached_property
    def sizes(self) -> frozenset[str]:
        """How many things the text lists, in figures: of each run of items that commas part, and of its lines."""
        lines = [line for line in self.text.split("\n") if line.strip()]
        runs = [len(re.split(r",\s*(?:and |or )?|\s+(?:and|or)\s+", line)) for line in lines]
        return frozenset(str(each) for size in (*runs, len(lines), len(lines) - 1) for each in (size, size - 1))

    @cached_property
    def sums_up(self) -> frozenset[str]:
        """All, where it only sums up what is listed: A, B, and C all belong to it."""
        return frozenset(found.casefold() for found in _SUMS_UP.findall(self.text))

    @cached_property
    def statements(self) -> tuple["Reading", ...]:
        """The text cut where another statement about another name begins."""
        return tuple(Reading(self.text, tuple(part)) for part in _statements(self.tokens))


def read(text: str, names: Names, known: Set[str] = frozenset()) -> Reading:
    """Reads a text; what is known to be a name is one where a sentence begins, too."""
    named = {start: (end, term) for start, end, term in names.found(text)}
    tokens: list[Token] = []
    done = 0
    for match in _TOKEN.finditer(text):
        if match.start() < done:
            continue
        if match.start() in named and named[match.start()][0] >= match.end():
            end, term = named[match.start()]
            done = end
            said = text[match.start() : end]
            proper = _proper(said, begins=_begins(tokens)) or _known_proper(term)
            tokens.append(Token(said, frozenset(stems(said)), frozenset({term.casefold()}), proper, content=True))
        else:
            begins = _begins(tokens) and match.group().casefold() in names.plain
            first = _begins(tokens) and match.group().casefold() not in known
            tokens.append(_token(match.group(), begins=first, plain=begins and first))
    return Reading(text, tuple(tokens))


def _begins(before: Sequence[Token]) -> bool:
    return not before or before[-1].text in _SENTENCE_END


def _token(said: str, *, begins: bool, plain: bool) -> Token:
    if not is_word(said):
        return Token(said, frozenset())
    bare = _ENDING.sub("", said)
    forms = frozenset(stems(bare))
    word = said.casefold()
    proper = not plain and _proper(said, begins=begins)
    terms = frozenset({bare.casefold()}) if proper else frozenset()
    content = bool(forms) and word not in GLUE and word not in COUNTS and not said[0].isdigit()
    return Token(said, forms, terms, proper, content or proper)


def _proper(said: str, *, begins: bool) -> bool:
    """Whether it is written as a name: capitals where a sentence does not begin, or signs that words do not have."""
    if " " in said:
        return all(_proper(part, begins=False) for part in said.split())
    word = said.removesuffix("'s").removesuffix("’s")
    if word[:1].isdigit() and not _LOOKS_LIKE_NAME.match(word):
        return False
    if _LOOKS_LIKE_NAME.match(word):
        return not ("-" in word and word.casefold() == word)
    if not word[:1].isupper() or word.casefold() in STOP_WORDS or word.casefold() in GLUE:
        return False
    parts = re.split(r"[-'’]", word)  # You'd, Would-be
    return not begins or any(
        len(part) >= _ENGLISH_FROM and not is_english(part) and not is_english(part.rstrip("s")) for part in parts
    )


def _known_proper(term: str) -> bool:
    return any(letter.isupper() for letter in term)


def _statements(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    statement: list[Token] = []
    for part in parts(_listed(tokens)):
        ended = bool(statement) and (statement[-1].text in _SENTENCE_END or statement[-1].text.casefold() in _CONTRASTS)
        if ended or (statement and _says(statement) and _says(part)):
            yield statement
            statement = []
        statement = [*statement, *part]
    if statement:
        yield statement


def _says(part: Sequence[Token]) -> bool:
    """Whether it names something, not only after a preposition, and says something of it."""
    names = [token for token in part if token.proper]
    first = next((at for at, token in enumerate(part) if token.proper), 0)
    if any(token.text.casefold() in PREPOSITIONS for token in part[:first]):
        return len(names) > 1
    others = [token for token in part if token.content and not token.proper]
    return bool(names and others) or len(names) > 1


def parts(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Words up to the next sign or word behind which another statement may begin."""
    part: list[Token] = []
    for token in tokens:
        part.append(token)
        if token.text.casefold() in _PARTS or token.text in _SENTENCE_END:
            yield part
            part = []
    if part:
        yield part


def _listed(tokens: Sequence[Token]) -> list[Token]:
    """The tokens, with the names of an enumeration made one."""
    made: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        end = at + 1
        if token.proper:
            last = at
            while end < len(tokens) and (tokens[end].proper or tokens[end].text.casefold() in _JOINS):
                last = end if tokens[end].proper else last
                end += 1
            while last > at and not _enumerates(tokens, at, last):
                last = max(each for each in range(at, last) if tokens[each].proper)
            run = [each for each in tokens[at : last + 1] if each.proper]
            token = Token(
                " ".join(each.text for each in run), frozenset().union(*(each.stems for each in run)),
                frozenset().union(*(each.terms for each in run)), proper=True, content=True,
            )  # fmt: skip
            end = last + 1
        made.append(token)
        at = end
    return made


def is_word(said: str) -> bool:
    """Whether it is no mere sign."""
    return any(letter.isalnum() for letter in said)


def _enumerates(tokens: Sequence[Token], at: int, last: int) -> bool:
    """Whether the names between belong together: A and B; A, B, and C; A (B); A, B where nothing is said after it."""
    between = [each.text.casefold() for each in tokens[at:last]]
    names = sum(each.proper for each in tokens[at : last + 1])
    joined = any(each in _JOINS - {",", "(", ")"} for each in between)
    following = tokens[last + 1 : last + 2]
    before = tokens[at - 1].text.casefold() if at else ""
    if following and before in PREPOSITIONS and following[0].text.casefold() == before:
        return False  # for Python and Mocha for JavaScript
    if joined:
        return names > 2 or "," not in between  # noqa: PLR2004
    closed = not following or (not is_word(following[0].text) and following[0].text not in _JOINS)
    return closed or "(" in between
