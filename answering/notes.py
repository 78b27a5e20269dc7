"""What is added to an answer for people: that a term is only named in passing, and the glossary's note on it.

A note never counts as the guide's answer. Knows nothing of how an answer is found.
"""

from collections.abc import Sequence
from typing import Final

from answering.answer import Answer, Note, Status
from answering.question import Wanted, wanted
from answering.wording import IN_PASSING, NOTE
from skills.card import Inventory

SOURCE: Final = "glossary.yaml"


def with_note(answer: Answer, question: str, terms: Sequence[str], inventory: Inventory) -> Answer:
    """The answer, with what there is to say on the one term whose meaning was asked for.

    Args:
        answer: as it was found.
        question: in the guide's names.
        terms: that the question names.
        inventory: the terms that the guides name.
    """
    asked = inventory.of(terms[0]) if len(terms) == 1 and wanted(question) is Wanted.DEFINITION else None
    if asked is None or answer.status is Status.NOT_COVERED:
        return answer
    note = Note(term=asked.term, text=asked.note, source=SOURCE) if asked.note else None
    return answer.model_copy(update={"note": note, "in_passing": asked.term if asked.definition is None else None})


def remarks(answer: Answer) -> tuple[str, ...]:
    """The same in lines for people."""
    passing = [IN_PASSING.format(term=answer.in_passing)] if answer.in_passing else []
    note = [NOTE.format(**answer.note.model_dump())] if answer.note else []
    return (*passing, *note)
