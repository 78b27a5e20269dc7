"""What may be wrong with a line of a question bank: sections, facts, ids, questions that are asked twice.

Knows a guide as what its sections say, and questions as their vectors.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

import numpy as np
from rapidfuzz.distance import OSA

from answering.bank import BankedQuestion
from answering.precedent import folded
from ingest.documents import Frozen
from retrieval.embedder import Vectors

DUPLICATE_FROM = 0.95
"""Cosine from which two questions are one: typos and another word order stay above it, another subject does not."""
QUOTED = 60
"""Characters of another question that a finding repeats."""
Encode = Callable[[Sequence[str]], Vectors]
"""Texts to unit vectors, shape `(len(texts), dimensions)`."""
Lines = Sequence[tuple[int, BankedQuestion]]
"""Questions with the numbers of their lines."""


class Severity(StrEnum):
    """Whether a line cannot be used as it stands, or may only be made better."""

    ERROR = "error"
    HINT = "hint"


class Finding(Frozen):
    """Something to see to in one line of a bank."""

    line: int
    severity: Severity
    text: str


def held_against(
    number: int, question: BankedQuestion, known: Sequence[str], said: Mapping[str, Sequence[str]]
) -> Iterator[Finding]:
    """Sections that the guide does not have; where it has them all, facts that they do not hold."""
    unknown = [section for section in question.sections if section not in known]
    if unknown:
        texts = [f'no section "{each}" in the guide{_nearest(each, known)}' for each in unknown]
    elif question.answerable:
        absent = [group for group in question.facts if not _holding(group, question.sections, said)]
        texts = [f"{_quoted(group)} is not said in {', '.join(question.sections)}{_elsewhere(group, said)}"
                 for group in absent]  # fmt: skip
    else:
        texts = []
    if not question.question.strip():
        texts.append("question: is empty")
    yield from (Finding(line=number, severity=Severity.ERROR, text=text) for text in texts)


def _holding(group: Sequence[str], sections: Iterable[str], said: Mapping[str, Sequence[str]]) -> list[str]:
    """Those of the sections that say any of a fact's alternatives."""
    facts = [fact for fact in map(folded, group) if fact]
    return [each for each in sections if any(fact in text for text in said.get(each, ()) for fact in facts)]


def _nearest(section: str, known: Sequence[str]) -> str:
    """Compares whole paths and last headings: either may be what was mistyped."""
    last = section.rpartition("/")[2]

    def likeness(other: str) -> float:
        by_heading = OSA.normalized_similarity(last, other.rpartition("/")[2])
        return max(by_heading, OSA.normalized_similarity(section, other))

    return f'; the nearest is "{max(known, key=likeness)}"' if known else ""


def _quoted(group: Sequence[str]) -> str:
    return " or ".join(f'"{each}"' for each in group) or "a fact without words"


def _elsewhere(group: Sequence[str], said: Mapping[str, Sequence[str]]) -> str:
    found = _holding(group, said, said)
    return f"; it is in {', '.join(found[:3])}" if found else ""


def same_ids(lines: Lines) -> Iterator[Finding]:
    """Ids that an earlier line has."""
    first: dict[str, int] = {}
    for number, each in lines:
        if first.setdefault(each.id, number) != number:
            yield Finding(line=number, severity=Severity.HINT, text=f'id "{each.id}" is that of line {first[each.id]}')


def alike(lines: Lines, encode: Encode) -> Iterator[Finding]:
    """Each question that repeats an earlier one, alone and with the questions before it in its conversation."""
    if not lines:
        return
    texts = [(each.question, " ".join([*each.turns, each.question])) for _, each in lines]
    row_of = {text: row for row, text in enumerate(dict.fromkeys(text for both in texts for text in both))}
    vectors = encode(list(row_of))
    alone, whole = (vectors[[row_of[both[which]] for both in texts]] for which in (0, 1))
    answerable = np.array([each.answerable for _, each in lines])
    for row in range(1, len(lines)):
        likeness = alone[:row] @ alone[row]
        near = np.flatnonzero(likeness >= DUPLICATE_FROM)
        likeness = np.minimum(likeness[near], whole[near] @ whole[row])
        contrary = answerable[near] != answerable[row]
        for severity, of_kind in ((Severity.ERROR, contrary), (Severity.HINT, ~contrary)):
            found = [(float(one), int(at)) for one, at in zip(likeness[of_kind], near[of_kind], strict=True)]
            if found and max(found)[0] >= DUPLICATE_FROM:
                yield _repeated(lines[row][0], *lines[max(found)[1]], severity)


def _repeated(number: int, other: int, asked: BankedQuestion, severity: Severity) -> Finding:
    shown = asked.question if len(asked.question) <= QUOTED else asked.question[:QUOTED] + "…"
    if severity is Severity.HINT:
        return Finding(line=number, severity=severity, text=f'asks the same as line {other}, "{shown}"')
    label = "answerable" if asked.answerable else "not answerable"
    text = f'asks the same as line {other}, "{shown}", which is labelled {label}: one of the two is wrong'
    return Finding(line=number, severity=severity, text=text)
