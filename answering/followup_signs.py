"""Does a question lean on what was said before? Tells open references and ellipses from sentences that stand alone.

Knows nothing of earlier turns or of how a question is completed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from answering.followup_words import (
    CLAUSE,
    DEPENDENT_WORDS,
    EXPLETIVE,
    LINK,
    OPENER,
    PREPOSITION,
    REFERENCE,
    SMALL_WORDS,
    VERB,
)

LONGEST_QUESTION: Final = 80
"""Words; whoever writes more has said what it is about."""
LONGEST_FRAGMENT: Final = 5
"""Words of a fragment such as "for Python"."""
TWO_SIDES: Final = 2
"""Things that a comparison names when it is complete."""
MOST_OWN_WORDS: Final = 1
"""Words of its own that a question such as "which other industries?" may have; with more it says what it is about."""

_WORD: Final = re.compile(r"[^\W_]+(?:[.'’/&+#-]+[^\W_]+)*[+#]*")
_FRAGMENT: Final = re.compile(rf"^(?:{PREPOSITION})\s", re.IGNORECASE)
_TO_ASSISTANT: Final = re.compile(r"\byour?\b|^(?:thank|help|bye|hi|hey|hello|ok)", re.IGNORECASE)
_REQUEST: Final = re.compile(r"^(?:can|could|would|will)\s+you\b", re.IGNORECASE)
_REPAIR: Final = re.compile(r"^(?:oops\W+)?i\s+(?:mean|meant)\b", re.IGNORECASE)
_ALSO: Final = re.compile(
    r"""^(?:does|do|is|are|can)\s+\S+\s+(?:also|too|as\s+well)$|^(?:the\s+)?(?!which|this|that)[\w-]+\s+ones?$
        |^the\s+ones?\s+\w""",
    re.IGNORECASE | re.VERBOSE,
)
_ELSE: Final = re.compile(
    r"""\b(?:(?:what|any|which|some)\s+other|(?:what|any\w*|some\w*|who|where)\s+else|the\s+other
        |(?:instead|exactly|particular|only|too|as\s+well|more)$)""",
    re.IGNORECASE | re.VERBOSE,
)
_BESIDES: Final = re.compile(
    r"\b(?:besides|apart|other\s+than|except|in\s+addition|aside|rather\s+than)\b", re.IGNORECASE
)
_WHICH: Final = re.compile(
    r"^wh?ich\s+(?:is|are|has|have|does|do|can|would|should|will|gives|leaves|needs|works|runs)\b", re.IGNORECASE
)
_ONE_SIDED: Final = re.compile(
    r"\b(?:differ\w*|compar\w+)\s+(?:it\s+)?(?:to|from|with|than)\b|^(?:vs\.?|versus|compared\s+(?:to|with))\b",
    re.IGNORECASE,
)
_INTRODUCED: Final = re.compile(
    r"\b(?:someone|somebody)\b|\b(?:an?|my|our|your|some|every|each|no|any)\s+(?!few\b|lot\b|bit\b)[\w-]{3,}",
    re.IGNORECASE,
)
_CHOICES: Final = re.compile(r",\s*[\w+#.]+\s+or\s+[\w+#.]+$", re.IGNORECASE)
_ALTERNATIVES: Final = re.compile(r"[\w+#.]+\s+(?:or|vs\.?|versus)\s+[\w+#.]+", re.IGNORECASE)
_PLURAL: Final = re.compile(
    r"""(?:^|\b(?:the|of|in|for|on|with|and|or|over|all|most|many|some|other)\s+(?:\w+\s+)?)
        (?!lots|this|is|was|does|as)\w{2,}[^\Ws]s\b
        |\w{3,}s\s+(?:so|because|when|if|while|that|and\s+what|and\s+how)\s+$""",
    re.IGNORECASE | re.VERBOSE,
)
_ASKED_NOUN: Final = re.compile(
    r"^(?:in\s+|for\s+)?(?:what|which|how\s+many|whats)\s+(?:\w+\s+)??\w+s\b", re.IGNORECASE
)
_JOINED: Final = re.compile(
    r"""\b(?:while|when|because|if|until|before|after|whether|since|as|although|though|so|what|that|where|how|unless|without
        |sure)\s+$""",
    re.IGNORECASE | re.VERBOSE,
)
_DONE: Final = re.compile(r"\b(?:do|does|did|doing|done)\s+$", re.IGNORECASE)
_BEFORE_OBJECT: Final = frozenset(
    {
        "explain",
        "describe",
        "use",
        "using",
        "learn",
        "know",
        "support",
        "define",
        "need",
        "understand",
        "teach",
        "teaches",
    }
)


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


def words(text: str) -> Iterator[str]:
    """The words of a text as they stand."""
    return (match.group() for match in _WORD.finditer(text))


def content_words(text: str) -> list[str]:
    """Words that say what a text is about."""
    return [word for word in words(text) if word.casefold().replace("’", "'") not in SMALL_WORDS]


def names(text: str) -> list[str]:
    """Words written like names: a capital inside the sentence, or capitals and digits within a word."""
    found = []
    for match in _WORD.finditer(text):
        word = match.group()
        inside = match.start() > 0 and text[: match.start()].rstrip()[-1:] not in {"", ".", "?", "!", ":"}
        if (inside and word[0].isupper() and word != "I") or any(letter.isupper() for letter in word[1:]):
            found.append(word)
    return found


def read(question: str, terms: Terms) -> Reading:
    """How a question leans on earlier ones, without looking at them."""
    core, piece = _unopened(question)
    if len(core.split()) > LONGEST_QUESTION:
        return Reading(core, core, Lean.ALONE, empty=False)
    linked = piece is not None
    own = bool(terms.find(core)) or bool(names(core))
    bare = not _own_words(core)
    pointer = _open_pointer(core, terms, linked=linked)
    lean = Lean.ALONE
    if pointer is not None:
        lean = Lean.REFERENCE
    elif _is_fragment(core, piece):
        lean = Lean.SWAP
    elif _leaves_out(core, linked=linked, own=own, bare=bare, terms=terms):
        lean = Lean.REST
    empty = lean is not Lean.ALONE and not own and (bare or lean is Lean.REFERENCE)
    return Reading(core, piece or core, lean, empty, pointer)


def _is_fragment(core: str, piece: str | None) -> bool:
    """Whether it only names what takes a place in the last question: and NoSQL, for Python."""
    if piece is None:
        return bool(_FRAGMENT.match(core)) and not VERB.search(core) and len(core.split()) <= LONGEST_FRAGMENT
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


def _own_words(text: str) -> list[str]:
    """The content words that do not need something that they belong to."""
    return [word for word in content_words(text) if word.casefold() not in DEPENDENT_WORDS]


def _open_pointer(core: str, terms: Terms, *, linked: bool) -> re.Match[str] | None:
    """The first word that points to something outside the question."""
    if _names_its_choices(core, terms):
        return None
    hidden = [match.span() for match in EXPLETIVE.finditer(core)]
    for match in REFERENCE.finditer(core):
        if any(start <= match.start() < end for start, end in hidden) or _is_relative(core, match):
            continue
        if not _has_antecedent(core, match, terms, linked=linked):
            return match
    return None


def _is_relative(core: str, pointer: re.Match[str]) -> bool:
    """Whether a "that" joins a clause to the noun before it: robots that test."""
    if pointer.lastgroup != "noun" or not pointer.group().casefold().startswith("that"):
        return False
    last = core[: pointer.start()].rstrip(' "”’').rpartition(" ")[2].casefold()
    return bool(content_words(last)) and last not in _BEFORE_OBJECT


def _names_its_choices(core: str, terms: Terms) -> bool:
    """Whether the question itself says between which things: docker or kubernetes."""
    if _CHOICES.search(core):
        return True
    return any(len(terms.find(match.group())) > 1 for match in _ALTERNATIVES.finditer(core))


def _has_antecedent(core: str, pointer: re.Match[str], terms: Terms, *, linked: bool) -> bool:
    """Whether the question itself names what a pointer can mean."""
    before, after = core[: pointer.start()], core[pointer.end() :]
    *clauses, clause = CLAUSE.split(core[: pointer.end()])
    if not linked and any(_own_words(each) for each in clauses):
        return True
    kind = pointer.lastgroup
    if kind == "part":
        return before.endswith(" and ")
    if _DONE.search(before):
        return False
    if kind == "ordinal":
        return len(terms.find(before)) >= TWO_SIDES
    if kind == "named":
        return not linked and len(_own_words(clause)) > len(_own_words(pointer.group()))
    return _says_it_after(after, pointer) or _says_it_before(before, pointer, terms)


def _says_it_after(after: str, pointer: re.Match[str]) -> bool:
    """Whether what is meant follows at once: sort these: A, B; what is it GraphQL."""
    if pointer.lastgroup == "that":
        return ":" in after
    word = " ".join(after.split(" ", 2)[1:2])
    return pointer.lastgroup == "it" and bool(names(f"x {word}"))


def _says_it_before(before: str, pointer: re.Match[str], terms: Terms) -> bool:
    own = _own_words(before)
    if _JOINED.search(before) and content_words(before):
        return True
    if pointer.lastgroup == "whose" or (pointer.lastgroup == "that" and pointer.group() == "those"):
        return bool(own) or bool(terms.find(before))
    if pointer.lastgroup == "they" and _PLURAL.search(_ASKED_NOUN.sub("", before)):
        return True
    return _named_before(before, terms) or bool(_INTRODUCED.search(before)) or _is_fronted(before)


def _named_before(before: str, terms: Terms) -> bool:
    """Whether a name or term stands before a pointer; a term right before it is a verb, as in "debug it"."""
    if names(before):
        return True
    head, _, last = before.rstrip().rpartition(" ")
    return bool(terms.find(head if last.islower() and head else before))


def _is_fronted(before: str) -> bool:
    """Whether the question begins with what it is about: kubernetes should i learn it."""
    first = before.split(" ", 1)[0].strip(",;:")
    return bool(_own_words(first)) and " " in before.strip() and not VERB.match(first)


def _leaves_out(core: str, *, linked: bool, own: bool, bare: bool, terms: Terms) -> bool:
    """Whether the question does not say what it is about."""
    if one_sided := _ONE_SIDED.search(core):
        return _lacks_a_side(core, one_sided, terms)
    if _REPAIR.match(core) or _ALSO.match(core):
        return True
    if own or not any(words(core)) or (bare and not linked and _is_to_assistant(core)):
        return False
    few = len(_own_words(core)) <= MOST_OWN_WORDS
    return bare or linked or (few and not _BESIDES.search(core) and bool(_ELSE.search(core) or _WHICH.match(core)))


def _lacks_a_side(core: str, comparison: re.Match[str], terms: Terms) -> bool:
    """Whether a comparison names nothing before "different from" and only one thing after it."""
    before, after = core[: comparison.start()], core[comparison.end() :]
    said = terms.find(before) or names(before) or _own_words(before)
    return not said and " and " not in after and len(terms.find(core)) < TWO_SIDES


def _is_to_assistant(core: str) -> bool:
    """Whether it is small talk: who made you, help."""
    return bool(_TO_ASSISTANT.search(core)) and not _REQUEST.match(core)
