import pytest

from evaluation.metrics import auroc, calibration, passing, risk_coverage, share, times


def test_wilson_interval_of_a_textbook_case() -> None:
    found = share(8, 10)
    assert (found.value, round(found.low, 3), round(found.high, 3)) == (0.8, 0.490, 0.943)


def test_shares_at_the_ends_keep_an_honest_interval() -> None:
    assert share(0, 20).low == 0 and 0.15 < share(0, 20).high < 0.17
    assert share(0, 0).value is None and share(0, 0).high == 1


def test_auroc_counts_pairs_and_halves_ties() -> None:
    assert auroc([0.9, 0.5], [0.5, 0.1]).value == pytest.approx(3.5 / 4)
    assert auroc([0.1], [0.9]).value == 0
    assert auroc([], [0.9]).value is None


def test_auroc_interval_narrows_with_more_questions() -> None:
    few, many = auroc([0.9, 0.4], [0.5, 0.1]), auroc([0.9, 0.4] * 50, [0.5, 0.1] * 50)
    assert few.value == many.value
    assert many.high - many.low < (few.high - few.low) / 3
    assert auroc([0.9] * 3, [0.1] * 7).low < 0.9


def test_calibration_error_is_the_distance_from_what_happens() -> None:
    stated = [0.25] * 40 + [0.75] * 40
    held = ([True] + [False] * 3) * 10 + ([True] * 3 + [False]) * 10
    assert calibration(stated, held, bins=2).error == pytest.approx(0)
    assert calibration([0.9] * 40, held[:40], bins=2).error == pytest.approx(0.65)
    assert [each.questions for each in calibration(stated, held).bins] == [8] * 10


def test_risk_falls_where_confidence_sorts_well() -> None:
    well, badly = [0.9, 0.8, 0.2, 0.1], [0.1, 0.2, 0.8, 0.9]
    wrong = [False, False, True, True]
    assert risk_coverage(well, wrong).error_at["50%"] == 0
    assert risk_coverage(badly, wrong).error_at["50%"] == 1
    assert risk_coverage(well, wrong).risk[-1] == risk_coverage(badly, wrong).risk[-1] == 0.5


def test_risk_does_not_depend_on_the_order_of_equal_confidences() -> None:
    assert risk_coverage([0.5] * 4, [True, True, False, False]).risk == (0.5,) * 4


def test_false_answers_are_compared_at_one_refusal_rate() -> None:
    answerable = [place / 10 for place in range(1, 11)]
    assert passing(answerable, [0.15, 0.2, 0.9], refused=0.1).hits == 2


def test_times_say_median_and_tail() -> None:
    assert times([10.0] * 19 + [100.0]).median == 10
    assert times([10.0] * 10 + [100.0] * 10).p95 == 100


def test_no_questions_take_no_time() -> None:
    assert times([]).median is None
