"""The text of a web page to a tree, by lxml, never cut short in silence. Loads nothing from elsewhere."""

import re
from typing import TYPE_CHECKING

from ingest.errors import GuideError

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_BOXES = re.compile(r"</?(?:div|span|font|center|section|blockquote|b|i|em|strong|small|big)\b[^<>]*>", re.IGNORECASE)
_ENDS = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
"""libxml2 stops reading at the end of the page, browsers do not; without these it reads on, too."""


def page_of(text: str) -> tuple["Element", tuple[str, ...]]:
    """The tree of a page and what to know of how it was read.

    Raises:
        GuideError: libxml2 left something out.
    """
    text = _ENDS.sub("\n", text)
    root, cut = _tree(text)
    if not cut:
        return root, ()
    root, cut = _tree(_BOXES.sub("\n", text))
    if cut:
        raise GuideError(f"is nested too deeply to be read whole ({cut}): save it as text")
    return root, ("nested too deeply: read without its boxes",)


def _tree(text: str) -> tuple["Element", str]:
    """The tree, and the reason if the parser left something out."""
    from lxml import etree

    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True, recover=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise GuideError("holds no HTML that can be read") from error
    if root is None:
        raise GuideError("holds no text that can be read")
    cut = [entry.message for entry in parser.error_log if entry.type_name == "ERR_RESOURCE_LIMIT"]
    return root, (cut[0] if cut else "")
