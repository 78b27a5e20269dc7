from collections.abc import Callable, Sequence

import pytest

from answering import examples
from answering.answer import Answer, Citation, Status
from answering.bank import BankedQuestion
from answering.examples import EXAMPLES, LONGEST, PER_SECTION, offered
from ingest.reader import read_corpus
from tests.conftest import SmallContent


class Asker:
    """Answers what `knows` says, citing the section that the question names, and notes what it was asked."""

    def __init__(self, knows: Callable[[str], Status], section: str | None = None) -> None:
        self.asked: list[str] = []
        self._knows, self._section = knows, section

    def __call__(self, question: str) -> Answer:
        """The scripted answer."""
        self.asked.append(question)
        section = self._section or question.rsplit(maxsplit=1)[-1].rstrip("?")
        quote = Citation(
            document="tools", section=section, headings=(), passage="p", number=1, quote="x", start=0, end=1, url="/"
        )
        return Answer(
            question=question, standalone_question=question, status=self._knows(question), answer="x [1]",
            citations=(quote,), confidence=0.9, milliseconds=1,
        )  # fmt: skip


def _all(question: str) -> Status:
    del question
    return Status.ANSWERED


def _banked(section: str, number: object = 0, **other: object) -> BankedQuestion:
    made = {
        "id": f"{section}-{number}", "question": f"What is number {number} of {section}?", "kind": "definition",
        "answerable": True, "sections": (section,), "facts": (("x",),), "voice": "student", **other,
    }  # fmt: skip
    return BankedQuestion.model_validate(made)


def _questions(bank: Sequence[BankedQuestion], asker: Asker) -> list[str]:
    examples, by_section = offered(asker, (), bank)
    assert {*examples} <= {question for found in by_section.values() for question in found}
    return [question for found in by_section.values() for question in found]


def test_only_what_is_answered_is_offered() -> None:
    bank = [_banked(section, number) for section in ("saws", "files") for number in range(3)]
    asker = Asker(lambda question: Status.ANSWERED if "number 1" in question else Status.CLOSEST)
    assert _questions(bank, asker) == ["What is number 1 of saws?", "What is number 1 of files?"]
    assert len(asker.asked) > 2


def test_only_what_cites_its_section_is_offered() -> None:
    bank = [_banked("saws"), _banked("files")]
    assert _questions(bank, Asker(_all, section="files")) == ["What is number 0 of files?"]


@pytest.mark.parametrize(
    "other",
    [
        {"answerable": False}, {"turns": ["What is a saw?"]}, {"sections": ["saws", "files"]}, {"voice": "nonnative"},
        {"kind": "trick"}, {"question": "saws?"}, {"question": "which teeth do they have in the saws?"},
        {"question": f"What is the {'very ' * LONGEST}number of saws?"}, {"question": "Tell me the number of saws"},
    ],
)  # fmt: skip
def test_what_reads_badly_alone_is_not_offered(other: dict[str, object]) -> None:
    asker = Asker(_all)
    assert _questions([_banked("files"), _banked("saws", **other)], asker) == ["What is number 0 of files?"]
    assert asker.asked == ["What is number 0 of files?"]


def test_no_section_is_offered_too_often_and_examples_are_spread() -> None:
    bank = [_banked(f"shelf-{section}", number) for section in range(12) for number in range(9)]
    examples, by_section = offered(Asker(_all), (), bank)
    assert len(examples) == len(set(examples)) == EXAMPLES
    assert len({question.split()[-1] for question in examples}) == EXAMPLES
    assert all(len(found) == PER_SECTION for found in by_section.values())
    assert any(f"shelf-{number}?" in examples[-1] for number in range(9, 12)), "the end of the guide is shown as well"


def test_kinds_of_question_take_turns() -> None:
    bank = [_banked("saws", number) for number in range(5)] + [_banked("saws", 7, kind="list")]
    assert "What is number 7 of saws?" in _questions(bank, Asker(_all))


def test_without_a_bank_the_guide_itself_gives_questions(small_content: SmallContent) -> None:
    documents = read_corpus(small_content()).documents
    examples, by_section = offered(Asker(_all, section="hammers"), documents, ())
    assert examples == ("What does the guide say about Hammers?",)
    assert by_section == {"hammers": [*examples]}


def test_terms_that_a_guide_defines_give_questions(small_content: SmallContent) -> None:
    text = "# Tools\n\nKinds:\n\n- **Claw hammer**: pulls nails.\n- **Mallet**: has a head of rubber.\n"
    documents = read_corpus(small_content(text)).documents
    asker = Asker(_all)
    offered(asker, documents, ())
    assert {"What is Claw hammer?", "What is Mallet?"} <= set(asker.asked)


def test_where_nothing_is_answered_nothing_is_offered(small_content: SmallContent) -> None:
    nothing = Asker(lambda question: Status.NOT_COVERED)
    assert offered(nothing, read_corpus(small_content()).documents, ()) == ((), {})
    assert offered(nothing, (), ()) == ((), {})


def test_of_many_sections_the_same_few_are_tried_again_when_one_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples, "MOST_SECTIONS", 5)
    bank = [_banked(f"tool-{number}") for number in range(40)]
    before = offered(asker := Asker(_all), (), bank)[1]
    assert len(before) == len(asker.asked) == 5 and list(before) == sorted(before, key=lambda each: int(each[5:]))
    after = offered(Asker(_all), (), [*bank, _banked("tool-40")])[1]
    assert len(before.keys() & after.keys()) >= 4
