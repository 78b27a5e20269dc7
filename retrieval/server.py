"""Nearest vectors by a Chroma server: `chroma run`, or a distributed Chroma, which speaks the same. Knows no passages.

A collection is filled under a passing name, checked record by record, and only then given its own: so the server never
shows half of one, whoever is killed. Every call is tried again for a while, since servers restart.
"""

import logging
import secrets
import time
import weakref
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, Final, TypeVar

from retrieval.connecting import Server, brief, connect, disconnect, hail
from retrieval.embedder import Vectors
from retrieval.store import BUILD_DEADLINE_SECONDS, DEADLINE_SECONDS, LostError, Store, StoreError, in_time

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

T = TypeVar("T")
QUESTION_PATIENCE: Final = 0.4
"""Seconds that a question tries again: bridges a dropped connection; exact search takes less than a restart."""
BUILD_PATIENCE: Final = 30.0
"""Seconds that a build tries again: a server that is restarted is back within them."""
FIRST_WAIT, LONGEST_WAIT = 0.05, 2.0
"""Seconds between two tries; each wait is twice the one before."""
PASSING: Final = "new"
"""Part of the name of a collection that is being filled."""
LISTED: Final = 500  # collections per call of their list
_log = logging.getLogger(__name__)


class ServerStore(Store):
    """The collections of one generation on a server. Connects at the first call, and again after every failure."""

    def __init__(
        self, server: Server, base: str, deadline: float = DEADLINE_SECONDS, patience: float = QUESTION_PATIENCE
    ) -> None:
        """Opens nothing yet.

        Args:
            server: where.
            base: what the names of the generation's collections begin with; no other's do.
            deadline: seconds that an answer may take.
            patience: seconds that a call is tried again where the server cannot be reached.
        """
        super().__init__(deadline)
        self._server, self._base, self._patience = server, base, patience
        self._away = ""
        """Why the server cannot be asked just now; somebody is looking after it meanwhile."""
        self._closed = False
        self._connecting, self._noting = Lock(), Lock()
        self._connected: ClientAPI | None = None

    def add(self, collection: str, ids: Sequence[str], vectors: Vectors) -> None:
        """Creates a collection of these records, at least one, whole or not at all."""
        try:
            self._upload(collection, ids, vectors)
        except LostError as error:
            _log.warning("%s: beginning anew, since the server came back without its data", error)
            self._upload(collection, ids, vectors)

    def replace(self, collection: str, ids: Sequence[str], vectors: Vectors) -> None:
        """As `add`; what the server has under that name, which is not whole, goes first."""
        with suppress(LostError):
            self._call(lambda: self._client().delete_collection(self._name(collection)))
        self.add(collection, ids, vectors)

    def _upload(self, collection: str, ids: Sequence[str], vectors: Vectors) -> None:
        passing = f"{collection}-{PASSING}-{secrets.token_hex(4)}"
        try:
            super().add(passing, ids, vectors)
            self.check(passing, ids, vectors)
            filled = self._collections[passing]
            try:
                self._call(partial(filled.modify, name=self._name(collection)), BUILD_DEADLINE_SECONDS)
            except StoreError:
                if not self.holds(collection, len(ids)):  # another process was quicker, or the answer got lost
                    raise
        finally:
            self._collections.clear()
            with suppress(StoreError):
                self._call(lambda: self._client().delete_collection(self._name(passing)), patience=0)

    def nearest(self, collection: str, vector: Vectors, k: int) -> list[str]:
        """As `Store.nearest`; a collection that was uploaded again meanwhile is found under its name."""
        try:
            return super().nearest(collection, vector, k)
        except LostError:
            return super().nearest(collection, vector, k)

    def holds(self, collection: str, size: int) -> bool:
        """Whether the server has the collection with so many records.

        Raises:
            StoreError: the server does not answer.
        """
        self._collections.pop(collection, None)
        try:
            opened = self._collection(collection)
            return int(self._call(opened.count)) == size
        except LostError:
            return False

    def ping(self) -> None:
        """Makes sure that there is a Chroma server which lets us in.

        Raises:
            StoreError: says why not.
        """
        self._call(lambda: self._client().heartbeat(), patience=min(self._patience, self._deadline))

    def clear(self, bases: Sequence[str]) -> None:
        """Removes every collection whose name begins with one of these, also those that were never finished."""
        names: list[str] = []
        while page := self._call(partial(self._listed, len(names))):
            names += page
        for name in names:
            if any(name.startswith(f"{base}-") for base in bases):
                with suppress(LostError):
                    self._call(partial(self._client().delete_collection, name))

    def _listed(self, offset: int) -> list[str]:
        return [each.name for each in self._client().list_collections(limit=LISTED, offset=offset)]

    def close(self) -> None:
        """Gives the connections back."""
        self._closed = True
        if self._connected is not None:
            with suppress(Exception):
                disconnect(self._connected)

    def _name(self, collection: str) -> str:
        return f"{self._base}-{collection}"

    def _created(self, name: str, records: int) -> Any:  # noqa: ANN401 - Chroma's type is private
        """A new collection as the server makes it: a distributed one takes no settings of a graph that it has not.

        Its distance is Euclidean, which puts unit vectors into the same order.
        """
        del records
        return self._call(lambda: self._client().get_or_create_collection(name, embedding_function=None))

    def _client(self) -> "ClientAPI":
        with self._connecting:
            if self._connected is None:
                self._connected = connect(self._server, self._deadline)
                weakref.finalize(self, disconnect, self._connected)
            return self._connected

    def _call(self, work: Callable[[], T], deadline: float | None = None, patience: float | None = None) -> T:
        if self._closed or self._away:
            raise StoreError(self._away or "the vector store is closed")
        import chromadb.api.fastapi  # noqa: F401 - takes seconds, which is not the server's fault

        seconds = deadline or self._deadline
        until = time.monotonic() + min(self._patience if patience is None else patience, seconds)
        wait = FIRST_WAIT
        while True:
            try:
                return in_time(work, seconds)
            except Exception as error:
                reason = self._judged(error, seconds)
                if time.monotonic() + wait > until or isinstance(error, TimeoutError):
                    self._note(reason)
                    raise StoreError(reason) from error
            time.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)

    def _judged(self, error: Exception, seconds: float) -> str:
        """Why the server cannot be reached.

        Raises:
            StoreError: it can, and refuses.
        """
        import chromadb.errors as known
        import httpx

        if isinstance(error, StoreError):
            raise error
        if isinstance(error, known.NotFoundError):
            self._collections.clear()
            raise LostError(f"the Chroma server at {self._server.shown} has lost the vectors of this index") from error
        passing = isinstance(error, known.InternalError | known.RateLimitError) and "UNIQUE" not in str(error)
        if isinstance(error, known.ChromaError) and not passing:
            raise StoreError(f"the vector store failed: {brief(error)}") from error
        late = isinstance(error, TimeoutError | httpx.TimeoutException)
        what = f"no answer within {seconds:g} s" if late else brief(error)
        return f"the Chroma server at {self._server.shown} cannot be reached ({what})"

    def _note(self, reason: str) -> None:
        """Keeps questions from a server that is away, until it is back."""
        if self._patience > QUESTION_PATIENCE:  # a build, which has nothing to go on with
            return
        with self._noting:
            if not self._away:
                self._away = reason
                Thread(target=self._look_after, name="chroma-away", daemon=True).start()

    def _look_after(self) -> None:
        wait = FIRST_WAIT
        while True:
            time.sleep(wait)
            if self._closed:
                break
            try:
                hail(self._server, self._deadline)
            except Exception:
                wait = min(2 * wait, LONGEST_WAIT)
            else:
                _log.warning("the Chroma server at %s is back", self._server.shown)
                break
        self._away = ""
