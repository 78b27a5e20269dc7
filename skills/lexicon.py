"""Technical terms in any text, and which of them a guide never mentions, by a list of such terms. Knows no guide."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from ingest.glossary import fold
from retrieval.words import STOP_WORDS

FILE: Final = Path(__file__).with_name("lexicon.txt")
AMBIGUOUS: Final = "~"
_ATOM: Final = re.compile(r"\.?[^\W_]+(?:\+\+|#)?")
_GAP: Final = re.compile(r"[ \t\n]?[-./&:’'_]?[ \t\n]?")
_SENTENCE_START: Final = re.compile(r"(?:^|[.!?:;\"“(]\s*)$")
_MAX_QUESTION = 2_000
"""Characters that are read."""
_JOINABLE = 6
"""Letters from which a term may be written apart: fast api, but not "is it" for some "isit"."""
_AFTER: Final = frozenset(
    """api app apps backend cli code coder coding compiler container course dev developer developers devs engineer
    engineers framework frameworks js lang language languages lib libraries library package plugin programmer
    programmers programming runtime script scripts sdk server servers stack tutorial versus vs""".split()  # noqa: SIM905
)
"""Words that make an ordinary word before them a technical term."""
_BEFORE: Final = frozenset(
    "called framework git learn learning library named tool using versus vs".split()  # noqa: SIM905
)
"""Words that make an ordinary word after them a technical term."""
_LINKS: Final = frozenset("about and in is like on or than to use uses with".split())  # noqa: SIM905
"""Words that do so where another technical term stands in the question."""


_KINDS: Final = {
    "languages": "language", "backend frameworks": "framework", "databases": "database",
    "messaging and streaming": "tool", "cloud": "service", "containers": "tool", "version control": "tool",
    "testing": "tool", "devops": "tool",
}  # fmt: skip
"""What the terms under a heading of the list are; under the others there is some of everything."""


class _Form(NamedTuple):
    """One way to write a term."""

    term: str
    atoms: tuple[str, ...]
    ambiguous: bool


class _Word(NamedTuple):
    text: str
    key: str
    start: int
    end: int


def foreign_terms(question: str, known: Callable[[str], bool]) -> tuple[str, ...]:
    """The technical terms of a question that the guide never mentions, as they are written there, in order.

    Args:
        question: as asked.
        known: whether the guide or its glossary has a term, in whatever case.
    """
    found = technical_terms(question)
    return tuple(dict.fromkeys(said for said, term in found if not (known(said) or known(term))))


def technical_terms(question: str) -> tuple[tuple[str, str], ...]:
    """The technical terms of a question in order: as they are written there, and by their usual name."""
    text = question[:_MAX_QUESTION]
    said = [_Word(each.group(), _key(each.group()), *each.span()) for each in _ATOM.finditer(text)]
    matches = list(_matches(text, said))
    sure = any(not form.ambiguous for _, _, form in matches)
    return tuple(
        (text[said[at].start : said[at + size - 1].end], form.term)
        for at, size, form in matches
        if not form.ambiguous or _is_meant(text, said, at, sure)
    )


class Known(NamedTuple):
    """What the list says of a term."""

    kind: str
    spellings: tuple[str, ...]
    """All ways to write it, its usual name first."""


def known_as(name: str) -> Known | None:
    """The technical term that is called so; None if the list lacks it."""
    form = _lexicon()[0].get("".join(_key(atom) for atom in _ATOM.findall(name)))
    known = _known()[form.term] if form else None
    return known if known and fold(name) in {fold(each) for each in known.spellings} else None


def holds_word(word: str) -> bool:
    """Whether the word is a term or a word of one: no slip, then, however strange it looks."""
    return word.casefold() in _every_word()


def _matches(text: str, said: Sequence[_Word]) -> Iterator[tuple[int, int, _Form]]:
    """The longest term at each place, from left to right: (first word, number of words, form)."""
    forms, longest = _lexicon()
    at = 0
    while at < len(said):
        size, form = next(
            (
                (size, form)
                for size in range(min(longest, len(said) - at), 0, -1)
                if (form := _form(text, said[at : at + size], forms)) is not None
            ),
            (1, None),
        )
        if form:
            yield at, size, form
        at += size


def _form(text: str, span: Sequence[_Word], forms: dict[str, _Form]) -> _Form | None:
    key = "".join(word.key for word in span)
    form = forms.get(key) or (forms.get(key[:-1]) if key.endswith("s") and len(key) > 3 else None)  # noqa: PLR2004
    if form is None or len(span) == 1:
        return form
    same = len(span) == len(form.atoms)
    if not same and (len(key) < _JOINABLE or span[0].key in STOP_WORDS or span[-1].key in STOP_WORDS):
        return None
    joined = all(_GAP.fullmatch(text, left.end, right.start) for left, right in pairwise(span))
    return form if joined else None


def _is_meant(text: str, said: Sequence[_Word], at: int, sure: bool) -> bool:
    """Whether a form that is an ordinary word, too, is a technical term here."""
    word = said[at]
    before = said[at - 1].key if at else ""
    after = said[at + 1].key if at + 1 < len(said) else ""
    if after in _AFTER or before in _BEFORE or len(said) == 1:
        return True
    within = not _SENTENCE_START.search(text[: word.start])
    if word.text[0].isupper() and within and not (said[at - 1].text[0].isupper() and before not in STOP_WORDS):
        return True
    return sure and (before in _LINKS or after in {"and", "or"})


@cache
def _lexicon() -> tuple[dict[str, _Form], int]:
    """All forms by their key, and the number of words of the longest."""
    forms: dict[str, _Form] = {}
    for form in _read(FILE.read_text(encoding="utf-8")):
        forms.setdefault("".join(form.atoms), form)
    return forms, max(len(form.atoms) for form in forms.values())


def _read(text: str) -> Iterator[_Form]:
    for line in text.splitlines():
        if line.startswith("# ") or not line.strip():
            continue
        term, _, spellings = line.partition("\t")
        for name in (term, *filter(None, (each.strip() for each in spellings.split(",")))):
            atoms = tuple(_key(atom) for atom in _ATOM.findall(name))
            yield _Form(term.lstrip(AMBIGUOUS), atoms, name.startswith(AMBIGUOUS))


@cache
def _known() -> dict[str, Known]:
    found: dict[str, Known] = {}
    kind = ""
    for line in filter(None, FILE.read_text(encoding="utf-8").splitlines()):
        if line.startswith("# "):
            kind = _KINDS.get(line[2:], "")
            continue
        names = tuple(filter(None, (each.strip(f" {AMBIGUOUS}") for each in line.replace("\t", ",").split(","))))
        found.setdefault(names[0], Known(kind, names))
    return found


@cache
def _every_word() -> frozenset[str]:
    forms, _ = _lexicon()
    return frozenset([*forms, *(atom for form in forms.values() for atom in form.atoms)])


def _key(atom: str) -> str:
    return atom.casefold().lstrip(".")
