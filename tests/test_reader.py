"""A folder becomes documents, and each file that does not is named with its reason."""

import errno
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingest.documents import Corpus
from ingest.errors import GuideError, StoppedError
from ingest.reader import document_from, read_corpus
from ingest.sandbox import Sandbox
from tests.conftest import SMALL_GUIDE, SmallContent

NOBODY = 65534


def _reasons(corpus: Corpus) -> dict[str, str]:
    return {each.path: each.reason for each in corpus.skipped}


def test_a_folder_becomes_documents_in_the_order_of_their_paths(small_content: SmallContent) -> None:
    small_content("# B", "b.md")
    small_content("Some words.", "a.txt")
    folder = small_content("# C", "deep/er/1. Third Part.markdown")
    corpus = read_corpus(folder)
    assert [(each.id, each.title, each.path, each.media_type) for each in corpus.documents] == [
        ("a", "a", "a.txt", "text/plain"),
        ("b", "B", "b.md", "text/markdown"),
        ("deep/er/third-part", "C", "deep/er/1. Third Part.markdown", "text/markdown"),
    ]
    assert corpus.skipped == ()


def test_a_document_carries_language_metadata_and_the_digest_of_its_bytes(small_content: SmallContent) -> None:
    folder = small_content(SMALL_GUIDE.replace("language: en", "language: de-AT"))
    (document,) = read_corpus(folder).documents
    assert (document.title, document.language) == ("Two tools", "de")
    assert document.metadata == {"title": "Two tools", "language": "de-AT"}
    assert document.digest == hashlib.sha256((folder / "tools.md").read_bytes()).hexdigest()


def test_line_ends_and_a_byte_order_mark_make_no_difference(small_content: SmallContent) -> None:
    folder = small_content()
    plain = document_from((folder / "tools.md").read_bytes(), "tools.md")
    (folder / "tools.md").write_bytes(b"\xef\xbb\xbf" + SMALL_GUIDE.replace("\n", "\r\n").encode())
    other = document_from((folder / "tools.md").read_bytes(), "tools.md")
    assert (other.text, other.sections, other.blocks, other.flags) == (
        plain.text, plain.sections, plain.blocks, plain.flags,
    )  # fmt: skip


BAD_FILES = {
    "data.csv": (b"a,b", r"is of no known format \(.csv\); known: .*"),
    "Makefile": (b"all:", r"is of no known format \(without ending\); known: .*"),
    "empty.md": (b"", "is empty: nothing to read"),
    "blank.md": (b"\xef\xbb\xbf \n\n", "is empty: nothing to read"),
    "wide.txt": (" \n".encode("utf-16"), "is empty: nothing to read"),
    "binary.txt": (b"abc\0def", "is not a text file"),
    "picture.md": (b"\x89PNG\r\n\x1a\n", "is a picture"),
    "old.txt": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an old Office file or one with a password: .*"),
    "zip.md": (b"PK\x05\x06" + bytes(18), "is .zip inside, which cannot be read"),
    "silent.md": (b"<!-- nothing -->", "holds no text that can be read"),
    "front.md": (b"---\na: [\n---\ntext", r"has front matter that is not YAML \(line 2\): mend it or remove it"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_left_out_with_its_reason(name: str, small_content: SmallContent) -> None:
    folder = small_content()
    content, reason = BAD_FILES[name]
    (folder / name).write_bytes(content)
    corpus = read_corpus(folder)
    assert [each.id for each in corpus.documents] == ["tools"]
    assert list(_reasons(corpus)) == [name] and re.fullmatch(reason, _reasons(corpus)[name])


def test_many_bad_files_are_each_named_once(small_content: SmallContent) -> None:
    folder = small_content()
    for name, (content, _) in BAD_FILES.items():
        (folder / name).write_bytes(content)
    corpus = read_corpus(folder)
    assert [each.path for each in corpus.skipped] == sorted(BAD_FILES)


def test_of_two_files_with_one_name_both_are_read(small_content: SmallContent) -> None:
    for name in ("saws.txt", "2. Saws.md", "1. Saws.md", "saws.text", "deep/saws.txt"):
        folder = small_content("Words", name)
    found = {each.path: each.id for each in read_corpus(folder).documents}
    assert found == {
        "1. Saws.md": "saws", "2. Saws.md": "saws-md", "saws.text": "saws-text", "saws.txt": "saws-txt",
        "deep/saws.txt": "deep/saws",
    }  # fmt: skip


def test_an_id_does_not_change_when_another_format_is_put_beside_it(small_content: SmallContent) -> None:
    small_content("Words", "a.txt")
    assert [each.id for each in read_corpus(small_content("Words", "saws.md")).documents] == ["a", "saws"]
    found = read_corpus(small_content("Words", "saws.markdown")).documents
    assert [(each.path, each.id) for each in found[1:]] == [("saws.markdown", "saws-markdown"), ("saws.md", "saws")]


def test_what_is_known_is_not_parsed_again(small_content: SmallContent) -> None:
    folder = small_content("# B", "b.md")
    small_content("# C", "c.md")
    first = read_corpus(folder)
    with Sandbox() as idle:
        again = read_corpus(folder, {each.path: each for each in first.documents}, idle)
        assert (again, idle.started) == (first, 0)
        small_content("# Changed", "c.md")
        changed = read_corpus(folder, {each.path: each for each in first.documents}, idle)
        assert ([each.title for each in changed.documents], idle.started) == (["B", "Changed"], 1)


def test_one_child_reads_many_files(small_content: SmallContent) -> None:
    for number in range(50):
        folder = small_content(f"# Guide {number}", f"{number:02}.md")
    with Sandbox() as sandbox:
        assert len(read_corpus(folder, sandbox=sandbox).documents) == 50
        assert sandbox.started == 1


def test_hidden_characters_are_noted(small_content: SmallContent) -> None:
    folder = small_content("# To\u200bols\n\nSa\u202ews\U000e0041 cut.", "tools.md")
    (document,) = read_corpus(folder).documents
    assert (document.text, document.flags) == ("Tools\n\nSaws cut.", ("hidden characters were taken out",))


def test_hidden_files_and_what_others_read_are_no_guides(small_content: SmallContent) -> None:
    for name in (".hidden.md", ".git/x.md", "glossary.yaml", "questions/bank.md"):
        small_content("text", name)
    corpus = read_corpus(small_content())
    assert [each.path for each in corpus.documents] == ["tools.md"]
    assert corpus.skipped == ()


def test_an_odd_name_is_shown_in_printable_form(small_content: SmallContent) -> None:
    folder = small_content()
    for name in (b"new\nline.md", b"caf\xe9.md", "ok é.md".encode()):
        (Path(os.fsdecode(os.fsencode(folder) + b"/" + name))).write_text("# T", encoding="utf-8")
    assert [each.path for each in read_corpus(folder).documents] == [
        "caf\\udce9.md",
        "new\\nline.md",
        "ok é.md",
        "tools.md",
    ]


def test_a_missing_folder_is_named_with_the_cure(tmp_path: Path) -> None:
    with pytest.raises(
        GuideError, match=r"no folder of guides at .*nowhere: create it, or name another with --content"
    ):
        read_corpus(tmp_path / "nowhere")


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A", encoding="utf-8")
    with pytest.raises(GuideError, match="no folder of guides at"):
        read_corpus(tmp_path / "a.md")


def test_an_empty_folder_says_what_to_put_there(tmp_path: Path) -> None:
    with pytest.raises(GuideError, match=r"no guides in .*: put a Markdown or text file there"):
        read_corpus(tmp_path)


def test_a_folder_without_a_readable_file_gives_the_first_reasons(small_content: SmallContent) -> None:
    for number in range(5):
        folder = small_content("", f"{number}.md")
    with pytest.raises(GuideError, match=r"none of the 5 files in .*: 0.md is empty.*; 1.md .*; 2.md is empty[^;]*$"):
        read_corpus(folder)


@contextmanager
def _unprivileged() -> Iterator[None]:
    """Without the superuser's right to read everything, which tests in a container often have."""
    if os.getuid() != 0:
        yield
        return
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter, which pytest's own is not."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "a.md").write_text("# A", encoding="utf-8")
        yield folder


def test_what_may_not_be_read_is_left_out_with_its_reason(open_folder: Path) -> None:
    (open_folder / "closed").mkdir()
    (open_folder / "secret.md").write_text("# S", encoding="utf-8")
    for name in ("closed", "secret.md"):
        (open_folder / name).chmod(0)
    with Sandbox() as sandbox:
        sandbox.read(b"started while it may be", ".md")  # nobody may run a Python that root installed for itself
        with _unprivileged():
            corpus = read_corpus(open_folder, sandbox=sandbox)
    assert [each.id for each in corpus.documents] == ["a"]
    assert _reasons(corpus) == {
        "closed": "folder cannot be read (Permission denied)",
        "secret.md": "cannot be read (Permission denied): check its permissions",
    }


def test_a_folder_that_may_not_be_read_is_an_error(open_folder: Path) -> None:
    open_folder.chmod(0)
    with _unprivileged(), pytest.raises(GuideError, match=r"the folder of guides .* cannot be read: check its perm"):
        read_corpus(open_folder)


def test_reading_changes_nothing(small_content: SmallContent) -> None:
    folder = small_content()
    before = {path: path.stat() for path in [folder, *folder.rglob("*")]}
    read_corpus(folder)
    after = {path: path.stat() for path in [folder, *folder.rglob("*")]}
    assert {path: state.st_mtime_ns for path, state in before.items()} == {
        path: state.st_mtime_ns for path, state in after.items()
    }


def test_a_machine_without_handles_stops_the_build_and_drops_nothing(
    small_content: SmallContent, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exhausted(*_: object, **__: object) -> None:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    folder = small_content()
    monkeypatch.setattr("ingest.sandbox.subprocess.Popen", exhausted)
    with pytest.raises(StoppedError, match=r"no process can be started to read files in \(Too many open files\)"):
        read_corpus(folder)
    monkeypatch.setattr("ingest.folder.os.open", exhausted)
    with pytest.raises(GuideError, match="cannot be read"):
        read_corpus(folder)


def test_what_was_never_stored_is_read_as_well() -> None:
    document = document_from(b"# Needs\n\nPython", "Job ad.md")
    assert (document.id, document.title, document.text) == ("job-ad", "Needs", "Needs\n\nPython")
    with pytest.raises(GuideError, match=r"is of no known format \(\.exe\)"):
        document_from(b"MZ", "Job ad.exe")
