"""Holds one sentence against the quotes that it cites: does each thing that it says stand there?

Rules on words, names, numbers, denials and on who does what; meaning by embeddings. Knows nothing of models that write.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache
from threading import Lock
from typing import Final

import numpy as np

from answering.phrased.classes import class_fault
from answering.phrased.company import company_fault
from answering.phrased.denials import cancelled, denial_fault
from answering.phrased.english import ALIKE, GLUE, STRONG
from answering.phrased.exchanges import exchange_fault
from answering.phrased.forms import same_start
from answering.phrased.grounds import Ground
from answering.phrased.orders import order_fault
from answering.phrased.reading import Names, Reading, Token, is_within, pieces, read
from answering.phrased.relations import relation_fault
from answering.phrased.sentences import Sentence
from answering.phrased.strengths import is_instruction, opposite_fault, strength_fault
from answering.phrased.turns import turn_fault
from ingest.documents import Frozen
from retrieval.embedder import Vectors
from retrieval.words import stems

Encode = Callable[[Sequence[str]], Vectors]
Entails = Callable[[str, str], float]
"""How sure it is, 0..1, that the second text follows from the first."""

SAME_MEANING: Final = 0.50
"""Cosine from which a sentence is about what its quotes say."""
SAME_WORD: Final = 0.50
"""Cosine from which two single words may stand for each other: pick and choose .78, price and cost .74; weekend .2."""
UNSUPPORTED_SHARE: Final = 0.2
"""Of a sentence's words that may have nothing to rest on: a paraphrase finds a word of its own now and then."""
UNSUPPORTED_IN_PART: Final = 0.5
"""Of the words of a clause or of what stands between two commas: a claim that was added has little of its quote."""
LEAST_ENTAILED: Final = 0.07
"""Below this a sentence does not follow from its quotes, where a model of entailment is asked."""
CLAIMS_ENOUGH: Final = 4
"""Words of content of a sentence that are enough to tell what it is about."""
_OPENS_PART: Final = frozenset(
    ", ; : ( ) — – and but which because so although while whereas since unless except if when where that".split()  # noqa: SIM905
)
_WEIGHED: Final = frozenset().union(*STRONG)
"""What `strengths` looks at."""
_STOP: Final = Token("", frozenset())
_MARKUP: Final = re.compile(r"https?:|www\.|://|\]\(|!\[|</?[a-zA-Z!]|`|\w\(|\bjavascript:|\bdata:\w", re.IGNORECASE)
_ADDRESS: Final = re.compile(
    r"\S+@\S+\.\S+|\b[\w-]+\.(?:com|org|net|io|dev|info|ru|cn|xyz|evil|example)\b", re.IGNORECASE
)


class Finding(Frozen):
    """What came of a sentence."""

    cites: tuple[int, ...] = ()
    """The quotes that it rests on: those that it cites, or the one that holds it where it cites none."""
    fault: str = ""
    """Why it does not hold; empty if it does."""


class Claims:
    """Checks sentences against the grounds of one answer."""

    def __init__(self, grounds: Sequence[Ground], names: Names, encode: Encode, entails: Entails | None = None) -> None:
        """Reads nothing yet; what is encoded is encoded when a check needs it."""
        self._grounds = {each.number: each for each in grounds}
        self._names, self._encode, self._entails = names, encode, entails
        self._known: dict[str, Vectors] = {}
        self._encoding = Lock()
        self._support: dict[tuple[int, ...], _Support] = {}

    def warm(self) -> None:
        """Reads and encodes the quotes, which can be done while a model thinks; a check does not wait for it."""
        for number, ground in self._grounds.items():
            self._supported((ground,), (number,))
        self._vectors([text for ground in self._grounds.values() for text in (ground.quote, *pieces(ground.quote))])

    def check(self, sentence: Sentence) -> Finding:
        """Whether a sentence holds; one that cites nothing may rest on any quote that holds it alone."""
        unknown = [number for number in sentence.cites if number not in self._grounds]
        if unknown:
            return Finding(fault=f"cites {unknown[0]}, which is no quote")
        if sentence.cites:
            grounds = [self._grounds[number] for number in sentence.cites]
            return Finding(cites=sentence.cites, fault=self._fault(sentence.text, grounds))
        for number in self._nearest_first(sentence.text):
            if not (fault := self._fault(sentence.text, [self._grounds[number]])):
                return Finding(cites=(number,))
        return Finding(fault=fault)

    def nearest(self, text: str) -> int:
        """The quote that a text is nearest to."""
        return self._nearest_first(text)[0]

    def _nearest_first(self, text: str) -> list[int]:
        vector = self._vectors([text])[0]
        near = {number: float(self._vectors([each.quote])[0] @ vector) for number, each in self._grounds.items()}
        return sorted(near, key=lambda number: -near[number])

    def _fault(self, text: str, grounds: Sequence[Ground]) -> str:
        quoted = "\n".join(each.quote for each in grounds)
        if _MARKUP.search(text) and not is_within(text, quoted):
            return "holds markup or an address"
        if any(found.group() not in quoted for found in _ADDRESS.finditer(text)):
            return "holds an address"
        if is_within(text, quoted):
            return ""
        support = self._supported(tuple(grounds), tuple(each.number for each in grounds))
        claim = read(text, self._names, support.proper)
        return (
            _number_fault(claim, support)
            or _name_fault(claim, support)
            or strength_fault(claim, support.words)
            or opposite_fault(claim, support.quote.words, support.words)
            or denial_fault(claim, support.units)
            or class_fault(claim, support.units)
            or exchange_fault(claim, support.quote)
            or company_fault(claim, support.units)
            or turn_fault(claim, support.quote)
            or relation_fault(claim, support.units, support.contexts)
            or order_fault(claim, support.units)
            or self._word_fault(claim, support)
            or self._meaning_fault(claim, support)
            or self._entailment_fault(text, quoted)
        )

    def _word_fault(self, claim: Reading, support: "_Support") -> str:
        missing = _missing(claim, support)
        if not _too_much(claim, missing):
            return ""
        known = sorted(support.content_words)
        near = self._vectors([token.text.casefold() for token in missing]) @ self._vectors(known).T if known else None
        lost = [token for at, token in enumerate(missing) if near is None or near[at].max() < SAME_WORD]
        return (
            f"says “{' '.join(token.text for token in lost)}”, which its quote does not"
            if _too_much(claim, lost)
            else ""
        )

    def _meaning_fault(self, claim: Reading, support: "_Support") -> str:
        if not _missing(claim, support) and sum(token.content for token in claim.tokens) >= CLAIMS_ENOUGH:
            return ""  # it is made of its quote's words, whose places were looked at
        quotes = [each.quote for each in support.grounds]
        parts = [piece for quote in quotes for piece in pieces(quote)]
        near = self._vectors(["\n".join(quotes), *quotes, *parts]) @ self._vectors([claim.text])[0]
        return "" if near.max() >= SAME_MEANING else "means something else than its quote"

    def _entailment_fault(self, text: str, quoted: str) -> str:
        follows = self._entails is None or self._entails(" ".join(quoted.split()), text) >= LEAST_ENTAILED
        return "" if follows else "does not follow from its quote"

    def _supported(self, grounds: tuple[Ground, ...], numbers: tuple[int, ...]) -> "_Support":
        if numbers not in self._support:
            self._support[numbers] = _Support(grounds, self._names)
        return self._support[numbers]

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        with self._encoding:  # what is being encoded by `warm` is not encoded twice
            new = [text for text in dict.fromkeys(texts) if text not in self._known]
            if new:
                self._known.update(zip(new, self._encode(new), strict=True))
        return np.stack([self._known[text] for text in texts])


class _Support:
    """What grounds hold, read once."""

    def __init__(self, grounds: tuple[Ground, ...], names: Names) -> None:
        self.grounds = grounds
        self.quote = read("\n".join(each.quote for each in grounds), names)
        self.context = read("\n".join(each.context for each in grounds), names)
        placed = [(read(piece, names), each.context) for each in grounds for piece in pieces(each.quote)]
        self.units = tuple(unit for unit, _ in placed)
        contexts = {context: read(context, names) for _, context in placed}
        self.contexts = tuple(contexts[context] for _, context in placed)
        both = [*self.quote.tokens, *self.context.tokens]
        self.stems = frozenset(stem for token in both for stem in token.stems)
        self.terms = self.quote.terms | self.context.terms
        self.proper = frozenset(token.text.casefold() for token in self.quote.tokens if token.proper)
        told = frozenset({"must"}) if any(is_instruction(unit.text) for unit in self.units) else frozenset[str]()
        self.words = self.quote.words | self.context.words | told
        self._forms = self.words | self.stems
        self.content_words = frozenset(token.text.casefold() for token in both if token.content)
        self.sizes = self.quote.sizes | _sizes(grounds)

    def holds(self, token: Token) -> bool:
        """Whether a word stands here, in any form, or one that means the same."""
        if token.stems & self.stems or token.terms & self.terms:
            return True
        if token.stems and all(any(same_start(one, other) for other in self.stems) for one in token.stems):
            return True
        parts = [part for part in re.split(r"\W+", token.text.casefold()) if part]
        return all(any(row & self._forms and row & {part, *stems(part)} for row in _alike_rows()) for part in parts)


@cache
def _alike_rows() -> tuple[frozenset[str], ...]:
    """Rows of words that stand for each other, in any form."""
    return tuple(row | {stem for word in row for stem in stems(word)} for row in ALIKE)


def _missing(claim: Reading, support: _Support) -> list[Token]:
    """The words of a sentence that stand nowhere in its quotes, in no form."""
    elsewhere = _WEIGHED | cancelled(claim)
    return [
        token
        for token in claim.tokens
        if token.content and not token.proper and token.text.casefold() not in elsewhere and not support.holds(token)
    ]


def _too_much(claim: Reading, lost: Sequence[Token]) -> bool:
    """Whether words without support are too many, for the sentence or for a part of it; its first one is never lost."""
    content = [token for token in claim.tokens if token.content]
    if not lost:
        return False
    if len(lost) > UNSUPPORTED_SHARE * len(content) or lost[0] is content[0]:
        return True
    part: list[Token] = []
    for token in (*claim.tokens, _STOP):
        if token is _STOP or token.text.casefold() in _OPENS_PART:
            alone = [each for each in part if any(each is one for one in lost)]
            if alone and len(alone) >= UNSUPPORTED_IN_PART * len(part):
                return True
            part = []
        elif token.content:
            part.append(token)
    return False


def _sizes(grounds: Sequence[Ground]) -> frozenset[str]:
    return frozenset({str(len(grounds))}) if len(grounds) > 1 else frozenset()


def _number_fault(claim: Reading, support: _Support) -> str:
    said, quoted = claim.numbers, support.quote.numbers
    wrong = sorted(
        each for each in said if said[each] > quoted[each] and not (each in support.sizes and said[each] == 1)
    )
    return f"says {wrong[0]}, which its quote does not" if wrong else ""


def _name_fault(claim: Reading, support: _Support) -> str:
    for token in claim.tokens:
        if token.terms and not token.terms & support.terms and not _worded(token, support):
            return f"names {token.text}, which its quote does not"
    for said, term in claim.foreign:
        plain = said.casefold() in GLUE or any(set(stems(form)) <= support.stems for form in (said, term))
        if not plain and not _known(said, claim, support):
            return f"names {said}, which its quote does not"
    return ""


def _worded(token: Token, support: _Support) -> bool:
    """A term may be put in words that stand in the quote; what is written as a name has to stand there itself."""
    if token.stems and token.stems <= support.stems:
        return True
    return not token.proper and support.holds(token)


def _known(said: str, claim: Reading, support: _Support) -> bool:
    return any(said in token.text and (token.terms & support.terms) for token in claim.tokens)
