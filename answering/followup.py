"""A follow-up becomes a question that stands alone, by rules over the earlier questions. Knows nothing of search."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from answering.followup_signs import Lean, Reading, Terms, read
from answering.followup_words import content_words, names, phrase_of
from ingest.documents import Frozen

__all__ = ["Standalone", "Terms", "Turn", "standalone"]

LONGEST_ABOUT: Final = 24
"""Words of earlier questions that go along with a follow-up; more of them drown the question itself."""
LONGEST_PIECE: Final = 4
"""Words that take the place of a term; more of them are a subject of their own."""
PAIR: Final = 2
"""Things from which "the two" or "the second one" can pick."""
MOST_ITEMS: Final = 6
"""Things that the last answer listed and that are named along with "which one"."""

_ORDINALS: Final = {"first": 0, "former": 0, "second": 1, "latter": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1}
_COMPLETED: Final = re.compile(r"^(?P<text>.+\?) \((?P<context>.+)\)$", re.DOTALL)
_ASKED_FOR: Final = re.compile(
    r"^(?:which|what|wich)\s+(?!is\b|are\b|was\b|does\b|do\b|'s)\w+|^(?:who|what)\s+(?!is\b|are\b|was\b|do\b|does\b|'s)\w+s\b",
    re.IGNORECASE,
)
_ITEM: Final = re.compile(
    r"^\s*(?:[•*\-–]|\d+[.)])\s+(?P<head>[^:\n]{2,60}?)(?:\s*:\s.*|,\s+for example.*|)$", re.MULTILINE
)
_ARTICLE: Final = re.compile(r"\b(?:an?|the)\s+$", re.IGNORECASE)


class Turn(Frozen):
    """An earlier question of a conversation, and what its answer rested on where that is known."""

    question: str
    subject: tuple[str, ...] = ()
    """Terms that it was about; found in the question itself where empty."""
    section: str | None = None
    headings: tuple[str, ...] = ()
    """Headings above what its answer cited."""
    quotes: str = ""
    """What its answer cited; list items on lines of their own that begin with a bullet."""


class Standalone(Frozen):
    """A question that can be understood without the ones before it, as far as rules can tell."""

    question: str
    rewritten: bool
    unresolved: bool
    """Whether it leans on something that nothing before it gives; then it is for the asker to say what is meant."""


@dataclass(frozen=True)
class _Topic:
    """What the conversation is about after a turn."""

    question: str
    """The last question as it stands alone, without what was added in brackets."""
    about: str
    """A phrase that says what it is about."""
    terms: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    """What its answer lists."""
    heading: str = ""
    quotes: str = ""

    @property
    def asks_for_thing(self) -> bool:
        """Whether the last question asked for the name of something, so that "it" means the answer."""
        return bool(_ASKED_FOR.match(self.question))

    @property
    def context(self) -> str:
        """What to add in brackets to a question that leaves this out."""
        return self.about if content_words(self.about) else self.heading


def standalone(question: str, turns: Sequence[Turn], terms: Terms) -> Standalone:
    """The question with everything in it that it takes from earlier ones.

    Args:
        question: what was asked, as it was typed.
        turns: the earlier questions, oldest first.
        terms: finds the guide's terms in a text.
    """
    topic: _Topic | None = None
    for turn in turns:
        topic = _after(turn, topic, terms)
    reading = read(question, terms)
    if reading.lean is Lean.ALONE:
        return Standalone(question=question, rewritten=False, unresolved=False)
    if topic is None or not topic.context:
        return Standalone(question=question, rewritten=False, unresolved=reading.empty)
    text, context = _completed(reading, topic, terms)
    return Standalone(question=f"{text} ({context})" if context else text, rewritten=True, unresolved=False)


def _after(turn: Turn, before: _Topic | None, terms: Terms) -> _Topic | None:
    """What the conversation is about once this turn was asked; a turn may be given as it was completed."""
    text, context = turn.question, ""
    if completed := _COMPLETED.match(turn.question):
        text, context = completed["text"], completed["context"]
    elif before is not None and (reading := read(turn.question, terms)).lean is not Lean.ALONE:
        text, context = _completed(reading, before, terms)
    about = phrase_of(text)
    if context:
        about = f"{about}, {context}" if content_words(about) else context
    elif not content_words(about):
        return before
    found = turn.subject or terms.find(about)
    return _Topic(
        question=text, about=" ".join(about.split()[:LONGEST_ABOUT]), terms=found,
        items=_items_of(turn.quotes, found, terms),
        heading=turn.headings[-1] if turn.headings else "", quotes=turn.quotes,
    )  # fmt: skip


def _completed(reading: Reading, topic: _Topic, terms: Terms) -> tuple[str, str]:
    """The follow-up as a full question, and what to add to it in brackets, if anything."""
    if reading.lean is Lean.SWAP and (text := _swapped(topic, reading.piece, terms)):
        return text[:1].upper() + text[1:], ""
    if reading.lean is Lean.REFERENCE and (filled := _filled(reading, topic, terms)):
        return filled
    return _asked(reading.core), topic.context


def _filled(reading: Reading, topic: _Topic, terms: Terms) -> tuple[str, str] | None:
    """The follow-up with the thing that its reference means in place of the reference."""
    pointer = reading.pointer
    if pointer is None:
        return None
    if (subject := _subject(topic, terms)) and _fits(pointer, subject, topic):
        return _put(reading.core, pointer, subject), _rest(topic, subject)
    if (meant := _item_meant(pointer, topic)) and meant.casefold() not in reading.core.casefold():
        return _put(reading.core, pointer, meant), topic.context
    if items := _items_meant(pointer, topic):
        return _asked(reading.core), f"{topic.context}: {', '.join(items)}"
    return None


def _items_meant(pointer: re.Match[str], topic: _Topic) -> tuple[str, ...]:
    """What the last answer listed, where the reference picks from a list that it can mean."""
    if pointer.lastgroup == "other":
        known = not any(term in item for term in topic.terms for item in topic.items)
        return topic.items if known or any(topic.terms[0] in item for item in topic.items) else ()
    among = any(term in item for term in topic.terms for item in topic.items)
    if pointer.lastgroup not in {"ordinal", "named", "one", "part"} or among or len(topic.items) < PAIR:
        return ()
    return () if "two" in pointer.group().casefold().split() and len(topic.items) != PAIR else topic.items


def _subject(topic: _Topic, terms: Terms) -> str | None:
    """The one thing that the last question was about, in the words of that question."""
    if len(topic.terms) != 1 or topic.asks_for_thing:
        return None
    span = _place_of(topic.terms[0], topic.question, terms)
    return topic.question[slice(*span)] if span else topic.terms[0]


def _fits(pointer: re.Match[str], subject: str, topic: _Topic) -> bool:
    """Whether a reference can be replaced by the subject so that it reads well."""
    kind, word = pointer.lastgroup, pointer.group().casefold()
    if kind == "that":
        return not _rest(topic, subject)
    plural = subject.endswith("s") and subject.islower()
    if kind == "they" or word in {"their", "theirs"}:
        return plural
    done = pointer.string[: pointer.start()].endswith(("do ", "does "))
    return (kind == "it" and not done) or word == "its"


def _rest(topic: _Topic, subject: str) -> str:
    """What the topic says beyond its subject, if it says more."""
    beyond = set(content_words(topic.about)) - set(content_words(subject))
    return topic.about if beyond else ""


def _item_meant(pointer: re.Match[str], topic: _Topic) -> str | None:
    """The one thing on the last answer's list that the reference means: the second one, the minimal one."""
    pick = {"ordinal": _by_order, "named": _by_trait}.get(pointer.lastgroup or "")
    return pick(pointer.group(), topic) if pick else None


def _by_order(pointer: str, topic: _Topic) -> str | None:
    place = next((_ORDINALS[word] for word in pointer.casefold().split() if word in _ORDINALS), None)
    listed = topic.items if len(topic.items) >= PAIR else topic.terms
    if place is None or len(listed) <= max(place, 1):
        return None
    return listed[place]


def _by_trait(pointer: str, topic: _Topic) -> str | None:
    traits = [word for word in pointer.casefold().split() if word not in {"the", "one", "ones"}]
    found = {_item_saying(trait, topic.quotes, topic.items) for trait in traits} - {None}
    return found.pop() if len(found) == 1 else None


def _put(core: str, pointer: re.Match[str], meant: str) -> str:
    after = re.sub("^['’]re\\b", " are", core[pointer.end() :])
    owner = ("’" if meant.endswith("s") else "’s") if pointer.lastgroup == "whose" else ""
    return _asked(f"{core[: pointer.start()]}{meant}{owner}{after}")


def _asked(core: str) -> str:
    return f"{core[:1].upper()}{core[1:]}?"


def _items_of(quotes: str, known: tuple[str, ...], terms: Terms) -> tuple[str, ...]:
    """What an answer lists: the heads of its list items, else the terms that it names beyond the known ones."""
    heads = [match["head"].strip(" .*") for match in _ITEM.finditer(quotes)]
    if len(heads) > 1:
        return tuple(dict.fromkeys(heads))[:MOST_ITEMS]
    return tuple(term for term in terms.find(quotes) if term not in known and names(f"x {term}"))[:MOST_ITEMS]


def _item_saying(word: str, quotes: str, items: tuple[str, ...]) -> str | None:
    """The one item whose line holds the word."""
    lines = [
        line for line in re.split(r"\n|(?<=[.;])\s", quotes.casefold()) if re.search(rf"\b{re.escape(word)}", line)
    ]
    found = {item for item in items for line in lines if item.casefold() in line}
    return found.pop() if len(found) == 1 else None


def _swapped(last: _Topic, piece: str, terms: Terms) -> str | None:
    """The last question with `piece` in the place of what it corresponds to; None where the frame does not fit."""
    question = last.question.rstrip(" ?!.…")
    if match := re.match(r"(?:for|with|in|on|at|by|from|to|of|about|as|against)\b", piece, re.IGNORECASE):
        return _swapped_phrase(question, piece, match.group())
    span = _counterpart(question, piece, terms)
    if span is None or len(piece.split()) > LONGEST_PIECE:
        return None
    before, after = question[: span[0]], question[span[1] :]
    known = bool(names(f"x {piece}") or terms.find(piece))
    if known or re.match(r"(?:an?|the)\s", piece, re.IGNORECASE):
        before = _ARTICLE.sub("", before)
    if not known and not content_words(before + after):
        return None if not before else f"{before}{piece}{after}?"
    return f"{before}{piece}{after}?"


def _swapped_phrase(question: str, piece: str, preposition: str) -> str | None:
    found = list(re.finditer(rf"\b{preposition}\s+(?:[\w.+#/-]+\s*){{1,4}}$", question, re.IGNORECASE))
    return f"{question[: found[-1].start()]}{piece}?" if found and found[-1].start() else None


def _counterpart(question: str, piece: str, terms: Terms) -> tuple[int, int] | None:
    """Where the question names the thing of the same kind: the first that is a name if the piece is one."""
    spans = [span for term in terms.find(question) if (span := _place_of(term, question, terms))]
    if not spans:
        spans = [(at, at + len(name)) for name in names(question) if (at := question.find(name)) >= 0]
    if not spans or set(terms.find(piece)) & set(terms.find(question)):
        return None
    named = bool(names(f"x {piece}"))
    alike = [span for span in spans if bool(names(f"x {question[slice(*span)]}")) is named]
    return (alike or spans)[0]


def _place_of(term: str, text: str, terms: Terms) -> tuple[int, int] | None:
    """Where a text names a term, by whichever of its names."""
    if match := re.search(rf"(?<!\w){re.escape(term)}(?!\w)", text, re.IGNORECASE):
        return match.span()
    tokens = [match.span() for match in re.finditer(r"[\w.+#/-]*[\w+#]", text)]
    for size in range(1, 5):
        for first, last in zip(tokens, tokens[size - 1 :], strict=False):
            if terms.find(text[first[0] : last[1]]) == (term,):
                return first[0], last[1]
    return None
