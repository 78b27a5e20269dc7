"""Finds questions to offer: only such that this very index answers. Runs once, when the index is built."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from answering.answer import Answer, Status
from answering.bank import BankedQuestion
from ingest.documents import BlockKind, Document

EXAMPLES = 6
"""Example questions on an empty page."""
PER_SECTION = 3
"""Next questions kept for a section."""
TRIED_PER_SECTION = 3
"""Candidates that are put to the index per section."""
MOST_SECTIONS = 60
"""Sections that questions are tried for: a quarter of a minute here; a large guide would take longer than its index."""
SHORTEST, LONGEST = 18, 75
"""Characters of a question that reads well on a button."""
OFFERED_KINDS = ("definition", "list", "why", "compare", "lookup")
_TERM = re.compile(r"^([A-Z][\w .+#/-]{1,30}):\s")

Ask = Callable[[str], Answer]


def offered(
    ask: Ask, documents: Sequence[Document], bank: Sequence[BankedQuestion],
    known: Mapping[str, Sequence[str]] | None = None,
) -> tuple[tuple[str, ...], dict[str, list[str]]]:  # fmt: skip
    """Example questions, and next questions by section id; all of them answered by `ask`, citing that section.

    Args:
        ask: answers a question from the index.
        documents: the guides.
        bank: labelled questions about them.
        known: sections that were tried before and have not changed, with what was found then.
    """
    known = known or {}
    candidates = _some(_from_bank(bank) or _from_structure(documents))
    good = {
        section: list(known[section]) if section in known else list(_answered(ask, section, tried))
        for section, tried in candidates.items()
    }
    by_section = {section: found[:PER_SECTION] for section, found in good.items() if found}
    return _spread(by_section), by_section


def _some(candidates: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    """The candidates of as many sections as may be tried: spread over all, and mostly the same when one is changed."""
    drawn = sorted(candidates, key=lambda section: hashlib.sha256(section.encode()).digest())[:MOST_SECTIONS]
    chosen = frozenset(drawn)
    return {section: questions for section, questions in candidates.items() if section in chosen}


def _from_bank(bank: Sequence[BankedQuestion]) -> Mapping[str, Sequence[str]]:
    found: dict[str, dict[str, list[str]]] = {}
    for each in bank:
        if _reads_well(each):
            found.setdefault(each.sections[0], {}).setdefault(each.kind, []).append(each.question)
    return {section: list(_by_turns(kinds))[:TRIED_PER_SECTION] for section, kinds in found.items()}


def _reads_well(each: BankedQuestion) -> bool:
    text = each.question
    plain = not each.turns and len(each.sections) == 1 and each.voice != "nonnative" and each.kind in OFFERED_KINDS
    return each.answerable and plain and SHORTEST <= len(text) <= LONGEST and text[0].isupper() and text.endswith("?")


def _by_turns(kinds: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """One question of each kind, then the next of each."""
    for place in range(TRIED_PER_SECTION):
        for kind in OFFERED_KINDS:
            yield from kinds.get(kind, ())[place : place + 1]


def _from_structure(documents: Sequence[Document]) -> Mapping[str, Sequence[str]]:
    """Questions after the terms that a guide defines in its lists, and after its headings."""
    found: dict[str, list[str]] = {}
    for document in documents:
        for block in document.blocks:
            term = _TERM.match(block.of(document.text)) if block.kind is BlockKind.LIST_ITEM else None
            if term:
                found.setdefault(block.section, []).append(f"What is {term[1]}?")
        for section in document.sections:
            found.setdefault(section.id, []).append(f"What does the guide say about {section.heading.strip(' ?.:')}?")
    return {section: questions[:TRIED_PER_SECTION] for section, questions in found.items()}


def _answered(ask: Ask, section: str, questions: Sequence[str]) -> Iterator[str]:
    for question in questions:
        answer = ask(question)
        if answer.status is Status.ANSWERED and any(each.section == section for each in answer.citations):
            yield question


def _spread(by_section: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Examples from sections far apart, so that they show what the guide is about."""
    sections = list(by_section)
    step = max(len(sections) / EXAMPLES, 1)
    places = [int(place * step) for place in range(EXAMPLES)]
    picked = dict.fromkeys(sections[place] for place in places if place < len(sections))
    return tuple(by_section[section][place % len(by_section[section])] for place, section in enumerate(picked))
