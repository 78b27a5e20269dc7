"""The language model's say on the page: its switch, its words while they come in, and what a card shows of them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypedDict

import streamlit as st

from answering.answer import Answer
from ingest.cleaning import without_hidden
from ui import conversation
from ui.cards import Line, lines_of
from ui.conversation import Turn
from ui.escaping import escape_markdown

if TYPE_CHECKING:
    from answering.assistant import Assistant

LOOKS_EVERY_SECONDS = 0.4
"""How often the page looks for new sentences."""
HOW_TO_ADD = (
    "No language model is set. To have answers put into words by one on this machine, set SKILL_GUIDE_LLM_URL and "
    "SKILL_GUIDE_LLM_MODEL before the start; the README has recipes."
)


class Phrased(TypedDict):
    """What the card shows above its quotes: text only, no Markdown and no HTML."""

    lines: list[Line]
    note: str
    running: bool


def switch(assistant: "Assistant") -> None:
    """The switch of this conversation, or, where no model is set, a line on how to add one."""
    if name := assistant.language_model:
        st.toggle(
            f"Worded by {escape_markdown(without_hidden(name))}", conversation.is_worded(), key="worded",
            on_change=_switched, help="Each sentence is checked against the guide’s own; the quotes stand in any case.",
        )  # fmt: skip
        return
    with st.popover("Settings", type="tertiary", icon=":material/settings:"):
        st.text(HOW_TO_ADD)


def _switched() -> None:
    conversation.word(on=bool(st.session_state["worded"]))


def phrased(turn: Turn) -> Phrased | None:
    """What a card shows of a turn's wording; None where none was asked for."""
    if turn.phrasing is None or turn.answer is None:
        return None
    state = turn.phrasing.state
    numbers = {citation.number for citation in turn.answer.citations}
    model = without_hidden(state.model)
    note = state.failure or f"{model} is writing; each sentence is checked before it is shown."
    if state.done and not state.failure:
        wording = turn.phrasing.answer().wording
        assert wording is not None
        count = f"{wording.replaced} of {wording.sentences} replaced by its quote" if wording.replaced else "all held"
        note = f"Worded by {model}, each sentence checked against its source: {count}. The guide’s own words:"
    return Phrased(lines=lines_of(state.text, numbers), note=note, running=not state.done)


def settled(turn: Turn) -> Answer | None:
    """The answer of a turn as it may be taken along: in the model's words, if there are any."""
    if turn.answer is None or turn.phrasing is None or not turn.phrasing.state.done:
        return turn.answer
    return turn.phrasing.answer()


def while_worded(place: int, show: Callable[[], None]) -> None:
    """Shows a turn's card again and again while sentences come in, with a button that stops them."""

    @st.fragment(run_every=LOOKS_EVERY_SECONDS)
    def looking() -> None:
        turns = conversation.turns()
        phrasing = turns[place].phrasing if place < len(turns) else None
        if phrasing is None or phrasing.state.done:
            st.rerun()
        else:
            show()
            st.button("Stop", key=f"stop-{place}", icon=":material/stop_circle:", on_click=phrasing.stop)

    looking()
