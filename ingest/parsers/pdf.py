"""PDF to an outline, by PDFium (pypdfium2): headings from bookmarks or fonts, paragraphs, lists, tables and code.

Every block knows its page. Running headers, footers and page numbers are left out, which a flag says.
"""

from typing import TYPE_CHECKING, Any

from ingest.cleaning import one_line
from ingest.errors import GuideError
from ingest.parsers import pdf_layout as layout
from ingest.parsers.outline import Parsed
from ingest.parsers.pdf_blocks import Teller
from ingest.parsers.pdf_headings import Bookmark, headings_of
from ingest.parsers.pdf_lines import Line, lines_of
from ingest.parsers.pdf_notes import notes_of
from ingest.parsers.pdf_words import Joiner

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument


def parse_pdf(source: bytes) -> Parsed:
    """The text of a PDF in reading order.

    Raises:
        GuideError: it needs a password, is damaged, or holds no text.
    """
    document = _opened(source)
    try:
        pages, blank = [], 0
        for number, page in enumerate(document):
            pages.append(lines_of(page, number + 1))
            blank += not pages[-1]
            page.close()
        if not any(pages):
            raise GuideError(f"holds no text on its {len(pages)} pages (scanned?): run it through text recognition")
        return _parsed(pages, _bookmarks(document), _metadata(document), blank)
    finally:
        document.close()


def _opened(source: bytes) -> "PdfDocument":
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        document = PdfDocument(source)
        if not len(document):
            raise GuideError("has no pages")
    except PdfiumError as error:
        if "password" in str(error).lower():
            raise GuideError("is protected by a password: save it without") from error
        raise GuideError("is damaged: no PDF reader opens it") from error
    return document


def _metadata(document: "PdfDocument") -> dict[str, str]:
    told = {key.lower(): one_line(value) for key, value in document.get_metadata_dict(skip_empty=True).items()}
    metadata = {name: told[name] for name in ("title", "author", "subject") if told.get(name)}
    return {**metadata, **_language(document)}


def _language(document: "PdfDocument") -> dict[str, str]:
    import ctypes

    from pypdfium2 import raw

    ask: Any = getattr(raw, "FPDFCatalog_GetLanguage", None)
    if ask is None:
        return {}
    buffer = ctypes.create_string_buffer(128)
    size = ask(document, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), 128)
    language = buffer.raw[: max(size - 2, 0)].decode("utf-16-le", "ignore").strip("\0 ")
    return {"language": language} if language else {}


def _bookmarks(document: "PdfDocument") -> list[Bookmark]:
    found: list[Bookmark] = []
    for entry in document.get_toc():
        place = entry.get_dest()
        page = place.get_index() if place is not None else None
        if page is not None:
            found.append(Bookmark(entry.get_title(), entry.level, page))
    return found


def _parsed(pages: list[list[Line]], bookmarks: list[Bookmark], metadata: dict[str, str], blank: int) -> Parsed:
    running = layout.running_lines(pages)
    kept = [[line for line in page if id(line) not in running] for page in pages]
    if not any(kept):
        kept, running = pages, set()
    kept = [layout.without_page_numbers(page) for page in kept]
    body = layout.body_of([line for page in kept for line in page])
    parted = [notes_of(page, body) for page in kept]
    kept, notes = [page for page, _ in parted], [found for _, found in parted]
    lines = [line for page in kept for line in page]
    teller = Teller(body, Joiner(line.words for page in pages for line in page), lines, notes)
    teller.tell(lines, headings_of(kept, body, bookmarks))
    flags = []
    if running:
        flags.append(f"left out {len(running)} running headers, footers and page numbers")
    if blank:
        flags.append(f"{blank} of {len(pages)} pages hold no text (pictures?)")
    return teller.outline.finish(title=metadata.get("title"), metadata=metadata, flags=flags)
