"""Makes the shipped evidence model: `python -m training.evidence`, some minutes on two cores.

Everything is fitted on held-out predictions: what kernel regression says of a question when it was fitted on all
others. The report gives figures by question, by author and by section left out. Knows nothing of the app.
"""

import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from answering.bank import BankedQuestion, read_bank, read_questions
from answering.learned import MODEL_FILE, NOT_ABOUT, SHIPPED, WEIGHTS_FILE, BankModel, bank_digest
from settings import PROJECT, load_settings
from training.figures import SEARCH_SIGNALS, report
from training.signals import columns, labels, prepare

GUIDES = Path(__file__).parent / "guides"
REPORT = Path(__file__).parent / "report.json"
ANSWERABLE_SHARE = 2 / 3
"""Of real questions about a guide two thirds are answered in it; the bank holds fewer, to teach what is not."""
BANK_SIGNALS = ("answerable", "foreign")
ABOUT_SIGNALS = ("about", "sentence_cosine")
GENERAL_SIGNALS = ("foreign", *SEARCH_SIGNALS)

Floats = NDArray[np.floating]
Bools = NDArray[np.bool_]


def main() -> None:
    """Reads bank and guides, fits, writes model, weights and report."""
    with tempfile.TemporaryDirectory() as folder:
        own = load_settings(content=PROJECT / "content", index=Path(folder) / "own", precision="float32")
        bank = prepare(own, read_bank(own.content))
        guides = load_settings(content=GUIDES, index=Path(folder) / "general", precision="float32")
        general = prepare(guides, general_questions())
    digest = bank_digest(bank.questions, bank.embedding)
    model, held_out = BankModel.fitted(digest, bank.questions, bank.texts, bank.vectors)
    SHIPPED.mkdir(exist_ok=True)
    model.save(SHIPPED / MODEL_FILE)
    answerable, kinds = labels(bank)
    signals = columns(bank) | {"answerable": held_out[:, 0], "about": held_out[:, 1]}
    about = ~np.isin(kinds, sorted(NOT_ABOUT))
    pooled = {name: np.concatenate([signals[name], columns(general)[name]]) for name in GENERAL_SIGNALS}
    general_answerable, general_kinds = labels(general)
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
    weighed = models["bank"]["weights"]
    found = json.dumps(report(bank, weighed["foreign"] / weighed["answerable"]), indent=1) + "\n"
    REPORT.write_text(found, encoding="utf-8")
    sys.stdout.write(found)


def general_questions() -> tuple[BankedQuestion, ...]:
    """Those over other guides."""
    return tuple(each for file in sorted(GUIDES.glob("*.jsonl")) for each in read_questions(file))


class Fitted(TypedDict):
    """A logistic regression as `weights.json` holds it."""

    bias: float
    weights: dict[str, float]


def logistic(signals: Mapping[str, Floats], names: Sequence[str], wanted: Bools, share: float | None) -> Fitted:
    """A logistic regression; with `share`, the questions are weighed so that this share of them is wanted."""
    from sklearn.linear_model import LogisticRegression

    table = np.stack([signals[name] for name in names], axis=1)
    scale = table.std(axis=0) + 1e-9
    true = wanted.mean()
    weigh = np.where(wanted, share / true, (1 - share) / (1 - true)) if share else None
    fitted = LogisticRegression(C=1.0, max_iter=1000).fit(table / scale, wanted, sample_weight=weigh)
    weights = {name: round(float(each), 4) for name, each in zip(names, fitted.coef_[0] / scale, strict=True)}
    return {"bias": round(float(fitted.intercept_[0]), 4), "weights": weights}


if __name__ == "__main__":
    main()
