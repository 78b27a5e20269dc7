"""An assistant that answers from a script, over a small guide.

`python -m tests.fakes_ui [hostile|slow|broken|llm=URL] PORT` serves the app on it.
"""

import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from answering.answer import Answer, Citation, Nearest, Note, Status
from answering.found import Filter, Point, Results
from answering.gaps import GapGroup, grouped
from answering.journal import Journal
from answering.phrased.llm import Endpoint, LanguageModel, Limits, Remote
from answering.phrased.phrasing import Phraser, Phrasing, may_be_phrased
from answering.phrased.reading import Names
from ingest.chunker import cut
from ingest.documents import Document, Passage
from ingest.errors import GuideError
from ingest.glossary import Glossary
from ingest.parsers.markdown import parse_markdown
from retrieval.widening import Replacement
from skills.card import Inventory
from skills.drawing import draw
from skills.match import Match
from tests.fakes import BagOfWordsEmbedder
from tests.fakes_match import matched
from tests.fakes_search import pictured, searched
from ui.holder import Progress, Way, offer
from ui.links import guide_link

if TYPE_CHECKING:
    from answering.assistant import Assistant
    from retrieval.generation import Generation

WORKSHOP = """\
---
title: The workshop guide
---

# The workshop guide

Whoever works with wood needs few tools, but good ones.

## Hammers

A hammer drives nails into wood. It weighs 500 grams.

Kinds of hammer:

- The claw hammer also pulls nails out.
- The mallet has a head of rubber.

## Saws

| Saw | Cuts | Teeth |
| --- | --- | --- |
| Rip saw | along the grain | coarse |
| Crosscut saw | across the grain | fine |

### Care of saws

Oil the blade once a month:

    wipe; oil; wipe
"""
HOSTILE = """\
# <script>document.title='broken'</script> & :smile: guide

## ![x](http://203.0.113.9/heading.png) :red[Heading] $x^2$ www.example.com

Click [here](javascript:alert(1)) or <img src=http://203.0.113.9/text.png onerror="document.title='broken'"> now.

`<svg onload="document.title='broken'">` and `**bold** :material/home: http://203.0.113.9/auto a@b.example.com -> x`.
"""
HOSTILE_LABEL = (
    "<b>a</b> **b** _c_ [d](http://203.0.113.9/d) ![e](http://203.0.113.9/e.png) :smile: :red[f] :material/home: $g^2$ "
    "`h` ~i~ http://203.0.113.9/j www.example.com k@example.com l -> m &amp; :streamlit: :blue-badge[n] \\o # p"
)

SLOW_SECONDS = 8


def document(text: str = WORKSHOP, name: str = "workshop") -> Document:
    """A document as ingest would read it from a Markdown file."""
    parsed = parse_markdown(text)
    return Document(
        id=name, title=parsed.title, path=f"{name}.md", media_type="text/markdown",
        text=parsed.text, sections=parsed.sections, blocks=parsed.blocks, digest="0" * 64,
    )  # fmt: skip


@dataclass
class ScriptedAssistant:
    """Answers what holds words of its script by the sentences listed there; keeps what it was asked."""

    guides: tuple[Document, ...] = field(default_factory=lambda: (document(),))
    script: dict[str, tuple[str, ...]] = field(
        default_factory=lambda: {
            "hammer": ("A hammer drives nails into wood.", "The claw hammer also pulls nails out."),
            "saw": ("Rip saw — Cuts: along the grain; Teeth: coarse",),
            "oil": ("Oil the blade once a month:",),
        }
    )
    behind: dict[str, str] = field(default_factory=lambda: {"hammer": "It weighs 500 grams."})
    """What else there is to say on a word of the script."""
    read_as: dict[str, str] = field(default_factory=lambda: {"hamer": "hammer", "handsaw": "saw"})
    """Words that mean one of the script."""
    offered: tuple[str, ...] = ("What does a hammer do?", "Which saw cuts along the grain?", "When is a saw oiled?")
    failures: list[Exception] = field(default_factory=list)
    """What the next questions raise."""
    asked: list[tuple[str, tuple[str, ...], str | None]] = field(default_factory=list)
    phraser: Phraser | None = None
    may_warm: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.may_warm.set()
        count = BagOfWordsEmbedder().count_tokens
        self.passage_of = {each.id: each for guide in self.guides for each in cut(guide, count, limit=60)}
        self.terms = draw(self.guides, tuple(self.passage_of.values()), Glossary())

    def ask(self, question: str, turns: Sequence[str] = (), *, standalone: str | None = None) -> Answer:
        """Answered where a scripted word is found, closest for "paint", else not covered; "it" means the hammer."""
        self.asked.append((question, tuple(turns), standalone))
        if self.failures:
            raise self.failures.pop(0)
        meant = standalone or (question.replace(" it ", " a hammer ") if turns else question)
        if not any(letter.isalnum() for letter in meant):
            return self._answer(question, meant, Status.NOT_COVERED, "Please ask a question in words.")
        read = [found for found in self.read_as if found in meant.lower()]
        understood = " ".join([meant.lower(), *(self.read_as[each] for each in read)])
        words = {word for word in self.script if word in understood}
        quotes = tuple(quote for word, quotes in self.script.items() if word in words for quote in quotes)
        if quotes:
            cited = tuple(self.citation(number, quote) for number, quote in enumerate(quotes, start=1))
            told = "\n".join(f"{'• ' if len(cited) > 2 else ''}{each.quote} [{each.number}]" for each in cited)
            behind = [quote for word, quote in self.behind.items() if word in words]
            answer = self._answer(question, meant, Status.ANSWERED, told, cited)
            return answer.model_copy(
                update={
                    "more": tuple(self.citation(at, quote) for at, quote in enumerate(behind, len(cited) + 1)),
                    "replaced": tuple(
                        Replacement(found=each, meant=self.read_as[each], reason="spelling") for each in read
                    ),
                }
            )
        if "paint" in meant.lower():
            cited = (self.citation(1, "Whoever works with wood needs few tools, but good ones."),)
            told = f"The guide does not answer this directly. The closest it says:\n{cited[0].quote} [1]"
            return self._answer(question, meant, Status.CLOSEST, told, cited, missing="paint")
        note = Note(term="Drill", text="A tool that makes holes.", source="glossary.yaml")
        told = "The guide does not say anything about that."
        return self._answer(question, meant, Status.NOT_COVERED, told, note=note, missing="drills")

    def results(self, query: str, where: Filter | None = None) -> Results:
        """Passages that hold a word of the query, or the word that it is read as."""
        return searched(query, where or Filter(), tuple(self.passage_of.values()), self.read_as)

    def picture(self) -> tuple[Point, ...]:
        """The passages in a row."""
        return pictured(tuple(self.passage_of.values()))

    def match(self, text: str) -> Match:
        """What of the guides a text covers."""
        return matched(text, self.guides, self.passage_of)

    def documents(self) -> tuple[Document, ...]:
        """The guides."""
        return self.guides

    def document(self, document: str) -> Document:
        """A guide by its id."""
        for guide in self.guides:
            if guide.id == document:
                return guide
        raise GuideError(f"no document {document!r} in the index; there are: workshop")

    def inventory(self) -> Inventory:
        """The terms that were drawn from the guides."""
        return self.terms

    def passages(self, document: str) -> tuple[Passage, ...]:
        """The passages of a guide."""
        return tuple(each for each in self.passage_of.values() if each.document == document)

    def passage(self, passage: str) -> Passage | None:
        """A passage by its id."""
        return self.passage_of.get(passage)

    def examples(self) -> tuple[str, ...]:
        """The scripted examples."""
        return self.offered

    def suggestions(self, answer: Answer) -> tuple[str, ...]:
        """The examples that were not just asked."""
        return tuple(each for each in self.offered if each != answer.question)[:3]

    def gaps(self, journal: Journal) -> tuple[GapGroup, ...]:
        """What was asked in vain, by shared words."""
        return grouped(journal.gaps(), BagOfWordsEmbedder().encode)

    @property
    def language_model(self) -> str:
        """Name of the model that phrases, if there is one."""
        return self.phraser.name if self.phraser else ""

    def phrasing(self, answer: Answer) -> Phrasing | None:
        """Has the scripted answers that are answers phrased."""
        if self.phraser is None or not may_be_phrased(answer):
            return None
        return self.phraser.begin(answer, cast("Generation", SimpleNamespace(documents={})))

    def warm(self) -> None:
        """Waits until it may, but not for ever."""
        self.may_warm.wait(SLOW_SECONDS)

    def citation(self, number: int, quote: str) -> Citation:
        """A citation of words that stand in a guide."""
        passage = next(each for each in self.passage_of.values() if quote in each.text)
        start = passage.start + passage.text.index(quote)
        end = start + len(quote)
        query = {"document": passage.document, "section": passage.section, "passage": passage.id}
        return Citation(
            number=number, document=passage.document, section=passage.section, headings=passage.headings,
            passage=passage.id, quote=quote, start=start, end=end,
            url=f"http://localhost:8501/{guide_link(query | {'start': str(start), 'end': str(end)})}",
        )  # fmt: skip

    def _answer(
        self, question: str, meant: str, status: Status, told: str, cited: tuple[Citation, ...] = (),
        *, note: Note | None = None, missing: str | None = None,
    ) -> Answer:  # fmt: skip
        looked_up = any(letter.isalnum() for letter in meant)
        nearest = [
            Nearest(document=each.document, section=each.section, headings=each.headings, passage=each.id, score=0.4)
            for each in list(self.passage_of.values())[1:3]
        ]
        return Answer(
            question=question, standalone_question=meant, status=status, answer=told, citations=cited,
            nearest=tuple(nearest) if looked_up and status is not Status.ANSWERED else (), missing=missing, note=note,
            confidence={Status.ANSWERED: 0.93, Status.CLOSEST: 0.41}.get(status, 0.04), milliseconds=12.3,
        )  # fmt: skip


def way(assistant: ScriptedAssistant, limit: int = 2000, journal: Journal | None = None) -> Way:
    """A way to open the pages with it."""
    return Way(lambda progress: cast("Assistant", assistant), limit, journal=journal)


def hostile() -> ScriptedAssistant:
    """An assistant whose guide, examples and answers try to be more than text."""
    guide = document(HOSTILE, "<hostile>")
    quotes = [block.of(guide.text) for block in guide.blocks if block.kind == "paragraph"]
    return ScriptedAssistant(
        (guide,), {"a": tuple(quotes[:1])}, {"a": quotes[1]}, {"<b>x</b>": HOSTILE_LABEL}, (HOSTILE_LABEL, "Another?")
    )


def phraser_at(url: str, seconds: float = 15) -> Phraser:
    """Phrases by the model that listens there."""
    limits = Limits(first_token_seconds=seconds, total_seconds=seconds)
    model = LanguageModel(Remote(Endpoint(url=url, model="scripted <b>*model*</b>")), limits)
    return Phraser(model, lambda generation: Names({}), BagOfWordsEmbedder().encode)


def _cannot_open(progress: Progress) -> "Assistant":
    progress("reading the guides", 0.0)
    raise GuideError("no folder of guides at /guides: create it, or name another with SKILL_GUIDE_CONTENT")


def serve(arguments: Sequence[str]) -> None:
    """Runs the app on a port over a scripted assistant: `hostile`, `slow` to warm, or `broken`."""
    from streamlit.web import cli

    *manners, port = arguments
    assistant = hostile() if "hostile" in manners else ScriptedAssistant()
    if "slow" in manners:
        assistant.may_warm.clear()
    for url in (each.removeprefix("llm=") for each in manners if each.startswith("llm=")):
        assistant.phraser = phraser_at(url)
    offer(way(assistant) if "broken" not in manners else Way(_cannot_open))
    sys.argv = ["streamlit", "run", "app.py", "--server.port", port, "--server.headless", "true"]
    cli.main()


if __name__ == "__main__":
    serve(sys.argv[1:])
