"""Trains the shipped cross-encoder: `python -m training.pairs [SQUAD2_FOLDER]`, an hour or two on two cores.

Starts from the embedding model's weights; its embeddings stay as they are, so that only the rest has to be shipped.
Six guides are held out of training; the decision is fitted on what it says of them. Knows nothing of the app.
"""

import json
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from answering.bank import BankedQuestion, read_bank, read_questions
from answering.learned import PAIRS_FILE, READ_PASSAGES, SHIPPED, WEIGHTS_FILE, found_signals, read_together
from retrieval.embedder import SentenceTransformerEmbedder, file_sha256
from retrieval.hits import Hit
from retrieval.pairs import TOKENS, words_read
from settings import PROJECT, Settings, load_settings
from training.evidence import ANSWERABLE_SHARE, GUIDES, general_questions, logistic
from training.fitting import batches, optimise
from training.paragraphs import SQUAD_ARTICLES, read_on, squad, written
from training.signals import columns, prepare

HELD_OUT = frozenset(
    {"apartment-moving", "tungsten", "router-manual", "krakatoa", "data-analyst-skills", "offside-rule"}
)
BANK_SHARE = 0.3
"""Of the bank's questions; more would drown the other guides."""
OTHER_PASSAGE = 0.35
"""How often a question is also paired with a passage that does not answer it."""
EPOCHS, HEAD_RATE = 2, 1e-3
SIGNALS = ("reads", "foreign", "sentence_cosine")
SEED = 0


class Pair(NamedTuple):
    """A question and a passage that answers it, or does not."""

    question: str
    passage: str
    answers: float


class Read(NamedTuple):
    """A labelled question with what was found for it."""

    question: BankedQuestion
    text: str
    hits: tuple[Hit, ...]
    gold: frozenset[str]
    foreign: float


def main(arguments: Sequence[str]) -> None:
    """Trains, writes the weights, and fits the decision on the guides that were held out."""
    random.seed(SEED)
    with tempfile.TemporaryDirectory() as folder:
        general = list(
            _read(load_settings(content=GUIDES, index=Path(folder) / "g", precision="float32"), general_questions())
        )
        own = load_settings(content=PROJECT / "content", index=Path(folder) / "b", precision="float32")
        bank = [each for each in read_bank(own.content) if random.random() < BANK_SHARE]
        banked = list(_read(own, bank))
    kept_out = {each.id for guide in HELD_OUT for each in read_questions(GUIDES / f"{guide}.jsonl")}
    held = [each for each in general if each.question.id in kept_out]
    seen = [each for each in general if each.question.id not in kept_out]
    pairs = [pair for each in (*seen, *banked) for pair in _pairs(each)]
    labelled = list(squad(Path(arguments[0]))) if arguments else []
    known = [each for each in labelled if each.article in SQUAD_ARTICLES]
    model, tokenizer = _trained([*pairs, *(Pair(each.question, each.passage, float(each.answers)) for each in known)])
    if labelled:
        read_on(model, tokenizer, [*written(Path(arguments[0])), *known])
        unseen = [each for each in labelled if each.article not in SQUAD_ARTICLES]
        scores = [_score(model, tokenizer, [(each.question, each.passage)])[0] for each in unseen]
        _tell("SQuAD 2.0, articles left out", [each.answers for each in unseen], scores)
    _write(model)
    scores = [_together(model, tokenizer, each) for each in held]
    _fit(held, scores)
    near = [row for row, each in enumerate(held) if each.question.answerable or each.question.kind == "near_miss"]
    _tell("guides left out", [held[row].question.answerable for row in near], [scores[row] for row in near])


def _read(settings: Settings, questions: Sequence[BankedQuestion]) -> Iterator[Read]:
    found = prepare(settings, questions)
    foreign = columns(found)["foreign"]
    for each in zip(found.questions, found.texts, found.hits, found.gold, foreign, strict=True):
        yield Read(*each)


def _pairs(read: Read) -> Iterator[Pair]:
    gold = [hit for hit in read.hits if hit.passage.id in read.gold]
    other = [hit for hit in read.hits[:4] if hit.passage.id not in read.gold]
    if gold:
        yield Pair(read.text, words_read(gold[0].passage), 1.0)
    if other and not read.question.answerable:
        yield Pair(read.text, words_read(other[0].passage), 0.0)
    if other[1:] and random.random() < OTHER_PASSAGE:
        yield Pair(read.text, words_read(random.choice(other[1:]).passage), 0.0)


def _trained(pairs: list[Pair]) -> tuple[Any, Any]:
    import torch
    from transformers import AutoTokenizer, BertForSequenceClassification

    torch.manual_seed(SEED)
    folder = SentenceTransformerEmbedder().folder
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = BertForSequenceClassification.from_pretrained(folder, num_labels=1)

    def loss_of(batch: Sequence[Pair]) -> Any:  # noqa: ANN401
        return torch.nn.functional.binary_cross_entropy_with_logits(
            _logits(model, tokenizer, [(each.question, each.passage) for each in batch]),
            torch.tensor([each.answers for each in batch]),
        )

    planned = [batch for _ in range(EPOCHS) for batch in batches(pairs)]
    optimise(model, list(model.classifier.parameters()), HEAD_RATE, planned, loss_of)
    return model, tokenizer


def _logits(model: Any, tokenizer: Any, pairs: Sequence[tuple[str, str]]) -> Any:  # noqa: ANN401 - torch is untyped here
    import torch

    questions, passages = [list(each) for each in zip(*pairs, strict=True)]
    read = tokenizer(
        questions, passages, truncation="only_second", max_length=TOKENS, padding=True, return_tensors="pt"
    )
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = model(**read).logits
    return logits.float().squeeze(-1)


def _score(model: Any, tokenizer: Any, pairs: Sequence[tuple[str, str]]) -> list[float]:  # noqa: ANN401
    import torch

    with torch.no_grad():
        return [float(each) for each in _logits(model, tokenizer, pairs)]


def _together(model: Any, tokenizer: Any, read: Read) -> float:  # noqa: ANN401
    found = read.hits[:READ_PASSAGES]
    return read_together(found, _score(model, tokenizer, [(read.text, words_read(hit.passage)) for hit in found]))


def _tell(name: str, answerable: Sequence[bool], scores: Sequence[float]) -> None:
    from sklearn.metrics import roc_auc_score

    sys.stdout.write(f"{name}: {len(scores)} questions, AUROC {roc_auc_score(answerable, scores):.3f}\n")


def _write(model: Any) -> None:  # noqa: ANN401
    import torch
    from safetensors.torch import save_file

    kept = {name: tensor.to(torch.float16) for name, tensor in model.state_dict().items() if ".embeddings." not in name}
    save_file(kept, SHIPPED / PAIRS_FILE)


def _fit(held: Sequence[Read], scores: Sequence[float]) -> None:
    labels = np.array([each.question.answerable for each in held])
    found = [found_signals(each.hits) for each in held]
    signals = {
        "reads": np.array(scores),
        "foreign": np.array([each.foreign for each in held]),
        "sentence_cosine": np.array([each["sentence_cosine"] for each in found]),
    }
    file = SHIPPED / WEIGHTS_FILE
    weights = json.loads(file.read_text(encoding="utf-8"))
    weights["models"]["general_read"] = logistic(signals, SIGNALS, labels, ANSWERABLE_SHARE)
    weights["pairs_sha256"] = file_sha256(SHIPPED / PAIRS_FILE)
    file.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
