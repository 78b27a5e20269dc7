"""Trains the model that reads a sentence against its quotes: `python -m training.claims`, some hours on one core.

Its examples lie in `training/claim_sentences.jsonl`: quotes with sentences that follow from them and sentences that do
not, mostly because two things were exchanged. First those over other guides, then those over this one with a few of
the others. It goes on from the shipped cross-encoder. Nothing of `evaluation/phrasing` is read.
"""

import json
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from answering.learned import PAIRS_FILE, SHIPPED, WEIGHTS_FILE
from answering.phrased.following import CLAIMS_FILE, quote_key
from answering.phrased.grounds import pieces
from retrieval.embedder import SentenceTransformerEmbedder, file_sha256
from retrieval.pairs import TOKENS
from training.fitting import batches, optimise

SENTENCES: Final = Path(__file__).parent / "claim_sentences.jsonl"
WRONG: Final = ("swapped", "denied", "added")
GENERAL_EPOCHS, EPOCHS = 3, 5
OTHERS_SHARE: Final = 0.15
"""Of the second half's sentences, so that it does not forget the first."""
HEAD_RATE, SEED = 5e-4, 0


class Claim(NamedTuple):
    """A sentence beside what it was written from."""

    passage: str
    """Its quotes, joined by blanks."""
    sentence: str
    follows: bool


def written(own: bool) -> Iterator[Claim]:
    """The sentences that were written for it.

    Args:
        own: those over this project's guide; else those over others.
    """
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        block = json.loads(line)
        if block["own"] is own:
            for kind in ("faithful", *WRONG):
                for sentence in block.get(kind, ()):
                    yield Claim(block["quote"], sentence, kind == "faithful")


def learn(model: Any, tokenizer: Any, planned: Sequence[Sequence[Claim]]) -> None:  # noqa: ANN401 - torch is untyped
    """Trains a cross-encoder in place.

    Args:
        model: its embeddings stay as they are.
        tokenizer: its own.
        planned: batches in the order in which they are read.
    """
    import torch

    def loss_of(batch: Sequence[Claim]) -> Any:  # noqa: ANN401
        read = tokenizer(
            [each.passage for each in batch], [each.sentence for each in batch], truncation="only_first",
            max_length=TOKENS, padding=True, return_tensors="pt",
        )  # fmt: skip
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model(**read).logits[:, 0].float()
        labels = torch.tensor([float(each.follows) for each in batch])
        return torch.nn.functional.binary_cross_entropy_with_logits(logits, labels)

    optimise(model, list(model.classifier.parameters()), HEAD_RATE, planned, loss_of)


def planned(general: Sequence[Claim], own: Sequence[Claim]) -> Iterator[list[Claim]]:
    """All batches: those over other guides, then those over this one among some of the others."""
    for _ in range(GENERAL_EPOCHS):
        yield from batches(general)
    for _ in range(EPOCHS):
        others = random.sample(general, min(len(general), round(OTHERS_SHARE * len(own))))
        yield from batches([*own, *others])


def main() -> None:
    """Trains and writes the weights."""
    import torch
    from safetensors.torch import load_file, save_file
    from transformers import AutoTokenizer, BertForSequenceClassification

    random.seed(SEED)
    torch.manual_seed(SEED)
    folder = SentenceTransformerEmbedder().folder
    model = BertForSequenceClassification.from_pretrained(folder, num_labels=1)
    known = {name: tensor.float() for name, tensor in load_file(SHIPPED / PAIRS_FILE).items()}
    model.load_state_dict({name: each for name, each in known.items() if "classifier" not in name}, strict=False)
    general, own = (list(written(own)) for own in (False, True))
    sys.stderr.write(f"{len(general)} sentences over other guides, {len(own)} over this one\n")
    learn(model, AutoTokenizer.from_pretrained(folder), list(planned(general, own)))
    kept = {name: tensor.to(torch.float16) for name, tensor in model.state_dict().items() if ".embeddings." not in name}
    save_file(kept, SHIPPED / CLAIMS_FILE)
    file = SHIPPED / WEIGHTS_FILE
    weights = json.loads(file.read_text(encoding="utf-8"))
    weights["claims_sha256"] = file_sha256(SHIPPED / CLAIMS_FILE)
    weights["claims_known"] = sorted({quote_key(quote) for each in own for quote in pieces(each.passage)})
    file.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
