"""What the pages show until the assistant is open: how far it is, or why it failed, and a way to try again."""

import streamlit as st

from ui.escaping import escape_markdown
from ui.holder import Holder, Stage

POLL_SECONDS = 0.5
_BEHIND = {0: "", 1: " Your question is answered as soon as it is there."}


def show_opening(holder: Holder, *, waiting: int = 0) -> None:
    """Shows how far the opening is, and reruns the page when there is more to show: the guide, and then answers.

    Args:
        holder: What is being opened.
        waiting: Questions that wait for it.
    """
    for remark in holder.way.remarks():
        st.caption(f":material/info: {escape_markdown(remark[:1].upper() + remark[1:])}")
    if holder.stage is Stage.FAILED:
        show_failure(holder.failure, title=Stage.FAILED.value)
        st.button("Try again", icon=":material/refresh:", on_click=holder.start)
    elif not holder.ready:
        st.fragment(_poll, run_every=POLL_SECONDS)(holder, holder.assistant is not None, waiting)


def _poll(holder: Holder, guide_shown: bool, waiting: int) -> None:
    if holder.stage in {Stage.FAILED, Stage.READY} or guide_shown is not (holder.assistant is not None):
        st.rerun(scope="app")
    behind = _BEHIND.get(waiting, f" Your {waiting} questions are answered as soon as it is there.")
    share = f" {holder.share:.0%}".replace("%", "\u00a0%") if holder.stage is Stage.BUILDING else ""
    st.info(f"{holder.stage.value}{share}{behind}", icon=":material/hourglass_top:")


def show_failure(line: str, *, title: str | None = None) -> None:
    """Shows the one line that says what went wrong."""
    st.error(escape_markdown(line[:1].upper() + line[1:]), icon=":material/error:", title=title)
