"""The parts of the page of terms that Streamlit has no element for: the index, the cards, the picture of the areas.

Each is a script that puts its data in as text nodes only, never as HTML or Markdown; nothing is loaded for it.
"""

from collections.abc import Callable, Mapping

import streamlit as st

from ui.components import clicked, nothing, source
from ui.terms import Index, ShownCard


def _part(name: str, script: str) -> Callable[..., Mapping[str, object]]:
    return st.components.v2.component(name, css=source("shared.css", "terms.css"), js=source("shared.js", script))


_index = _part("skill_guide_terms", "terms.js")
_cards = _part("skill_guide_term", "term.js")
_treemap = _part("skill_guide_treemap", "treemap.js")


def term_index(data: Index, *, key: str, on_typed: Callable[[], None], on_go: Callable[[], None]) -> None:
    """Shows the index of terms; what was typed, and where to go, is in the session state."""
    _index(data=data, key=key, on_typed_change=on_typed, on_go_change=on_go)


def term_cards(cards: list[ShownCard], names: list[str], *, key: str, on_go: Callable[[], None]) -> dict[str, str]:
    """Shows cards of terms, as a sheet if there are no names to compare with; gives the place that was clicked."""
    shown = _cards(data={"cards": cards, "names": names}, key=key, on_open_change=nothing, on_go_change=on_go)
    return clicked(shown.get("open"))


def term_map(data: Index, *, key: str, on_go: Callable[[], None]) -> None:
    """Shows the areas and their terms; where to go is in the session state."""
    _treemap(data=data, key=key, on_go_change=on_go)
