"""How near names come in meaning, which initials stand for which words, and vectors that are kept with the index."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from answering.assistant import Assistant
from ingest.documents import Span
from retrieval.embedder import Vectors
from retrieval.generation import Generation
from skills.card import Inventory, Mention, Term
from skills.lexicon import holds_word
from skills.lookup import Lookup
from skills.meaning import NameVectors, Said, names_of
from skills.saved import name_vectors, save, saved, saved_vectors
from tests.fakes import BagOfWordsEmbedder

MENTION = Mention(start=0, end=1, document="d", passage="p", section="s", sentence=Span(start=0, end=1))
INVENTORY = Inventory(
    terms=tuple(
        Term(term=term, kind="concept", aliases=aliases, mentions=(MENTION,))
        for term, aliases in (
            ("unified modelling language", ()), ("hammer", ("mallet of wood",)), ("UMA", ()), ("circular saw", ()),
        )
    )
)  # fmt: skip
EMBED = BagOfWordsEmbedder().encode


def _vectors() -> Vectors:
    return EMBED(names_of(INVENTORY))


def test_the_nearest_of_a_terms_names_counts() -> None:
    near = NameVectors(INVENTORY, _vectors).near(EMBED(["mallet of wood"])[0])
    assert near["hammer"] == pytest.approx(1.0)
    assert list(near) == [each.term for each in INVENTORY.terms]
    assert all(0 <= each <= 1 + 1e-6 for each in near.values())


def test_vectors_are_asked_for_once_and_not_before_they_are_needed() -> None:
    asked: list[int] = []

    def give() -> Vectors:
        asked.append(1)
        return _vectors()

    names = NameVectors(INVENTORY, give)
    assert not asked
    names.near(EMBED(["saw"])[0])
    names.near(EMBED(["saw"])[0])
    assert asked == [1]


def test_a_guide_without_terms_has_nothing_near() -> None:
    assert NameVectors(Inventory(), _vectors).near(np.ones(3, dtype=np.float32)) == {}


def test_an_inventory_is_read_as_it_was_saved_and_as_earlier_versions_saved_it(tmp_path: Path) -> None:
    generation = cast(Generation, SimpleNamespace(folder=tmp_path))
    assert saved(generation) is None
    for kept in (INVENTORY, Inventory()):
        save(kept, tmp_path, EMBED, {})
        assert saved(generation) == kept == Inventory.model_validate_json((tmp_path / "skills.json").read_bytes())
    (tmp_path / "skills.json").write_text(INVENTORY.model_dump_json(), encoding="utf-8")
    assert saved(generation) == INVENTORY
    save(INVENTORY, tmp_path, EMBED, {})
    whole = (tmp_path / "skills.json").read_bytes()
    for damaged in (b'{"terms":[\n {"term": 1}\n]}\n', whole[:-3], whole[:-40], whole.replace(b"hammer", b"\x9f")):
        (tmp_path / "skills.json").write_bytes(damaged)
        assert saved(generation) is None


@pytest.mark.parametrize(
    ("short", "words", "same"),
    [
        ("uml", "unified modelling language", True), ("use uml", "use unified modelling language", True),
        ("iac", "infrastructure as code", True), ("oo", "object of orientation", True),
        ("unified modelling language", "uml", True), ("uma", "unified modelling language", False),
        ("u", "unified", False),
    ],
)  # fmt: skip
def test_initials_stand_for_words(short: str, words: str, same: bool) -> None:
    one, other = Said(short.split()), Said(words.split())
    assert (one.unfolded(other) == other.unfolded(one)) is same


def test_likeness_is_of_letters_words_initials_and_meaning() -> None:
    lookup = Lookup(INVENTORY, holds_word, NameVectors(INVENTORY, _vectors))

    def best(query: str) -> str:
        alike = lookup.alike(query, EMBED([query])[0])
        assert all(0 <= each <= 1 + 1e-6 for each in alike.values())
        return max(alike, key=lambda each: alike[each])

    assert best("UML") == "unified modelling language"
    assert best("wood mallet") == "hammer"
    assert best("saws that are circular") == "circular saw"


def test_what_is_spelt_out_or_said_by_another_verb_is_nearest_without_a_vector() -> None:
    names = ("MUPL", "use of plain language", "use power saws", "power saws", "make power saws")
    terms = tuple(Term(term=name, kind="concept", mentions=(MENTION,)) for name in names)
    alike = Lookup(Inventory(terms=terms), holds_word).alike
    for query, name in (("minutes in unusually plain language", "MUPL"), ("employing power saws", "use power saws")):
        found = alike(query)
        assert max(found, key=lambda each: found[each]) == name
        assert all(0 <= each <= 1 + 1e-6 for each in found.values())


def test_the_names_vectors_are_kept_with_the_index(assistant: Assistant) -> None:
    with assistant.generations.use() as generation:
        inventory = assistant.inventory()
        kept = saved_vectors(generation, inventory)
        assert kept is not None and kept.dtype == np.float32
        names = names_of(inventory)
        fresh = assistant.embed(names[:8])
        assert np.allclose(kept[:8], fresh, atol=0.02)
        assert saved_vectors(generation, Inventory(terms=inventory.terms[:3])) is None


def test_only_new_names_are_embedded_again(tmp_path: Path) -> None:
    embedded: list[str] = []

    def embed(names: list[str]) -> Vectors:
        embedded.extend(names)
        return EMBED(names)

    known = dict(zip(names_of(INVENTORY)[:2], _vectors(), strict=False))
    save(INVENTORY, tmp_path, embed, known)
    assert embedded == names_of(INVENTORY)[2:]
    assert np.allclose(np.load(tmp_path / "skills.npy"), _vectors(), atol=1e-3)
    assert name_vectors(None, "any") == {}


def test_an_older_generation_gives_its_vectors_to_the_same_model_alone(assistant: Assistant) -> None:
    with assistant.generations.use() as generation:
        known = name_vectors(generation, assistant.embedding)
        assert known.keys() == set(names_of(assistant.inventory()))
        assert name_vectors(generation, "another model") == {}
