"""EPUB books to an outline: the chapters of the spine, each read as HTML. Knows nothing of files."""

import posixpath
import re
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote
from zipfile import BadZipFile, ZipFile

from ingest.cleaning import one_line
from ingest.decoding import decoded
from ingest.errors import GuideError
from ingest.parsers.html import HtmlBuilder
from ingest.parsers.html_content import keep_article
from ingest.parsers.html_page import page_of
from ingest.parsers.outline import Outline, Parsed
from ingest.parsers.xml import tree_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_PAGES: Final = frozenset({"application/xhtml+xml", "text/html"})
_ENCRYPTION: Final = "META-INF/encryption.xml"
_FONTS = re.compile(rb"<(?:\w+:)?CipherReference[^>]*URI=[\"'](?![^\"']*\.(?:ttf|otf|woff2?)[\"'])", re.IGNORECASE)


def parse_epub(source: bytes) -> Parsed:
    """The text of a book in reading order; covers, the book's own table of contents and images stay out.

    Raises:
        GuideError: it is protected, damaged or no EPUB.
    """
    try:
        with ZipFile(BytesIO(source)) as book:
            return _parsed(book)
    except (BadZipFile, KeyError, RuntimeError, NotImplementedError) as error:
        raise GuideError("is damaged or protected: not an EPUB that can be opened") from error


def _parsed(book: ZipFile) -> Parsed:
    names = set(book.namelist())
    if _ENCRYPTION in names and _FONTS.search(book.read(_ENCRYPTION)):
        raise GuideError("is protected against copying: its text cannot be read")
    root = _xml(book.read("META-INF/container.xml"))
    package_name = str(_first(root, "rootfile").get("full-path"))
    package = _xml(book.read(package_name))
    folder = posixpath.dirname(package_name)
    metadata = {
        name: one_line(" ".join(map(str, found.itertext())))
        for name, tag in (("title", "title"), ("author", "creator"), ("language", "language"))
        if (found := package.find(f".//{{*}}metadata/{{*}}{tag}")) is not None
    }
    pages, missing, dropped, flags = [], 0, 0, list[str]()
    for name in _spine(package, folder):
        if name not in names:
            missing += 1
            continue
        page, told = page_of(decoded(book.read(name), declares=True)[0])
        dropped += keep_article(page)
        flags += [each for each in told if each not in flags]
        pages.append(page)
    builder = HtmlBuilder(Outline(), first_level_is_title=sum(len(list(page.iter("h1"))) for page in pages) == 1)
    for page in pages:
        builder.add(page)
    if dropped:
        flags.append(f"left out {dropped} words of menus and tables of contents")
    if missing:
        flags.append(f"{missing} chapters are missing in the file")
    return builder.outline.finish(title=metadata.get("title"), metadata=metadata, flags=flags)


def _spine(package: "Element", folder: str) -> list[str]:
    """The names of the chapters in reading order, without the page that only leads to them."""
    items: dict[str, Any] = {each.get("id") or "": each for each in package.iterfind(".//{*}manifest/{*}item")}
    found: list[str] = []
    for entry in package.iterfind(".//{*}spine/{*}itemref"):
        item = items.get(entry.get("idref") or "")
        if item is None or item.get("media-type") not in _PAGES or "nav" in (item.get("properties") or "").split():
            continue
        found.append(posixpath.normpath(posixpath.join(folder, unquote(item.get("href") or ""))))
    return found


def _xml(content: bytes) -> "Element":
    root = tree_of(content, mended=True)
    if root is None:
        raise GuideError("is damaged: not an EPUB that can be opened")
    return root


def _first(root: "Element", name: str) -> "Element":
    found = root.find(f".//{{*}}{name}")
    if found is None:
        raise GuideError("is damaged: not an EPUB that can be opened")
    return found
