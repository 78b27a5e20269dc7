"""Takes files that come in from outside (uploads, downloads) into a content folder under harmless names.

Writes nothing but the one file it is asked for, and never over another. Knows nothing of networks or pages.
"""

import contextlib
import os
import re
import secrets
import unicodedata
from pathlib import Path
from typing import Final

from ingest.cleaning import without_hidden
from ingest.documents import Frozen
from ingest.errors import GuideError
from ingest.kinds import ending_by_content, foreign, holds_pdf
from ingest.parsers import PARSERS
from ingest.reader import NOT_GUIDES

MAX_ARRIVAL_BYTES: Final = 25_000_000
"""As much as the server takes for one upload; a guide of prose is far smaller."""
MAX_NAME_BYTES: Final = 120
"""File systems allow 255; the rest is for what tools add to a name."""
SHOWN: Final = 80
"""Characters of a hopeless name that its message repeats."""
_SPLIT: Final = re.compile(r"[/\\]")
_FORBIDDEN: Final = re.compile(r'[<>:"|?*%\x00-\x1f\x7f]+')
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_DEVICES: Final = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)[0-9¹²³])", re.IGNORECASE)
"""Names that Windows gives to devices, in every folder and with any ending."""


class Arrival(Frozen):
    """A file that was taken in."""

    name: str
    """Its name in the content folder."""
    bytes: int
    was_there: bool = False
    """Whether the same file, byte for byte, lay there already under that name."""


def safe_name(name: str) -> str:
    """The last part of a path as a name that is a plain visible file on every system, its known ending in lower case.

    Raises:
        GuideError: nothing is left of it, or it ends in no known format.
    """
    last = _SPLIT.split(name)[-1]
    last = last.rsplit(":", 1)[-1] if re.match(r"[A-Za-z]:", last) else last  # C:name has no slash
    shown = without_hidden(unicodedata.normalize("NFC", last))
    visible = "".join(sign for sign in shown if unicodedata.category(sign) not in _INVISIBLE)
    plain = " ".join(_FORBIDDEN.sub("-", visible).split()).strip(". ")
    stem, ending = Path(plain).stem, Path(plain).suffix.lower()
    if ending not in PARSERS:
        raise GuideError(f"{name[:SHOWN]!a} has no ending of a known format: {', '.join(sorted(PARSERS))}")
    stem = stem.strip(". -_") and stem.strip(". ")
    if not stem:
        raise GuideError(f"{name[:SHOWN]!a} is no name for a file: rename it")
    if _DEVICES.fullmatch(stem.split(".")[0].strip()):
        stem = f"_{stem}"
    room = MAX_NAME_BYTES - len(ending)
    stem = stem.encode("utf-8", "ignore")[:room].decode("utf-8", "ignore").rstrip(". ")
    return stem + ending


def take_in(folder: Path, name: str, content: bytes) -> Arrival:
    """Stores a file in the content folder under a safe name; one that is there already is never changed.

    Raises:
        GuideError: too large, empty, not what its ending says, the name is taken, or the folder cannot be written to.
    """
    chosen = safe_name(name)
    _check(chosen, content)
    target = folder / chosen
    try:
        if os.path.lexists(target):
            return _there_already(target, content)
        _write_new(target, content)
    except FileExistsError:
        return _there_already(target, content)
    except OSError as error:
        raise GuideError(f"{chosen} cannot be stored in {folder} ({error.strerror}): check its permissions") from error
    return Arrival(name=chosen, bytes=len(content))


def _check(name: str, content: bytes) -> None:
    if name.lower() in NOT_GUIDES:
        raise GuideError(f"{name} is no guide: put it into the folder by hand")
    if len(content) > MAX_ARRIVAL_BYTES:
        raise GuideError(f"{name} has {len(content):,} bytes, more than {MAX_ARRIVAL_BYTES:,}: split it")
    if not content.strip():
        raise GuideError(f"{name} is empty: nothing to read")
    if (what := foreign(content)) is not None:
        raise GuideError(f"{name} is {what}")
    said, is_a = Path(name).suffix, ending_by_content(content)
    told = is_a is None or PARSERS.get(is_a) == PARSERS.get(said) is not None
    binary = PARSERS[said].binary and said not in {".html", ".htm", ".xhtml"}
    if not told or (binary and is_a is None and not (said == ".pdf" and holds_pdf(content))):
        raise GuideError(f"{name} is not what its ending says{f', but {is_a}' if is_a else ''}: rename it")


def _there_already(target: Path, content: bytes) -> Arrival:
    if not target.is_symlink() and target.is_file() and target.stat().st_size == len(content):
        with contextlib.suppress(OSError):
            if target.read_bytes() == content:
                return Arrival(name=target.name, bytes=len(content), was_there=True)
    raise GuideError(f"{target.name} is there already, with other content: rename one of the two")


def _write_new(target: Path, content: bytes) -> None:
    """Whole or not at all, and never over another: written under a hidden name, which no build reads, then linked."""
    aside = target.with_name(f".{secrets.token_hex(8)}.arriving")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        with os.fdopen(os.open(aside, flags, 0o644), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(aside, target)
    finally:
        aside.unlink(missing_ok=True)
