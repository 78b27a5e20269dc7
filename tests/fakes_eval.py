"""An assistant for evaluation: it answers what its script says, in the guide's words, and searches by shared words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from answering.answer import Answer, Nearest, SearchHit, Status
from answering.compose import citations, text_of
from answering.extractive import Quote
from answering.found import Results
from answering.wording import CLOSEST
from ingest.chunker import cut
from ingest.documents import Corpus, Document, Passage, Span
from ingest.errors import GuideError
from retrieval.hits import Ranks, Why

PASSAGE_WORDS: Final = 12
"""Small, so that a document of a few sentences has several passages."""


@dataclass(frozen=True)
class Line:
    """What the script says to one question: quotes that stand in some document, none for a refusal."""

    quotes: tuple[str, ...] = ()
    confidence: float = 0.9
    closest: bool = False
    standalone: str | None = None


class ScriptedAssistant:
    """Quotes are cited as the real one cites them; a question without a line is refused with confidence 0."""

    def __init__(self, documents: Sequence[Document], script: dict[str, Line] | None = None) -> None:
        self._documents = {document.id: document for document in documents}
        self._passages = [each for document in documents for each in cut(document, count_words, PASSAGE_WORDS)]
        self._script = script or {}
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        """Every question with its earlier turns, in order."""
        self.searched: list[str] = []
        self.warmed = 0

    def ask(self, question: str, turns: Sequence[str] = ()) -> Answer:
        """What the script says."""
        self.asked.append((question, tuple(turns)))
        line = self._script.get(question, Line(confidence=0.0))
        cited = citations([self._quote(each) for each in line.quotes], self._documents, lambda *place: "/guide")
        status = Status.NOT_COVERED if not cited else Status.CLOSEST if line.closest else Status.ANSWERED
        return Answer(
            question=question, standalone_question=line.standalone or question, status=status, citations=cited,
            answer=text_of(cited, CLOSEST if line.closest else "") if cited else "The guide does not say.",
            nearest=() if cited else self._nearest(question), confidence=line.confidence, milliseconds=1.0,
        )  # fmt: skip

    def search(self, query: str, k: int = 10) -> tuple[SearchHit, ...]:
        """Passages by the number of words that they share with the query; none that shares no word."""
        wanted = set(_words(query))
        if not wanted:
            raise GuideError("a question needs a word")
        scored = [(len(wanted & set(_words(each.text))), each) for each in self._passages]
        best = sorted((each for each in scored if each[0]), key=lambda each: -each[0])[:k]
        return tuple(_hit(rank, score, passage) for rank, (score, passage) in enumerate(best, 1))

    def results(self, query: str) -> Results:
        """The same as the search page is given it; keeps what was searched for."""
        self.searched.append(query)
        hits = self.search(query)
        return Results(query=query, hits=hits, total=len(hits), everywhere=len(hits))

    def document(self, document: str) -> Document:
        """The document of that id."""
        return self._documents[document]

    def warm(self) -> None:
        """Counts."""
        self.warmed += 1

    def _quote(self, words: str) -> Quote:
        for passage in self._passages:
            place = passage.text.find(words)
            if place >= 0:
                start = passage.start + place
                return Quote(passage, Span(start=start, end=start + len(words)))
        raise AssertionError(f"the script quotes what no passage holds: {words}")

    def _nearest(self, question: str) -> tuple[Nearest, ...]:
        return tuple(
            Nearest(
                document=each.document, section=each.section, headings=each.headings, passage=each.passage,
                score=each.score,
            )
            for each in self.search(question, 3)
        )  # fmt: skip


class Workshop:
    """Opens scripted assistants over corpora, as a door would open real ones, and keeps what it was asked for."""

    def __init__(self, script: dict[str, Line] | None = None) -> None:
        self._script = script
        self.opened: list[tuple[Corpus, object, ScriptedAssistant]] = []

    def __call__(self, corpus: Corpus, folder: object, progress: object) -> ScriptedAssistant:
        """An assistant over the corpus."""
        del progress
        assistant = ScriptedAssistant(corpus.documents, self._script)
        self.opened.append((corpus, folder, assistant))
        return assistant


def count_words(text: str) -> int:
    """Words of a text."""
    return len(_words(text))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _hit(rank: int, score: int, passage: Passage) -> SearchHit:
    why = Why(keyword=(), semantic=0.0, ranks=Ranks(keyword=rank, semantic=None))
    return SearchHit(
        document=passage.document, section=passage.section, headings=passage.headings, passage=passage.id, rank=rank,
        score=float(score), text=passage.text, start=passage.start, end=passage.end, url="/guide", why=why,
    )  # fmt: skip
