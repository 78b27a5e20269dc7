"""Which sentence of a guide says what a term is, by its form. Knows nothing of how terms are found."""

import re
from collections.abc import Sequence
from enum import IntEnum
from typing import Final

from ingest.documents import BlockKind

_BRACKET: Final = r"(?:\s\([^()]*\))?"
_ITEM: Final = re.compile(rf"{_BRACKET}(?::|\s[–—-])\s+\S")
_DETERMINED: Final = (
    r"(?:a|an|another|any|one|that|the|what|those)\s(?!(?:best|core|good|great|ideal|key|must|reliable|same)\b)"
)
_IS: Final = re.compile(
    rf"{_BRACKET},?\s(?:(?:is|was|remains)\s(?:also\s)?{_DETERMINED}"
    r"|(?:means|denotes|describes|refers\sto|stands\sfor|deals\swith)\s"
    r"|is\s(?:done|used|meant|responsible)\s(?:to|for)\s)"
)
_ARE: Final = re.compile(
    rf"{_BRACKET}\sare\s(?:{_DETERMINED}|(?:\w+\s)?(?!not\b)\w+s\s(?:for|of|on|that|which|in|with)\b)"
)
_TOGETHER: Final = re.compile(rf"{_BRACKET}(?:(?:,\s|,?\s(?:and|or)\s)[\w.+#/-]+(?:\s[\w.+#/-]+)?{_BRACKET})*")
_DOES: Final = re.compile(r"\s(?:\w+ly\s)?(?!is\b|has\b|was\b|does\b|needs\b)[a-z]{2,}s\s")
_DO: Final = re.compile(
    r"\s(?!(?:and|are|as|at|by|can|could|do|for|from|have|in|is|may|might|must|need|of|on|or|should|such|that|to|was|were"
    r"|which|will|with|would)\b)[a-z]{3,}\s"
)
_OTHERS_BEFORE: Final = re.compile(r"(?:[\w.+#/-]+(?:\s[\w.+#/-]+)?(?:,\s|,?\sand\s|,?\sor\s))*")
_HEAD_WORDS: Final = 6
_SOON: Final = 60
"""Characters within which a definition says what makes its thing this thing."""
_WHOLE_START: Final = re.compile(r"^(?:[-*•–]\s+|\d+[.)]\s+)?(?:(?P<article>A|An)\s|The\s)?$")
_CLAUSE_START: Final = re.compile(r"(?:^(?:For|In|As)\s[^,]+,\s|,\s(?:and\s)?|;\s)$")
_INVERSE: Final = re.compile(r"^(?:A|An|Another|One|The)\s[^,;:]+\s(?:is|are)\s$")
_THEN: Final = re.compile(rf"{_BRACKET}(?:[,.;]|$)")
_BRACKET_START: Final = re.compile(r"\s\($")
_EXACT: Final = re.compile(r"\b(?:that|which|who|whose|by|act|part|kind|type|set|system)\b")
_SHORT_FORM: Final = re.compile(r"\s\(([^()]+)\)")


class Says(IntEnum):
    """How plainly a sentence says what a term is."""

    NOTHING = 0
    EXPANDS = 1
    """It gives the long form in brackets."""
    BELONGS = 2
    """It names several together and says what they are, or says what such things do."""
    IS_ASIDE = 3
    """In a clause of its own: X is one for Python."""
    IS = 4
    IS_EXACTLY = 5
    """X is that … which."""
    DEFINES = 6
    """A list item "Term: definition"."""


def says(sentence: str, start: int, end: int, kind: BlockKind, names: Sequence[str]) -> Says:
    """How plainly a sentence says what the term is that it names from `start` to `end`."""
    if kind in {BlockKind.HEADING, BlockKind.TABLE_ROW, BlockKind.CODE} or sentence.rstrip().endswith("?"):
        return Says.NOTHING
    before, after = sentence[:start], sentence[end:]
    if kind is BlockKind.LIST_ITEM and _heads_item(before, after):
        return Says.DEFINES
    return max(_is(before, after), _belongs(before, sentence[start:end], after), _expands(after, names))


def _heads_item(before: str, after: str) -> bool:
    """Whether it stands before the colon of "Term: definition", or in brackets there."""
    if _BRACKET_START.search(before) and after.startswith(")") and len(before.split()) <= _HEAD_WORDS:
        return bool(_ITEM.match(after[1:]))
    return bool(_WHOLE_START.match(before) and _ITEM.match(after))


def _is(before: str, after: str) -> Says:
    if match := _IS.match(after):
        if _WHOLE_START.match(before):
            return Says.IS_EXACTLY if _EXACT.search(after[match.end() : match.end() + _SOON]) else Says.IS
        return Says.IS_ASIDE if _CLAUSE_START.search(before) else Says.NOTHING
    inverse = _INVERSE.match(before) and _THEN.match(after)
    plural = _WHOLE_START.match(before) and _ARE.match(after)
    return Says.IS if inverse or plural else Says.NOTHING


def _belongs(before: str, said: str, after: str) -> Says:
    """Whether it is one of several that are something, or one of its kind that does something."""
    whole = _WHOLE_START.match(before)
    if whole and ((whole["article"] and _DOES.match(after)) or (said.endswith("s") and _DO.match(after))):
        return Says.BELONGS
    others = _TOGETHER.match(after)
    together = _OTHERS_BEFORE.fullmatch(before) and _ARE.match(after[others.end() :] if others else after)
    return Says.BELONGS if together else Says.NOTHING


def _expands(after: str, names: Sequence[str]) -> Says:
    match = _SHORT_FORM.match(after)
    folded = {name.casefold() for name in names}
    return Says.EXPANDS if match and match[1].strip().casefold() in folded else Says.NOTHING
