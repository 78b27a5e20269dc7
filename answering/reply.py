"""What was found, and how it was judged, to the answer that is shown. Knows nothing of conversations or indexes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from answering.answer import Answer, Status
from answering.compose import citations, nearest, text_of
from answering.evidence import Verdict
from answering.extractive import HALF_MINUTE_WORDS, Quote, choose, further
from answering.precedent import favouring
from answering.question import wanted
from answering.wording import CLOSEST, not_covered
from ingest.documents import Document
from retrieval.embedder import Vectors
from retrieval.hits import Hit
from retrieval.places import UrlOf
from retrieval.widening import Widened

MORE_WORDS = 2 * HALF_MINUTE_WORDS
"""Words of an answer with all that stands behind "more from the guide"."""
FAINT = 0.1
"""Confidence below which the guide hardly has anything to do with what is asked."""
FAINT_WORDS = 40
"""What is quoted then: enough to see what the guide says instead."""


@dataclass(frozen=True)
class Judging:
    """When a verdict counts as an answer, and when as being about the guide at all."""

    answered_from: float = 0.55
    """Held out, on 8,818 banked questions, this refused 5 % of the answerable and answered 12 % of the near misses."""
    about_guide_from: float = 0.5
    """Held out, on the same, 0.3 % of the answerable fell below, and 89 % of what is out of scope."""

    def status(self, verdict: Verdict) -> Status:
        """The outcome that a verdict means."""
        if verdict.about_guide < self.about_guide_from:
            return Status.NOT_COVERED
        return Status.ANSWERED if verdict.answerable >= self.answered_from else Status.CLOSEST


@dataclass(frozen=True)
class Found:
    """A question as it was searched for, and what was found."""

    widened: Widened
    vector: Vectors
    hits: tuple[Hit, ...]

    @property
    def text(self) -> str:
        """The question in the guide's names, spelling mended."""
        return self.widened.text


@dataclass(frozen=True)
class Reply:
    """Makes answers over one generation of the index."""

    documents: Mapping[str, Document]
    judging: Judging
    url_of: UrlOf

    def to(
        self, question: str, standalone: str, found: Found, verdict: Verdict, milliseconds: Callable[[], float]
    ) -> Answer:
        """The answer to a question.

        Args:
            question: as it was typed.
            standalone: the same in full.
            found: what was found for it.
            verdict: what the evidence says.
            milliseconds: tells how long it took, when all else is done.
        """
        status = self.judging.status(verdict)
        hits = found.hits if status is not Status.NOT_COVERED else ()
        quotes = _quotes(hits, found.text, verdict, HALF_MINUTE_WORDS if verdict.answerable >= FAINT else FAINT_WORDS)
        more = further(_quotes(hits, found.text, verdict, MORE_WORDS), quotes)
        cited = citations(quotes, self.documents, self.url_of)
        if status is Status.NOT_COVERED:
            shown = not_covered(verdict.missing, (each.title for each in self.documents.values()))
        else:
            shown = text_of(cited, CLOSEST if status is Status.CLOSEST else "")
        return Answer(
            question=question, standalone_question=standalone, status=status, answer=shown, citations=cited,
            more=citations(more, self.documents, self.url_of, len(cited) + 1), replaced=found.widened.replaced,
            nearest=() if status is Status.ANSWERED else nearest(found.hits),
            missing=None if status is Status.ANSWERED else verdict.missing,
            confidence=round(min(max(verdict.answerable, 0.0), 1.0), 4), milliseconds=milliseconds(),
        )  # fmt: skip


def _quotes(hits: Sequence[Hit], text: str, verdict: Verdict, budget: int) -> tuple[Quote, ...]:
    return choose(
        hits, text, wanted(text), lambda passage, sentence: favouring(verdict.favour, passage, sentence), budget
    )
