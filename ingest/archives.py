"""Checks ZIP archives (DOCX, EPUB, PPTX, ODF) before a parser unpacks them: bombs, passwords, entities of XML.

What an entry declares is believed only after it has been unpacked once, piece by piece, and thrown away.
"""

import io
import re
import zipfile
import zlib
from typing import Final

from ingest.errors import GuideError

MAX_UNPACKED: Final = 200_000_000
"""Bytes that an archive may unpack to: an illustrated book has less, and a parser takes a few times as much memory."""
MAX_ENTRIES: Final = 10_000
MAX_RATIO: Final = 300
"""Bytes unpacked to bytes packed: XML of a table that repeats one row reaches 100, a bomb 1,000."""
_RATIO_COUNTS_FROM: Final = 5_000_000
MAX_XML: Final = 60_000_000
"""Bytes of one XML part: its tree takes about ten times as much memory."""
_PIECE: Final = 1 << 16
_XML: Final = (".xml", ".rels", ".opf", ".ncx", ".xhtml", ".html", ".htm", ".svg")
_ENTITY: Final = re.compile(rb"<\0{0,3}!\0{0,3}E\0{0,3}N\0{0,3}T\0{0,3}I\0{0,3}T\0{0,3}Y")
"""In any encoding of ASCII by one, two or four bytes a character."""
_ENTITY_LENGTH: Final = 32
_LOCAL_HEADER: Final = 30


def check_archive(content: bytes) -> None:
    """Says why an archive is not handed to a parser.

    Raises:
        GuideError: it is broken, has a password, unpacks to too much, or declares XML entities.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_declared(entries, len(content))
            left = MAX_UNPACKED
            for entry in entries:
                left -= _unpacked(archive, entry, left)
    except GuideError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, NotImplementedError) as error:
        reason = " ".join(str(error).split())[:80] or type(error).__name__
        raise GuideError(f"is a broken archive ({reason}): save it anew") from error


def _check_declared(entries: list[zipfile.ZipInfo], size: int) -> None:
    if len(entries) > MAX_ENTRIES:
        raise GuideError(f"is an archive of {len(entries):,} files, more than {MAX_ENTRIES:,}")
    if any(entry.flag_bits & 1 for entry in entries):
        raise GuideError("is protected by a password: save it without one")
    total = sum(entry.file_size for entry in entries)
    if total > MAX_UNPACKED:
        raise GuideError(f"unpacks to {total // 1_000_000:,} MB, more than {MAX_UNPACKED // 1_000_000:,}")
    for entry in entries:
        if entry.file_size > _RATIO_COUNTS_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise GuideError(f"unpacks to {entry.file_size // max(entry.compress_size, 1):,} times its size")
    last = 0
    for entry in sorted(entries, key=lambda each: each.header_offset):
        if entry.header_offset < last:
            raise GuideError("is an archive whose files overlap")
        last = entry.header_offset + _LOCAL_HEADER + len(entry.filename.encode("utf-8", "ignore")) + entry.compress_size
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names):
        raise GuideError("is an archive that holds two files of one name")
    if last > size + _LOCAL_HEADER:
        raise GuideError("is a broken archive (cut off): save it anew")


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> int:
    is_xml, size, tail = entry.filename.lower().endswith(_XML), 0, b""
    with archive.open(entry) as file:
        while piece := file.read(_PIECE):
            size += len(piece)
            if size > left:
                raise GuideError(f"unpacks to more than {MAX_UNPACKED // 1_000_000:,} MB")
            if is_xml:
                if size > MAX_XML:
                    raise GuideError(f"holds a part of more than {MAX_XML // 1_000_000:,} MB of XML")
                if _ENTITY.search(tail + piece):
                    raise GuideError("declares XML entities, which can stand for any file: save it anew")
                tail = piece[-_ENTITY_LENGTH:]
    return size
