"""Documents and small generations made from Markdown, for the tests of ingest and retrieval."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

from ingest.chunker import PASSAGE_TOKENS, cut
from ingest.documents import Document, Passage
from ingest.parsers.markdown import parse_markdown
from retrieval.embedder import Embedder
from retrieval.generation import Generation, Ingredients, Stored, seal
from retrieval.index import current, publish, writing
from retrieval.manifest import DamagedIndexError, verify
from retrieval.writing import Known, write_generation
from tests.fakes import BagOfWordsEmbedder

Write = Callable[[Path], None]
"""Fills a new generation."""
TOOLS = """\
# Tools

Every workshop needs them.

## Hammers

A hammer drives nails into wood. It weighs 500 grams.

Kinds of hammer:

- The claw hammer also pulls nails out.
- The mallet has a head of rubber.

### Handles

A handle is made of ash or hickory.

## Saws

A saw cuts wood along a line. Its teeth are made of steel.
"""


def document(markdown: str, name: str = "tools") -> Document:
    """A document as the reader would give it."""
    parsed = parse_markdown(markdown)
    return Document(
        id=name,
        title=parsed.title,
        path=f"{name}.md",
        media_type="text/markdown",
        language=parsed.metadata.get("language", "en"),
        text=parsed.text,
        sections=parsed.sections,
        blocks=parsed.blocks,
        digest="0" * 64,
    )


def pieces(text: str) -> int:
    """Tokens of a cheap tokenizer that also breaks long words: up to four letters each, signs alone."""
    return len(re.findall(r"\w{1,4}|[^\w\s]", text))


def passages(
    markdown: str, limit: int = PASSAGE_TOKENS, count_tokens: Callable[[str], int] = pieces
) -> tuple[Passage, ...]:
    """The passages of a text."""
    return cut(document(markdown), count_tokens, limit)


def ingredients(*markdown: str) -> Ingredients:
    """What a generation of these documents is made of; the first is called tools, the next ones tools-2 and so on."""
    names = ["tools", *(f"tools-{number}" for number in range(2, len(markdown) + 1))]
    documents = tuple(document(text, name) for text, name in zip(markdown, names, strict=True))
    found = tuple(passage for each in documents for passage in cut(each, pieces))
    stored = Stored(documents=documents, passages=found)
    return Ingredients(stored=stored, skipped=(), recipe="test", precision="float32", measured_seconds={})


def write_tools(folder: Path, *markdown: str, embedder: Embedder | None = None) -> None:
    """Writes a sealed generation of these documents into a folder that does not exist yet."""
    embedder = embedder or BagOfWordsEmbedder()
    made_of = ingredients(*(markdown or (TOOLS,)))
    write_generation(folder, made_of, embedder, {}, ignore)
    seal(folder, made_of, embedder)


def rewrite(folder: Path, *markdown: str, embedder: Embedder, known: Known) -> int:
    """As `write_tools`, with vectors to use again; how many texts were embedded."""
    made_of = ingredients(*markdown)
    embedded = write_generation(folder, made_of, embedder, known, ignore)
    seal(folder, made_of, embedder)
    return embedded


def built(folder: Path, *markdown: str) -> Generation:
    """An open generation of these documents."""
    write_tools(folder, *markdown)
    return Generation(folder)


def published(folder: Path, write: Write, keep: int = 3) -> Path:
    """A generation that is filled by `write` and made the live one."""
    with writing(folder):
        return publish(folder, write, keep)


def live_texts(index: Path) -> tuple[str, ...] | str:
    """The reading texts of the live generation; in words what is wrong where it is damaged or there is none."""
    folder = current(index)
    if folder is None:
        return "nothing"
    try:
        verify(folder)
    except DamagedIndexError as error:
        return str(error)
    return tuple(each["text"] for each in json.loads((folder / "corpus.json").read_bytes())["documents"])


def ignore(what: str, share: float) -> None:
    """Progress that nobody looks at."""
    del what, share


def flip_byte(path: Path, at: int | None = None) -> None:
    """Inverts one byte of a file, the middle one unless told otherwise."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2 if at is None else at] ^= 0xFF
    path.write_bytes(content)


def _pointer(content: bytes) -> Callable[[Path], object]:
    return lambda index: (index / "CURRENT").write_bytes(content)


def _instead(make: Callable[[Path], object]) -> Callable[[Path], object]:
    def spoil(index: Path) -> None:
        (index / "CURRENT").unlink()
        make(index / "CURRENT")

    return spoil


POINTERS: dict[str, Callable[[Path], object]] = {
    "missing": _instead(lambda path: None),
    "empty": _pointer(b""),
    "to nowhere": _pointer(b"gen-000099"),
    "out and in": _pointer(b"../index/gen-000001"),
    "out": _pointer(b"../../etc"),
    "absolute": _pointer(b"/etc"),
    "the folder itself": _pointer(b"."),
    "no text": _pointer(b"\xff\xfe"),
    "endless": _pointer(b"gen-000001" * 100_000),
    "a link": _instead(lambda path: path.symlink_to(path.parent / "gen-000001" / "manifest.json")),
    "a link to itself": _instead(lambda path: path.symlink_to(path)),
    "a folder": _instead(lambda path: path.mkdir()),
    "a pipe": _instead(os.mkfifo),
}
"""What may have become of CURRENT, by name."""
