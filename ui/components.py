"""The parts of a page that Streamlit has no element for: answer card, reader, search box, list of hits, picture.

Each is a script that puts its data in as text nodes only, never as HTML or Markdown; nothing is loaded for it.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

from ui.cards import Card
from ui.checking import Checked
from ui.finding import Listing, Picture
from ui.reading import Reader

if TYPE_CHECKING:
    from ui.worded import Phrased

_WEB: Final = Path(__file__).parent / "web"
_PARAMETERS = ("document", "section", "passage", "start", "end")


def source(*names: str) -> str:
    """Files of the pages' scripts or styles, one after the other."""
    return "\n".join((_WEB / name).read_text(encoding="utf-8") for name in names)


_answer = st.components.v2.component(
    "skill_guide_answer",
    css=source("shared.css", "answer.css"),
    js=source("shared.js", "whole.js", "sources.js", "answer.js"),
)
_reader = st.components.v2.component(
    "skill_guide_reader", css=source("shared.css", "reader.css"), js=source("shared.js", "gloss.js", "reader.js")
)
_search = st.components.v2.component(
    "skill_guide_search", css=source("shared.css", "search.css"), js=source("shared.js", "search.js")
)
_results = st.components.v2.component(
    "skill_guide_results",
    css=source("shared.css", "results.css"),
    js=source("shared.js", "whole.js", "results.js"),
)
_map = st.components.v2.component(
    "skill_guide_map", css=source("shared.css", "map.css"), js=source("shared.js", "map.js")
)
_check = st.components.v2.component(
    "skill_guide_check", css=source("shared.css", "check.css"), js=source("shared.js", "check.js")
)


_STYLE = f"<style>{source('page.css')}</style>"


def page_style() -> None:
    """Fits Streamlit's own elements to ours."""
    st.html(_STYLE)


def answer_card(data: Card, *, key: str, phrased: "Phrased | None" = None) -> dict[str, str]:
    """Shows an answer, and above it a language model's words if there are any.

    Gives the query parameters of the place in the guide that was just clicked, if one was.
    """
    return clicked(_answer(data={**data, "phrased": phrased}, key=key, on_open_change=nothing).get("open"))


def guide_reader(data: Reader, *, key: str) -> dict[str, str]:
    """Shows a document; gives the query parameters of the place, or the term, that was just asked for, if one was."""
    asked = _reader(data=data, key=key, on_open_change=nothing, on_term_change=nothing)
    return {"term": str(term)} if (term := asked.get("term")) else clicked(asked.get("open"))


def search_box(query: str, summary: str, *, key: str, on_typed: Callable[[], None]) -> None:
    """Shows the field to type into; `summary` is what a screen reader hears. The typed text is in the session state."""
    _search(data={"query": query, "summary": summary}, key=key, on_typed_change=on_typed)


def search_list(data: Listing, *, key: str, on_narrow: Callable[[], None]) -> dict[str, str]:
    """Shows what was found; gives the query parameters of the place that was just clicked, if one was."""
    return clicked(_results(data=data, key=key, on_open_change=nothing, on_narrow_change=on_narrow).get("open"))


def guide_map(data: Picture, *, key: str) -> dict[str, str]:
    """Shows the picture of the guides; gives the query parameters of the passage that was just clicked, if one was."""
    return clicked(_map(data=data, key=key, on_open_change=nothing).get("open"))


def check_report(data: Checked, *, key: str) -> tuple[dict[str, str], str]:
    """Shows an ad held against the guides; gives the query parameters of the place, or the term, that was clicked."""
    found = _check(data=data, key=key, on_open_change=nothing, on_term_change=nothing)
    return clicked(found.get("open")), str(found.get("term") or "")


def nothing() -> None:
    """Callbacks are what makes Streamlit hand on a click; what is to be done stands in the page."""


def clicked(value: object) -> dict[str, str]:
    """Query parameters as they came from the browser, which may send anything."""
    if not isinstance(value, Mapping):
        return {}
    return {name: str(value[name]) for name in _PARAMETERS if name in value}
