from collections.abc import Callable

import pytest

from answering.answer import Answer
from evaluation.judge import check_citations, judge
from evaluation.questions import GoldSection, Question
from ingest.documents import Document
from ingest.reader import read_corpus
from tests.conftest import SmallContent
from tests.fakes_eval import Line, ScriptedAssistant

GUIDE = """\
# Tools

## 1. Hammers

A hammer drives nails into wood. It weighs 500 grams.

Kinds of hammer:

- Claws pull.
- Mallets hit.

## 2. Saws

A saw cuts wood along a line. Its teeth are made of steel.
"""
DRIVES, WEIGHS, CUTS = "A hammer drives nails into wood.", "It weighs 500 grams.", "A saw cuts wood along a line."


@pytest.fixture
def guide(small_content: SmallContent) -> Document:
    return read_corpus(small_content(GUIDE)).documents[0]


@pytest.fixture
def answer_with(guide: Document) -> Callable[..., Answer]:
    def answer(*quotes: str, closest: bool = False) -> Answer:
        return ScriptedAssistant([guide], {"Weight?": Line(quotes=quotes, closest=closest)}).ask("Weight?")

    return answer


def asked(**given: object) -> Question:
    usual: dict[str, object] = {
        "id": "q1", "question": "?", "kind": "lookup", "answerable": True, "facts": (("500 g", "half a kilo"),),
        "sections": (GoldSection(id="hammers", heading="hammers"),),
    }  # fmt: skip
    return Question.model_validate({**usual, **given})


def test_an_answer_with_all_facts_and_a_right_section_is_right(answer_with: Callable[..., Answer]) -> None:
    assert judge(asked(), answer_with(WEIGHS)).right
    assert judge(asked(), answer_with(WEIGHS, closest=True)).right
    assert not judge(asked(), answer_with()).shown


def test_every_group_of_facts_is_needed_and_one_string_of_each(answer_with: Callable[..., Answer]) -> None:
    assert not judge(asked(facts=(("500 G",), ("nails",))), answer_with(WEIGHS)).facts
    assert judge(asked(facts=(("500 G", "1 kg"), ("nails",))), answer_with(DRIVES, WEIGHS)).facts


def test_facts_count_across_white_space(answer_with: Callable[..., Answer]) -> None:
    broken = answer_with(WEIGHS).model_copy(update={"answer": "It  weighs\n500\tGrams. [1]"})
    assert judge(asked(facts=(("weighs 500 grams",),)), broken).facts


def test_sections_are_compared_by_heading_or_by_id(answer_with: Callable[..., Answer]) -> None:
    hammers = answer_with(WEIGHS)
    for gold in (GoldSection(id="h", heading="HAMMERS"), GoldSection(id="h", heading="7.2 Hammers")):
        assert judge(asked(sections=(gold,)), hammers).section
    assert judge(asked(sections=(GoldSection(id="hammers"),)), hammers).section
    assert not judge(asked(sections=(GoldSection(id="saws"),)), hammers).section


def test_a_question_over_several_sections_needs_all(answer_with: Callable[..., Answer]) -> None:
    both = (GoldSection(id="hammers"), GoldSection(id="saws"))
    assert judge(asked(sections=both), answer_with(DRIVES)).section
    assert not judge(asked(sections=both, kind="multi"), answer_with(DRIVES)).section
    assert judge(asked(sections=both, kind="multi"), answer_with(DRIVES, CUTS)).section


def test_what_is_forbidden_spoils_an_answer(answer_with: Callable[..., Answer]) -> None:
    found = judge(asked(forbidden=("Grams",)), answer_with(WEIGHS))
    assert found.forbidden == ("Grams",) and found.facts and not found.right


def test_an_unanswerable_question_may_get_the_closest_but_no_answer(answer_with: Callable[..., Answer]) -> None:
    price = asked(answerable=False, kind="near_miss", facts=(), sections=())
    assert judge(price, answer_with()).right and judge(price, answer_with(WEIGHS, closest=True)).right
    assert not judge(price, answer_with(WEIGHS)).right


# --- Citations


def text_of(guide: Document) -> Callable[[str], str]:
    return lambda document: {guide.id: guide.text}[document]


def test_quotes_with_markers_are_right(guide: Document, answer_with: Callable[..., Answer]) -> None:
    two_sentences = f"{DRIVES} {WEIGHS}"
    for answer in (answer_with(two_sentences, CUTS), answer_with(CUTS, closest=True), answer_with()):
        assert check_citations(answer, text_of(guide)).right


def test_a_quote_that_stands_elsewhere_is_wrong(guide: Document, answer_with: Callable[..., Answer]) -> None:
    answer = answer_with(DRIVES, CUTS)
    moved = answer.citations[0].model_copy(update={"start": 1 + answer.citations[0].start})
    spoilt = answer.model_copy(update={"citations": (moved, answer.citations[1])})
    assert check_citations(spoilt, text_of(guide)).wrong_quotes == 1


@pytest.mark.parametrize("text", [f"{DRIVES} [1]", f"{DRIVES} [1] {CUTS} [3]", f"{DRIVES} [1] {CUTS} [2] [3]"])
def test_markers_are_the_citations(guide: Document, answer_with: Callable[..., Answer], text: str) -> None:
    answer = answer_with(DRIVES, CUTS).model_copy(update={"answer": text})
    assert not check_citations(answer, text_of(guide)).markers_match


def test_numbers_begin_at_one(guide: Document, answer_with: Callable[..., Answer]) -> None:
    answer = answer_with(DRIVES)
    second = answer.citations[0].model_copy(update={"number": 2})
    skipped = answer.model_copy(update={"citations": (second,), "answer": f"{DRIVES} [2]"})
    assert not check_citations(skipped, text_of(guide)).markers_match


@pytest.mark.parametrize("shown", ["• Claws pull.\n• Mallets hit. [1]", "Claws pull.\nMallets hit. [1]"])
def test_a_quoted_list_is_known_with_and_without_bullets(
    guide: Document, answer_with: Callable[..., Answer], shown: str
) -> None:
    answer = answer_with("Claws pull.\n• Mallets hit.")
    assert check_citations(answer.model_copy(update={"answer": shown}), text_of(guide)).right


def test_a_sentence_of_its_own_needs_a_marker(guide: Document, answer_with: Callable[..., Answer]) -> None:
    answer = answer_with(DRIVES)
    for text in (f"{DRIVES} [1] Everyone needs one.", f"Everyone needs one. {DRIVES} [1]"):
        spoilt = answer.model_copy(update={"answer": text})
        assert check_citations(spoilt, text_of(guide)).unmarked == ("Everyone needs one.",)
    for text in ("It drives nails. [1]", "It drives nails [1].", f"In short: {DRIVES} [1]", f"• {DRIVES} [1]"):
        assert check_citations(answer.model_copy(update={"answer": text}), text_of(guide)).right
