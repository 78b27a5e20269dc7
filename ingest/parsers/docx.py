"""Word files to an outline, by python-docx: headings, paragraphs, lists with their numbers, tables, boxes, notes.

python-docx resolves no external entities and loads nothing from elsewhere.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Final
from zipfile import BadZipFile, ZipFile

from ingest.cleaning import one_line
from ingest.errors import GuideError
from ingest.parsers.docx_numbering import Numbering, W, value
from ingest.parsers.outline import Outline, Parsed
from ingest.parsers.xml import tree_of

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from lxml.etree import _Element as Element

_M: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_HEADING = re.compile(r"(?:heading|überschrift|titre|título|titolo|kop|rubrik)\s?(\d)", re.IGNORECASE)
_CODE = re.compile(r"code|preformatted|source|listing|macro text", re.IGNORECASE)
_TITLES: Final = frozenset({"title", "titel", "titre"})
_BODY_LEVEL: Final = 9
"""Outline level that Word gives to running text."""


def parse_docx(source: bytes) -> Parsed:
    """The text of a Word file; footnotes follow the text, comments and deleted text stay out.

    Raises:
        GuideError: it is protected, damaged or no Word file.
    """
    document = _opened(source)
    reader = _Reader(document)
    reader.read()
    properties = document.core_properties
    told = {"title": properties.title, "author": properties.author, "language": properties.language}
    metadata = {name: one_line(str(value)) for name, value in told.items() if value}
    return reader.outline.finish(title=metadata.get("title"), metadata=metadata)


def _opened(source: bytes) -> "WordDocument":
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    if source[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise GuideError("is protected by a password, or an old .doc file: save it as .docx without a password")
    try:
        return docx.Document(BytesIO(_transitional(source)))
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError) as error:
        raise GuideError("is damaged: not a Word file that can be opened") from error


def _transitional(source: bytes) -> bytes:
    """The file with the names of the Strict variant of the format made those that python-docx knows."""
    with ZipFile(BytesIO(source)) as given:
        if b"purl.oclc.org/ooxml" not in given.read("_rels/.rels"):
            return source
        written = BytesIO()
        with ZipFile(written, "w") as changed:
            for name in given.namelist():
                content = given.read(name)
                if name.endswith((".xml", ".rels")):
                    for strict, usual in _STRICT_NAMES:
                        content = content.replace(strict, usual)
                changed.writestr(name, content)
    return written.getvalue()


_STRICT_NAMES: Final = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/officeDocument/", b"http://schemas.openxmlformats.org/officeDocument/2006/"),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
    (b"http://purl.oclc.org/ooxml/presentationml/main", b"http://schemas.openxmlformats.org/presentationml/2006/main"),
)  # fmt: skip


class _Reader:
    """Walks through a document's body in order."""

    def __init__(self, document: "WordDocument") -> None:
        self.outline = Outline()
        self._document = document
        self._numbering = Numbering(document)
        self._styles = {style.style_id: style for style in document.styles}
        self._groups = 0
        self._list: tuple[str, int] | None = None
        self._code: list[str] = []
        paragraphs = list(document.element.body.iter(f"{W}p"))
        titles = sum(self._title(each) for each in paragraphs)
        firsts = sum(self._level(each) == 1 for each in paragraphs)
        self._first_is_title = not titles and firsts == 1

    def read(self) -> None:
        """Body and notes."""
        self._blocks(self._document.element.body)
        self._end_code()
        for kind in ("footnotes", "endnotes"):
            self._notes(kind)

    def _blocks(self, parent: "Element") -> None:
        for child in parent.iterchildren():
            if child.tag == f"{W}p":
                self._paragraph(child)
            elif child.tag == f"{W}tbl":
                self._end_code()
                self._table(child)
            elif child.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins", f"{W}smartTag"}:
                self._blocks(child)

    def _paragraph(self, paragraph: "Element") -> None:
        words, level, style = _words(paragraph), self._level(paragraph), self._style_name(paragraph)
        if not words.strip():
            self._boxes(paragraph)
            return
        if _CODE.search(style):
            self._code.append(words)
            self._list = None
            return
        self._end_code()
        if self._title(paragraph) or (level == 1 and self._first_is_title):
            self._list = None
            self.outline.title(words)
        elif level:
            self._list = None
            number = self._numbering.mark(paragraph, self._styles)
            self.outline.heading(f"{number.text} {words}" if number and number.text else words, level)
        else:
            self._text(paragraph, words)
        self._boxes(paragraph)

    def _text(self, paragraph: "Element", words: str) -> None:
        mark = self._numbering.mark(paragraph, self._styles)
        if mark is None:
            self._list = None
            self.outline.paragraph(words)
            return
        if self._list is None:
            self._groups += 1
            self._list = mark.list, self._groups
        self.outline.list_item(f"{mark.text} {words}".strip(), group=self._list[1], depth=mark.depth)

    def _boxes(self, paragraph: "Element") -> None:
        """Text boxes that hang on a paragraph; of two versions of a box the first."""
        seen: set[str] = set()
        for box in paragraph.iter(f"{W}txbxContent"):
            if any(parent.tag == f"{_MC}Fallback" for parent in box.iterancestors()):
                continue
            words = _all_words(box)
            if words not in seen:
                seen.add(words)
                self._blocks(box)
        for shape in paragraph.iter(f"{_A}txBody"):
            self.outline.paragraph(_all_words(shape))

    def _table(self, table: "Element") -> None:
        self._list = None
        rows = [[cell for cell in _cells(row)] for row in _rows(table)]
        if max((len(row) for row in rows), default=0) < 2 or table.find(f".//{W}tc//{W}tbl") is not None:  # noqa: PLR2004
            for row in rows:
                for cell, _ in row:
                    self._blocks(cell)
            return
        self._groups += 1
        texts = [[words for cell, span in row for words in [_all_words(cell), *[""] * (span - 1)]] for row in rows]
        named = len(texts) > 1 and (_repeats(table) or self._is_bold(rows[0]) or _looks(table, "firstRow"))
        for cells in texts[named:]:
            self.outline.table_row(cells, columns=texts[0] if named else (), group=self._groups)

    def _is_bold(self, row: "list[tuple[Element, int]]") -> bool:
        runs = [run for cell, _ in row for run in cell.iter(f"{W}r") if _all_words(run)]
        return bool(runs) and all(run.find(f"{W}rPr/{W}b") is not None for run in runs)

    def _notes(self, kind: str) -> None:
        for relation in self._document.part.rels.values():
            if not relation.is_external and relation.reltype.endswith(f"/{kind}"):
                notes = tree_of(relation.target_part.blob)
                for note in notes if notes is not None else ():
                    if note.get(f"{W}type") in {None, "normal"}:
                        self.outline.paragraph(_all_words(note))

    def _style_name(self, paragraph: "Element") -> str:
        style = self._styles.get(value(paragraph.find(f"{W}pPr/{W}pStyle")) or "")
        return style.name or "" if style is not None else ""

    def _title(self, paragraph: "Element") -> bool:
        return self._style_name(paragraph).lower() in _TITLES and bool(_words(paragraph).strip())

    def _level(self, paragraph: "Element") -> int:
        """The level of a heading by its style, its style's ancestors or its outline level, else 0."""
        if not _words(paragraph).strip():
            return 0
        own = value(paragraph.find(f"{W}pPr/{W}outlineLvl"))
        style: Element = self._styles.get(value(paragraph.find(f"{W}pPr/{W}pStyle")) or "")
        for _ in range(10):
            if style is None:
                break
            named = _HEADING.fullmatch(style.name or "")
            if named:
                return int(named.group(1))
            own = own or value(style.element.find(f"{W}pPr/{W}outlineLvl"))
            style = style.base_style if hasattr(style, "base_style") else None
        return int(own) + 1 if own is not None and own.isdigit() and int(own) < _BODY_LEVEL else 0

    def _end_code(self) -> None:
        if self._code:
            self.outline.code("\n".join(self._code))
            self._code = []


def _words(paragraph: "Element") -> str:
    """The words of a paragraph itself, without the boxes that hang on it."""
    return "".join(_pieces(paragraph))


def _pieces(element: "Element") -> Iterator[str]:
    for child in element.iterchildren():
        tag = child.tag
        if tag in {f"{W}t", f"{_M}t"}:
            yield child.text or ""
        elif tag in {f"{W}tab", f"{W}ptab"}:
            yield "\t"
        elif tag in {f"{W}br", f"{W}cr"}:
            yield "\n"
        elif tag == f"{W}noBreakHyphen":
            yield "-"
        elif tag == f"{W}sym":
            yield " "
        elif tag in {f"{W}del", f"{W}moveFrom", f"{W}drawing", f"{W}pict", f"{W}object", f"{_MC}AlternateContent"}:
            continue
        elif tag == f"{W}p":
            yield "\n"
            yield from _pieces(child)
        elif isinstance(tag, str):
            yield from _pieces(child)


def _all_words(element: "Element") -> str:
    """All words of a cell, box or note on one line."""
    paragraphs = list(element.iter(f"{W}p", f"{_A}p")) or [element]
    texts = [
        _words(each) if each.tag != f"{_A}p" else "".join(t.text or "" for t in each.iter(f"{_A}t"))
        for each in paragraphs
    ]
    return one_line(" ".join(texts))


def _rows(table: "Element") -> "Iterator[Element]":
    for child in table.iterchildren():
        if child.tag == f"{W}tr":
            yield child
        elif child.tag in {f"{W}sdt", f"{W}sdtContent"}:
            yield from _rows(child)


def _cells(row: "Element") -> "Iterator[tuple[Element, int]]":
    """The cells of a row and how many columns each spans; what a cell above spans down is empty here."""
    for child in row.iterchildren():
        if child.tag == f"{W}tc":
            span = value(child.find(f"{W}tcPr/{W}gridSpan")) or "1"
            yield child, min(int(span), 100) if span.isdigit() else 1
        elif child.tag in {f"{W}sdt", f"{W}sdtContent"}:
            yield from _cells(child)


def _repeats(table: "Element") -> bool:
    return table.find(f"{W}tr/{W}trPr/{W}tblHeader") is not None


def _looks(table: "Element", part: str) -> bool:
    """Whether the table's style treats its first row as a header."""
    look = table.find(f"{W}tblPr/{W}tblLook")
    return look is not None and look.get(f"{W}{part}") in {"1", "true"}
