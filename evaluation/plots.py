"""Draws the reliability diagram and risk against coverage as PNG. Knows nothing of how either was found."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from evaluation.metrics import Calibration, RiskCoverage
from ingest.errors import GuideError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIZE: Final = (6.0, 4.5)
"""Inches."""
DPI: Final = 130
BLUE, ORANGE, GREY = "#2563a8", "#b8590f", "#777777"
"""Told apart in print and by the colour-blind."""
COLOURS: Final = (BLUE, ORANGE, "#3f7d4e", "#7a4fa3")


def reliability(found: Mapping[str, Calibration], path: Path) -> None:
    """Confidence against the share of cases in which it held; each curve named with its error.

    Raises:
        GuideError: matplotlib is not installed.
    """
    figure, axes = _axes()
    axes.plot([0, 1], [0, 1], color=GREY, linestyle="--", linewidth=1, label="perfect")
    for (name, each), colour in zip(found.items(), COLOURS, strict=False):
        if each.error is None:
            continue
        stated, held = [bin_.confidence for bin_ in each.bins], [bin_.rate for bin_ in each.bins]
        axes.plot(stated, held, marker="o", color=colour, label=f"{name} (error {each.error:.3f})")
    axes.set(xlabel="mean confidence of a bin", ylabel="share that holds", xlim=(0, 1), ylim=(0, 1))
    axes.set_title("Reliability")
    axes.legend(loc="upper left", frameon=False)
    figure.savefig(path, dpi=DPI)


def risk_against_coverage(found: Mapping[str, RiskCoverage], path: Path) -> None:
    """Share of wrong answers among the most confident questions.

    Raises:
        GuideError: matplotlib is not installed.
    """
    figure, axes = _axes()
    for (name, each), colour in zip(found.items(), COLOURS, strict=False):
        if each.area is not None:
            axes.plot(each.coverage, each.risk, color=colour, label=f"{name} (area {each.area:.3f})")
    axes.set(
        xlabel="share of the questions answered, surest first", ylabel="share of these answered wrongly",
        xlim=(0, 1), ylim=(0, None), title="Risk against coverage",
    )  # fmt: skip
    axes.legend(loc="upper left", frameon=False)
    figure.savefig(path, dpi=DPI)


def _axes() -> "tuple[Figure, Axes]":
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise GuideError("no plots: matplotlib is not installed; make test installs it") from None
    figure = Figure(figsize=SIZE, layout="constrained")
    axes = figure.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes
