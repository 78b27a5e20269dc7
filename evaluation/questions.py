"""Reads question files, in the open format and in the format of the project's bank, into one type.

Knows nothing of answers.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from pydantic import ConfigDict, Field, ValidationError

from answering.bank import BankedQuestion
from ingest.documents import Frozen
from ingest.errors import GuideError

SECTION_NAMES: Final = "sections.json"
"""Beside a file in the open format: its short section ids with the headings that they stand for."""
Alternatives = tuple[str, ...]
"""Strings of which one is enough."""


class GoldSection(Frozen):
    """A section that answers: known by its heading, or by its id where no heading is given."""

    id: str
    heading: str | None = None


class Question(Frozen):
    """A labelled question, whichever format it came in."""

    id: str
    question: str
    turns: tuple[str, ...] = ()
    """Earlier questions of the same conversation, oldest first."""
    kind: str
    answerable: bool
    sections: tuple[GoldSection, ...] = ()
    facts: tuple[Alternatives, ...] = ()
    """Groups of strings; a full answer contains one string of every group."""
    forbidden: tuple[str, ...] = ()
    """Strings that the answer must not contain."""
    missing: str | None = None
    """What the guide lacks, for a question that it does not answer."""


class OpenQuestion(Frozen):
    """A line of the open format; `sections` are short ids. Fields that it does not know are ignored."""

    model_config = ConfigDict(extra="ignore")

    id: str = Field(min_length=1)
    question: str
    turns: tuple[str, ...] = ()
    kind: str = Field(min_length=1)
    answerable: bool
    sections: tuple[str, ...] = ()
    must: tuple[Alternatives, ...]
    must_not: tuple[str, ...] = ()
    note: str = ""


def load_questions(path: Path) -> tuple[Question, ...]:
    """The questions of a file, or of every `.jsonl` file of a folder, in order.

    Raises:
        GuideError: there is none, or a line cannot be used; names the file and the line.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    questions = tuple(question for file in files for question in _questions(file))
    if not questions:
        raise GuideError(f"no questions in {path}: files that end in .jsonl are expected, one JSON object a line")
    twice = [name for name, times in Counter(each.id for each in questions).items() if times > 1]
    if twice:
        raise GuideError(f"{path} has the id {twice[0]} more than once: give each question its own")
    return questions


def _questions(path: Path) -> Iterator[Question]:
    text = _text(path)
    names = _section_names(path.with_name(SECTION_NAMES))
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            yield _question(line, names)
        except GuideError as error:
            raise GuideError(f"{path}, line {number}: {error}") from None


def _question(line: str, names: Mapping[str, str] | None) -> Question:
    read = _parsed(line)
    facts = read.must if isinstance(read, OpenQuestion) else read.facts
    if not all(group and all(group) for group in facts):
        raise GuideError("a group of facts is empty, so that nothing or everything would fulfil it")
    if isinstance(read, OpenQuestion):
        sections = tuple(_named(each, names) for each in read.sections)
        forbidden, missing = read.must_not, None
    else:
        sections = tuple(GoldSection(id=each) for each in read.sections)
        forbidden, missing = (), read.missing
    return Question(
        id=read.id, question=read.question, turns=read.turns, kind=read.kind, answerable=read.answerable,
        sections=sections, facts=facts, forbidden=forbidden, missing=missing,
    )  # fmt: skip


def _parsed(line: str) -> OpenQuestion | BankedQuestion:
    try:
        fields = json.loads(line)
    except json.JSONDecodeError as error:
        raise GuideError(f"not JSON ({error.msg}, column {error.colno})") from None
    if not isinstance(fields, dict) or not {"must", "facts"} & fields.keys():
        raise GuideError('not a labelled question: it has neither "must" (open format) nor "facts" (bank format)')
    try:
        return OpenQuestion.model_validate(fields) if "must" in fields else BankedQuestion.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise GuideError(f"{place}: {first['msg']}" if place else first["msg"]) from None


def _named(short: str, names: Mapping[str, str] | None) -> GoldSection:
    if names is None:
        return GoldSection(id=short)
    if short not in names:
        raise GuideError(f"the section {short!r} is not in {SECTION_NAMES}")
    return GoldSection(id=short, heading=names[short])


def _section_names(path: Path) -> dict[str, str] | None:
    if not path.is_file():
        return None
    try:
        names = json.loads(_text(path))
    except json.JSONDecodeError as error:
        raise GuideError(f"{path} is not JSON ({error.msg}, line {error.lineno})") from None
    if not isinstance(names, dict) or not all(isinstance(name, str) for name in names.values()):
        raise GuideError(f"{path} must be one JSON object of short section ids with their headings")
    return names


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise GuideError(f"{path} cannot be read ({error.strerror}): check the path of the question file") from None
    except UnicodeDecodeError as error:
        raise GuideError(f"{path} is not UTF-8 (byte {error.start + 1}): save it as UTF-8") from None
