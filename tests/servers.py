"""Runs the app as a server on a free loopback port, and a real browser that is let out to nothing else."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from settings import PROJECT

CHROMIUM = Path("/usr/bin/chromium")
PATIENCE_SECONDS = 120
"""For a page to load, or anything in it to come, on a machine that is busy with other tests."""
STARTS_WITHIN_SECONDS = 60
STOPS_WITHIN_SECONDS = 10
QUIET = (
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


BROWSER = (
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"needs {CHROMIUM} (Debian: apt install chromium)"),
)
"""Marks of tests that drive Chromium."""


@contextmanager
def server(log: Path, command: Sequence[str] | None = None, **environment: str) -> Iterator[str]:
    """Address of the app, served as `streamlit run` serves it, or by another command that takes a port."""
    port = free_port()
    run = [*command, port] if command else ["-m", "streamlit", "run", "app.py", "--server.port", port]
    with log.open("w", encoding="utf-8") as written:
        process = subprocess.Popen(
            [sys.executable, *run, *([] if command else ["--server.headless", "true"])],
            cwd=PROJECT, env=os.environ | environment, stdout=written, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        _wait_for(port, process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(STOPS_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=[*QUIET])
        yield opened
        opened.close()


class Visit:
    """One visitor's page, with what it requested and what went wrong in it."""

    def __init__(self, opened: Browser, base: str, *, dark: bool = False, phone: bool = False) -> None:
        self.base = base
        self.requests: list[str] = []
        self.faults: list[str] = []
        size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 900}
        self.context: BrowserContext = opened.new_context(
            viewport=size, color_scheme="dark" if dark else "light", has_touch=phone,  # type: ignore[arg-type]
            permissions=["clipboard-read", "clipboard-write"], reduced_motion="reduce",
        )  # fmt: skip
        self.context.on("request", lambda request: self.requests.append(request.url))
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_SECONDS * 1000)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("dialog", lambda dialog: self.faults.append(f"dialog: {dialog.message}"))
        self.page.on("websocket", lambda socket: self.requests.append(socket.url.replace("ws:", "http:", 1)))

    def open(self, path: str = "") -> Page:
        """Opens an address of the app."""
        self.page.goto(f"{self.base}/{path}")
        return self.page

    def ask(self, question: str, answers: int = 1) -> None:
        """Types a question, sends it, and waits until there are so many answers."""
        box = self.page.get_by_placeholder("Ask the guide")
        box.fill(question)
        box.press("Enter")
        self.page.locator("article.answer").nth(answers - 1).wait_for()
        self.settle()

    def settle(self) -> None:
        """Waits until the page has come to rest where it is to be read."""
        self.page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
        self.page.wait_for_timeout(500)

    def strays(self) -> list[str]:
        """Requests to anything but the app."""
        return [url for url in self.requests if not url.startswith((f"{self.base}/", "data:", f"blob:{self.base}/"))]


def free_port() -> str:
    """A port that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return str(free.getsockname()[1])


def _wait_for(port: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < until and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", int(port), timeout=5)
        try:
            connection.request("GET", "/_stcore/health")
            if connection.getresponse().read() == b"ok":
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise AssertionError(f"the server did not start:\n{log.read_text(encoding='utf-8')}")
