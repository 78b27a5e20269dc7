"""The reader in a real browser: its contents follow, its links can be copied, its terms have cards, it prints clean."""

from playwright.sync_api import Browser, expect

from tests.servers import BROWSER, Visit

pytestmark = [*BROWSER]


def test_the_contents_follow_the_reader(chromium: Browser, workshop: str) -> None:
    visit = Visit(chromium, workshop)
    page = visit.open("guide")
    page.locator("article.text").wait_for()
    page.set_viewport_size({"width": 1280, "height": 320})
    here = page.locator("nav .beside a[aria-current]")
    page.get_by_role("heading", name="Care of saws").evaluate("node => node.scrollIntoView({block: 'start'})")
    expect(here).to_have_text("Care of saws")
    page.get_by_role("heading", name="Hammers").evaluate("node => node.scrollIntoView({block: 'start'})")
    expect(here).to_have_text("Hammers")


def test_on_a_phone_a_section_opens_under_the_contents(chromium: Browser, workshop: str) -> None:
    visit = Visit(chromium, workshop, phone=True)
    visit.page.set_viewport_size({"width": 390, "height": 260})
    page = visit.open("guide?document=workshop&section=saws")
    heading = page.get_by_role("heading", name="Saws", exact=True)
    heading.wait_for()
    visit.settle()
    contents, opened = page.locator("nav details").bounding_box(), heading.bounding_box()
    assert contents and opened and opened["y"] >= contents["y"] + contents["height"]


def test_sections_and_passages_have_addresses_to_copy(chromium: Browser, workshop: str) -> None:
    visit = Visit(chromium, workshop)
    page = visit.open("guide")
    page.get_by_role("button", name="Copy link to Saws").click()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == f"{workshop}/guide?document=workshop&section=saws"
    row = page.locator("p", has_text="A hammer drives nails")
    row.hover()
    row.get_by_role("button", name="Copy link to this passage").click()
    link = page.evaluate("navigator.clipboard.readText()")
    other = Visit(chromium, workshop)
    other.open(link.removeprefix(f"{workshop}/"))
    expect(other.page.locator("article.text mark").first).to_contain_text("A hammer drives")


def test_a_term_shows_its_card(chromium: Browser, workshop: str) -> None:
    visit = Visit(chromium, workshop)
    page = visit.open("guide")
    page.locator("a.term").first.focus()
    page.keyboard.press("Enter")
    card = page.get_by_role("dialog")
    expect(card).to_contain_text("A hammer drives nails into wood.")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(page.locator("a.term").first).to_be_focused()
    page.get_by_role("heading", name="Hammers").dblclick()
    expect(card).to_contain_text("A hammer drives nails into wood.")
    card.get_by_role("link", name="Where the guide says so").click()
    expect(page.locator("article.text mark").first).to_contain_text("A hammer")
    assert not visit.faults


def test_on_paper_there_is_the_guide_and_nothing_else(chromium: Browser, workshop: str) -> None:
    visit = Visit(chromium, workshop, dark=True)
    page = visit.open("guide")
    page.locator("article.text").wait_for()
    page.emulate_media(media="print")
    for hidden in ("header", "nav[aria-label=Contents]", ".copying"):
        for each in page.locator(hidden).all():
            expect(each).to_be_hidden()
    expect(page.get_by_role("heading", name="Care of saws")).to_be_visible()
    colours = page.locator("article.text").evaluate("node => getComputedStyle(node).color")
    assert colours == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.querySelector('[data-testid=stMain]')).overflowY") == "visible"
