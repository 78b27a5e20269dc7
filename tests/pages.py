"""Drives the pages through the front door as a browser would, and reads what they show."""

import json
import time
from typing import Any

from streamlit.testing.v1 import AppTest

from settings import PROJECT

PATIENCE_SECONDS = 20


def started(**query: str) -> AppTest:
    """The app as it is first painted, under an address with these parameters."""
    at = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=PATIENCE_SECONDS)
    at.query_params.update(query)
    return at.run()


def opened(**query: str) -> AppTest:
    """The app, once nothing is being opened any more."""
    return settled(started(**query))


def settled(at: AppTest) -> AppTest:
    """Reruns the page, as it does by itself in a browser, until nothing is being opened any more."""
    until = time.monotonic() + PATIENCE_SECONDS
    while at.info and time.monotonic() < until:
        time.sleep(0.01)
        at.run()
    assert not at.exception
    return at


def ask(at: AppTest, question: str) -> AppTest:
    """Types a question and sends it."""
    return at.chat_input[0].set_value(question).run()


def components(at: AppTest) -> list[dict[str, Any]]:
    """What each answer card, or the reader, was given to show."""
    return [json.loads(each.proto.json) for each in at.get("bidi_component")]


def told(card: dict[str, Any]) -> str:
    """The answer that a card shows, with its markers."""
    return " ".join(part.get("text", f"[{part.get('cite')}]") for line in card["lines"] for part in line["parts"])


def texts(at: AppTest) -> list[str]:
    """Every plain text on the page."""
    return [each.value for each in at.text]


def press(at: AppTest, label: str) -> AppTest:
    """Presses a button."""
    return next(each for each in at.button if each.label == label).click().run()
