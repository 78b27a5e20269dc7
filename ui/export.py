"""Answers and conversations for other programs: Markdown with quotes and places, lines for the question bank, tables.

Knows nothing of Streamlit.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from answering.answer import Answer, Place, Status
from ingest.cleaning import one_line, without_hidden
from ui.sources import HEADING_SEPARATOR, place_name

Titles = Mapping[str, str]
"""Titles of the documents by their ids."""

_MARKER_OR_SPECIAL = re.compile(r"(\[\d+\])(?![(:\[])|([\\`*_<>|~\[\]])")
_LINE_START = re.compile(r"(?m)^(\s*\d*)([#+=.)-])")
_FORMULA: Final = ("=", "+", "-", "@")
"""First characters by which a spreadsheet takes a cell for a formula."""


def answer_markdown(question: str, answer: Answer, titles: Titles) -> str:
    """Question, answer with its markers, and below it each citation: where it stands, its words, its address."""
    parts = [f"**Question:** {literal(' '.join(question.split()))}", _answer_lines(answer.answer)]
    if answer.missing:
        parts.append(f"*The guide does not say:* {literal(answer.missing)}")
    if answer.citations:
        sources = (
            f"[{each.number}] [{_place(each, titles)}]({each.url}):\n> {literal(each.quote, '> ')}"
            for each in answer.citations
        )
        parts += ["**Sources**", *sources]
    elif answer.nearest:
        parts.append("**Nearest sections**\n\n" + "\n".join(f"- {_place(each, titles)}" for each in answer.nearest))
    if note := answer.note:
        text = f"{literal(note.term)}: {literal(note.text)} ({literal(note.source)})"
        parts.append(f"*Note, not from the guide:* {text}")
    return "\n\n".join(parts) + "\n"


def conversation_markdown(answers: Iterable[tuple[str, Answer]], titles: Titles) -> str:
    """A whole conversation, oldest question first."""
    told = [answer_markdown(question, answer, titles) for question, answer in answers]
    return "# Questions to the skill guide\n\n" + "\n---\n\n".join(told)


def bank_lines(answers: Iterable[Answer]) -> str:
    """What the guide was searched for and did not answer, each question once, as lines for its question bank."""
    from answering.bank_check import bank_line

    unanswered = (each for each in answers if each.status is not Status.ANSWERED and each.nearest)
    return "".join(dict.fromkeys(f"{bank_line(each)}\n" for each in unanswered))


def literal(text: str, line_prefix: str = "") -> str:
    """The text as Markdown that means its characters, line by line, and is still good to read unrendered."""
    escaped = _MARKER_OR_SPECIAL.sub(lambda found: found[1] or f"\\{found[2]}", without_hidden(text))
    escaped = _LINE_START.sub(r"\1\\\2", escaped)
    return escaped.replace("\n", f"\n{line_prefix}")


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table for spreadsheets: UTF-8 with a mark by which Excel knows it, each cell a line, none read as a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_cell(each) for each in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _cell(text: str) -> str:
    plain = one_line(text)
    return f"'{plain}" if plain.startswith(_FORMULA) else plain


def _answer_lines(text: str) -> str:
    """Paragraphs parted by blank lines, items that begin with a bullet as a list."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    told = ""
    for before, line in zip(["", *lines], lines, strict=False):
        item = line.startswith("•")
        gap = "" if not told else "\n" if item and before.startswith("•") else "\n\n"
        told += gap + (f"- {literal(line.removeprefix('•').strip())}" if item else literal(line))
    return told


def _place(place: Place, titles: Titles) -> str:
    return literal(HEADING_SEPARATOR.join([titles.get(place.document, place.document), place_name(place)]))
