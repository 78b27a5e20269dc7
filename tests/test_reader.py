"""A folder becomes documents, and each file that does not is named with its reason."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingest.documents import Corpus
from ingest.errors import GuideError
from ingest.parsers import Format
from ingest.parsers.outline import Outline, Parsed
from ingest.reader import MAX_FILE_BYTES, read_corpus, read_document
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
    plain = read_document(folder / "tools.md", "tools.md")
    (folder / "tools.md").write_bytes(b"\xef\xbb\xbf" + SMALL_GUIDE.replace("\n", "\r\n").encode())
    other = read_document(folder / "tools.md", "tools.md")
    assert (other.text, other.sections, other.blocks, other.flags) == (
        plain.text, plain.sections, plain.blocks, plain.flags,
    )  # fmt: skip


BAD_FILES = {
    "picture.png": (b"\x89PNG", "no parser for .png; known: .markdown, .md, .text, .txt"),
    "Makefile": (b"all:", "no parser for a file without ending; known: .markdown, .md, .text, .txt"),
    "latin.md": (b"# Gr\xf6sse", "is not UTF-8 (byte 5): save it as UTF-8"),
    "wide.txt": ("# Größe".encode("utf-16"), "is not UTF-8 (byte 1): save it as UTF-8"),
    "empty.md": (b"", "is empty: nothing to read"),
    "blank.md": (b"\xef\xbb\xbf \n\n", "is empty: nothing to read"),
    "binary.txt": (b"abc\0def", "holds NUL bytes: not a text file"),
    "silent.md": (b"<!-- nothing -->", "holds no text that can be read"),
    "front.md": (b"---\na: [\n---\ntext", "the front matter is not YAML (line 2): mend it or remove it"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_left_out_with_its_reason(name: str, small_content: SmallContent) -> None:
    folder = small_content()
    content, reason = BAD_FILES[name]
    (folder / name).write_bytes(content)
    corpus = read_corpus(folder)
    assert [each.id for each in corpus.documents] == ["tools"]
    assert _reasons(corpus) == {name: reason}


def test_many_bad_files_are_each_named_once(small_content: SmallContent) -> None:
    folder = small_content()
    for name, (content, _) in BAD_FILES.items():
        (folder / name).write_bytes(content)
    corpus = read_corpus(folder)
    assert [each.path for each in corpus.skipped] == sorted(BAD_FILES)


def test_a_link_is_not_followed(small_content: SmallContent, tmp_path: Path) -> None:
    folder = small_content()
    (tmp_path / "outside.md").write_text("# Outside", encoding="utf-8")
    (folder / "link.md").symlink_to(tmp_path / "outside.md")
    (folder / "broken.md").symlink_to(tmp_path / "nowhere.md")
    corpus = read_corpus(folder)
    assert [each.id for each in corpus.documents] == ["tools"]
    assert _reasons(corpus) == dict.fromkeys(["broken.md", "link.md"], "is a link: put the file itself into the folder")


def test_a_pipe_does_not_hold_the_reader_up(small_content: SmallContent) -> None:
    folder = small_content()
    os.mkfifo(folder / "pipe.md")
    assert _reasons(read_corpus(folder)) == {"pipe.md": "is not a regular file"}


def test_a_huge_file_is_left_out_unread(small_content: SmallContent) -> None:
    folder = small_content()
    with (folder / "huge.md").open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    assert _reasons(read_corpus(folder)) == {"huge.md": "has 20,000,001 bytes, more than 20,000,000: split it"}


def test_of_two_files_with_one_id_the_first_is_read(small_content: SmallContent) -> None:
    small_content("# First", "1. Saws.md")
    folder = small_content("# Second", "saws.txt")
    corpus = read_corpus(folder)
    assert [each.path for each in corpus.documents] == ["1. Saws.md"]
    assert _reasons(corpus) == {"saws.txt": "has the same id as 1. Saws.md (saws): rename one of the two"}


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
    with _unprivileged():
        corpus = read_corpus(open_folder)
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


def test_a_binary_format_gets_the_bytes_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def parse(content: bytes) -> Parsed:
        outline = Outline()
        outline.paragraph(content.hex())
        return outline.finish()

    monkeypatch.setattr("ingest.reader.PARSERS", {".bin": Format("application/x-bytes", parse, binary=True)})
    (tmp_path / "a.bin").write_bytes(b"\0\xff\r\n")
    document = read_document(tmp_path / "a.bin", "a.bin")
    assert (document.text, document.media_type) == ("00ff0d0a", "application/x-bytes")
