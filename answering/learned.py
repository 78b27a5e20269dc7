"""Evidence learnt from labelled questions: a calibrated probability that the guide contains what is asked.

Where the guide has a question bank, the banked questions say which new ones it answers; technical terms that the guide
never mentions count against. Without a bank only what was found can speak. Knows nothing of how an answer looks.
"""

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from answering.bank import BankedQuestion
from answering.evidence import Asked, Verdict
from answering.kernel import QuestionKernel, fit
from answering.precedent import Precedent
from retrieval.hits import Hit
from retrieval.pairs import words_read
from skills.lexicon import foreign_terms

SHIPPED = Path(__file__).parent / "model"
MODEL_FILE = "evidence.safetensors"
WEIGHTS_FILE = "weights.json"
PAIRS_FILE = "pairs.safetensors"
NOT_ABOUT = frozenset({"out_of_scope", "injection"})
"""Kinds of banked questions that are not about the guide's subject."""
MOST_FOREIGN = 2
"""Foreign terms that count; more say no more."""
RIVAL = 4
"""Place, from 0, of the passage that the best one is compared with."""

READ_PASSAGES = 3
"""Passages that are read against a question; held out, more add nothing."""
LIKELY_SPREAD = 0.1
"""How much lower a passage's score may be for it to count e times less among those that are read.

Against the best logit of the three, which lets each of them err: SQuAD 2.0, two articles left out, AUROC .615 -> .645,
guides left out: near misses answered at 10 % refused 42 -> 40 %, CLAPNQ .859 -> .862.
"""
MOST_LOGIT = 15.0
"""Beyond it a passage answers, or does not, for sure."""

Floats = NDArray[np.floating]
Reads = Callable[[str, Sequence[str]], Sequence[float]]
"""A question and texts, to a logit for each text."""


@dataclass(frozen=True)
class Logistic:
    """A logistic regression over named signals."""

    bias: float
    weights: Mapping[str, float]

    def __call__(self, signals: Mapping[str, float]) -> float:
        """The probability, 0..1."""
        total = self.bias + sum(weight * signals[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(min(total, 30.0), -30.0)))


@cache
def shipped_weights() -> Mapping[str, Logistic]:
    """The weights that `training/evidence.py` found: `bank`, `about` and `general`."""
    found = json.loads((SHIPPED / WEIGHTS_FILE).read_text(encoding="utf-8"))
    return {name: Logistic(each["bias"], each["weights"]) for name, each in found["models"].items()}


def pairs_digest() -> str:
    """What SHA-256 the shipped cross-encoder's weights have."""
    return str(json.loads((SHIPPED / WEIGHTS_FILE).read_text(encoding="utf-8"))["pairs_sha256"])


def weights_digest() -> str:
    """SHA-256 of the shipped weights."""
    return hashlib.sha256((SHIPPED / WEIGHTS_FILE).read_bytes()).hexdigest()


def bank_digest(bank: Sequence[BankedQuestion], embedding: str) -> str:
    """Changes with any question or label of the bank, and with the embedding model, its number format aside."""
    weights, _, _ = embedding.partition(":")
    lines = [weights, *(f"{each.id}\t{each.question}\t{each.turns}\t{each.kind}\t{each.answerable}" for each in bank)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@dataclass(frozen=True)
class BankModel:
    """Kernel regression over a bank: what it says of a question, by its likeness to the banked ones."""

    digest: str
    texts: tuple[str, ...]
    """The banked questions as they are searched for: standalone, spelling mended."""
    vectors: Floats
    """Their embeddings, shape `(n, dimensions)`."""
    coefficients: Floats
    """Columns: answerable, about the guide; shape `(n, 2)`."""
    means: Floats
    """Of the two targets, shape `(2,)`."""

    @classmethod
    def fitted(
        cls, digest: str, bank: Sequence[BankedQuestion], texts: Sequence[str], vectors: Floats
    ) -> tuple["BankModel", Floats]:
        """The model, and what it says of each banked question when fitted on all others, shape `(n, 2)`."""
        rows = [[each.answerable * 2.0 - 1, (each.kind not in NOT_ABOUT) * 2.0 - 1] for each in bank]
        targets = np.array(rows, dtype=np.float64)
        means = targets.mean(axis=0)
        gram = QuestionKernel(vectors, texts).gram(texts)
        coefficients, held_out = fit(gram, targets - means)
        return cls(digest, tuple(texts), vectors, coefficients, means), held_out + means

    def save(self, file: Path) -> None:
        """Writes the model as safetensors: numbers only, no code."""
        tensors: dict[str, NDArray[Any]] = {
            "texts": np.frombuffer(json.dumps(self.texts).encode(), dtype=np.uint8),
            "vectors": self.vectors.astype(np.float16),
            "coefficients": self.coefficients.astype(np.float32),
            "means": self.means.astype(np.float32),
        }
        save_file(tensors, file, metadata={"digest": self.digest})

    @classmethod
    def load(cls, file: Path, digest: str | None = None) -> "BankModel | None":
        """The model in a file; None where there is none, it is damaged, or belongs to another bank or embedding."""
        try:
            with safe_open(file, framework="numpy") as opened:
                made_for = (opened.metadata() or {}).get("digest", "")
                if digest is not None and made_for != digest:
                    return None
                texts = json.loads(bytes(opened.get_tensor("texts")))
                vectors, coefficients = opened.get_tensor("vectors"), opened.get_tensor("coefficients")
                return cls(made_for, tuple(texts), vectors, coefficients, opened.get_tensor("means"))
        except (OSError, SafetensorError, ValueError, KeyError):
            return None


class LearnedEvidence:
    """Judges questions by the guide's bank where it has one, else by what was found. Thread-safe."""

    def __init__(
        self, known: Callable[[str], bool], bank: tuple[BankModel, Precedent] | None = None,
        weights: Mapping[str, Logistic] | None = None, reads: Reads | None = None,
    ) -> None:  # fmt: skip
        """Takes what it judges by.

        Args:
            known: whether the guide or its glossary mentions a technical term.
            bank: the model and the precedents of the guide's own bank.
            weights: of the signals; the shipped ones by default.
            reads: how well passages answer a question, where there is no bank to say; None judges without.
        """
        self._known, self._bank, self._reads = known, bank, reads
        self._weights = weights or shipped_weights()
        self._kernel = QuestionKernel(bank[0].vectors, bank[0].texts) if bank else None

    def judge(self, asked: Asked) -> Verdict:
        """The verdict on one question and what was found for it."""
        foreign = foreign_terms(asked.question, self._known)
        signals = {"foreign": float(min(len(foreign), MOST_FOREIGN)), **found_signals(asked.hits)}
        if self._bank is None or self._kernel is None:
            probability = self._general(asked, signals)
            about = self._weights["general_about"](signals)
            return Verdict(answerable=probability, about_guide=about, missing=_named(foreign))
        model, precedent = self._bank
        said = self._kernel.against(asked.vector, asked.question) @ model.coefficients + model.means
        signals |= {"answerable": float(said[0]), "about": float(said[1])}
        cosine = self._kernel.cosine(asked.vector)
        return Verdict(
            answerable=self._weights["bank"](signals),
            about_guide=self._weights["about"](signals),
            missing=precedent.missing(cosine, asked.question) or _named(foreign),
            favour=precedent.favour(cosine),
        )

    def _general(self, asked: Asked, signals: Mapping[str, float]) -> float:
        if self._reads is None or not asked.hits:
            return self._weights["general"](signals)
        found = asked.hits[:READ_PASSAGES]
        logits = self._reads(asked.question, [words_read(hit.passage) for hit in found])
        return self._weights["general_read"]({**signals, "reads": read_together(found, logits)})


def read_together(hits: Sequence[Hit], logits: Sequence[float]) -> float:
    """Log-odds that the passage that ought to answer does, each being that passage as likely as its score says.

    Args:
        hits: passages, the best first.
        logits: how well each of them answers.
    """
    likely = np.exp([(hit.score - hits[0].score) / LIKELY_SPREAD for hit in hits])
    answers = 1 / (1 + np.exp(-np.clip(logits, -MOST_LOGIT, MOST_LOGIT)))
    share = float(likely @ answers / likely.sum())
    return math.log(share / (1 - share))


def found_signals(hits: Sequence[Hit]) -> dict[str, float]:
    """What the found passages say by themselves; all 0 where nothing was found."""
    if not hits:
        return dict.fromkeys(("passage", "passage_lead", "sentence", "sentence_cosine", "keyword"), 0.0)
    rival = hits[min(RIVAL, len(hits) - 1)]
    sentences = [each for hit in hits for each in hit.sentences]
    return {
        "passage": hits[0].score,
        "passage_lead": hits[0].score - rival.score,
        "sentence": max(each.score for each in sentences),
        "sentence_cosine": max(each.semantic for each in sentences),
        "keyword": max(each.keyword for each in sentences),
    }


def _named(foreign: Sequence[str]) -> str | None:
    return " and ".join(foreign) or None
