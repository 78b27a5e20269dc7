"""The web door: page frame, navigation, and how the pages come by their assistant. `streamlit run app.py`."""

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from answering.journal import Journal
from ingest.errors import GuideError
from settings import load_settings
from ui.components import page_style
from ui.holder import Progress, Way, offer, went_wrong
from ui.waiting import show_failure

if TYPE_CHECKING:
    from answering.assistant import Assistant


def open_assistant(said: list[str], progress: Progress) -> "Assistant":
    """The assistant as the settings say; `said` gets what visitors should know. Slow, so called in the background."""
    import assembly

    return assembly.open_assistant(load_settings(), progress, said.append, wait=False)


def main() -> None:
    """Runs the page that the address names."""
    st.set_page_config(page_title="Skill guide", page_icon="📘")
    try:
        said: list[str] = []
        settings = load_settings()
        journal = Journal(settings.feedback_folder) if settings.feedback else None
        offer(Way(partial(open_assistant, said), settings.question_limit, lambda: tuple(said), journal))
        gaps = [st.Page("ui/gaps.py", title="Gaps", icon=":material/playlist_add:", url_path="gaps")]
        page = st.navigation(
            [
                st.Page("ui/chat.py", title="Ask", icon=":material/forum:", default=True),
                st.Page("ui/search.py", title="Search", icon=":material/search:", url_path="search"),
                st.Page("ui/check.py", title="Check a text", icon=":material/fact_check:", url_path="check"),
                st.Page("ui/guide.py", title="Guide", icon=":material/menu_book:", url_path="guide"),
                st.Page("ui/skills.py", title="Skills", icon=":material/style:", url_path="skills"),
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
