"""Formulas: shares with intervals, discrimination, calibration, risk against coverage. Knows nothing of questions.

Every array is one-dimensional, one entry a question.
"""

import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ingest.documents import Frozen

Z_95: Final = 1.959964
"""Standard normal quantile of a two-sided 95 % interval."""
BINS: Final = 10
"""Bins of a reliability diagram; each holds the same number of questions."""
COVERAGES: Final = (0.5, 0.7, 0.9)
"""Shares of the questions at which the error is reported."""

CURVE_POINTS: Final = 200
"""Points that a stored curve is thinned to: more than a plot can show."""

Floats = NDArray[np.float64]


class Share(Frozen):
    """How many of how many, with its 95 % Wilson interval."""

    hits: int
    of: int
    value: float | None
    low: float
    high: float


class Area(Frozen):
    """Area under the ROC curve with its 95 % interval; None where one side is empty."""

    value: float | None
    low: float
    high: float
    positives: int
    negatives: int


class Bin(Frozen):
    """One bin of a reliability diagram."""

    questions: int
    confidence: float
    """Mean confidence."""
    rate: float
    """Share of the questions for which it held."""


class Calibration(Frozen):
    """How far a confidence is from the share of cases in which it holds."""

    error: float | None
    """Expected calibration error: mean distance over the bins, weighted by their questions."""
    bins: tuple[Bin, ...]


class RiskCoverage(Frozen):
    """The error among the most confident share of the questions."""

    coverage: tuple[float, ...]
    risk: tuple[float, ...]
    area: float | None
    """Mean risk over all coverages (AURC); lower is better."""
    error_at: dict[str, float]
    """Risk at the coverages of `COVERAGES`, by percentage."""


class Times(Frozen):
    """Median and 95th percentile."""

    count: int
    median: float | None
    p95: float | None


def share(hits: int, of: int) -> Share:
    """A share with its Wilson score interval (Wilson 1927), which stays within 0..1 and holds for few questions."""
    if not of:
        return Share(hits=0, of=0, value=None, low=0, high=1)
    rate, z2 = hits / of, Z_95**2
    centre = (rate + z2 / (2 * of)) / (1 + z2 / of)
    half = Z_95 / (1 + z2 / of) * math.sqrt(rate * (1 - rate) / of + z2 / (4 * of**2))
    return Share(hits=hits, of=of, value=rate, low=max(centre - half, 0), high=min(centre + half, 1))


def auroc(positives: ArrayLike, negatives: ArrayLike) -> Area:
    """Chance that a positive scores above a negative, ties half; interval after Hanley and McNeil (1982)."""
    above, below = np.asarray(positives, dtype=np.float64), np.asarray(negatives, dtype=np.float64)
    if not len(above) or not len(below):
        return Area(value=None, low=0, high=1, positives=len(above), negatives=len(below))
    ordered = np.sort(below)
    less = np.searchsorted(ordered, above, side="left")
    equal = np.searchsorted(ordered, above, side="right") - less
    pairs = len(above) * len(below)
    area = float((less + equal / 2).sum() / pairs)
    # Drawn in by two pairs, one of each kind: a perfect area over few questions is no certainty.
    drawn = (area * pairs + 1) / (pairs + 2)
    spread = (
        drawn * (1 - drawn)
        + (len(above) - 1) * (drawn / (2 - drawn) - drawn**2)
        + (len(below) - 1) * (2 * drawn**2 / (1 + drawn) - drawn**2)
    )
    half = Z_95 * math.sqrt(max(spread, 0) / pairs)
    return Area(
        value=area, low=max(area - half, 0), high=min(area + half, 1), positives=len(above), negatives=len(below)
    )


def calibration(confidence: ArrayLike, holds: ArrayLike, bins: int = BINS) -> Calibration:
    """Expected calibration error over bins of equal mass (Nixon et al. 2019), which no empty bin can distort.

    Args:
        confidence: probabilities, 0..1.
        holds: whether what each was the probability of is the case.
        bins: how many; fewer where there are fewer questions.
    """
    stated, true = np.asarray(confidence, dtype=np.float64), np.asarray(holds, dtype=np.float64)
    if not len(stated):
        return Calibration(error=None, bins=())
    order = np.argsort(stated, kind="stable")
    parts = [part for part in np.array_split(order, min(bins, len(order))) if len(part)]
    found = tuple(
        Bin(questions=len(part), confidence=float(stated[part].mean()), rate=float(true[part].mean())) for part in parts
    )
    error = sum(each.questions * abs(each.confidence - each.rate) for each in found) / len(stated)
    return Calibration(error=error, bins=found)


def risk_coverage(confidence: ArrayLike, wrong: ArrayLike) -> RiskCoverage:
    """Risk against coverage (Geifman and El-Yaniv 2017): questions of equal confidence are taken in together.

    Args:
        confidence: any score, higher is surer.
        wrong: whether an answer to the question would be wrong.
    """
    stated, bad = np.asarray(confidence, dtype=np.float64), np.asarray(wrong, dtype=np.float64)
    if not len(stated):
        return RiskCoverage(coverage=(), risk=(), area=None, error_at={})
    order = np.argsort(-stated, kind="stable")
    risk = _expected_errors(stated[order], bad[order]) / np.arange(1, len(order) + 1)
    coverage = np.arange(1, len(order) + 1) / len(order)
    shown = np.unique(np.linspace(0, len(order) - 1, min(CURVE_POINTS, len(order))).astype(np.int64))
    error_at = {f"{each:.0%}": float(risk[max(math.ceil(each * len(order)) - 1, 0)]) for each in COVERAGES}
    return RiskCoverage(
        coverage=tuple(coverage[shown].tolist()), risk=tuple(risk[shown].tolist()), area=float(risk.mean()),
        error_at=error_at,
    )  # fmt: skip


def _expected_errors(confidence: Floats, wrong: Floats) -> Floats:
    """Errors among the first n, for every n, where the order of equal confidences is left to chance."""
    _, group, sizes = np.unique(-confidence, return_inverse=True, return_counts=True)
    mean = np.bincount(group, weights=wrong) / sizes
    return np.asarray(np.cumsum(mean[group]), dtype=np.float64)


def passing(positives: ArrayLike, negatives: ArrayLike, refused: float) -> Share:
    """How many negatives pass the threshold that refuses that share of the positives.

    Compares scores at one refusal rate, wherever their owner has put the threshold.
    """
    above, below = np.asarray(positives, dtype=np.float64), np.asarray(negatives, dtype=np.float64)
    if not len(above):
        return share(0, 0)
    threshold = np.sort(above)[min(math.floor(refused * len(above)), len(above) - 1)]
    return share(int((below >= threshold).sum()), len(below))


def times(milliseconds: ArrayLike) -> Times:
    """Median and 95th percentile."""
    values = np.asarray(milliseconds, dtype=np.float64)
    if not len(values):
        return Times(count=0, median=None, p95=None)
    return Times(count=len(values), median=float(np.median(values)), p95=float(np.percentile(values, 95)))
