"""What a guide's structure says is a term: heads of list items, table cells, expansions in brackets, named examples.

Works by form alone, for any subject. Knows nothing of definitions or of other names for things.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from ingest.documents import Block, BlockKind, Document
from ingest.tables import cells_of
from retrieval.english import is_english
from retrieval.words import STOP_WORDS
from skills.lexicon import known_as, technical_terms
from skills.naming import key, singular
from skills.written import Written

KINDS: Final = frozenset(
    """acronym algorithm architecture command concept database framework language library method platform practice
    principle product protocol service skill standard style technique tool vulnerability system extension""".split()  # noqa: SIM905
)
"""Words for kinds of things, by which a lead-in, a column or a definition says what its terms are."""
_SAME_KIND: Final = {
    "act": "practice", "approach": "practice", "attack": "vulnerability", "process": "practice", "way": "practice",
    "property": "concept", "repository": "concept", "software": "tool", "term": "concept", "technology": "tool",
}  # fmt: skip
_NO_HEAD: Final = frozenset(
    """answer attention aim benefit bonus caution conclusion cons example examples hint important introduction key note
    notes overview pros question reminder result step summary tip tips warning whatever""".split()  # noqa: SIM905
)
"""Words before a colon that introduce a remark rather than define a term."""
_GENERIC: Final = frozenset(
    "best common further general good key main more most new other others quick responsibility sneak top".split()  # noqa: SIM905
)
_MOST_WORDS = 5
_JOINING: Final = frozenset("as by for of the to".split())  # noqa: SIM905
"""Words that may stand within a name: Infrastructure as Code."""
_LONGEST_ACRONYM = 8
_MARK: Final = re.compile(r"^(?:[-*•–]|\d+[.)])\s+")
_HEAD: Final = re.compile(r"^(?P<head>[^:–—;()]{1,60}?)(?:\s*\((?P<inside>[^()]{1,60})\))?(?::|\s[–—-])\s+(?=\S)")
_NAMED_ITEM: Final = re.compile(r"^(?P<head>[^:;(),.]{2,60}?)(?:[,(]|\s\()\s*(?:for example|e\.g\.|such as|like)\b")
_BRACKETS: Final = re.compile(r"\s\(([^()]{1,60})\)")
_BEFORE_BRACKETS: Final = 70
"""Characters before a bracket in which its name stands."""
_SENTENCE_PART: Final = re.compile(r"[^.,;:()]*$")
_EXAMPLES: Final = re.compile(
    r"(?P<kind>\w+),?\s(?:such as|for example|for instance|like|e\.g\.,?|including)\s(?P<names>[^.:;()]+)"
)
_BETWEEN: Final = re.compile(r",?\s(?:and|or)\s|,\s")
_CAPITALS: Final = re.compile(r"(?<![\w.-])(?:[A-Z][A-Z0-9]{1,7}|[A-Za-z]+[a-z0-9][A-Z]\w*)(?![\w-])")
_ROMAN: Final = re.compile(r"[IVXLC]+|[AP]M")


class Candidate(NamedTuple):
    """A name that seems to be a term, with another name for it where the guide gives one."""

    name: str
    kind: str = ""
    other: str = ""


def candidates(document: Document, written: Written) -> Iterator[Candidate]:
    """Everything in a document that its form marks as a term; one name may come often.

    Args:
        document: the guide.
        written: its text.
    """
    text = document.text
    for block in document.blocks:
        said = block.of(text)
        lead = kind_in(block.lead_in.of(text)) if block.lead_in else ""
        if block.kind is BlockKind.LIST_ITEM:
            yield from _item(_MARK.sub("", said), lead)
        elif block.kind is BlockKind.TABLE_ROW:
            yield from _row(block, text)
        elif block.kind is BlockKind.HEADING:
            yield from _heading(said, written)
        if block.kind is not BlockKind.CODE:
            yield from _within(said)


def kind_in(phrase: str) -> str:
    """The last word of a phrase that names a kind of things, as a kind; empty if there is none."""
    words = re.findall(r"[a-z]+", phrase.partition(":")[0].casefold())
    return next((kind for word in reversed(words) if (kind := kind_of(word))), "")


def kind_of(word: str) -> str:
    """The kind that a word names, or an empty string."""
    one = singular(word.casefold())
    return one if one in KINDS else _SAME_KIND.get(one, "")


def expansion(before: str, inside: str) -> tuple[str, str] | None:
    """The long name and the short one, if one of two is short for the other; `before` may begin too early."""
    if _is_acronym(inside):
        words = before.split()
        for size in range(1, len(words) + 1):
            long = " ".join(words[-size:])
            if _spells(inside, long) and words[-size].casefold() not in STOP_WORDS:
                return long, inside
    short = before.rsplit(maxsplit=1)[-1] if before.split() else ""
    if _is_acronym(short) and _spells(short, inside):
        return inside, short
    return None


def _item(said: str, kind: str) -> Iterator[Candidate]:
    match = _HEAD.match(said) or _NAMED_ITEM.match(said)
    if match:
        head, inside = match["head"].strip(), match.groupdict().get("inside") or ""
        if _is_name(head) and head.casefold().split()[0] not in _NO_HEAD:
            yield Candidate(head, kind, inside if _same_thing(head, inside) else "")
            if inside and not _same_thing(head, inside) and _is_name(inside) and inside[0].isupper():
                yield Candidate(inside, kind)
    elif kind and _is_name(bare := said.rstrip(". ")) and len(bare.split()) < _MOST_WORDS:
        yield Candidate(bare, kind)


def _row(block: Block, text: str) -> Iterator[Candidate]:
    for column, cell in zip(block.columns, cells_of(block, text) or (), strict=False):
        kind = kind_of(column.split()[-1]) if column.split() else ""
        for name in _BETWEEN.split(cell.of(text)) if kind else ():
            base, _, inside = name.strip(" )").partition(" (")
            if _is_name(base):
                yield Candidate(base, kind, inside if inside and _same_thing(base, inside) else "")


def _heading(said: str, written: Written) -> Iterator[Candidate]:
    name = re.sub(r"^[\d.]+\s+|\s*\([^)]*\)$", "", said)
    words = name.casefold().split()
    if not _is_name(name) or len(words) >= _MOST_WORDS - 1 or _GENERIC & set(words):
        return
    lowered = written.plain(name) if name[1:].islower() else name.casefold()
    if lowered.islower() and (elsewhere := written.one_or_many(lowered)):
        yield Candidate(lowered if lowered.endswith("s") else elsewhere)
    elif written.besides(name, said):
        yield Candidate(name)


def _within(said: str) -> Iterator[Candidate]:
    for match in _BRACKETS.finditer(said):
        before = _SENTENCE_PART.search(said[max(0, match.start() - _BEFORE_BRACKETS) : match.start()])
        if before and (pair := expansion(before.group(), match[1])):
            yield Candidate(pair[1], "", pair[0])
    yield from _examples(said)
    for written, term in technical_terms(said):
        if not (written.islower() and is_english(written)):
            yield Candidate(term if key(term) == key(written) else written)
    for match in _CAPITALS.finditer(said):
        name = match.group().removesuffix("s") if match.group()[-2:-1].isupper() else match.group()
        if not (is_english(name) or name.casefold() in STOP_WORDS or _ROMAN.fullmatch(name)):
            yield Candidate(name)


def _examples(said: str) -> Iterator[Candidate]:
    """Proper names behind "tools such as"."""
    for match in _EXAMPLES.finditer(said):
        kind = kind_of(match["kind"])
        for name in _BETWEEN.split(match["names"]) if kind else ():
            words = name.split()
            if words and len(words) < _MOST_WORDS - 1 and all(word[0].isupper() for word in words):
                yield Candidate(name.strip(), kind)


def _is_name(head: str) -> bool:
    """Whether it reads as a name: few words, letters among them, no word that only joins others."""
    words = head.split()
    if not 0 < len(words) <= _MOST_WORDS or not any(each.isalpha() for each in head):
        return False
    joining = {word.casefold() for word in words if word.casefold() in STOP_WORDS}
    if len(words) == 1 and joining:  # Go
        return words[0][0].isupper() and known_as(head) is not None
    return not joining or (len(words) > len(joining) + 1 and joining <= _JOINING)


def _same_thing(head: str, inside: str) -> bool:
    """Whether brackets behind a name hold another name of it."""
    one, other = key(head), key(inside)
    short, long = sorted((one, other), key=len)
    return bool(short) and (long.startswith(short) or expansion(head, inside) is not None)


def _is_acronym(name: str) -> bool:
    letters = name.replace("/", "").replace("&", "")
    capitals = sum(each.isupper() for each in letters)
    return letters[:-1].isalnum() and 1 < len(letters) <= _LONGEST_ACRONYM and capitals > len(letters) / 2


def _spells(short: str, long: str) -> bool:
    """Whether the capitals of the short name are initials of the long one, in order, its first word's the first."""
    initials = [word[0].casefold() for word in re.split(r"[\s/&-]+", long) if word]
    full = "".join(re.findall(r"[a-z0-9]", long.casefold()))
    wanted = [each.casefold() for each in short if each.isalpha() and each.isupper()]
    if not wanted or not initials or len(initials) < 2 or initials[0] not in (wanted[0], "e", "c"):  # noqa: PLR2004
        return False
    at = 0
    for letter in wanted:
        at = full.find(letter, at) + 1
        if not at:
            return False
    hit = sum(letter in initials for letter in wanted)
    return hit >= len(wanted) - 1 and abs(len(initials) - len(wanted)) <= 2  # noqa: PLR2004
