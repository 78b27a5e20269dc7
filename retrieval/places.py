"""A place in a guide, and a quote from it. Knows nothing of why it was chosen."""

from collections.abc import Callable

from pydantic import Field

from ingest.documents import Frozen, Passage


class Place(Frozen):
    """Where something stands in a guide."""

    document: str
    section: str
    headings: tuple[str, ...]
    passage: str


class Citation(Place):
    """A quote: `quote` is the document's reading text from `start` to `end`, character for character."""

    number: int
    quote: str
    start: int
    end: int
    url: str
    page: int | None = Field(default=None, exclude=True)
    """Page of the file that the quote begins on, where the format has pages; shown to people, not part of the JSON."""


UrlOf = Callable[[Passage, int, int], str]
"""A passage, with start and end of a quote in it, to the address that opens the quote."""
