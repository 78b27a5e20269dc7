"""A generation is written once and then stays as it is, byte for byte, however often it is read."""

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from retrieval import writing as module
from retrieval.generation import (
    PASSAGES,
    SENTENCES,
    Generation,
    passage_text,
    seal,
    sentence_text,
    sync,
)
from retrieval.manifest import DATABASE, FORMAT, MANIFEST, DamagedIndexError, digests, read_manifest, verify
from retrieval.store import ChromaStore, StoreError
from retrieval.writing import vectors_by_text, write_generation
from tests.fakes import BagOfWordsEmbedder
from tests.indexes import TOOLS, built, flip_byte, ignore, ingredients, passages, rewrite, write_tools


@pytest.fixture
def generation(tmp_path: Path) -> Iterator[Generation]:
    opened = built(tmp_path / "gen", TOOLS)
    yield opened
    opened.close()


def _sections(number: int) -> str:
    return "\n\n".join(f"## Tool {each}\n\nTool {each} cuts wood." for each in range(number))


@pytest.mark.parametrize("records", [1, 2, 34, 130])
def test_reading_does_not_change_a_generation(records: int, tmp_path: Path) -> None:
    folder = tmp_path / "gen"
    write_tools(folder, _sections(records))
    before = digests(folder)
    vector = BagOfWordsEmbedder().encode(["tool 0"])[0]
    for _ in range(3):
        opened = Generation(folder)
        assert len(opened.passages) == records
        for name in (PASSAGES, SENTENCES):
            assert len(opened.store.ids(name)) == records
            assert len(opened.store.nearest(name, vector, 1)) == 1
        opened.close()
        assert digests(folder) == before
    verify(folder)


def test_rows_of_vectors_and_words_belong_to_their_texts(generation: Generation) -> None:
    embedder = BagOfWordsEmbedder()
    (text,) = (each.text for each in generation.documents.values())
    assert [each.section for each in generation.passages] == ["tools", "hammers", "hammers/handles", "saws"]
    expected = embedder.encode([passage_text(each, text) for each in generation.passages])
    np.testing.assert_array_equal(generation.passage_vectors, expected)
    assert len(generation.sentences) == len(generation.owner) == generation.first_sentence[-1]
    for row, sentence in enumerate(generation.sentences):
        owner = generation.passages[generation.owner[row]]
        assert sentence in owner.sentences
        words = sentence_text(sentence, owner, text)
        np.testing.assert_array_equal(generation.sentence_vectors[row], embedder.encode([words])[0])
    assert generation.passage_words.scores(["ash"]).argmax() == 2
    mallet = generation.sentences[generation.sentence_words.scores(["mallet"]).argmax()]
    assert mallet.of(text) == "The mallet has a head of rubber."
    assert generation.row_of == {each.id: row for row, each in enumerate(generation.passages)}


def test_the_store_holds_every_passage_and_sentence(generation: Generation) -> None:
    assert generation.store.ids(PASSAGES) == set(generation.row_of)
    owners = [each.rpartition(".")[0] for each in generation.store.ids(SENTENCES)]
    assert len(owners) == len(generation.sentences)
    assert set(owners) == set(generation.row_of)


def test_the_manifest_says_what_went_in(generation: Generation) -> None:
    manifest = generation.manifest
    assert manifest is not None
    assert (manifest.format, manifest.model, manifest.fingerprint, manifest.dimensions, manifest.recipe) == (
        FORMAT, "bag-of-words", "bag-of-words:1", 256, "test",
    )  # fmt: skip
    assert (manifest.passages, manifest.sentences) == (len(generation.passages), len(generation.sentences))
    assert [(each.id, each.path) for each in manifest.sources] == [("tools", "tools.md")]
    assert manifest.files.keys() == digests(generation.folder).keys()


def test_what_is_embedded_names_headings_and_the_lead_in_of_a_cut_list() -> None:
    markdown = "# Tools\n\n## Saws\n\nKinds of saw:\n\n" + "- a saw of a kind\n" * 8
    text = "".join(part.text for part in passages(markdown))
    first, second, *_ = (part for part in passages(markdown, limit=20) if part.sentences)
    assert passage_text(first, text).startswith("Saws\nKinds of saw:\n\n• a saw of a kind")
    assert passage_text(second, text).startswith("Saws\nKinds of saw:\na saw of a kind")
    assert sentence_text(second.sentences[0], second, text) == "Saws\nKinds of saw:\na saw of a kind"


def test_bare_headings_are_kept_but_not_searched(tmp_path: Path) -> None:
    opened = built(tmp_path / "gen", "# Tools\n\n## Saws\n\nThey cut.")
    assert [len(each.sentences) for each in opened.all_passages] == [0, 1]
    assert len(opened.passages) == len(opened.passage_vectors) == 1
    assert opened.passage_of.keys() == {each.id for each in opened.all_passages}


@pytest.mark.parametrize("markdown", ["# Only\n\n## Headings", "# T\n\n…"], ids=["no sentence", "no word"])
def test_a_guide_without_anything_to_search_can_be_built(markdown: str, tmp_path: Path) -> None:
    opened = built(tmp_path / "gen", markdown)
    assert opened.passage_words.scores(["only"]).tolist() == [0.0] * len(opened.passages)


def test_the_same_text_twice_is_two_records(tmp_path: Path) -> None:
    same = "# Saws\n\nThey cut. They cut."
    opened = built(tmp_path / "gen", f"{same}\n\n{same}", same)
    assert len(opened.store.ids(PASSAGES)) == 3
    assert len(opened.store.ids(SENTENCES)) == 6
    opened.close()


def test_known_texts_are_not_embedded_again(generation: Generation, tmp_path: Path) -> None:
    embedder = BagOfWordsEmbedder()
    assert rewrite(tmp_path / "same", TOOLS, embedder=embedder, known=vectors_by_text(generation)) == 0
    assert embedder.encoded == []
    edited = TOOLS.replace("along a line", "in two")
    assert rewrite(tmp_path / "edited", edited, embedder=embedder, known=vectors_by_text(generation)) == 2
    assert sorted(map(len, map(str.splitlines, embedder.encoded))) == [2, 2]
    assert all("A saw cuts wood in two." in text for text in embedder.encoded)
    renewed, fresh = Generation(tmp_path / "edited"), built(tmp_path / "fresh", edited)
    np.testing.assert_array_equal(renewed.passage_vectors, fresh.passage_vectors)
    np.testing.assert_array_equal(renewed.sentence_vectors, fresh.sentence_vectors)


def test_a_build_forgets_the_known_texts_that_it_has_used(generation: Generation, tmp_path: Path) -> None:
    known = vectors_by_text(generation)
    (document,) = generation.documents.values()
    text = passage_text(generation.passages[0], document.text)
    assert known.get(text) is not None
    rewrite(tmp_path / "same", TOOLS, embedder=BagOfWordsEmbedder(), known=known)
    assert known.get(text) is None


def test_a_text_that_stands_twice_is_embedded_once(tmp_path: Path) -> None:
    embedder = BagOfWordsEmbedder()
    write_tools(tmp_path / "gen", TOOLS, TOOLS, embedder=embedder)
    assert len(embedder.encoded) == len(set(embedder.encoded))


def test_progress_rises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EMBED_TEXTS", 2)
    told: list[tuple[str, float]] = []
    write_generation(
        tmp_path / "gen", ingredients(TOOLS), BagOfWordsEmbedder(), {}, lambda what, share: told.append((what, share))
    )
    shares = [share for _, share in told]
    assert len(shares) > 3
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] <= 1


def test_extras_are_read_from_their_file_and_sealed_with_the_rest(tmp_path: Path) -> None:
    folder, made_of, embedder = tmp_path / "gen", ingredients(TOOLS), BagOfWordsEmbedder()
    write_generation(folder, made_of, embedder, {}, ignore)
    unsealed = Generation(folder, sealed=False)
    assert (unsealed.manifest, unsealed.extra("examples")) == (None, None)
    (folder / "examples.json").write_text(json.dumps(["Größe?"]), encoding="utf-8")
    seal(folder, made_of, embedder)
    assert Generation(folder).extra("examples") == ["Größe?"]
    (folder / "examples.json").write_text("[]", encoding="utf-8")
    with pytest.raises(DamagedIndexError, match=r"examples\.json is damaged"):
        Generation(folder)


def test_a_generation_without_its_manifest_does_not_open(tmp_path: Path) -> None:
    write_generation(tmp_path / "gen", ingredients(TOOLS), BagOfWordsEmbedder(), {}, ignore)
    with pytest.raises(DamagedIndexError, match="gen: the manifest cannot be read"):
        Generation(tmp_path / "gen")


def test_a_record_that_the_store_lost_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add = ChromaStore.add
    monkeypatch.setattr(ChromaStore, "add", lambda store, name, ids, rows: add(store, name, ids[1:], rows[1:]))
    with pytest.raises(StoreError, match="holds 1 of 4 passages wrongly or not at all"):
        write_tools(tmp_path / "gen")


def test_a_record_with_another_vector_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add = ChromaStore.add
    monkeypatch.setattr(ChromaStore, "add", lambda store, name, ids, rows: add(store, name, ids, rows[::-1]))
    with pytest.raises(StoreError, match="holds 4 of 4 passages wrongly"):
        write_tools(tmp_path / "gen")


def test_a_wrong_byte_in_any_file_is_noticed_and_the_file_named(generation: Generation) -> None:
    folder, names = generation.folder, [*digests(generation.folder)]
    assert len(names) > 10
    for name in names:
        path = folder / name
        sound = path.read_bytes()
        at = sound.index(generation.passages[0].id.encode()) if name == DATABASE else None
        flip_byte(path, at)
        with pytest.raises(DamagedIndexError) as caught:
            verify(folder)
        assert name.rpartition("/")[2] in str(caught.value)
        path.write_bytes(sound)
    verify(folder)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda folder: (folder / "passages.npy").unlink(), "gen: passages.npy is missing"),
        (lambda folder: (folder / DATABASE).unlink(), "gen: chroma/chroma.sqlite3 is missing"),
        (lambda folder: (folder / "more.txt").touch(), "gen: more.txt does not belong"),
        (lambda folder: (folder / "corpus.json").write_bytes(b""), "gen: corpus.json is damaged"),
        (lambda folder: (folder / MANIFEST).unlink(), "gen: the manifest cannot be read"),
        (lambda folder: flip_byte(folder / MANIFEST, 0), "gen: the manifest cannot be read"),
    ],
)
def test_a_generation_that_is_not_whole_does_not_open(
    damage: Callable[[Path], object], message: str, generation: Generation
) -> None:
    damage(generation.folder)
    with pytest.raises(DamagedIndexError) as caught:
        Generation(generation.folder)
    assert str(caught.value) == message


def test_a_row_that_was_added_to_the_database_is_noticed(generation: Generation) -> None:
    connection = sqlite3.connect(generation.folder / DATABASE)
    with connection:
        connection.execute("CREATE TABLE more (x)")
    connection.close()
    with pytest.raises(DamagedIndexError, match=r"chroma/chroma\.sqlite3 is damaged"):
        verify(generation.folder)


def test_another_format_is_not_read(generation: Generation) -> None:
    path = generation.folder / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8")) | {"format": FORMAT + 1}
    path.write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(DamagedIndexError, match=rf"made by another version \(format {FORMAT + 1}, here {FORMAT}\)"):
        read_manifest(generation.folder)


def test_every_file_and_folder_is_put_on_the_disk(generation: Generation, monkeypatch: pytest.MonkeyPatch) -> None:
    put: set[int] = set()
    monkeypatch.setattr(os, "fsync", lambda handle: put.add(os.fstat(handle).st_ino))
    sync(generation.folder)
    folder = generation.folder
    assert put == {path.stat().st_ino for path in [folder, *folder.rglob("*")]}
