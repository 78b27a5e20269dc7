"""HTML to an outline, by lxml: the article's headings, paragraphs, lists, tables and code.

What is the article is judged next door. Nothing is ever loaded from elsewhere, and what libxml2 left out is never lost
in silence.
"""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ingest.parsers import html_content as content
from ingest.parsers.html_content import HEADINGS, text_of
from ingest.parsers.html_page import page_of
from ingest.parsers.html_tables import is_data, rows_of
from ingest.parsers.outline import Outline, Parsed

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_BLOCKS: Final = frozenset(
    """address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer
    form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p pre section summary table
    tbody td tfoot th thead tr ul caption""".split()  # noqa: SIM905
)
_LISTS: Final = frozenset({"ul", "ol", "menu", "dir", "dl"})
_ITEMS: Final = frozenset({"li", "dd", "dt"})
_ENDS_ITSELF = re.compile(r"[.:;!?,–—-]$")


def parse_html(text: str) -> Parsed:
    """The article of a web page; menus, footers and cookie notices stay out, which a flag says.

    Raises:
        GuideError: the page is nested so deeply that its text cannot be had whole.
    """
    root, flags = page_of(text)
    told = root.find(".//title")
    metadata = {"title": text_of(told) if told is not None else ""}
    language = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang")
    metadata["language"] = language or ""
    for name in ("author", "description", "date"):
        found = root.xpath("string(//meta[@name=$name]/@content)", name=name)
        metadata[name] = str(found).strip()
    dropped = content.keep_article(root)
    if dropped:
        flags = (*flags, f"left out {dropped} words of menus, footers and notices around the article")
    builder = HtmlBuilder(Outline(), first_level_is_title=len(list(root.iter("h1"))) == 1)
    builder.add(root)
    metadata = {name: value for name, value in metadata.items() if value}
    return builder.outline.finish(title=metadata.get("title"), metadata=metadata, flags=flags)


@dataclass
class _List:
    """A list that is open: `number` is its next item's, None for bullets."""

    depth: int
    number: int | None = None


@dataclass
class _Item:
    """An item that is open: what waits to be told of it."""

    depth: int
    mark: str = ""
    words: list[str] = field(default_factory=list)
    told: bool = False


class HtmlBuilder:
    """Tells an outline what stands in elements; several pages may go into one outline."""

    def __init__(self, outline: Outline, *, first_level_is_title: bool) -> None:
        """Writes into `outline`; the only h1 of a page is its title."""
        self.outline = outline
        self._title = first_level_is_title
        self._groups = 0
        self._group = 0
        self._words: list[str] = []
        self._lists: list[_List] = []
        self._items: list[_Item] = []
        self._terms: list[str] = []
        self._heading = ""

    def add(self, root: "Element") -> None:
        """Everything under an element, in order."""
        from lxml import etree

        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            tag = element.tag if isinstance(element.tag, str) else ""
            if event == "start":
                if self._start(tag, element):
                    walk.skip_subtree()
                elif element.text:
                    self._words.append(element.text)
            else:
                self._end(tag)
                if element.tail and element is not root:
                    self._words.append(element.tail)
        self._flush()
        self._tell_item()

    def _start(self, tag: str, element: "Element") -> bool:
        """Whether the element has been dealt with, children and all."""
        if self._heading:
            self._words.append(" " if tag in _BLOCKS or tag == "br" else "")
        elif tag == "pre":
            self._code(element)
            return True
        elif tag == "table" and is_data(element):
            self._table(element)
            return True
        elif tag in _BLOCKS:
            self._open(tag, element)
        elif tag == "br":
            self._break(element)
        if tag == "img" and not _is_decoration(element):
            self._words.append(f" {element.get('alt')} ")
        return False

    def _open(self, tag: str, element: "Element") -> None:
        self._flush()
        if tag in HEADINGS:
            self._tell_item()
            self._heading = tag
        elif tag in _LISTS:
            self._tell_item()
            self._new_group()
            self._lists.append(_List(len(self._lists), _first_number(element) if tag == "ol" else None))
        elif tag in _ITEMS:
            self._open_item(tag, element)

    def _new_group(self) -> None:
        """The outermost list gives its number to all lists in it; an item without a list is one of its own."""
        if not self._lists and not self._items:
            self._groups += 1
            self._group = self._groups

    def _open_item(self, tag: str, element: "Element") -> None:
        self._tell_item()
        self._new_group()
        inner = self._lists[-1] if self._lists else _List(0)
        item = _Item(inner.depth)
        if tag == "li" and inner.number is not None:
            number = _number(element.get("value"), inner.number)
            item.mark, inner.number = f"{number}. ", number + 1
        elif tag == "dd" and self._terms:
            term = ", ".join(self._terms)
            item.mark, self._terms = f"{term} " if _ENDS_ITSELF.search(term) else f"{term}: ", []
        self._items.append(item)

    def _end(self, tag: str) -> None:
        if self._heading:
            if tag == self._heading:
                self._tell_heading(tag)
            return
        if tag not in _BLOCKS:
            return
        self._flush()
        if tag == "dt" and self._items:
            self._terms.extend(filter(None, [" ".join(self._items.pop().words).strip()]))
        elif tag in _ITEMS and self._items:
            self._tell_item()
            self._items.pop()
        elif tag in _LISTS and self._lists:
            self._tell_terms()
            self._lists.pop()

    def _tell_heading(self, tag: str) -> None:
        words, self._words, self._heading = "".join(self._words), [], ""
        if tag == "h1" and self._title:
            self.outline.title(words)
        else:
            self.outline.heading(words, int(tag[1]))

    def _flush(self) -> None:
        """What stands before a block begins or behind its end is a paragraph."""
        words, self._words = "".join(self._words), []
        if not words.strip():
            return
        if self._items:
            self._items[-1].words.append(words)
        else:
            self.outline.paragraph(words)

    def _tell_item(self) -> None:
        """Tells the words of the open item so far; what follows later is the same item, continued."""
        if not self._items:
            return
        item = self._items[-1]
        words, item.words = " ".join(item.words), []
        if words.strip() or item.mark.strip(". ").strip("0123456789"):
            text, item.mark = item.mark + words, ""
            self.outline.list_item(text.strip(), group=self._group, depth=item.depth, continued=item.told)
            item.told = True

    def _tell_terms(self) -> None:
        """Terms of a definition list that nothing defines."""
        for term in self._terms:
            self.outline.list_item(term, group=self._group, depth=self._lists[-1].depth)
        self._terms = []

    def _code(self, element: "Element") -> None:
        self._flush()
        self._tell_item()
        for line_end in element.iter("br"):
            line_end.tail = "\n" + (line_end.tail or "")
        self.outline.code("".join(map(str, element.itertext())))

    def _table(self, element: "Element") -> None:
        self._flush()
        self._tell_item()
        self._groups += 1
        caption = element.find("caption")
        if caption is not None:
            self.outline.paragraph(text_of(caption))
        columns, rows = rows_of(element)
        for row in rows:
            self.outline.table_row(row, columns=columns, group=self._groups)

    def _break(self, element: "Element") -> None:
        before = element.getprevious()
        if before is not None and before.tag == "br" and not (before.tail or "").strip():
            self._flush()
        else:
            self._words.append(" ")


def _is_decoration(image: "Element") -> bool:
    """Whether an image's words say nothing that the text does not: within a link, or under a caption."""
    for parent in image.iterancestors("a", "figure"):
        if parent.tag == "a" or parent.find("figcaption") is not None:
            return True
    return not (image.get("alt") or "").strip() or image.get("role") in {"presentation", "none"}


def _first_number(element: "Element") -> int:
    return _number(element.get("start"), 1)


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,9}", text) else otherwise
