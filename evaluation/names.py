"""Look-ups of things by names that their texts do not give: the right one first, and how often plain search gets it.

The names asked for are never among the keys of the look-up. Knows no set by name.
"""

from collections.abc import Callable, Sequence
from typing import Final, Protocol, runtime_checkable

import numpy as np

from evaluation.datasets import FIRST, Query
from evaluation.subject import Progress
from ingest.documents import Corpus
from retrieval.embedder import Vectors
from retrieval.keyword import KeywordIndex
from retrieval.words import stems
from skills.card import Card, Inventory, NoCard

KEYWORDS: Final = f"{FIRST} of BM25 alone"
MODEL: Final = f"{FIRST} of the embedding model alone"


@runtime_checkable
class Defining(Protocol):
    """An assistant that defines terms."""

    def define(self, query: str, most: int = 1) -> Card | NoCard:
        """The card of a term, or the nearest terms."""
        ...

    def inventory(self) -> Inventory:
        """Every term."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of texts."""
        ...


def looked_up(subject: object, corpus: Corpus, queries: Sequence[Query], progress: Progress) -> dict[str, float]:
    """Shares of the queries whose right document comes first; empty if the subject defines nothing."""
    asked = [query for query in queries if query.relevant]
    if not isinstance(subject, Defining) or not asked:
        return {}
    texts = [document.text for document in corpus.documents]
    keywords = KeywordIndex.build([stems(text) for text in texts])
    vectors = subject.embed(texts)
    home = {each.term: each.definition.document for each in subject.inventory().terms if each.definition}
    hits = dict.fromkeys((FIRST, KEYWORDS, MODEL), 0)
    for number, query in enumerate(asked):
        progress("looking up", number / len(asked))
        best: dict[str, str | None] = {FIRST: home.get(_first(subject.define, query.text))}
        for name, scores in (
            (KEYWORDS, keywords.scores(stems(query.text))),
            (MODEL, vectors @ subject.embed([query.text])[0]),
        ):
            best[name] = corpus.documents[int(np.argmax(scores))].id
        for name, document in best.items():
            hits[name] += document in query.relevant
    return {name: count / len(asked) for name, count in hits.items()}


def _first(define: Callable[..., Card | NoCard], query: str) -> str:
    found = define(query, 1)
    return found.term if isinstance(found, Card) else next(iter(found.nearest), "")
