"""Makes the shipped evidence model: `python -m training.evidence`, some minutes on two cores.

Everything is fitted on held-out predictions: what kernel regression says of a question when it was fitted on all
others. The report gives figures by question, by author and by section left out. Knows nothing of the app.
"""

import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from answering.bank import BankedQuestion, read_bank, read_questions
from answering.kernel import RIDGE, QuestionKernel
from answering.learned import MODEL_FILE, NOT_ABOUT, SHIPPED, WEIGHTS_FILE, BankModel, bank_digest
from assembly import build_index
from parts import assistant_over, known_terms
from settings import PROJECT, Settings, load_settings
from training.signals import Prepared, prepare

GUIDES = Path(__file__).parent / "guides"
REPORT = Path(__file__).parent / "report.json"
ANSWERABLE_SHARE = 2 / 3
"""Of real questions about a guide two thirds are answered in it; the bank holds fewer, to teach what is not."""
BANK_SIGNALS = ("answerable", "foreign")
ABOUT_SIGNALS = ("about", "sentence_cosine")
GENERAL_SIGNALS = ("foreign", "passage", "passage_lead", "sentence", "sentence_cosine", "keyword")
SIZES = (500, 1000, 2000, 4000)
"""Sizes of the bank in the learning curve."""

Floats = NDArray[np.floating]
Bools = NDArray[np.bool_]


def main() -> None:
    """Reads bank and guides, fits, writes model, weights and report."""
    with tempfile.TemporaryDirectory() as folder:
        bank, general, digest = _prepared(Path(folder))
    model, held_out = BankModel.fitted(digest, bank.questions, bank.texts, bank.vectors)
    SHIPPED.mkdir(exist_ok=True)
    model.save(SHIPPED / MODEL_FILE)
    answerable, kinds = _labels(bank)
    signals = _columns(bank, held_out)
    about = ~np.isin(kinds, sorted(NOT_ABOUT))
    pooled = {name: np.concatenate([signals[name], _columns(general)[name]]) for name in GENERAL_SIGNALS}
    general_answerable, general_kinds = _labels(general)
    everything = np.concatenate([answerable, general_answerable])
    general_about = np.concatenate([about, ~np.isin(general_kinds, sorted(NOT_ABOUT))])
    models = {
        "bank": logistic(signals, BANK_SIGNALS, answerable, ANSWERABLE_SHARE),
        "about": logistic(signals, ABOUT_SIGNALS, about, None),
        "general": logistic(pooled, GENERAL_SIGNALS, everything, ANSWERABLE_SHARE),
        "general_about": logistic(pooled, GENERAL_SIGNALS, general_about, None),
    }
    weights = json.loads((SHIPPED / WEIGHTS_FILE).read_text(encoding="utf-8"))  # `training/pairs.py` has its own there
    weights["models"] |= models
    (SHIPPED / WEIGHTS_FILE).write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")
    report = _report(bank, held_out, answerable, kinds, models["bank"])
    REPORT.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(report, indent=1) + "\n")


def _prepared(folder: Path) -> tuple[Prepared, Prepared, str]:
    own = load_settings(content=PROJECT / "content", index=folder / "own", precision="float32")
    bank = read_bank(own.content)
    fingerprint, prepared = _over(own, bank)
    guides = load_settings(content=GUIDES, index=folder / "general", precision="float32")
    general = tuple(each for file in sorted(GUIDES.glob("*.jsonl")) for each in read_questions(file))
    _, others = _over(guides, general)
    return prepared, others, bank_digest(bank, fingerprint)


def _over(settings: Settings, questions: Sequence[BankedQuestion]) -> tuple[str, Prepared]:
    build_index(settings)
    assistant = assistant_over(settings)
    with assistant.generations.use() as generation:
        known = known_terms(generation, settings)
        return assistant.embedding, prepare(assistant, generation, questions, known, _say)


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


def _labels(prepared: Prepared) -> tuple[Bools, NDArray[np.str_]]:
    answerable = np.array([each.answerable for each in prepared.questions])
    return answerable, np.array([each.kind for each in prepared.questions])


def _columns(prepared: Prepared, held_out: NDArray[np.floating] | None = None) -> dict[str, Floats]:
    columns = {name: np.array([each[name] for each in prepared.signals]) for name in prepared.signals[0]}
    if held_out is not None:
        columns |= {"answerable": held_out[:, 0], "about": held_out[:, 1]}
    return columns


def logistic(
    signals: Mapping[str, Floats], names: Sequence[str], labels: Bools, share: float | None
) -> dict[str, object]:
    """A logistic regression; with `share`, the labels are weighed so that this share of them is true."""
    from sklearn.linear_model import LogisticRegression

    table = np.stack([signals[name] for name in names], axis=1)
    scale = table.std(axis=0) + 1e-9
    true = labels.mean()
    weigh = np.where(labels, share / true, (1 - share) / (1 - true)) if share else None
    fitted = LogisticRegression(C=1.0, max_iter=1000).fit(table / scale, labels, sample_weight=weigh)
    weights = {name: round(float(each), 4) for name, each in zip(names, fitted.coef_[0] / scale, strict=True)}
    return {"bias": round(float(fitted.intercept_[0]), 4), "weights": weights}


def _report(
    bank: Prepared, held_out: Floats, answerable: Bools, kinds: NDArray[np.str_], weights: Mapping[str, object],
) -> dict[str, object]:  # fmt: skip
    kernel = QuestionKernel(bank.vectors, bank.texts)
    gram = kernel.gram(bank.texts)
    target = answerable * 2.0 - 1
    mean = target.mean()
    inverse = np.linalg.inv(gram + RIDGE * np.eye(len(gram)))
    coefficients = inverse @ (target - mean)
    authors = [each.id.split("-")[0] for each in bank.questions]
    sections = [each.sections[0] if each.sections else "-" for each in bank.questions]
    foreign = np.array([each["foreign"] for each in bank.signals])
    pull = weights["weights"]["foreign"] / weights["weights"]["answerable"]  # type: ignore[index]
    views = {
        "question left out": held_out[:, 0],
        "author left out": _left_out(inverse, coefficients, target, mean, authors),
        "section left out": _left_out(inverse, coefficients, target, mean, sections),
    }
    found: dict[str, object] = {"questions": len(kinds), "answerable": int(answerable.sum())}
    for name, scores in views.items():
        found[name] = _figures(scores + pull * foreign, answerable, kinds)
        found[f"{name}, without foreign terms"] = _figures(scores, answerable, kinds)
    found["learning curve (a fifth left out)"] = _curve(gram, target, answerable, kinds)
    return found


def _left_out(inverse: Floats, coefficients: Floats, target: Floats, mean: float, groups: Sequence[str]) -> Floats:
    """Predictions for each group of questions when fitted on all other groups, by inverting blocks."""
    found = np.zeros_like(target)
    names = np.array(groups)
    for group in sorted(set(groups)):
        rows = np.flatnonzero(names == group)
        found[rows] = target[rows] - np.linalg.solve(inverse[np.ix_(rows, rows)], coefficients[rows])
    return found


def _curve(gram: Floats, target: Floats, answerable: Bools, kinds: NDArray[np.str_]) -> dict[str, object]:
    order = np.random.default_rng(0).permutation(len(target))
    test, rest = order[: len(order) // 5], order[len(order) // 5 :]
    found: dict[str, object] = {}
    for size in (*[each for each in SIZES if each < len(rest)], len(rest)):
        rows = rest[:size]
        mean = target[rows].mean()
        weights = np.linalg.solve(gram[np.ix_(rows, rows)] + RIDGE * np.eye(size), target[rows] - mean)
        found[str(size)] = _figures(gram[np.ix_(test, rows)] @ weights, answerable[test], kinds[test])
    return found


def _figures(scores: Floats, answerable: Bools, kinds: NDArray[np.str_]) -> dict[str, float]:
    """AUROC and share answered at 5 and 10 % refused, by kind of unanswerable question."""
    from sklearn.metrics import roc_auc_score

    found: dict[str, float] = {}
    for kind in ("near_miss", "false_premise", "out_of_scope", "injection"):
        there = (kinds == kind) & ~answerable
        chosen = there | answerable
        found[f"AUROC {kind}"] = round(float(roc_auc_score(answerable[chosen], scores[chosen])), 4)
        for refused in (0.05, 0.1):
            answered = scores[there] >= np.quantile(scores[answerable], refused)
            found[f"{kind} answered at {refused:.0%} refused"] = round(float(answered.mean()), 4)
    return found


if __name__ == "__main__":
    main()
