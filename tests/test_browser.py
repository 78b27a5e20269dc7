"""The app in a real browser: asked, read, opened at a source; safe, by keyboard alone, on a phone, in the dark.

Screenshots go to the folder that the environment variable SCREENSHOTS names, else to a temporary one.
"""

import os
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from answering.bank import read_questions
from tests.servers import BROWSER, Visit, server

pytestmark = [*BROWSER]
LOOKS = [
    (False, False),
    (True, True),
    pytest.param(False, True, marks=pytest.mark.soak),
    pytest.param(True, False, marks=pytest.mark.soak),
]
SCRIPTED = ["-m", "tests.fakes_ui"]
COMES_WITHIN_SECONDS = 15


@pytest.fixture(scope="module")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path_factory.mktemp("screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _in_view(page: Page, selector: str) -> bool:
    """Whether it comes into view and stays there; a busy machine takes its time to lay a page out."""
    until = time.monotonic() + COMES_WITHIN_SECONDS
    while not (_is_in_view(page, selector) and _rested(page) and _is_in_view(page, selector)):
        if time.monotonic() > until:
            return False
        page.wait_for_timeout(200)
    return True


def _rested(page: Page) -> bool:
    page.wait_for_timeout(300)
    return True


def _is_in_view(page: Page, selector: str) -> bool:
    box = page.locator(selector).first.bounding_box()
    size = page.viewport_size
    assert box
    assert size
    return box["y"] >= 0 and box["y"] + box["height"] <= size["height"] and box["x"] >= 0


def _fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize(("dark", "phone"), LOOKS)
def test_ask_read_and_open_a_source(chromium: Browser, guide_app: str, shots: Path, dark: bool, phone: bool) -> None:
    look = f"{'dark' if dark else 'light'}-{'phone' if phone else 'desktop'}"
    visit = Visit(chromium, guide_app, dark=dark, phone=phone)
    page = visit.open()
    page.get_by_text("For example").wait_for()
    page.get_by_text("Loading the language model").wait_for(state="hidden")
    visit.settle()
    page.screenshot(path=shots / f"empty-{look}.png")

    visit.ask("Which frameworks does Python offer?")
    answer = page.locator("article.answer.answered")
    assert "Django" in answer.inner_text()
    assert "Flask" in answer.inner_text()
    assert _in_view(page, "article.answer .status")
    page.screenshot(path=shots / f"answered-{look}.png")

    quote = answer.locator("mark").first.inner_text()
    answer.get_by_role("link", name="Open in the guide").first.click()
    page.locator("article.text mark").first.wait_for()
    visit.settle()
    assert page.locator("article.text mark").first.inner_text() in quote
    assert _in_view(page, "article.text mark")
    assert _fits(page)
    page.screenshot(path=shots / f"guide-{look}.png")
    address = page.url

    page.get_by_role("link", name="Back to your questions").click()
    page.locator("article.answer").wait_for()
    visit.ask("What does a kilogram of tomatoes cost?", answers=2)
    refused = page.locator("article.answer").nth(1)
    assert "answered" not in (refused.get_attribute("class") or "").split()
    assert refused.get_by_label("Where to look in the guide").locator("a").count()
    assert _fits(page)
    page.screenshot(path=shots / f"not-covered-{look}.png")

    cold = Visit(chromium, guide_app, dark=dark, phone=phone)
    cold.open(address.removeprefix(f"{guide_app}/"))
    cold.page.locator("article.text mark").first.wait_for()
    cold.settle()
    assert _in_view(cold.page, "article.text mark")
    assert not visit.strays() + cold.strays()
    assert not visit.faults + cold.faults


def test_a_question_can_be_linked(chromium: Browser, workshop: str) -> None:
    visit = Visit(chromium, workshop)
    page = visit.open("?q=What+does+a+hammer+do%3F")
    page.locator("article.answered").wait_for()
    visit.settle()
    page.get_by_role("button", name="Copy link to this question").click()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == f"{workshop}/?q=What+does+a+hammer+do%3F"
    page.get_by_role("button", name="Copy answer").click()
    assert "**Sources**" in page.evaluate("navigator.clipboard.readText()")
    page.reload()
    page.get_by_text("For example").wait_for()


@pytest.mark.parametrize("phone", [False, True])
def test_what_is_compared_stands_side_by_side_where_there_is_room(
    chromium: Browser, workshop: str, phone: bool
) -> None:
    visit = Visit(chromium, workshop, phone=phone)
    page = visit.open()
    page.get_by_text("For example").wait_for()
    visit.ask("What is the difference between a hamer and a saw?")
    cards = page.get_by_label("Sources").locator("details.source")
    # Both at one moment: the page may still be scrolling to the answer.
    one, other = cards.evaluate_all("cards => cards.map(card => card.getBoundingClientRect().toJSON())")
    same_row, same_column = abs(one["y"] - other["y"]) < 1, abs(one["x"] - other["x"]) < 1
    assert (same_row, same_column) == (not phone, phone)
    assert _fits(page)
    assert page.locator("p.replaced").inner_text() == "Showing results for hammer (you wrote hamer)"
    weight = page.locator("details.more mark")
    assert not weight.is_visible()
    page.get_by_text("More from the guide (1)").press("Enter")
    assert weight.inner_text() == "It weighs 500 grams."
    assert page.locator("details.more .number").inner_text() == "4"


def test_moving_through_the_history_loses_nothing(chromium: Browser, workshop: str) -> None:
    visit = Visit(chromium, workshop)
    page = visit.open()
    page.get_by_text("For example").wait_for()
    visit.ask("What does a hammer do?")
    visit.ask("How do I paint a chair?", answers=2)
    page.get_by_label("Where to look in the guide").get_by_role("link", name="Saws").click()
    page.locator("article.text").wait_for()
    visit.settle()
    assert _in_view(page, "article.text h2:has-text('Saws')")
    page.go_back()
    page.locator("article.answer").nth(1).wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert Path(download.value.path()).read_text(encoding="utf-8").count("**Question:**") == 2
    with page.expect_download() as download:
        page.get_by_role("button", name="Lines for the question bank").click()
    assert download.value.suggested_filename == "unanswered.jsonl"
    assert [each.question for each in read_questions(Path(download.value.path()))] == ["How do I paint a chair?"]


def test_everything_is_reached_by_keyboard_alone(chromium: Browser, workshop: str) -> None:
    visit = Visit(chromium, workshop)
    page = visit.open()
    page.get_by_text("For example").wait_for()
    visit.settle()
    _tab_to(page, "textarea")
    page.keyboard.type("What does a hammer do?")
    page.keyboard.press("Enter")
    page.locator("article.answer").wait_for()
    visit.settle()
    page.evaluate("document.activeElement.blur()")
    _tab_to(page, "button.marker")
    page.keyboard.press("Enter")
    assert _focused(page) == "MARK"
    _tab_to(page, "a.action")
    page.keyboard.press("Enter")
    page.locator("article.text mark").wait_for()
    visit.settle()
    assert _focused(page) == "MARK"
    assert _in_view(page, "article.text mark")


def _active(page: Page, then: str) -> object:
    """Something about the focused element, looked for through shadow roots."""
    innermost = (
        "let at = document.activeElement; while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;"
    )
    return page.evaluate(f"() => {{ {innermost} return {then}; }}")


def _focused(page: Page) -> object:
    return _active(page, "at.tagName")


def _tab_to(page: Page, selector: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if _active(page, f"at.matches({selector!r})"):
            return
    raise AssertionError(f"no Tab leads to {selector}")


def test_text_of_a_guide_is_never_more_than_text(chromium: Browser, shots: Path) -> None:
    with server(shots / "hostile.log", [*SCRIPTED, "hostile"]) as address:
        visit = Visit(chromium, address)
        page = visit.open()
        page.get_by_text("For example").wait_for()
        visit.settle()
        label = page.get_by_test_id("stButtonGroup").get_by_role("radio").first
        assert label.locator("p *").count() == 0
        visit.ask("a <b>x</b> ![i](http://203.0.113.9/q.png) :smile: $z^2$")
        article = page.locator("article.answer")
        assert article.locator("p.replaced").inner_text().startswith("Showing results for <b>a</b> **b** _c_ [d](http:")
        article.locator("details.more summary").first.click()
        assert article.locator("img, svg[onload], script, a[href^='javascript'], a[href^='http']").count() == 0
        page.screenshot(path=shots / "hostile.png")
        article.get_by_role("link", name="Open in the guide").first.click()
        page.locator("article.text mark").wait_for()
        assert page.locator("article.text").locator("img, svg[onload], script, strong").count() == 0
        visit.open("?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E%20a%20**b**")
        page.locator("article.answer").wait_for()
        assert page.title() == "Skill guide"
        assert not visit.strays()
        assert not visit.faults


def test_a_question_asked_while_the_model_loads_waits(chromium: Browser, shots: Path) -> None:
    with server(shots / "slow.log", [*SCRIPTED, "slow"]) as address:
        visit = Visit(chromium, address)
        page = visit.open()
        page.get_by_text("Loading the language model…").wait_for()
        visit.settle()
        page.screenshot(path=shots / "warming.png")
        visit.ask("What does a hammer do?")
        assert page.get_by_text("Loading the language model…").count() == 0


def test_a_guide_that_cannot_be_opened_says_so(chromium: Browser, shots: Path) -> None:
    with server(shots / "broken.log", [*SCRIPTED, "broken"]) as address:
        visit = Visit(chromium, address)
        page = visit.open()
        page.get_by_text("No folder of guides at /guides").wait_for()
        page.get_by_role("button", name="Try again").wait_for()
        page.screenshot(path=shots / "broken.png")
        assert not visit.faults
