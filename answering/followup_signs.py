"""Does a question lean on what was said before? Tells open references and ellipses from sentences that stand alone.

Knows nothing of earlier turns or of how a question is completed.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from answering.followup_words import (
    AFTER_PREPOSITION,
    ALSO,
    ALTERNATIVES,
    ASKED_NOUN,
    ASKS_ON,
    BEFORE_OBJECT,
    BESIDES,
    CHOICES,
    CLAUSE,
    COUNTED,
    DEFINED,
    DEFINITE,
    DESCRIBED,
    DONE,
    ELSE,
    EXPLETIVE,
    I_MEAN,
    INTRODUCED,
    JOINED,
    LINK,
    OF_THESE,
    ONE_NOUN,
    ONE_RELATIVE,
    ONE_SIDED,
    OPENER,
    PEOPLE_DO,
    PLACE,
    PLURAL,
    PLURAL_SUBJECT,
    PREPOSITION,
    REFERENCE,
    REPAIR,
    REQUEST,
    SAYING,
    SERVES,
    TO_ASSISTANT,
    VERB,
    WHICH,
    content_words,
    names,
    own_words,
    words,
)

LONGEST_QUESTION: Final = 80
"""Words; whoever writes more has said what it is about."""
LONGEST_FRAGMENT: Final = 5
"""Words of a fragment such as "for Python"."""
TWO_SIDES: Final = 2
"""Things that a comparison names when it is complete."""
LONG: Final = 8
"""Words of a question that can hold both a noun and the pronoun for it."""
FULL: Final = 12
"""Words, and `FULL_OWN` of its own, of a question that describes the one it asks for."""
FULL_OWN: Final = 4
MOST_OWN_WORDS: Final = 1
"""Words of its own that a question such as "which other industries?" may have; with more it says what it is about."""

_FRAGMENT: Final = re.compile(rf"^(?:{PREPOSITION})\s", re.IGNORECASE)


class Terms(Protocol):
    """Finds the terms that a guide knows."""

    def find(self, text: str) -> tuple[str, ...]:
        """The terms that a text names, by their main names, in order of occurrence."""
        ...


class Lean(StrEnum):
    """How a question leans on the ones before it."""

    ALONE = "alone"
    REFERENCE = "reference"
    """Something in it points back: it, those, the other one."""
    SWAP = "swap"
    """It only names what takes the place of something in the last question: And NoSQL?"""
    REST = "rest"
    """It leaves out what it is about: why? which version?"""


@dataclass(frozen=True)
class Reading:
    """A question as it is read before any earlier one is looked at."""

    core: str
    """The question without its openers and closing mark."""
    piece: str
    """The same without "what about"."""
    lean: Lean
    empty: bool
    """Whether nothing in it can be searched for, so that without an earlier question there is nothing to do."""
    pointer: re.Match[str] | None = None
    """The open reference in `core`."""


def read(question: str, terms: Terms) -> Reading:
    """How a question leans on earlier ones, without looking at them."""
    core, piece = _unopened(question)
    if len(core.split()) > LONGEST_QUESTION:
        return Reading(core, core, Lean.ALONE, empty=False)
    linked = piece is not None
    own = bool(terms.find(core)) or bool(names(core))
    bare = not own_words(core)
    pointer = _open_pointer(core, terms, linked=linked)
    lean = Lean.ALONE
    if pointer is not None:
        lean = Lean.REFERENCE
    elif _is_fragment(core, piece):
        lean = Lean.SWAP
    elif _leaves_out(core, linked=linked, own=own, bare=bare, terms=terms):
        lean = Lean.REST
    empty = lean is not Lean.ALONE and not own and (bare or (pointer is not None and not _points_within(core, pointer)))
    return Reading(core, piece or core, lean, empty, pointer)


def _points_within(core: str, pointer: re.Match[str]) -> bool:
    """Where is bone marrow found and what does it do; how do they make steel from iron ore."""
    people = bool(PEOPLE_DO.search(core[: pointer.end()])) and len(own_words(core[pointer.end() :])) > TWO_SIDES
    return people or len(own_words(core[: pointer.start()])) > 1


def _is_fragment(core: str, piece: str | None) -> bool:
    """Whether it only names what takes a place in the last question: and NoSQL, for Python."""
    if piece is None:
        return (
            bool(_FRAGMENT.match(core))
            and not VERB.search(core)
            and len(core.split()) <= LONGEST_FRAGMENT
            and len(own_words(core)) <= TWO_SIDES
        )
    return not (VERB.search(piece) or piece.casefold().startswith("the one"))


def _unopened(question: str) -> tuple[str, str | None]:
    """The question without openers, and what follows the words that link it to what was said before, if any do."""
    core = " ".join(question.split()).rstrip(" ?!.…")
    while (match := OPENER.match(core)) and match.end() < len(core):
        core = core[match.end() :]
    link = LINK.match(core)
    if link is None or link.end() >= len(core):
        return core, None
    piece = core[link.end() :]
    return (core if "about" in link.group().casefold() else piece), piece


def _open_pointer(core: str, terms: Terms, *, linked: bool) -> re.Match[str] | None:
    """The first word that points to something outside the question."""
    if _names_its_choices(core, terms):
        return None
    known: set[str | None] = set()
    hidden = [match.span() for match in EXPLETIVE.finditer(core)]
    for match in REFERENCE.finditer(core):
        if any(start <= match.start() < end for start, end in hidden) or _is_relative(core, match):
            continue
        if match.lastgroup not in known and not _has_antecedent(core, match, terms, linked=linked):
            return match
        known |= {match.lastgroup} & {"they"}
    return None


def _is_relative(core: str, pointer: re.Match[str]) -> bool:
    """Whether it joins a clause to what stands before it: robots that test, says that they; or is the field of IT."""
    if (pointer.group() == "IT" and not core.isupper()) or COUNTED.search(core, pointer.start()):
        return True
    if pointer.lastgroup == "one" and (noun := ONE_NOUN.match(core, pointer.end())) and own_words(noun[1]):
        return True
    if pointer.lastgroup == "one" and ONE_RELATIVE.match(core, pointer.end()):
        return core[: pointer.start()].rstrip()[-1:].isalnum() and len(own_words(core[: pointer.start()])) > 1
    if pointer.lastgroup != "noun" or not pointer.group().casefold().startswith("that"):
        return False
    last = core[: pointer.start()].rstrip(' "”’').rpartition(" ")[2].casefold()
    return last in SAYING or (bool(content_words(last)) and last not in BEFORE_OBJECT)


def _names_its_choices(core: str, terms: Terms) -> bool:
    """Whether the question itself says between which things: docker or kubernetes."""
    if CHOICES.search(core) or ((meant := I_MEAN.search(core)) and own_words(meant[1])):
        return True
    return any(len(terms.find(match.group())) > 1 for match in ALTERNATIVES.finditer(core))


def _has_antecedent(core: str, pointer: re.Match[str], terms: Terms, *, linked: bool) -> bool:
    """Whether the question itself names what a pointer can mean."""
    before, after = core[: pointer.start()], core[pointer.end() :]
    *clauses, clause = CLAUSE.split(core[: pointer.end()])
    if not linked and any(own_words(each) for each in clauses):
        return True
    kind = pointer.lastgroup
    long = not linked and len(core.split()) >= LONG
    if kind in {"part", "one"} and (of := OF_THESE.match(after)) and own_words(of["noun"]):
        found = bool(re.search("(?:these|those)", core[pointer.start() :], re.IGNORECASE))
    elif kind == "part":
        found = before.endswith(" and ")
    elif kind == "one" and not linked and len(core.split()) >= FULL and len(own_words(core)) >= FULL_OWN:
        found = True
    elif DONE.search(before) and (linked or not ASKS_ON.search(before)):
        said = len(own_words(before)) >= TWO_SIDES
        found = said and (kind == "whose" or (kind == "that" and bool(own_words(after))))
    elif kind == "ordinal":
        found = len(terms.find(before)) >= TWO_SIDES
    elif kind == "named":
        found = not linked and len(own_words(clause)) > len(own_words(pointer.group()))
    elif (kind == "there" and any(own_words(place[1]) for place in PLACE.finditer(before))) or (
        kind in {"it", "they"} and long and _is_definite(before)
    ):
        found = True
    else:
        found = _says_it_after(after, pointer, terms) or _says_it_before(before, pointer, terms)
    return found


def _is_definite(before: str) -> bool:
    """Whether a noun with an article precedes a pronoun that does not itself belong to it, as in "the price of it"."""
    return not AFTER_PREPOSITION.search(before) and any(own_words(each["noun"]) for each in DEFINITE.finditer(before))


def _says_it_after(after: str, pointer: re.Match[str], terms: Terms) -> bool:
    """Whether what is meant follows: sort these: A, B; what is it GraphQL; send it on: what is the title."""
    if pointer.lastgroup == "noun":
        described = DESCRIBED.match(after) and own_words(after) and len(pointer.group().split()) > TWO_SIDES
        return bool(described or terms.find(pointer.group()))
    if pointer.lastgroup == "that":
        next_word = names(f"x {after.strip().split(' ', 1)[0]}")
        return ":" in after or bool(next_word or (DESCRIBED.match(after) and len(own_words(after)) >= TWO_SIDES))
    last = after.rpartition(", ")[2].removeprefix("the ")
    renamed = len(last.split()) == 1 and ", " in after and names(f"x {last}")
    if pointer.lastgroup == "it" and (own_words(after.partition(": ")[2]) or renamed):
        return True
    word = " ".join(after.split(" ", 2)[1:2])
    return pointer.lastgroup == "it" and bool(names(f"x {word}"))


def _says_it_before(before: str, pointer: re.Match[str], terms: Terms) -> bool:
    own = own_words(before)
    if JOINED.search(before) and content_words(before):
        return True
    if pointer.lastgroup == "whose" or (pointer.lastgroup == "that" and pointer.group() == "those"):
        return bool(own) or bool(terms.find(before))
    if pointer.lastgroup == "they" and PLURAL.search(ASKED_NOUN.sub("", before)):
        return True
    if pointer.group().casefold() == "they" and PLURAL_SUBJECT.search(before):
        return True
    return _named_before(before, terms) or bool(INTRODUCED.search(before)) or _is_fronted(before)


def _named_before(before: str, terms: Terms) -> bool:
    """Whether a name or term stands before a pointer; a term right before it is a verb, as in "debug it"."""
    if names(before):
        return True
    head, _, last = before.rstrip().rpartition(" ")
    return bool(terms.find(head if last.islower() and head else before))


def _is_fronted(before: str) -> bool:
    """Whether the question begins with what it is about: kubernetes should i learn it."""
    first = before.split(" ", 1)[0].strip(",;:")
    return bool(own_words(first)) and " " in before.strip() and not VERB.match(first)


def _leaves_out(core: str, *, linked: bool, own: bool, bare: bool, terms: Terms) -> bool:
    """Whether the question does not say what it is about."""
    if one_sided := ONE_SIDED.search(core):
        return _lacks_a_side(core, one_sided, terms)
    says = len(core.split()) >= LONG and len(own_words(core)) >= TWO_SIDES
    if REPAIR.match(core) or (ALSO.match(core) and not says):
        return True
    if any(
        own_words(match[match.lastindex or 1])
        for match in (DEFINED.match(core), not linked and SERVES.search(core))
        if match
    ):
        return False
    if own or not any(words(core)) or (bare and not linked and _is_to_assistant(core)):
        return False
    few = len(own_words(core)) <= MOST_OWN_WORDS and len(core.split()) < FULL
    return bare or linked or (few and not BESIDES.search(core) and bool(ELSE.search(core) or WHICH.match(core)))


def _lacks_a_side(core: str, comparison: re.Match[str], terms: Terms) -> bool:
    """Whether a comparison names nothing before "different from" and only one thing after it."""
    before, after = core[: comparison.start()], core[comparison.end() :]
    said = terms.find(before) or names(before) or own_words(before)
    return not said and " and " not in after and len(terms.find(core)) < TWO_SIDES


def _is_to_assistant(core: str) -> bool:
    """Whether it is small talk: who made you, help."""
    return bool(TO_ASSISTANT.search(core)) and not REQUEST.match(core)
