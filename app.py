"""The web door: page frame, navigation, and how the pages come by their assistant. `streamlit run app.py`."""

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from answering.journal import Journal
from ingest.errors import GuideError
from settings import load_settings
from ui.components import page_style
from ui.holder import Progress, Way, offer, went_wrong
from ui.upkeep import Upkeep
from ui.waiting import show_failure

if TYPE_CHECKING:
    from answering.assistant import Assistant
    from retrieval.contents import Contents
    from settings import Settings


def open_assistant(said: list[str], progress: Progress) -> "Assistant":
    """The assistant as the settings say; `said` gets what visitors should know. Slow, so called in the background."""
    import assembly

    return assembly.open_assistant(load_settings(), progress, said.append, wait=False)


def contents_of(assistant: "Assistant") -> "Contents":
    """What the index holds that the assistant answers from."""
    from retrieval.contents import contents

    with assistant.generations.use() as generation:
        return contents(generation)


def build(settings: "Settings", progress: Progress, anew: bool) -> str:
    """Brings the index up to date, or builds all of it anew; a line on what was done."""
    import assembly

    done = assembly.build_index(settings, progress, anew=anew)
    return f"{done.passages} passages: {done.changes}; {done.seconds:.1f} s"


def take_in(settings: "Settings", name: str, content: bytes) -> str:
    """Stores a file among the guides; the name that it got."""
    from ingest.arrivals import take_in

    return take_in(settings.content, name, content).name


def upkeep(settings: "Settings") -> Upkeep:
    """What the page of the sources can do."""
    from ingest.parsers import PARSERS

    taking = partial(take_in, settings) if settings.uploads else None
    return Upkeep(contents_of, partial(build, settings), taking, tuple(sorted(PARSERS)))


def main() -> None:
    """Runs the page that the address names."""
    st.set_page_config(page_title="Skill guide", page_icon="📘")
    try:
        said: list[str] = []
        settings = load_settings()
        journal = Journal(settings.feedback_folder) if settings.feedback else None
        offer(
            Way(
                partial(open_assistant, said), settings.question_limit, lambda: tuple(said), journal=journal,
                upkeep=upkeep(settings),
            )
        )  # fmt: skip
        gaps = [st.Page("ui/gaps.py", title="Gaps", icon=":material/playlist_add:", url_path="gaps")]
        page = st.navigation(
            [
                st.Page("ui/chat.py", title="Ask", icon=":material/forum:", default=True),
                st.Page("ui/search.py", title="Search", icon=":material/search:", url_path="search"),
                st.Page("ui/check.py", title="Check a text", icon=":material/fact_check:", url_path="check"),
                st.Page("ui/guide.py", title="Guide", icon=":material/menu_book:", url_path="guide"),
                st.Page("ui/skills.py", title="Skills", icon=":material/style:", url_path="skills"),
                st.Page("ui/documents.py", title="Sources", icon=":material/library_books:", url_path="sources"),
                *(gaps if journal else []),
            ],
            position="top",
        )
        page_style()
        page.run()
    except GuideError as error:
        show_failure(str(error))
    except Exception:
        show_failure(went_wrong())


if __name__ == "__main__":
    main()
