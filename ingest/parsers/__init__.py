"""The table of document formats: file ending to format. A new format is one function and one line here."""

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from ingest.parsers.docx import parse_docx
from ingest.parsers.epub import parse_epub
from ingest.parsers.html import parse_html
from ingest.parsers.markdown import parse_markdown
from ingest.parsers.odf import parse_odf
from ingest.parsers.outline import Parsed
from ingest.parsers.pdf import parse_pdf
from ingest.parsers.pptx import parse_pptx
from ingest.parsers.text import parse_text

VERSION: Final = 4
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


_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_OPEN: Final = "application/vnd.oasis.opendocument"
_MARKDOWN = Format("text/markdown", parse_markdown)
_TEXT = Format("text/plain", parse_text)
_HTML = Format("text/html", parse_html)

PARSERS: Final = MappingProxyType(
    {
        ".md": _MARKDOWN, ".markdown": _MARKDOWN, ".txt": _TEXT, ".text": _TEXT,
        ".html": _HTML, ".htm": _HTML, ".xhtml": _HTML, ".pdf": Format("application/pdf", parse_pdf, binary=True),
        ".docx": Format(f"{_OFFICE}.wordprocessingml.document", parse_docx, binary=True),
        ".epub": Format("application/epub+zip", parse_epub, binary=True),
        ".pptx": Format(f"{_OFFICE}.presentationml.presentation", parse_pptx, binary=True),
        ".odt": Format(f"{_OPEN}.text", parse_odf, binary=True),
        ".odp": Format(f"{_OPEN}.presentation", parse_odf, binary=True),
        ".ods": Format(f"{_OPEN}.spreadsheet", parse_odf, binary=True),
    }
)  # fmt: skip
"""File ending (lower case, with its dot) to format."""
