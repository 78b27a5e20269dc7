"""Word, PowerPoint, OpenDocument and EPUB: numbers, notes, boxes and slides come out, comments and passwords do not."""

import zipfile
from io import BytesIO
from pathlib import Path

import docx
import pptx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from ingest.documents import BlockKind
from ingest.errors import GuideError
from ingest.parsers.docx import parse_docx
from ingest.parsers.epub import parse_epub
from ingest.parsers.odf import parse_odf
from ingest.parsers.outline import Parsed
from ingest.parsers.pptx import parse_pptx
from tests import rendered


def _word(*paragraphs: str, styles: dict[str, str] | None = None) -> "docx.document.Document":
    document = docx.Document()
    for words in paragraphs:
        document.add_paragraph(words, style=(styles or {}).get(words))
    return document


def _read(document: "docx.document.Document") -> Parsed:
    out = BytesIO()
    document.save(out)
    return parse_docx(out.getvalue())


def _rewritten(source: bytes, changes: dict[str, tuple[bytes, bytes]]) -> bytes:
    """An archive with one replacement in some of its files; a new file where the old text is empty."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(source)) as given, zipfile.ZipFile(out, "w") as changed:
        for name in given.namelist():
            old, new = changes.get(name, (b"", b""))
            changed.writestr(name, given.read(name).replace(old, new) if old else given.read(name))
        for name, (old, new) in changes.items():
            if not old:
                changed.writestr(name, new)
    return out.getvalue()


def test_numbers_of_word_lists_are_worked_out() -> None:
    kinds = {"One": "List Number", "Two": "List Number", "Between": "Normal", "Three": "List Number"}
    assert _read(_word(*kinds, styles=kinds)).text == "1. One\n2. Two\n\nBetween\n\n3. Three"


def test_a_single_heading_1_is_the_title_of_a_file_without_one() -> None:
    styles = {"Bees": "Heading 1", "Tools": "Heading 2", "Smoker": "Heading 3"}
    parsed = _read(_word("Bees", "Text.", "Tools", "More.", "Smoker", "Last.", styles=styles))
    assert parsed.title == "Bees"
    assert [section.id for section in parsed.sections] == ["bees", "tools", "tools/smoker"]


def test_text_boxes_are_read_once_and_deleted_text_not_at_all() -> None:
    document = _word("Beside the box.")
    box = "<w:txbxContent><w:p><w:r><w:t>In the box.</w:t></w:r></w:p></w:txbxContent>"
    spaces = nsdecls("w") + ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    both = f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    run = f"<w:r {spaces}><mc:AlternateContent>{both}</mc:AlternateContent></w:r>"
    document.paragraphs[0]._p.append(parse_xml(run))
    document.paragraphs[0]._p.append(
        parse_xml(f"<w:del {spaces}><w:r><w:delText>Gone.</w:delText><w:t>Gone</w:t></w:r></w:del>")
    )
    assert _read(document).text == "Beside the box.\n\nIn the box."


def test_footnotes_follow_the_text() -> None:
    note = (
        b'<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        b'<w:footnote w:type="separator"><w:p/></w:footnote>'
        b"<w:footnote><w:p><w:r><w:t>A note.</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    relation = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    kind = b"application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    out = BytesIO()
    _word("Text.").save(out)
    changed = _rewritten(
        out.getvalue(),
        {
            "word/footnotes.xml": (b"", note),
            "word/_rels/document.xml.rels": (
                b"</Relationships>",
                b'<Relationship Id="n" Type="%s" Target="footnotes.xml"/></Relationships>' % relation,
            ),
            "[Content_Types].xml": (
                b"</Types>",
                b'<Override PartName="/word/footnotes.xml" ContentType="%s"/></Types>' % kind,
            ),
        },
    )
    assert parse_docx(changed).text == "Text.\n\nA note."


def test_the_strict_variant_of_word_is_read() -> None:
    usual, strict = b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/"
    names = {
        "_rels/.rels": (
            usual + b"officeDocument/2006/relationships/officeDocument",
            strict + b"officeDocument/relationships/officeDocument",
        ),
        "word/document.xml": (usual + b"wordprocessingml/2006/main", strict + b"wordprocessingml/main"),
    }
    assert parse_docx(_rewritten(rendered.docx(), names)).text == parse_docx(rendered.docx()).text


def test_an_external_entity_in_a_word_file_is_never_opened(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("canary", encoding="utf-8")
    doctype = b'<!DOCTYPE x [<!ENTITY a SYSTEM "%s">]><w:document ' % (tmp_path / "secret").as_uri().encode()
    source = _rewritten(rendered.docx("Before\n\nEnd\n"), {"word/document.xml": (b"<w:document ", doctype)})
    parsed = parse_docx(_rewritten(source, {"word/document.xml": (b"End", b"End&a;")}))
    assert parsed.text == "Before\n\nEnd"


def _slides() -> bytes:
    deck = pptx.Presentation()
    deck.core_properties.language = "de"
    title = deck.slides.add_slide(deck.slide_layouts[0])
    title.shapes.title.text = "Bees"
    title.placeholders[1].text = "A first year"
    body = deck.slides.add_slide(deck.slide_layouts[1])
    body.shapes.title.text = "Tools"
    frame = body.placeholders[1].text_frame
    frame.text = "Smoker"
    frame.add_paragraph().text = "Fuel\vfor it"
    frame.paragraphs[1].level = 1
    table = body.shapes.add_table(2, 2, Inches(1), Inches(1), Inches(4), Inches(1)).table
    for at, words in enumerate(("Sign", "Means", "Eggs", "Queen")):
        table.cell(at // 2, at % 2).text = words
    group = body.shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = "In a group."
    chart = CategoryChartData()  # type: ignore[no-untyped-call]
    chart.categories = ["Spring"]
    chart.add_series("Honey", (3,))  # type: ignore[no-untyped-call]
    body.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, 0, 0, Inches(2), Inches(2), chart)
    body.notes_slide.notes_text_frame.text = "Say it slowly."
    out = BytesIO()
    deck.save(out)
    return out.getvalue()


def test_slides_are_sections_with_their_pages() -> None:
    parsed = parse_pptx(_slides())
    assert [section.id for section in parsed.sections] == ["bees", "tools"]
    assert parsed.text == (
        "Bees\n\nA first year\n\nTools\n\n• Smoker\n  • Fuel for it\n\nEggs — Means: Queen\n\nIn a group.\n\n"
        "Honey\n\nSpring\n\n3\n\nSay it slowly."
    )
    assert [block.page for block in parsed.blocks if block.kind is BlockKind.HEADING] == [1, 2]
    assert parsed.metadata["language"] == "de"


def test_an_open_document_keeps_notes_and_boxes_and_drops_comments() -> None:
    inner = (
        b"<text:p>Beside<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>A note.</text:p>"
        b"</text:note-body></text:note><office:annotation><text:p>Comment</text:p></office:annotation> it."
        b'<draw:frame xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"><draw:text-box>'
        b"<text:p>In the box.</text:p></draw:text-box></draw:frame></text:p></office:text>"
    )
    parsed = parse_odf(_rewritten(rendered.odt("# Bees\n"), {"content.xml": (b"</office:text>", inner)}))
    assert parsed.text == "Bees\n\nBeside it.\n\nIn the box.\n\nA note."


def test_sheets_are_sections_and_repeated_cells_are_bounded() -> None:
    table = (
        b'<table:table table:name="Tools"><table:table-row><table:table-cell><text:p>Name</text:p></table:table-cell>'
        b"<table:table-cell><text:p>Use</text:p></table:table-cell>"
        b'<table:table-cell table:number-columns-repeated="16382"/>'
        b"</table:table-row><table:table-row><table:table-cell><text:p>Smoker</text:p></table:table-cell><table:table-cell>"
        b"<text:p>Smoke</text:p></table:table-cell></table:table-row>"
        b'<table:table-row table:number-rows-repeated="1048574"/>'
        b"</table:table></office:spreadsheet>"
    )
    source = _rewritten(
        rendered.odt(""), {"content.xml": (b"<office:text></office:text>", b"<office:spreadsheet>" + table)}
    )
    parsed = parse_odf(source)
    assert parsed.text == "Tools\n\nSmoker — Use: Smoke"
    assert parsed.sections[0].id == "tools"


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("parse", "source", "reason"),
    [
        (parse_docx, OLD, "protected by a password"),
        (parse_docx, rendered.odt(), "is damaged"),
        (parse_docx, rendered.docx()[:900], "is damaged"),
        (parse_pptx, OLD, "protected by a password"),
        (parse_pptx, rendered.docx(), "is damaged"),
        (
            parse_odf,
            _rewritten(rendered.odt(), {"META-INF/manifest.xml": (b"<manifest", b"<manifest encryption-data='1'")}),
            "password",
        ),
        (parse_odf, rendered.docx(), "is damaged"),
        (parse_epub, rendered.docx(), "is damaged"),
        (
            parse_epub,
            _rewritten(rendered.epub(), {"META-INF/encryption.xml": (b"", b'<CipherReference URI="OPS/c0.xhtml"/>')}),
            "protected against copying",
        ),
    ],
)
def test_what_cannot_be_read_says_why(parse: "object", source: bytes, reason: str) -> None:
    assert callable(parse)
    with pytest.raises(GuideError, match=reason):
        parse(source)


def test_a_book_whose_fonts_alone_are_scrambled_is_read_and_a_missing_chapter_told() -> None:
    fonts = _rewritten(rendered.epub(), {"META-INF/encryption.xml": (b"", b'<CipherReference URI="OPS/f.otf"/>')})
    assert parse_epub(fonts).text == parse_epub(rendered.epub()).text
    missing = _rewritten(rendered.epub(), {"OPS/package.opf": (b"c%202.xhtml", b"gone.xhtml")})
    assert "1 chapters are missing in the file" in parse_epub(missing).flags
