"""What a generation of the index says of itself, and the check that it is whole. Knows nothing of search."""

import hashlib
import json
import time
from pathlib import Path

from ingest.documents import Frozen, Skipped
from retrieval.embedder import Precision, file_sha256
from retrieval.store import DATABASE as CHROMA_DATABASE
from retrieval.store import StoreError, content_digest

FORMAT = 2
"""Goes up when a generation is laid out differently."""
MANIFEST = "manifest.json"
CORPUS = "corpus.json"
CHROMA = "chroma"
DATABASE = f"{CHROMA}/{CHROMA_DATABASE}"
SETTLED_NANOSECONDS = 1_000_000_000
"""A file that was changed less than this ago may change again without its time changing."""
MOST_KNOWN = 10_000
_known: dict[tuple[int, ...], str] = {}


class Source(Frozen):
    """A document that went into the index."""

    id: str
    path: str
    digest: str


class Manifest(Frozen):
    """Everything that must agree before a generation may answer."""

    format: int
    created: str
    """UTC, ISO 8601."""
    model: str
    fingerprint: str
    precision: Precision
    measured_seconds: dict[str, float]
    """Seconds that a sample took in each number format when the precision was chosen."""
    dimensions: int
    recipe: str
    """Everything else that it depends on, in words: versions of what reads and cuts, glossary, bank, weights."""
    sources: tuple[Source, ...]
    skipped: tuple[Skipped, ...]
    passages: int
    sentences: int
    files: dict[str, str]
    """Relative path to SHA-256 of every file of the generation; the database's is over its rows."""
    checksum: str = ""
    """SHA-256 of the manifest itself, without this line."""


class DamagedIndexError(Exception):
    """A generation is not what its manifest says."""


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a generation but the manifest, by relative path.

    Raises:
        DamagedIndexError: a file cannot be read.
    """
    try:
        return {
            path.relative_to(folder).as_posix(): _digest(folder, path)
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.name != MANIFEST and not path.name.startswith(f"{CHROMA_DATABASE}-")
        }
    except (OSError, StoreError) as error:
        raise DamagedIndexError(f"{folder.name}: {' '.join(str(error).split())}") from error


def _digest(folder: Path, path: Path) -> str:
    """Of a file that has not changed since this process last read it, the digest of then."""
    before = _state(path)
    known = _known.get(before)
    if known is not None:
        return known
    digest = _digest_now(folder, path)
    if time.time_ns() - max(before[-2:]) > SETTLED_NANOSECONDS and _state(path) == before:
        if len(_known) > MOST_KNOWN:
            _known.clear()
        _known[before] = digest
    return digest


def _state(path: Path) -> tuple[int, ...]:
    found = path.stat()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _digest_now(folder: Path, path: Path) -> str:
    if path == folder / DATABASE:
        return content_digest(path)
    return file_sha256(path)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Writes the manifest with its checksum."""
    (folder / MANIFEST).write_bytes(_signed(manifest))


def _signed(manifest: Manifest) -> bytes:
    """The manifest as its file holds it, byte for byte."""
    bare = manifest.model_copy(update={"checksum": ""}).model_dump_json(indent=1)
    checksum = hashlib.sha256(bare.encode()).hexdigest()
    return manifest.model_copy(update={"checksum": checksum}).model_dump_json(indent=1).encode()


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a generation, without checking the other files.

    Raises:
        DamagedIndexError: it is missing, damaged or of another format.
    """
    try:
        content = (folder / MANIFEST).read_bytes()
        stated = json.loads(content)
        number = stated.get("format") if isinstance(stated, dict) else None
        if isinstance(number, int) and number != FORMAT:
            raise DamagedIndexError(f"{folder.name}: made by another version (format {number}, here {FORMAT})")
        manifest = Manifest.model_validate_json(content)
    except (OSError, ValueError, RecursionError) as error:
        raise DamagedIndexError(f"{folder.name}: the manifest cannot be read") from error
    if _signed(manifest) != content:
        raise DamagedIndexError(f"{folder.name}: the manifest is damaged")
    return manifest


def verify(folder: Path) -> Manifest:
    """The manifest of a generation whose every file is as it was written.

    Raises:
        DamagedIndexError: with the file that is not.
    """
    manifest = read_manifest(folder)
    found = digests(folder)
    for name in sorted(manifest.files.keys() | found.keys()):
        if found.get(name) != manifest.files.get(name):
            what = "is missing" if name not in found else "is damaged" if name in manifest.files else "does not belong"
            raise DamagedIndexError(f"{folder.name}: {name} {what}")
    return manifest
