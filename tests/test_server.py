"""A Chroma server may be killed, frozen, emptied or guarded: questions go on, and nothing half-filled is ever shown."""

import gc
import logging
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from chromadb.api.shared_system_client import SharedSystemClient

from retrieval import server as module
from retrieval import store as stores
from retrieval.connecting import Server
from retrieval.server import BUILD_PATIENCE, ServerStore
from retrieval.store import LostError, StoreError
from tests.chroma_servers import ChromaServer, chroma_server, proxy

BASE = "base"
NAME = "passages"
IDS = [f"id-{number}" for number in range(40)]
VECTORS = np.eye(40, dtype=np.float32)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[ChromaServer]:
    """A server of the test's own, to be killed."""
    with chroma_server(tmp_path / "server") as server:
        yield server


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    with chroma_server(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture
def shared(lasting: ChromaServer) -> ChromaServer:
    """An empty server for the tests that do not kill it."""
    store = _store(lasting.server)
    store.clear([BASE, "one", "two", "twofold"])
    store.close()
    assert _names(lasting.server) == []
    return lasting


def _store(server: Server, patience: float = module.QUESTION_PATIENCE, deadline: float = 60) -> ServerStore:
    return ServerStore(server, BASE, deadline, patience)


def _names(server: Server) -> list[str]:
    store = _store(server)
    client = store._client()
    found = sorted(each.name for each in client.list_collections())
    store.close()
    return found


def _until(done: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it did not come to be"
        time.sleep(0.05)


def _finds(store: ServerStore) -> bool:
    try:
        return store.nearest(NAME, VECTORS[3], 1) == ["id-3"]
    except StoreError:
        return False


def test_a_killed_server_is_missed_in_one_line_and_found_again(
    running: ChromaServer, caplog: pytest.LogCaptureFixture
) -> None:
    store = _store(running.server)
    store.add(NAME, IDS, VECTORS)
    assert _finds(store)
    running.kill()
    for _ in range(3):
        with pytest.raises(StoreError) as caught:
            store.nearest(NAME, VECTORS[3], 1)
        assert str(caught.value).startswith(f"the Chroma server at {running.server.url} cannot be reached (")
        assert str(caught.value).isprintable()
    running.start()
    _until(lambda: _finds(store))
    assert f"the Chroma server at {running.server.url} is back" in caplog.messages
    store.close()


def test_while_a_server_is_away_questions_do_not_wait_for_it(running: ChromaServer) -> None:
    store = _store(running.server)
    store.add(NAME, IDS, VECTORS)
    assert _finds(store)
    store._deadline = 1
    running.freeze()
    with pytest.raises(StoreError, match=r"no answer within 1 s"):
        store.nearest(NAME, VECTORS[3], 1)
    asked: list[str] = []
    store._collections[NAME].query = lambda **_: asked.append("asked")
    with pytest.raises(StoreError, match=r"no answer within 1 s"):
        store.nearest(NAME, VECTORS[3], 1)
    assert asked == []
    del store._collections[NAME]
    store._deadline = 60
    running.thaw()
    _until(lambda: _finds(store))
    store.close()


def test_a_dropped_connection_is_bridged(running: ChromaServer) -> None:
    store = _store(running.server, patience=60)
    store.add(NAME, IDS, VECTORS)
    running.kill()
    back = Thread(target=running.start)
    back.start()
    assert _finds(store)
    back.join()
    store.close()


def test_a_build_outlives_a_server_that_is_killed_and_started_again(
    running: ChromaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "ADD_RECORDS", 10)
    store = _store(running.server, BUILD_PATIENCE)
    call, calls, starting = store._call, iter(range(100)), Thread(target=running.start)

    def disturbed(*given: object, **named: object) -> object:
        if next(calls) == 3:  # between two batches
            running.kill()
            starting.start()
        return call(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "_call", disturbed)
    store.add(NAME, IDS, VECTORS)
    starting.join()
    store.check(NAME, IDS, VECTORS)
    store.close()
    assert _names(running.server) == [f"{BASE}-{NAME}"]


def test_a_build_begins_anew_where_the_server_comes_back_with_an_empty_disk(
    running: ChromaServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(stores, "ADD_RECORDS", 10)
    store = _store(running.server, BUILD_PATIENCE)
    call, calls = store._call, iter(range(100))

    def disturbed(*given: object, **named: object) -> object:
        if next(calls) == 3:
            running.kill()
            shutil.rmtree(running.folder)
            running.start()
        return call(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "_call", disturbed)
    store.add(NAME, IDS, VECTORS)
    store.check(NAME, IDS, VECTORS)
    store.close()
    assert any("beginning anew" in message for message in caplog.messages)


def test_a_collection_has_its_name_only_when_every_record_was_checked(
    shared: ChromaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(store: ServerStore, collection: str, *_: object) -> None:
        seen.extend(_names(shared.server))
        raise StoreError(f"{collection} is wrong")

    seen: list[str] = []
    store = _store(shared.server)
    with monkeypatch.context() as patch:
        patch.setattr(ServerStore, "check", fail)
        with pytest.raises(StoreError, match="is wrong"):
            store.add(NAME, IDS, VECTORS)
    assert len(seen) == 1
    assert seen[0].startswith(f"{BASE}-{NAME}-new-")
    assert _names(shared.server) == []
    store.add(NAME, IDS, VECTORS)
    assert _finds(store)
    store.close()


def test_lost_collections_are_told_from_a_server_that_is_away(running: ChromaServer) -> None:
    store, other = _store(running.server), _store(running.server)
    store.add(NAME, IDS, VECTORS)
    assert _finds(store)
    assert (store.holds(NAME, 40), store.holds(NAME, 41), store.holds("other", 1)) == (True, False, False)
    running.kill()
    shutil.rmtree(running.folder)
    running.start()
    _until(lambda: not _lost_is_not_said(store))
    assert not store.holds(NAME, 40)
    other.replace(NAME, IDS, VECTORS)
    assert _finds(store), "what another process has uploaded again is found under its name"
    store.close()
    other.close()


def _lost_is_not_said(store: ServerStore) -> bool:
    try:
        store.nearest(NAME, VECTORS[3], 1)
    except LostError:
        return False
    except StoreError:
        return True
    return True


def test_what_is_not_whole_is_replaced(shared: ChromaServer) -> None:
    store = _store(shared.server)
    store.add(NAME, IDS[:7], VECTORS[:7])
    store.replace(NAME, IDS, VECTORS)
    store.check(NAME, IDS, VECTORS)
    store.close()


def test_clearing_takes_what_begins_so_and_nothing_else(shared: ChromaServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LISTED", 2)
    for base in ("one", "two", "twofold"):
        store = ServerStore(shared.server, base)
        store.add(NAME, IDS, VECTORS)
        store.add("passages-new-1", IDS, VECTORS)
        store.clear(["two"] if base == "twofold" else [])
        store.close()
    left = ["one-passages", "one-passages-new-1", "twofold-passages", "twofold-passages-new-1"]
    assert _names(shared.server) == left


@pytest.mark.parametrize(
    ("header", "expected"), [("Authorization", "Bearer s3cret"), ("X-Chroma-Token", "s3cret")], ids=["bearer", "own"]
)
def test_a_token_opens_the_proxy_before_a_server(shared: ChromaServer, header: str, expected: str) -> None:
    with proxy(shared.port, header, expected) as port:
        url = f"http://127.0.0.1:{port}"
        store = _store(Server(url=url, token="s3cret", header=header))
        store.add(NAME, IDS, VECTORS)
        assert _finds(store)
        store.close()
        for wrong in ("", "other"):
            with pytest.raises(StoreError) as caught:
                _store(Server(url=url, token=wrong, header=header)).ping()
            said = f"the Chroma server at {url} does not let us in: check SKILL_GUIDE_CHROMA_TOKEN"
            assert str(caught.value) == said


def test_nothing_is_kept_of_a_store_that_is_closed_or_forgotten(shared: ChromaServer) -> None:
    before = set(SharedSystemClient._identifier_to_system)
    closed, forgotten = _store(shared.server), _store(shared.server)
    closed.ping()
    forgotten.ping()
    assert set(SharedSystemClient._identifier_to_system) - before
    closed.close()
    del forgotten
    gc.collect()
    assert set(SharedSystemClient._identifier_to_system) == before


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes a certificate")
def test_a_certificate_must_be_known(shared: ChromaServer, tmp_path: Path) -> None:
    made = tmp_path / "made.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", str(tmp_path / "key")]
    command = ["openssl", "req", "-x509", "-days", "2", *key, *subject, "-out", str(tmp_path / "certificate")]
    subprocess.run(command, check=True, capture_output=True)
    made.write_bytes((tmp_path / "key").read_bytes() + (tmp_path / "certificate").read_bytes())
    with proxy(shared.port, "X-Token", "t", made) as port:
        guarded = Server(url=f"https://127.0.0.1:{port}", token="t", header="X-Token")
        store = _store(guarded.model_copy(update={"certificates": str(tmp_path / "certificate")}))
        store.add(NAME, IDS, VECTORS)
        assert _finds(store)
        store.close()
        stranger = _store(guarded)
        with pytest.raises(StoreError, match=r"cannot be reached .*certificate"):
            stranger.ping()
        stranger.close()  # nor does it ask again while the server ends: a handshake cut short leaves a socket open


def test_a_tenant_that_is_not_there_is_one_line(shared: ChromaServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    with pytest.raises(StoreError) as caught:
        _store(shared.server.model_copy(update={"tenant": "nobody"})).ping()
    assert "has no database default_database of a tenant nobody" in str(caught.value)
    assert str(caught.value).isprintable()
