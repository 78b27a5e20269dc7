"""One small guide written out in every format that ingest reads, by means as small as each format allows."""

import zipfile
from collections.abc import Callable, Sequence
from io import BytesIO

from markdown_it import MarkdownIt

from tests.pdfs import make_pdf

TITLE = "Keeping Bees"
GUIDE = f"""# {TITLE}

A guide for the first year with bees, from spring to the first honey.

## 1. Before you start

Bees need a place, some tools and your time. You need these things:

- A hive with frames
- A smoker
  - Dry fuel for it
- Gloves that fit

### 1.1 The place

Choose a dry place that gets sun in the morning, away from paths that people use.

## 2. The first inspection

Wait for a warm day without wind and go through these steps:

1. Light the smoker
2. Open the hive
3. Look for eggs

| Sign | Meaning | Action |
| --- | --- | --- |
| Eggs | There is a queen | Close the hive |
| Mites | Varroa | Treat in autumn |

### 2.1 Notes

Write down what you saw in a form like this:

```
date: May 2
eggs: yes
```

## 3. Honey

Take the frames when most cells are capped, and leave enough for the winter.
"""
SECTIONS = [
    "keeping-bees", "before-you-start", "before-you-start/the-place", "the-first-inspection",
    "the-first-inspection/notes", "honey",
]  # fmt: skip
_PAGE_HEIGHT = 842
_LEFT = 72


def markdown(guide: str = GUIDE) -> bytes:
    """As it stands."""
    return guide.encode()


def html(guide: str = GUIDE, language: str = "en") -> bytes:
    """A page with a menu, a cookie notice and a footer around the guide."""
    article = MarkdownIt("commonmark").enable("table").render(guide)
    return f"""<!DOCTYPE html><html lang="{language}"><head><title>{TITLE} - The Shop</title></head><body>
    <header><nav><ul><li><a href="/">Home</a></li><li><a href="/shop">Shop</a></li></ul></nav></header>
    <div class="cookie-banner"><p>We use cookies to serve you.</p><button>Accept all</button></div>
    {article}
    <footer><p>All rights reserved by The Shop</p></footer></body></html>""".encode()


def epub(guide: str = GUIDE, language: str = "en") -> bytes:
    """A book with a page of contents and one chapter for each heading of level 2."""
    html_ = MarkdownIt("commonmark").enable("table", True).render(guide)
    chapters = [part if not at else f"<h2>{part}" for at, part in enumerate(html_.split("<h2>"))]
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OPS/package.opf"/></rootfiles></container>',
        )
        items = "".join(
            f'<item id="c{at}" href="c%20{at}.xhtml" media-type="application/xhtml+xml"/>'
            for at in range(len(chapters))
        )
        spine = "".join(f'<itemref idref="c{at}"/>' for at in range(len(chapters)))
        book.writestr(
            "OPS/package.opf",
            '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<metadata><dc:title>{TITLE}</dc:title><dc:language>{language}</dc:language></metadata>"
            '<manifest><item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
            f'{items}</manifest><spine><itemref idref="nav"/>{spine}</spine></package>',
        )
        book.writestr("OPS/nav.xhtml", "<html><body><nav><h1>Contents of the book</h1></nav></body></html>")
        for at, chapter in enumerate(chapters):
            book.writestr(f"OPS/c {at}.xhtml", f"<html><body>{chapter}</body></html>")
    return out.getvalue()


def text(guide: str = GUIDE) -> bytes:
    """As a person would type it: bare headings, a table with columns, code indented."""
    lines: list[str] = []
    rows: list[list[str]] = []
    code = False
    for line in guide.splitlines():
        if line.startswith("```"):
            code = not code
        elif line.startswith("|"):
            if "---" not in line:
                rows.append([cell.strip() for cell in line.strip("|").split("|")])
            continue
        else:
            lines += ["  ".join(cell.ljust(18) for cell in row).rstrip() for row in rows]
            rows = []
            lines.append(f"    {line}" if code else line.lstrip("#").strip() if line.startswith("#") else line)
    return "\n".join(lines).encode()


def docx(guide: str = GUIDE, language: str = "en") -> bytes:  # noqa: C901 -- one branch a line of Markdown
    """Word's own styles for headings and lists."""
    import docx as word

    document = word.Document()
    document.core_properties.language = language
    document.styles.add_style("Source Code", 1)
    rows: list[list[str]] = []
    code = False

    def table() -> None:
        if rows:
            made = document.add_table(rows=0, cols=len(rows[0]))
            for at, row in enumerate(rows):
                for cell, words in zip(made.add_row().cells, row, strict=True):
                    run = cell.paragraphs[0].add_run(words)
                    run.bold = not at or None
            rows.clear()

    for line in guide.splitlines():
        words = line.strip()
        if not line.startswith("|"):
            table()
        if line.startswith("```"):
            code = not code
        elif code:
            document.add_paragraph(words, style=document.styles["Source Code"])
        elif line.startswith("|"):
            if "---" not in line:
                rows.append([cell.strip() for cell in line.strip("|").split("|")])
        elif line.startswith("# "):
            document.add_heading(words[2:], 0)
        elif line.startswith("#"):
            level = len(line.split()[0]) - 1
            document.add_heading(words.lstrip("# "), level)
        elif words.startswith("- "):
            document.add_paragraph(words[2:], style="List Bullet 2" if line.startswith(" ") else "List Bullet")
        elif words[:1].isdigit() and words[1:3] == ". ":
            document.add_paragraph(words[3:], style="List Number")
        elif words:
            document.add_paragraph(words)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def odt(guide: str = GUIDE, language: str = "en") -> bytes:  # noqa: C901 -- one branch a line of Markdown
    """The one XML file of a text document."""
    parts: list[str] = []
    rows: list[str] = []
    code = False
    for line in guide.splitlines():
        words = line.strip()
        if rows and not line.startswith("|"):
            parts.append(
                f"<table:table><table:table-header-rows>{rows[0]}</table:table-header-rows>{''.join(rows[1:])}</table:table>"
            )
            rows = []
        if line.startswith("```"):
            code = not code
        elif line.startswith("|"):
            if "---" not in line:
                cells = "".join(
                    f"<table:table-cell><text:p>{cell.strip()}</text:p></table:table-cell>"
                    for cell in line.strip("|").split("|")
                )
                rows.append(f"<table:table-row>{cells}</table:table-row>")
        elif code:
            parts.append(f'<text:p text:style-name="Preformatted_20_Text">{words}</text:p>')
        elif line.startswith("#"):
            parts.append(f'<text:h text:outline-level="{len(line.split()[0])}">{words.lstrip("# ")}</text:h>')
        elif line.startswith("  - "):
            parts[-1] = parts[-1].removesuffix("</text:list-item></text:list>") + (
                f"<text:list><text:list-item><text:p>{words[2:]}</text:p></text:list-item></text:list></text:list-item></text:list>"
            )
        elif words.startswith("- ") or (words[:1].isdigit() and words[1:3] == ". "):
            style, words = ("Bullets", words[2:]) if words.startswith("- ") else ("Numbers", words[3:])
            item = f"<text:list-item><text:p>{words}</text:p></text:list-item></text:list>"
            if parts[-1].startswith(f'<text:list text:style-name="{style}">'):
                parts[-1] = parts[-1].removesuffix("</text:list>") + item
            else:
                parts.append(f'<text:list text:style-name="{style}">{item}')
        elif words:
            parts.append(f"<text:p>{words}</text:p>")
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{uri}:1.0"'
        for name, uri in (
            ("office", "office"),
            ("text", "text"),
            ("table", "table"),
            ("style", "style"),
            ("meta", "meta"),
        )
    )
    content = (
        f"<office:document-content {spaces}><office:automatic-styles>"
        '<text:list-style style:name="Numbers"><text:list-level-style-number text:level="1"/></text:list-style>'
        '<text:list-style style:name="Bullets"><text:list-level-style-bullet text:level="1"/></text:list-style>'
        f"</office:automatic-styles><office:body><office:text>{''.join(parts)}</office:text></office:body></office:document-content>"
    )
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("META-INF/manifest.xml", "<manifest/>")
        package.writestr("content.xml", content)
        package.writestr(
            "meta.xml",
            f'<office:document-meta {spaces} xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta>'
            f"<dc:language>{language}</dc:language></office:meta></office:document-meta>",
        )
    return out.getvalue()


def pdf(guide: str = GUIDE, language: str = "en", bookmarks: Sequence[tuple[str, int]] = ()) -> bytes:  # noqa: C901 -- one branch a line of Markdown
    """Headings by larger letters only, lines broken by hand, with running lines on each page."""
    pages: list[list[tuple[float, float, str, float, str]]] = [[]]
    height = _PAGE_HEIGHT - 100.0
    code = False

    def put(words: str, font: str = "F1", size: float = 10, left: float = _LEFT, above: float = 0) -> None:
        nonlocal height
        height -= above + size * 1.2
        if height < 90:
            pages.append([])
            height = _PAGE_HEIGHT - 100.0
        pages[-1].append((left, height, font, size, words))

    for line in guide.splitlines():
        words = line.strip()
        if line.startswith("```"):
            code = not code
        elif code:
            put(words, "F3", above=0)
        elif line.startswith("|"):
            if "---" in line:
                continue
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            height -= 14
            bold = "Sign" in cells
            pages[-1] += [(_LEFT + 130 * at, height, "F2" if bold else "F1", 10, cell) for at, cell in enumerate(cells)]
        elif line.startswith("#"):
            level = len(line.split()[0])
            put(words.lstrip("# "), "F2", {1: 22, 2: 16, 3: 12.5}[level], above=14)
        elif words.startswith("- "):
            put(f"\x95 {words[2:]}", left=_LEFT + 10 * (len(line) - len(words)), above=2)
        elif words:
            for at, part in enumerate(wrapped(words)):
                put(part, above=0 if at or not words[0].isalpha() else 8)
    return make_pdf(pages, language=language, bookmarks=bookmarks)


def wrapped(words: str, width: int = 58) -> list[str]:
    """Lines of at most `width` characters."""
    lines = [""]
    for word in words.split():
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


RENDERED: dict[str, Callable[[], bytes]] = {
    ".md": markdown, ".html": html, ".epub": epub, ".txt": text, ".docx": docx, ".odt": odt, ".pdf": pdf,
}  # fmt: skip
