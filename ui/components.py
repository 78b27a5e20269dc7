"""The two parts of a page that Streamlit has no element for: the answer card and the reader.

Each is a script that puts its data in as text nodes only, never as HTML or Markdown; nothing is loaded for it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import streamlit as st

from ui.cards import Card
from ui.reading import Reader

_WEB: Final = Path(__file__).parent / "web"
_PARAMETERS = ("document", "section", "passage", "start", "end")


def _source(*names: str) -> str:
    return "\n".join((_WEB / name).read_text(encoding="utf-8") for name in names)


_answer = st.components.v2.component(
    "skill_guide_answer", css=_source("shared.css", "answer.css"), js=_source("shared.js", "sources.js", "answer.js")
)
_reader = st.components.v2.component(
    "skill_guide_reader", css=_source("shared.css", "reader.css"), js=_source("shared.js", "reader.js")
)


_STYLE = f"<style>{_source('page.css')}</style>"


def page_style() -> None:
    """Fits Streamlit's own elements to ours."""
    st.html(_STYLE)


def answer_card(data: Card, *, key: str) -> dict[str, str]:
    """Shows an answer; gives the query parameters of the place in the guide that was just clicked, if one was."""
    return _clicked(_answer(data=data, key=key, on_open_change=_nothing).get("open"))


def guide_reader(data: Reader, *, key: str) -> None:
    """Shows a document."""
    _reader(data=data, key=key)


def _nothing() -> None:
    """Callbacks are what makes Streamlit hand on a click; what is to be done stands in the page."""


def _clicked(value: object) -> dict[str, str]:
    """Query parameters as they came from the browser, which may send anything."""
    if not isinstance(value, Mapping):
        return {}
    return {name: str(value[name]) for name in _PARAMETERS if name in value}
