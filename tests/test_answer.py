import json
import math

import pytest
from pydantic import ValidationError

from answering.answer import Answer, Citation, Status

PLACE = {"document": "tools", "section": "hammers", "headings": ("Hammers",), "passage": "p1"}
CITATION = Citation(**PLACE, number=1, quote="It weighs 500 grams.", start=5, end=25, url="/guide")  # type: ignore[arg-type]


def answer(confidence: float = 0.5) -> Answer:
    return Answer(
        question="How heavy?", standalone_question="How heavy is a hammer?", status=Status.ANSWERED,
        answer="It weighs 500 grams. [1]", citations=(CITATION,), confidence=confidence, milliseconds=1.0,
    )  # fmt: skip


def test_there_are_three_outcomes() -> None:
    assert [str(status) for status in Status] == ["answered", "closest", "not_covered"]


def test_json_brings_an_answer_back_whole() -> None:
    assert Answer.model_validate_json(answer().model_dump_json()) == answer()


def test_json_holds_plain_words() -> None:
    found = json.loads(answer().model_dump_json())
    assert (found["status"], found["missing"], found["note"], found["phrased_by"]) == ("answered", None, None, None)
    assert found["citations"][0]["headings"] == ["Hammers"]


@pytest.mark.parametrize("confidence", [-0.01, 1.01, math.nan, math.inf])
def test_confidence_is_a_probability(confidence: float) -> None:
    with pytest.raises(ValidationError, match="confidence"):
        answer(confidence)


def test_an_answer_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        answer().status = Status.CLOSEST  # type: ignore[misc]


def test_an_answer_has_no_room_for_anything_else() -> None:
    with pytest.raises(ValidationError, match="mood"):
        Answer.model_validate({**answer().model_dump(), "mood": "cheerful"})
