"""Reads a content folder: files in, documents out, with a reason for each file that is left out.

Knows nothing of passages or search. Never writes. Parsers run in a process of their own (`ingest.sandbox`).
"""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from ingest.decoding import decoded
from ingest.documents import Corpus, Document, Skipped
from ingest.errors import GuideError, StoppedError
from ingest.folder import walk
from ingest.language import language_of
from ingest.parsers import PARSERS
from ingest.parsers.outline import slug
from ingest.sandbox import Sandbox

MAX_TEXT_BYTES: Final = 20_000_000
"""A guide is prose: the longest book of the field has 5 MB of text."""
MAX_FILE_BYTES: Final = 100_000_000
"""Formats that hold pictures are larger; an illustrated manual has 50 MB."""
NOT_GUIDES: Final = frozenset({"glossary.yaml", "glossary.yml"})
"""Files of a content folder that are read by others."""
NOT_GUIDE_FOLDERS: Final = frozenset({"questions"})
_AS_IT_STANDS: Final = frozenset({".txt", ".text", ".md", ".markdown"})
"""Endings of files whose every line may be meant: a parser would take some of an ad's for a menu or a title."""


def read_corpus(folder: Path, known: Mapping[str, Document] | None = None, sandbox: Sandbox | None = None) -> Corpus:
    """Every guide under the folder, in the order of their paths.

    Args:
        folder: the content folder.
        known: documents by path, as the same parsers gave them before; a file of the same bytes is not parsed again.
        sandbox: where to parse; one of its own if not given.

    Raises:
        GuideError: the folder is missing, unreadable, or nothing in it could be read.
    """
    read: list[Document] = []
    skipped: list[Skipped] = []

    def refuse(name: str, reason: str) -> None:
        skipped.append(Skipped(path=printable(name), reason=reason))

    own = sandbox or Sandbox()
    try:
        for found in walk(folder, refuse, _wanted):
            try:
                content = found.read(_most_bytes(_ending(found.name)))
                read.append(_document(content, found.name, own, (known or {}).get(printable(found.name))))
            except StoppedError:
                raise
            except GuideError as error:
                refuse(found.name, str(error))
    finally:
        if sandbox is None:
            own.close()
    if not read:
        raise GuideError(_nothing(folder, skipped))
    documents = _with_own_ids(read)
    return Corpus(documents=documents, skipped=tuple(sorted(skipped, key=lambda each: each.path)))


def document_from(content: bytes, name: str) -> Document:
    """A file's bytes as a document, for what was never stored.

    Raises:
        GuideError: with the reason, ready to stand behind the file's name.
    """
    _ending(name)
    with Sandbox() as sandbox:
        return _document(content, name, sandbox)


def text_of(content: bytes, name: str) -> str:
    """The text of what is no guide, such as a CV: as it stands in a text file, else as the format's parser reads it.

    Raises:
        GuideError: with the reason, ready to stand behind the file's name.
    """
    if Path(name).suffix and _ending(name) not in _AS_IT_STANDS:
        return document_from(content, name).text
    return decoded(content)[0]


def _document(content: bytes, name: str, sandbox: Sandbox, known: Document | None = None) -> Document:
    digest = hashlib.sha256(content).hexdigest()
    own_id = "/".join(slug(part) for part in _without_ending(name))
    if known is not None and known.digest == digest:
        return known.model_copy(update={"id": own_id})
    reading = sandbox.read(content, _ending(name))
    return Document(
        id=own_id, title=reading.title or printable(_without_ending(name)[-1]), path=printable(name),
        media_type=reading.media_type, language=language_of(reading.metadata.get("language", ""), reading.text),
        metadata=reading.metadata, text=reading.text,
        sections=reading.sections, blocks=reading.blocks, digest=digest, flags=reading.flags,
    )  # fmt: skip


def _ending(name: str) -> str:
    ending = Path(name).suffix.lower()
    if ending not in PARSERS:
        shown = printable(ending) or "without ending"
        raise GuideError(f"is of no known format ({shown}); known: {', '.join(sorted(PARSERS))}")
    return ending


def _most_bytes(ending: str) -> int:
    return MAX_FILE_BYTES if PARSERS[ending].binary else MAX_TEXT_BYTES


def _without_ending(name: str) -> tuple[str, ...]:
    return Path(name).with_suffix("").parts


def _wanted(name: str, is_folder: bool) -> bool:
    last = name.rpartition("/")[2]
    if last.startswith("."):
        return False
    return name not in NOT_GUIDE_FOLDERS if is_folder else last not in NOT_GUIDES


def _with_own_ids(documents: Iterable[Document]) -> tuple[Document, ...]:
    """The documents, no two of one id: `guide.md` keeps its own, `guide.pdf` beside it becomes `guide-pdf`.

    The table of formats says who goes first, so that a PDF put beside a Markdown file changes no link to that one.
    """
    order = list(documents)
    rank = {ending: number for number, ending in enumerate(PARSERS)}
    first = sorted(range(len(order)), key=lambda at: rank[Path(order[at].path).suffix.lower()])
    taken: set[str] = set()
    ids: dict[int, str] = {}
    for at in first:
        plain = order[at].id
        chosen, number = plain, 1
        while chosen in taken:
            ending = Path(order[at].path).suffix.lower().removeprefix(".")
            chosen = f"{plain}-{ending}" if number == 1 else f"{plain}-{ending}-{number}"
            number += 1
        taken.add(chosen)
        ids[at] = chosen
    return tuple(
        each if each.id == ids[at] else each.model_copy(update={"id": ids[at]}) for at, each in enumerate(order)
    )


def _nothing(folder: Path, skipped: list[Skipped]) -> str:
    if not skipped:
        return f"no guides in {folder}: put a Markdown or text file there"
    reasons = "; ".join(f"{each.path} {each.reason}" for each in sorted(skipped, key=lambda each: each.path)[:3])
    return f"none of the {len(skipped)} files in {folder} could be read: {reasons}"


def printable(name: str) -> str:
    """A file's name as it may be shown and stored: signs that cannot be printed become escapes."""
    return name.encode("utf-8", "backslashreplace").decode() if name.isprintable() else ascii(name)[1:-1]
