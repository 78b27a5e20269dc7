"""Questions about how a guide is built: which skills or chapters it has, what its fourth one is.

They are answered by the guide's headings, which no search for sentences finds. Knows nothing of what the headings say.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from answering.extractive import Quote
from ingest.documents import BlockKind, Document, Passage, Section, Span
from retrieval.words import STOP_WORDS, stems

CERTAIN: Final = 0.98
"""Confidence of an answer made of headings: what a guide's headings are is not a guess, what was meant may be."""
FEW_NUMBERED: Final = 3
"""A guide with fewer numbered headings than this does not number what it is about."""
MOST_HEADINGS: Final = 24
"""Headings in one answer: half a minute of reading."""
_PARTS: Final = frozenset("chapter heading part section subject topic".split())  # noqa: SIM905
_COUNTED: Final = frozenset(
    "fact habit idea lesson mistake practice principle question reason rule skill step tip tool trend way".split()  # noqa: SIM905
)
"""What titles promise a number of; counts as a part of the guide only where its title says so."""
_FILLING: Final = frozenset(
    """according article complete contain contains contents cover covered covers describe describes discuss discussed
    discusses document entire enumerate essential every full guide here important include included includes key
    know learn list listed lists main many master mention mentioned mentions must name named names necessary need needed
    needs outline overview please required show table talk talks text tell there total whats whole number become top
    one ones""".split()  # noqa: SIM905
)
"""Words that ask for the whole and narrow nothing."""
_WORD: Final = re.compile(r"[^\W_]+")
_NUMBERED: Final = re.compile(r"^\s*(?:chapter\s+)?\d+\s*[.):]", re.IGNORECASE)
_ORDINALS: Final = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_CARDINALS: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_LAST: Final = -1
_RANKING: Final = re.compile(r"\bis (?:the )?(?:most|least)\b")
"""Asks for one of several: which of the skills is the most important. Headings rank nothing."""


@dataclass(frozen=True)
class _Request:
    """What of its headings a question wants of one guide."""

    noun: str
    number: int | None
    """From 1, the last as -1; None for all of them."""


def structure_of(question: str, documents: Sequence[Document], passages: Sequence[Passage]) -> tuple[Quote, ...]:
    """The headings that answer, in reading order; none where the question is not about how a guide is built.

    Args:
        question: as it was typed, on one line.
        documents: all guides.
        passages: of all guides, those of bare headings too.
    """
    asked = [each.casefold() for each in _WORD.findall(question)]
    if not any(_singular(each) in _PARTS | _COUNTED for each in asked):
        return ()  # nearly every question; looking at each guide's title would cost large folders dearly
    found = (
        Quote(passage, span)
        for document in documents
        if (request := _request(asked, document)) is not None
        for span in _headings(document, request)
        for passage in passages
        if passage.document == document.id and passage.covers(span)
    )
    return tuple(islice(found, MOST_HEADINGS))


def _request(asked: Sequence[str], document: Document) -> _Request | None:
    titled = set(stems(document.title)) | {each.casefold() for each in _WORD.findall(document.title)}
    nouns = {each: _singular(each) for each in asked if _is_part(_singular(each), titled)}
    if not nouns or _RANKING.search(" ".join(asked)):
        return None
    rest = [
        each
        for each in asked
        if each not in nouns
        and each not in STOP_WORDS
        and each not in _FILLING
        and not titled.intersection({each, *stems(each)})
    ]
    numbers = [number for each in rest if (number := _number(each)) is not None]
    if len(numbers) < len(rest) or len(numbers) > 1:
        return None
    noun, number = next(iter(nouns.items())), (numbers[0] if numbers else None)
    if number is None:
        return _Request(noun[1], None) if noun[0] != noun[1] else None
    if noun[0] == noun[1]:
        return _Request(noun[1], number) if _beside(asked, noun[0]) else None
    return _Request(noun[1], None) if number == len(_listed(document, noun[1])) else None


def _is_part(noun: str, titled: set[str]) -> bool:
    return noun in _PARTS or (noun in _COUNTED and not titled.isdisjoint({noun, *stems(noun)}))


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and word[:-1] in _PARTS | _COUNTED else word


def _number(word: str) -> int | None:
    if word == "last":
        return _LAST
    for names in (_ORDINALS, _CARDINALS):
        if word in names:
            return names.index(word) + 1
    digits = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", word)
    return int(digits.group(1)) if digits else None


def _beside(asked: Sequence[str], noun: str) -> bool:
    """Whether the number names the noun, as in "skill number 4" or "the first skill", not "skill to learn first"."""
    at = asked.index(noun)
    behind = [each for each in asked[at + 1 : at + 3] if each not in {"number", "no", "nr"}][:1]
    return any(_number(each) is not None for each in [*asked[max(at - 1, 0) : at], *behind])


def _listed(document: Document, noun: str) -> list[Section]:
    """The outermost sections; of a guide that numbers them only the numbered ones, unless all parts are asked for."""
    outer = [each for each in document.sections if each.parent is None and each.level > 0]
    numbered = [each for each in outer if _NUMBERED.match(each.heading)]
    return numbered if noun in _COUNTED and len(numbered) >= FEW_NUMBERED else outer


def _headings(document: Document, request: _Request) -> list[Span]:
    listed = _listed(document, request.noun)
    if request.number is None:
        wanted = listed
    elif request.number == 0 or request.number > len(listed):
        wanted = []
    else:
        numbered = [each for each in listed if _NUMBERED.match(each.heading)]
        counted = numbered if len(numbered) >= FEW_NUMBERED else listed
        chosen = counted[request.number - 1 if request.number > 0 else -1] if request.number <= len(counted) else None
        inner = [each for each in document.sections if chosen and each.parent == chosen.id]
        wanted = [chosen, *inner] if chosen else []
    starts = {each.start for each in wanted}
    return [
        Span(start=block.start, end=block.end)
        for block in document.blocks
        if block.kind is BlockKind.HEADING and block.start in starts
    ]
