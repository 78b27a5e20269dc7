"""Weighs the checker's rules against the model that reads a sentence beside its quotes: `python -m training.weighing`.

A logistic regression, fitted on sentences by authors of whom neither the rules nor the model has seen any: six over
this project's guide, three over quotes of other guides. Takes some minutes, after `training/claims.py`.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from answering.learned import SHIPPED, WEIGHTS_FILE, Logistic
from answering.phrased.claims import Claims
from answering.phrased.following import ELSEWHERE, MODEL, Following, unweighed
from answering.phrased.grounds import Ground, contexts_of
from answering.phrased.reading import Names
from answering.phrased.sentences import Sentence
from ingest.glossary import read_glossary
from ingest.reader import read_corpus
from retrieval.embedder import SentenceTransformerEmbedder
from retrieval.words import in_small_letters
from settings import PROJECT

TRIAL: Final = Path(__file__).parent / "claim_trial.jsonl"
FAITHFUL: Final = "faithful"
PASSED, PASSED_ELSEWHERE = 0.96, 0.85
"""Share of the faithful ones that are weighed which are to pass: over quotes that the model knows, and over others."""


class Judged(NamedTuple):
    """A sentence, what speaks for and against it, and whether it is right."""

    follows: float
    known: bool
    """Whether the model has learnt from sentences over its quotes."""
    rules: frozenset[str]
    faithful: bool


def judged() -> list[Judged]:
    """The sentences of the trial but those that nothing weighs: what is a quote, and what a certain rule fails."""
    content = PROJECT / "content"
    documents = read_corpus(content).documents
    contexts = contexts_of(documents)
    lines = [json.loads(line) for line in TRIAL.read_text(encoding="utf-8").splitlines()]
    elsewhere = [quote for each in lines for quote in each["quotes"] if quote not in contexts]
    names = Names(read_glossary(content).names(), in_small_letters(document.text for document in documents))
    other_names = Names({}, in_small_letters(elsewhere))
    encode, reader = SentenceTransformerEmbedder("", "float32").encode, Following()
    found = []
    for each in lines:
        grounds = [
            Ground(number=number, quote=quote, context=contexts.get(quote, ""))
            for number, quote in enumerate(each["quotes"], 1)
        ]
        sentence = Sentence(each["says"], tuple(ground.number for ground in grounds))
        own = each["quotes"][0] in contexts
        objections = Claims(grounds, names if own else other_names, encode).objections(sentence)
        quotes = "\n".join(each["quotes"])
        known = reader.knows(quotes)
        if objections is not None and not unweighed(objections, known):
            says = reader.logit(quotes, sentence.text)
            found.append(Judged(says, known, frozenset(objections), each["kind"] == FAITHFUL))
    return found


def weighed(found: Sequence[Judged], rules: Sequence[str], passed: float) -> Logistic:
    """The regression, moved so far that as many of the faithful ones pass at even odds as ought to.

    A rule that would speak for a sentence is left without weight.

    Args:
        found: what it is fitted on.
        rules: all that have a weight.
        passed: share of the faithful ones, 0..1.
    """
    from sklearn.linear_model import LogisticRegression

    faithful = np.array([each.faithful for each in found])
    heard = list(rules)
    while True:
        table = np.array([[each.follows, *(rule in each.rules for rule in heard)] for each in found], dtype=np.float64)
        fitted = LogisticRegression(C=1.0, max_iter=1000, class_weight="balanced").fit(table, faithful)
        weights = dict(zip(("follows", *heard), map(float, fitted.coef_[0]), strict=True))
        if not (against := [rule for rule in heard if weights[rule] > 0]):
            break
        heard = [rule for rule in heard if rule not in against]
    bias = -float(np.quantile((table @ fitted.coef_[0])[faithful], 1 - passed))
    return Logistic(bias, dict.fromkeys(("follows", *rules), 0.0) | weights)


def main() -> None:
    """Fits and writes the weights."""
    found = judged()
    rules = list(Claims([], Names({}), SentenceTransformerEmbedder().encode).rules)
    file = SHIPPED / WEIGHTS_FILE
    weights = json.loads(file.read_text(encoding="utf-8"))
    for name, known, passed in ((MODEL, True, PASSED), (ELSEWHERE, False, PASSED_ELSEWHERE)):
        model = weighed([each for each in found if each.known is known], rules, passed)
        told = {rule: round(each, 4) for rule, each in model.weights.items()}
        weights["models"][name] = {"bias": round(model.bias, 4), "weights": told}
        sys.stdout.write(f"{name}: {json.dumps(weights['models'][name])}\n")
    file.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
