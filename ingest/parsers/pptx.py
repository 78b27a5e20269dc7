"""PowerPoint files to an outline, by python-pptx: a slide is a section, its number is its page. Loads nothing else."""

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from zipfile import BadZipFile

from ingest.cleaning import one_line
from ingest.errors import GuideError
from ingest.parsers.outline import Outline, Parsed
from ingest.parsers.xml import tree_of

if TYPE_CHECKING:
    from pptx.presentation import Presentation

Part = Any
"""A slide, or something that stands on one: python-pptx tells no types for them."""
_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_OLD_OR_LOCKED: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NO_BULLETS: Final = frozenset({"SUBTITLE", "TITLE", "CENTER_TITLE", "DATE", "FOOTER", "SLIDE_NUMBER", "HEADER"})
_RUNNING: Final = frozenset({"DATE", "FOOTER", "SLIDE_NUMBER", "HEADER"})
MOST_LEVELS: Final = 50
"""Groups in groups deeper than this are read, but not in order."""


def parse_pptx(source: bytes) -> Parsed:
    """Titles, texts, tables, charts' and diagrams' words and speaker notes of all slides, in order.

    Raises:
        GuideError: it is protected, damaged or no PowerPoint file.
    """
    presentation = _opened(source)
    outline, teller = Outline(), _Teller()
    for number, slide in enumerate(presentation.slides, start=1):
        outline.page = number
        teller.slide(outline, slide)
    properties = presentation.core_properties
    told = {"title": properties.title, "author": properties.author, "language": properties.language}
    metadata = {name: one_line(str(value)) for name, value in told.items() if value}
    return outline.finish(title=metadata.get("title"), metadata=metadata)


def _opened(source: bytes) -> "Presentation":
    import pptx
    from pptx.exc import PackageNotFoundError

    if source.startswith(_OLD_OR_LOCKED):
        raise GuideError("is protected by a password, or an old .ppt file: save it as .pptx without a password")
    try:
        return pptx.Presentation(BytesIO(source))
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError) as error:
        raise GuideError("is damaged: not a PowerPoint file that can be opened") from error


class _Teller:
    """Tells an outline what slides say."""

    def __init__(self) -> None:
        self._groups = 0

    def slide(self, outline: Outline, slide: Part) -> None:
        """One slide and its notes."""
        title = slide.shapes.title
        if title is not None and title.has_text_frame:
            outline.heading(title.text_frame.text.replace("\v", " "), 1)
        for shape in _shapes(slide.shapes):
            if title is None or shape.shape_id != title.shape_id:
                self._shape(outline, shape)
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            for paragraph in slide.notes_slide.notes_text_frame.paragraphs:
                outline.paragraph(_words(paragraph))

    def _shape(self, outline: Outline, shape: Part) -> None:
        kind = shape.placeholder_format.type.name if _is_placeholder(shape) else ""
        if kind in _RUNNING:
            return
        if shape.has_text_frame:
            self._texts(outline, shape.text_frame, bullets=bool(kind) and kind not in _NO_BULLETS)
        elif getattr(shape, "has_table", False) and shape.has_table:
            self._table(outline, shape.table)
        else:
            for words in _drawn(shape):
                outline.paragraph(words)

    def _texts(self, outline: Outline, frame: Part, *, bullets: bool) -> None:
        self._groups += 1
        for paragraph in frame.paragraphs:
            properties = paragraph._p.pPr
            marked = properties is not None and (
                properties.find(f"{_A}buChar") is not None or properties.find(f"{_A}buAutoNum") is not None
            )
            plain = properties is not None and properties.find(f"{_A}buNone") is not None
            words = _words(paragraph)
            if marked or (bullets and not plain and len(frame.paragraphs) > 1):
                outline.list_item(words, group=self._groups, depth=paragraph.level)
            else:
                outline.paragraph(words)

    def _table(self, outline: Outline, table: Part) -> None:
        self._groups += 1
        rows = [[one_line(cell.text) for cell in row.cells] for row in table.rows]
        named = len(rows) > 1 and table.first_row
        for row in rows[named:]:
            outline.table_row(row, columns=rows[0] if named else (), group=self._groups)


def _is_placeholder(shape: Part) -> bool:
    return bool(shape.is_placeholder) and shape.placeholder_format.type is not None


def _words(paragraph: Part) -> str:
    words = "".join(
        (each.text or "") if each.tag == f"{_A}t" else " " for each in paragraph._p.iter(f"{_A}t", f"{_A}br")
    )
    return one_line(words.replace("\v", " "))


def _shapes(shapes: Part, level: int = 0) -> Iterator[Part]:
    """Shapes in the order in which the slide draws them, those in groups too."""
    for shape in shapes:
        if shape._element.tag.endswith("}grpSp") and level < MOST_LEVELS:
            yield from _shapes(shape.shapes, level + 1)
        else:
            yield shape


def _drawn(shape: Part) -> Iterator[str]:
    """The words of a chart or a diagram: its titles, names and labels."""
    from lxml import etree

    for element in shape._element.iter():
        for name, value in element.attrib.items():
            if not name.startswith("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"):
                continue
            relation = shape.part.rels.get(value)
            if relation is None or relation.is_external or not relation.target_part.content_type.endswith("+xml"):
                continue
            root = tree_of(relation.target_part.blob, mended=True)
            chart = etree.QName(root).namespace if root is not None else ""
            if root is not None and name.endswith(("}id", "}dm")):
                tags = (f"{_A}t", f"{{{chart}}}v")
                words = [one_line(each.text or "") for each in root.iter(*tags)]
                yield from dict.fromkeys(filter(None, words))
