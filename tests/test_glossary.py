from pathlib import Path

import pytest

from ingest.errors import GuideError
from ingest.glossary import Entry, Glossary, fold, read_glossary
from settings import PROJECT

OURS = PROJECT / "content"


def _written(folder: Path, text: str) -> Path:
    (folder / "glossary.yaml").write_text(text, encoding="utf-8")
    return folder


def test_a_folder_without_glossary_has_an_empty_one(tmp_path: Path) -> None:
    assert read_glossary(tmp_path) == Glossary()


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_an_empty_file_is_an_empty_glossary(tmp_path: Path, text: str) -> None:
    assert read_glossary(_written(tmp_path, text)) == Glossary()


def test_an_entry_is_read_whole(tmp_path: Path) -> None:
    text = "- term: Kubernetes\n  kind: tool\n  aliases: [k8s, 404]\n  note: >-\n    Runs\n    containers.\n"
    text += "- term: Git\n"
    first, second = read_glossary(_written(tmp_path, text)).entries
    assert first == Entry(term="Kubernetes", kind="tool", aliases=("k8s", "404"), note="Runs containers.", line=1)
    assert second == Entry(term="Git", line=7)


def test_yes_and_no_are_no_names_unless_quoted(tmp_path: Path) -> None:
    assert read_glossary(_written(tmp_path, "- term: 'No'\n")).entries[0].term == "No"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("- term: Git\n  alias: [scm]\n", 2, "unknown key 'alias'"),
        ("- term: Git\n  aliases: scm\n", 2, "aliases is a list"),
        ("- term: Git\n  aliases:\n  - a\n  - [b]\n", 4, "alias must be text"),
        ("- term: Git\n  aliases: [scm]\n- term: SVN\n  aliases: [SCM]\n", 4, "already belongs to 'Git' in line 2"),
        ("- term: Git\n- term: SVN\n  aliases: [g-i-t]\n", 3, "already belongs to 'Git'"),
        ("- term: Git\n- term: git\n", 2, "stands twice"),
        ("- term: Git\n- term: Git\n", 2, "stands twice, first in line 1"),
        ("- term: ''\n", 1, "the term is empty"),
        ("- term:\n", 1, "the term must be text"),
        ("- term: yes\n", 1, "put it in quotes"),
        ("- term: ...x\n- term: '...'\n", 2, "holds no letter"),
        ("- kind: tool\n", 1, "an entry needs a term"),
        ("- Git\n", 1, "'key: value'"),
        ("Git: scm\n", 1, "list of entries"),
        ("- term: Git\n  term: SVN\n", 2, "twice in one entry"),
        ("- term: Git\n  note: [a]\n", 2, "note must be text"),
        ("- term: Git\n  aliases: [a\n- term: b\n", 3, "not valid YAML"),
        ("- term: a: b\n", 1, "not valid YAML"),
    ],
)
def test_each_mistake_is_one_line_with_its_place(tmp_path: Path, text: str, line: int, says: str) -> None:
    with pytest.raises(GuideError) as caught:
        read_glossary(_written(tmp_path, text))
    message = str(caught.value)
    assert f"glossary.yaml, line {line}:" in message
    assert says in message
    assert "\n" not in message


@pytest.mark.parametrize("data", [b"- term: \xff\n", b"\x00", b"- &a [*a]\n", b"- " + b"[" * 5000])
def test_a_file_that_is_no_yaml_is_a_clear_error(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "glossary.yaml").write_bytes(data)
    with pytest.raises(GuideError):
        read_glossary(tmp_path)


def test_names_are_compared_without_case_and_signs() -> None:
    assert fold("Node.js") == fold("node JS") == "nodejs"
    assert len({fold("C"), fold("C++"), fold("C#")}) == 3


def test_our_glossary_names_what_our_guide_names() -> None:
    guide = next(OURS.glob("*.md")).read_text(encoding="utf-8").casefold()
    glossary = read_glossary(OURS)
    assert len(glossary.entries) >= 120
    assert not [entry.term for entry in glossary.entries if entry.term.casefold() not in guide]


def test_our_notes_are_short() -> None:
    notes = [entry.note for entry in read_glossary(OURS).entries if entry.note]
    assert len(notes) >= 80
    assert not [note for note in notes if len(note.split()) > 45 or not note.endswith(".")]
