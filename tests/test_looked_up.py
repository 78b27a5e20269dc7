"""Look-ups by other names on a public set: what counts as first, and what plain search gets beside it."""

import json
from pathlib import Path

import pytest

from evaluation.datasets import FIRST, Query, Task, read_indexes
from evaluation.names import KEYWORDS, MODEL, looked_up
from evaluation.subject import silent
from ingest.documents import Corpus, Span
from retrieval.embedder import Vectors
from skills.card import Card, Inventory, Mention, NoCard, Term
from tests.fakes import BagOfWordsEmbedder
from tests.fakes_eval import ScriptedAssistant

TEXTS = {"d1": ("Hammering", "Driving nails into wood."), "d2": ("Sawing", "Cutting wood along a line.")}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder that holds the set."""
    folder = tmp_path / "esco-ict"
    (folder / "alias_qrels").mkdir(parents=True)
    corpus = [{"_id": each, "title": title, "text": text} for each, (title, text) in TEXTS.items()]
    (folder / "corpus.jsonl").write_text("".join(json.dumps(each) + "\n" for each in corpus))
    (folder / "alias_queries.jsonl").write_text(
        '{"_id": "a0", "text": "nailing nails"}\n{"_id": "a1", "text": "line"}\n'
    )
    (folder / "alias_qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\na0\td1\t1\na1\td2\t1\n")
    return tmp_path


class Shed:
    """Knows what nailing is, and takes everything else for it."""

    def define(self, query: str, most: int = 1) -> Card | NoCard:
        return NoCard(query=query, nearest=("Hammering",)[:most])

    def inventory(self) -> Inventory:
        def mention(document: str) -> Mention:
            return Mention(start=0, end=0, document=document, passage="p", section="s", sentence=Span(start=0, end=1))

        return Inventory(
            terms=tuple(
                Term(term=title, kind="skill", definition=mention(name), mentions=(mention(name),))
                for name, (title, _) in TEXTS.items()
            )
        )

    def embed(self, texts: list[str]) -> Vectors:
        return BagOfWordsEmbedder().encode(texts)


def test_the_first_term_counts_where_its_definition_stands(data: Path) -> None:
    index = next(read_indexes(data))
    assert index.sets[0].task is Task.NAMES
    found = looked_up(Shed(), index.corpus, index.sets[0].queries, silent)
    assert found == {FIRST: 0.5, KEYWORDS: 1.0, MODEL: 1.0}


def test_a_subject_that_defines_nothing_gives_nothing() -> None:
    assert (
        looked_up(ScriptedAssistant(()), Corpus(documents=()), (Query(id="1", text="x", relevant=("d",)),), silent)
        == {}
    )
