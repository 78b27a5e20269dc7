"""The page on which one searches: hits while one types, where they are, and a picture of the guides with them lit."""

from typing import TYPE_CHECKING

import streamlit as st

from answering.found import Filter, Results
from ingest.cleaning import without_hidden
from ingest.errors import GuideError
from ui import conversation
from ui.components import guide_map, search_box, search_list
from ui.escaping import escape_markdown
from ui.finding import listing, picture, search_params, summary
from ui.holder import holder
from ui.waiting import show_opening

if TYPE_CHECKING:
    from answering.assistant import Assistant

BOX, LIST = "search-box", "search-list"
LINE = "Type a word or a question. Passages are found by their words, by other names for them, and by meaning."


def page() -> None:
    """Shows the whole page."""
    st.set_page_config(layout="wide", page_title="Search")
    opened = holder()
    if not st.query_params.get("q"):  # the browser's Back comes without it
        st.query_params.from_dict(conversation.last_search())
    query, where = _asked()
    conversation.searched(search_params(query, where))
    results, failure = _results(opened.assistant if opened.ready else None, query, where)
    st.title("Search", anchor=False)
    search_box(query, summary(results, where) if results else "", key=BOX, on_typed=_typed)
    if failure:
        st.warning(escape_markdown(failure), icon=":material/straighten:")
    if opened.assistant is None or (query and not opened.ready):
        show_opening(opened)
    if opened.assistant is None:
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        if results:
            _list(results, where, opened.assistant)
        elif not query:
            st.write(LINE)
    with right:
        _picture(results, opened.assistant)


def _asked() -> tuple[str, Filter]:
    """What the address asks for, and where."""
    asked = st.query_params
    return asked.get("q", ""), Filter(document=asked.get("document", ""), section=asked.get("section", ""))


def _results(assistant: "Assistant | None", query: str, where: Filter) -> tuple[Results | None, str]:
    if assistant is None or not query.strip():
        return None, ""
    try:
        return assistant.results(query, where), ""
    except GuideError as error:
        return None, str(error)


def _typed() -> None:
    text = st.session_state[BOX].typed
    _, where = _asked()
    _go_to(str(text or ""), where if text else Filter())


def _narrowed() -> None:
    there = st.session_state[LIST].narrow or {}
    query, _ = _asked()
    _go_to(query, Filter(document=str(there.get("document", "")), section=str(there.get("section", ""))))


def _go_to(query: str, where: Filter) -> None:
    params = search_params(query, where)
    conversation.searched(params)
    st.query_params.from_dict(params)


def _list(results: Results, where: Filter, assistant: "Assistant") -> None:
    titles = {document.id: without_hidden(document.title) for document in assistant.documents()}
    data = listing(results, where, assistant.passage, titles)
    if clicked := search_list(data, key=LIST, on_narrow=_narrowed):
        _open(clicked)


def _picture(results: Results | None, assistant: "Assistant") -> None:
    if (points := assistant.picture()) and (clicked := guide_map(picture(points, results), key="guide-map")):
        _open(clicked)


def _open(place: dict[str, str]) -> None:
    st.switch_page("ui/guide.py", query_params=place)


if __name__ == "__main__":
    page()
