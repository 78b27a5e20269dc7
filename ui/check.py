"""The page on which a job ad or CV is held against the guides. Nothing of it leaves the machine or outlives the tab."""

from typing import TYPE_CHECKING, Final

import streamlit as st

from ingest.errors import GuideError
from ui.checking import as_csv, as_markdown, checked
from ui.components import check_report
from ui.escaping import escape_markdown
from ui.holder import holder
from ui.waiting import show_opening

if TYPE_CHECKING:
    from skills.match import Match

_TEXT, _BOX, _FILE = "checked-text", "check-box", "check-file"
_LINE: Final = (
    "Paste a job ad or a CV, or choose a file, and see what of the guide it covers. "
    "The text stays on this machine: nothing is sent anywhere, nothing is stored or logged, "
    "and it is forgotten with this tab."
)
MOST_MEGABYTES: Final = 5


def page() -> None:
    """Shows the whole page."""
    from skills.match import LONGEST_TEXT

    st.set_page_config(layout="wide", page_title="Check a text")
    opened = holder()
    st.title("Check a text", anchor=False)
    st.text(_LINE)
    with st.form("check", border=False):
        typed = st.text_area(
            "Job ad or CV", value=st.session_state.get(_TEXT, ""), height=240, key=_BOX, max_chars=LONGEST_TEXT,
            placeholder="We are looking for …",
        )  # fmt: skip
        file = st.file_uploader("Or a file", type=_endings(), key=_FILE, max_upload_size=MOST_MEGABYTES)
        sent = st.form_submit_button("Check", icon=":material/fact_check:")
    if sent:
        _take(typed, file.name if file else "", file.getvalue() if file else b"")
    text = st.session_state.get(_TEXT, "")
    if opened.assistant is None:
        show_opening(opened)
    elif text:
        _show(text, opened.assistant.match(text))


def _endings() -> list[str]:
    from ingest.parsers import PARSERS

    return [ending.removeprefix(".") for ending in PARSERS]


def _take(typed: str, name: str, content: bytes) -> None:
    """What is checked from now on; kept in this visitor's session alone."""
    from ingest.reader import text_of

    st.session_state.pop(_TEXT, None)
    if len(content) > MOST_MEGABYTES * 1_000_000:
        line = f"{name} has more than {MOST_MEGABYTES} MB. Paste the text that matters."
        st.warning(escape_markdown(line), icon=":material/straighten:")
        return
    try:
        text = text_of(content, name) if name else typed
    except GuideError as error:
        st.warning(escape_markdown(f"{name} {error}"), icon=":material/error:")
        return
    if text.strip():
        st.session_state[_TEXT] = text
    else:
        st.info("There is no text yet: paste one, or choose a file.")


def _show(text: str, found: "Match") -> None:
    from skills.match import LONGEST_TEXT

    if len(text) > LONGEST_TEXT:
        st.warning(f"Only the first {LONGEST_TEXT:,} characters were read.", icon=":material/straighten:")
    place, term = check_report(checked(text[:LONGEST_TEXT], found), key="check-report")
    if place:
        st.switch_page("ui/guide.py", query_params=place)
    if term:
        st.switch_page("ui/skills.py", query_params={"term": term})
    with st.container(horizontal=True):
        st.download_button(
            "Save as CSV", as_csv(found), "checked-text.csv", "text/csv", icon=":material/table:", on_click="ignore"
        )
        st.download_button(
            "Save as Markdown", as_markdown(found), "checked-text.md", "text/markdown", icon=":material/description:",
            on_click="ignore",
        )  # fmt: skip
        st.button("Forget this text", icon=":material/delete:", on_click=_forget)


def _forget() -> None:
    for key in (_TEXT, _BOX):
        st.session_state.pop(key, None)


if __name__ == "__main__":
    page()
