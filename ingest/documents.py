"""What ingest hands on: a document's reading text with its sections, blocks and passages, each a span of that text.

Knows nothing of files, search or answers. All offsets count Unicode code points of `Document.text`; spans are
half-open, `[start, end)`.
"""

from enum import StrEnum
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, model_validator


class Frozen(BaseModel):
    """Base of everything that crosses a package border: immutable and closed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Edition = tuple[str, str, str]
"""Tells a document from all others, and from what it was before its file changed."""
_GIVEN: Final[set[str]] = set()


class Span(Frozen):
    """A stretch of a reading text, `[start, end)` in code points.

    A large guide has hundreds of thousands. So they share what pydantic notes of which fields were given, of which
    nobody asks: it is more than half of what one takes in memory.
    """

    start: int
    end: int

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")
        object.__setattr__(self, "__pydantic_fields_set__", _GIVEN)
        return self

    def of(self, text: str) -> str:
        """The words that this span stands for in the reading text it belongs to."""
        return text[self.start : self.end]

    def covers(self, other: "Span") -> bool:
        """Whether the other span lies wholly within this one."""
        return self.start <= other.start and other.end <= self.end


class BlockKind(StrEnum):
    """The kinds of block that every parser speaks of."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    CODE = "code"


class Block(Span):
    """One paragraph, list item, table row, heading or piece of code."""

    kind: BlockKind
    section: str
    group: int | None = None
    """Number of the list or table that this item or row belongs to, unique in its document."""
    depth: int = 0
    """Nesting of a list item, 0 for the outermost list."""
    lead_in: Span | None = None
    """The sentence that introduces the list or table, if there is one."""
    columns: tuple[str, ...] = ()
    """Column names of a table row."""
    page: int | None = None
    """Page of the file that it begins on, counted from 1, for formats that have pages."""


class Section(Span):
    """A heading with all that stands under it up to the next heading of its own or a higher level."""

    id: str
    """Path of the headings' slugs, e.g. `understanding-of-databases/nosql-databases`."""
    level: int
    heading: str
    headings: tuple[str, ...]
    """Headings from the outermost to this one; the document's title is not among them."""
    parent: str | None = None


class Sentence(Span):
    """A sentence, list item or table row: the smallest thing that is quoted."""

    kind: BlockKind
    group: int | None = None
    lead_in: Span | None = None
    page: int | None = None


class Passage(Span):
    """What is embedded and found: a piece of one section. The passages of a document tile its reading text."""

    id: str
    """Digest of document, section and content: the same passage keeps its id from build to build."""
    document: str
    section: str
    headings: tuple[str, ...]
    text: str
    sentences: tuple[Sentence, ...]
    """Empty for a passage that holds nothing but headings; such a passage is not searched."""
    language: str = "en"

    @model_validator(mode="after")
    def _text_fits(self) -> Self:
        if len(self.text) != self.end - self.start:
            raise ValueError("a passage's text is as long as its span")
        return self

    def words_of(self, span: Span) -> str:
        """The words of a span that lies within this passage; the span counts from the document's start."""
        return self.text[span.start - self.start : span.end - self.start]


class Document(Frozen):
    """A guide as it is read: one plain text, and the tree of what stands where in it."""

    id: str
    title: str
    path: str
    """Where the file lies, relative to the content folder."""
    media_type: str
    language: str = "en"
    metadata: dict[str, str] = {}
    text: str
    sections: tuple[Section, ...]
    blocks: tuple[Block, ...]
    digest: str
    """SHA-256 of the file's bytes."""
    flags: tuple[str, ...] = ()
    """What a reader should know of how the file was read, e.g. that hidden characters were taken out."""

    @property
    def edition(self) -> Edition:
        """Documents of one edition that the same parser read are the same."""
        return self.id, self.path, self.digest

    def section(self, section_id: str) -> Section | None:
        """The section of that id, or None."""
        return next((section for section in self.sections if section.id == section_id), None)


class Skipped(Frozen):
    """A file of the content folder that is not in the index, and why."""

    path: str
    reason: str


class Corpus(Frozen):
    """All that one reading of a content folder gave."""

    documents: tuple[Document, ...]
    skipped: tuple[Skipped, ...] = ()
