import json
from pathlib import Path

import pytest

from evaluation.questions import GoldSection, load_questions
from ingest.errors import GuideError

OPEN = {
    "id": "open-1", "question": "How heavy is a hammer?", "turns": [], "kind": "lookup", "answerable": True,
    "sections": ["h"], "must": [["500"]], "must_not": ["steel"], "note": "n",
}  # fmt: skip
BANKED = {
    "id": "a-1", "question": "Price of a saw?", "turns": [], "kind": "near_miss", "answerable": False, "sections": [],
    "voice": "terse", "facts": [], "missing": "the price",
}  # fmt: skip


def write_lines(path: Path, *lines: object) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def test_both_formats_become_the_same_type(tmp_path: Path) -> None:
    (tmp_path / "sections.json").write_text('{"h": "1. Hammers"}')
    first, second = load_questions(write_lines(tmp_path / "both.jsonl", OPEN, BANKED))
    assert first.sections == (GoldSection(id="h", heading="1. Hammers"),) and first.facts == (("500",),)
    assert first.forbidden == ("steel",) and second.missing == "the price" and not second.answerable


def test_a_folder_is_read_whole(tmp_path: Path) -> None:
    write_lines(tmp_path / "b.jsonl", BANKED)
    write_lines(tmp_path / "a.jsonl", OPEN)
    assert [each.id for each in load_questions(tmp_path)] == ["open-1", "a-1"]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "line 2: not JSON"),
        ('{"id": "x"}', "neither"),
        (json.dumps({**OPEN, "id": "x", "answerable": "perhaps"}), "line 2: answerable: "),
        (json.dumps({**OPEN, "id": "x", "must": [[]]}), "a group of facts is empty"),
        (json.dumps({**OPEN, "id": "x", "sections": ["nowhere"]}), "'nowhere' is not in sections.json"),
        (json.dumps(OPEN), "the id open-1 more than once"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, complaint: str) -> None:
    (tmp_path / "sections.json").write_text('{"h": "Hammers"}')
    path = write_lines(tmp_path / "q.jsonl", OPEN)
    path.write_text(path.read_text() + line + "\n")
    with pytest.raises(GuideError, match=r"q\.jsonl") as found:
        load_questions(path)
    assert complaint in str(found.value) and "\n" not in str(found.value)


def test_a_file_without_questions_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "none.jsonl", write_lines(tmp_path / "empty.jsonl"), tmp_path):
        with pytest.raises(GuideError, match=str(path)):
            load_questions(path)
