"""Reads a content folder: files in, documents out, with a reason for each file that is left out.

Knows nothing of passages or search. Never writes.
"""

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from ingest.documents import Corpus, Document, Skipped
from ingest.errors import GuideError
from ingest.parsers import PARSERS
from ingest.parsers.outline import slug

MAX_FILE_BYTES = 20_000_000
"""A guide is prose: the longest book of the field has 5 MB of text."""
NOT_GUIDES = frozenset({"glossary.yaml", "glossary.yml"})
"""Files of a content folder that are read by others."""
NOT_GUIDE_FOLDERS = frozenset({"questions"})


def read_corpus(folder: Path) -> Corpus:
    """Every guide under the folder, in the order of their paths.

    Raises:
        GuideError: the folder is missing, unreadable, or nothing in it could be read.
    """
    documents: list[Document] = []
    skipped: list[Skipped] = []
    taken: dict[str, str] = {}
    for path in _files(folder, skipped):
        name = path.relative_to(folder).as_posix()
        try:
            document = read_document(path, name)
        except GuideError as error:
            skipped.append(Skipped(path=_printable(name), reason=str(error)))
            continue
        if document.id in taken:
            reason = f"has the same id as {taken[document.id]} ({document.id}): rename one of the two"
            skipped.append(Skipped(path=_printable(name), reason=reason))
            continue
        taken[document.id] = name
        documents.append(document)
    if not documents:
        raise GuideError(_nothing(folder, skipped))
    return Corpus(documents=tuple(documents), skipped=tuple(sorted(skipped, key=lambda each: each.path)))


def read_document(path: Path, name: str) -> Document:
    """One file as a document; `name` is its path relative to the content folder.

    Raises:
        GuideError: with the reason, ready to stand behind the file's name.
    """
    ending = path.suffix.lower()
    if ending not in PARSERS:
        raise GuideError(f"no parser for {ending or 'a file without ending'}; known: {', '.join(sorted(PARSERS))}")
    content = _bytes(path)
    form = PARSERS[ending]
    source = content if form.binary else _decoded(content)
    if not source.strip():
        raise GuideError("is empty: nothing to read")
    parsed = form.parse(source)
    if not parsed.text:
        raise GuideError("holds no text that can be read")
    return Document(
        id="/".join(slug(part) for part in Path(name).with_suffix("").parts),
        title=parsed.title or Path(name).stem,
        path=_printable(name),
        media_type=form.media_type,
        language=parsed.metadata.get("language", "en")[:2].lower(),
        metadata=dict(parsed.metadata),
        text=parsed.text,
        sections=parsed.sections,
        blocks=parsed.blocks,
        digest=hashlib.sha256(content).hexdigest(),
        flags=parsed.flags,
    )


def _files(folder: Path, skipped: list[Skipped]) -> Iterator[Path]:
    if not folder.is_dir():
        raise GuideError(f"no folder of guides at {folder}: create it, or name another with --content")
    if not os.access(folder, os.R_OK | os.X_OK):
        raise GuideError(f"the folder of guides {folder} cannot be read: check its permissions")

    def unreadable(error: OSError) -> None:
        reason = f"folder cannot be read ({error.strerror})"
        skipped.append(Skipped(path=_printable(os.path.relpath(error.filename, folder)), reason=reason))

    for root, folders, names in os.walk(folder, onerror=unreadable):
        left_out = NOT_GUIDE_FOLDERS if Path(root) == folder else frozenset[str]()
        folders[:] = sorted(each for each in folders if not each.startswith(".") and each not in left_out)
        for name in sorted(names):
            if not name.startswith(".") and name not in NOT_GUIDES:
                yield Path(root) / name


def _bytes(path: Path) -> bytes:
    try:
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            raise GuideError("is a link: put the file itself into the folder")
        if not stat.S_ISREG(status.st_mode):
            raise GuideError("is not a regular file")
        if status.st_size > MAX_FILE_BYTES:
            raise GuideError(f"has {status.st_size:,} bytes, more than {MAX_FILE_BYTES:,}: split it")
        return path.read_bytes()
    except OSError as error:
        raise GuideError(f"cannot be read ({error.strerror}): check its permissions") from error


def _decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise GuideError(f"is not UTF-8 (byte {error.start + 1}): save it as UTF-8") from error
    if "\0" in text:
        raise GuideError("holds NUL bytes: not a text file")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _nothing(folder: Path, skipped: list[Skipped]) -> str:
    if not skipped:
        return f"no guides in {folder}: put a Markdown or text file there"
    reasons = "; ".join(f"{each.path} {each.reason}" for each in skipped[:3])
    return f"none of the {len(skipped)} files in {folder} could be read: {reasons}"


def _printable(name: str) -> str:
    return name.encode("utf-8", "backslashreplace").decode() if name.isprintable() else ascii(name)[1:-1]
