"""One file's bytes to its reading text, by the parser that fits what the bytes are. Knows nothing of folders.

It runs whatever the parsers run, on whatever people put into the folder: call it through `ingest.sandbox`.
"""

import unicodedata
from collections.abc import Mapping
from typing import Final, Self

from pydantic import model_validator

from ingest.archives import check_archive
from ingest.cleaning import one_line
from ingest.decoding import decoded
from ingest.documents import Block, Frozen, Section
from ingest.errors import GuideError
from ingest.kinds import HTML, PDF, ZIPPED, ending_by_content, foreign, holds_pdf, holds_tags
from ingest.parsers import PARSERS, Format

MAX_READING: Final = 20_000_000
"""Characters of a reading text: the whole of an encyclopaedia's volume, and what the index can cut in a minute."""
_MARKDOWN_ENDINGS: Final = frozenset({".md", ".markdown"})
_NAMED: Final = {PDF: "PDF", HTML: "a web page"}
_HTML_ENDINGS: Final = frozenset({HTML, ".htm", ".xhtml"})
UNCLOSED: Final = "{} is never closed and hides all that follows"
_CLOSED_BY: Final = (("<!--", "-->"), ("<script", "</script"), ("<style", "</style"), ("<textarea", "</textarea"))


class Reading(Frozen):
    """What was read from one file."""

    title: str
    media_type: str
    text: str
    sections: tuple[Section, ...]
    blocks: tuple[Block, ...]
    metadata: dict[str, str]
    flags: tuple[str, ...]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        ids = {section.id for section in self.sections}
        if any(each.end > len(self.text) for each in (*self.sections, *self.blocks)):
            raise ValueError("a section or block ends behind the text")
        if any(block.section not in ids for block in self.blocks):
            raise ValueError("a block stands in no section")
        return self


def read_content(content: bytes, ending: str, formats: Mapping[str, Format] = PARSERS) -> Reading:
    """The reading text of a file's bytes; `ending` is what its name claims, with the dot, in lower case.

    Raises:
        GuideError: with the reason, ready to stand behind the file's name.
    """
    if not content.strip():
        raise GuideError("is empty: nothing to read")
    actual = _actual(content, ending, formats)
    flags = [] if formats[actual] is formats[ending] else [f"read as {actual}, whatever its ending says"]
    chosen = formats[actual]
    if actual in ZIPPED:
        check_archive(content)
    if chosen.binary:
        parsed = chosen.parse(content)
    else:
        text, notes = decoded(content, declares=actual in _HTML_ENDINGS)
        flags += notes
        flags += [UNCLOSED.format(mark) for mark, end in _CLOSED_BY if _is_open(text, mark, end, actual)]
        if not text.strip():
            raise GuideError("is empty: nothing to read")
        parsed = chosen.parse(text)
    if not parsed.text.strip():
        raise GuideError("holds no text that can be read")
    if len(parsed.text) > MAX_READING:
        raise GuideError(f"holds {len(parsed.text):,} characters, more than {MAX_READING:,}: split it")
    return Reading(
        title=_plain(parsed.title), media_type=chosen.media_type, text=parsed.text, sections=parsed.sections,
        blocks=parsed.blocks, flags=tuple(dict.fromkeys([*flags, *map(_plain, parsed.flags)])),
        metadata={_plain(str(name)): _plain(str(value)) for name, value in parsed.metadata.items()},
    )  # fmt: skip


def _actual(content: bytes, ending: str, formats: Mapping[str, Format]) -> str:
    """The ending that fits the bytes: a file is read as what it is, or not at all."""
    found = ending_by_content(content)
    if found is not None and (found != HTML or ending not in _HTML_ENDINGS):
        if found not in formats:
            raise GuideError(f"is {_NAMED.get(found, found)} inside, which cannot be read")
        return found
    if found is None and ending == PDF and holds_pdf(content):
        return PDF
    if (what := foreign(content)) is not None:
        raise GuideError(f"is {what}")
    if found is None and ending in ZIPPED | {PDF}:
        raise GuideError(f"is no {ending} inside, whatever its ending says: give it the right one")
    if ending in _HTML_ENDINGS and not holds_tags(content) and ".txt" in formats:
        return ".txt"
    return ending


def _is_open(text: str, mark: str, end: str, ending: str) -> bool:
    """Whether the last of these marks of HTML is closed: if not, parsers take all that follows for a part of it."""
    if ending not in _HTML_ENDINGS and (mark != "<!--" or ending not in _MARKDOWN_ENDINGS):
        return False
    plain = text.lower()
    return plain.rfind(mark) > plain.rfind(end)


def _plain(text: str) -> str:
    """One visible line: what parsers take from a file's properties has not been cleaned yet."""
    return "".join(sign for sign in one_line(text) if unicodedata.category(sign) != "Cs")
