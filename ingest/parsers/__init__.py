"""The table of document formats: file ending to parser. A new format is one function and one line here."""

from collections.abc import Callable
from types import MappingProxyType
from typing import Final

from ingest.parsers.markdown import parse_markdown
from ingest.parsers.outline import Parsed
from ingest.parsers.text import parse_text

VERSION: Final = 1
"""Goes up when the same file gives another reading text."""

Parser = Callable[[str], Parsed]

PARSERS: Final = MappingProxyType(
    {
        ".md": ("text/markdown", parse_markdown),
        ".markdown": ("text/markdown", parse_markdown),
        ".txt": ("text/plain", parse_text),
        ".text": ("text/plain", parse_text),
    }
)
"""File ending (lower case, with its dot) to media type and parser."""
