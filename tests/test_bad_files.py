"""Files that mean harm: each is read to its end or left out with a reason, and costs no more than its share."""

import resource
import socket
import threading
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import pytest

from ingest.errors import GuideError
from ingest.parsers import PARSERS
from ingest.reading import read_content
from ingest.sandbox import Sandbox
from tests.bad_files import MARKER, bombs, long_files, payloads
from tests.rendered import RENDERED

SECRET = "Kanarienvogel0815"
BOMBS = list(bombs())
LONG_FILES = list(long_files())
QUICK_BOMBS = [each for each in BOMBS if each[0] in {
    "one part.docx", "lying size.odt", "overlapping.docx", "2 layers of 700.pdf", "laughs.html", "quotes.md",
    "aliases.md",
}]  # fmt: skip
QUICK_FILES = [each for each in LONG_FILES if "MB" not in each[0] and not each[0].startswith(("rows", "5000", "1000 "))]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """One for all these files, as a build has."""
    with Sandbox() as one:
        yield one


def _outcome(sandbox: Sandbox, content: bytes, ending: str, *, may_crash: bool = False) -> tuple[str, str]:
    """The text that was read with the remarks on it, or nothing and the reason."""
    try:
        found = sandbox.read(content, ending)
    except GuideError as error:
        assert str(error).isprintable() and (may_crash or "crashed" not in str(error)), str(error)
        return "", str(error)
    return found.text, "; ".join(found.flags)


def _goes_off(sandbox: Sandbox, ending: str, make: Callable[[], bytes]) -> None:
    content = make()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    text, _ = _outcome(sandbox, content, ending, may_crash=True)  # pdfium ends its process when memory does
    assert len(text) <= 20 * len(content) + 1000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


@pytest.mark.parametrize(("name", "ending", "make"), QUICK_BOMBS, ids=[each[0] for each in QUICK_BOMBS])
def test_a_bomb_does_not_go_off(sandbox: Sandbox, name: str, ending: str, make: Callable[[], bytes]) -> None:
    _goes_off(sandbox, ending, make)


@pytest.mark.soak
@pytest.mark.parametrize(("name", "ending", "make"), BOMBS, ids=[each[0] for each in BOMBS])
def test_no_bomb_goes_off(sandbox: Sandbox, name: str, ending: str, make: Callable[[], bytes]) -> None:
    assert len(BOMBS) >= 25
    _goes_off(sandbox, ending, make)


def test_no_file_makes_its_reader_fetch_another(sandbox: Sandbox, tmp_path: Path) -> None:
    canary = tmp_path / "canary.txt"
    canary.write_text(SECRET, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        asked: list[object] = []
        over = threading.Event()

        def listen() -> None:
            while not over.is_set():
                try:
                    connection, where = server.accept()
                except TimeoutError:
                    continue
                connection.close()
                asked.append(where)

        listener = threading.Thread(target=listen)
        listener.start()
        try:
            files = list(payloads(str(canary), server.getsockname()[1]))
            found = [(name, *_outcome(sandbox, content, ending)) for name, ending, content in files]
        finally:
            over.set()
            listener.join()
    assert len(files) >= 20 and not asked
    assert not [name for name, text, said in found if SECRET in text + said]
    assert all(text or said for _, text, said in found)


def _is_whole_or_said(sandbox: Sandbox, ending: str, make: Callable[[], bytes]) -> bool:
    text, said = _outcome(sandbox, make(), ending)
    return MARKER in text or bool(said)


def test_nothing_is_cut_short_silently(sandbox: Sandbox) -> None:
    cut = [name for name, ending, make in QUICK_FILES if not _is_whole_or_said(sandbox, ending, make)]
    assert not cut, "cut short, and nobody said so"


@pytest.mark.soak
@pytest.mark.parametrize(("name", "ending", "make"), LONG_FILES, ids=[each[0] for each in LONG_FILES])
def test_nothing_large_is_cut_short_silently(
    sandbox: Sandbox, name: str, ending: str, make: Callable[[], bytes]
) -> None:
    assert len(LONG_FILES) >= 40
    assert _is_whole_or_said(sandbox, ending, make), f"{name} was cut short, and nobody said so"


@pytest.mark.parametrize(("said", "actual"), list(product(RENDERED, RENDERED)))
def test_a_file_is_read_as_what_it_is_or_not_at_all(said: str, actual: str) -> None:
    content = RENDERED[actual]()
    honest = read_content(content, actual)
    try:
        found = read_content(content, said)
    except GuideError as error:
        assert "whatever its ending says" in str(error)
        assert actual in {".md", ".txt"}, "what can be told by its bytes is read"
        return
    if {said, actual} <= {".md", ".txt", ".html"} and actual != ".html":
        assert found.media_type in {PARSERS[each].media_type for each in (".md", ".txt")}  # both are plain text
    else:
        assert (found.media_type, found.text) == (honest.media_type, honest.text)
    assert (said == actual) or PARSERS[said].media_type == found.media_type or found.flags
    assert "<p" not in found.text and "%PDF" not in found.text and "PK\x03" not in found.text
