"""One answer put into a model's words in the background: each sentence is checked when it is complete.

The quotes stand whatever happens here. Knows nothing of pages or terminals, which look at `state` when they like.
"""

import logging
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from answering.answer import Answer, Status, Wording
from answering.generations import PerGeneration
from answering.phrased.claims import Claims, Encode
from answering.phrased.entailment import Entailment
from answering.phrased.following import Following
from answering.phrased.grounds import Ground, grounds_of
from answering.phrased.llm import LanguageModel, LLMError
from answering.phrased.prompts import VERSION, messages, unharmed
from answering.phrased.reading import Names
from answering.phrased.sentences import Sentence, Splitter
from answering.wording import NO_WORDING, NOT_HELD_UP, STOPPED
from ingest.cleaning import without_hidden
from ingest.documents import Frozen
from ingest.errors import GuideError
from ingest.language import ENGLISH
from retrieval.generation import Generation

MOST_FAILED: Final = 0.5
"""Share of the sentences that may be replaced; with more, the quotes stand alone."""
MOST_SENTENCES: Final = 12
"""A reply that goes on after so many is not read any more."""
_REFUSAL: Final = re.compile(
    r"\b(?:I(?:['’]m| am)(?: really| very)? (?:sorry|unable|not able)"
    r"|I (?:cannot|can['’]t|can not|won['’]t|do not|don['’]t)"
    r"|as an AI|as a language model|unable to (?:answer|help|assist)|cannot (?:answer|assist|help))\b", re.IGNORECASE
)  # fmt: skip
_OPENER: Final = re.compile(
    r"^(?:(?:sure|certainly|of course|okay|ok|yes|great question)\b[^.]{0,60}|here(?:['’]s| is| are)\b[^.]{0,80}"
    r"|(?:the )?(?:short |fluent )?answer(?: is)?(?: as follows)?|in your own words)\s*[:!.]$", re.IGNORECASE
)  # fmt: skip
"""A sentence that only opens an answer is left out, since it says nothing."""
_log = logging.getLogger(__name__)


class Phrase(Frozen):
    """A sentence to show: the model's, or the quote that replaces it, with its markers."""

    text: str
    replaced: bool = False


class State(Frozen):
    """How far the wording is."""

    model: str
    phrases: tuple[Phrase, ...] = ()
    done: bool = False
    failure: str = ""
    """One line on why the quotes stand alone; there are no phrases then."""

    @property
    def text(self) -> str:
        """The wording as it stands, each quote on lines of its own."""
        told = ""
        for each in self.phrases:
            apart = "\n" in each.text or told.endswith("\n")
            told += ("\n\n" if apart and told else " " if told else "") + each.text
        return told


@dataclass(frozen=True)
class Job:
    """What is to be phrased, by whom."""

    model: LanguageModel
    answer: Answer
    grounds: tuple[Ground, ...]
    claims_over: Callable[[Sequence[Ground]], Claims]


class Phrasing:
    """The wording of one answer; begins at once, in a thread of its own."""

    def __init__(self, job: Job) -> None:
        """Starts."""
        self._job = job
        self._stop = threading.Event()
        self._state = State(model=job.model.name)
        self._sentences = self._replaced = 0
        self._shown: set[int] = set()
        self._thread = threading.Thread(target=self._run, name="phrasing", daemon=True)
        self._thread.start()

    @property
    def state(self) -> State:
        """How far it is, at this moment."""
        return self._state

    def stop(self) -> None:
        """Leaves it: the quotes stand alone."""
        self._stop.set()

    def answer(self) -> Answer:
        """The answer when it is done: in the model's words, or as it was, with the reason."""
        self._thread.join()
        state, answer = self._state, self._job.answer
        if state.failure:
            return answer.model_copy(update={"wording": Wording(failure=state.failure, prompt=VERSION)})
        share = round(self._replaced / self._sentences, 3)
        wording = Wording(sentences=self._sentences, replaced=self._replaced, share_replaced=share, prompt=VERSION)
        return answer.model_copy(update={"answer": state.text, "phrased_by": state.model, "wording": wording})

    def _run(self) -> None:
        try:
            failure = self._phrase()
        except (LLMError, GuideError) as error:
            failure = NO_WORDING.format(reason=error)
        except Exception:
            _log.exception("the wording failed")
            failure = NO_WORDING.format(reason="something went wrong, see the log")
        if self._stop.is_set():
            failure = STOPPED
        phrases = () if failure else self._state.phrases
        self._state = self._state.model_copy(update={"phrases": phrases, "done": True, "failure": failure})

    def _phrase(self) -> str:
        """Reads the reply; what is wrong with it as a whole, or nothing."""
        job = self._job
        asked = messages(job.answer.standalone_question, [(each.number, each.quote) for each in job.grounds])
        claims = job.claims_over(job.grounds)
        splitter = Splitter()
        refused = False
        pieces = job.model.stream(asked, self._stop)
        warming = threading.Thread(target=claims.warm, name="phrasing-warm", daemon=True)
        warming.start()
        try:
            for piece in pieces:
                for each in splitter.feed(piece):
                    refused = refused or not self._take(each, claims)
                if refused or self._sentences >= MOST_SENTENCES:
                    break
            else:
                for each in splitter.end(whole=True):
                    refused = refused or not self._take(each, claims)
        finally:
            warming.join()
            pieces.close()  # type: ignore[attr-defined]  # it is a generator, which lets go of the network here
        if refused or self._replaced > MOST_FAILED * self._sentences:
            return NOT_HELD_UP
        return "" if self._state.phrases else NO_WORDING.format(reason="it wrote nothing")

    def _take(self, raw: Sentence, claims: Claims) -> bool:
        """Checks a sentence and shows it or its quote; False where the model refuses to answer."""
        sentence = Sentence(unharmed(without_hidden(raw.text)), raw.cites)
        if _REFUSAL.search(sentence.text):
            return False
        if _OPENER.match(sentence.text):
            return True
        self._sentences += 1
        finding = claims.check(sentence)
        if finding.fault:
            _log.info("a sentence of %s was replaced: it %s", self._state.model, finding.fault)
            self._replaced += 1
            self._show_quote(sentence, claims)
        else:
            self._shown.update(finding.cites)
            markers = "".join(f" [{number}]" for number in finding.cites)
            self._show(Phrase(text=f"{sentence.text}{markers}"))
        return True

    def _show_quote(self, sentence: Sentence, claims: Claims) -> None:
        known = [each for each in self._job.grounds if each.number in sentence.cites]
        nearest = claims.nearest(sentence.text)
        ground = next(iter(known), None) or next(each for each in self._job.grounds if each.number == nearest)
        if ground.number not in self._shown:
            self._shown.add(ground.number)
            self._show(Phrase(text=f"{ground.quote} [{ground.number}]", replaced=True))

    def _show(self, phrase: Phrase) -> None:
        self._state = self._state.model_copy(update={"phrases": (*self._state.phrases, phrase)})


class Phraser:
    """Begins wordings; one for all threads."""

    def __init__(
        self,
        model: LanguageModel,
        names_for: Callable[[Generation], Names],
        encode: Encode,
        entails: Entailment | None = None,
        follows: Following | None = None,
    ) -> None:
        """Takes its parts; connects to nothing.

        Args:
            model: writes.
            names_for: gives the names that a generation's guides and glossary know.
            encode: texts to vectors, for comparing meanings.
            entails: reads each sentence against its quotes once more.
            follows: weighs what the rules have against a sentence over an English guide; without it, and over
                others, each objection counts.
        """
        self._model, self._names, self._encode = model, PerGeneration(names_for), encode
        self._entails, self._follows = entails, follows

    @property
    def name(self) -> str:
        """The model's."""
        return self._model.name

    def warm(self) -> None:
        """Loads what is slow to load."""
        self._model.warm()
        for reader in (self._entails, self._follows):
            if reader is not None:
                reader.warm()

    def begin(self, answer: Answer, generation: Generation) -> Phrasing:
        """Begins to phrase an answer from this generation."""
        names = self._names(generation)
        grounds = grounds_of(answer.citations, generation.documents)
        cited = [generation.documents.get(each.document) for each in answer.citations]
        follows = self._follows if all(each and each.language == ENGLISH for each in cited) else None
        return Phrasing(
            Job(self._model, answer, grounds, lambda over: Claims(over, names, self._encode, self._entails, follows))
        )


def may_be_phrased(answer: Answer) -> bool:
    """Whether there is something to phrase: what the guide does not answer stays its own words."""
    return answer.status is Status.ANSWERED and bool(answer.citations)
