"""The page of terms in a real browser: filter, card by address, two side by side, picture; by keyboard, on a phone."""

import pytest
from playwright.sync_api import Browser, expect

from tests.servers import BROWSER, Visit

pytestmark = [*BROWSER, pytest.mark.timeout(900)]
COLD = 600_000
"""Milliseconds within which a server on a busy machine has its model."""


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_find_compare_and_open_by_keyboard(chromium: Browser, guide_app: str, phone: bool) -> None:
    visit = Visit(chromium, guide_app, phone=phone)
    page = visit.open("skills")
    box = page.get_by_label("Find a term by any of its names")
    box.wait_for(timeout=COLD)
    visit.settle()
    box.focus()
    page.keyboard.type("kuberne")
    expect(page.locator(".told")).to_contain_text("1 of ")
    page.keyboard.press("Enter")
    card = page.get_by_role("article", name="Kubernetes")
    expect(card).to_contain_text("Kubernetes is a tool")
    assert "term=Kubernetes" in page.url
    page.get_by_label("Side by side with").select_option("Docker")
    both = page.get_by_role("region", name="Kubernetes and Docker")
    expect(both).to_contain_text("Kubernetes is a tool")
    visit.settle()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    both.locator("td a").first.press("Enter")
    expect(page.locator("article.text mark").first).to_contain_text("Kubernetes is a tool")
    assert not visit.faults + visit.strays()
    visit.context.close()


def test_an_address_and_the_picture_lead_to_a_card(chromium: Browser, guide_app: str) -> None:
    visit = Visit(chromium, guide_app)
    page = visit.open("skills?term=k8s")
    page.get_by_role("article", name="Kubernetes").wait_for(timeout=COLD)
    page = visit.open("skills")
    tiles = page.locator(".map button")
    tiles.first.wait_for()
    cut = tiles.evaluate_all("all => all.filter((each) => each.clientWidth < 60 || each.clientHeight < 40).length")
    assert not cut, "tiles whose names cannot be read"
    page.locator(".map button", has_text="Version Control").press("Enter")
    page.locator(".map button", has_text="git merge").press("Enter")
    expect(page.get_by_role("article", name="git merge")).to_be_visible()
    assert not visit.faults
    visit.context.close()
