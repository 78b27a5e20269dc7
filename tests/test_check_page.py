"""The page that holds a text against the guides, through the front door, and what it shows and exports."""

import csv
import io

import pytest
from streamlit.testing.v1 import AppTest

from skills.match import LONGEST_TEXT
from tests.fakes_ui import ScriptedAssistant, hostile, way
from tests.pages import components, opened, press, texts
from ui.check import MOST_MEGABYTES
from ui.checking import as_csv, as_markdown, checked
from ui.holder import offer

pytestmark = pytest.mark.usefixtures("nothing_offered")

AD = "We need a hammer expert who knows Kafka, but no saws, please."


@pytest.fixture
def assistant() -> ScriptedAssistant:
    return ScriptedAssistant()


@pytest.fixture
def at(assistant: ScriptedAssistant) -> AppTest:
    offer(way(assistant))
    return opened().switch_page("ui/check.py").run()


def _check(at: AppTest, text: str) -> AppTest:
    at.text_area[0].set_value(text)
    return press(at, "Check")


def test_the_page_says_that_nothing_is_kept(at: AppTest) -> None:
    assert "nothing is stored or logged" in texts(at)[0]
    assert not components(at)


def test_a_text_is_marked_and_what_it_covers_is_told(at: AppTest) -> None:
    (shown,) = components(_check(at, AD))
    assert "".join(run["text"] for run in shown["runs"]) == AD
    assert [(run["text"], run["kind"]) for run in shown["runs"] if run["kind"]] == [
        ("hammer", "covered"), ("Kafka", "foreign"), ("saws", "negated"),
    ]  # fmt: skip
    hammers, saws = shown["groups"]
    assert (hammers["area"], hammers["covered"], hammers["terms"]) == ("Hammers", 1, 1)
    (entry,) = hammers["entries"]
    assert entry["quote"] == "A hammer drives nails into wood."
    assert entry["link"]["params"]["start"]
    assert (saws["covered"], saws["entries"], shown["foreign"]) == (0, [], ["Kafka"])
    assert [each["term"] for each in shown["negated"]] == ["saws"]
    assert shown["summary"] == "1 of the guide's 2 terms, 1 term that it lacks, 1 ruled out"


def test_the_text_stays_while_one_reads_and_is_forgotten_on_request(at: AppTest) -> None:
    _check(at, AD).switch_page("ui/guide.py").run()
    at.switch_page("ui/check.py").run()
    assert components(at) and at.text_area[0].value == AD
    press(at, "Forget this text")
    assert not components(at) and not at.text_area[0].value


def test_no_text_is_no_error(at: AppTest) -> None:
    assert "There is no text yet" in _check(at, "  \n ").info[0].value


def test_a_file_is_read_as_it_stands(at: AppTest) -> None:
    at.file_uploader[0].set_value(("ad.md", b"# A **hammer**\n\n- saws\n", "text/markdown"))
    (shown,) = components(press(at, "Check"))
    assert "".join(run["text"] for run in shown["runs"]) == "# A **hammer**\n\n- saws\n"
    assert [run["text"] for run in shown["runs"] if run["kind"]] == ["hammer", "saws"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("ad.txt", b"\x00" * 2000, r"ad\.txt is not a text file"),
        ("ad.txt", b"a " * MOST_MEGABYTES * 500_001, "more than 5 MB"),
        ("[a](b) **ad**.txt", b"\x00" * 2000, r"\[a\]\(b\) \*\*ad\*\*\.txt is not"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(at: AppTest, name: str, content: bytes, said: str) -> None:
    at.file_uploader[0].set_value((name, content, "text/plain"))
    press(at, "Check")
    assert said in at.warning[0].value
    assert not components(at)


def test_a_text_that_is_too_long_is_read_in_part(at: AppTest) -> None:
    at.file_uploader[0].set_value(("ad.txt", b"hammer " * (LONGEST_TEXT // 7 + 9), "text/plain"))
    assert "Only the first 50,000" in press(at, "Check").warning[0].value


def test_nothing_of_the_text_is_logged(at: AppTest, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(0):
        _check(at, "My name is Undine Quartz and I know hammers.")
    assert "Quartz" not in caplog.text


def test_exports_hold_every_term_and_no_formula(assistant: ScriptedAssistant) -> None:
    found = assistant.match(AD)
    sheet = as_csv(found.model_copy(update={"not_asked": ("=1+1", "x")}))
    rows = list(csv.reader(io.StringIO(sheet.decode("utf-8-sig"))))
    assert [row[:3] for row in rows[1:]] == [
        ["covered", "hammers", "hammer"], ["ruled out", "saws", "saws"], ["not in the guide", "Kafka", "Kafka"],
        ["not asked for", "'=1+1", ""], ["not asked for", "x", ""],
    ]  # fmt: skip
    told = as_markdown(found)
    assert "### Hammers (1 of 1)" in told
    assert "- **hammers** (“hammer”): A hammer drives nails into wood. [source](http://localhost:8501/guide?" in told
    assert "## Not in the guide\n\nKafka" in told and "## Ruled out\n\nsaws" in told
    assert "### Saws" not in told


def test_what_is_hostile_stays_text() -> None:
    text = "<script>alert(1)</script> ![x](http://203.0.113.9/x.png) \u202e hammer"
    shown = checked(text, hostile().match(text))
    assert "".join(run["text"] for run in shown["runs"]) == text.replace("\u202e", "")
