"""Batches of the terminal: JSON lines in, JSON lines out, in the same order. Knows nothing of what is asked."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from ingest.documents import Frozen
from ingest.errors import GuideError


class Line(BaseModel):
    """A line of a batch; unknown fields are ignored."""

    id: str | int


L = TypeVar("L", bound=Line)


class BatchError(Frozen):
    """What a line of a batch becomes that could not be used."""

    id: str | int | None
    error: str


def run_batch(source: Path, target: Path, kind: type[L], done: Callable[[L], BaseModel]) -> None:
    """Writes for each line what it gives, with its id; a line that cannot be used becomes an error.

    Args:
        source: JSON lines.
        target: is written anew.
        kind: what a line is.
        done: what a line gives; its GuideError becomes the line's error.

    Raises:
        GuideError: a file cannot be read or written, or both are the same, whose questions would be lost.
    """
    if source.resolve() == target.resolve():
        raise GuideError(f"{target} is the file that is read, and would be lost: name another one with --out")
    try:
        lines = source.read_text(encoding="utf-8", errors="replace").split("\n")  # U+2028 is no end of line
    except OSError as error:
        raise GuideError(f"{source} cannot be read ({error.strerror}): check the path") from error
    try:
        with target.open("w", encoding="utf-8") as out:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    out.write(_result(number, line, kind, done) + "\n")
    except OSError as error:
        raise GuideError(f"{target} cannot be written ({error.strerror}): check the path") from error


def _result(number: int, line: str, kind: type[L], done: Callable[[L], BaseModel]) -> str:
    try:
        asked = kind.model_validate_json(line)
        found = done(asked).model_dump(mode="json")
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        return _failed(_id_of(line), f"line {number}: {where + ': ' if where else ''}{first['msg']}")
    except GuideError as error:
        return _failed(asked.id, f"line {number}: {error}")
    return json.dumps({**found, "id": asked.id}, ensure_ascii=False)


def _failed(name: str | int | None, reason: str) -> str:
    # Not `model_dump_json`: an id may be half a character, which only an escape can hold.
    return json.dumps(BatchError(id=name, error=reason).model_dump())


def _id_of(line: str) -> str | int | None:
    try:
        found = json.loads(line).get("id")
    except (ValueError, AttributeError, RecursionError):
        return None
    return found if isinstance(found, str | int) else None
