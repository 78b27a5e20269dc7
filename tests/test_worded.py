"""The language model's say on the page: quotes at once, its words when checked, and what is shown when it fails."""

import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from streamlit.testing.v1 import AppTest

from answering.answer import Answer
from answering.wording import NOT_HELD_UP, STOPPED
from tests import llm_servers as manners
from tests.fakes_ui import ScriptedAssistant, phraser_at, way
from tests.llm_servers import Manner, says, serving
from tests.pages import PATIENCE_SECONDS, ask, components, opened, press, texts, told
from tests.servers import Visit, server
from ui import export
from ui.holder import offer

pytestmark = pytest.mark.usefixtures("nothing_offered")

QUESTION = "What does a hammer do?"
HELD = "Nails are driven into wood by a hammer [1]. Nails are also pulled out by the claw hammer [2]."
SHOWN = "Nails are driven into wood by a hammer. [1] Nails are also pulled out by the claw hammer. [2]"
QUOTED = "A hammer drives nails into wood. [1] The claw hammer also pulls nails out. [2]"


def app_with(url: str, seconds: float = 10) -> AppTest:
    offer(way(ScriptedAssistant(phraser=phraser_at(url, seconds))))
    return opened()


def worded(at: AppTest) -> AppTest:
    """Reruns the page, as it does by itself in a browser, until the wording is done."""
    until = time.monotonic() + PATIENCE_SECONDS
    while components(at)[-1]["phrased"]["running"] and time.monotonic() < until:
        time.sleep(0.05)
        at.run()
    assert not at.exception
    return at


def answered(manner: Manner, seconds: float = 10) -> AppTest:
    with serving(manner) as llm:
        return worded(ask(app_with(llm.url, seconds), QUESTION))


def test_the_models_words_stand_above_the_quotes() -> None:
    card = components(answered(says(HELD)))[0]
    assert " ".join(told({"lines": card["phrased"]["lines"]}).split()) == SHOWN and told(card) == QUOTED
    assert "all held" in card["phrased"]["note"] and "Worded by scripted" in card["phrased"]["note"]
    assert "Nails are driven into wood" in card["markdown"]


def test_what_is_copied_has_the_words_though_they_end_while_the_card_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    made = export.answer_markdown

    def slowly(question: str, answer: Answer, titles: Mapping[str, str]) -> str:
        told = made(question, answer, titles)
        time.sleep(1)  # long enough for all sentences
        return told

    monkeypatch.setattr(export, "answer_markdown", slowly)
    assert "Nails are driven into wood" in components(answered(says(HELD)))[0]["markdown"]


def test_the_small_print_says_how_much_was_replaced() -> None:
    card = components(answered(says(f"{HELD} It costs 20 coins [1].")))[0]
    assert "1 of 3 replaced" in card["phrased"]["note"]


@pytest.mark.parametrize(
    ("manner", "note"),
    [(manners.status(500), "it failed (500)"), (manners.silent, " within 1 s"), (says("Buy gold [1]."), NOT_HELD_UP)],
)
def test_when_it_fails_one_line_says_why_and_the_quotes_stand(manner: Manner, note: str) -> None:
    card = components(answered(manner, 1))[0]
    assert note in card["phrased"]["note"] and card["phrased"]["lines"] == [] and told(card) == QUOTED


def test_the_quotes_are_there_while_the_model_is_silent_and_it_can_be_stopped() -> None:
    with serving(manners.silent) as llm:
        at = ask(app_with(llm.url, 15), QUESTION)
        assert told(components(at)[0]) == QUOTED and components(at)[0]["phrased"]["running"]
        card = components(worded(press(at, "Stop")))[0]
    assert card["phrased"]["note"] == STOPPED and told(card) == QUOTED


def test_the_switch_turns_it_off_for_this_conversation() -> None:
    with serving(says(HELD)) as llm:
        at = app_with(llm.url)
        assert at.toggle[0].value is True
        at.toggle[0].set_value(False).run()
        assert components(ask(at, QUESTION))[0]["phrased"] is None and not llm.asked


def test_what_is_not_answered_is_not_sent_to_it() -> None:
    with serving(says(HELD)) as llm:
        at = ask(ask(app_with(llm.url), "Which paint?"), "Who won the cup?")
        assert [card["phrased"] for card in components(at)] == [None, None] and not llm.asked


def test_without_a_model_there_is_one_line_on_how_to_add_one() -> None:
    offer(way(ScriptedAssistant()))
    at = opened()
    assert not at.toggle and any("SKILL_GUIDE_LLM_URL" in text for text in texts(at))
    assert components(ask(at, QUESTION))[0]["phrased"] is None


EVIL = (
    "![x](http://203.0.113.9/a.png) <img src=http://203.0.113.9/b.png onerror=\"document.title='broken'\"> [1]. "
    "<script>document.title='broken'</script> [1]. [click](javascript:alert(1)) [2]. "
)


@pytest.mark.browser
def test_in_a_browser_words_come_in_and_nothing_in_them_is_more_than_text(chromium: Browser, tmp_path: Path) -> None:
    command = ("-m", "tests.fakes_ui")
    script = (says(HELD, pause=0.1), says(EVIL + HELD, pause=0.01), manners.status(500), manners.crawls)
    with ExitStack() as running:
        llm = running.enter_context(serving(*script))
        base = running.enter_context(server(tmp_path / "log", [*command, f"llm={llm.url}"]))
        visit = Visit(chromium, base)
        page = visit.open()
        visit.ask(QUESTION)
        page.locator(".worded .marker").nth(1).wait_for()
        page.get_by_text("all held").wait_for()
        assert page.locator(".worded p").first.inner_text().startswith("Nails are driven into wood by a hammer.")
        assert page.locator(".told").first.inner_text().startswith("A hammer drives nails into wood.")
        visit.ask("What does a hammer do again?", 2)
        page.get_by_text(NOT_HELD_UP).or_(page.get_by_text("replaced by its quote")).wait_for()
        visit.ask("And what does a hammer do?", 3)
        page.get_by_text("it failed (500)").wait_for()
        visit.ask("So what does a hammer do?", 4)
        page.get_by_role("button", name="Stop").click()
        page.get_by_text(STOPPED).wait_for()
        page.locator(".worded .marker").first.click()
        visit.settle()
        assert page.locator(".worded img, .worded script, .worded a").count() == 0
        assert page.title() != "broken" and not visit.faults and not visit.strays()
        visit.context.close()
