"""What an evaluation found, as one JSON object, and as tables for people. Knows nothing of how it was found."""

from collections.abc import Sequence
from typing import Final

from pydantic import Field
from rich.table import Table

from evaluation.datasets import Goal
from evaluation.metrics import Area, Calibration, RiskCoverage, Share, Times
from ingest.documents import Frozen

NONE: Final = "–"
CALIBRATION_GOAL: Final = 0.08
"""Expected calibration error that the project allows itself."""


class Figure(Frozen):
    """A share with the goal that the project has set for it."""

    name: str
    share: Share
    reach: float | None = None
    at_most: bool = False
    """Whether the goal is an upper limit."""

    @property
    def reached(self) -> bool | None:
        """Whether the goal is met; None where there is no goal or nothing was counted."""
        if self.reach is None or self.share.value is None:
            return None
        return self.share.value <= self.reach if self.at_most else self.share.value >= self.reach


class Kind(Frozen):
    """The outcomes of the questions of one kind."""

    kind: str
    answerable: bool
    questions: int
    answered: Share
    """Where the kind is not answerable, these are the false answers."""
    closest: int
    not_covered: int
    right: Share


class Citing(Frozen):
    """Correctness of the citations."""

    quotes: Share
    """Citations whose quote is the guide's text, character for character."""
    answers: Share
    """Shown answers whose markers are their citations and whose every sentence is cited."""


class QuestionReport(Frozen):
    """What the labelled questions gave."""

    source: str
    questions: int
    figures: tuple[Figure, ...]
    kinds: tuple[Kind, ...]
    citing: Citing
    discrimination: dict[str, Area]
    """AUROC of the confidence: answerable against these."""
    answerable_calibration: Calibration
    """Confidence against whether the question is answerable."""
    right_calibration: Calibration
    """Confidence against whether answering was right: answerable, with all facts and a right section."""
    risk: RiskCoverage
    """Risk of answering wrongly, were the most confident questions answered and no others."""
    milliseconds: Times


class SetReport(Frozen):
    """What one public set gave."""

    name: str
    documents: int
    queries: int
    retrieval: dict[str, float]
    """Measure to value, 0..1; for follow-ups as the assistant understands them."""
    last_turn: dict[str, float] = Field(default_factory=dict)
    """The same for the last turn alone, where there are earlier ones."""
    abstention: Area | None = None
    """AUROC of the confidence: answerable against not."""
    risk: RiskCoverage | None = None
    goals: dict[str, Goal] = Field(default_factory=dict)
    sampled: bool = False
    """Whether only a part of the set was taken: then it is easier, and the goals say nothing."""


class AdReport(Frozen):
    """What one file of labelled job ads gave."""

    source: str
    ads: int
    figures: tuple[Figure, ...]


class Report(Frozen):
    """The whole evaluation."""

    commit: str
    date: str
    """UTC, ISO 8601."""
    generation: str
    model: str
    sample: int | None
    questions: QuestionReport
    ads: tuple[AdReport, ...] = ()
    sets: tuple[SetReport, ...] = ()
    remarks: tuple[str, ...] = ()
    """What could not be measured, and why."""


def tables(report: Report) -> tuple[Table, ...]:
    """The report for a terminal."""
    asked = report.questions
    found = [_figures(asked), _kinds(asked), _confidence(asked), *map(_ads, report.ads)]
    return tuple([*found, _sets(report.sets)] if report.sets else found)


def _figures(asked: QuestionReport) -> Table:
    table = _table(f"{asked.questions} questions of {asked.source}", ["figure", "", "95 %", "questions", "goal", ""])
    _add(table, asked.figures)
    for name, found in (
        ("quotes that are the guide's own words", asked.citing.quotes),
        ("shown answers cited throughout", asked.citing.answers),
    ):
        table.add_row(name, *_share(found), "100%", "" if found.value is None else _yes(found.hits == found.of))
    return table


def _ads(found: AdReport) -> Table:
    title = f"match on {found.ads} job ads and CVs of {found.source}, labelled by the author of its rules"
    table = _table(title, ["figure", "", "95 %", "terms", "goal", ""])
    _add(table, found.figures)
    return table


def _add(table: Table, figures: Sequence[Figure]) -> None:
    for each in figures:
        sign = "≤" if each.at_most else "≥"
        goal = "" if each.reach is None else f"{sign} {each.reach:.0%}"
        table.add_row(each.name, *_share(each.share), goal, {None: "", True: "yes", False: "no"}[each.reached])


def _kinds(asked: QuestionReport) -> Table:
    columns = ["kind", "questions", "answered", "closest", "not covered", "right", "95 %"]
    table = _table("Outcomes by kind (of the lower part none should be answered)", columns)
    for row, each in enumerate(asked.kinds):
        ends = row + 1 < len(asked.kinds) and each.answerable and not asked.kinds[row + 1].answerable
        value, interval, _ = _share(each.right)
        counts = [str(each.questions), str(each.answered.hits), str(each.closest), str(each.not_covered)]
        table.add_row(each.kind, *counts, value, interval, end_section=ends)
    return table


def _confidence(asked: QuestionReport) -> Table:
    table = _table("Confidence and time", ["measure", "", "95 %", "goal", ""])
    for name, area in asked.discrimination.items():
        table.add_row(f"AUROC, answerable against {name}", _number(area.value), _interval(area), "", "")
    error = asked.answerable_calibration.error
    reached = "" if error is None else _yes(error <= CALIBRATION_GOAL)
    table.add_row("calibration error against “answerable”", _number(error), "", f"≤ {CALIBRATION_GOAL}", reached)
    table.add_row("calibration error against “answered rightly”", _number(asked.right_calibration.error), "", "", "")
    for coverage, risk in asked.risk.error_at.items():
        table.add_row(f"risk at {coverage} coverage", _number(risk), "", "", "")
    table.add_row("area under risk and coverage", _number(asked.risk.area), "", "", "")
    spent = asked.milliseconds
    table.add_row("milliseconds per answer, median", _number(spent.median, 1), "", "", "")
    table.add_row("milliseconds per answer, 95th percentile", _number(spent.p95, 1), "", "", "")
    return table


def _sets(sets: Sequence[SetReport]) -> Table:
    table = _table("Public sets", ["set", "measure", "", "95 %", "floor", "goal", ""])
    for each in sets:
        sampled = ", sampled" if each.sampled else ""
        size = f"{each.name}{sampled} ({each.documents:,} documents, {each.queries:,} queries)"
        rows = [(name, value, "") for name, value in each.retrieval.items()]
        rows += [(f"{name}, last turn alone", value, "") for name, value in each.last_turn.items()]
        if each.abstention is not None and each.abstention.value is not None:
            rows.append(("AUROC of abstention", each.abstention.value, _interval(each.abstention)))
        if each.risk is not None:
            rows += [(f"risk at {coverage} coverage", risk, "") for coverage, risk in each.risk.error_at.items()]
        for number, (name, value, interval) in enumerate(rows):
            held_against = ("", "", "") if each.sampled else _against(each.goals.get(name), value)
            table.add_row("" if number else size, name, _number(value), interval, *held_against)
        table.add_section()
    return table


def _against(goal: Goal | None, value: float) -> tuple[str, str, str]:
    """Floor, goal, and whether the value is above whichever of the two the project wants."""
    if goal is None:
        return "", "", ""
    wanted = goal.floor if goal.reach is None else goal.reach
    return _number(goal.floor), "" if goal.reach is None else _number(goal.reach), _yes(value >= wanted)


def _table(title: str, columns: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for name in columns:
        words = name in {columns[0], "measure"}
        table.add_column(name, justify="left" if words else "right", overflow="fold")
    return table


def _share(found: Share) -> tuple[str, str, str]:
    value = NONE if found.value is None else f"{found.value:.1%}"
    return value, _interval(found), f"{found.hits}/{found.of}"


def _interval(found: Share | Area) -> str:
    if found.value is None:
        return ""
    percent = isinstance(found, Share)
    return f"{found.low:.1%}–{found.high:.1%}" if percent else f"{found.low:.3f}–{found.high:.3f}"


def _number(value: float | None, digits: int = 3) -> str:
    return NONE if value is None else f"{value:.{digits}f}"


def _yes(reached: bool) -> str:
    return "yes" if reached else "no"
