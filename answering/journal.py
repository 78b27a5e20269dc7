"""What visitors thought of answers, and what they asked in vain: lines of two files that never leave this machine.

The files belong to whoever runs the app; nothing else reads them. Knows nothing of pages.
"""

import logging
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

from filelock import FileLock, Timeout
from pydantic import ValidationError

from answering.answer import Answer, Status
from ingest.documents import Frozen
from ingest.errors import GuideError

RATINGS: Final = "ratings.jsonl"
GAPS: Final = "gaps.jsonl"
LARGEST_FILE: Final = 20_000_000
"""Bytes; some 50,000 lines. What comes after is not kept, so that a flood of questions fills no disk."""
LONGEST_WORD: Final = 1_000
"""Characters of a visitor's own words that are kept."""
PATIENCE_SECONDS: Final = 2.0
"""How long a line may wait for another process that writes."""
_log = logging.getLogger(__name__)


class Rating(Frozen):
    """What one visitor thought of one answer."""

    id: str
    """Of the answer as it was shown; a later line with the same id replaces the earlier one."""
    at: datetime
    question: str
    standalone_question: str
    status: Status
    confidence: float
    sections: tuple[str, ...]
    good: bool
    word: str = ""


class Gap(Frozen):
    """A question that the guide was searched for and did not answer."""

    at: datetime
    question: str
    """Standalone."""
    status: Status
    confidence: float
    missing: str | None
    sections: tuple[str, ...]
    """Nearest ones, best first."""


Line = TypeVar("Line", Rating, Gap)


class Journal:
    """Both files of one folder, which is made when there is something to keep. Thread-safe, and process-safe."""

    def __init__(self, folder: Path) -> None:
        """Takes the folder."""
        self.folder = folder

    def rate(self, token: str, answer: Answer, *, good: bool, word: str = "") -> None:
        """Keeps what a visitor thought of an answer; `token` tells this answer from all others.

        Raises:
            GuideError: it cannot be kept.
        """
        self._append(
            RATINGS,
            Rating(
                id=token, at=_now(), question=answer.question, standalone_question=answer.standalone_question,
                status=answer.status, confidence=answer.confidence, good=good, word=word.strip()[:LONGEST_WORD],
                sections=_sections(answer),
            ),
        )  # fmt: skip

    def note(self, answer: Answer) -> None:
        """Keeps the question of an answer that was none; a file that cannot be written is logged, not raised."""
        if answer.status is Status.ANSWERED or not answer.nearest:
            return
        gap = Gap(
            at=_now(), question=answer.standalone_question, status=answer.status, confidence=answer.confidence,
            missing=answer.missing, sections=_sections(answer),
        )  # fmt: skip
        try:
            self._append(GAPS, gap)
        except GuideError as error:
            _log.warning("an unanswered question was not kept: %s", error)

    def ratings(self) -> tuple[Rating, ...]:
        """All ratings, oldest first, of each answer the last one.

        Raises:
            GuideError: the file cannot be read.
        """
        latest = {each.id: each for each in self._lines(RATINGS, Rating)}
        return tuple(sorted(latest.values(), key=lambda each: each.at))

    def gaps(self) -> tuple[Gap, ...]:
        """All unanswered questions, oldest first.

        Raises:
            GuideError: the file cannot be read.
        """
        return tuple(self._lines(GAPS, Gap))

    def forget(self) -> None:
        """Deletes both files.

        Raises:
            GuideError: one cannot be deleted.
        """
        for name in (RATINGS, GAPS):
            try:
                (self.folder / name).unlink(missing_ok=True)
            except OSError as error:
                what = f"{self.folder / name} cannot be deleted ({error.strerror})"
                raise GuideError(f"{what}: check the folder's rights") from error

    def _append(self, name: str, line: Rating | Gap) -> None:
        file = self.folder / name
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with FileLock(self.folder / f".{name}.lock", timeout=PATIENCE_SECONDS):
                if file.exists() and file.stat().st_size > LARGEST_FILE:
                    raise GuideError(f"{file} has grown beyond {LARGEST_FILE:,} bytes: read it and delete it")
                handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
                with os.fdopen(handle, "ab") as out:
                    out.write(_ended(file) + line.model_dump_json().encode() + b"\n")
        except Timeout as error:
            raise GuideError(f"{file} is being written by another process: try again") from error
        except OSError as error:
            raise GuideError(f"{file} cannot be written ({error.strerror}): check the folder's rights") from error

    def _lines(self, name: str, kind: type[Line]) -> Sequence[Line]:
        file = self.folder / name
        try:
            lines = file.read_bytes().split(b"\n") if file.exists() else []
        except OSError as error:
            raise GuideError(f"{file} cannot be read ({error.strerror}): check its rights") from error
        found = []
        for number, line in enumerate(lines, 1):
            try:
                if line.strip():
                    found.append(kind.model_validate_json(line))
            except ValidationError:  # cut off by a crash, or edited by hand
                _log.warning("%s, line %d cannot be used and is passed over", file, number)
        return found


def _ended(file: Path) -> bytes:
    """A line end where the last line, cut off by a crash, has none."""
    with file.open("rb") as opened:
        if opened.seek(0, os.SEEK_END) == 0:
            return b""
        opened.seek(-1, os.SEEK_END)
        return b"" if opened.read(1) == b"\n" else b"\n"


def _sections(answer: Answer) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.section for each in (*answer.citations, *answer.nearest)))


def _now() -> datetime:
    return datetime.now(UTC)
