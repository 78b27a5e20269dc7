"""A document's language is what it says, else what its commonest words say; stems and sentences follow it."""

from pathlib import Path

import numpy as np
import pytest

from ingest.language import language_of
from ingest.reader import document_from
from ingest.sentences import sentences
from retrieval.generation import Generation
from retrieval.retriever import search
from retrieval.words import stems, stems_in
from tests import rendered
from tests.fakes import BagOfWordsEmbedder
from tests.indexes import built

GERMAN = """\
---
language: de
---

# Bienen halten

## Die Häuser

Die Häuser der Bienen stehen trocken und in der Sonne.

## Der Winter

Im Winter bleibt das Volk in der Traube und zehrt von seinem Futter.
"""
ENGLISH = "# Tools\n\n## Hammers\n\nA hammer drives nails into houses of wood.\n\n## Saws\n\nA saw cuts wood."
TEXTS = {
    "de": "Die Bienen leben in einem Stock und sammeln den Nektar, der für das Volk im Winter wichtig ist.",
    "fr": "Les abeilles vivent dans une ruche et elles ne sortent pas quand il pleut sur les fleurs du jardin.",
    "es": "Las abejas viven en la colmena y no salen cuando llueve, porque el agua es peligrosa para ellas.",
    "en": "The bees live in a hive and they do not leave it when it rains on the flowers of the garden.",
}


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ("de-AT", "de"),
        ("EN_us", "en"),
        ("deu", "de"),
        ("nb", "no"),
        ("xx", "xx"),
        ("", "en"),
        ("English!", "en"),
        ("zxx", "en"),
    ],
)
def test_what_a_document_says_counts(declared: str, code: str) -> None:
    assert language_of(declared, "Short.") == code


@pytest.mark.parametrize("code", TEXTS)
def test_else_its_commonest_words_tell(code: str) -> None:
    assert language_of("", TEXTS[code]) == code
    assert language_of("en", TEXTS[code]) == "en"


@pytest.mark.parametrize("ending", [".html", ".docx", ".odt", ".epub", ".pdf"])
def test_every_format_that_can_say_its_language_does(ending: str) -> None:
    render = {
        ".html": rendered.html,
        ".docx": rendered.docx,
        ".odt": rendered.odt,
        ".epub": rendered.epub,
        ".pdf": rendered.pdf,
    }
    assert document_from(render[ending](rendered.GUIDE, "fr-CA"), f"a{ending}").language == "fr"


def test_stems_follow_the_language() -> None:
    assert stems("Häuser", "de") == stems("Haus", "de")
    assert stems("Häuser", "en") != stems("Haus", "en")
    assert stems("die Häuser der Bienen", "de") == [*stems("Häuser", "de"), *stems("Bienen", "de")]
    assert stems("databases", "xx") == stems("database", "xx")


def test_a_question_over_guides_in_two_languages_has_the_forms_of_both() -> None:
    assert set(stems_in("houses", ["en", "de"])) >= {*stems("houses", "en"), *stems("houses", "de")}
    assert stems_in("the houses", ["en"]) == stems("the houses", "en")


def test_sentences_follow_the_language() -> None:
    german = "Das gilt bzw. gilt nicht. Sie fliegen."
    assert [each.of(german) for each in sentences(german, 0, "de")] == ["Das gilt bzw. gilt nicht.", "Sie fliegen."]
    assert [each.of(german) for each in sentences(german, 0, "en")] != [
        each.of(german) for each in sentences(german, 0, "de")
    ]
    assert [each.of(german) for each in sentences(german, 0, "xx")][-1] == "Sie fliegen."


@pytest.mark.parametrize("guides", [[GERMAN], [ENGLISH, GERMAN], [GERMAN, ENGLISH]])
def test_keyword_search_knows_german_forms(tmp_path: Path, guides: list[str]) -> None:
    generation = built(tmp_path / "gen", *guides)
    try:
        assert _first(generation, "Haus der Biene") == "die-häuser"
        if len(guides) > 1:
            assert _first(generation, "house") == "hammers"
    finally:
        generation.close()


def _first(generation: Generation, query: str) -> str:
    """The section found first by keywords alone."""
    vector = np.zeros(BagOfWordsEmbedder().dimensions, np.float32)
    hit = search(generation, query, vector, 1)[0]
    assert hit.why.keyword
    return hit.passage.section
