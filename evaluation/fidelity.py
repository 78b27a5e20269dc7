"""How much of a file comes out of ingest: words kept in order, words added, against another reading of the same.

`python -m evaluation.fidelity MANUALS [FORMATS]`: MANUALS holds a folder for each manual with `<name>.en.txt`,
`<name>.en.pdf` and `html/`; FORMATS holds files of any format. Addresses do not count, since web pages hide them.
Editions differ: a second figure leaves out the words of the text that its PDF does not have at that place, by PDFium's
own text. Where trafilatura is installed, which nothing else here needs, what it makes of web pages is told too.
"""

import re
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from importlib import import_module
from io import BytesIO
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from ingest.decoding import decoded
from ingest.errors import GuideError
from ingest.parsers import PARSERS
from ingest.reading import read_content

_ADDRESS = re.compile(r"\(?(?:https?|ftp)://[^\s)>]+(?:\s*\))?")
_IN_BRACKETS = re.compile(r"\((?:https?|ftp):[^\s)]*(?:\n[^\S\n]*[^\s)]+)*\)")
_BROKEN_ADDRESS = re.compile(r"((?:https?|ftp):(?:\S*[/\w.#=&-])?)\n[^\S\n]+(?=\S*[/.)]|\S+ \(http)")
"""An address goes on in the next line, not beyond an empty one; a text version says it twice: `address (address)`."""
_NEXT: Final = re.compile(r'<link rel="next" href="([^"]+)"')
_PARTED = re.compile(r"(\w)(?:[\u0002\ufffe]|-\r?\n)(?=\w)")
_TEXT_PARTS = re.compile(r"(?:word/(?:document|footnotes|endnotes)|ppt/slides/slide\d+|content)\.xml|.*\.x?html")
_NEIGHBOURS: Final = 4
"""Words before or after lost ones by which their place is known: `see Section 7.8`, and not the heading `7.8`."""
_LINE_ENDS: Final = frozenset({"p", "h", "br", "tab", "line-break", "tc", "td", "th", "li", "tr", "div", "table-cell"})


class Fidelity:
    """Shares of words: `kept` and `in_order` of the reference's, `added` of those that came out."""

    def __init__(self, reference: Sequence[str], out: Sequence[str], *, in_order: bool = True) -> None:
        """Compares two lists of words; their order only where asked, which takes time."""
        kept = (Counter(reference) & Counter(out)).total()
        self.words = len(reference)
        self.kept = kept / max(len(reference), 1)
        self.added = (len(out) - kept) / max(len(out), 1)
        self.in_order = _in_order(reference, out) / max(len(reference), 1) if in_order else None

    def __str__(self) -> str:
        """One line for a person."""
        order = f", in order {self.in_order:.2%}" if self.in_order is not None else ""
        return f"{self.words:,} words, kept {self.kept:.2%}{order}, added {self.added:.2%}"


def words_of(text: str) -> list[str]:
    """The words of a text that count: letters and digits in small letters, no addresses."""
    text = _IN_BRACKETS.sub(lambda found: re.sub(r"\s+", "", found.group()), text)
    return re.findall(r"\w+", _ADDRESS.sub(" ", _BROKEN_ADDRESS.sub(r"\1", text)).casefold())


def _in_order(reference: Sequence[str], out: Sequence[str]) -> int:
    matcher = SequenceMatcher(None, reference, out, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks())


def shared(reference: Sequence[str], out: Sequence[str], source: str) -> list[str]:
    """The reference without the words that neither came out nor stand in the source with the words around them.

    Letters alone are compared, so that no hyphen and no line's end of the source speaks against a word.
    """
    told = "".join(words_of(source))
    kept: list[str] = []
    for kind, first, last, _, _ in SequenceMatcher(None, reference, out, autojunk=False).get_opcodes():
        before, after = reference[max(first - _NEIGHBOURS, 0) : last], reference[first : last + _NEIGHBOURS]
        if kind == "equal" or "".join(before) in told or "".join(after) in told:
            kept += reference[first:last]
    return kept


def manuals(folder: Path) -> Iterator[tuple[str, str, Fidelity]]:
    """Each manual by name, its format, and what came out of it against its text.

    Raises:
        GuideError: the folder holds no manual.
    """
    found = [path for path in sorted(folder.iterdir()) if (path / f"{path.name}.en.txt").is_file()]
    if not found:
        raise GuideError(f"no manuals in {folder}: each is a folder with <name>.en.txt, <name>.en.pdf and html/")
    for manual in found:
        text = words_of((manual / f"{manual.name}.en.txt").read_text(encoding="utf-8"))
        pages = list(_pages(manual / "html"))
        yield manual.name, "html", Fidelity(text, words_of("\n".join(map(_read, pages))))
        if (others := [_trafilatura(page.read_bytes()) for page in pages]) and None not in others:
            yield manual.name, "html, by trafilatura", Fidelity(text, words_of("\n".join(filter(None, others))))
        source = (manual / f"{manual.name}.en.pdf").read_bytes()
        out, plain = words_of(read_content(source, ".pdf").text), _pdf(source)
        yield manual.name, "pdf", Fidelity(text, out)
        yield manual.name, "pdf, of the words that stand in both editions", Fidelity(shared(text, out, plain), out)
        yield manual.name, "pdf, against PDFium's own text", Fidelity(words_of(plain), out, in_order=False)


def _pages(folder: Path) -> Iterator[Path]:
    """The pages of a manual in reading order, as they lead to each other."""
    page: Path | None = folder / "index.en.html"
    while page is not None and page.is_file():
        yield page
        following = _NEXT.search(page.read_text(encoding="utf-8"))
        page = folder / following.group(1) if following else None


def _read(path: Path) -> str:
    return read_content(path.read_bytes(), path.suffix.lower()).text


def formats(folder: Path) -> Iterator[tuple[Path, str]]:
    """Each file that has a parser, and what came out of it against another reading, or why it was left out."""
    for path in sorted(folder.rglob("*")):
        ending = path.suffix.lower()
        if ending not in PARSERS or "groundtruth" in path.parts or not path.is_file():
            continue
        source, before = path.read_bytes(), perf_counter()
        try:
            reading = read_content(source, ending)
        except GuideError as error:
            yield path, f"left out: {error}"
            continue
        seconds = perf_counter() - before
        reference = words_of(REFERENCES.get(ending, _plain)(source))
        compared = Fidelity(reference, words_of(reading.text), in_order=False)
        other = _trafilatura(source) if ending in {".html", ".htm", ".xhtml"} else None
        told = f"; trafilatura: {Fidelity(reference, words_of(other), in_order=False)}" if other is not None else ""
        yield path, f"{compared}, {seconds:.1f} s{''.join(f'; {flag}' for flag in reading.flags)}{told}"


def _plain(source: bytes) -> str:
    return decoded(source)[0]


def _pdf(source: bytes) -> str:
    """The text of a PDF as PDFium gives it, nothing mended but parted words."""
    from pypdfium2 import PdfDocument

    document = PdfDocument(source)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return _PARTED.sub(r"\1", text)


def _html(source: bytes) -> str:
    from lxml import etree, html

    root = html.fromstring(decoded(source, declares=True)[0].encode(), parser=html.HTMLParser(encoding="utf-8"))
    etree.strip_elements(root, "script", "style", "head", "noscript", etree.Comment, with_tail=False)
    return _spaced(root)


def _trafilatura(source: bytes) -> str | None:
    """What trafilatura makes of a web page, set to keep as much as it can; None where it is not installed."""
    try:
        reader: Any = import_module("trafilatura")
    except ImportError:
        return None
    return reader.extract(source, favor_recall=True, include_comments=True, include_tables=True) or ""


def _archive(source: bytes) -> str:
    from lxml import etree

    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    with zipfile.ZipFile(BytesIO(source)) as archive:
        names = sorted(filter(_TEXT_PARTS.fullmatch, archive.namelist()), key=lambda name: (len(name), name))
        return "\n".join(_spaced(etree.fromstring(archive.read(name), parser)) for name in names)


def _spaced(root: "Iterator[object]") -> str:
    """All text of a tree, with a blank where a line ends."""
    from lxml import etree

    parts: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = etree.QName(element).localname if isinstance(element.tag, str) else ""
        told = element.text if event == "start" else element.tail
        parts.append(f"{' ' if name in _LINE_ENDS else ''}{told or ''}")
    return "".join(parts)


REFERENCES: Final[dict[str, Callable[[bytes], str]]] = {
    ".pdf": _pdf, ".html": _html, ".htm": _html, ".xhtml": _html,
    **dict.fromkeys((".docx", ".pptx", ".odt", ".odp", ".ods", ".epub"), _archive),
}  # fmt: skip
"""By ending, another way to a file's words, as simple as can be."""


def main(arguments: Sequence[str]) -> None:
    """Prints a line for each manual and each file."""
    if not arguments or any(not Path(each).is_dir() for each in arguments):
        raise SystemExit("usage: python -m evaluation.fidelity MANUALS [FORMATS], each a folder")
    for name, kind, compared in manuals(Path(arguments[0])):
        print(f"{name}, {kind}: {compared}")
    for folder in map(Path, arguments[1:]):
        for path, line in formats(folder):
            print(f"{path.relative_to(folder)}: {line}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except GuideError as error:
        raise SystemExit(str(error)) from error
