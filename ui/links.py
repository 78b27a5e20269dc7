"""Addresses within the app. Knows nothing of Streamlit."""

from collections.abc import Mapping
from typing import TypedDict
from urllib.parse import urlencode

from answering.answer import Citation, Place

GUIDE = "guide"
"""Path of the reader's page, relative to any page of the app."""
SEARCH = "search"
"""Path of the search page."""
SKILLS = "skills"
"""Path of the page of terms."""


class Link(TypedDict):
    """A way into the guide: the label, the address, and the same as query parameters for a move within the app."""

    label: str
    href: str
    params: dict[str, str]


def place_params(place: Place) -> dict[str, str]:
    """Query parameters of the guide page that open it at a section; at the sentence where the place is a citation."""
    params = {"document": place.document, "section": place.section, "passage": place.passage}
    if isinstance(place, Citation):
        params |= {"start": str(place.start), "end": str(place.end)}
    return params


def section_params(document: str, section: str) -> dict[str, str]:
    """Query parameters of the guide page that open it at a section."""
    return {"document": document, "section": section}


def guide_link(params: Mapping[str, str]) -> str:
    """Relative address of the guide page; every value is percent-encoded."""
    return address(GUIDE, params)


def address(page: str, params: Mapping[str, str]) -> str:
    """Relative address of a page of the app; every value is percent-encoded."""
    return f"{page}?{urlencode(params)}" if params else page


def question_link(question: str) -> str:
    """Relative address of the chat page that asks this question."""
    return f"./?{urlencode({'q': question})}"
