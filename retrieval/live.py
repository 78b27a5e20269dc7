"""The reader of an index: hands out the live generation to many threads, and moves on when there is a newer one."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.errors import GuideError
from retrieval.generation import Generation
from retrieval.index import candidates, generations, named
from retrieval.manifest import DamagedIndexError
from retrieval.uploads import Chroma

_log = logging.getLogger(__name__)


class IndexReader:
    """Hands out the live generation; moves to a new one between two uses and closes the old after its last user.

    Every file of a generation is checked before it answers. One that is damaged does not: the newest sound one answers
    in its place. A generation of another embedding model is not moved to, since questions are embedded by the first's.
    """

    def __init__(self, folder: Path, chroma: Chroma = Chroma()) -> None:  # noqa: B008 - frozen
        """Opens the live generation, whose vectors are searched where `chroma` says.

        Raises:
            GuideError: there is none, or none is sound.
        """
        self._folder, self._chroma = folder, chroma
        self._lock = threading.Lock()
        self._users: dict[Path, int] = {}
        self._open: dict[Path, Generation] = {}
        self._refused = ""
        """A generation that was found unfit, so that not every question looks at it again."""
        self._live = self._first()
        self._fingerprint = self._live.manifest.fingerprint if self._live.manifest else ""

    @contextmanager
    def use(self) -> Iterator[Generation]:
        """The live generation, which stays open until the block ends."""
        with self._lock:
            generation = self._renewed()
            self._users[generation.folder] = self._users.get(generation.folder, 0) + 1
        try:
            yield generation
        finally:
            with self._lock:
                self._users[generation.folder] -= 1
                self._close_unused()

    def _renewed(self) -> Generation:
        name = named(self._folder)
        if name is None or name in (self._live.folder.name, self._refused):
            return self._live
        path = next((each for each in generations(self._folder) if each.name == name), None)
        if path is None:
            return self._live
        try:
            self._live = self._opened(path)
        except GuideError as error:
            self._refused = name
            _log.warning("staying with %s: %s", self._live.folder.name, error)
        return self._live

    def _first(self) -> Generation:
        for _ in range(2):  # what is listed may be cleared away before it is opened; then there is a newer one
            known = candidates(self._folder)
            if not known:
                raise GuideError(f"no index in {self._folder}: run skill-guide build")
            failures = []
            for path in known:
                try:
                    generation = self._opened(path)
                except GuideError as error:
                    failures.append(error)
                    continue
                if failures:
                    self._refused = known[0].name
                    _log.warning("answering from %s: %s", path.name, failures[0])
                return generation
        raise failures[0]

    def _opened(self, path: Path) -> Generation:
        try:
            generation = Generation(path, chroma=self._chroma)
        except (DamagedIndexError, OSError, ValueError) as error:
            raise GuideError(f"the index is damaged ({error}): run skill-guide build") from error
        if self._open and generation.manifest and generation.manifest.fingerprint != self._fingerprint:
            generation.close()
            raise GuideError(f"{path.name} was made with another model ({generation.manifest.model}): start again")
        self._open[path] = generation
        return generation

    def _close_unused(self) -> None:
        for path in [path for path in self._open if path != self._live.folder and not self._users.get(path)]:
            self._open.pop(path).close()
            self._users.pop(path, None)
