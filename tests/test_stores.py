"""What every vector store promises, held against Chroma in this process and against a Chroma server."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from retrieval import store as module
from retrieval.embedder import Vectors
from retrieval.server import ServerStore
from retrieval.store import ChromaStore, Store, StoreError
from tests.chroma_servers import ChromaServer, chroma_server

RECORDS = 50
DIMENSIONS = 16
NAME = "passages"
Opener = Callable[[], Store]


def _vectors(size: int = RECORDS) -> Vectors:
    found = np.random.default_rng(7).normal(size=(size, DIMENSIONS)).astype(np.float32)
    unit: Vectors = found / np.linalg.norm(found, axis=1, keepdims=True)
    return unit


def _ids(size: int = RECORDS) -> list[str]:
    return [f"id-{number}" for number in range(size)]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    with chroma_server(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture(params=["embedded", "server"])
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Opener:
    """Opens one and the same store as often as it is called."""
    if request.param == "embedded":
        return lambda: ChromaStore(tmp_path / "chroma")
    server = request.getfixturevalue("running").server
    return lambda: ServerStore(server, f"base-{abs(hash(tmp_path))}")


@pytest.fixture
def store(opener: Opener) -> Iterator[Store]:
    opened = opener()
    opened.add(NAME, _ids(), _vectors())
    yield opened
    opened.close()


def test_the_nearest_come_first(store: Store) -> None:
    vectors = _vectors()
    for query in np.random.default_rng(8).normal(size=(5, DIMENSIONS)).astype(np.float32):
        exact = [f"id-{row}" for row in np.argsort(-(vectors @ query))[:10]]
        assert store.nearest(NAME, query, 10) == exact
    assert store.nearest(NAME, vectors[3], 1) == ["id-3"]


def test_all_records_are_found_when_more_are_asked_for(store: Store) -> None:
    assert sorted(store.nearest(NAME, _vectors()[0], RECORDS + 7)) == sorted(_ids())
    assert store.ids(NAME) == set(_ids())


def test_collections_are_apart(store: Store) -> None:
    store.add("sentences", ["one"], _vectors(1))
    assert store.nearest("sentences", _vectors()[9], 5) == ["one"]
    assert "one" not in store.ids(NAME)


def test_records_may_come_in_several_batches(opener: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ADD_RECORDS", 20)
    first = opener()
    first.add(NAME, _ids(), _vectors())
    first.close()
    again = opener()
    assert again.ids(NAME) == set(_ids())
    assert again.nearest(NAME, _vectors()[45], 1) == ["id-45"]
    again.close()


def test_every_record_can_be_held_against_what_was_given(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ASK_RECORDS", 20)
    vectors = _vectors()
    store.check(NAME, _ids(), vectors)
    vectors[41] += 0.001
    with pytest.raises(StoreError, match="holds 1 of 50 passages wrongly or not at all"):
        store.check(NAME, _ids(), vectors)
    with pytest.raises(StoreError, match="holds 2 of 51 passages wrongly or not at all"):
        store.check(NAME, [*_ids(), "more"], np.concatenate([vectors, vectors[:1]]))
    with pytest.raises(StoreError, match="holds 1 of 49 passages wrongly or not at all"):
        store.check(NAME, _ids(49), _vectors()[:49])


def test_records_that_are_not_found_by_their_own_vector_are_listed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ASK_RECORDS", 20)
    assert store.unreachable(NAME, _ids(), _vectors()) == []
    other = _vectors()
    other[7], other[33] = -other[7], -other[33]
    assert store.unreachable(NAME, _ids(), other) == [7, 33]


def test_a_text_that_stands_twice_counts_as_found(store: Store) -> None:
    store.add("twice", ["a", "b", "c"], _vectors()[[0, 1, 0]])
    assert store.unreachable("twice", ["a", "b", "c"], _vectors()[[0, 1, 0]]) == []


def test_a_closed_store_fails_as_a_store(store: Store) -> None:
    store.nearest(NAME, _vectors()[0], 1)
    store.close()
    with pytest.raises(StoreError):
        store.nearest(NAME, _vectors()[0], 1)
    store.close()


@pytest.mark.parametrize(
    "ask",
    [
        lambda store: store.nearest("unknown", _vectors()[0], 1),
        lambda store: store.nearest(NAME, np.ones(3, np.float32), 1),
        lambda store: store.add(NAME, ["twice"], _vectors(1)),
    ],
    ids=["no such collection", "other dimensions", "a collection that exists"],
)
def test_what_chroma_refuses_is_a_store_error(store: Store, ask: Callable[[Store], object]) -> None:
    with pytest.raises(StoreError):
        ask(store)
    assert store.nearest(NAME, _vectors()[0], 1) == ["id-0"]
