"""Every page of the real app in a real browser: accessible, by keyboard, on a phone; every citation opens its sentence.

`make test` sees every page once, on a phone in the dark, and opens a few citations; `make soak` does the rest.
"""

import ast
import random
import re
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, expect

from answering.assistant import Assistant
from answering.bank import read_bank
from settings import PROJECT
from tests.servers import BROWSER, Visit

pytestmark = [*BROWSER, pytest.mark.timeout(900)]
SHOWING = {"": "?q=What+is+Git%3F", "search": "?q=docker", "skills": "?term=SQL&beside=NoSQL"}
"""Addresses of pages that show little before something is asked."""
AD = "We need a SQL expert. Erlang is a plus, no PHP."
HEADED = r"text=/nearest section: \d\. \w+ /"
"""On the page of gaps, a section by its heading."""
READY = {"": "article.answer", "search": "li.hit", "guide": "article.text", "skills": "table", "gaps": HEADED}
"""What stands on a page once it is done."""
SERIOUS = {"serious", "critical"}
SEED = 4
STEPS = 25
"""Presses of the Tab key."""
COLD = 600_000
"""Milliseconds within which a server on a busy machine has its model."""
HEADER = 40
"""Pixels at the top that the navigation may lie over."""


def _pages() -> list[str]:
    """Paths of all pages in the navigation of app.py."""
    tree = ast.parse((PROJECT / "app.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "st.Page"]
    named = [{each.arg: each.value for each in call.keywords} for call in calls]
    return [str(ast.literal_eval(each["url_path"])) if "url_path" in each else "" for each in named]


def _opened(visit: Visit, page: str) -> None:
    visit.open(page + SHOWING.get(page, ""))
    visit.page.get_by_text("Loading the language model").wait_for(state="hidden", timeout=COLD)
    visit.page.locator(READY.get(page, "h1, h2")).first.wait_for(timeout=COLD)
    visit.settle()
    if page == "check":
        visit.page.get_by_label("Job ad or CV").fill(AD)
        visit.page.get_by_role("button", name="Check", exact=True).click()
        visit.page.locator(".said").wait_for()
        visit.settle()


def test_the_pages_are_those_of_the_app() -> None:
    assert {"", "search", "guide"} <= set(_pages())


@pytest.mark.parametrize("page", _pages())
def test_on_a_phone_in_the_dark_every_page_is_accessible_fits_and_is_walked_by_the_tab_key(
    chromium: Browser, guide_app: str, page: str
) -> None:
    visit = Visit(chromium, guide_app, dark=True, phone=True)
    _opened(visit, page)
    _seen_by_axe(visit)
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    _walk(visit)
    assert not visit.strays() + visit.faults
    visit.context.close()


@pytest.mark.soak
@pytest.mark.parametrize(
    ("dark", "phone"), [(False, False), (True, False), (False, True)], ids=["light", "dark", "light-phone"]
)
@pytest.mark.parametrize("page", _pages())
def test_so_it_is_in_the_other_themes_and_widths(
    chromium: Browser, guide_app: str, page: str, dark: bool, phone: bool
) -> None:
    visit = Visit(chromium, guide_app, dark=dark, phone=phone)
    _opened(visit, page)
    _seen_by_axe(visit)
    _walk(visit)
    assert not visit.strays() + visit.faults
    visit.context.close()


def _seen_by_axe(visit: Visit) -> None:
    """Fails where axe-core finds anything serious."""
    found = Axe().run(visit.page).response["violations"]
    told = [
        f"{each['id']}: {each['help']}: {[node['html'][:160] for node in each['nodes'][:3]]}"
        for each in found
        if each["impact"] in SERIOUS
    ]
    assert not told, "\n".join(told)


def _walk(visit: Visit) -> None:
    """Presses Tab: the focus reaches what the page is for, is caught nowhere, and nowhere out of sight."""
    visit.page.evaluate("document.activeElement.blur()")
    walked: list[str] = []
    for _ in range(STEPS):
        visit.page.keyboard.press("Tab")
        walked.append(str(visit.page.evaluate(_FOCUSED)))
    assert any(each.startswith("main ") for each in walked), walked
    assert not [each for each in walked if each.startswith("hidden ")], walked
    grid = (" CANVAS ", " TD ")  # of one table that is drawn, and its cell for those who cannot see
    caught = [one for one, other in pairwise(walked) if one == other and not any(each in one for each in grid)]
    assert not caught, f"the focus is caught: {walked}"
    assert " CANVAS " not in walked[-1], f"a table, whose cells the key walks, keeps the focus: {walked}"


_FOCUSED = """() => {
  let [at, main] = [document.activeElement, false];
  const inMain = (node) => Boolean(node?.closest('main, [data-testid="stBottom"]'));
  main = inMain(at);
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  const box = at.getBoundingClientRect();
  const place = `${Math.round(box.x + scrollX)} ${Math.round(box.y)}`;
  const name = at.getAttribute("aria-label") ?? at.textContent.slice(0, 40);
  const aside = document.activeElement.closest('[data-testid="stSidebar"]') && box.right <= 0;
  return `${aside ? "hidden" : main ? "main" : "frame"} ${at.tagName} ${name} ${place}`;
}"""


@pytest.mark.parametrize("sample", [2, pytest.param(50, marks=[pytest.mark.soak, pytest.mark.timeout(0)])])
@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_citation_opens_its_sentence_marked_and_in_view(
    chromium: Browser, guide_app: str, assistant: Assistant, phone: bool, sample: int
) -> None:
    chance = random.Random(SEED)
    answerable = [each.question for each in read_bank(PROJECT / "content") if each.answerable and not each.turns]
    visit = Visit(chromium, guide_app, phone=phone)
    _opened(visit, "guide")
    visit.open()
    wrong = []
    for number, question in enumerate(chance.sample(answerable, sample), 1):
        visit.ask(question)
        links = visit.page.locator("article.answer a[href*='start=']:visible")
        link = links.nth(chance.randrange(links.count()))
        asked = {name: values[0] for name, values in parse_qs(urlsplit(link.get_attribute("href") or "").query).items()}
        quote = assistant.document(asked["document"]).text[int(asked["start"]) : int(asked["end"])]
        link.click()
        if fault := _fault(visit, quote):
            wrong.append(f"{number}. {question}: {fault}")
        visit.page.get_by_role("link", name="Back to your questions").click()
        visit.page.locator("article.answer").wait_for()
        visit.settle()
        visit.page.get_by_role("button", name="New chat").click()
        visit.page.locator("article.answer").wait_for(state="detached")
        visit.settle()  # else what is typed next may be drawn anew, empty
    visit.context.close()
    assert not wrong, "\n".join([f"{len(wrong)} of {sample}", *wrong])


def _fault(visit: Visit, quote: str) -> str:
    """What is wrong with the opened guide; empty where the quote is marked, all of it, and its beginning in view."""
    marks = visit.page.locator("article.text mark")
    marks.first.wait_for()
    visit.settle()
    marked = [_letters(each) for each in marks.all_inner_texts()]
    plain = _letters(quote)
    at = 0
    for each in marked:  # in order; a table leaves out what its columns are called
        at = plain.find(each, at)
        if at < 0:
            return f"{each!r} is marked, which is not of {quote!r}"
        at += len(each)
    names = "".join(_letters(each) for each in visit.page.locator("article.text thead th").all_inner_texts())
    if "".join(marked) != plain and not names:
        return f"of {quote!r} only {marked} is marked"
    return "" if _in_view(marks.first, visit) else f"{quote!r} is out of view: {marks.first.bounding_box()}"


def _letters(text: str) -> str:
    return re.sub(r"\W|_", "", text)


def _in_view(mark: Locator, visit: Visit) -> bool:
    box, size = mark.bounding_box(), visit.page.viewport_size
    if box is None or size is None:
        return False
    across = box["x"] >= 0 and box["x"] + box["width"] <= size["width"] + 1
    tall = box["height"] > size["height"] - HEADER
    return across and box["y"] >= HEADER and (tall or box["y"] + box["height"] <= size["height"])


def test_moving_between_the_pages_loses_no_conversation(chromium: Browser, guide_app: str) -> None:
    visit = Visit(chromium, guide_app)
    _opened(visit, "")
    page = visit.page
    answer = page.locator("article.answer")
    told = answer.locator(".told").inner_text()
    for name, ready in (("Search", "Search the guide"), ("Guide", "Contents")):
        page.get_by_role("link", name=name, exact=True).first.click()
        page.get_by_label(ready).first.wait_for()
        visit.settle()
    page.get_by_role("link", name="Back to your questions").click()
    expect(answer).to_have_count(1)
    assert answer.locator(".told").inner_text() == told
    page.go_back()
    page.locator("article.text").wait_for()
    page.go_forward()
    expect(answer).to_have_count(1)
    visit.context.close()
