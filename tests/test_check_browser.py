"""The page that holds a text against the guides in a real browser: by keyboard, on a phone, in the dark."""

import pytest
from playwright.sync_api import Browser

from tests.servers import BROWSER, Visit

pytestmark = [*BROWSER]
AD = "We need a hammer expert.\n<b>Kafka</b> is a plus, no saws.\n" + "And more words to read. " * 200


@pytest.mark.parametrize(("dark", "phone"), [(False, False), (True, True)])
def test_check_read_and_open_by_keyboard(chromium: Browser, workshop: str, dark: bool, phone: bool) -> None:
    visit = Visit(chromium, workshop, dark=dark, phone=phone)
    page = visit.open("check")
    box = page.get_by_label("Job ad or CV")
    box.wait_for()
    visit.settle()
    box.focus()
    page.keyboard.insert_text(AD)
    page.get_by_role("button", name="Check", exact=True).press("Enter")
    page.locator(".said").wait_for()
    visit.settle()
    assert page.locator(".said mark.covered").all_inner_texts() == ["hammer"]
    assert page.locator(".said mark.foreign").all_inner_texts() == ["Kafka"]
    assert page.locator(".said del").all_inner_texts() == ["saws"]
    assert "<b>Kafka</b>" in page.locator(".said").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("details.entry summary").first.press("Enter")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as CSV").press("Enter")
    assert "covered,hammers,hammer" in saved.value.path().read_text("utf-8-sig")
    page.get_by_role("link", name="Open in the guide").first.press("Enter")
    page.locator("article.text mark").first.wait_for()
    assert "hammer" in page.locator("article.text mark").first.inner_text()
    assert not visit.faults and not visit.strays()
