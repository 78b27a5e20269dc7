"""The search page in a real browser: hits while typing, the address, the picture, by keyboard alone, on a phone."""

import re

from playwright.sync_api import Browser, expect

from tests.servers import BROWSER, Visit

pytestmark = [*BROWSER]


def test_hits_come_while_one_types_and_the_address_follows(chromium: Browser, workshop: str) -> None:
    visit = Visit(chromium, workshop)
    page = visit.open("search")
    box = page.get_by_label("Search the guide")
    expect(box).to_be_focused()
    page.keyboard.type("hamer nails", delay=60)
    page.locator("li.hit").first.wait_for()
    expect(page.locator(".summary")).to_contain_text("Showing results for hammer (you wrote hamer)")
    expect(box).to_have_value("hamer nails")
    expect(box).to_be_focused()
    expect(page).to_have_url(re.compile(r"/search\?q=hamer\+nails$"))
    page.get_by_role("link", name=re.compile("^Hammers, ")).click()
    expect(page).to_have_url(re.compile(r"q=hamer\+nails&section=hammers$"))
    expect(page.locator(".chip[aria-current]")).to_contain_text("Hammers")
    page.reload()
    expect(page.locator(".chip[aria-current]")).to_contain_text("Hammers")
    expect(page.get_by_label("Search the guide")).to_have_value("hamer nails")
    page.locator("li.hit h3 a").first.click()
    page.locator("article.text mark").first.wait_for()
    page.get_by_role("link", name="Back to your search").click()
    expect(page.locator(".chip[aria-current]")).to_contain_text("Hammers")
    assert not visit.faults
    assert not visit.strays()


def test_the_picture_shows_a_passage_and_opens_it(chromium: Browser, workshop: str) -> None:
    visit = Visit(chromium, workshop)
    page = visit.open("search?q=oil")
    lit = page.locator("a.point.lit")
    lit.first.hover()
    expect(page.locator(".tip")).to_contain_text("Care of saws")
    page.get_by_text("The picture in words").click()
    expect(page.locator(".words li")).to_have_count(page.locator("a.point").count())
    lit.first.click()
    expect(page.locator("article.text mark").first).to_contain_text("Oil the blade")
    page.go_back()
    expect(page.get_by_label("Search the guide")).to_have_value("oil")


def test_searching_by_keyboard_alone_on_a_phone(chromium: Browser, workshop: str) -> None:
    visit = Visit(chromium, workshop, phone=True)
    page = visit.open("search")
    box = page.get_by_label("Search the guide")
    box.focus()
    page.keyboard.type("saw")
    page.keyboard.press("Enter")
    page.locator("li.hit").first.wait_for()
    visit.settle()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.locator("a.point:focus").count():
            break
    first = page.locator("a.point:focus").get_attribute("aria-label")
    page.keyboard.press("ArrowRight")
    assert page.locator("a.point:focus").get_attribute("aria-label") != first
    page.keyboard.press("Enter")
    page.locator("article.text").wait_for()
