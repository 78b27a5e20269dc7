"""Files that mean harm or have come to harm, made by a seed or by hand: what `ingest` must survive."""

# mypy: disable-error-code="misc"
# It infers no type for a lambda that keeps a loop's value by a default.

import io
import random
import zipfile
import zlib
from collections.abc import Callable, Iterator

from tests.rendered import RENDERED

MARKER = "Zwischenzeitlich4711"
"""A word at the end of a file, by which to tell whether it was read to its end."""
_NUMBERS = [b"0", b"-1", b"65536", b"4294967295", b"2147483648", b"99999999999999999999"]


def mutated(ending: str, seed: int) -> bytes:
    """A sound file of that format with some of its bytes changed, moved, lost or doubled."""
    chance = random.Random(f"{ending} {seed}")
    if ending in {".docx", ".epub", ".odt", ".pptx"} and chance.random() < 0.6:
        return _repacked(RENDERED[ending](), chance)
    return _damaged(RENDERED[ending](), chance, chance.choice([1, 1, 2, 5, 20, 100]))


def _damaged(content: bytes, chance: random.Random, times: int) -> bytes:  # noqa: C901 -- one branch a fault
    data = bytearray(content)
    for _ in range(times):
        if not data:
            break
        at, length = chance.randrange(len(data)), min(chance.choice([1, 1, 4, 64, 1024]), len(data))
        match chance.randrange(8):
            case 0:
                data[at] ^= 1 << chance.randrange(8)
            case 1:
                data[at : at + length] = chance.randbytes(length)
            case 2:
                del data[at : at + length]
            case 3:
                data[at:at] = data[at : at + length] * chance.choice([1, 2, 50])
            case 4:
                del data[at:]
            case 5:
                data[at:at] = chance.choice(
                    [b"\0", b"\xff\xfe", b"<", b"&#0;", b"]]>", b"\\u0000", b"<!--", b"(" * 500]
                )
            case 6:
                data[at : at + length] = bytes(length)
            case 7:
                data[at : at + 1] = chance.choice(_NUMBERS)
    return bytes(data)


def _repacked(content: bytes, chance: random.Random) -> bytes:
    """One part of an archive damaged before it is packed again, so that the damage gets past the checksum."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        chosen = chance.choice(names)
        for name in names:
            part = old.read(name)
            if name != chosen:
                new.writestr(name, part)
            elif chance.random() < 0.9:
                new.writestr(name, _damaged(part, chance, chance.choice([1, 3, 10])))
    return out.getvalue()


def zipped(ending: str, change: Callable[[str, bytes], bytes | None], extra: dict[str, bytes] | None = None) -> bytes:
    """A sound file of a format that is an archive, each part passed through `change`; more parts behind them."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(RENDERED[ending]())) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new,
    ):
        for name in old.namelist():
            if (part := change(name, old.read(name))) is not None:
                new.writestr(name, part)
        for name, part in (extra or {}).items():
            new.writestr(name, part)
    return out.getvalue()


MAIN_PART = {".docx": "word/document.xml", ".odt": "content.xml", ".epub": "OPS/c 1.xhtml"}


def in_main_part(ending: str, old: bytes, new: bytes) -> bytes:
    """A sound file whose main part has some bytes replaced, once."""
    return zipped(ending, lambda name, part: part.replace(old, new, 1) if name == MAIN_PART[ending] else part)


def pdf_of(objects: list[bytes]) -> bytes:
    """A PDF of these objects, the first of which is its catalogue."""
    out, places = b"%PDF-1.7\n", []
    for at, body in enumerate(objects):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (at + 1, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        size, table, size, len(out),
    )  # fmt: skip


def _page(stream: bytes, filters: bytes) -> bytes:
    return pdf_of([
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d/Filter[%s]>>stream\n%s\nendstream" % (len(stream), filters, stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ])  # fmt: skip


def flate_bomb(layers: int, megabytes: int, unit: bytes = b" ") -> bytes:
    """A PDF whose page unpacks, layer by layer, to so many megabytes."""
    packer, stream = zlib.compressobj(9), b""
    piece = unit * (1_000_000 // len(unit))
    for _ in range(megabytes):
        stream += packer.compress(piece)
    stream += packer.flush()
    for _ in range(layers - 1):
        stream = zlib.compress(stream, 9)
    return _page(stream, b"/FlateDecode " * layers)


def zip_bomb(ending: str, megabytes: int, parts: int = 1, name: str = "word/media/x{}.xml") -> bytes:
    """A sound file with parts that unpack to so many megabytes together."""
    return zipped(
        ending, lambda _, part: part, {name.format(at): bytes(megabytes * 1_000_000 // parts) for at in range(parts)}
    )


def lying_sizes(content: bytes, declared: int) -> bytes:
    """An archive whose largest part declares another size, in both places where it is told."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entry = max(archive.infolist(), key=lambda each: each.file_size)
    return content.replace(entry.file_size.to_bytes(4, "little"), declared.to_bytes(4, "little"))


def overlapping(count: int) -> bytes:
    """An archive in which so many names share one packed stream of 4 MB (Fifield's construction, its simplest form)."""
    content = bytearray(zip_bomb(".docx", 4))
    start = content.rindex(b"PK\x05\x06")
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        directory = archive.start_dir
        last = archive.infolist()[-1]
    record = bytes(content[directory:start])
    at = record.rindex(b"PK\x01\x02")
    one = record[at:]
    more = b"".join(one.replace(last.filename.encode(), b"word/media/%c0.xml" % (97 + n)) for n in range(count))
    end = bytearray(content[start:])
    total = len(archive.infolist()) + count
    end[8:12] = total.to_bytes(2, "little") * 2
    end[12:16] = (len(record) + len(more)).to_bytes(4, "little")
    return bytes(content[:start]) + more + bytes(end)


def bombs() -> Iterator[tuple[str, str, Callable[[], bytes]]]:
    """Name, ending and maker of files that are small and want to be large."""
    nested = zip_bomb(".docx", 150)
    for ending in (".docx", ".odt", ".epub"):
        yield f"one part{ending}", ending, lambda e=ending: zip_bomb(e, 300)
        yield f"many parts{ending}", ending, lambda e=ending: zip_bomb(e, 300, 100)
        yield f"many small parts{ending}", ending, lambda e=ending: zip_bomb(e, 1, 10_500, "x/{}")
        yield f"lying size{ending}", ending, lambda e=ending: lying_sizes(zip_bomb(e, 100), 100)
        yield (
            f"main part{ending}",
            ending,
            lambda e=ending: zipped(
                e, lambda name, part: part.replace(b">", b">" + b" " * 90_000_000, 1) if name == MAIN_PART[e] else part
            ),
        )
    yield "overlapping.docx", ".docx", lambda: overlapping(20)
    yield "nested.docx", ".docx", lambda: zipped(".docx", lambda _, part: part, {"word/embeddings/x.docx": nested})
    for layers, megabytes in ((1, 700), (2, 700), (3, 1500), (2, 2000)):
        yield f"{layers} layers of {megabytes}.pdf", ".pdf", lambda n=layers, m=megabytes: flate_bomb(n, m)
    yield "operators.pdf", ".pdf", lambda: flate_bomb(1, 60, b"BT /F 9 Tf (x) Tj ET\n")
    yield "a hundred layers.pdf", ".pdf", lambda: flate_bomb(100, 1)
    yield (
        "laughs.html",
        ".html",
        lambda: (
            b"<!DOCTYPE html ["
            + b"".join(b'<!ENTITY l%d "%s">' % (n + 1, b"&l%d;" % n * 10) for n in range(12))
            + b"]><p>&l12;</p>"
        ),
    )
    yield "emphasis.md", ".md", lambda: b"*a **b " * 200_000
    yield "brackets.md", ".md", lambda: b"[" * 1_000_000
    yield "quotes.md", ".md", lambda: b">" * 100_000 + b"x"
    yield (
        "aliases.md",
        ".md",
        lambda: (
            b"---\na0: &a0 [x,x,x,x,x,x,x,x,x]\n"
            + b"".join(b"a%d: &a%d [%s]\n" % (n, n, b",".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 12))
            + b"---\nwords"
        ),
    )


def payloads(canary: str, port: int) -> Iterator[tuple[str, str, bytes]]:
    """Name, ending and bytes of files that ask their reader for another file or an address."""
    places = [f"file://{canary}", canary, f"http://127.0.0.1:{port}/x", f"ftp://127.0.0.1:{port}/x"]
    for number, place in enumerate(places):
        inline = f'<!DOCTYPE x [<!ENTITY secret SYSTEM "{place}">]>'.encode()
        outside = f'<!DOCTYPE x SYSTEM "{place}">'.encode()
        by_parameter = f'<!DOCTYPE x [<!ENTITY % p SYSTEM "{place}"> %p;]>'.encode()
        for ending, start, words in ((".docx", b"<w:document", b"Choose"), (".odt", b"<office:document", b"Choose")):
            for name, doctype in (("inline", inline), ("outside", outside), ("parameter", by_parameter)):
                entity = b"&secret; Choose" if name == "inline" else b"Choose"

                def spoilt(part_name: str, part: bytes, *, end: str = ending, first: bytes = start,
                           said: bytes = doctype, word: bytes = words, by: bytes = entity) -> bytes:  # fmt: skip
                    if part_name != MAIN_PART[end]:
                        return part
                    return part.replace(first, said + first, 1).replace(word, by, 1)

                yield f"{name} {number}{ending}", ending, zipped(ending, spoilt)
        page = inline + f'<html><body><p>&secret; words <xi:include href="{place}" parse="text"/>'.encode()
        image = f'<img src="{place}"><iframe src="{place}"></iframe><object data="{place}"></object>'.encode()
        yield f"page {number}.html", ".html", page + image + b"</p></body></html>"
        yield f"page {number}.xhtml", ".xhtml", b'<?xml version="1.0"?>' + page + b"</p></body></html>"
        yield f"page {number}.md", ".md", f"![x]({place})\n\n[x]: {place}\n\n<img src='{place}'>\n\nwords".encode()


def long_files() -> Iterator[tuple[str, str, Callable[[], bytes]]]:
    """Name, ending and maker of files that parsers are known to cut short; the marker stands at the end of each."""
    end, tail = MARKER.encode(), f"\n\nThe end is {MARKER}.\n".encode()
    for depth in (15, 25, 60, 150, 260, 1000, 5000):
        yield f"{depth} div.html", ".html", lambda n=depth: (
            b"<html><body><h1>T</h1><p>Words to start with.</p>" + b"<div>" * n + b"<p>deep words</p>" + b"</div>" * n
            + b"<p>The end is " + end + b".</p></body></html>"
        )  # fmt: skip
        yield f"{depth} quotes.md", ".md", lambda n=depth: b"> " * n + b"deep " + end
        yield (
            f"{depth} lists.md",
            ".md",
            lambda n=depth: b"\n".join(b" " * (2 * at) + b"- item" for at in range(n)) + b" " + end,
        )
        yield f"{depth} emphasis.md", ".md", lambda n=depth: b"*a _b " * n + b"x" + b"_ *" * n + tail
    for size in (1, 9, 11, 15):
        yield (
            f"node of {size} MB.html",
            ".html",
            lambda n=size: b"<html><body><p>" + b"word " * (200_000 * n) + end + b"</p></body></html>",
        )
    for size in (1, 10):
        yield f"line of {size} MB.txt", ".txt", lambda n=size: b"word " * (200_000 * n) + end
        yield f"line of {size} MB.md", ".md", lambda n=size: b"word " * (200_000 * n) + end
    yield (
        "rows.html",
        ".html",
        lambda: (
            b"<html><body><table>"
            + b"<tr><td>a</td><td>b</td></tr>" * 50_000
            + b"<tr><td>"
            + end
            + b"</td></tr></table>"
        ),
    )
    yield "rows.md", ".md", lambda: b"| a | b |\n| - | - |\n" + b"| c | d |\n" * 50_000 + b"| " + end + b" | x |\n"
    yield "unclosed comment.html", ".html", lambda: b"<html><body><p>Words.</p><!-- <p>The end is " + end + b"</p>"
    yield "unclosed script.html", ".html", lambda: b"<html><body><p>Words.</p><script> <p>The end is " + end + b"</p>"
    yield "NUL.html", ".html", lambda: b"<html><body><p>Words.</p>\0<p>The end is " + end + b"</p></body></html>"
    yield "NUL.md", ".md", lambda: b"# T\n\n" + b"Words. " * 100 + b"\0" + tail
    yield "NUL.txt", ".txt", lambda: b"Words. " * 100 + b"\0" + tail
    yield "end of file.txt", ".txt", lambda: b"Words. " * 100 + b"\x1a" + tail
    yield "separators.txt", ".txt", lambda: "A\x0bb\x0cc\x1cd\x85e\u2028f\u2029g. ".encode() * 50 + tail
    yield (
        "second body.html",
        ".html",
        lambda: b"<html><body><p>Words.</p></body></html><html><body><p>The end is " + end + b".</p></body></html>",
    )
    yield "front matter.md", ".md", lambda: b"---\ntitle: T\n" + tail
    yield "open fence.md", ".md", lambda: b"# T\n\n```\ncode" + tail
    for ending in (".docx", ".odt"):
        yield f"late words{ending}", ending, lambda e=ending: in_main_part(e, b"Take the frames", end + b" the frames")
        yield (
            f"long words{ending}",
            ending,
            lambda e=ending: in_main_part(e, b"Take the frames", b"word " * 2_400_000 + end),
        )
    yield (
        "late words.epub",
        ".epub",
        lambda: zipped(
            ".epub", lambda name, part: part.replace(b"Take the frames", end) if name == "OPS/c 3.xhtml" else part
        ),
    )
