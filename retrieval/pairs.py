"""How well a passage answers a question, by a cross-encoder that reads both together. Knows nothing of decisions.

The shipped one is the packaged embedding model's body trained further (`training/pairs.py`): its embeddings come from
the package, the rest from a file of this project whose sum is checked. Nothing is ever asked of a hub.
"""

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ingest.documents import Passage
from ingest.errors import GuideError
from retrieval.embedder import SentenceTransformerEmbedder, file_sha256

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

TOKENS: Final = 224
"""Of question and passage together; the shipped weights were trained on as many."""
BATCH: Final = 8
_SAFE: Final = {"use_safetensors": True}
"""Numbers without code: nothing is unpickled."""


class PairReader:
    """Scores questions against texts. Thread-safe; loads itself at the first call."""

    def __init__(self, name: str = "", weights: Path | None = None, sha256: str = "") -> None:
        """Checks what can be checked without loading.

        Args:
            name: a folder, or the name of a downloaded sentence-transformers CrossEncoder; empty for the shipped one.
            weights: file of the shipped one's weights.
            sha256: what their digest has to be.

        Raises:
            GuideError: the shipped weights are missing or damaged.
        """
        self._name, self._weights = name, weights
        self._lock = threading.Lock()
        self._model: CrossEncoder | None = None
        if not name and (weights is None or not weights.is_file() or file_sha256(weights) != sha256):
            raise GuideError(f"the model file {weights} is missing or damaged: get the project anew")

    def __call__(self, question: str, texts: Sequence[str]) -> list[float]:
        """One logit for each text, higher where it answers the question.

        Raises:
            GuideError: the model that was named cannot be loaded.
        """
        import torch  # whole, first: two threads that import it by different parts at once break both

        with self._lock:
            self._model = self._model or self._loaded()
            pairs = [(question, text) for text in texts]
            scores = self._model.predict(
                pairs,
                batch_size=BATCH,
                activation_fn=torch.nn.Identity(),
                show_progress_bar=False,
                convert_to_numpy=True,
            )
        return [float(each) for each in scores.reshape(len(texts), -1)[:, 0]]

    def _loaded(self) -> "CrossEncoder":
        folder = str(SentenceTransformerEmbedder().folder)  # also keeps every library offline
        from sentence_transformers import CrossEncoder

        if self._name:
            try:
                return CrossEncoder(
                    self._name, device="cpu", local_files_only=True, trust_remote_code=False, model_kwargs=_SAFE
                )
            except Exception as error:
                raise GuideError(
                    f"no cross-encoder can be loaded from {self._name!r} ({type(error).__name__}): check"
                    " SKILL_GUIDE_CROSS_ENCODER"
                ) from error
        with _quiet():
            made = CrossEncoder(
                folder, num_labels=1, max_length=TOKENS, device="cpu", local_files_only=True, model_kwargs=_SAFE
            )
        _fill(made, self._weights)
        return made


def words_read(passage: Passage) -> str:
    """What is read of a passage: the path of its headings, and its text."""
    return f"{' > '.join(passage.headings)}\n{passage.text.strip()}"


def _fill(model: "CrossEncoder", weights: Path | None) -> None:
    from safetensors.torch import load_file

    assert weights is not None
    tensors = {name: tensor.float() for name, tensor in load_file(weights).items()}
    lacking, unknown = model.model.load_state_dict(tensors, strict=False)
    strange = [*unknown, *(name for name in lacking if ".embeddings." not in name)]
    if strange:
        raise GuideError(f"the model file {weights} does not fit the embedding model: get the project anew")


@contextmanager
def _quiet() -> Iterator[None]:
    """Silences what libraries say of a head that is about to be replaced."""
    loggers = [logging.getLogger(name) for name in ("transformers", "sentence_transformers")]
    levels = [each.level for each in loggers]
    for each in loggers:
        each.setLevel(logging.ERROR)
    try:
        yield
    finally:
        for each, level in zip(loggers, levels, strict=True):
            each.setLevel(level)
