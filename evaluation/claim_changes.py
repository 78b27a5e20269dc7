"""Changes one thing in a true sentence so that it is wrong: a number, a name, a denial, who does what.

Rules, seeded, that know nothing of how sentences are checked.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from random import Random
from typing import Final

from retrieval.words import STOP_WORDS

_NUMBER: Final = re.compile(r"\d+")
_RUN: Final = re.compile(r"[A-Z][\w.+#/-]*(?: (?:as )?[A-Z][\w.+#/-]*)*(?<![.])")
"""A name of one word or several."""
_BE: Final = re.compile(r"\b(is|are|can|was|may|must|should|has to|have to)\b(?! not)")
_DOES: Final = re.compile(
    r"\b(makes|handles|keeps|helps|lets|allows|hosts|manages|runs|uses|needs|reduces|provides|includes|saves|clones"
    r"|automates|combines?|define|defines|ensures?|offers|serves|requires|relies on|gives|verifies|determines)\b"
)
_ADDED: Final = (
    ", and it is free of charge", ", which makes it very expensive", ", because nothing else is faster",
    ", and most companies have given it up", ", as experts have recommended since the nineties",
    ", although beginners should stay away from it", ", and it was invented by Microsoft", ", except on weekends",
    ", which takes about three weeks to learn", ", and the government pays for it", ", so no further tests are needed",
    ", and it works best on Windows", ", which has caused many accidents", ", provided that a licence has been bought",
    ", and it will be replaced by artificial intelligence soon", ", unlike anything in Rust",
    ", and salaries have doubled because of it", ", which customers often complain about",
    ", but it consumes a great deal of electricity", ", and it has to be renewed every year",
)  # fmt: skip
NUMBER_OFFSETS: Final = (1, 2, 3, 7, 10, 50, 100)

Change = Callable[[str, Random, Sequence[str]], str | None]


def number(text: str, chance: Random, others: Sequence[str]) -> str | None:
    """Another figure in the place of one; None where there is none."""
    del others
    found = [each for each in _NUMBER.finditer(text) if each.start() and len(each.group()) <= 4]  # noqa: PLR2004
    if not found:
        return None
    one = chance.choice(found)
    return text[: one.start()] + str(int(one.group()) + chance.choice(NUMBER_OFFSETS)) + text[one.end() :]


def name(text: str, chance: Random, others: Sequence[str]) -> str | None:
    """Another name in the place of one, taken from the other sentences of the guide."""
    all_names = _names(others)
    own = {each.group() for each in _RUN.finditer(text)} & all_names
    known = sorted(all_names - own)
    known = [each for each in known if not any(each in one or one in each for one in own)]
    if not own or not known:
        return None
    return re.sub(rf"(?<!\w){re.escape(chance.choice(sorted(own)))}(?!\w)", chance.choice(known), text)


def negation(text: str, chance: Random, others: Sequence[str]) -> str | None:
    """Denied, or no longer denied."""
    del others, chance
    for denial in (" not ", " without ", " nothing more"):
        if denial in text:
            return text.replace(denial, " with " if denial == " without " else " ", 1)
    if found := _BE.search(text):
        return f"{text[: found.end()]} not{text[found.end() :]}"
    if found := _DOES.search(text):
        verb = found.group()
        plain = verb if not verb.endswith("s") else re.sub(r"ies$", "y", verb) if verb.endswith("ies") else verb[:-1]
        return f"{text[: found.start()]}{'does' if verb.endswith('s') else 'do'} not {plain}{text[found.end() :]}"
    return None


def swapped(text: str, chance: Random, others: Sequence[str]) -> str | None:
    """Two names of the sentence exchanged, where something is said between them."""
    all_names = _names(others)
    found = [each for each in _RUN.finditer(text) if each.group() in all_names]
    pairs = [
        (one, other)
        for at, one in enumerate(found)
        for other in found[at + 1 :]
        if one.group() != other.group() and re.search(r"[a-z]{3,}", text[one.end() : other.start()])
        and not re.search(r"\(|short for|stands for|: ", text[one.start() : other.end() + 1])
        and not re.fullmatch(r"[\s,]*(?:(?:and|or|such as|like|[A-Z]\S*)[\s,]*)*", text[one.end() : other.start()])
    ]  # fmt: skip
    if not pairs:
        return None
    one, other = chance.choice(pairs)
    return text[: one.start()] + other.group() + text[one.end() : other.start()] + one.group() + text[other.end() :]


def _still_true(text: str, wrong: str, quotes: str) -> bool:
    """Whether the two names that changed places mean the same, or are only listed, one beside the other."""
    changed = [one.group() for one, other in zip(_RUN.finditer(text), _RUN.finditer(wrong), strict=False)
               if one.group() != other.group()]  # fmt: skip
    first, last = map(re.escape, (changed[0], changed[-1])) if changed else ("", "")
    return any(
        re.search(rf"(?<!\w){one}(?: \(|(?:\s*\([^()]*\))?(?:[\s,]|and |or |[A-Z]\S*)*[\s,]){other}(?!\w)", quotes)
        for one, other in ((first, last), (last, first))
    )


def added(text: str, chance: Random, others: Sequence[str]) -> str | None:
    """A claim of its own at the end: a made-up one, or what another sentence of the guide says of something else."""
    plain = text.rstrip(".")
    if chance.random() < 0.5:  # noqa: PLR2004
        return f"{plain}{chance.choice(_ADDED)}."
    other = chance.choice([each for each in others if 5 <= len(each.split()) <= 20])  # noqa: PLR2004
    found = re.search(r"\b(?:is|are|can|helps|handles|makes|uses|must|lets)\b.*", other)
    return f"{plain}, and {found.group().rstrip('.')}." if found else f"{plain}{chance.choice(_ADDED)}."


@cache
def _all_names(texts: tuple[str, ...]) -> frozenset[str]:
    """What is written with a capital within sentences."""
    said = (each.group() for text in texts for each in _RUN.finditer(text) if each.start())
    return frozenset(each for each in said if each.casefold() not in STOP_WORDS)


def _names(texts: Sequence[str]) -> frozenset[str]:
    return _all_names(tuple(texts))


CHANGES: Final[Mapping[str, Change]] = {
    "number": number, "name": name, "negation": negation, "swap": swapped, "added": added,
}  # fmt: skip


def changed(
    kind: str, texts: Sequence[tuple[str, str]], others: Sequence[str], wanted: int, seed: int
) -> Iterator[tuple[str, str]]:
    """Up to `wanted` wrong sentences of a kind, each with the key of the true one that it was made of.

    Args:
        kind: of the change.
        texts: keys and true sentences.
        others: the guide's sentences, for what is put in.
        wanted: how many.
        seed: of the choices.
    """
    chance = Random(seed)
    made: set[str] = set()
    for _ in range(20):
        for key, text in chance.sample(texts, len(texts)):
            wrong = CHANGES[kind](text, chance, others)
            if wrong and wrong != text and wrong not in made and not (kind == "swap" and _still_true(text, wrong, key)):
                made.add(wrong)
                yield key, wrong
            if len(made) >= wanted:
                return
