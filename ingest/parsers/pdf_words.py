"""Lines of a PDF joined to running text: parted words and addresses mended, leaders and page numbers off contents.

Knows nothing of where lines stand.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Final

from ingest.english import is_english
from ingest.parsers.pdf_lines import SOFT

LEADERS: Final = " . . . . ."
"""What leads to the page number in a table of contents."""
PART_LETTERS: Final = 4
"""Fewest letters of each half of a word that is written with a hyphen, unless the document shows it elsewhere."""
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LAST = re.compile(r"([^\W\d_]+)[-\u2010\u00ad]$")
_FIRST = re.compile(r"^([^\W\d_]+)")
_NO_BLANKS = re.compile(r"[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]$", re.ASCII)
_BEGINS_CJK = re.compile(r"^[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_LEADERS = re.compile(r"(?:\s*\.){4,}\s*(?:\d{1,4}|[ivxlc]{1,7})?\s*$|(?:\s\.)+\s+\d{1,4}$|\u2026{2,}\s*\d{0,4}$")
_ADDRESS = re.compile(r"(?:https?|ftp):\S*$|\(https?$", re.IGNORECASE)
_ADDRESS_GOES_ON: Final = "/.-_=&?#%:~@"
_FOLDER = re.compile(r"(?:^|[\s(\[\"'“‘])~?/(?:[\w.+~-]+/)+$")
_IN_FOLDER = re.compile(r"[\w+~-]*[./][\w/]")
ENGLISH: Final = 0.5
"""Share of a document's words of four letters and more in the list of English above which the list may speak."""


def has_leaders(words: str) -> bool:
    """Whether a line of a table of contents leads to its page number by dots."""
    return bool(_LEADERS.search(words))


def without_leaders(words: str) -> str:
    """The line without dots and page number."""
    return _LEADERS.sub("", words)


def address_goes_on(before: str, after: str) -> bool:
    """Whether an address at the end of a line goes on in the next."""
    found = _ADDRESS.search(before.rstrip())
    first = next(iter(after.split()), "(")
    if not found or first.startswith(("(", "http")):
        return False
    address = found.group()
    told = address.rstrip(SOFT)
    if address.startswith("(") or told.endswith(tuple(_ADDRESS_GOES_ON)) or address.endswith(SOFT):
        return bool(re.search(r"[/._=&?#%~)\d-]", first)) or told[-1:] in {"-", "_", "=", "&"}
    return False


class Joiner:
    """Joins lines to running text; whether a hyphen stays is learnt from the document's other words, then a list."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Counts all whole words of a document's lines, which stand as they follow each other."""
        self._known: Counter[str] = Counter()
        self._blank_ends = False
        parted = False
        for line in lines:
            whole = [word.casefold() for word in _WORD.findall(line)][int(parted) :]
            parted = bool(_LAST.search(line.rstrip()))
            for word in whole[:-1] if parted else whole:  # half a word is none
                self._known.update([word, *(word.split("-") if "-" in word else ())])
            self._blank_ends = self._blank_ends or (bool(_NO_BLANKS.search(line.rstrip())) and line.endswith(" "))

    def join(self, lines: Sequence[str]) -> str:
        """One text of consecutive lines."""
        text = ""
        for line in lines:
            text = self._joined(text, line) if text else line.lstrip()
        return text.replace(SOFT, "")

    def _joined(self, text: str, line: str) -> str:
        before, after = text.rstrip(), line.lstrip()
        if not after:
            return text
        if address_goes_on(before, after):
            return before.rstrip(SOFT).removesuffix("-") + after if before.endswith(("/-", SOFT)) else before + after
        left, right = _LAST.search(before), _FIRST.search(after)
        if left and right and (before.endswith(SOFT) or right.group(1)[0].islower()):
            stays = self._keeps_hyphen(left.group(1).casefold(), right.group(1).casefold(), before)
            return before[:-1] + ("-" if stays else "") + after
        if before.endswith(("-", SOFT)) and not before.endswith((" -", "--")) and after[:1].isalnum():
            return before.rstrip(SOFT) + ("-" if before.endswith(SOFT) else "") + after
        if _NO_BLANKS.search(before) and _BEGINS_CJK.search(after):
            return before + (" " if self._blank_ends and text.endswith(" ") else "") + after
        path = _FOLDER.search(before) and _IN_FOLDER.match(after)
        return f"{before}{'' if path else ' '}{after}"

    def _keeps_hyphen(self, left: str, right: str, before: str) -> bool:
        whole, parted = self._known[left + right], self._known[f"{left}-{right}"]
        if whole or parted:
            return parted > whole
        if min(len(left), len(right)) < PART_LETTERS or (self._english and is_english(left + right)):
            return False
        return all(self._known[part] or (self._english and is_english(part)) for part in (left, right))

    @cached_property
    def _english(self) -> bool:
        """Whether the document is in English, whose words are known beyond the document's own."""
        words = [(word, count) for word, count in self._known.items() if len(word) >= PART_LETTERS and "-" not in word]
        return sum(count for word, count in words if is_english(word)) > ENGLISH * sum(count for _, count in words)
