import stat
import threading
from pathlib import Path

import pytest

from answering import journal as journal_module
from answering.answer import Answer, Nearest, Status
from answering.bank import question_of
from answering.gaps import grouped
from answering.journal import GAPS, RATINGS, Journal
from ingest.errors import GuideError
from tests.fakes import BagOfWordsEmbedder


def answer(question: str, status: Status = Status.NOT_COVERED, missing: str | None = None) -> Answer:
    near = Nearest(document="d", section="saws", headings=("Saws",), passage="p", score=0.1)
    return Answer(
        question=question, standalone_question=question, status=status, answer="-", confidence=0.1, milliseconds=1,
        nearest=() if status is Status.ANSWERED else (near,), missing=missing,
    )  # fmt: skip


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "kept")


def test_nothing_is_made_before_there_is_something_to_keep(journal: Journal) -> None:
    assert (journal.ratings(), journal.gaps(), journal.folder.exists()) == ((), (), False)


def test_a_rating_is_kept_and_replaced_by_a_later_one_of_the_same_answer(journal: Journal) -> None:
    journal.rate("a", answer("What is a saw?"), good=True)
    journal.rate("b", answer("What is glue?"), good=True)
    journal.rate("a", answer("What is a saw?"), good=False, word="  too short\n ")
    kept = {each.id: (each.good, each.word, each.question, each.sections) for each in journal.ratings()}
    assert kept == {"a": (False, "too short", "What is a saw?", ("saws",)), "b": (True, "", "What is glue?", ("saws",))}


def test_only_what_was_searched_for_in_vain_is_a_gap(journal: Journal) -> None:
    journal.note(answer("What is a saw?", Status.ANSWERED))
    journal.note(answer("").model_copy(update={"nearest": ()}))
    journal.note(answer("What does a saw cost?", Status.CLOSEST, "the price of a saw"))
    assert [(each.question, each.missing) for each in journal.gaps()] == [
        ("What does a saw cost?", "the price of a saw")
    ]


def test_what_is_kept_is_for_its_owner_alone(journal: Journal) -> None:
    journal.note(answer("What does a saw cost?"))
    assert stat.S_IMODE((journal.folder / GAPS).stat().st_mode) == 0o600
    assert stat.S_IMODE(journal.folder.stat().st_mode) == 0o700


def test_a_line_that_a_crash_cut_off_costs_no_other(journal: Journal) -> None:
    journal.note(answer("one"))
    file = journal.folder / GAPS
    file.write_bytes(file.read_bytes() + b'{"at": "2026-')
    journal.note(answer("two"))
    assert [each.question for each in journal.gaps()] == ["one", "two"]


def test_many_threads_lose_nothing(journal: Journal) -> None:
    def write(number: int) -> None:
        for each in range(20):
            journal.note(answer(f"question {number} {each} " + "x" * 5000))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len({each.question for each in journal.gaps()}) == 160


def test_a_full_file_takes_no_more_and_a_question_is_answered_all_the_same(
    journal: Journal, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    journal.note(answer("one"))
    monkeypatch.setattr(journal_module, "LARGEST_FILE", 10)
    journal.note(answer("two"))
    assert len(journal.gaps()) == 1 and "grown beyond" in caplog.text


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(GuideError, match="cannot be written"):
        Journal(tmp_path / "file").rate("a", answer("x"), good=True)


def test_forgetting_deletes_both_files(journal: Journal) -> None:
    journal.note(answer("one"))
    journal.rate("a", answer("one"), good=True)
    journal.forget()
    assert not {RATINGS, GAPS} & {each.name for each in journal.folder.iterdir()}
    journal.forget()


def test_questions_of_one_meaning_are_one_gap(journal: Journal) -> None:
    for each in ("price of a saw", "the price of a saw", "price of a saw", "weight of hammers"):
        journal.note(answer(each, missing="the price" if "price" in each else None))
    groups = grouped(journal.gaps(), BagOfWordsEmbedder().encode)
    assert [(each.asked, each.questions) for each in groups] == [
        (3, ("price of a saw", "the price of a saw")), (1, ("weight of hammers",)),
    ]  # fmt: skip
    assert groups[0].missing == ("the price",) and groups[0].sections == ("saws",)
    banked = [question_of(line) for line in groups[0].bank_lines()]
    assert [(each.question, each.answerable, each.missing) for each in banked] == [
        ("price of a saw", False, "the price"), ("the price of a saw", False, "the price"),
    ]  # fmt: skip
    assert grouped((), BagOfWordsEmbedder().encode) == ()
