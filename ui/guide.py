"""The page on which one reads: a whole guide, opened at the sentence or section that the address names."""

from typing import TYPE_CHECKING

import streamlit as st

from ingest.cleaning import without_hidden
from ingest.documents import Document
from ingest.errors import GuideError
from ui import conversation
from ui.components import guide_reader
from ui.glossing import glosses, names, term_cards
from ui.holder import holder
from ui.reading import Surroundings, locate, reader
from ui.waiting import show_failure, show_opening

if TYPE_CHECKING:
    from answering.assistant import Assistant


def page() -> None:
    """Shows the whole page."""
    st.set_page_config(layout="wide")
    _ways_back()
    opened = holder()
    if opened.assistant is None:
        show_opening(opened)
        return
    document = _document(opened.assistant)
    if document is None:
        st.info("There is no guide here yet.")
        return
    st.set_page_config(page_title=without_hidden(document.title))
    passage = opened.assistant.passage(st.query_params.get("passage", ""))
    target = locate(document, passage, st.query_params.to_dict())
    if target.notice:
        st.warning(target.notice, icon=":material/history:")
    around = _surroundings(opened.assistant, document)
    if clicked := guide_reader(reader(document, target, around), key="reader"):
        _go_to(clicked)


def _go_to(place: dict[str, str]) -> None:
    if "term" in place:
        st.switch_page("ui/skills.py", query_params=place)
    st.query_params.from_dict(place)
    st.rerun()


def _surroundings(assistant: "Assistant", document: Document) -> Surroundings:
    """The passages and terms of the document, to be marked in it."""
    inventory = assistant.inventory()
    return Surroundings(
        passages=assistant.passages(document.id), glosses=tuple(glosses(inventory, document)),
        terms=term_cards(inventory, assistant.documents()), names=names(inventory),
    )  # fmt: skip


def _ways_back() -> None:
    with st.container(horizontal=True, gap="medium"):
        if conversation.turns():
            st.page_link("ui/chat.py", label="Back to your questions", icon=":material/arrow_back:")
        if params := conversation.last_search():
            st.page_link(
                "ui/search.py", label="Back to your search", icon=":material/arrow_back:", query_params=params
            )  # fmt: skip


def _document(assistant: "Assistant") -> Document | None:
    """The document that the address names, else the first; a choice where there are several."""
    documents = assistant.documents()
    if not documents:
        return None
    chosen = documents[0]
    if asked := st.query_params.get("document"):
        try:
            chosen = assistant.document(asked)
        except GuideError as error:
            show_failure(str(error))
    if len(documents) > 1:
        titles = {document.id: without_hidden(document.title) for document in documents}
        st.selectbox(
            "Guide", titles, index=list(titles).index(chosen.id), format_func=lambda name: titles[name],
            key=f"choice-{chosen.id}", on_change=_choose, args=(f"choice-{chosen.id}",),
        )  # fmt: skip
    return chosen


def _choose(key: str) -> None:
    st.query_params.from_dict({"document": st.session_state[key]})


if __name__ == "__main__":
    page()
