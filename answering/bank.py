"""The question bank of a guide: labelled questions, one JSON object a line. Knows nothing of models.

Format: `{"id", "question", "turns": [earlier questions], "kind", "answerable", "sections": [ids], "voice", "facts":
[[alternative, ...], ...], "missing"}`. `facts` are groups of alternatives, one of each of which an answer must hold;
`missing` is what the guide lacks where the question cannot be answered.
"""

import hashlib
import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError, model_validator

from ingest.documents import Frozen
from ingest.errors import GuideError

FOLDER = "questions"


class BankedQuestion(Frozen):
    """One labelled question."""

    id: str
    question: str
    turns: tuple[str, ...] = ()
    kind: str
    answerable: bool
    sections: tuple[str, ...] = ()
    voice: str = ""
    facts: tuple[tuple[str, ...], ...] = ()
    missing: str | None = None

    @model_validator(mode="after")
    def _complete(self) -> "BankedQuestion":
        if self.answerable and not (self.sections and self.facts):
            raise ValueError("an answerable question needs its sections and facts")
        return self


def read_bank(content: Path) -> tuple[BankedQuestion, ...]:
    """All questions of the bank beside the guides, files in order of their names; empty where there is none.

    Raises:
        GuideError: a line cannot be used; names file and line.
    """
    folder = content / FOLDER
    files = sorted(folder.glob("*.jsonl")) if folder.is_dir() else []
    return tuple(question for file in files for question in read_questions(file))


def read_questions(file: Path) -> tuple[BankedQuestion, ...]:
    """The questions of one file.

    Raises:
        GuideError: a line cannot be used; names file and line.
    """
    return _parsed(file.name, _text(file))


def numbered_lines(file: Path) -> Iterator[tuple[int, str]]:
    """The lines of a file that hold anything, with their numbers from 1.

    Raises:
        GuideError: the file cannot be read.
    """
    return _numbered(_text(file))


@lru_cache(maxsize=64)
def _parsed(name: str, text: str) -> tuple[BankedQuestion, ...]:
    """The questions of a file, which is read several times for one build."""
    found: list[BankedQuestion] = []
    for number, line in _numbered(text):
        try:
            found.append(question_of(line))
        except GuideError as error:
            raise GuideError(f"{name}, line {number}: {error}") from error
    return tuple(found)


def _numbered(text: str) -> Iterator[tuple[int, str]]:
    lines = text.split("\n")  # U+2028 is no end of line
    return ((number, line) for number, line in enumerate(lines, 1) if line.strip())


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise GuideError(f"{file.name} cannot be read as UTF-8 text: {error}") from error


def question_of(line: str) -> BankedQuestion:
    """The question that a line holds.

    Raises:
        GuideError: the line cannot be used; says why, not where.
    """
    try:
        return BankedQuestion.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise GuideError(f"{where + ': ' if where else ''}{first['msg']}") from error


def line_of(question: str, sections: tuple[str, ...], missing: str | None) -> str:
    """A question that the guide does not answer, as a line for its bank."""
    line = BankedQuestion(
        id=f"asked-{hashlib.sha256(question.encode()).hexdigest()[:10]}", question=question, kind="near_miss",
        answerable=False, sections=sections, missing=missing,
    )  # fmt: skip
    return json.dumps(line.model_dump(mode="json"), ensure_ascii=False)
