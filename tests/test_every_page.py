"""Every page of the real app in a real browser: accessible, by keyboard, on a phone; every citation opens its sentence.

`make soak` opens 50 citations each way, `make test` a few.
"""

import ast
import random
import re
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, expect

from answering.assistant import Assistant
from answering.bank import read_bank
from settings import PROJECT, Settings
from tests.servers import BROWSER, Visit, server

pytestmark = [*BROWSER, pytest.mark.soak]  # four minutes on two cores
SHOWING = {"": "?q=What+is+Git%3F", "search": "?q=docker"}
"""Addresses of pages that show little before something is asked."""
READY = {"": "article.answer", "search": "li.hit", "guide": "article.text"}
"""What stands on a page once it is done."""
SERIOUS = {"serious", "critical"}
SEED = 4
COLD = 180_000
"""Milliseconds within which a server on a busy machine has its model."""
HEADER = 40
"""Pixels at the top that the navigation may lie over."""


def _pages() -> list[str]:
    """Paths of all pages in the navigation of app.py."""
    tree = ast.parse((PROJECT / "app.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "st.Page"]
    named = [{each.arg: each.value for each in call.keywords} for call in calls]
    return [str(ast.literal_eval(each["url_path"])) if "url_path" in each else "" for each in named]


@pytest.fixture(scope="module")
def guide(guide_index: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The real app over the real guide."""
    log = tmp_path_factory.mktemp("pages") / "log"
    with server(log, SKILL_GUIDE_INDEX=str(guide_index.index)) as address:
        yield address


def _opened(visit: Visit, page: str) -> None:
    visit.open(page + SHOWING.get(page, ""))
    visit.page.get_by_text("Loading the language model").wait_for(state="hidden", timeout=COLD)
    visit.page.locator(READY.get(page, "h1, h2")).first.wait_for(timeout=COLD)
    visit.settle()


def test_the_pages_are_those_of_the_app() -> None:
    assert {"", "search", "guide"} <= set(_pages())


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("page", _pages())
def test_axe_finds_nothing_serious(chromium: Browser, guide: str, page: str, dark: bool) -> None:
    visit = Visit(chromium, guide, dark=dark)
    _opened(visit, page)
    found = Axe().run(visit.page).response["violations"]
    told = [
        f"{each['id']}: {each['help']}: {[node['html'][:160] for node in each['nodes'][:3]]}"
        for each in found
        if each["impact"] in SERIOUS
    ]
    assert not told, "\n".join(told)
    assert not visit.strays() + visit.faults
    visit.context.close()


@pytest.mark.parametrize("page", _pages())
def test_every_page_fits_a_phone_and_is_walked_by_the_tab_key(chromium: Browser, guide: str, page: str) -> None:
    visit = Visit(chromium, guide, phone=True)
    _opened(visit, page)
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    visit.page.evaluate("document.activeElement.blur()")
    walked: list[str] = []
    for _ in range(25):
        visit.page.keyboard.press("Tab")
        walked.append(str(visit.page.evaluate(_FOCUSED)))
    inside = [each for each in walked if each.startswith("main ")]
    assert inside, walked
    caught = [one for one, other in pairwise(walked) if one == other and " CANVAS " not in one]
    assert not caught, f"the focus is caught: {walked}"
    assert " CANVAS " not in walked[-1], f"a table, whose cells the key walks, keeps the focus: {walked}"
    visit.context.close()


_FOCUSED = """() => {
  let [at, main] = [document.activeElement, false];
  const inMain = (node) => Boolean(node?.closest('main, [data-testid="stBottom"]'));
  main = inMain(at);
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  const box = at.getBoundingClientRect();
  const place = `${Math.round(box.x + scrollX)} ${Math.round(box.y)}`;
  const name = at.getAttribute("aria-label") ?? at.textContent.slice(0, 40);
  return `${main ? "main" : "frame"} ${at.tagName} ${name} ${place}`;
}"""


@pytest.mark.parametrize("sample", [3, pytest.param(50, marks=pytest.mark.soak)])
@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_citation_opens_its_sentence_marked_and_in_view(
    chromium: Browser, guide: str, assistant: Assistant, phone: bool, sample: int
) -> None:
    chance = random.Random(SEED)
    answerable = [each.question for each in read_bank(PROJECT / "content") if each.answerable and not each.turns]
    visit = Visit(chromium, guide, phone=phone)
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
        visit.page.get_by_role("button", name="New chat").click()
        visit.page.locator("article.answer").wait_for(state="detached")
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


def test_moving_between_the_pages_loses_no_conversation(chromium: Browser, guide: str) -> None:
    visit = Visit(chromium, guide)
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
