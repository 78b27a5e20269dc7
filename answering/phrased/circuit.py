"""Leaves a language model alone for a while after it has failed several times in a row. Knows nothing of models."""

import threading
import time
from collections.abc import Callable
from math import ceil

FAILURES = 3
"""In a row, after which the model is left alone: one may be chance, and nobody is to wait for a dead one for ever."""
REST_SECONDS = 30.0
"""How long it is left alone; then one question may try again."""


class Circuit:
    """Counts failures; open means that the model is not asked. Thread-safe."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """Takes the clock."""
        self._now = now
        self._lock = threading.Lock()
        self._failures = 0
        self._closed_from = 0.0

    def rest(self) -> int:
        """Seconds until the model may be asked, 0 if it may be now; whoever hears 0 after a rest tries alone."""
        with self._lock:
            if self._failures < FAILURES:
                return 0
            left = self._closed_from - self._now()
            if left > 0:
                return ceil(left)
            self._closed_from = self._now() + REST_SECONDS
            return 0

    def succeeded(self) -> None:
        """The model answered."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """The model did not answer as it should."""
        with self._lock:
            self._failures += 1
            if self._failures >= FAILURES:
                self._closed_from = self._now() + REST_SECONDS
