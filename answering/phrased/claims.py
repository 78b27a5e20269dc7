"""Holds one sentence against the quotes that it cites: does each thing that it says stand there?

Rules on words, names, numbers, denials and on who does what; meaning by embeddings. Knows nothing of models that write.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from threading import Lock
from typing import Final

import numpy as np

from answering.phrased.classes import class_fault
from answering.phrased.company import company_fault
from answering.phrased.denials import cancelled, denial_fault
from answering.phrased.english import EVERYDAY, GLUE, STRONG
from answering.phrased.exchanges import exchange_fault
from answering.phrased.grounds import Ground, is_within, pieces
from answering.phrased.orders import order_fault
from answering.phrased.reading import Names, Reading, Token, read
from answering.phrased.relations import relation_fault
from answering.phrased.sentences import Sentence
from answering.phrased.strengths import opposite_fault, strength_fault
from answering.phrased.support import Support
from answering.phrased.turns import turn_fault
from ingest.documents import Frozen
from retrieval.embedder import Vectors
from retrieval.words import stems

Encode = Callable[[Sequence[str]], Vectors]
Entails = Callable[[str, str], float]
"""How sure it is, 0..1, that the second text follows from the first."""
Follows = Callable[[str, str, Mapping[str, str]], str]
"""Quotes, a sentence and the objections of rules by name, to the fault that remains; empty where none does."""
Rule = Callable[[Reading, Support], str]
"""What a rule has against a sentence."""

SAME_MEANING: Final = 0.50
"""Cosine from which a sentence is about what its quotes say."""
SAME_WORD: Final = 0.50
"""Cosine from which two single words may stand for each other: pick and choose .78, price and cost .74; weekend .2."""
UNSUPPORTED_SHARE: Final = 0.2
"""Of a sentence's words that may have nothing to rest on: a paraphrase finds a word of its own now and then."""
UNSUPPORTED_IN_PART: Final = 0.5
"""Of the words of a clause or of what stands between two commas: a claim that was added has little of its quote."""
COPIED: Final = 0.4
"""Share of a sentence's words that is copied whole: who words a quote anew copies less (all but 5 of 2,137)."""
LEAST_ENTAILED: Final = 0.07
"""Below this a sentence does not follow from its quotes, where a model of entailment is asked."""
CLAIMS_ENOUGH: Final = 4
"""Words of content of a sentence that are enough to tell what it is about."""
_OPENS_PART: Final = frozenset(
    ", ; : ( ) — – and but which because so although while whereas since unless except if when where that".split()  # noqa: SIM905
)
_WEIGHED: Final = frozenset().union(*STRONG)
"""What `strengths` looks at."""
_RULES: Final[Mapping[str, Rule]] = {
    "strength": lambda claim, support: strength_fault(claim, support.words),
    "opposite": lambda claim, support: opposite_fault(claim, support.quote.words, support.words),
    "denial": lambda claim, support: denial_fault(claim, support.units),
    "class": lambda claim, support: class_fault(claim, support.units),
    "exchange": lambda claim, support: exchange_fault(claim, support.quote),
    "company": lambda claim, support: company_fault(claim, support.units),
    "turn": lambda claim, support: turn_fault(claim, support.quote),
    "relation": lambda claim, support: relation_fault(claim, support.units, support.contexts),
    "order": lambda claim, support: order_fault(claim, support.units),
}
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

    def __init__(
        self, grounds: Sequence[Ground], names: Names, encode: Encode,
        entails: Entails | None = None, follows: Follows | None = None,
    ) -> None:  # fmt: skip
        """Reads nothing yet; what is encoded is encoded when a check needs it.

        Args:
            grounds: the quotes.
            names: what the guide and its glossary call things.
            encode: texts to vectors.
            entails: has to agree as well, where somebody has put such a model into a folder.
            follows: weighs what the rules object to; without it each objection counts.
        """
        self._grounds = {each.number: each for each in grounds}
        self._names, self._encode, self._entails, self._follows = names, encode, entails, follows
        self._known: dict[str, Vectors] = {}
        self._encoding = Lock()
        self._support: dict[tuple[int, ...], Support] = {}
        own = {"copy": _copy_fault, "word": self._word_fault, "meaning": self._meaning_fault}
        self.rules: Mapping[str, Rule] = {**_RULES, **own}
        """What may err, by its name, in the order in which it is asked."""

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

    def objections(self, sentence: Sentence) -> Mapping[str, str] | None:
        """What the rules that may err have against a sentence, by the rule's name; it has to cite quotes that exist.

        None where they are not asked: the sentence is its quote, or holds a number or a name that no quote has.
        """
        support = self._supported(tuple(self._grounds[number] for number in sentence.cites), sentence.cites)
        claim = read(sentence.text, self._names, support.proper)
        if is_within(sentence.text, support.quote.text) or _certain_fault(claim, support):
            return None
        return {rule: fault for rule, fault in self._objections(claim, support) if fault}

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
            _certain_fault(claim, support)
            or self._weighed(text, quoted, self._objections(claim, support))
            or self._entailment_fault(text, quoted)
        )

    def _objections(self, claim: Reading, support: Support) -> Iterator[tuple[str, str]]:
        """What each rule that may err has against a sentence, by the rule's name."""
        return ((name, rule(claim, support)) for name, rule in self.rules.items())

    def _weighed(self, text: str, quoted: str, found: Iterator[tuple[str, str]]) -> str:
        """Any objection counts where rules judge alone; else they are weighed against what the reader says."""
        objections = ((rule, fault) for rule, fault in found if fault)
        if self._follows is None:
            return next((fault for _, fault in objections), "")
        return self._follows(quoted, text, dict(objections))

    def _word_fault(self, claim: Reading, support: Support) -> str:
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

    def _meaning_fault(self, claim: Reading, support: Support) -> str:
        if not _missing(claim, support) and sum(token.content for token in claim.tokens) >= CLAIMS_ENOUGH:
            return ""  # it is made of its quote's words, whose places were looked at
        quotes = [each.quote for each in support.grounds]
        parts = [piece for quote in quotes for piece in pieces(quote)]
        near = self._vectors(["\n".join(quotes), *quotes, *parts]) @ self._vectors([claim.text])[0]
        return "" if near.max() >= SAME_MEANING else "means something else than its quote"

    def _entailment_fault(self, text: str, quoted: str) -> str:
        follows = self._entails is None or self._entails(" ".join(quoted.split()), text) >= LEAST_ENTAILED
        return "" if follows else "does not follow from its quote"

    def _supported(self, grounds: tuple[Ground, ...], numbers: tuple[int, ...]) -> Support:
        if numbers not in self._support:
            self._support[numbers] = Support(grounds, self._names)
        return self._support[numbers]

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        with self._encoding:  # what is being encoded by `warm` is not encoded twice
            new = [text for text in dict.fromkeys(texts) if text not in self._known]
            if new:
                self._known.update(zip(new, self._encode(new), strict=True))
        return np.stack([self._known[text] for text in texts])


def _missing(claim: Reading, support: Support) -> list[Token]:
    """The words of a sentence that stand nowhere in its quotes, in no form."""
    elsewhere = _WEIGHED | cancelled(claim)
    return [
        token
        for token in claim.tokens
        if token.content and not token.proper and token.text.casefold() not in elsewhere and not support.holds(token)
    ]


def _copy_fault(claim: Reading, support: Support) -> str:
    """Words of its own beside what is copied: that is no paraphrase, but something put before a quote or after it."""
    said, quoted = ([token.text.casefold() for token in each.tokens] for each in (claim, support.quote))
    copied = SequenceMatcher(None, said, quoted, autojunk=False).find_longest_match().size
    added = _missing(claim, support) if copied >= COPIED * len(said) else ()
    return f"adds “{' '.join(token.text for token in added)}” to what it copies" if added else ""


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


def _certain_fault(claim: Reading, support: Support) -> str:
    """What nothing can outweigh."""
    return _number_fault(claim, support) or _name_fault(claim, support) or _nothing_fault(claim, support)


def _nothing_fault(claim: Reading, support: Support) -> str:
    """A phrase like “As you wish” rests on no quote, whatever else is shown with it."""
    said = [token for token in claim.tokens if token.content]
    return "" if any(map(support.holds, said)) or len(said) >= CLAIMS_ENOUGH else "says nothing that its quote does"


def _number_fault(claim: Reading, support: Support) -> str:
    said, quoted = claim.numbers, support.quote.numbers
    wrong = sorted(
        each for each in said if said[each] > quoted[each] and not (each in support.sizes and said[each] == 1)
    )
    measured = sorted(word for kind, word in claim.measures.items() if kind not in support.quote.measures)
    return next((f"says {each}, which its quote does not" for each in (*wrong, *measured)), "")


def _name_fault(claim: Reading, support: Support) -> str:
    for token in claim.tokens:
        named = token.terms and token.text not in EVERYDAY
        if named and not token.terms & support.terms and not _worded(token, support):
            return f"names {token.text}, which its quote does not"
    for said, term in claim.foreign:
        plain = said.casefold() in GLUE or said in EVERYDAY
        held = any(set(stems(form)) <= support.stems for form in (said, term))
        if not plain and not held and not _known(said, claim, support):
            return f"names {said}, which its quote does not"
    return ""


def _worded(token: Token, support: Support) -> bool:
    """A term may be put in words that stand in the quote; what is written as a name has to stand there itself."""
    if token.stems and token.stems <= support.stems:
        return True
    return not token.proper and support.holds(token)


def _known(said: str, claim: Reading, support: Support) -> bool:
    return any(said in token.text and (token.terms & support.terms) for token in claim.tokens)
