"""A generation that is made from the one before holds what one made anew holds, and leaves the old one as it was."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from retrieval import renewal
from retrieval.embedder import Vectors
from retrieval.generation import PASSAGES, SENTENCES, UNREACHABLE, Generation
from retrieval.manifest import DATABASE, digests, verify
from retrieval.renewal import DROPPED
from retrieval.retriever import search
from retrieval.store import ChromaStore
from retrieval.writing import vectors_by_text
from tests.fakes import BagOfWordsEmbedder
from tests.indexes import built, rewrite

SECTIONS = 40


def guide(*, changed: tuple[int, ...] = (), without: tuple[int, ...] = (), more: int = 0) -> str:
    """Sections that say different things; some changed, left out or added."""
    told = [each for each in range(SECTIONS + more) if each not in without]
    lines = [
        f"## Tool {each}\n\nTool {each} cuts {'stone' if each in changed else 'wood'} in {each} s." for each in told
    ]
    return "# Tools\n\n" + "\n\n".join(lines)


def _added(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many records each call adds to a new collection from now on."""
    sizes: list[int] = []
    add = ChromaStore.add

    def noted(store: ChromaStore, name: str, ids: list[str], vectors: Vectors) -> None:
        sizes.append(len(ids))
        add(store, name, ids, vectors)

    monkeypatch.setattr(ChromaStore, "add", noted)
    return sizes


def _whole(folder: Path) -> None:
    """The store holds every record, under its id, and finds all but those that are noted; reading changes nothing."""
    before = digests(folder)
    opened = Generation(folder)
    for name, ids, vectors in (
        (PASSAGES, list(opened.row_of), opened.passage_vectors),
        (SENTENCES, list(opened.sentence_ids), opened.sentence_vectors),
    ):
        assert opened.store.ids(name) == set(ids)
        opened.store.check(name, ids, vectors)
        assert set(opened.store.unreachable(name, ids, vectors)) <= set(opened.unreachable[name].tolist())
    opened.close()
    assert digests(folder) == before
    verify(folder)


@pytest.mark.parametrize(
    "text",
    [
        guide(changed=(7,)),
        guide(without=(0, 39)),
        guide(more=3),
        guide(changed=(1, 2), without=(3,), more=1),
        guide().replace("## Tool 5\n", "## TOOL 5\n"),
        "Words before all.\n\n" + guide(),
    ],
    ids=["changed", "less", "more", "all of it", "a heading in other letters", "a passage in front"],
)
def test_only_what_changed_is_put_in(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = built(tmp_path / "old", guide())
    sound, added = digests(old.folder), _added(monkeypatch)
    rewrite(tmp_path / "new", text, embedder=BagOfWordsEmbedder(), known=vectors_by_text(old))
    assert added == [], "nothing is added anew"
    _whole(tmp_path / "new")
    assert digests(old.folder) == sound
    old.close()


class Colons(BagOfWordsEmbedder):
    """Hears a colon, as the model does, which no id does."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        return super().encode([text.replace(":", " colon") for text in texts])


def test_the_same_id_with_another_vector_is_put_in_anew(tmp_path: Path) -> None:
    text = f"{guide()}\n\n## Saws\n\nThey cut.\n\n### By hand\n\nIt takes an hour.\n"
    old = built(tmp_path / "old", text)
    rewrite(tmp_path / "new", text.replace("Saws", "Saws:"), embedder=Colons(), known=vectors_by_text(old))
    new = Generation(tmp_path / "new")
    both = set(new.row_of) & set(old.row_of)
    assert any((new.passage_vectors[new.row_of[each]] != old.passage_vectors[old.row_of[each]]).any() for each in both)
    new.close()
    _whole(tmp_path / "new")
    old.close()


def test_nothing_changed_is_a_copy(tmp_path: Path) -> None:
    old = built(tmp_path / "old", guide())
    rewrite(tmp_path / "new", guide(), embedder=BagOfWordsEmbedder(), known=vectors_by_text(old))
    _whole(tmp_path / "new")
    old.close()


def test_generations_that_share_a_graph_are_read_side_by_side(tmp_path: Path) -> None:
    old = built(tmp_path / "old", guide())
    vector = BagOfWordsEmbedder().encode(["Tool 7\nTool 7 cuts stone in 7 s."])[0]
    assert old.store.nearest(PASSAGES, vector, 1)
    rewrite(tmp_path / "new", guide(changed=(7,)), embedder=BagOfWordsEmbedder(), known=vectors_by_text(old))
    new = Generation(tmp_path / "new")
    for generation in (old, new, old, new):
        (hit,) = search(generation, "stone", vector, 1)  # which also looks at what the graph does not lead to
        assert ("stone" in hit.passage.text) == (generation is new)
    old.close()
    new.close()


def test_a_graph_is_made_anew_when_half_of_it_was_taken_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    added, opened = _added(monkeypatch), built(tmp_path / "gen-0", guide())
    anew = []
    for step in range(1, 6):
        added.clear()
        changed = tuple(range(step * 3)) if step % 2 else ()
        rewrite(
            tmp_path / f"gen-{step}", guide(changed=changed),
            embedder=BagOfWordsEmbedder(), known=vectors_by_text(opened),
        )  # fmt: skip
        opened.close()
        opened = Generation(tmp_path / f"gen-{step}")
        anew += [step] if added else []
        assert (opened.folder / DROPPED).is_file() != bool(added)
        _whole(opened.folder)
    assert anew == [4]
    opened.close()


@pytest.mark.parametrize("trouble", [sqlite3.OperationalError("database is locked"), sqlite3.DatabaseError("torn")])
def test_a_store_that_cannot_be_copied_is_made_anew(
    trouble: sqlite3.Error, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, added = built(tmp_path / "old", guide()), _added(monkeypatch)

    def fail(source: Path, target: Path) -> None:
        target.mkdir()
        raise trouble

    monkeypatch.setattr(renewal, "_copy", fail)
    rewrite(tmp_path / "new", guide(changed=(7,)), embedder=BagOfWordsEmbedder(), known=vectors_by_text(old))
    assert added == [SECTIONS, SECTIONS]
    _whole(tmp_path / "new")
    old.close()


def test_a_database_that_somebody_writes_to_is_copied_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewal, "COPY_SECONDS", 0.2)
    old, added = built(tmp_path / "old", guide()), _added(monkeypatch)
    writer = sqlite3.connect(old.folder / DATABASE, isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    try:
        rewrite(tmp_path / "new", guide(changed=(7,)), embedder=BagOfWordsEmbedder(), known=vectors_by_text(old))
    finally:
        writer.close()
    assert added == [SECTIONS, SECTIONS]
    _whole(tmp_path / "new")
    old.close()


def test_what_was_never_found_stays_noted_and_what_lies_near_is_looked_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewal, "NEIGHBOURS", 3)
    asked: list[int] = []

    def first_is_lost(store: ChromaStore, name: str, ids: list[str], vectors: Vectors) -> list[int]:
        del store, name, vectors
        asked.append(len(ids))
        return [0]

    monkeypatch.setattr(ChromaStore, "unreachable", first_is_lost)
    old = built(tmp_path / "old", guide())
    assert asked == [SECTIONS, SECTIONS] and old.unreachable[PASSAGES].tolist() == [0]
    rewrite(tmp_path / "new", guide(changed=(30,)), embedder=BagOfWordsEmbedder(), known=vectors_by_text(old))
    assert all(3 <= each <= 8 for each in asked[2:]), "not all are looked up"
    assert '"passages": [0]' in (tmp_path / "new" / UNREACHABLE).read_text(encoding="utf-8")
    old.close()


def test_nearest_rows_are_those_of_least_distance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renewal, "NEIGHBOURS", 5)
    monkeypatch.setattr(renewal, "ROWS_AT_ONCE", 7)
    vectors = np.random.default_rng(1).normal(size=(50, 8)).astype(np.float32)
    expected = set(np.argsort(-(vectors @ vectors[9]))[:5].tolist())
    assert renewal._near(vectors, vectors[[9]]) == expected
    assert renewal._near(vectors, vectors[:0]) == set()
