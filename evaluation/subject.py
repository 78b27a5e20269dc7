"""What is measured: the assistant as evaluation needs it, and what is known of the installation behind it.

Knows nothing of how an assistant is made: the door that starts an evaluation says how.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from answering.answer import Answer, SearchHit
from answering.found import Results
from ingest.documents import Corpus, Document, Frozen
from ingest.errors import GuideError
from retrieval.index import current
from retrieval.manifest import DamagedIndexError, read_manifest

Progress = Callable[[str, float], None]
"""Takes what is being done and the share of it that is done, 0..1."""


class Subject(Protocol):
    """An assistant; `answering.assistant.Assistant` is the real one."""

    def ask(self, question: str, turns: Sequence[str] = ()) -> Answer:
        """The answer to a question."""
        ...

    def search(self, query: str, k: int = 10) -> tuple[SearchHit, ...]:
        """The `k` best passages."""
        ...

    def results(self, query: str) -> Results:
        """What the search page shows for a query."""
        ...

    def document(self, document: str) -> Document:
        """The guide of that id."""
        ...

    def warm(self) -> None:
        """Loads what the first question would have to wait for."""
        ...


OpenOver = Callable[[Corpus, Path, Progress], Subject]
"""Builds an index of the corpus in the folder, or takes the one that is there, and opens the assistant over it."""


class Installation(Frozen):
    """Which index and which embedding model answered."""

    generation: str
    model: str


def installation(index: Path) -> Installation:
    """What the live generation of an index folder says of itself.

    Raises:
        GuideError: there is none.
    """
    folder = current(index)
    if folder is None:
        raise GuideError(f"no index in {index}: run skill-guide build")
    try:
        manifest = read_manifest(folder)
    except DamagedIndexError as error:
        raise GuideError(f"the index is damaged ({error}): run skill-guide build") from error
    return Installation(generation=folder.name, model=f"{manifest.model}, {manifest.precision}")


def silent(what: str, share: float) -> None:
    """Progress that nobody watches."""
    del what, share
