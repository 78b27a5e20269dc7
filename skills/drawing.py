"""Draws the inventory of terms from guides, with the glossary's help. Knows nothing of questions or pages."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from ingest.documents import BlockKind, Document, Passage, Span
from ingest.glossary import Glossary, fold
from skills.candidates import Candidate, candidates, kind_of
from skills.card import Inventory, Mention, Term
from skills.definitions import Says, says
from skills.entries import dictionary
from skills.lexicon import known_as
from skills.naming import Finder, key
from skills.written import Written

VERSION: Final = 6
"""Counts changes of what is drawn from the same guides."""
MOST_RELATED: Final = 10
_KIND_WITHIN: Final = 70
"""Characters behind a term in which its definition names its kind."""
_SAME_SENTENCE, _SAME_LIST = 3.0, 2.0
"""Weight of a neighbour, against 1 for the same section."""


class _Entry:
    """A term in the making."""

    def __init__(self, term: str, kind: str = "", note: str | None = None) -> None:
        self.term, self.kind, self.note = term, kind, note
        self.aliases: dict[tuple[str, str], str] = {}

    def add(self, name: str) -> None:
        forms = fold(name), key(name)
        if key(name) and forms != (fold(self.term), key(self.term)):
            self.aliases.setdefault(forms, name)


class _Seen(NamedTuple):
    """A mention with what is needed to weigh it."""

    mention: Mention
    kind: BlockKind
    group: tuple[str, int] | None
    says: Says


def draw(documents: Sequence[Document], passages: Sequence[Passage], glossary: Glossary) -> Inventory:
    """All terms that the documents name, by letter.

    Args:
        documents: the guides.
        passages: all passages of these documents, bare headings among them.
        glossary: other names, kinds and notes; what the guides never name is left out.
    """
    entries = _entries(documents, glossary)
    seen = _mentions(documents, passages, entries)
    areas = {section.id: next(iter(section.headings), "") for each in documents for section in each.sections}
    for name, found in _headwords(documents, passages, entries).items():
        seen.setdefault(name, []).insert(0, found)
    related = _related(seen)
    texts = {document.id: document.text for document in documents}
    terms = (_term(entries[name], found, areas, related[name], texts) for name, found in seen.items())
    return Inventory(terms=tuple(sorted(terms, key=lambda each: (each.term.casefold(), each.term))))


class _Names:
    """Everything that may be a term; no name belongs to two."""

    def __init__(self) -> None:
        self.entries: dict[str, _Entry] = {}
        self._owner: dict[str, _Entry] = {}

    def enter(self, term: str, kind: str = "", note: str | None = None) -> _Entry:
        entry = self.entries[term] = _Entry(term, kind, note)
        self._owner.setdefault(key(term), entry)
        return entry

    def give(self, entry: _Entry, name: str) -> None:
        if self._owner.setdefault(key(name), entry) is entry:
            entry.add(name)

    def collect(self, found: Candidate, name: str) -> None:
        keys = (key(name), key(found.other))
        entry = next((self._owner[each] for each in keys if each in self._owner), None) or self.enter(name, found.kind)
        entry.kind = entry.kind or found.kind
        for each in filter(key, (name, found.other)):
            self.give(entry, each)


def _entries(documents: Sequence[Document], glossary: Glossary) -> dict[str, _Entry]:
    """What may be a term, by its name."""
    names = _Names()
    known = {each: names.enter(each.term, each.kind, each.note) for each in glossary.entries}
    for each, entry in known.items():
        for alias in each.aliases:
            names.give(entry, alias)
    headwords, nowhere = dictionary(documents), Written("")
    for headword in headwords:
        names.collect(Candidate(headword.name, other=headword.bare), nowhere.plain(headword.name))
    for document in documents if not headwords else ():  # a dictionary says itself what its terms are
        written = Written(document.text)
        for found in filter(lambda each: key(each.name), candidates(document, written)):
            names.collect(found, written.plain(found.name))
    for entry in names.entries.values():
        if listed := known_as(entry.term):
            entry.kind = entry.kind or listed.kind
            for name in listed.spellings:
                names.give(entry, name)
    return names.entries


def _mentions(
    documents: Sequence[Document], passages: Sequence[Passage], entries: Mapping[str, _Entry]
) -> dict[str, list[_Seen]]:
    """Where each term is named, in reading order; a term that is named nowhere is left out."""
    finder = Finder({name: entry.aliases.values() for name, entry in entries.items()})
    texts = {document.id: document.text for document in documents}
    headings = {
        document.id: [block for block in document.blocks if block.kind is BlockKind.HEADING] for document in documents
    }
    heading_starts = {name: [block.start for block in own] for name, own in headings.items()}
    seen: dict[str, list[_Seen]] = defaultdict(list)
    for passage in passages:
        text = texts[passage.document]
        own, starts = headings[passage.document], heading_starts[passage.document]
        within = own[bisect_left(starts, passage.start) : bisect_left(starts, passage.end)]
        bare = [(block, block.kind, None) for block in within if passage.covers(block)]
        whole = [(each, each.kind, each.group) for each in passage.sentences]
        for span, kind, group in (*bare, *whole):
            for name, start, end in finder.find_all(span.of(text)):
                entry = entries[name]
                told = says(span.of(text), start, end, kind, (name, *entry.aliases.values()))
                seen[name].append(
                    _Seen(
                        _mention(passage, span, start, end), kind,
                        None if group is None else (passage.document, group), told,
                    )
                )  # fmt: skip
    return seen


def _headwords(
    documents: Sequence[Document], passages: Sequence[Passage], entries: Mapping[str, _Entry]
) -> dict[str, _Seen]:
    """What stands under its headword, by term; only in guides that are written like a dictionary."""
    begins = {(each.document, each.start): each.name for each in dictionary(documents)}
    called = {key(name): term for term, entry in entries.items() for name in (term, *entry.aliases.values())}
    found: dict[str, _Seen] = {}
    for passage in passages if begins else ():
        for sentence in passage.sentences:
            if name := begins.get((passage.document, sentence.start)):
                mention = _mention(passage, sentence, 0, 0)
                found.setdefault(called[key(name)], _Seen(mention, sentence.kind, None, Says.DEFINES))
    return found


def _mention(passage: Passage, span: Span, start: int, end: int) -> Mention:
    return Mention(
        start=span.start + start, end=span.start + end, document=passage.document, passage=passage.id,
        section=passage.section, sentence=Span(start=span.start, end=span.end),
    )  # fmt: skip


def _term(
    entry: _Entry, seen: Sequence[_Seen], areas: Mapping[str, str], related: Sequence[str], texts: Mapping[str, str]
) -> Term:
    best = max(seen, key=lambda each: each.says)
    definition = best.mention if best.says else None
    kind = entry.kind or (_kind_said(definition, texts[definition.document]) if definition else "") or "concept"
    home = definition.section if definition else Counter(each.mention.section for each in seen).most_common(1)[0][0]
    return Term(
        term=entry.term, kind=kind, aliases=tuple(entry.aliases.values()),
        area=areas.get(home, ""), section=home, definition=definition,
        mentions=tuple(each.mention for each in seen), related=tuple(related), note=entry.note,
    )  # fmt: skip


def _kind_said(definition: Mention, text: str) -> str:
    """The first word behind the term in its definition that names a kind of things."""
    said = text[definition.end : min(definition.sentence.end, definition.end + _KIND_WITHIN)]
    return next((kind for word in re.findall(r"[a-z]+", said) if (kind := kind_of(word))), "")


def _related(seen: Mapping[str, Sequence[_Seen]]) -> dict[str, tuple[str, ...]]:
    """For each term the others that stand in its sentences, lists and sections, those that share most first."""
    places: dict[tuple[object, ...], dict[str, None]] = defaultdict(dict)
    for name, found in seen.items():
        for each in found:
            for place in _places(each):
                places[place][name] = None
    scores: dict[str, Counter[str]] = {name: Counter() for name in seen}
    weights = {"sentence": _SAME_SENTENCE, "list": _SAME_LIST, "section": 1.0}
    for place, names in places.items():
        for name in names:
            for other in names:
                if other != name:
                    scores[name][other] += weights[str(place[0])] / len(names) ** 0.5
    return {name: tuple(other for other, _ in found.most_common(MOST_RELATED)) for name, found in scores.items()}


def _places(each: _Seen) -> Iterator[tuple[object, ...]]:
    mention = each.mention
    yield "section", mention.document, mention.section
    if each.kind is not BlockKind.HEADING:
        yield "sentence", mention.document, mention.sentence.start
    if each.group:
        yield "list", *each.group
