"""The page of what visitors asked in vain, for whoever writes the guide."""

from typing import TYPE_CHECKING

import streamlit as st

from answering.gaps import GapGroup
from answering.journal import Journal
from ingest.cleaning import without_hidden
from ingest.errors import GuideError
from ui.holder import holder
from ui.sources import HEADING_SEPARATOR
from ui.waiting import show_failure, show_opening

if TYPE_CHECKING:
    from answering.assistant import Assistant

WHAT = (
    "Questions that the guide did not answer, those of one meaning together, the most asked first. They are kept in a "
    "file on this machine and go nowhere else."
)
SHOWN = 50
"""Groups on the page; the download has all."""
_NOT_FORGOTTEN = "not-forgotten"
OTHER_WORDINGS = 8
"""Wordings of one group that are shown."""


def page() -> None:
    """Shows the whole page."""
    st.set_page_config(layout="centered")
    opened = holder()
    st.title("Gaps", anchor=False)
    st.write(WHAT)
    if failure := st.session_state.pop(_NOT_FORGOTTEN, ""):
        show_failure(failure)
    journal = opened.way.journal
    if journal is None:
        st.info("Nothing is kept: SKILL_GUIDE_FEEDBACK is switched off.", icon=":material/block:")
    elif opened.assistant is None or not opened.ready:
        show_opening(opened)
    else:
        try:
            groups = opened.assistant.gaps(journal)
        except GuideError as error:
            show_failure(str(error))
        else:
            _groups(groups, journal, _section_names(opened.assistant))


def _section_names(assistant: "Assistant") -> dict[str, str]:
    """Heading path of every section by its id."""
    every = (section for document in assistant.documents() for section in document.sections)
    return {section.id: HEADING_SEPARATOR.join(section.headings) for section in every}


def _forget(journal: Journal) -> None:
    try:
        journal.forget()
    except GuideError as error:
        st.session_state[_NOT_FORGOTTEN] = str(error)


def _groups(groups: tuple[GapGroup, ...], journal: Journal, names: dict[str, str]) -> None:
    if not groups:
        st.info("No question went unanswered so far.", icon=":material/check:")
        return
    row = st.container(horizontal=True, gap="small")
    row.download_button(
        "Lines for the question bank", "".join(f"{line}\n" for each in groups for line in each.bank_lines()),
        "gaps.jsonl", "application/x-ndjson", icon=":material/playlist_add:", on_click="ignore",
        help="Read the lines before you add them to the guide's bank",
    )  # fmt: skip
    with row.popover("Forget all", icon=":material/delete:"):
        st.write("Deletes all kept questions and ratings.")
        st.button("Delete", on_click=_forget, args=(journal,))
    for group in groups[:SHOWN]:
        _group(group, names)


def _group(group: GapGroup, names: dict[str, str]) -> None:
    with st.container(border=True):
        st.text(without_hidden(group.question))
        times = "once" if group.asked == 1 else f"{group.asked} times"
        said = [f"Asked {times}, last on {group.last_asked}"]
        said += [f"the guide lacks: {'; '.join(group.missing[:3])}"] if group.missing else []
        said += [f"nearest section: {names.get(group.sections[0], group.sections[0])}"] if group.sections else []
        st.text(without_hidden(" · ".join(said)))
        others = [each for each in group.questions if each != group.question]
        if others:
            with st.expander(f"{len(others)} other wording{'s' if len(others) > 1 else ''}"):
                for each in others[:OTHER_WORDINGS]:
                    st.text(without_hidden(each))


if __name__ == "__main__":
    page()
