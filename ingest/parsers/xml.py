"""XML to a tree, by lxml: no entity is resolved and nothing is loaded from elsewhere. Knows no format."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


def tree_of(content: bytes, *, mended: bool = False) -> "Element | None":
    """The root of a part of a file; where it may be mended, None if nothing of it could be read.

    Raises:
        lxml.etree.XMLSyntaxError: it is broken, and is not to be mended.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, recover=mended)
    root: Element | None = etree.fromstring(content, parser)
    return root
