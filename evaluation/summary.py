"""Sums outcomes of single questions up into figures, with the goals that the project has set. Asks nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from answering.answer import Answer, Status
from evaluation.judge import CitationCheck, Judgement
from evaluation.metrics import Share, auroc, calibration, passing, risk_coverage, share, times
from evaluation.questions import Question
from evaluation.report import Citing, Figure, Kind, QuestionReport

FOLLOWUP, NEAR_MISS, FALSE_PREMISE = "followup", "near_miss", "false_premise"
OFF_SUBJECT: Final = frozenset({"out_of_scope", "injection"})
REFUSALS: Final = 0.1
"""Share of refused answerable questions at which false answers are compared, whatever the threshold is."""


@dataclass(frozen=True)
class Outcome:
    """A question, what it got, and what that was worth."""

    question: Question
    answer: Answer
    judgement: Judgement
    citing: CitationCheck
    milliseconds: float


Test = Callable[[Outcome], bool]


def summarise(source: str, outcomes: Sequence[Outcome]) -> QuestionReport:
    """The figures of a set of questions; `source` says where these come from."""
    answerable = [each.question.answerable for each in outcomes]
    useful = [each.question.answerable and each.judgement.right for each in outcomes]
    stated = [each.answer.confidence for each in outcomes]
    return QuestionReport(
        source=source,
        questions=len(outcomes),
        figures=_figures(outcomes),
        kinds=_kinds(outcomes),
        citing=_citing(outcomes),
        discrimination={
            name: auroc(_confidences(outcomes, _answerable), _confidences(outcomes, test))
            for name, test in {
                "near misses": _kind(NEAR_MISS),
                "false premises": _kind(FALSE_PREMISE),
                "all others": _unanswerable,
            }.items()
        },
        answerable_calibration=calibration(stated, answerable),
        right_calibration=calibration(stated, useful),
        risk=risk_coverage(stated, [not each for each in useful]),
        milliseconds=times([each.milliseconds for each in outcomes]),
    )


def _figures(outcomes: Sequence[Outcome]) -> tuple[Figure, ...]:
    """The figures of README's table, and some beside them."""

    def of(among: Test, counted: Test) -> Share:
        chosen = [each for each in outcomes if among(each)]
        return share(sum(counted(each) for each in chosen), len(chosen))

    at_threshold = passing(_confidences(outcomes, _answerable), _confidences(outcomes, _kind(NEAR_MISS)), REFUSALS)
    passing_name = f"near misses passing where {REFUSALS:.0%} are refused"
    return (
        Figure(name="answerable: shown, all facts, right section", share=of(_answerable, _right), reach=0.93),
        Figure(name="the same, follow-ups aside", share=of(_stands_alone, _right), reach=0.85),
        Figure(name="answerable, not answered", share=of(_answerable, _not_answered), reach=0.10, at_most=True),
        Figure(name="near misses answered", share=of(_kind(NEAR_MISS), _answered), reach=0.25, at_most=True),
        Figure(name=passing_name, share=at_threshold, reach=0.25, at_most=True),
        Figure(name="out of scope, injections answered", share=of(_off_subject, _answered), reach=0, at_most=True),
        Figure(name="false premises answered", share=of(_kind(FALSE_PREMISE), _answered), reach=0.25, at_most=True),
        Figure(name="answerable follow-ups: right section shown", share=of(_followup, _right_section), reach=0.90),
        Figure(name="anything forbidden said", share=of(_forbids, _says_forbidden), reach=0, at_most=True),
    )


def _kinds(outcomes: Sequence[Outcome]) -> tuple[Kind, ...]:
    """By kind, answerable ones first, in the order in which the questions bring them."""
    groups = dict.fromkeys((each.question.kind, each.question.answerable) for each in outcomes)
    rows: list[Kind] = []
    for kind, answerable in sorted(groups, key=lambda group: not group[1]):
        own = [each for each in outcomes if (each.question.kind, each.question.answerable) == (kind, answerable)]
        states = [each.judgement.status for each in own]
        rows.append(
            Kind(
                kind=kind, answerable=answerable, questions=len(own),
                answered=share(states.count(Status.ANSWERED), len(own)), closest=states.count(Status.CLOSEST),
                not_covered=states.count(Status.NOT_COVERED), right=share(sum(map(_right, own)), len(own)),
            )
        )  # fmt: skip
    return tuple(rows)


def _citing(outcomes: Sequence[Outcome]) -> Citing:
    cited = sum(each.citing.citations for each in outcomes)
    wrong = sum(each.citing.wrong_quotes for each in outcomes)
    shown = [each for each in outcomes if each.judgement.shown]
    return Citing(
        quotes=share(cited - wrong, cited), answers=share(sum(each.citing.right for each in shown), len(shown))
    )


def _confidences(outcomes: Sequence[Outcome], among: Test) -> list[float]:
    return [each.answer.confidence for each in outcomes if among(each)]


def _forbids(each: Outcome) -> bool:
    return bool(each.question.forbidden)


def _answerable(each: Outcome) -> bool:
    return each.question.answerable


def _unanswerable(each: Outcome) -> bool:
    return not each.question.answerable


def _followup(each: Outcome) -> bool:
    return each.question.answerable and bool(each.question.turns)


def _stands_alone(each: Outcome) -> bool:
    return each.question.answerable and not each.question.turns


def _kind(name: str) -> Test:
    return lambda each: each.question.kind == name and not each.question.answerable


def _off_subject(each: Outcome) -> bool:
    return each.question.kind in OFF_SUBJECT and not each.question.answerable


def _right(each: Outcome) -> bool:
    return each.judgement.right


def _right_section(each: Outcome) -> bool:
    return each.judgement.shown and each.judgement.section


def _answered(each: Outcome) -> bool:
    return each.judgement.status is Status.ANSWERED


def _not_answered(each: Outcome) -> bool:
    return each.judgement.status is not Status.ANSWERED


def _says_forbidden(each: Outcome) -> bool:
    return bool(each.judgement.forbidden)
