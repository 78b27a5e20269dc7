"""Weighs what rules have against a sentence: a model that reads it beside its quotes says how surely it follows.

The model was taught by sentences in which two things had been exchanged, a denial turned or a claim added
(`training/claims.py`), which rules on words can hardly see. Knows nothing of what the rules look at.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Final

from answering.learned import SHIPPED, WEIGHTS_FILE, Logistic, shipped_weights
from answering.phrased.grounds import pieces
from retrieval.pairs import PairReader

CLAIMS_FILE: Final = "claims.safetensors"
MODEL, ELSEWHERE = "claims", "claims_elsewhere"
"""The logistic regressions in the file of weights: bias, `follows`, and one weight for each rule.

The first is for quotes over which the model has learnt from sentences: it is surer there. The other is for all others.
"""
FOREIGN: Final = ("copy", "meaning")
"""Rules that nothing outweighs over other quotes: what a hidden instruction adds must not pass for a paraphrase."""
DIGITS: Final = 12
NOT_FOLLOWING: Final = "does not follow from its quote"
EVEN: Final = 0.5


class Following:
    """Reads quotes and a sentence together. Thread-safe; loads itself with the first call."""

    def __init__(self, models: Mapping[str, Logistic] | None = None) -> None:
        """Checks the model's file; loads nothing yet.

        Args:
            models: the regressions by name; the shipped ones by default.

        Raises:
            GuideError: the file is missing or damaged.
        """
        told = json.loads((SHIPPED / WEIGHTS_FILE).read_text(encoding="utf-8"))
        self._reads = PairReader("", SHIPPED / CLAIMS_FILE, str(told["claims_sha256"]))
        self._known = frozenset(told["claims_known"])
        self._models = models or shipped_weights()

    def __call__(self, quotes: str, sentence: str, objections: Mapping[str, str]) -> str:
        """The fault that remains, or nothing.

        Args:
            quotes: what the sentence rests on.
            sentence: what is checked.
            objections: what rules have against it, by the rule's name.
        """
        known = self.knows(quotes)
        if fault := unweighed(objections, known):
            return fault
        model = self._models[MODEL if known else ELSEWHERE]
        signals = dict.fromkeys(model.weights, 0.0) | dict.fromkeys(objections, 1.0)
        if model(signals | {"follows": self.logit(quotes, sentence)}) >= EVEN:
            return ""
        heaviest = min(objections, key=model.weights.__getitem__, default=None)
        return objections[heaviest] if heaviest else NOT_FOLLOWING

    def knows(self, quotes: str) -> bool:
        """Whether it has learnt from sentences over each of the quotes."""
        return all(quote_key(each) in self._known for each in pieces(quotes))

    def logit(self, quotes: str, sentence: str) -> float:
        """Log-odds that the sentence follows from the quotes."""
        return self._reads(" ".join(quotes.split()), [sentence])[0]

    def warm(self) -> None:
        """Loads it, if that was not done yet."""
        self.logit("It is ready.", "It is ready.")


def unweighed(objections: Mapping[str, str], known: bool) -> str:
    """The objection that nothing outweighs, or nothing; where the model knows the quotes, there is none."""
    return "" if known else next((objections[rule] for rule in FOREIGN if rule in objections), "")


def quote_key(quote: str) -> str:
    """What a sentence of a guide is known by."""
    plain = " ".join(quote.removeprefix("• ").split())
    return hashlib.sha256(plain.encode()).hexdigest()[:DIGITS]
