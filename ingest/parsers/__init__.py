"""The table of document formats: file ending to format. A new format is one function and one line here."""

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from ingest.parsers.markdown import parse_markdown
from ingest.parsers.outline import Parsed
from ingest.parsers.text import parse_text

VERSION: Final = 1
"""Goes up when the same file gives another reading text."""

Parser = Callable[[Any], Parsed]
"""From `str`, or from `bytes` where the format is binary. Raises GuideError with a reason for what cannot be read."""


@dataclass(frozen=True)
class Format:
    """What the reader needs to know of a format."""

    media_type: str
    parse: Parser
    binary: bool = False
    """Whether the parser takes the file's bytes as they are, not its decoded text."""


_MARKDOWN = Format("text/markdown", parse_markdown)
_TEXT = Format("text/plain", parse_text)

PARSERS: Final = MappingProxyType({".md": _MARKDOWN, ".markdown": _MARKDOWN, ".txt": _TEXT, ".text": _TEXT})
"""File ending (lower case, with its dot) to format."""
