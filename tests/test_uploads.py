"""A whole index over a Chroma server: built, asked, lost, restored, and cleared away with its generations."""

import logging
import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Semaphore
from typing import TYPE_CHECKING

import pytest

import assembly
from ingest.errors import GuideError
from retrieval import generation as generations
from retrieval.generation import Generation
from retrieval.live import IndexReader
from retrieval.retriever import search
from retrieval.server import ServerStore
from retrieval.uploads import LEDGER, UPLOAD, Chroma, read_upload
from settings import Settings
from tests.builds import bag_of_words, settings_for
from tests.chroma_servers import ChromaServer, chroma_server
from tests.conftest import SMALL_GUIDE, SmallContent
from tests.fakes import BagOfWordsEmbedder

if TYPE_CHECKING:
    from chromadb.api import ClientAPI


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    """One server for the tests that do not kill it."""
    with chroma_server(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture
def own(tmp_path: Path) -> Iterator[ChromaServer]:
    """A server of the test's own."""
    with chroma_server(tmp_path / "server") as server:
        yield server


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    opened: list[ServerStore] = []
    connect = ServerStore._client

    def noted(store: ServerStore) -> "ClientAPI":
        opened.append(store)
        return connect(store)

    monkeypatch.setattr(ServerStore, "_client", noted)
    monkeypatch.setattr(generations, "BUILD_PATIENCE", 30.0)
    monkeypatch.setattr(generations, "RESTORE_AGAIN_SECONDS", 0.2)
    with bag_of_words():
        yield
    for store in opened:  # a reader keeps its generation open until its process ends
        store.close()


def _settings(content: Path, server: ChromaServer, index: str = "index") -> Settings:
    return settings_for(content, content.parent / index, chroma_url=server.server.url)


def _names(server: ChromaServer) -> set[str]:
    store = ServerStore(server.server, "")
    found = set(store._listed(0))
    store.close()
    return found


def _bases(settings: Settings) -> set[str]:
    uploads = [read_upload(path) for path in settings.index.glob("gen-*")]
    return {upload.base for upload in uploads if upload}


def _best(reader: IndexReader) -> str:
    question = "what drives nails into wood"
    with reader.use() as generation:
        return search(generation, question, BagOfWordsEmbedder().encode([question])[0], 3)[0].passage.section


def _reader(settings: Settings, server: ChromaServer) -> IndexReader:
    return IndexReader(settings.index, Chroma(deadline=60, server=server.server))


def test_an_index_on_a_server_answers_as_one_in_a_folder(small_content: SmallContent, shared: ChromaServer) -> None:
    content = small_content()
    here, there = settings_for(content, content.parent / "here"), _settings(content, shared)
    for settings in (here, there):
        assembly.build_index(settings)
    (folder,) = there.index.glob("gen-*")
    assert not (folder / "chroma").exists()
    (base,) = _bases(there)
    assert {f"{base}-passages", f"{base}-sentences"} <= _names(shared)
    readers = IndexReader(here.index), _reader(there, shared)
    question = BagOfWordsEmbedder().encode(["a saw cuts wood"])[0]
    with readers[0].use() as one, readers[1].use() as other:
        assert search(one, "a saw cuts wood", question, 5) == search(other, "a saw cuts wood", question, 5)
        assert isinstance(other.store, ServerStore)


@pytest.mark.soak
def test_two_indexes_of_the_same_guide_share_a_server(small_content: SmallContent, shared: ChromaServer) -> None:
    content = small_content()
    first, second = _settings(content, shared, "one"), _settings(content, shared, "two")
    assembly.build_index(first)
    assembly.build_index(second)
    assert not _bases(first) & _bases(second)
    small_content(SMALL_GUIDE.replace("500", "600"))
    kept = first.model_copy(update={"generations_kept": 1})
    assembly.build_index(kept)
    bases = _bases(first) | _bases(second)
    assert len(bases) == 3, "the one that a build begins with is held by it"
    assert {f"{base}-passages" for base in bases} <= _names(shared)


def test_collections_go_with_their_generations_but_not_while_somebody_reads(
    small_content: SmallContent, shared: ChromaServer
) -> None:
    settings = _settings(small_content(), shared).model_copy(update={"generations_kept": 1})
    assembly.build_index(settings)
    (folder,) = settings.index.glob("gen-*")
    held, (base,) = Generation(folder, chroma=Chroma(server=shared.server)), _bases(settings)
    for weight in ("600", "700"):
        small_content(SMALL_GUIDE.replace("500", weight))
        assembly.build_index(settings)
    assert f"{base}-passages" in _names(shared)
    assert len(held.store.nearest("passages", held.passage_vectors[0], 2)) == 2
    held.close()
    small_content()
    assembly.build_index(settings)
    assert not [name for name in _names(shared) if name.startswith(base)]
    ledger = (settings.index / LEDGER).read_text(encoding="utf-8")
    assert set(ledger.splitlines()) == {f"{shared.server.url} {left}" for left in _bases(settings)}


@pytest.mark.soak
def test_a_build_that_fails_leaves_the_old_index_and_later_nothing_on_the_server(
    small_content: SmallContent, shared: ChromaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = _settings(small_content(), shared)
    assembly.build_index(settings)
    before = _names(shared)
    small_content(SMALL_GUIDE.replace("500", "600"))
    with monkeypatch.context() as patch:
        patch.setattr(assembly, "seal", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        with pytest.raises(GuideError):
            assembly.build_index(settings)
    assert (settings.index / "CURRENT").read_text(encoding="utf-8") == "gen-000001"
    assert len(_names(shared) - before) == 2, "nothing knows yet that nobody needs them"
    assembly.build_index(settings)
    assert len(_bases(settings)) == 2
    assert {
        name for name in _names(shared) - before if not any(name.startswith(base) for base in _bases(settings))
    } == set()


def test_without_its_server_a_build_says_so_in_one_line_and_changes_nothing(
    small_content: SmallContent, own: ChromaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.writing.BUILD_PATIENCE", 0.3)
    settings = _settings(small_content(), own)
    own.kill()
    with pytest.raises(GuideError) as caught:
        assembly.build_index(settings)
    said = f"the index could not be built, nothing changed: the Chroma server at {own.server.url} cannot be reached ("
    assert str(caught.value).startswith(said)
    assert str(caught.value).isprintable()
    assert not list(settings.index.glob("gen-*"))


def test_questions_are_answered_while_the_server_is_away_empty_and_back(
    small_content: SmallContent, own: ChromaServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    settings = _settings(small_content(), own)
    assembly.build_index(settings)
    reader = _reader(settings, own)
    assert _best(reader) == "hammers"
    assert not caplog.messages
    own.kill()
    assert _best(reader) == "hammers"
    assert "searching without the vector store" in caplog.text
    shutil.rmtree(own.folder)
    own.start()
    until = time.monotonic() + 60
    while "they are there again" not in caplog.text:
        assert time.monotonic() < until
        assert _best(reader) == "hammers"
        time.sleep(0.05)
    caplog.clear()
    assert _best(reader) == "hammers"
    assert not caplog.messages
    (base,) = _bases(settings)
    assert _names(own) == {f"{base}-passages", f"{base}-sentences"}


def test_what_a_server_lost_is_uploaded_by_one_at_a_time(
    small_content: SmallContent, shared: ChromaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generations, "RESTORE_AGAIN_SECONDS", 0.0)
    settings = _settings(small_content(), shared)
    assembly.build_index(settings)
    (folder,) = settings.index.glob("gen-*")
    begun, may_end = Semaphore(0), Semaphore(0)

    def restore(_: Generation) -> bool:
        begun.release()
        return may_end.acquire(timeout=60)

    monkeypatch.setattr(Generation, "restore", restore)
    with closing(Generation(folder, chroma=Chroma(server=shared.server))) as generation:
        generation.restore_later()
        assert begun.acquire(timeout=60)
        generation.restore_later()
        assert not begun.acquire(timeout=0.2)
        may_end.release(2)
        assert generation._restorer is not None
        generation._restorer.join()
        generation.restore_later()
        assert begun.acquire(timeout=60), "when it has ended, another may begin"


def test_a_build_with_nothing_to_do_gives_a_server_back_what_it_lost(
    small_content: SmallContent, own: ChromaServer
) -> None:
    settings = _settings(small_content(), own)
    assembly.build_index(settings)
    own.kill()
    said: list[str] = []
    assert assembly.build_index(settings, say=said.append).added == 0
    assert len(said) == 1
    assert said[0].startswith("questions are answered without the Chroma server")
    shutil.rmtree(own.folder)
    own.start()
    said.clear()
    assembly.build_index(settings, say=said.append)
    expected = f"the Chroma server at {own.server.url} has lost the vectors of gen-000001: uploading them again"
    assert said == [expected]
    assert len(_names(own)) == 2
    said.clear()
    assembly.build_index(settings, say=said.append)
    assert said == []


@pytest.mark.soak
def test_moving_to_a_server_and_back_embeds_nothing_again(small_content: SmallContent, shared: ChromaServer) -> None:
    content = small_content()
    with bag_of_words() as embedded:
        assembly.build_index(settings_for(content))
        embedded.clear()
        assembly.build_index(_settings(content, shared))
        assert (settings_for(content).index / "gen-000002" / UPLOAD).is_file()
        assembly.build_index(settings_for(content))
        assert (settings_for(content).index / "gen-000003" / "chroma").is_dir()
        assert [text for text in embedded if "hammer" in text.casefold() and "\n" in text] == []
