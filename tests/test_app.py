"""Every state of the page on which one asks, through the front door, with a scripted assistant."""

import gc
import threading
import time
import tomllib
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ingest.errors import GuideError
from settings import PROJECT
from tests.fakes_ui import HOSTILE_LABEL, ScriptedAssistant, hostile, way
from tests.pages import PATIENCE_SECONDS, ask, components, opened, press, settled, started, texts, told
from ui.holder import Progress, Way, offer

pytestmark = pytest.mark.usefixtures("nothing_offered")


@pytest.fixture
def assistant() -> ScriptedAssistant:
    return ScriptedAssistant()


@pytest.fixture
def app(assistant: ScriptedAssistant) -> AppTest:
    """The page of the scripted assistant, open and ready."""
    offer(way(assistant))
    return opened()


def test_an_empty_page_says_what_it_is_and_offers_questions(app: AppTest, assistant: ScriptedAssistant) -> None:
    assert app.title[0].value == "Skill guide"
    assert "The guide: The workshop guide" in texts(app)
    assert len(app.pills[0].options) == len(assistant.examples())
    assert not app.chat_message


def test_no_answer_waits_for_the_garbage_collector(assistant: ScriptedAssistant) -> None:
    """A run of a page took 0.4 s, of which 0.3 s went to looking through what is open anyway."""
    gc.unfreeze()
    offer(way(assistant))
    opened()
    assert gc.get_freeze_count()
    set_up = tomllib.loads((PROJECT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert set_up["runner"]["postScriptGC"] is False


def test_an_example_is_asked_when_it_is_picked(app: AppTest, assistant: ScriptedAssistant) -> None:
    app.pills[0].set_value(assistant.examples()[1]).run()
    assert [question for question, _, _ in assistant.asked] == [assistant.examples()[1]]
    assert components(app)[0]["status"] == "answered"


def test_an_answer_shows_its_quotes_within_their_passage(app: AppTest) -> None:
    card = components(ask(app, "What does a hammer do?"))[0]
    assert (card["status"], card["label"]) == ("answered", "From the guide")
    assert told(card) == "A hammer drives nails into wood. [1] The claw hammer also pulls nails out. [2]"
    assert [source["path"] for source in card["sources"]] == ["Hammers"]
    runs = card["sources"][0]["runs"]
    assert [run["text"] for run in runs if run["cite"]] == [
        "A hammer drives nails into wood.",
        "The claw hammer also pulls nails out.",
    ]
    assert any("It weighs 500 grams." in run["text"] for run in runs if not run["cite"])
    assert card["nearest"] == []
    assert card["small"] == ["Confidence that the guide answers this: high (93\u00a0%)", "12\u00a0ms"]


def test_the_closest_says_what_is_missing_and_where_to_look(app: AppTest) -> None:
    card = components(ask(app, "How do I paint a chair?"))[0]
    assert (card["status"], card["label"], card["missing"]) == ("closest", "Not a direct answer", "paint")
    assert len(card["sources"]) == 1
    assert [link["label"] for link in card["nearest"]] == ["Hammers", "Saws"]


def test_what_is_not_covered_has_no_sources_but_the_nearest_sections_and_a_note(app: AppTest) -> None:
    card = components(ask(app, "What does a drill cost?"))[0]
    assert (card["status"], card["label"], card["sources"]) == ("not_covered", "Not in the guide", [])
    assert card["nearest"][0]["href"].startswith("guide?document=workshop&section=hammers")
    assert card["note"] == ["Drill", "A tool that makes holes.", "glossary.yaml"]


def test_words_that_were_read_as_others_are_shown(app: AppTest) -> None:
    card = components(ask(app, "Which hamer for a handsaw?"))[0]
    assert card["replaced"] == "Showing results for hammer (you wrote hamer), saw (you wrote handsaw)"
    assert components(ask(app, "What does a hammer do?"))[1]["replaced"] == ""


def test_what_else_the_guide_says_stands_behind_the_sources_and_is_numbered_on(app: AppTest) -> None:
    card = components(ask(app, "What does a hammer do?"))[0]
    assert [source["numbers"] for source in card["sources"]] == [[1, 2]]
    assert [source["numbers"] for source in card["more"]] == [[3]]
    assert [run["text"] for run in card["more"][0]["runs"] if run["cite"]] == ["It weighs 500 grams."]
    assert "It weighs" not in told(card) + card["markdown"]
    assert components(ask(app, "How do I paint a chair?"))[1]["more"] == []


@pytest.mark.parametrize(
    ("question", "beside"),
    [
        ("What is the difference between a hammer and a saw?", True),
        ("Do I need a hammer for a saw?", False),
        ("How does one hammer differ from the other?", False),
    ],
)
def test_only_what_is_compared_stands_side_by_side(app: AppTest, question: str, beside: bool) -> None:
    card = components(ask(app, question))[0]
    assert card["status"] == "answered"
    assert card["beside"] is beside


def test_what_was_not_answered_is_offered_to_the_question_bank(app: AppTest) -> None:
    ask(app, "What does a hammer do?")
    assert [each.label for each in app.download_button] == ["Download"]
    ask(app, "How do I paint a chair?")
    assert [each.label for each in app.download_button] == ["Download", "Lines for the question bank"]
    press(app, "New chat")
    assert not app.download_button


@pytest.mark.parametrize("question", ["?!", "\u0000\u0001\u202e", "🙂🙂", "؟", "\n\n."])
def test_a_question_without_words_gets_a_sentence(app: AppTest, question: str) -> None:
    ask(app, question)
    assert not app.exception
    assert not app.error
    assert components(app)[0]["label"] == "Please rephrase"


def test_a_question_that_is_too_long_can_be_shortened(app: AppTest, assistant: ScriptedAssistant) -> None:
    ask(app, "hammer " * 400)
    assert app.warning[0].value == "A question may have up to 2,000 characters; this one has 2,800. Please shorten it."
    assert app.text_area[0].value == "hammer " * 400
    assert not assistant.asked
    app.text_area[0].set_value("What does a hammer do?")
    press(app, "Ask this")
    assert not app.warning
    assert components(app)[0]["status"] == "answered"


def test_later_questions_come_with_the_earlier_ones(app: AppTest, assistant: ScriptedAssistant) -> None:
    ask(ask(app, "What does a hammer do?"), "How much does it weigh?")
    assert assistant.asked[-1] == ("How much does it weigh?", ("What does a hammer do?",), None)
    assert "Understood as: How much does a hammer weigh?" in texts(app)


def test_what_was_understood_can_be_undone(app: AppTest, assistant: ScriptedAssistant) -> None:
    ask(ask(app, "What does a hammer do?"), "How much does it weigh?")
    press(app, "Ask as typed")
    assert assistant.asked[-1] == ("How much does it weigh?", ("What does a hammer do?",), "How much does it weigh?")
    assert not any("Understood as" in text for text in texts(app))


def test_what_was_understood_can_be_edited(app: AppTest, assistant: ScriptedAssistant) -> None:
    ask(ask(app, "What does a hammer do?"), "How much does it weigh?")
    app.text_input[0].set_value("How much does a saw weigh?")
    press(app, "Ask this")
    assert assistant.asked[-1][2] == "How much does a saw weigh?"
    assert "Understood as: How much does a saw weigh?" in texts(app)
    ask(app, "And the mallet?")
    assert assistant.asked[-1][1] == ("What does a hammer do?", "How much does a saw weigh?")


def test_only_the_latest_answer_suggests_what_to_ask_next(app: AppTest) -> None:
    ask(ask(app, "What does a hammer do?"), "When is a saw oiled?")
    assert [each.label for each in app.pills] == ["Ask next"]
    app.pills[0].set_value("What does a hammer do?").run()
    assert len(components(app)) == 3
    assert [card["latest"] for card in components(app)] == [False, False, True]


def test_new_chat_forgets_everything(app: AppTest) -> None:
    press(ask(app, "What does a hammer do?"), "New chat")
    assert not app.chat_message
    assert app.pills[0].label == "For example"


def test_the_conversation_can_be_downloaded(app: AppTest) -> None:
    assert not app.download_button
    ask(app, "What does a hammer do?")
    assert app.download_button[0].label == "Download"


def test_a_question_in_the_address_is_asked_once(assistant: ScriptedAssistant) -> None:
    offer(way(assistant))
    at = opened(q="What does a hammer do?")
    assert "q" not in at.query_params
    at.query_params["q"] = "What does a hammer do?"
    at.run()
    assert [question for question, _, _ in assistant.asked] == ["What does a hammer do?"]


@pytest.mark.parametrize("question", ["", "   ", "x" * 5000, "\u0000"])
def test_an_odd_question_in_the_address_does_no_harm(assistant: ScriptedAssistant, question: str) -> None:
    offer(way(assistant))
    at = opened(q=question)
    assert not at.error


def test_a_question_asked_while_the_model_loads_waits_and_is_answered(assistant: ScriptedAssistant) -> None:
    assistant.may_warm.clear()
    offer(way(assistant))
    at = started()
    assert at.info[0].value in {"Opening the guide…", "Loading the language model…"}
    ask(at, "What does a hammer do?")
    assert "Your question is answered as soon as it is there." in at.info[0].value
    assert not assistant.asked
    assistant.may_warm.set()
    assert components(settled(at))[0]["status"] == "answered"
    assert not at.info


def test_a_build_says_how_far_it_is(assistant: ScriptedAssistant) -> None:
    go_on = threading.Event()

    def build(progress: Progress) -> Any:  # noqa: ANN401 -- a scripted one stands in for the real one
        progress("reading the guides", 0.0)
        progress("embedding", 0.45)
        go_on.wait()
        return assistant

    offer(Way(build))
    at = started()
    until = time.monotonic() + PATIENCE_SECONDS
    while "45" not in at.info[0].value and time.monotonic() < until:
        at.run()
    assert at.info[0].value == "Reading the guide, which is new or has changed… 45\u00a0%"
    go_on.set()
    settled(at)


def test_a_guide_that_cannot_be_opened_says_why_and_can_be_tried_again(assistant: ScriptedAssistant) -> None:
    outcomes = [GuideError("no folder of guides at *here*: create it"), RuntimeError("secret /path"), None]

    def open_assistant(progress: Progress) -> Any:  # noqa: ANN401 -- a scripted one stands in for the real one
        progress("embedding", 0.5)
        if failure := outcomes.pop(0):
            raise failure
        return assistant

    offer(Way(open_assistant))
    at = opened()
    assert at.error[0].value == r"No folder of guides at \*here\*\: create it"
    settled(press(at, "Try again"))
    assert at.error[0].value.startswith("Something went wrong")
    assert "secret" not in at.error[0].value
    settled(press(at, "Try again"))
    assert not at.error
    assert at.pills[0].label == "For example"


def test_what_goes_wrong_shows_a_reference_and_nothing_else(
    app: AppTest, assistant: ScriptedAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    assistant.failures = [RuntimeError("secret /path"), GuideError("the index is gone: run skill-guide build")]
    ask(app, "What does a hammer do?")
    assert "ref" in app.error[0].value
    assert "secret" not in app.error[0].value
    assert "secret /path" in caplog.text
    press(app, "Try again")
    assert app.error[0].value.startswith("The index is gone")
    press(app, "Try again")
    assert not app.error
    assert components(app)[0]["status"] == "answered"


def test_a_page_that_breaks_shows_a_reference_and_nothing_else(assistant: ScriptedAssistant) -> None:
    assistant.offered = None  # type: ignore[assignment]
    offer(way(assistant))
    at = opened()
    ask(at, "What does a hammer do?")
    assert at.error[0].value.startswith("Something went wrong")
    assert not at.exception


def test_visitors_share_the_assistant_and_nothing_else(assistant: ScriptedAssistant) -> None:
    made: list[str] = []
    ready = way(assistant)

    def open_assistant(progress: Progress) -> Any:  # noqa: ANN401 -- a scripted one stands in for the real one
        made.append("one")
        return ready.open_assistant(progress)

    offer(Way(open_assistant))
    ask(opened(), "What does a hammer do?")
    assert not opened().chat_message
    assert len(made) == 1


def test_markdown_in_labels_is_escaped() -> None:
    offer(way(hostile()))
    at = opened()
    assert at.pills[0].options[0] != HOSTILE_LABEL
    assert not at.pills[0].options[0].startswith("<")
