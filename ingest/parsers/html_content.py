"""Which parts of a web page are its article: menus, footers, cookie notices and what no reader sees are taken off.

Judges by what a page says of itself (elements, roles, names of classes) and by how much of a part is links. Says how
many words it took off. Knows nothing of outlines.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ingest.cleaning import one_line

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

SILENT: Final = frozenset(
    """script style template noscript svg iframe object embed applet audio video canvas head select datalist
    textarea input progress meter map dialog""".split()  # noqa: SIM905
)
"""Elements that show no text of the page's own, or only to those who fill in a form."""
HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
ARTICLE_SHARE: Final = 0.5
"""Share of a page's words that <main> or the only <article> holds if it is the whole of what the page says."""
LINKED_SHARE: Final = 0.5
"""Share of a part's words in links above which a part whose name says menu, related, share… is one."""
MENU_LINKS: Final = 3
"""Fewest links of a menu that nothing but its links tells."""
MENU_WORDS: Final = 4
"""Most words of a menu's entry, on the average."""
NOTICE_WORDS: Final = 120
"""Most words of a cookie notice."""
_INSIDE: Final = frozenset({"main", "article", "section", "blockquote", "figure"})
_BOXES: Final = frozenset({"div", "section", "aside", "form", "p", "dialog", "footer", "header"})
_NEVER: Final = frozenset({"html", "body", "main", "article"}) | HEADINGS
_ROLES: Final = frozenset({"navigation", "contentinfo", "search", "dialog", "alertdialog", "menu", "menubar"})
_NAMED: Final = frozenset(
    """nav navbar navigation navheader navfooter breadcrumb breadcrumbs footer cookie cookies consent gdpr editsection
    headerlink skip skiplink""".split()  # noqa: SIM905
)
"""Names of classes and ids that say what a part is."""
_HINTED: Final = frozenset(
    """menu sidebar header share sharing social related pagination pager newsletter promo advert ads tags toolbar
    catlinks links topbar aside toc""".split()  # noqa: SIM905
)
"""Names that say so only if the part is mostly links."""
_NAME = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_ACCEPT = re.compile(r"\b(?:accept|agree|allow|got it|reject|decline|ok|okay|akzeptieren|accepter|aceptar)\b", re.I)
_INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NUMBER = re.compile(r"^(?:(?:chapter|part|appendix)\s+)?[\dA-Z]{1,3}(?:\.\d+)*\.?\s+", re.IGNORECASE)
_PERMALINK: Final = frozenset({"¶", "#", "§", "🔗"})


def text_of(element: "Element") -> str:
    """All words of an element, on one line."""
    return one_line(" ".join(map(str, element.itertext())))


def keep_article(root: "Element") -> int:
    """Takes off the page what is not its article; returns how many words that readers see went with it."""
    _drop_unseen(root)
    sizes = _Sizes(root)
    for element in _furniture(root, sizes):
        _drop(element)
    _drop_outside(root)
    _drop_leading_menu(root)
    _drop_contents(root)
    return sizes.words(root) - _words(root)


class _Sizes:
    """How many words each element of a page holds, and how many of them are links; counted once, from the leaves."""

    def __init__(self, root: "Element") -> None:
        self._elements = list(root.iter())
        self._found: dict[Element, tuple[int, int, int, int]] = {}
        for element in reversed(self._elements):
            words, linked, links, foreign = len((element.text or "").split()), 0, 0, 0
            for child in element:
                inner = self._found[child]
                words += inner[0] + len((child.tail or "").split())
                linked, links, foreign = linked + inner[1], links + inner[2], foreign + inner[3]
            if _tag(element) == "a":
                linked, links, foreign = words, 1, int(bool(element.get("hreflang")))
            self._found[element] = words, linked, links, foreign

    def __iter__(self) -> Iterator["Element"]:
        return iter(self._elements)

    def words(self, element: "Element") -> int:
        return self._found[element][0]

    def linked(self, element: "Element") -> float:
        """Share of the words that are links."""
        words, linked, _, _ = self._found[element]
        return linked / max(words, 1)

    def leads_to_languages(self, element: "Element") -> bool:
        """Whether nearly all links lead to the same page in other languages."""
        _, _, links, foreign = self._found[element]
        return foreign >= MENU_LINKS and foreign >= 0.8 * links and self.linked(element) > LINKED_SHARE


def _words(element: "Element") -> int:
    return sum(len(text.split()) for text in map(str, element.itertext()))


def _drop(element: "Element") -> None:
    """Removes an element, not the text behind it."""
    if element.getparent() is None:
        return
    element.clear(keep_tail=True)
    element.tag = "span" if element.tag in {"span", "a", "button"} else "div"


def _tag(element: "Element") -> str:
    return element.tag if isinstance(element.tag, str) else ""


def _drop_unseen(root: "Element") -> None:
    for element in list(root.iter()):
        hidden = element.get("hidden") not in {None, "until-found"} or element.get("aria-hidden") == "true"
        invisible = bool(_INVISIBLE.search(element.get("style") or ""))
        mark = _tag(element) == "a" and text_of(element) in _PERMALINK
        if _tag(element) in SILENT or hidden or invisible or mark:
            _drop(element)


def _within(element: "Element", tags: frozenset[str]) -> bool:
    return any(_tag(parent) in tags for parent in element.iterancestors())


def _furniture(root: "Element", sizes: _Sizes) -> Iterator["Element"]:
    """Parts that call themselves something else than the article, and buttons."""
    found: set[Element] = set()
    for element in sizes:
        tag = _tag(element)
        if not tag or tag in _NEVER or element is root:
            continue
        inner = element.getparent() in found
        if inner or (_is_furniture(element, tag, sizes) and not _is_most(element, root, sizes)):
            found.add(element)
            if not inner:
                yield element


def _is_most(element: "Element", root: "Element", sizes: _Sizes) -> bool:
    """Whether a part holds the page's title or most of its words, and so is no furniture, whatever it is called."""
    if next(element.iter("main", "article"), None) is not None:
        return True
    return next(element.iter("h1"), None) is not None or 2 * sizes.words(element) > sizes.words(root)


def _is_furniture(element: "Element", tag: str, sizes: _Sizes) -> bool:
    if tag == "button":
        return not _within(element, HEADINGS | {"summary", "dt"})
    if tag == "nav" or element.get("role") in _ROLES or (tag == "footer" and not _within(element, _INSIDE)):
        return True
    names = _names(element)
    if names & _NAMED or sizes.leads_to_languages(element):
        return True
    links = sizes.linked(element) >= LINKED_SHARE
    if links and tag in {"aside", "header"} and not _within(element, _INSIDE):
        return True
    if links and names & _HINTED and tag not in {"a", "span", "li", "td", "tr"}:
        return True
    return tag in _BOXES and sizes.words(element) <= NOTICE_WORDS and _is_notice(element)


def _names(element: "Element") -> set[str]:
    """The first and the last word of each class and of the id: site-footer, cookieBanner, menu_top."""
    names: set[str] = set()
    for name in f"{element.get('class') or ''} {element.get('id') or ''}".split():
        words = [word.lower() for word in _NAME.findall(name)]
        names |= {*words[:1], *words[-1:]}
    return names


def _is_notice(element: "Element") -> bool:
    """Whether a part asks to accept cookies: few words, one of them cookies, and something to press."""
    if len(element) == 0 or "cookie" not in text_of(element).lower():
        return False
    return any(_ACCEPT.search(text_of(press)) for press in element.iter("button", "a") if _words(press) <= MENU_WORDS)


def _drop_outside(root: "Element") -> None:
    """Keeps <main> or the only <article> where the page has one that holds most of it, and a title outside it."""
    for tag in ("main", "article"):
        found = [element for element in root.iter(tag) if not _within(element, frozenset({tag}))]
        if len(found) == 1 and _words(found[0]) > ARTICLE_SHARE * _words(root):
            _keep_only(found[0], keep_title=next(found[0].iter("h1"), None) is None)
            return


def _keep_only(kept: "Element", *, keep_title: bool) -> None:
    child = kept
    for parent in kept.iterancestors():
        for other in parent:
            if other is child or (keep_title and (_tag(other) == "h1" or next(other.iter("h1"), None) is not None)):
                continue
            _drop(other)
        for other in parent:
            other.tail = None
        parent.text = None
        child = parent


def _drop_leading_menu(root: "Element") -> None:
    """Drops lists of short links that stand before the first heading and the first sentence of a page."""
    for element in list(root.iter("ul", "ol", "div", "p", "table", "h1", "h2", "h3", "h4", "h5", "h6", "pre")):
        tag = _tag(element)
        if tag in HEADINGS or tag == "pre":
            return
        links = [link for link in element.iter("a") if text_of(link)]
        linked, words = sum(map(_words, links)), _words(element)
        if len(links) >= MENU_LINKS and linked >= words - len(links) and linked <= MENU_WORDS * len(links):
            if 2 * words < _words(root):
                _drop(element)
        elif tag == "p" and words > 2 * MENU_WORDS:
            return


def _drop_contents(root: "Element") -> None:
    """Drops a table of contents whose entries all stand in this page as headings."""
    headings = {_plain(text_of(element)) for element in root.iter(*HEADINGS)}
    for element in list(root.iter("ul", "ol", "dl")):
        parent = element.getparent()
        if parent is None or _within(element, frozenset({"ul", "ol", "dl"})):
            continue
        links = [link for link in element.iter("a") if text_of(link)]
        if len(links) > 1 and all(_plain(text_of(link)) in headings for link in links):
            if sum(map(_words, links)) < _words(element):
                continue
            caption = element.getprevious()
            if caption is not None and re.fullmatch(r"(?:table of )?contents:?|on this page:?", text_of(caption), re.I):
                _drop(caption)
            _drop(element)


def _plain(text: str) -> str:
    return _NUMBER.sub("", text).casefold()
