"""The one object that every door talks to: ask, search, look around. Holds no conversation; serves every thread."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from answering.answer import Answer, SearchHit, Status
from answering.compose import citations
from answering.defining import DEFINED_FROM, NEAREST, card_of, nearest_terms
from answering.evidence import Asked, Evidence, Verdict
from answering.extractive import choose
from answering.followup import Terms, Turn
from answering.followup import standalone as completed
from answering.found import Filter, Point, Results
from answering.gaps import GapGroup, grouped
from answering.generations import Generations, PerGeneration
from answering.journal import Journal
from answering.matching import held
from answering.notes import with_note
from answering.phrased.speaking import Speaking
from answering.plain import LONGEST_QUESTION, by_headings, refused, since, storable
from answering.question import wanted
from answering.reply import Found, Judging, Reply
from answering.searching import Searching
from answering.structure import structure_of
from answering.wording import UNRESOLVED, unusable
from ingest.cleaning import one_line
from ingest.documents import Document, Passage
from ingest.errors import GuideError
from retrieval.embedder import Embedder, Vectors
from retrieval.generation import Generation
from retrieval.retriever import search
from retrieval.widening import Widener
from skills.card import Card, Inventory, NoCard
from skills.lookup import Lookup
from skills.match import Match, Matcher

HITS = 14
"""Passages that an answer is chosen from; the bank's say may lift one that search ranks low."""
REMEMBERED_TURNS = 3
"""Earlier questions that a follow-up may refer to."""


@dataclass(frozen=True)
class Makers:
    """What makes the parts that depend on the guides, for each generation of the index anew."""

    evidence: Callable[[Generation], Evidence]
    """Decides whether what was found answers a question."""
    widener: Callable[[Generation], Widener]
    """Knows other names and spellings."""
    terms: Callable[[Generation], Terms]
    """Finds the glossary's terms in a question."""
    lookup: Callable[[Generation], Lookup]
    """Resolves the names of every term that the guides name."""


class Assistant(Speaking):
    """Answers questions from one index."""

    def __init__(
        self, reader: Generations, embedder: Embedder, makers: Makers, *, judging: Judging | None = None,
        base_url: str = "http://localhost:8501", question_limit: int = LONGEST_QUESTION,
    ) -> None:  # fmt: skip
        """Takes its parts; loads nothing.

        Args:
            reader: the index.
            embedder: the model that the index was built with.
            makers: make the rest.
            judging: thresholds.
            base_url: address of the app, for links.
            question_limit: characters that a question may have.
        """
        self._reader, self._embedder = reader, embedder
        self._evidence, self._widener = PerGeneration(makers.evidence), PerGeneration(makers.widener)
        self._terms, self._lookup = PerGeneration(makers.terms), PerGeneration(makers.lookup)
        self._matcher = PerGeneration(self._new_matcher)
        self._examples = PerGeneration(lambda generation: generation.extra("examples"))
        self._suggestions = PerGeneration(lambda generation: generation.extra("suggestions"))
        self._judging = judging or Judging()
        self._base_url, self._limit = base_url.rstrip("/"), question_limit
        self._searching = Searching(reader, embedder, self._widener, self._url, question_limit)

    def ask(self, question: str, turns: Sequence[str] = (), *, standalone: str | None = None) -> Answer:
        """The answer to a question.

        Args:
            question: as it was typed; anything at all.
            turns: earlier questions of the conversation, oldest first.
            standalone: the question in full, where the reader has said how it is meant.
        """
        started = time.perf_counter()
        question = storable(question)
        plain = one_line(question)
        refusal = unusable(question, plain, self._limit)
        if refusal:
            return refused(question, plain, refusal, since(started))
        with self._reader.use() as generation:
            full = one_line(standalone or "")
            headings = structure_of(full or plain, tuple(generation.documents.values()), generation.all_passages)
            if headings:
                cited = citations(headings, generation.documents, self._url)
                return by_headings(question, full or plain, cited, since(started))
            asked_for = full or self._standalone(generation, plain, turns)
            if asked_for is None:
                return refused(question, plain, UNRESOLVED, since(started))
            found = self._find(generation, asked_for, HITS)
            verdict = self._judged(generation, found)
            reply = Reply(generation.documents, self._judging, self._url)
            answer = reply.to(question, asked_for, found, verdict, lambda: since(started))
            terms = self._terms(generation).find(found.text)
            return with_note(answer, found.text, terms, self._lookup(generation).inventory)

    def search(self, query: str, k: int = 10, section: str | None = None) -> tuple[SearchHit, ...]:
        """The `k` best passages for a query, best first; only of one section and those under it, if one is named.

        Raises:
            GuideError: the query is empty or too long, or there is no such section.
        """
        return self._searching.search(query, k, section)

    def results(self, query: str, where: Filter | None = None) -> Results:
        """What a query finds, with counts by section; only what is near enough, in its words or in meaning.

        Raises:
            GuideError: the query is empty or too long.
        """
        return self._searching.results(query, where or Filter())

    def picture(self) -> tuple[Point, ...]:
        """Every passage with its place in the picture of the guides; none where the index holds no picture."""
        return self._searching.picture()

    def match(self, text: str) -> Match:
        """A job ad or CV held against the guides; nothing of it is kept.

        Raises:
            GuideError: there is no text.
        """
        with self._reader.use() as generation:
            return held(self._matcher(generation), text, generation, self._url, self._base_url)

    def documents(self) -> tuple[Document, ...]:
        """The guides of the index."""
        with self._reader.use() as generation:
            return tuple(generation.documents.values())

    def document(self, document: str) -> Document:
        """The guide of that id.

        Raises:
            GuideError: there is none.
        """
        with self._reader.use() as generation:
            if document not in generation.documents:
                known = ", ".join(sorted(generation.documents)[:5])
                raise GuideError(f"no document {document!r} in the index; there are: {known}")
            return generation.documents[document]

    def passages(self, document: str) -> tuple[Passage, ...]:
        """The passages of a guide, in order."""
        with self._reader.use() as generation:
            return tuple(each for each in generation.all_passages if each.document == document)

    def passage(self, passage: str) -> Passage | None:
        """The passage of that id, or None where the index has it no more."""
        with self._reader.use() as generation:
            return generation.passage_of.get(passage)

    def inventory(self) -> Inventory:
        """Every term that the guides name."""
        with self._reader.use() as generation:
            return self._lookup(generation).inventory

    def define(self, query: str, most: int = NEAREST) -> Card | NoCard:
        """The card of the term that is called so, in any way; else up to `most` terms that come nearest.

        Raises:
            GuideError: the query is empty or too long.
        """
        plain = one_line(query)
        if refusal := unusable(query, plain, self._limit):
            raise GuideError(refusal)
        with self._reader.use() as generation:
            lookup = self._lookup(generation)
            if term := lookup.term(plain):
                return card_of(term, generation, self._url, self._base_url)
            if not most:
                return NoCard(query=query, nearest=())
            found = self._find(generation, plain, DEFINED_FROM)
            alike = lookup.alike(plain, found.vector)
            return NoCard(query=query, nearest=nearest_terms(lookup.inventory, found.hits, alike, most))

    def examples(self) -> tuple[str, ...]:
        """Questions that this very index was found to answer when it was built."""
        with self._reader.use() as generation:
            found = self._examples(generation)
        return tuple(str(each) for each in found) if isinstance(found, list) else ()

    def suggestions(self, answer: Answer) -> tuple[str, ...]:
        """Up to three next questions from where the answer stands, each found to be answered at build time."""
        with self._reader.use() as generation:
            by_section = self._suggestions(generation)
        if not isinstance(by_section, dict):
            return ()
        sections = dict.fromkeys(each.section for each in (*answer.citations, *answer.nearest))
        asked = {answer.question.casefold(), answer.standalone_question.casefold()}
        pool = [str(each) for section in sections for each in by_section.get(section, ())]
        return tuple(each for each in dict.fromkeys(pool) if each.casefold() not in asked)[:3]

    @property
    def generations(self) -> Generations:
        """Where the index is read from."""
        return self._reader

    @property
    def embedding(self) -> str:
        """Fingerprint of the embedding model."""
        return self._embedder.fingerprint

    def reading(self, generation: Generation, question: str, turns: Sequence[str] = ()) -> str:
        """The question as it is searched for: completed by earlier ones, spelling mended, in the guide's names."""
        plain = one_line(question)
        return self._widener(generation).widen(self._standalone(generation, plain, turns) or plain).text

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embeddings of texts, shape `(len(texts), dimensions)`."""
        return self._embedder.encode(texts)

    def gaps(self, journal: Journal) -> tuple[GapGroup, ...]:
        """What visitors asked in vain, by meaning, the most asked first.

        Raises:
            GuideError: the journal cannot be read.
        """
        return grouped(journal.gaps(), self._embedder.encode)

    def warm(self) -> None:
        """Loads the embedding model and opens the vector store, so that the first question need not wait."""
        with self._reader.use() as generation:
            found = self._find(generation, "warm", 1)
            self._judged(generation, found)
        self.warm_words()

    def _new_matcher(self, generation: Generation) -> Matcher:
        return Matcher(self._lookup(generation).inventory, tuple(generation.documents.values()))

    def _standalone(self, generation: Generation, question: str, turns: Sequence[str]) -> str | None:
        """The question in full, or None where it refers to something that nobody named."""
        earlier = [plain for each in turns[-REMEMBERED_TURNS:] if (plain := one_line(each[: self._limit]))]
        understood = completed(question, self._turns(generation, earlier), self._terms(generation))
        return None if understood.unresolved else understood.question

    def _turns(self, generation: Generation, earlier: Sequence[str]) -> tuple[Turn, ...]:
        """The earlier questions, each understood by those before it, with what was quoted for it."""
        turns: list[Turn] = []
        for question in earlier:
            understood = completed(question, turns, self._terms(generation))
            found = self._find(generation, understood.question, HITS)
            if self._judging.status(self._judged(generation, found)) is Status.NOT_COVERED:
                continue  # small talk between two questions is not what the second refers to
            quotes = choose(found.hits, found.text, wanted(found.text))
            best = quotes[0].passage if quotes else None
            turns.append(
                Turn(
                    question=understood.question,
                    section=best.section if best else None,
                    headings=best.headings if best else (),
                    quotes="\n".join(quote.text for quote in quotes),
                )
            )
        return tuple(turns)

    def _judged(self, generation: Generation, found: Found) -> Verdict:
        asked = Asked(question=found.text, vector=found.vector, form=wanted(found.text), hits=found.hits)
        return self._evidence(generation).judge(asked)

    def _find(self, generation: Generation, question: str, k: int) -> Found:
        widened = self._widener(generation).widen(question)
        vector = self._embedder.encode([widened.text])[0]
        return Found(widened, vector, search(generation, widened.text, vector, k))

    def _url(self, passage: Passage, start: int, end: int) -> str:
        place = {"document": passage.document, "section": passage.section, "passage": passage.id}
        query = urlencode({**place, "start": start, "end": end})
        return f"{self._base_url}/guide?{query}"
