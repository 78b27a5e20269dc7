import pytest

from answering.answer import Answer, Note, Status
from answering.notes import remarks, with_note
from ingest.documents import Span
from skills.card import Inventory, Mention, Term

PLACE = Mention(start=0, end=4, document="d", passage="p", section="s", sentence=Span(start=0, end=9))
INVENTORY = Inventory(
    terms=(
        Term(term="SAML", kind="standard", mentions=(PLACE,), note="A way to sign in once."),
        Term(term="Git", kind="tool", mentions=(PLACE,), definition=PLACE),
    )
)


def answer(status: Status = Status.ANSWERED) -> Answer:
    return Answer(question="q", standalone_question="q", status=status, answer="-", confidence=0.9, milliseconds=1)


def test_a_term_that_is_only_named_says_so_and_brings_its_note() -> None:
    told = with_note(answer(), "What is SAML?", ["SAML"], INVENTORY)
    assert told.in_passing == "SAML"
    assert told.note == Note(term="SAML", text="A way to sign in once.", source="glossary.yaml")
    assert told.answer == answer().answer
    assert remarks(told) == (
        "The guide names SAML without saying what it is.",
        "Note, not from the guide (glossary.yaml): SAML: A way to sign in once.",
    )
    assert "in_passing" not in told.model_dump(mode="json")


@pytest.mark.parametrize(
    ("question", "terms", "status"),
    [
        ("Why use SAML?", ["SAML"], Status.ANSWERED), ("What are SAML and Git?", ["SAML", "Git"], Status.ANSWERED),
        ("What is love?", [], Status.ANSWERED), ("What is Rust?", ["Rust"], Status.CLOSEST),
        ("What is SAML?", ["SAML"], Status.NOT_COVERED), ("What is Git?", ["Git"], Status.ANSWERED),
    ],
)  # fmt: skip
def test_any_other_answer_stays_as_it_is(question: str, terms: list[str], status: Status) -> None:
    assert with_note(answer(status), question, terms, INVENTORY) == answer(status)
    assert remarks(answer(status)) == ()
