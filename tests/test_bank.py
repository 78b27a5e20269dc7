import json
from collections import Counter
from pathlib import Path

import pytest

from answering.bank import FOLDER, BankedQuestion, read_bank, read_questions
from ingest.errors import GuideError
from ingest.reader import read_corpus
from settings import PROJECT

OURS = PROJECT / "content"
ANSWERABLE = {
    "id": "a-1", "question": "How heavy is a hammer?", "kind": "lookup", "answerable": True, "sections": ["hammers"],
    "facts": [["500", "half a kilo"]],
}  # fmt: skip
NEAR_MISS = {"id": "a-2", "question": "Price?", "kind": "near_miss", "answerable": False, "missing": "the price"}


def written(content: Path, name: str, *lines: object) -> Path:
    file = content / FOLDER / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines))
    return file


def test_no_bank_is_an_empty_one(tmp_path: Path) -> None:
    assert read_bank(tmp_path) == ()
    (tmp_path / FOLDER).write_text("a file of that name")
    assert read_bank(tmp_path) == ()


def test_a_question_is_read_whole(tmp_path: Path) -> None:
    written(tmp_path, "a.jsonl", {**ANSWERABLE, "turns": ["What is a hammer?"], "voice": "terse"}, "", NEAR_MISS)
    first, second = read_bank(tmp_path)
    assert first.facts == (("500", "half a kilo"),) and first.turns == ("What is a hammer?",) and first.voice == "terse"
    assert second == BankedQuestion.model_validate(NEAR_MISS)


def test_files_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b", "c", "a"):
        written(tmp_path, f"{name}.jsonl", {**NEAR_MISS, "id": name})
    written(tmp_path, "notes.txt", "not a question")
    assert [each.id for each in read_bank(tmp_path)] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "JSON"),
        ("[]", "object"),
        ({**ANSWERABLE, "answerable": "perhaps"}, "answerable: "),
        ({**ANSWERABLE, "question": None}, "question: "),
        ({**ANSWERABLE, "sections": []}, "needs its sections and facts"),
        ({**ANSWERABLE, "facts": []}, "needs its sections and facts"),
        ({**ANSWERABLE, "fact": [["5"]]}, "fact: "),
        ({"id": "x"}, "question: "),
    ],
)
def test_a_bad_line_is_named_with_its_file(tmp_path: Path, line: object, says: str) -> None:
    written(tmp_path, "tools.jsonl", ANSWERABLE, "", line)
    with pytest.raises(GuideError, match=r"^tools\.jsonl, line 3: ") as found:
        read_bank(tmp_path)
    assert says in str(found.value) and "\n" not in str(found.value)


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    written(tmp_path, "tools.jsonl").write_bytes(b'{"id": "\xff"}')
    with pytest.raises(GuideError, match=r"tools\.jsonl cannot be read as UTF-8"):
        read_bank(tmp_path)


def test_a_line_ends_where_json_lines_end(tmp_path: Path) -> None:
    question = "What is\u2028a\x85hammer?"
    file = written(tmp_path, "tools.jsonl", json.dumps({**NEAR_MISS, "question": question}, ensure_ascii=False))
    assert [each.question for each in read_questions(file)] == [question]


def test_our_bank_asks_about_our_guide() -> None:
    bank = read_bank(OURS)
    sections = {section.id for document in read_corpus(OURS).documents for section in document.sections}
    assert len(bank) >= 500
    assert not [each.id for each in bank if not sections.issuperset(each.sections)]
    assert not [each for each, times in Counter(each.id for each in bank).items() if times > 1]
    assert {each.answerable for each in bank} == {True, False}
