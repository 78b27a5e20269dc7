from collections.abc import Sequence

import pytest

from answering.structure import MOST_HEADINGS, structure_of
from tests.indexes import document, passages

GUIDE = """\
# Top Skills You Need to Become a Gardener

## Who Gardens?

People do.

## 1. Digging

It takes a spade.

### Spades

A spade is flat.

## 2. Watering

Plants drink.

## 3. Pruning

Use sharp shears.
"""
SKILLS = ["1. Digging", "2. Watering", "3. Pruning"]


def answered(question: str, guide: str = GUIDE) -> Sequence[str]:
    return [each.text for each in structure_of(question, [document(guide)], passages(guide))]


@pytest.mark.parametrize(
    "question",
    [
        "What are the top skills you need to become a gardener?", "List all the skills", "how many skills are there?",
        "Which skills does a gardener need", "What are the most important skills?", "What are the three skills?",
        "which skills does the guide list",
    ],
)  # fmt: skip
def test_the_list_that_the_title_promises_is_its_numbered_headings(question: str) -> None:
    assert answered(question) == SKILLS


@pytest.mark.parametrize("question", ["Which chapters does this guide have?", "What topics are covered in the article"])
def test_chapters_are_all_outer_headings(question: str) -> None:
    assert answered(question) == ["Who Gardens?", *SKILLS]


@pytest.mark.parametrize(
    ("question", "headings"),
    [
        ("What is skill number 1?", ["1. Digging", "Spades"]), ("the second skill", ["2. Watering"]),
        ("skill #3", ["3. Pruning"]), ("What is the last skill of the guide?", ["3. Pruning"]),
        ("Skill two is about what?", ["2. Watering"]), ("which is chapter 2", ["2. Watering"]),
    ],
)  # fmt: skip
def test_a_number_names_one_heading_with_those_under_it(question: str, headings: Sequence[str]) -> None:
    assert answered(question) == headings


@pytest.mark.parametrize(
    "question",
    [
        "Which soft skills do I need?", "Which skill is the most important?", "Which skill should I learn first?",
        "What does a gardener do?", "What is a skill?", "What are the five skills?", "skill 9", "skill 0",
        "Which tools do gardeners need?", "What skills do recruiters look for?", "How long does each chapter take?",
        "", "skills of digging", "Two skills or 3 chapters?", "Which of the skills is the most important?",
    ],
)  # fmt: skip
def test_what_asks_for_anything_else_is_left_to_the_search(question: str) -> None:
    assert not answered(question)


def test_a_guide_without_numbers_gives_all_its_outer_headings() -> None:
    assert answered("Which tips are there?", "# Tips for Tea\n\n## Boil\n\nOn.\n\n## Pour\n\nIn.\n") == ["Boil", "Pour"]


def test_a_very_long_guide_gives_what_can_be_read_at_once() -> None:
    guide = "# All\n\n" + "".join(f"## Part {number}\n\nText.\n\n" for number in range(100))
    assert len(answered("Which chapters does it have?", guide)) == MOST_HEADINGS


def test_quotes_lie_in_their_passages() -> None:
    for quote in structure_of("Which chapters are there?", [document(GUIDE)], passages(GUIDE)):
        assert quote.passage.covers(quote.span) and quote.text
