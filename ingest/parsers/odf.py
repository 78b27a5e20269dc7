"""OpenDocument texts, slides and sheets to an outline: the format's one XML file, read by lxml.

No library is needed for it; entities are not resolved and nothing is loaded from elsewhere.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Final
from zipfile import BadZipFile, ZipFile

from ingest.cleaning import one_line
from ingest.errors import GuideError
from ingest.parsers.outline import Outline, Parsed
from ingest.parsers.xml import tree_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_NS: Final = "{urn:oasis:names:tc:opendocument:xmlns:"
TEXT: Final = f"{_NS}text:1.0}}"
TABLE: Final = f"{_NS}table:1.0}}"
DRAW: Final = f"{_NS}drawing:1.0}}"
PRESENTATION: Final = f"{_NS}presentation:1.0}}"
OFFICE: Final = f"{_NS}office:1.0}}"
STYLE: Final = f"{_NS}style:1.0}}"
MOST_BLANKS: Final = 1000
"""Blanks and repeated cells that one element may stand for."""
_SILENT: Final = frozenset(
    {f"{TEXT}tracked-changes", f"{OFFICE}annotation", f"{OFFICE}forms", f"{TEXT}sequence-decls", f"{TABLE}shapes",
     f"{TEXT}note-citation", f"{OFFICE}event-listeners", f"{OFFICE}scripts"}
)  # fmt: skip
_CODE: Final = ("preformatted", "code", "source")


def parse_odf(source: bytes) -> Parsed:
    """Headings, paragraphs, lists, tables, text boxes and notes; comments and deleted text stay out.

    Raises:
        GuideError: it is protected, damaged or no OpenDocument file.
    """
    try:
        with ZipFile(BytesIO(source)) as package:
            if b"encryption-data" in package.read("META-INF/manifest.xml"):
                raise GuideError("is protected by a password: save it without")
            content = _xml(package.read("content.xml"))
            meta = _xml(package.read("meta.xml")) if "meta.xml" in package.namelist() else None
    except (BadZipFile, KeyError, RuntimeError, NotImplementedError) as error:
        raise GuideError("is damaged: not an OpenDocument file that can be opened") from error
    metadata = {}
    for name, tag in (("title", "title"), ("author", "initial-creator"), ("language", "language")):
        found = meta.find(f".//{{*}}{tag}") if meta is not None else None
        if found is not None and found.text:
            metadata[name] = one_line(found.text)
    reader = _Reader(content)
    reader.read()
    return reader.outline.finish(title=metadata.get("title"), metadata=metadata)


def _xml(content: bytes) -> "Element":
    from lxml import etree

    try:
        root = tree_of(content)
    except etree.XMLSyntaxError as error:
        raise GuideError("is damaged: its content cannot be read") from error
    assert root is not None
    return root


class _Reader:
    """Walks through a document's body in order."""

    def __init__(self, content: "Element") -> None:
        self.outline = Outline()
        self._content = content
        self._groups = 0
        self._notes: list[Element] = []
        self._code: list[str] = []
        self._parents = {
            str(each.get(f"{STYLE}name")): str(each.get(f"{STYLE}parent-style-name") or "")
            for each in content.iter(f"{STYLE}style")
        }
        self._numbered = {
            str(each.get(f"{STYLE}name"))
            for each in content.iter(f"{TEXT}list-style")
            if next(iter(each), None) is not None and each[0].tag == f"{TEXT}list-level-style-number"
        }
        headings = list(content.iter(f"{TEXT}h"))
        titled = any(self._is_title(each) for each in content.iter(f"{TEXT}p"))
        self._first_is_title = not titled and sum(_level(each) == 1 for each in headings) == 1

    def read(self) -> None:
        """Body and notes."""
        body = self._content.find(f"{OFFICE}body")
        if body is None:
            raise GuideError("is damaged: it has no body")
        self._blocks(body)
        self._end_code()
        for note in self._notes:
            self.outline.paragraph(" ".join(_words(each) for each in note.iter(f"{TEXT}p")))

    def _blocks(self, parent: "Element") -> None:
        pages = 0
        for child in parent:
            if child.tag in _SILENT or not isinstance(child.tag, str):
                continue
            if child.tag == f"{DRAW}page":
                pages += 1
                self.outline.page = pages
            if child.tag == f"{PRESENTATION}notes":
                self._notes_page(child)
            elif child.tag == f"{DRAW}frame" and child.get(f"{PRESENTATION}class") == "title":
                self.outline.heading(" ".join(_words(each) for each in child.iter(f"{TEXT}p", f"{TEXT}h")), 1)
            elif child.tag == f"{TEXT}list":
                self._end_code()
                self._groups += 1
                self._list(child, self._groups, 0, str(child.get(f"{TEXT}style-name") or ""))
            elif child.tag == f"{TABLE}table":
                self._end_code()
                self._table(child)
            elif child.tag in {f"{TEXT}h", f"{TEXT}p"}:
                self._paragraph(child)
            else:
                self._blocks(child)

    def _notes_page(self, notes: "Element") -> None:
        for frame in notes.iter(f"{DRAW}frame"):
            if frame.get(f"{PRESENTATION}class") == "notes":
                self._blocks(frame)

    def _paragraph(self, element: "Element") -> None:
        words = _words(element)
        self._notes.extend(element.iter(f"{TEXT}note-body"))
        if self._style(element).startswith(_CODE) and words.strip():
            self._code.append(words)
            return
        self._end_code()
        if self._is_title(element) or (element.tag == f"{TEXT}h" and _level(element) == 1 and self._first_is_title):
            self.outline.title(words)
        elif element.tag == f"{TEXT}h":
            self.outline.heading(words, _level(element))
        else:
            self.outline.paragraph(words)
        self._boxes(element)

    def _boxes(self, element: "Element") -> None:
        for box in element.iter(f"{DRAW}text-box", f"{DRAW}custom-shape"):
            if not any(parent.tag in {f"{DRAW}text-box", f"{OFFICE}annotation"} for parent in box.iterancestors()):
                self._blocks(box)

    def _list(self, element: "Element", group: int, depth: int, style: str) -> None:
        number = 0
        for item in element:
            if item.tag not in {f"{TEXT}list-item", f"{TEXT}list-header"}:
                continue
            number += 1
            told = False
            for child in item:
                if child.tag == f"{TEXT}list":
                    self._list(child, group, depth + 1, str(child.get(f"{TEXT}style-name") or style))
                elif child.tag == f"{TEXT}h":
                    self._paragraph(child)
                elif child.tag == f"{TEXT}p":
                    mark = f"{number}. " if style in self._numbered and not told and _words(child).strip() else ""
                    self.outline.list_item(mark + _words(child), group=group, depth=depth, continued=told)
                    self._notes.extend(child.iter(f"{TEXT}note-body"))
                    self._boxes(child)
                    told = True

    def _table(self, table: "Element") -> None:
        self._groups += 1
        group = self._groups
        name = table.get(f"{TABLE}name") or ""
        if any(parent.tag == f"{OFFICE}spreadsheet" for parent in table.iterancestors()):
            self.outline.heading(name, 1)
        rows = [cells for row in table.iter(f"{TABLE}table-row") if any(cells := _cells(row))]
        header = table.find(f"{TABLE}table-header-rows")
        named = len(rows) > 1 and (header is not None or _is_header(rows))
        for row in rows[named:]:
            self.outline.table_row(row, columns=rows[0] if named else (), group=group)

    def _style(self, element: "Element") -> str:
        name = str(element.get(f"{TEXT}style-name") or "")
        return (self._parents.get(name) or name).replace("_20_", " ").lower()

    def _is_title(self, element: "Element") -> bool:
        return self._style(element) == "title" and bool(_words(element).strip())

    def _end_code(self) -> None:
        if self._code:
            self.outline.code("\n".join(self._code))
            self._code = []


def _level(heading: "Element") -> int:
    level = heading.get(f"{TEXT}outline-level") or "1"
    return int(level) if level.isdigit() and 0 < int(level) < MOST_BLANKS else 1


def _is_header(rows: list[list[str]]) -> bool:
    """Whether a sheet's first row names its columns: all filled, no numbers, and none empty below only."""
    return all(rows[0]) and len(rows[0]) > 1 and not any(any(map(str.isdigit, cell)) for cell in rows[0])


def _cells(row: "Element") -> list[str]:
    cells: list[str] = []
    for cell in row:
        if cell.tag not in {f"{TABLE}table-cell", f"{TABLE}covered-table-cell"}:
            continue
        words = one_line(" ".join(_words(each) for each in cell.iter(f"{TEXT}p", f"{TEXT}h")))
        times = str(cell.get(f"{TABLE}number-columns-repeated") or "1")
        repeated = min(int(times), MOST_BLANKS) if times.isdigit() else 1
        cells.extend([words] * repeated)
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _words(element: "Element") -> str:
    return "".join(_pieces(element))


def _pieces(element: "Element") -> Iterator[str]:
    """The words of a paragraph without notes, comments and the boxes that hang on it."""
    yield element.text or ""
    for child in element:
        if child.tag == f"{TEXT}s":
            count = str(child.get(f"{TEXT}c") or "1")
            yield " " * (min(int(count), MOST_BLANKS) if count.isdigit() else 1)
        elif child.tag in {f"{TEXT}tab", f"{TEXT}line-break"}:
            yield "\t" if child.tag == f"{TEXT}tab" else "\n"
        elif isinstance(child.tag, str) and child.tag not in {
            *_SILENT,
            f"{TEXT}note",
            f"{DRAW}frame",
            f"{DRAW}custom-shape",
        }:
            yield from _pieces(child)
        yield child.tail or ""
