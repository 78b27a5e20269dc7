"""Opens the app in a headless Chromium and times what a person sees. Knows nothing of the page but its heading."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from evaluation.processes import Server
from ingest.errors import GuideError

if TYPE_CHECKING:
    from playwright.sync_api import Page

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
WAIT_MILLISECONDS: Final = 60_000
COMPARED: Final = 60
"""Characters of an expected answer that are looked for on the page."""


@dataclass(frozen=True)
class Seen:
    """Seconds from the start of the server."""

    painted: float
    """Until the page's heading was there."""
    answered: float
    """Until the answer was there."""


@contextmanager
def browser() -> Iterator["Page"]:
    """An empty page of a browser that has started, so that its own start is not counted.

    Raises:
        GuideError: there is no browser here, or what is done with its page fails.
    """
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise GuideError("no page was timed: playwright is not installed; make test installs it") from None
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        raise GuideError("no page was timed: there is no Chromium (Debian, Ubuntu: apt install chromium)")
    try:
        # Chromium refuses its sandbox to root, who runs most containers; it opens nothing but our own page.
        with (
            sync_playwright() as playwright,
            playwright.chromium.launch(executable_path=path, args=["--no-sandbox"]) as opened,
        ):
            page = opened.new_page()
            page.set_default_timeout(WAIT_MILLISECONDS)
            yield page
    except Error as error:
        raise GuideError(f"the page did not do what was expected: {str(error).splitlines()[0]}") from None


def watch(page: "Page", server: Server, question: str, expected: str) -> Seen:
    """Opens the app with a question in its address and waits for words of the answer.

    Args:
        page: of `browser`.
        server: has just come up.
        question: what is asked.
        expected: text that the answer is known to hold and the empty page is not.
    """
    page.goto(f"{server.url}/?{urlencode({'q': question})}", wait_until="commit")
    page.wait_for_selector("h1")
    painted = time.perf_counter() - server.started
    # The answer stands in a shadow tree, which innerText leaves out and Playwright's locators look into.
    page.get_by_text(_beginning(expected)).first.wait_for()
    return Seen(painted, time.perf_counter() - server.started)


def _beginning(text: str) -> str:
    """The first words of the first line: what no page breaks into two elements."""
    return text.strip().splitlines()[0][:COMPARED].strip()
