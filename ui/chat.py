"""The page on which one asks. It shows the conversation and hands what is typed or clicked to it; no more."""

from typing import TYPE_CHECKING

import streamlit as st

from answering.answer import Answer
from ingest.cleaning import one_line, without_hidden
from ingest.errors import GuideError
from ui import conversation
from ui.cards import card
from ui.components import answer_card
from ui.conversation import Turn
from ui.escaping import escape_markdown
from ui.export import answer_markdown, bank_lines, conversation_markdown
from ui.holder import Holder, holder, went_wrong
from ui.rating import thumbs
from ui.waiting import show_failure, show_opening
from ui.worded import phrased, settled, switch, while_worded

if TYPE_CHECKING:
    from answering.assistant import Assistant

VISITOR, GUIDE = ":material/person:", ":material/menu_book:"
LINE = "Ask in your own words. What comes back is the guide’s own words, each sentence with its place."


def page() -> None:
    """Shows the whole page."""
    st.set_page_config(layout="centered")
    opened = holder()
    limit = opened.way.question_limit
    if typed := st.chat_input("Ask the guide", key="typed"):
        conversation.ask(typed, limit)
    _ask_what_the_address_asks(limit)
    _head(opened)
    actions = st.container(horizontal=True, gap="small")
    if not conversation.turns():
        _beginning(opened, limit)
    for place in range(len(conversation.turns())):
        _turn(place, opened)
    _too_long(limit)
    if conversation.turns():
        _actions(actions, opened)


def _ask_what_the_address_asks(limit: int) -> None:
    asked = st.query_params.get("q")
    if asked is None:
        return
    if asked.strip() and conversation.follow_link(asked):
        conversation.ask(asked, limit)
    del st.query_params["q"]


def _head(opened: Holder) -> None:
    st.title("Skill guide", anchor=False)
    st.write(LINE)
    if opened.assistant is not None:
        titles = " · ".join(document.title for document in opened.assistant.documents())
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.text(f"The guide: {without_hidden(titles)}")
            st.page_link("ui/guide.py", label="Read it", icon=":material/menu_book:")
            switch(opened.assistant)


def _beginning(opened: Holder, limit: int) -> None:
    if opened.assistant is not None:
        _questions("For example", opened.assistant.examples(), "examples", limit)
    show_opening(opened)


def _questions(label: str, questions: tuple[str, ...], key: str, limit: int) -> None:
    if questions:
        st.pills(label, questions, key=key, format_func=escape_markdown, on_change=_picked, args=(key, limit))


def _picked(key: str, limit: int) -> None:
    picked = st.session_state[key]
    st.session_state[key] = None
    if picked:
        conversation.ask(picked, limit)


def _turn(place: int, opened: Holder) -> None:
    with st.chat_message("user", avatar=VISITOR):
        st.text(without_hidden(conversation.turns()[place].question).strip() or "(an empty question)")
    with st.chat_message("assistant", avatar=GUIDE):
        if conversation.turns()[place].waiting:
            _answer(place, opened)
        turn = conversation.turns()[place]
        if turn.failure:
            show_failure(turn.failure)
            st.button(
                "Try again", key=f"again-{place}", icon=":material/refresh:",
                on_click=conversation.ask_again, args=(place, turn.standalone),
            )  # fmt: skip
        elif turn.answer is not None and opened.assistant is not None:
            _answered(place, turn, turn.answer, opened)


def _answer(place: int, opened: Holder) -> None:
    if opened.assistant is None or not opened.ready:
        waiting = [number for number, turn in enumerate(conversation.turns()) if turn.waiting]
        if place == waiting[0]:
            show_opening(opened, waiting=len(waiting))
        return
    turn = conversation.turns()[place]
    with st.spinner("Looking it up…"):
        try:
            answer = opened.assistant.ask(turn.question, conversation.earlier(place), standalone=turn.standalone)
            phrasing = opened.assistant.phrasing(answer) if conversation.is_worded() else None
            conversation.settle(place, answer=answer, phrasing=phrasing)
            if opened.way.journal is not None:
                opened.way.journal.note(answer)
        except GuideError as error:
            conversation.settle(place, failure=str(error))
        except Exception:
            conversation.settle(place, failure=went_wrong())


def _answered(place: int, turn: Turn, answer: Answer, opened: Holder) -> None:
    assistant = opened.assistant
    assert assistant is not None
    latest = place == len(conversation.turns()) - 1
    if answer.standalone_question != one_line(turn.question):
        _understood(place, turn, answer.standalone_question)
    running = turn.phrasing is not None and not turn.phrasing.state.done  # before it is settled: it may end meanwhile
    markdown = answer_markdown(turn.question, settled(turn) or answer, _titles(assistant))
    data = card(answer, assistant.passage, question=answer.standalone_question, markdown=markdown, latest=latest)

    def show() -> None:
        if clicked := answer_card(data, key=f"answer-{place}", phrased=phrased(turn)):
            st.switch_page("ui/guide.py", query_params=clicked)

    if running:
        while_worded(place, show)
    else:
        show()
    if opened.way.journal is not None:
        thumbs(place, answer, opened.way.journal)
    if latest:
        _questions("Ask next", assistant.suggestions(answer), f"next-{place}", opened.way.question_limit)


def _understood(place: int, turn: Turn, meaning: str) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.text(f"Understood as: {without_hidden(meaning)}")
        with (
            st.popover("Edit", type="tertiary", icon=":material/edit:", key=f"edit-{place}"),
            st.form(f"meaning-{place}", border=False),
        ):
            edited = st.text_input("What you mean", meaning, key=f"meant-{place}-{meaning}")
            if st.form_submit_button("Ask this") and edited and edited.strip():
                conversation.ask_again(place, edited)
                st.rerun()
        st.button(
            "Ask as typed", type="tertiary", icon=":material/undo:", key=f"undo-{place}",
            on_click=conversation.ask_again, args=(place, turn.question),
        )  # fmt: skip


def _too_long(limit: int) -> None:
    question = conversation.set_aside()
    if not question:
        return
    st.warning(
        f"A question may have up to {limit:,} characters; this one has {len(question):,}. Please shorten it.",
        icon=":material/straighten:",
    )
    with st.form("shorten", border=False):
        shorter = st.text_area("Your question", question, height=200)
        if st.form_submit_button("Ask this"):
            conversation.ask(shorter, limit)
            st.rerun()


def _actions(row: "st.delta_generator.DeltaGenerator", opened: Holder) -> None:
    row.button("New chat", icon=":material/add:", on_click=conversation.start_anew)
    answers = [(turn.question, answer) for turn in conversation.turns() if (answer := settled(turn))]
    if answers and opened.assistant is not None:
        row.download_button(
            "Download", conversation_markdown(answers, _titles(opened.assistant)), "skill-guide.md", "text/markdown",
            icon=":material/download:", on_click="ignore", help="The conversation as Markdown, with its sources",
        )  # fmt: skip
    if lines := bank_lines(answer for _, answer in answers):
        row.download_button(
            "Lines for the question bank", lines, "unanswered.jsonl", "application/x-ndjson",
            icon=":material/playlist_add:", on_click="ignore",
            help="What the guide did not answer in this conversation; read the lines before you add them to its bank",
        )  # fmt: skip


def _titles(assistant: "Assistant") -> dict[str, str]:
    return {document.id: document.title for document in assistant.documents()}


if __name__ == "__main__":
    page()
