"""What the page of the sources can do to the index: show it, build it in the background, take a file in.

Knows nothing of how that is done: the server's door offers it.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.errors import GuideError

if TYPE_CHECKING:
    from answering.assistant import Assistant
    from retrieval.contents import Contents

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Upkeep:
    """What the server's door offers."""

    contents: Callable[["Assistant"], "Contents"]
    build: Callable[[Callable[[str, float], None], bool], str]
    """Brings the index up to date, or builds it anew; told how far it is; gives a line on what it did."""
    take_in: Callable[[str, bytes], str] | None = None
    """Stores a file among the guides and gives the name that it got; None where visitors may not."""
    formats: tuple[str, ...] = ()
    """Endings of the files that can be read."""


class Building:
    """The one build that this server runs for its visitors; all sessions see the same."""

    def __init__(self) -> None:
        self.running = False
        self.share = 0.0
        self.what = ""
        """What is being done just now."""
        self.done = ""
        """What the last build did."""
        self.failure = ""
        """Why the last build failed."""
        self._lock = threading.Lock()

    def start(self, upkeep: Upkeep, *, anew: bool = False) -> None:
        """Starts a build in the background; does nothing while one runs."""
        with self._lock:
            if self.running:
                return
            self.running, self.share, self.what, self.done, self.failure = True, 0.0, "", "", ""
        threading.Thread(target=self._run, args=(upkeep, anew), name="build", daemon=True).start()

    def _run(self, upkeep: Upkeep, anew: bool) -> None:
        try:
            self.done = upkeep.build(self._told, anew)
        except GuideError as error:
            self.failure = str(error)
        except Exception:
            _LOG.exception("a build that a visitor started went wrong")
            self.failure = "Something went wrong; nothing was changed. The server's log has the details."
        finally:
            self.running = False

    def _told(self, what: str, share: float) -> None:
        self.what, self.share = what, min(max(share, self.share), 1.0)
