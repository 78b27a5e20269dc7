"""Which collections on a Chroma server belong to which generation of an index, and which of them nobody needs any more.

A generation says in a file of its own what its collections are called. What an index has ever begun to upload stands
in a ledger beside its generations, from before the first record is sent until the collections are gone again.
"""

import logging
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from ingest.documents import Frozen
from retrieval.connecting import Server
from retrieval.server import ServerStore
from retrieval.store import DEADLINE_SECONDS, StoreError

UPLOAD: Final = "server.json"
LEDGER: Final = "uploads"
PREFIX: Final = "skill-guide"
_log = logging.getLogger(__name__)


class Chroma(Frozen):
    """Where vectors are searched: in a folder of the generation, or on a server."""

    deadline: float = DEADLINE_SECONDS
    """Seconds that an answer may take."""
    server: Server | None = None


class Upload(Frozen):
    """Where a generation's vectors went."""

    base: str
    """What the names of its collections begin with."""


def read_upload(generation: Path) -> Upload | None:
    """Where the vectors of a generation went, if it was made for a server."""
    path = generation / UPLOAD
    return Upload.model_validate_json(path.read_bytes()) if path.is_file() else None


def plan_upload(generation: Path, content: str, server: Server) -> Upload:
    """Names the collections of a generation that is being written, and notes them down before there are any.

    The names are this build's alone: other indexes on the same server may hold the same guides.

    Args:
        generation: its folder in the index.
        content: digest of its vectors and ids.
        server: where they will go.
    """
    name = generation.name.partition(".")[0]
    upload = Upload(base=f"{PREFIX}-{name}-{content[:12]}-{secrets.token_hex(4)}")
    noted = [*_ledger(generation.parent), (server.shown, upload.base)]
    _write_ledger(generation.parent, noted)
    (generation / UPLOAD).write_text(upload.model_dump_json(), encoding="utf-8")
    return upload


def clear_uploads(index: Path, chroma: Chroma) -> None:
    """Removes the collections of generations that are gone; only to be called by the one writer of the index.

    A generation that somebody reads is still there, so its collections stay. A server that does not answer is asked
    the next time.
    """
    noted = _ledger(index)
    if chroma.server is None or not noted:
        return
    kept = {upload.base for path in index.glob("gen-*") if (upload := _upload_of(path))}
    gone = [base for shown, base in noted if shown == chroma.server.shown and base not in kept]
    if not gone:
        return
    store = ServerStore(chroma.server, PREFIX, chroma.deadline)
    try:
        store.clear(gone)
    except StoreError as error:
        _log.warning("old collections stay for now: %s", error)
        return
    finally:
        store.close()
    _write_ledger(index, [each for each in noted if each[0] != chroma.server.shown or each[1] in kept])


def _upload_of(generation: Path) -> Upload | None:
    with suppress(OSError, ValueError):
        return read_upload(generation)
    return None


def _ledger(index: Path) -> list[tuple[str, str]]:
    """Server and base of every upload that may have left something there."""
    try:
        lines = (index / LEDGER).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    split = (line.rpartition(" ") for line in lines)
    return [(shown, base) for shown, _, base in split if shown and base.startswith(f"{PREFIX}-")]


def _write_ledger(index: Path, noted: list[tuple[str, str]]) -> None:
    draft = index / f"{LEDGER}.tmp"
    with draft.open("w", encoding="utf-8") as file:
        file.writelines(f"{shown} {base}\n" for shown, base in noted)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(index / LEDGER)
