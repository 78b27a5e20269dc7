"""Opens the assistant in the background, once per server, so that a page paints at once and can say how far it is.

Knows nothing of how an assistant is made: the door that starts the server offers a way.
"""

import gc
import logging
import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import streamlit as st

from answering.journal import Journal
from ingest.errors import GuideError
from ui.upkeep import Building, Upkeep

if TYPE_CHECKING:
    from answering.assistant import Assistant

_LOG = logging.getLogger(__name__)


Progress = Callable[[str, float], None]
"""Told what is being done, and which share of the whole is done."""


@dataclass(frozen=True)
class Way:
    """What the server's door offers to the pages."""

    open_assistant: Callable[[Progress], "Assistant"]
    question_limit: int = 2000
    """Longest question, in characters."""
    remarks: Callable[[], Sequence[str]] = tuple
    """What visitors should know of the index: that it was damaged, or is not up to date."""
    upkeep: Upkeep | None = None
    """What the page of the sources can do."""
    journal: Journal | None = None
    """Where ratings and unanswered questions are kept, if they are."""


class Stage(StrEnum):
    """How far the opening has come, in words for people."""

    OPENING = "Opening the guide…"
    BUILDING = "Reading the guide, which is new or has changed…"
    LOADING = "Loading the language model…"
    READY = "Ready."
    FAILED = "The guide could not be opened."


class Holder:
    """The one assistant of this server; all sessions share it."""

    def __init__(self, way: Way) -> None:
        self.way = way
        self.stage = Stage.FAILED
        self.failure = ""
        """One line for people on why the assistant could not be opened."""
        self.share = 0.0
        """How much of a build is done."""
        self.assistant: Assistant | None = None
        """There from the moment the index is open; its model may still be loading."""
        self.building = Building()
        """The build that a visitor asked for."""
        self._lock = threading.Lock()
        self.start()

    @property
    def ready(self) -> bool:
        """Whether a question is answered at once."""
        return self.stage is Stage.READY

    def start(self) -> None:
        """Starts the opening, or starts it again after a failure; does nothing while it is under way or done."""
        with self._lock:
            if self.stage is not Stage.FAILED:
                return
            self.stage, self.failure, self.share = Stage.OPENING, "", 0.0
        threading.Thread(target=self._open, name="open-assistant", daemon=True).start()

    def _open(self) -> None:
        try:
            opened = self.way.open_assistant(self._building)
            self.assistant = opened
            self.stage = Stage.LOADING
            opened.warm()
            _settle()
            self.stage = Stage.READY
        except GuideError as error:
            self._fail(str(error))
        except Exception:
            self._fail(went_wrong())

    def _building(self, what: str, share: float) -> None:
        del what  # known to those who read the log; a visitor wants to know how long it takes
        if share:
            self.stage, self.share = Stage.BUILDING, share

    def _fail(self, message: str) -> None:
        self.failure, self.assistant, self.stage = message, None, Stage.FAILED


_ways: list[Way] = []


def offer(way: Way) -> None:
    """Says how the assistant is opened. The first offer stands, so that a test can make its own before the door's."""
    if not _ways:
        _ways.append(way)


def withdraw() -> None:
    """Forgets the offer and the assistant opened with it."""
    _ways.clear()
    holder.clear()


@st.cache_resource(show_spinner=False)
def holder() -> Holder:
    """The holder of this server's assistant; the first call starts the opening.

    Raises:
        GuideError: No door has offered a way.
    """
    if not _ways:
        raise GuideError("this page cannot be opened on its own: start the server with `streamlit run app.py`")
    return Holder(_ways[0])


def _settle() -> None:
    """Spares the garbage collector what stays: it would halt every thread for a third of a second to look through it.

    For the same reason `.streamlit/config.toml` keeps Streamlit from collecting after every run of a page.
    """
    gc.collect()
    gc.freeze()


def went_wrong() -> str:
    """Logs the exception that is being handled under a reference; gives the line that people see."""
    reference = secrets.token_hex(2).upper()
    _LOG.exception("unexpected failure, ref %s", reference)
    return f"Something went wrong (ref {reference}). The server's log has the details."
