"""Writes PDF files for tests: lines of text at given places in the fonts that every reader has."""

from collections.abc import Sequence


def make_pdf(
    pages: Sequence[Sequence[tuple[float, float, str, float, str]]],
    *, language: str = "en", bookmarks: Sequence[tuple[str, int]] = (),
) -> bytes:  # fmt: skip
    """A PDF of lines, each `(left, height, font, size, words)`; F1 plain, F2 bold, F3 of equal width."""
    objects: list[bytes] = []

    def add(body: bytes) -> int:
        objects.append(body)
        return len(objects)

    names = ("Helvetica", "Helvetica-Bold", "Courier")
    fonts = [
        add(b"<</Type/Font/Subtype/Type1/BaseFont/%s/Encoding/WinAnsiEncoding>>" % name.encode()) for name in names
    ]
    resources = b"<</Font<<%s>>>>" % b"".join(b"/F%d %d 0 R" % (at + 1, font) for at, font in enumerate(fonts))
    root = len(objects) + 2 * len(pages) + 1
    kids: list[int] = []
    for page in pages:
        drawn = b"".join(
            b"BT /%s %g Tf %g %g Td (%s) Tj ET\n" % (font.encode(), size, left, height, _escaped(words))
            for left, height, font, size, words in page
        )
        stream = add(b"<</Length %d>>stream\n%sendstream" % (len(drawn), drawn))
        kids.append(
            add(
                b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 595 842]/Resources%s/Contents %d 0 R>>"
                % (root, resources, stream)
            )
        )
    add(b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids)))
    outlines = b""
    if bookmarks:
        first = len(objects) + 2
        last = first + len(bookmarks) - 1
        parent = add(b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>" % (first, last, len(bookmarks)))
        outlines = b"/Outlines %d 0 R" % parent
        for at, (title, page_number) in enumerate(bookmarks):
            near = (b"/Prev %d 0 R" % (first + at - 1) if at else b"") + (
                b"/Next %d 0 R" % (first + at + 1) if first + at < last else b""
            )
            add(b"<</Title(%s)/Parent %d 0 R%s/Dest[%d 0 R/Fit]>>" % (_escaped(title), parent, near, kids[page_number]))
    catalog = add(b"<</Type/Catalog/Pages %d 0 R/Lang(%s)%s>>" % (root, language.encode(), outlines))
    out = b"%PDF-1.7\n"
    places: list[int] = []
    for at, body in enumerate(objects):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (at + 1, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (len(objects) + 1, table, len(objects) + 1, catalog, len(out))
    )


def _escaped(words: str) -> bytes:
    encoded = words.encode("cp1252", "ignore") if "\x95" not in words else words.encode("latin-1", "ignore")
    return encoded.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
