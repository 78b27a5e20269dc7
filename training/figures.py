"""How good the evidence model is on questions that it was not fitted to: by question, author and section left out.

Kernel regression gives its held-out predictions in closed form, so every banked question is tested. Nothing that is
fitted here is shipped.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from answering.bank import BankedQuestion
from answering.kernel import GAUSSIAN_WIDTH, RIDGE, QuestionKernel
from training.signals import Prepared, columns, labels

SIZES: Final = (500, 1000, 2000, 4000, 7000)
"""Sizes of the bank in the learning curve."""
UNANSWERABLE: Final = ("near_miss", "false_premise", "out_of_scope", "injection")
SEARCH_SIGNALS: Final = ("passage", "passage_lead", "sentence", "sentence_cosine", "keyword")

Floats = NDArray[np.floating]
Bools = NDArray[np.bool_]


class Ridge:
    """Kernel ridge regression over the bank that can leave groups of questions out."""

    def __init__(self, gram: Floats, answerable: Bools) -> None:
        """Fits it.

        Args:
            gram: likeness of the questions to each other, shape `(n, n)`.
            answerable: shape `(n,)`.
        """
        self._target = answerable * 2.0 - 1
        self._inverse = np.linalg.inv(gram + RIDGE * np.eye(len(gram)))
        self._coefficients = self._inverse @ (self._target - self._target.mean())

    def left_out(self, groups: Sequence[str]) -> Floats:
        """What it says of each group of questions when fitted on all other groups, by inverting blocks."""
        found = np.zeros_like(self._target)
        names = np.array(groups)
        for group in sorted(set(groups)):
            rows = np.flatnonzero(names == group)
            block = self._inverse[np.ix_(rows, rows)]
            found[rows] = self._target[rows] - np.linalg.solve(block, self._coefficients[rows])
        return found


def report(bank: Prepared, pull: float) -> dict[str, object]:
    """Figures over the bank.

    Args:
        bank: the banked questions with their signals.
        pull: what a foreign term weighs beside what kernel regression says.
    """
    answerable, kinds = labels(bank)
    gram = QuestionKernel(bank.vectors, bank.texts).gram(bank.texts)
    ridge = Ridge(gram, answerable)
    foreign = columns(bank)["foreign"]
    views = {
        "question left out": [str(row) for row in range(len(kinds))],
        "author left out": [_author(each) for each in bank.questions],
        "section left out": [each.sections[0] if each.sections else "-" for each in bank.questions],
    }
    found: dict[str, object] = {"questions": len(kinds), "answerable": int(answerable.sum())}
    for name, groups in views.items():
        found[name] = figures(ridge.left_out(groups) + pull * foreign, answerable, kinds)
    found["signals, author left out"] = _signals(bank, gram, pull)
    found["learning curve (a fifth left out)"] = _curve(gram, answerable, kinds)
    return found


def figures(scores: Floats, answerable: Bools, kinds: NDArray[np.str_]) -> dict[str, float]:
    """AUROC, and the share answered when 5 and 10 % of the answerable are refused, by kind of unanswerable question."""
    from sklearn.metrics import roc_auc_score

    found: dict[str, float] = {}
    for kind in UNANSWERABLE:
        there = (kinds == kind) & ~answerable
        chosen = there | answerable
        found[f"AUROC {kind}"] = round(float(roc_auc_score(answerable[chosen], scores[chosen])), 4)
        for refused in (0.05, 0.1):
            answered = scores[there] >= np.quantile(scores[answerable], refused)
            found[f"{kind} answered at {refused:.0%} refused"] = round(float(answered.mean()), 4)
    return found


def _author(question: BankedQuestion) -> str:
    return question.id.split("-")[0]


def _signals(bank: Prepared, gram: Floats, pull: float) -> dict[str, dict[str, float]]:
    """The ablation: what each signal is worth alone, and what it adds to those before it."""
    answerable, kinds = labels(bank)
    authors = [_author(each) for each in bank.questions]
    signals = columns(bank)
    vectors = bank.vectors.astype(np.float64)
    meaning = np.exp(-GAUSSIAN_WIDTH * (2 - 2 * vectors @ vectors.T))
    both = Ridge(gram, answerable).left_out(authors)
    shipped = both + pull * signals["foreign"]
    searched = _logistic_left_out({name: signals[name] for name in SEARCH_SIGNALS}, answerable, authors)
    scores = {
        "similarity of the best sentence": signals["sentence_cosine"],
        "all that search says": searched,
        "the question's meaning": Ridge(meaning, answerable).left_out(authors),
        "the question's words": Ridge(gram - meaning, answerable).left_out(authors),
        "meaning and words": both,
        "the same with foreign terms (shipped)": shipped,
        "the same with all that search says": _logistic_left_out(
            {"shipped": shipped, **{name: signals[name] for name in SEARCH_SIGNALS}}, answerable, authors
        ),
    }
    return {name: figures(each, answerable, kinds) for name, each in scores.items()}


def _logistic_left_out(signals: Mapping[str, Floats], answerable: Bools, groups: Sequence[str]) -> Floats:
    from sklearn.linear_model import LogisticRegression

    table = np.stack(list(signals.values()), axis=1)
    table = (table - table.mean(axis=0)) / (table.std(axis=0) + 1e-9)
    names = np.array(groups)
    found = np.zeros(len(table))
    for group in sorted(set(groups)):
        out = names == group
        found[out] = LogisticRegression(max_iter=1000).fit(table[~out], answerable[~out]).decision_function(table[out])
    return found


def _curve(gram: Floats, answerable: Bools, kinds: NDArray[np.str_]) -> dict[str, object]:
    target = answerable * 2.0 - 1
    order = np.random.default_rng(0).permutation(len(target))
    test, rest = order[: len(order) // 5], order[len(order) // 5 :]
    found: dict[str, object] = {}
    for size in (*[each for each in SIZES if each < len(rest)], len(rest)):
        rows = rest[:size]
        mean = target[rows].mean()
        weights = np.linalg.solve(gram[np.ix_(rows, rows)] + RIDGE * np.eye(size), target[rows] - mean)
        found[str(size)] = figures(gram[np.ix_(test, rows)] @ weights, answerable[test], kinds[test])
    return found
