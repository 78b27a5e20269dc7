"""What the search page asks and gets: where to look, `Results` with their counts, the points of its picture.

Knows nothing of how anything is found or shown.
"""

from answering.answer import Place, SearchHit
from ingest.documents import Frozen
from retrieval.widening import Replacement


class Filter(Frozen):
    """Where to look: a document, a section with those under it, or both; everywhere where neither is named."""

    document: str = ""
    section: str = ""


class Facet(Frozen):
    """A document or section with the number of found passages in it; `section` is empty for a whole document."""

    document: str
    section: str
    label: str
    depth: int
    """0 for a document, 1 for its outermost sections."""
    count: int


class Results(Frozen):
    """What a query found."""

    query: str
    replaced: tuple[Replacement, ...] = ()
    """What was understood as something else."""
    hits: tuple[SearchHit, ...] = ()
    """The best, each passage once; those that say nearly the same stand within the first of them."""
    total: int = 0
    """Passages found where was looked, those that are not listed too."""
    everywhere: int = 0
    """Passages found in all guides, whatever section was asked for."""
    facets: tuple[Facet, ...] = ()
    nearest: tuple[Place, ...] = ()
    """Sections to look into where nothing was found."""
    unknown: tuple[str, ...] = ()
    """Words of the query that no guide has, where nothing was found."""
    lit: tuple[str, ...] = ()
    """Ids of all passages that were found where was looked."""
    at: tuple[float, float] | None = None
    """Where the query stands in the picture; None where nothing was found."""


class Point(Place):
    """A passage in the picture of the guides: what is near in meaning is near in it."""

    x: float
    """0..1."""
    y: float
    """0..1."""
    text: str
    """How the passage begins."""
