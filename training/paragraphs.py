"""The second half of the cross-encoder's training: questions over paragraphs of an encyclopaedia.

The paragraphs are those of SQuAD's collection and lie outside the project; the questions were written for it, half of
them adversarial. Where it is known which words of a paragraph answer, the body learns to find them, too: that says
more than a label. The head for it is not kept.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from retrieval.pairs import TOKENS
from training.fitting import batches, optimise

QUESTIONS: Final = Path(__file__).parent / "paragraph_questions.jsonl"
SQUAD_ARTICLES: Final = frozenset({"Warsaw", "French_and_Indian_War", "Immune_system"})
"""Of SQuAD 2.0; the other articles stay a test."""
HEAD_RATE: Final = 2e-4
SPAN_WEIGHT: Final = 0.5
NOWHERE: Final = 0
"""The token that is pointed at where a paragraph does not answer."""


class Asked(NamedTuple):
    """A question beside the paragraph that it was written for."""

    question: str
    passage: str
    """The title of its article, and the paragraph."""
    answers: bool
    span: tuple[int, int] | None = None
    """The letters of the passage that answer."""
    shown: bool = False
    """Whether it was written with the words that answer, if there are any."""
    article: str = ""
    """Of SQuAD's labelled ones."""


def written(folder: Path) -> Iterator[Asked]:
    """The project's own questions.

    Args:
        folder: of SQuAD's paragraphs.
    """
    lines = list(_lines(QUESTIONS))
    shown = {each["author"] for each in lines if "answer" in each}
    paragraphs = _paragraphs(folder)
    for each in lines:
        title, text = paragraphs[each["paragraph"]]
        lead = len(title) + 1
        span = (each["answer"][0] + lead, each["answer"][1] + lead) if "answer" in each else None
        yield Asked(each["question"], f"{title}\n{text}", each["answerable"], span, each["author"] in shown)


def squad(folder: Path) -> Iterator[Asked]:
    """The labelled questions of SQuAD 2.0 that lie in a folder."""
    paragraphs = _paragraphs(folder)
    for each in _lines(folder / "queries.jsonl"):
        passage = "\n".join(paragraphs[each["paragraph_id"]])
        at = passage.find(each["answers"][0]) if each["answers"] else -1
        span = (at, at + len(each["answers"][0])) if at >= 0 else None
        yield Asked(each["text"], passage, not each["is_impossible"], span, True, each["title"])


def _paragraphs(folder: Path) -> dict[str, tuple[str, str]]:
    return {each["_id"]: (each["title"].replace("_", " "), each["text"]) for each in _lines(folder / "corpus.jsonl")}


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as opened:
        yield from map(json.loads, opened)


def read_on(model: Any, tokenizer: Any, asked: Sequence[Asked]) -> None:  # noqa: ANN401 - torch is untyped here
    """Trains a cross-encoder further, in place, once over the questions."""
    import torch

    finder = torch.nn.Linear(model.config.hidden_size, 2)

    def loss_of(batch: Sequence[Asked]) -> Any:  # noqa: ANN401
        read = tokenizer(
            [each.question for each in batch],
            [each.passage for each in batch],
            truncation="only_second", max_length=TOKENS, padding=True, return_tensors="pt", return_offsets_mapping=True,
        )  # fmt: skip
        letters = read.pop("offset_mapping").tolist()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            seen = model.bert(**read)
            logits = model.classifier(model.dropout(seen.pooler_output))[:, 0].float()
            ends = finder(seen.last_hidden_state).float()
        labels = torch.tensor([float(each.answers) for each in batch])
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, labels)
        passage = (read["token_type_ids"] == 1) & (read["attention_mask"] == 1)
        allowed = passage.clone()
        allowed[:, NOWHERE] = True
        ends = ends.masked_fill(~allowed.unsqueeze(-1), -1e4)
        found = [_tokens(each, letters[row], passage[row].tolist()) for row, each in enumerate(batch)]
        rows = [row for row, each in enumerate(found) if each is not None]
        if not rows:
            return loss
        targets = torch.tensor([found[row] for row in rows])
        losses = [torch.nn.functional.cross_entropy(ends[rows, :, side], targets[:, side]) for side in (0, 1)]
        return loss + SPAN_WEIGHT * sum(losses) / 2

    heads = [*model.classifier.parameters(), *finder.parameters()]
    optimise(model, heads, HEAD_RATE, batches(asked), loss_of)


def _tokens(asked: Asked, letters: Sequence[tuple[int, int]], passage: Sequence[bool]) -> tuple[int, int] | None:
    """The first and last token that answer; None where that is not known, or was cut off."""
    if not asked.shown:
        return None
    if not asked.answers:
        return NOWHERE, NOWHERE
    if asked.span is None:
        return None
    start, end = asked.span
    inside = [at for at, (first, last) in enumerate(letters) if passage[at] and first < end and last > start]
    return (inside[0], inside[-1]) if inside else None
