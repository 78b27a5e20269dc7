"""What comes in from outside lies in the content folder under a harmless name, whatever it was called, or nowhere."""

import os
import unicodedata
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from ingest.arrivals import MAX_ARRIVAL_BYTES, MAX_NAME_BYTES, safe_name, take_in
from ingest.errors import GuideError
from ingest.reader import read_corpus
from tests.test_folder import OUTSIDE

TEXT = b"# A guide\n\nA saw cuts wood."

FRONTS = [
    "", "../", "../../../../", "..\\", "..\\..\\", "/", "//", "/etc/", "/tmp/", "C:\\", "C:/", "C:", "c:..\\",
    "\\\\server\\share\\", "//server/share/", "\\\\?\\C:\\", "\\\\.\\", "file:///", "~/", "~root/", "./", ".\\",
    "....//",    "%2e%2e%2f", "..%2f", "%2e%2e/", "..%5c", "..%c0%af", "\uff0e\uff0e\uff0f", "..\u2215", "..\u2044",
    "questions/", ".git/", "\0/",
    "a/../../",    "\u202e/", "$HOME/", "`id`/", "$(id)/", "| ",
]  # fmt: skip
STEMS = [
    "guide", "..", "...", ".hidden", "CON", "nul", "COM1", "lpt9.tar", "a\0b", "a:b", "trailing. .", "  blank  ",
    "x" * 300, "é" * 200, "\u202egnp.exe", "a\nb", "a\x1b[31mb", "-rf", "*?<>|\"", "glossary",
]  # fmt: skip
NAMES = [f"{front}{stem}.md" for front, stem in product(FRONTS, STEMS)]


def _tree(folder: Path) -> dict[str, bytes | None]:
    return {str(path): path.read_bytes() if path.is_file() else None for path in sorted(folder.rglob("*"))}


@pytest.fixture
def content(tmp_path: Path) -> Iterator[Path]:
    """A content folder deep in others; nothing but it may have changed at the end."""
    folder = tmp_path / "a" / "b" / "content"
    (folder / "questions").mkdir(parents=True)
    (folder / "own.md").write_bytes(b"own")
    (tmp_path / "secret.md").write_bytes(OUTSIDE)
    before = {name: held for name, held in _tree(tmp_path).items() if not name.startswith(f"{folder}{os.sep}")}
    yield folder
    after = {name: held for name, held in _tree(tmp_path).items() if not name.startswith(f"{folder}{os.sep}")}
    assert after == before


def test_eight_hundred_hostile_names_write_nothing_outside(content: Path) -> None:
    assert len(NAMES) == 800
    stored: set[str] = set()
    for number, name in enumerate(NAMES):
        try:
            arrival = take_in(content, name, TEXT + b"%d" % number)
        except GuideError as error:
            assert error.args[0].isprintable() and "\n" not in error.args[0]
            continue
        stored.add(arrival.name)
    (content / "questions").rmdir()
    lying = {path.name for path in content.iterdir()}
    assert lying == stored | {"own.md"} and len(stored) > 20
    assert (content / "own.md").read_bytes() == b"own"
    for name in lying:
        assert name.isprintable() and len(name.encode()) <= MAX_NAME_BYTES
        assert not set(name) & set('/\\:*?"<>|%') and not name.startswith((".", " "))
        assert name == unicodedata.normalize("NFC", name)
    assert {each.path for each in read_corpus(content).documents} == lying


@pytest.mark.parametrize(
    ("name", "becomes"),
    [
        ("guide.md", "guide.md"),
        ("My Guide.PDF.MD", "My Guide.PDF.md"),
        ("../../etc/cron.d/x.txt", "x.txt"),
        ("C:\\Users\\me\\guide.md", "guide.md"),
        ("C:guide.md", "guide.md"),
        ("\\\\server\\share\\guide.md", "guide.md"),
        ("CON.md", "_CON.md"),
        ("nul.tar.md", "_nul.tar.md"),
        ("com¹.md", "_com¹.md"),
        ("...hidden.md", "hidden.md"),
        ("end. . .md", "end.md"),
        ("a\0b\u202ec\u200bd.md", "abcd.md"),
        ("ab:c*d.md", "ab-c-d.md"),
        ("Größe.md", "Größe.md"),
        ("e\u0301.md", "é.md"),
        ("日本語.md", "日本語.md"),
        ("x" * 300 + ".md", "x" * 117 + ".md"),
        ("日" * 100 + ".md", "日" * 39 + ".md"),
    ],
)
def test_a_name_keeps_what_is_harmless(name: str, becomes: str) -> None:
    assert safe_name(name) == becomes
    assert safe_name(becomes) == becomes


@pytest.mark.parametrize("name", ["", ".md", "..", "/", "guide", "guide.exe", "guide.md/", "x.md\0.exe", "...md"])
def test_a_name_of_which_nothing_is_left_is_refused(name: str, content: Path) -> None:
    with pytest.raises(GuideError):
        take_in(content, name, TEXT)


def test_a_file_is_stored_as_it_is(content: Path) -> None:
    arrival = take_in(content, "new.md", TEXT)
    assert (arrival.name, arrival.bytes, arrival.was_there) == ("new.md", len(TEXT), False)
    assert (content / "new.md").read_bytes() == TEXT
    assert sorted(path.name for path in content.iterdir()) == ["new.md", "own.md", "questions"]


def test_nothing_is_overwritten(content: Path) -> None:
    with pytest.raises(GuideError, match=r"own\.md is there already, with other content: rename one of the two"):
        take_in(content, "own.md", TEXT)
    assert (content / "own.md").read_bytes() == b"own"
    assert take_in(content, "own.md", b"own").was_there


@pytest.mark.parametrize("target", ["../../../secret.md", "nowhere", "own.md"])
def test_a_link_in_the_way_is_not_written_through(content: Path, target: str) -> None:
    (content / "new.md").symlink_to(target)
    with pytest.raises(GuideError, match="is there already"):
        take_in(content, "new.md", TEXT)
    assert (content / "new.md").is_symlink() and (content / "own.md").read_bytes() == b"own"


def test_of_two_that_come_at_once_one_stays(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.arrivals.os.path.lexists", lambda _: False)  # as if each had looked before the other
    take_in(content, "new.md", TEXT)
    with pytest.raises(GuideError, match="is there already, with other content"):
        take_in(content, "new.md", b"# Other")
    assert (content / "new.md").read_bytes() == TEXT


@pytest.mark.parametrize(
    ("name", "held", "reason"),
    [
        ("a.md", b"", "a.md is empty"),
        ("a.md", b" \n", "a.md is empty"),
        ("a.md", b"x" * (MAX_ARRIVAL_BYTES + 1), "a.md has 25,000,001 bytes, more than 25,000,000: split it"),
        ("a.md", b"\x89PNG\r\n", "a.md is a picture"),
        ("a.md", b"PK\x05\x06" + bytes(18), r"a.md is not what its ending says, but \.zip: rename it"),
        ("a.txt", b"%PDF-1.7", r"a.txt is not what its ending says, but \.pdf: rename it"),
        ("a.txt", b"<!doctype html><p>x", r"a.txt is not what its ending says, but \.html: rename it"),
        ("a.exe", b"MZ\x90", "has no ending of a known format"),
    ],
)
def test_what_is_no_guide_is_refused(content: Path, name: str, held: bytes, reason: str) -> None:
    with pytest.raises(GuideError, match=reason):
        take_in(content, name, held)
    assert sorted(path.name for path in content.iterdir()) == ["own.md", "questions"]


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(GuideError, match=r"new\.md cannot be stored in .*No such file"):
        take_in(tmp_path / "nowhere", "new.md", TEXT)


def test_a_write_that_fails_leaves_nothing(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ingest.arrivals.os.fsync", full)
    with pytest.raises(GuideError, match="No space left on device"):
        take_in(content, "new.md", TEXT)
    assert sorted(path.name for path in content.iterdir()) == ["own.md", "questions"]
