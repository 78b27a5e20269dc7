"""The page of the sources: what the index holds, what was left out and why; it is brought up to date from here."""

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import streamlit as st

from ingest.cleaning import without_hidden
from ingest.errors import GuideError
from ui.escaping import escape_markdown
from ui.holder import Holder, holder
from ui.upkeep import Building, Upkeep
from ui.waiting import POLL_SECONDS, show_failure, show_opening

if TYPE_CHECKING:
    from retrieval.contents import Contents

TAKEN, TAKEN_LINES = "taken-in", "taken-lines"
MEGABYTE = 1_000_000


class Upload(Protocol):
    """A file as it comes from the browser."""

    name: str

    def getvalue(self) -> bytes:
        """All of it."""
        ...


def page() -> None:
    """Shows the whole page."""
    st.set_page_config(layout="centered", page_title="Sources")
    opened = holder()
    st.title("Sources", anchor=False)
    upkeep = opened.way.upkeep
    if upkeep is None:
        st.info("This server shows no sources.", icon=":material/info:")
        return
    show_opening(opened)
    if opened.assistant is not None:
        _held(upkeep.contents(opened.assistant))
    _build(opened, upkeep)
    if upkeep.take_in is not None:
        _upload(upkeep, opened.building)


def _held(held: "Contents") -> None:
    count = len(held.documents)
    st.write(
        f"{count:,} {'guide' if count == 1 else 'guides'}, {held.passages:,} passages, {held.sentences:,} sentences"
    )
    rows = [
        {
            "Guide": without_hidden(each.title), "File": without_hidden(each.path), "Passages": each.passages,
            "Words": each.words, "Size": _size(each.characters), "Remarks": "; ".join(map(without_hidden, each.flags)),
        }
        for each in held.documents
    ]  # fmt: skip
    if not any(row["Remarks"] for row in rows):
        for row in rows:
            del row["Remarks"]
    st.dataframe(rows, hide_index=True, width="stretch")
    if held.skipped:
        st.subheader(f"Left out: {len(held.skipped):,}", anchor=False)
        left_out = [{"File": without_hidden(each.path), "Why": without_hidden(each.reason)} for each in held.skipped]
        st.dataframe(left_out, hide_index=True, width="stretch")
    st.text(
        f"Built {_moment(held.created)} with the model {held.model} ({held.dimensions} numbers a text, "
        f"{held.precision}); {_size(held.bytes)} on the disk, {held.generation}."
    )


def _moment(created: str) -> str:
    return datetime.fromisoformat(created).astimezone().strftime("%Y-%m-%d %H:%M")


def _size(size: int) -> str:
    return f"{size / MEGABYTE:,.1f} MB" if size >= MEGABYTE / 10 else f"{size / 1000:,.1f} kB"


def _build(opened: Holder, upkeep: Upkeep) -> None:
    building = opened.building
    if building.running:
        st.fragment(_progress, run_every=POLL_SECONDS)(building)
        return
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Read the guides again", icon=":material/sync:", on_click=building.start, args=(upkeep,),
            help="Takes in what is new or has changed",
        )  # fmt: skip
        st.button(
            "Rebuild all", icon=":material/restart_alt:", on_click=building.start, args=(upkeep,),
            kwargs={"anew": True}, type="tertiary", help="Builds the whole index anew; answers go on meanwhile",
        )  # fmt: skip
    if building.failure:
        show_failure(building.failure)
    elif building.done:
        st.success(escape_markdown(building.done), icon=":material/check:")


def _progress(building: Building) -> None:
    if not building.running:
        st.rerun(scope="app")
    what = building.what[:1].upper() + building.what[1:]
    st.progress(building.share, text=escape_markdown(what or "Reading the guides"))


def _upload(upkeep: Upkeep, building: Building) -> None:
    st.subheader("Add a guide", anchor=False)
    sent = st.file_uploader(
        "Files are stored among the guides, and read at once.", type=list(upkeep.formats) or None,
        accept_multiple_files=True, key="upload",
    )  # fmt: skip
    known: set[str] = st.session_state.setdefault(TAKEN, set())
    new = [each for each in sent if each.file_id not in known]
    for each in new:
        known.add(each.file_id)
        _take_in(upkeep, each)
    if new:
        building.start(upkeep)
        st.rerun()
    for line, good in st.session_state.get(TAKEN_LINES, []):
        if good:
            st.caption(f":material/check: {escape_markdown(line)}")
        else:
            show_failure(line)


def _take_in(upkeep: Upkeep, sent: Upload) -> None:
    lines = st.session_state.setdefault(TAKEN_LINES, [])
    try:
        assert upkeep.take_in is not None
        lines.append((f"{without_hidden(sent.name)}: stored as {upkeep.take_in(sent.name, sent.getvalue())}", True))
    except GuideError as error:
        lines.append((str(error), False))


if __name__ == "__main__":
    page()
