"""The page of the sources: what the index holds, a rebuild in the background, uploads only where they are allowed."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from streamlit.testing.v1 import AppTest

import app
import assembly
from answering.assistant import Assistant
from ingest.documents import Skipped
from ingest.errors import GuideError
from retrieval.contents import Contents, Held
from tests.builds import bag_of_words, settings_for
from tests.conftest import SmallContent
from tests.fakes_ui import HOSTILE_LABEL, ScriptedAssistant
from tests.pages import PATIENCE_SECONDS, press, settled, texts
from ui.holder import Progress, Way, holder, offer, withdraw
from ui.upkeep import Building, Upkeep

CONTENTS = Contents(
    documents=(
        Held(id="workshop", title="The workshop guide", path="workshop.md", sections=4, passages=4, words=70,
             characters=1_250, flags=("hidden characters",)),
        Held(id="x", title=HOSTILE_LABEL, path="x.md", sections=1, passages=1, words=7, characters=2_000_000),
    ),
    skipped=(Skipped(path="latin.md", reason="is not UTF-8"),), passages=5, sentences=19, generation="gen-000007",
    created="2026-11-22T10:00:00+00:00", model="all-MiniLM-L6-v2", dimensions=384, precision="bfloat16",
    bytes=5_200_000,
)  # fmt: skip


@dataclass
class Index:
    """An index that is built when it is told to, and remembers what was asked of it."""

    built: list[bool] = field(default_factory=list)
    taken: dict[str, bytes] = field(default_factory=dict)
    go_on: threading.Event = field(default_factory=threading.Event)
    failure: Exception | None = None

    def build(self, progress: Progress, anew: bool) -> str:
        progress("embedding", 0.4)
        self.go_on.wait(PATIENCE_SECONDS)
        self.built.append(anew)
        if self.failure:
            raise self.failure
        return "5 passages: 1 added"

    def take_in(self, name: str, content: bytes) -> str:
        if not content:
            raise GuideError(f"{name} is empty: nothing to read")
        self.taken[name] = content
        return f"safe-{name}"


@pytest.fixture
def index() -> Iterator[Index]:
    withdraw()
    made = Index()
    yield made
    made.go_on.set()
    withdraw()


def _page(index: Index, *, uploads: bool = False) -> AppTest:
    taking = index.take_in if uploads else None
    upkeep = Upkeep(lambda assistant: CONTENTS, index.build, taking, (".md", ".txt"))
    offer(Way(lambda progress: cast("Assistant", ScriptedAssistant()), upkeep=upkeep))
    at = AppTest.from_string(_SCRIPT, default_timeout=PATIENCE_SECONDS)
    return settled(at.run())


_SCRIPT = """
from ui.documents import page
page()
"""


def _ended(at: AppTest) -> AppTest:
    until = time.monotonic() + PATIENCE_SECONDS
    while holder().building.running and time.monotonic() < until:
        time.sleep(0.01)
    return at.run()


def test_it_shows_what_the_index_holds_and_what_was_left_out(index: Index) -> None:
    at = _page(index)
    assert "2 guides, 5 passages, 19 sentences" in [each.value for each in at.markdown]
    held, left_out = (each.value.to_dict("records") for each in at.dataframe)
    assert held[0] == {
        "Guide": "The workshop guide", "File": "workshop.md", "Passages": 4, "Words": 70, "Size": "1.2 kB",
        "Remarks": "hidden characters",
    }  # fmt: skip
    assert (held[1]["Guide"], held[1]["Size"]) == (HOSTILE_LABEL, "2.0 MB")
    assert left_out == [{"File": "latin.md", "Why": "is not UTF-8"}] and at.subheader[0].value == "Left out: 1"
    (line,) = texts(at)
    assert "with the model all-MiniLM-L6-v2 (384 numbers a text, bfloat16); 5.2 MB on the disk, gen-000007." in line
    assert not at.get("file_uploader"), "nobody may upload unless a setting says so"


@pytest.mark.parametrize(("label", "anew"), [("Read the guides again", False), ("Rebuild all", True)])
def test_a_build_runs_in_the_background_and_says_what_it_did(index: Index, label: str, anew: bool) -> None:
    at = press(_page(index), label)
    assert holder().building.running and not at.button, "one at a time"
    assert at.get("progress") and not at.exception
    index.go_on.set()
    at = _ended(at)
    assert index.built == [anew] and at.success[0].value.replace("\\", "") == "5 passages: 1 added"
    assert len(at.button) == 2


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (GuideError("update already running since 12:03 (process 4711): wait for it"), "Update already running since"),
        (RuntimeError("secret"), "Something went wrong; nothing was changed."),
    ],
)
def test_a_build_that_fails_says_why(index: Index, failure: Exception, said: str) -> None:
    index.failure = failure
    index.go_on.set()
    at = _ended(press(_page(index), "Rebuild all"))
    assert at.error[0].value.replace("\\", "").startswith(said) and "secret" not in at.error[0].value


def test_files_that_are_sent_are_taken_in_and_read(index: Index) -> None:
    at = _page(index, uploads=True)
    index.go_on.set()
    uploader: Any = at.get("file_uploader")[0]
    uploader.set_value([("more.md", b"# More", "text/markdown"), ("no.md", b"", "text/markdown")])
    at = _ended(at.run())
    assert index.taken == {"more.md": b"# More"} and index.built == [False]
    assert [each.value.replace("\\", "") for each in at.caption] == [":material/check: more.md: stored as safe-more.md"]
    assert at.error[0].value.replace("\\", "") == "No.md is empty: nothing to read"
    _ended(at.run())
    assert index.built == [False], "a file is taken in once"


def test_two_visitors_start_one_build(index: Index) -> None:
    building, upkeep = Building(), Upkeep(lambda assistant: CONTENTS, index.build)
    building.start(upkeep)
    building.start(upkeep, anew=True)
    index.go_on.set()
    until = time.monotonic() + PATIENCE_SECONDS
    while building.running and time.monotonic() < until:
        time.sleep(0.01)
    assert index.built == [False]


def test_the_door_offers_the_real_index(small_content: SmallContent) -> None:
    with bag_of_words():
        settings = settings_for(small_content())
        offered = app.upkeep(settings)
        assert offered.take_in is None and ".md" in offered.formats
        assert offered.build(lambda what, share: None, False).startswith("3 passages: 3 added, 0 updated")
        assistant = assembly.open_assistant(settings)
        held = offered.contents(assistant)
        assert (held.documents[0].path, held.documents[0].passages, held.generation) == ("tools.md", 2, "gen-000001")
        assert held.bytes > 100_000 and held.model == "bag-of-words"
        assert offered.build(lambda what, share: None, True).startswith("3 passages: ")
        assert offered.contents(assistant).generation == "gen-000002"


def test_uploads_need_the_setting_and_get_safe_names(small_content: SmallContent) -> None:
    settings = settings_for(small_content(), uploads=True)
    take_in = app.upkeep(settings).take_in
    assert take_in is not None
    assert take_in("../../etc/More tools.MD", b"# More\n\nMore of it.\n") == "More tools.md"
    assert sorted(path.name for path in settings.content.iterdir()) == ["More tools.md", "tools.md"]
    with pytest.raises(GuideError):
        take_in("run.exe", b"MZ")
