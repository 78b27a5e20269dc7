"""The page on which one looks terms up: an index, the card of a term or two side by side, a picture, exports."""

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from ingest.errors import GuideError
from skills.card import Card, NoCard
from ui.components import nothing
from ui.escaping import escape_markdown
from ui.holder import holder
from ui.term_parts import term_cards, term_index, term_map
from ui.terms import csv_of, index, shown_card
from ui.waiting import show_opening

if TYPE_CHECKING:
    from answering.assistant import Assistant

INDEX, CARDS, MAP = "term-index", "term-cards", "term-map"
LINE = "Every term that the guide names, with the guide’s own words on it."
NEAR = 12  # terms that come near to what was typed


def page() -> None:
    """Shows the whole page."""
    st.set_page_config(layout="wide", page_title="Skills")
    opened = holder()
    if opened.assistant is None or not opened.ready:
        st.title("Skills", anchor=False)
        show_opening(opened)
        return
    assistant = opened.assistant
    asked = [st.query_params.get(name, "") for name in ("term", "beside")]
    found = [card for name in asked if name and (card := _defined(assistant, name))]
    cards = [each for each in found if isinstance(each, Card)]
    if st.query_params.get("sheet"):
        _sheet(assistant)
        return
    st.title("Skills", anchor=False)
    st.write(LINE)
    lacking = next((each for each in found if isinstance(each, NoCard)), None)
    left, right = st.columns([2, 3], gap="large")
    with left:
        _index(assistant, lacking, [each.term for each in cards])
    with right:
        if cards:
            data = [shown_card(each) for each in cards]
            if clicked := term_cards(data, _names(assistant), key=CARDS, on_go=_went):
                st.switch_page("ui/guide.py", query_params=clicked)
        else:
            term_map(index(assistant.inventory(), "", (), (), missing=False), key=MAP, on_go=_mapped)
    _exports(assistant, cards)


def _defined(assistant: "Assistant", name: str) -> Card | NoCard | None:
    try:
        return assistant.define(name, NEAR)
    except GuideError:
        return None


def _names(assistant: "Assistant") -> list[str]:
    return [each.term for each in assistant.inventory().terms]


def _index(assistant: "Assistant", lacking: NoCard | None, shown: list[str]) -> None:
    typed = st.query_params.get("find", "") or (lacking.query if lacking else "")
    found = lacking if lacking and typed == lacking.query else _defined(assistant, typed) if typed else None
    near = found.nearest if isinstance(found, NoCard) else (found.term, *found.related) if found else ()
    missing = isinstance(found, NoCard)
    term_index(
        index(assistant.inventory(), typed, near, shown, missing=missing), key=INDEX, on_typed=_typed, on_go=_chosen
    )


def _typed() -> None:
    _go_to({"find": str(st.session_state[INDEX].typed or "")})


def _chosen() -> None:
    _go_to(st.session_state[INDEX].go)


def _went() -> None:
    _go_to(st.session_state[CARDS].go)


def _mapped() -> None:
    _go_to(st.session_state[MAP].go)


def _go_to(where: object) -> None:
    """Changes the address by what the browser sends, which may be anything."""
    if not isinstance(where, dict):
        return
    asked = {**st.query_params.to_dict(), **{name: str(value) for name, value in where.items()}}
    allowed = ("term", "beside", "find", "sheet")
    st.query_params.from_dict({name: asked[name] for name in allowed if asked.get(name)})


def _exports(assistant: "Assistant", cards: list[Card]) -> None:
    names = [each.term for each in cards] or _listed(assistant)
    what = escape_markdown(names[0]) if len(names) == 1 else f"{len(names)} terms"
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            f"CSV of {what}", partial(_csv, assistant, names), "terms.csv", "text/csv", icon=":material/table:",
            on_click="ignore",
        )  # fmt: skip
        st.button("Printable sheet", icon=":material/print:", on_click=_go_to, args=({"sheet": "1"},))


def _csv(assistant: "Assistant", names: Iterable[str]) -> bytes:
    """Made when it is asked for: a card of every term takes a while in a large guide."""
    return csv_of(_cards(assistant, names), {each.term: each.area for each in assistant.inventory().terms})


def _cards(assistant: "Assistant", names: Iterable[str]) -> list[Card]:
    found = (assistant.define(each) for each in names)
    return [each for each in found if isinstance(each, Card)]


def _listed(assistant: "Assistant") -> list[str]:
    """The terms that the filter lists; without a filter, all."""
    typed = st.query_params.get("find", "").casefold().strip()
    terms = assistant.inventory().terms
    if typed:
        terms = tuple(each for each in terms if any(typed in name.casefold() for name in each.names))
    return [each.term for each in terms]


def _sheet(assistant: "Assistant") -> None:
    asked = (st.query_params.get(name, "") for name in ("term", "beside"))
    chosen = [card for name in asked if name and isinstance(card := _defined(assistant, name), Card)]
    st.button("Back to the terms", icon=":material/arrow_back:", on_click=_go_to, args=({"sheet": ""},))
    st.title("Terms of the guide", anchor=False)
    cards = chosen or _cards(assistant, _listed(assistant))
    term_cards([shown_card(each) for each in cards], [], key="term-sheet", on_go=nothing)  # a sheet leads nowhere


if __name__ == "__main__":
    page()
