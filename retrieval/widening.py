"""A question in people's words to the guide's words: aliases followed, spelling set right. Knows nothing of files."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, Literal

from rapidfuzz.distance import OSA

from ingest.documents import Frozen
from ingest.glossary import Glossary
from retrieval.english import FREQUENT
from retrieval.names import ATOM, Name, in_number, names_by_key
from retrieval.spelling import Speller
from retrieval.words import STOP_WORDS, stems

_GAP: Final = re.compile(r"(?:[’'][sS])?[ \t\n]?[-./&’'_]?[ \t\n]?")
"""What may stand between the parts of one name."""
_BESIDE: Final = re.compile(r"[ .-]")
_SENTENCE_END: Final = re.compile(r"[.!?:\"“(]")
_MAX_QUERY = 2_000
"""Characters that are read; a longer text is a document, not a question."""
_FOREIGN_FUNCTION_WORDS: Final = frozenset(
    """auf aus bei das dem der des die ein eine einen für ich ist kann man mit nicht oder sind und von warum was welche
    wie wird zu zum zur al como con cual cuál cuáles de del el en es esta la las los para por que qué se son una y au
    avec ce comment dans du est et le les ou où pour quel quelle quels sont sur un che di il nel per quali sono e é o os
    uma een het hoe van wat welke zijn och är""".split()  # noqa: SIM905
) - {"was", "die", "de", "per", "son", "es", "man", "wat", "o", "e", "y", "se", "con", "un", "al", "van", "sur", "en"}
_FOREIGN_ENOUGH = 2
"""Such words that make a question one of another language, in which nothing is corrected."""
_NO_NAME_AFTER: Final = frozenset(
    """a an the each every any one this that these those its his her their our your my to i we you they who not can will
    would should could must may might please tree leaf root graph child parent bird go going goes went come""".split()  # noqa: SIM905
)
"""Words after which Node, Express and the like are ordinary words."""
_TECHNICAL: Final = frozenset(
    """api apis app apps backend code coder coding cv database databases deploy dev developer developers devs engineer
    engineers framework frameworks frontend function functions language languages lib libraries library middleware
    package plugin programmer programming runtime script server servers service software stack tool tools tutorial
    version versus vs web webapp""".split()  # noqa: SIM905
)


class Replacement(Frozen):
    """One thing that was understood as another."""

    found: str
    meant: str
    reason: Literal["alias", "spelling"]


class Widened(Frozen):
    """A question as it is to be searched for, and what was changed in it."""

    text: str
    replaced: tuple[Replacement, ...] = ()


class _Token:
    """A word of the question, with its correction if it got one."""

    __slots__ = ("end", "found", "key", "start", "word")

    def __init__(self, found: str, start: int, end: int) -> None:
        self.found, self.start, self.end = found, start, end
        self.read_as(found)

    def read_as(self, word: str) -> None:
        self.word, self.key = word, word.casefold()

    @property
    def corrected(self) -> bool:
        return self.word != self.found


class Widener:
    """Rewrites questions into the words of one set of guides. Thread-safe, holds no state between questions."""

    def __init__(self, glossary: Glossary, vocabulary: Iterable[str], knows_word: Callable[[str], bool]) -> None:
        """Takes what can be meant.

        Args:
            glossary: each term as the guide writes it, with what else people call it.
            vocabulary: the guide's own words.
            knows_word: whether something is a word of the language or a term of the trade, and so no slip.
        """
        names = glossary.names()
        self._names = names_by_key(names)
        self._beginnings = frozenset(key[:end] for key in self._names for end in range(1, len(key) + 1))
        every = [*names, *(alias for aliases in names.values() for alias in aliases)]
        self._speller = Speller(every, vocabulary, knows_word)
        self._pairs = _pairs(every)

    def widen(self, query: str) -> Widened:
        """The question with misspelt words set right and aliases followed by the guide's term; otherwise untouched."""
        tokens = [_Token(match.group(), *match.span()) for match in ATOM.finditer(query[:_MAX_QUERY])]
        if sum(token.key in _FOREIGN_FUNCTION_WORDS for token in tokens) < _FOREIGN_ENOUGH:
            self._correct(query, tokens)
        parts: list[str] = []
        replaced: list[Replacement] = []
        done = 0
        for start, end, text, replacement in self._changes(query, tokens):
            parts += [query[done:start], text]
            done = end
            replaced.append(replacement)
        if not parts:
            return Widened(text=query)
        return Widened(text="".join([*parts, query[done:]]), replaced=tuple(dict.fromkeys(replaced)))

    def _correct(self, query: str, tokens: list[_Token]) -> None:
        for at, name, _ in list(self._matches(query, tokens)):
            if name is None:
                token = tokens[at]
                within = at > 0 and not _SENTENCE_END.search(query, tokens[at - 1].end, token.start)
                meant = self._pair(tokens, at) or self._speller.corrected(token.found, within)
                if meant:
                    token.read_as(meant)

    def _pair(self, tokens: Sequence[_Token], at: int) -> str | None:
        """A real word that is a slip beside its neighbour: sever in "web sever"."""
        key = tokens[at].key
        if key in STOP_WORDS or self._speller.holds(key):
            return None
        left = tokens[at - 1].key if at else ""
        right = tokens[at + 1].key if at + 1 < len(tokens) else ""
        meant = (*self._pairs.get((left, ""), ()), *self._pairs.get(("", right), ()))
        near = next((each for each in meant if _one_slip(key, each)), None)
        joined = [left + key] * bool(left) + [key + right] * bool(right)
        a_name = near and any(self._speller.knows_word(each) for each in joined)
        return None if a_name else near

    def _changes(self, query: str, tokens: Sequence[_Token]) -> Iterator[tuple[int, int, str, Replacement]]:
        """Stretches of the query that read differently, with what to show for each."""
        matches = list(self._matches(query, tokens))
        present = {name.term for _, name, _ in matches if name and name.says_term}
        for at, name, size in matches:
            span = tokens[at : at + size]
            if name is None or name.says_term or name.term in present:
                if name or span[0].corrected:
                    yield from _respelt(query, span, name)
                continue
            present.add(name.term)
            found = query[span[0].start : span[-1].end]
            misspelt = any(token.corrected for token in span)
            shown = " ".join(token.word for token in span) if misspelt else found
            replacement = Replacement(found=found, meant=name.term, reason="spelling" if misspelt else "alias")
            yield span[0].start, span[-1].end, name.term if name.within_term else f"{name.term} ({shown})", replacement

    def _matches(self, query: str, tokens: Sequence[_Token]) -> Iterator[tuple[int, Name | None, int]]:
        """The query from left to right: each name by its longest form, every other word alone."""
        at = 0
        while at < len(tokens):
            name, size = self._longest_at(query, tokens, at)
            yield at, name, size
            at += size

    def _longest_at(self, query: str, tokens: Sequence[_Token], at: int) -> tuple[Name | None, int]:
        best: tuple[Name | None, int] = (None, 1)
        key = ""
        for end in range(at, len(tokens)):
            key += tokens[end].key
            if end > at and not _GAP.fullmatch(query, tokens[end - 1].end, tokens[end].start):
                break
            for name in self._called(key):
                if self._fits(name, query, tokens, at, end + 1 - at):
                    best = name, end + 1 - at
                    break
            if key not in self._beginnings:
                break
        return best

    def _called(self, key: str) -> Iterator[Name]:
        """What is called so, or in the plural so."""
        for each in (key, key[:-1]) if key[-1] == "s" and len(key) > 2 else (key,):  # noqa: PLR2004
            if name := self._names.get(each):
                yield name

    def _fits(self, name: Name, query: str, tokens: Sequence[_Token], at: int, size: int) -> bool:
        span = tokens[at : at + size]
        apart = size > 1 and query[span[0].end].isspace()
        if apart and size != len(name.atoms) and any(token.key in STOP_WORDS for token in span):
            return False
        if name.capitals and not span[0].word.isupper():
            return False
        if not name.says_term and self._part_of_other(query, tokens, at, size):
            return False
        return not name.ordinary or self._technical(tokens, at)

    def _part_of_other(self, query: str, tokens: Sequence[_Token], at: int, size: int) -> bool:
        """Whether an alias is only a piece of something else: the js of Next.js, the lambda of lambda expression."""
        key = _key(tokens[at : at + size])
        if at and _BESIDE.fullmatch(query, tokens[at - 1].end, tokens[at].start):
            dotted = query[tokens[at].start - 1] == "."
            if dotted or self._speller.knows_word(tokens[at - 1].key + key):
                return True
        last, after = at + size - 1, at + size
        if after == len(tokens) or not _BESIDE.fullmatch(query, tokens[last].end, tokens[after].start):
            return False
        return self._speller.knows_word(key + tokens[after].key)

    def _technical(self, tokens: Sequence[_Token], at: int) -> bool:
        """Whether an ordinary word such as node is a name here: alone, with a capital, or in technical company."""
        before = tokens[at - 1].key if at else ""
        if before in _NO_NAME_AFTER:
            return False
        others = [token for place, token in enumerate(tokens) if place != at and token.key not in STOP_WORDS]
        within = at > 0 and tokens[at].word[0].isupper() and not tokens[at - 1].word.isupper()
        if not others or within:
            return True
        return any(self._is_technical(token) for token in others)

    def _is_technical(self, token: _Token) -> bool:
        name = self._names.get(token.key)
        return token.key in _TECHNICAL or (name is not None and not name.ordinary and token.key not in FREQUENT)


def _pairs(names: Iterable[str]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Neighbours within names, each way: ("web", "") → server; ("", "server") → web."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for name in names:
        atoms = ATOM.findall(name.casefold())
        for left, right in pairwise(atoms):
            for key, other in (((left, ""), right), (("", right), left)):
                singular = other[:-1] if other.endswith("s") and len(other) > 1 else other
                if other not in STOP_WORDS:
                    found[key] = (*found.get(key, ()), other, singular)
    return found


def _one_slip(word: str, meant: str) -> bool:
    swapped = len(word) > 1 and sorted(word) == sorted(meant)
    if len(word) < 3 or swapped:  # noqa: PLR2004
        return swapped and word != meant
    return word[0] == meant[0] and OSA.distance(word, meant, score_cutoff=1) == 1 and stems(word) != stems(meant)


def _respelt(query: str, span: Sequence[_Token], name: Name | None) -> Iterator[tuple[int, int, str, Replacement]]:
    """Corrections of a stretch; the term itself, written another way, becomes the term."""
    start, end = span[0].start, span[-1].end
    found = query[start:end]
    misspelt = any(token.corrected for token in span)
    meant = in_number(name.term, _key(span)) if name else None
    if meant and found.casefold() != meant.casefold():
        reason: Literal["alias", "spelling"] = "spelling" if misspelt else "alias"
        yield start, end, meant, Replacement(found=found, meant=meant, reason=reason)
        return
    for token in span:
        if token.corrected:
            replacement = Replacement(found=token.found, meant=token.word, reason="spelling")
            yield token.start, token.end, token.word, replacement


def _key(span: Sequence[_Token]) -> str:
    return "".join(token.key for token in span)
