"""The optimiser's loop over batches of much the same length. Knows nothing of what is trained."""

import random
import sys
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

BATCH, RATE, WARM_STEPS = 16, 5e-5, 60


class Passaged(Protocol):
    """What is read beside a passage."""

    @property
    def passage(self) -> str:
        """The longer text of the two."""
        ...


Example = TypeVar("Example", bound=Passaged)


def batches(examples: Sequence[Example]) -> list[list[Example]]:
    """Batches of much the same length, in any order."""
    shuffled = random.sample(list(examples), len(examples))
    blocks = [shuffled[at : at + 20 * BATCH] for at in range(0, len(shuffled), 20 * BATCH)]
    ordered = [sorted(block, key=lambda each: len(each.passage)) for block in blocks]
    made = [block[at : at + BATCH] for block in ordered for at in range(0, len(block), BATCH)]
    return random.sample(made, len(made))


def optimise(
    model: Any,  # noqa: ANN401 - torch is untyped here
    heads: Sequence[Any],
    head_rate: float,
    planned: Sequence[Sequence[Example]],
    loss_of: Callable[[Sequence[Example]], Any],
) -> None:
    """Changes the model in place, one step for each batch.

    Args:
        model: its embeddings stay as they are.
        heads: weights that are new, and learn at a rate of their own.
        head_rate: theirs.
        planned: batches in the order in which they are read.
        loss_of: the loss of a batch.
    """
    import torch

    model.bert.embeddings.requires_grad_(False)
    body = [weight for name, weight in model.named_parameters() if weight.requires_grad and "classifier" not in name]
    groups = [{"params": body, "lr": RATE}, {"params": list(heads), "lr": head_rate}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    plan = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / WARM_STEPS) * max(0.0, 1 - step / len(planned))
    )
    model.train()
    for number, batch in enumerate(planned):
        loss = loss_of(batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        plan.step()
        optimizer.zero_grad()
        if number % 50 == 0:
            sys.stderr.write(f"step {number} of {len(planned)}, loss {loss.item():.3f}\n")
    model.eval()
