"""A term is found by any of its names, inflected or misspelt; the name of something else finds none."""

import random
import re
from collections.abc import Iterator

import pytest

from answering.assistant import Assistant
from answering.defining import nearest_terms
from ingest.documents import Span
from ingest.errors import GuideError
from ingest.glossary import fold, read_glossary
from settings import PROJECT
from skills.card import Card, Inventory, Mention, NoCard, Term
from skills.lexicon import FILE, holds_word
from skills.lookup import Lookup

MENTION = Mention(start=0, end=1, document="d", passage="p", section="s", sentence=Span(start=0, end=1))
NAMES = {
    "Kubernetes": ("k8s",), "REST": ("Representational State Transfer",), "Go": ("golang",), "Redis": (),
    "unit testing": ("unit test",), "authentication": (), "C": (), "C++": (), "Java": (), "OAuth2": ("OAuth 2.0",),
    "MySQL": (), "security": (), "containers": (),
}  # fmt: skip
KINDS = {"Redis": "database", "Go": "language"}
LOOKUP = Lookup(
    Inventory(
        terms=tuple(
            Term(term=term, kind=KINDS.get(term, "concept"), aliases=names, mentions=(MENTION,))
            for term, names in NAMES.items()
        )
    ),
    holds_word,
)


@pytest.mark.parametrize(
    ("query", "term"),
    [
        ("kubernetes", "Kubernetes"), ("K8S", "Kubernetes"), ("Kuberntes", "Kubernetes"), ("golang", "Go"),
        ("kuberentes", "Kubernetes"), ("what is kubernetes?", "Kubernetes"), ("meaning of REST", "REST"),
        ("rest", "REST"), ("What does representational state transfer mean?", "REST"), ("a container", "containers"),
        ("redis database", "Redis"), ("redis framework", None), ("unit tests", "unit testing"), ("mssql", None),
        ("unit tesing", "unit testing"), ("authenticating", "authentication"), ("authentification", "authentication"),
        ("c++", "C++"), ("C#", None), ("Jav", None), ("Security+", None), ("securty", "security"), ("OAuth 1.0", None),
        ("oauth 2", "OAuth2"), ("explain containers to me", "containers"), ("Redux", None), ("resist", None),
        ("", None), ("?!", None), ("🙂", None),
    ],
)  # fmt: skip
def test_a_name_finds_its_term_and_no_other(query: str, term: str | None) -> None:
    found = LOOKUP.term(query)
    assert (found.term if found else None) == term


def test_names_that_are_written_alike_come_with_their_likeness() -> None:
    alike = LOOKUP.alike("Kubernet")
    assert max(alike, key=lambda each: alike[each]) == "Kubernetes"
    assert all(0 <= each <= 1 for each in alike.values())


def test_a_headword_comes_before_what_a_dictionary_only_names() -> None:
    under = MENTION.model_copy(update={"end": MENTION.start})
    headword = Term(term="hand saw", kind="tool", definition=under, mentions=(under,))
    named = Term(term="saw", kind="tool", definition=MENTION, mentions=(MENTION,))
    alike = {"saw": 0.5, "hand saw": 0.45}
    assert nearest_terms(Inventory(terms=(named, headword)), (), alike) == ("hand saw", "saw")
    plain = headword.model_copy(update={"definition": MENTION})
    assert nearest_terms(Inventory(terms=(named, plain)), (), alike) == ("saw", "hand saw")


def _glossary_names() -> Iterator[tuple[str, str]]:
    for entry in read_glossary(PROJECT / "content").entries:
        for name in (entry.term, *entry.aliases):
            yield name, entry.term


def _misspelt(name: str, chance: random.Random) -> str | None:
    """The name with one edit in a word of five letters or more."""
    words = [match.span() for match in re.finditer(r"[A-Za-z]{5,}", name)]
    if not words:
        return None
    start, end = chance.choice(words)
    at = chance.randrange(start, end - 1)
    letter = chance.choice("abcdefghijklmnopqrstuvwxyz")
    swapped = name[at + 1] + name[at]
    return chance.choice(
        [
            name[:at] + name[at + 1 :],
            name[:at] + letter + name[at:],
            name[:at] + letter + name[at + 1 :],
            name[:at] + swapped + name[at + 2 :],
        ]
    )


def test_every_name_of_the_glossary_finds_its_term(assistant: Assistant) -> None:
    missed = {name: term for name, term in _glossary_names() if assistant.define(name).term != term}
    assert not missed


def test_one_edit_still_finds_the_term(assistant: Assistant) -> None:
    chance = random.Random(2026)
    tried = {said: term for name, term in _glossary_names() if (said := _misspelt(name, chance))}
    missed = {said: term for said, term in tried.items() if assistant.define(said, 0).term != term}
    assert len(missed) <= 0.02 * len(tried), missed


def test_what_the_guide_lacks_is_never_another_term(assistant: Assistant) -> None:
    known = {fold(name) for term in assistant.inventory().terms for name in term.names}
    lines = [line for line in FILE.read_text(encoding="utf-8").splitlines() if line.strip() and line[:2] != "# "]
    names = [[each.strip(" ~") for each in line.replace("\t", ",").split(",") if each.strip()] for line in lines]
    lacking = [name for spellings in names if known.isdisjoint(map(fold, spellings)) for name in spellings][::3]
    assert len(lacking) > 500
    wrong = {name: found.term for name in lacking if (found := assistant.define(name, 0)).term}
    assert len(wrong) <= 0.002 * len(lacking), wrong


def test_a_card_quotes_the_guide(assistant: Assistant) -> None:
    card = assistant.define("k8s")
    assert isinstance(card, Card)
    text = assistant.document("backend-developer-skills").text
    assert card.definition is not None and card.definition in card.mentions
    assert all(each.quote == text[each.start : each.end] for each in card.mentions)
    assert [each.number for each in card.mentions] == list(range(1, len(card.mentions) + 1))
    assert card.url.endswith("/skills?term=Kubernetes")
    assert "Docker" in card.related


def test_a_term_that_the_guide_only_names_has_a_note_instead(assistant: Assistant) -> None:
    card = assistant.define("saml")
    assert isinstance(card, Card) and card.definition is None and card.note
    assert card.note.source == "note, not from the guide"


@pytest.mark.parametrize(("query", "near"), [("container scheduler", "containers"), ("Dockerfile", "Docker")])
def test_what_the_guide_lacks_gets_the_nearest_terms(assistant: Assistant, query: str, near: str) -> None:
    found = assistant.define(query)
    assert isinstance(found, NoCard) and near in found.nearest and found.query == query


def test_an_empty_query_says_so(assistant: Assistant) -> None:
    with pytest.raises(GuideError):
        assistant.define(" \n")
