"""Thumbs under an answer, with an optional word; kept in a file of whoever runs the app. Judges nothing."""

import secrets

import streamlit as st

from answering.answer import Answer
from answering.journal import LONGEST_WORD, Journal
from ingest.errors import GuideError
from ui.waiting import show_failure

UP = 1
"""What Streamlit's thumbs give for a thumb up; 0 is down."""
PROMPT = "A word on it, if you like"
THANKS = "Kept on this machine, for whoever runs this guide. Thank you."


def thumbs(place: int, answer: Answer, journal: Journal) -> None:
    """Shows the thumbs of an answer in the conversation, and keeps what is clicked or written."""
    given = st.feedback("thumbs", key=_thumb(place), on_change=_keep, args=(place, answer, journal))
    if given is None:
        return
    with st.form(f"word-form-{place}", border=False):
        st.text_input(PROMPT, key=_word(place), max_chars=LONGEST_WORD)
        st.form_submit_button("Send", on_click=_keep, args=(place, answer, journal))
    if failure := st.session_state.get(_failure(place)):
        show_failure(failure)
    else:
        st.caption(THANKS)


def _keep(place: int, answer: Answer, journal: Journal) -> None:
    given = st.session_state.get(_thumb(place))
    if given is None:
        return
    st.session_state.pop(_failure(place), None)
    try:
        journal.rate(_token(place, answer), answer, good=given == UP, word=st.session_state.get(_word(place), ""))
    except GuideError as error:
        st.session_state[_failure(place)] = str(error)


def _token(place: int, answer: Answer) -> str:
    """The name of this answer in this conversation; another answer at the same place gets another."""
    names: dict[tuple[int, str], str] = st.session_state.setdefault("rated", {})
    return names.setdefault((place, answer.standalone_question), secrets.token_hex(8))


def _thumb(place: int) -> str:
    return f"thumbs-{place}"


def _word(place: int) -> str:
    return f"word-{place}"


def _failure(place: int) -> str:
    return f"not-kept-{place}"
