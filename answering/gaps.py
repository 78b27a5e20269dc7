"""Unanswered questions grouped by meaning, so that a guide's author sees what to write next. Knows no files."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from answering.bank import line_of
from answering.journal import Gap
from ingest.documents import Frozen

SAME_MATTER: Final = 0.62
"""Cosine to a group's middle from which a question belongs to it: paraphrases have about 0.8, neighbours 0.5."""

Floats = NDArray[np.floating]


class GapGroup(Frozen):
    """Questions that ask for much the same thing."""

    question: str
    """The one in their middle."""
    asked: int
    """How often any of them was asked."""
    questions: tuple[str, ...]
    """Each wording once, the most frequent first."""
    missing: tuple[str, ...]
    """What the guide was found to lack."""
    sections: tuple[str, ...]
    """Sections that come nearest, the most frequent first."""
    last_asked: str
    """Date, as ISO 8601."""

    def bank_lines(self) -> tuple[str, ...]:
        """Every wording as a line for the guide's question bank."""
        return tuple(
            line_of(question, self.sections[:1], self.missing[0] if self.missing else None)
            for question in self.questions
        )


def grouped(gaps: Sequence[Gap], embed: Callable[[Sequence[str]], Floats]) -> tuple[GapGroup, ...]:
    """The groups, the most asked first.

    Args:
        gaps: unanswered questions, oldest first.
        embed: texts to unit vectors, shape `(n, dimensions)`.
    """
    wordings = list(dict.fromkeys(each.question for each in gaps))
    if not wordings:
        return ()
    vectors = np.asarray(embed(wordings), dtype=np.float64)
    groups: list[list[int]] = []
    middles = np.zeros_like(vectors)  # of each group so far the direction of its middle, of length 1
    sums = np.zeros_like(vectors)
    for row, vector in enumerate(vectors):
        near = middles[: len(groups)] @ vector
        best = int(np.argmax(near)) if groups else 0
        if groups and near[best] >= SAME_MATTER:
            groups[best].append(row)
        else:
            best = len(groups)
            groups.append([row])
        sums[best] += vector
        middles[best] = sums[best] / (np.linalg.norm(sums[best]) or 1.0)
    group_of = {wordings[row]: number for number, rows in enumerate(groups) for row in rows}
    members: list[list[Gap]] = [[] for _ in groups]
    for each in gaps:
        members[group_of[each.question]].append(each)
    told = [
        _group(wordings[rows[int(np.argmax(vectors[rows] @ middle))]], asked)
        for rows, middle, asked in zip(groups, middles, members, strict=False)
    ]
    return tuple(sorted(told, key=lambda each: (-each.asked, each.question)))


def _group(question: str, members: Sequence[Gap]) -> GapGroup:
    return GapGroup(
        question=question,
        asked=len(members),
        questions=_frequent(each.question for each in members),
        missing=_frequent(each.missing for each in members if each.missing),
        sections=_frequent(section for each in members for section in each.sections[:1]),
        last_asked=max(each.at for each in members).date().isoformat(),
    )


def _frequent(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name, _ in Counter(names).most_common())
