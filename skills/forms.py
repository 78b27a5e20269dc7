"""All ways to write each term: those of a guide and technical terms in general. Knows nothing of texts."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from retrieval.english import is_english
from retrieval.words import STOP_WORDS, stems
from skills.lexicon import AMBIGUOUS
from skills.lexicon import FILE as LEXICON

MORE: Final = Path(__file__).with_name("lexicon_ads.txt")
"""Terms that ads ask for and questions seldom; they have no say in answering."""
ATOM: Final = re.compile(r"\.?[^\W_]+(?:\+\+|#)?")
"""A word, or one part of a compound: Node, .js, C++."""
NO_SKILLS: Final = frozenset(
    """bootcamp|computer science degree|portfolio project|hackathon|KPI|OKR|Coursera|Udemy|edX|Pluralsight|Codecademy
    |LeetCode|HackerRank|Codewars|Exercism|freeCodeCamp|Stack Overflow|cookie|interpreter|App Store|Google Play|rollback
    |RAM|CPU|SSD|metrics|elasticity|uptime|Internet Explorer|Firefox|Square payments|file upload|monitoring APM|CSV
    |data model|knowledge""".replace("\n    ", "").split("|")
)
"""Terms of the list that are no skills which an ad asks for."""
_EVERYDAY: Final = frozenset(
    """account alerting apply architecture area backup balance branch build business case change client cloud code
    commit company concept concurrency configuration container context contract control core customer data
    delivery deploy deployment design developer development echo efficiency encapsulation endpoint engine event
    express field flexibility function gin go growth hosting industry inheritance insomnia integrity interface
    isolation join key lambda language library logic maintenance market media memory method mocha model module
    mutation nest network node object operation orchestration part path performance pipeline platform post postman
    privacy process product production productivity program project prototype put query rails range react record
    reliability request resolver resource response rest schema scalability security select server service
    session simplicity spring stage staging standard state storage store structure success support swift system
    table task team tool transaction type update user value version view work workflow""".split()  # noqa: SIM905
)
"""Words that ads use in their ordinary sense, too."""
_ALWAYS: Final = frozenset(
    """authentication authorization authorisation backend containerization containerisation debugging devops docker
    encryption frontend fintech java javascript microservices middleware python vulnerabilities containers django
    repository kubernetes prototyping versioning indexing normalization agile scrum""".split()  # noqa: SIM905
)
"""English words that mean only this in ads, capital or not."""
_SHORT_WORDS: Final = frozenset(
    """act add age aim air ant arm art ask bar bee bet bid big bin bit bow box bus cap car cat cue cut dam day die
    dot dry ear elk elm end era eye fan fee fit fix fly fun gap gas hit hot ice ink inn its jam job kit lab lamp
    law lay lean led leg let lie lip lit log low map mat max mean men mes min mix mob nat net odd oil old pad pam
    pan pat pay pen per pet pin pit pop pot pub rag raid ram rat raw red rest rib rip rob rod row run safe sam sap
    sat say sea see set ses sip sit sky soap solid son spa spy stomp sum sun tab tag tap tar tax tea ten tie tin
    tip top toy try two use van vim war wax way web win yes zip""".split()  # noqa: SIM905
)
_ORDINARY: Final = frozenset(
    {"scale up", "paging", "parts", "canvas lms", "cached", "caches", "shards", "shard", "json:api"}
)
"""Spellings of the lists that ads use in their ordinary sense."""
_SPELLINGS: Final = (
    (re.compile(r"(?<=[a-z]{3})is(ation|ations|ing|ed|e|er|es)$"), r"iz\1"),
    (re.compile(r"(?<=[a-z]{2})ll(ing|ed|er)$"), r"l\1"),
    (re.compile(r"our$"), "or"),
)
"""British to American, as far as it matters to compare two words."""
_VERSIONED: Final = re.compile(r"([A-Za-z]{3,})\d{1,2}")
"""A name with the number of its version: PHP8."""
_CAPITALS: Final = re.compile(r"[A-Z]{2,}s")
"""Several of an acronym: APIs."""
_SHORT: Final = 2
"""Letters up to which a name counts by its capitals or its company alone."""


class Form(NamedTuple):
    """One way to write a term."""

    term: str
    name: str
    foreign: bool
    """Not of the guide."""
    atoms: int
    ambiguous: bool
    """An ordinary word, too."""
    weak: bool = False
    """Used so often in the ordinary sense that a capital tells little."""


class Forms:
    """The forms of one guide and of the lists, by their key."""

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        """Takes each term of the guide with all of its names, itself among them or not."""
        self._by_key: dict[str, Form] = {}
        self._by_stems: dict[tuple[str, ...], Form] = {}
        for term, called in names.items():
            for name in dict.fromkeys((term, *called)):
                self._add(_guide_form(term, name))
        listed, apart = _listed()
        for key, form in listed.items():
            self._by_key.setdefault(key, form)
        self._apart = apart.union(form.name.casefold() for form in self._by_key.values())
        self.longest = max((form.atoms for form in self._by_key.values()), default=1) + 1

    def _add(self, form: Form) -> None:
        if found := key_of(form.name):
            self._by_key.setdefault(found, form)
            inflected = tuple(stems(form.name))
            if form.atoms > 1 and len(inflected) == form.atoms:
                self._by_stems.setdefault(inflected, form)

    def get(self, words: Sequence[str]) -> Form | None:
        """The form that these words make up, in whatever number and spelling."""
        found = self._by_key.get("".join(map(one, words)))
        if found is None and len(words) == 1 and (versioned := _VERSIONED.fullmatch(words[0])):
            found = self._by_key.get(one(versioned[1]))
            return None if found and found.ambiguous else found
        return found

    def has_spelling(self, said: str) -> bool:
        """Whether a name is written exactly so, but for case."""
        return said.casefold() in self._apart

    def by_stems(self, words: Sequence[str]) -> Form | None:
        """The form of several words that these are inflections of."""
        inflected = tuple(stems(" ".join(words)))
        return self._by_stems.get(inflected) if len(inflected) == len(words) else None


def key_of(name: str) -> str:
    """What a name is looked up by: number, gaps, case and British spelling make no difference."""
    return "".join(one(atom) for atom in ATOM.findall(name))


@cache
def one(word: str) -> str:
    """The form by which a word is compared, in the singular; not always a word."""
    found = (word[:-1] if _CAPITALS.fullmatch(word) or word == "apis" else word).casefold().lstrip(".")
    if len(found) > 3 and found.endswith("s") and not found.endswith(("ss", "us", "is")):  # noqa: PLR2004
        found = found[:-3] + "y" if found.endswith("ies") else found[:-1]
    for pattern, replacement in _SPELLINGS:
        found = pattern.sub(replacement, found)
    return found


def _guide_form(term: str, name: str) -> Form:
    atoms = ATOM.findall(name)
    folded = name.casefold()
    single = len(atoms) == 1
    short = single and name.isalpha() and (len(name) <= _SHORT or folded in STOP_WORDS)
    english = single and (is_english(folded) or folded in _EVERYDAY or one(folded) in _EVERYDAY)
    weak = short or folded in _EVERYDAY or one(folded) in _EVERYDAY
    plain = name.islower() and not weak  # a concept, such as encryption, not the tool that has its name from a word
    ambiguous = short or (english and not plain and folded not in _ALWAYS and one(folded) not in _ALWAYS)
    return Form(term, name, False, len(atoms), ambiguous, ambiguous and weak)


@cache
def _listed() -> tuple[dict[str, Form], frozenset[str]]:
    """Technical terms in general, of two lists the first having the word; all their spellings."""
    forms: dict[str, Form] = {}
    spellings = set()
    for file in (LEXICON, MORE):
        for form in _read(file.read_text(encoding="utf-8")):
            if form.term not in NO_SKILLS:
                forms.setdefault(key_of(form.name), form)
                spellings.add(form.name.casefold())
    return forms, frozenset(spellings)


def _read(text: str) -> Iterator[Form]:
    for line in text.splitlines():
        if line.startswith("# ") or not line.strip():
            continue
        term, _, spellings = line.partition("\t")
        for name in (term, *filter(None, (each.strip() for each in spellings.split(",")))):
            plain = name.lstrip(AMBIGUOUS)
            atoms = ATOM.findall(plain)
            folded = plain.casefold()
            short = len(atoms) == 1 and plain.isalpha() and (len(plain) <= _SHORT or folded in _SHORT_WORDS)
            marked = (name.startswith(AMBIGUOUS) or short) and folded not in _ALWAYS
            if folded not in _ORDINARY:
                yield Form(term.lstrip(AMBIGUOUS), plain, True, len(atoms), marked, marked)


def usual_name(name: str) -> str | None:
    """The usual name of a technical term that may be written so; None if no list has it."""
    form = _listed()[0].get(key_of(name))
    return form.term if form else None
