"""What a file is by its first bytes, whatever its ending says. Reads no text and parses nothing."""

import io
import re
import zipfile
from typing import Final

HTML: Final = ".html"
PDF: Final = ".pdf"
LOOKED_AT: Final = 4096
"""Bytes at the head of a file that tell what it is: room for a long comment before `<html`."""
_PDF_WITHIN: Final = 1024
"""A PDF's mark stands in its first 1,024 bytes (PDF 32000, Annex H.3.4.1)."""
_BLANK: Final = b" \t\r\n\x0c"
_MARKS: Final = (
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"II*\0", "a picture"),
    (b"MM\0*", "a picture"),
    (b"{\\rtf", "an RTF file: save it as .docx"),
    (b"%!PS", "a PostScript file: save it as .pdf"),
    (b"\x1f\x8b", "a gzip archive: unpack it first"),
    (b"BZh", "a bzip2 archive: unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive: unpack it first"),
    (b"Rar!", "a RAR archive: unpack it first"),
    (b"\xfd7zXZ", "an xz archive: unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive: unpack it first"),
    (b"\xd0\xcf\x11\xe0", "an old Office file or one with a password: save it anew, without a password"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"SQLite format 3", "a database"),
)
_PARTS: Final = (("word/document", ".docx"), ("ppt/presentation", ".pptx"), ("xl/workbook", ".xlsx"))
_MIMETYPES: Final = {
    "application/epub+zip": ".epub",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.presentation": ".odp",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
}
ZIPPED: Final = frozenset({".docx", ".pptx", ".xlsx", *_MIMETYPES.values()})
"""Endings of the formats that are ZIP archives."""
_PAGE: Final = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE | re.DOTALL
)
_TAG: Final = re.compile(rb"<[a-z][a-z0-9]*[\s>/]", re.IGNORECASE)
_WIDE: Final = {b"\xff\xfe\0\0": "utf-32", b"\0\0\xfe\xff": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def ending_by_content(content: bytes) -> str | None:
    """The ending that the bytes themselves ask for, or None for what can only be plain text of some kind."""
    head = content[:LOOKED_AT].removeprefix(b"\xef\xbb\xbf").lstrip(_BLANK)
    if head.startswith(b"%PDF-"):
        return PDF
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(content)
    return HTML if _PAGE.match(_narrow(content)) else None


def holds_pdf(content: bytes) -> bool:
    """Whether a reader of PDF would take it for one; some have a few bytes before their mark."""
    return b"%PDF-" in content[:_PDF_WITHIN]


def holds_tags(content: bytes) -> bool:
    """Whether there is anything of HTML in it."""
    return bool(_TAG.search(content.replace(b"\0", b"")))


def foreign(content: bytes) -> str | None:
    """What a file is that is no guide in any format (`a picture`), or None."""
    head = content[:LOOKED_AT]
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "a picture"
    return next((what for mark, what in _MARKS if head.startswith(mark)), None)


def _zipped(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            # The first thing in EPUB and OpenDocument files, and so short that it cannot be a bomb.
            if "mimetype" in names and archive.getinfo("mimetype").file_size <= _PDF_WITHIN:
                kind = archive.read("mimetype").decode("ascii", "replace").strip()
                return _MIMETYPES.get(kind.removesuffix("-template"), ".zip")
    except Exception:  # zipfile's, zlib's and lzma's own errors, of which there are many
        return ".zip"
    return next((ending for part, ending in _PARTS if any(name.startswith(part) for name in names)), ".zip")


def _narrow(content: bytes) -> bytes:
    """The first bytes as one byte a character, where they are UTF-16 or UTF-32."""
    head = content[:LOOKED_AT]
    for mark, encoding in _WIDE.items():
        if head.startswith(mark):
            return head.decode(encoding, "replace").encode("utf-8", "replace")
    return head.removeprefix(b"\xef\xbb\xbf")
