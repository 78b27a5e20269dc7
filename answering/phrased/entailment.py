"""Whether a sentence follows from its quotes, by a model of entailment that somebody has put into a folder.

The model is in ONNX, which is numbers without code. Knows nothing of the rules that a sentence is held against first.
"""

import json
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ingest.errors import GuideError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

MODEL, TOKENIZER, CONFIG = "model.onnx", "tokenizer.json", "config.json"
LABEL: Final = "entail"
"""What the name of the label begins with that says so."""
MOST_TOKENS: Final = 512


class Entailment:
    """Reads quotes and a sentence together. Thread-safe; loads itself with the first call."""

    def __init__(self, folder: Path) -> None:
        """Checks what can be checked without loading.

        Raises:
            GuideError: a file is missing, or no label tells of entailment.
        """
        for name in (MODEL, TOKENIZER, CONFIG):
            if not (folder / name).is_file():
                raise GuideError(f"{folder} holds no {name}: check SKILL_GUIDE_LLM_ENTAILMENT")
        try:
            labels = json.loads((folder / CONFIG).read_text(encoding="utf-8"))["id2label"]
            named = [int(at) for at, label in labels.items() if str(label).casefold().startswith(LABEL)]
        except (ValueError, KeyError, AttributeError):
            named = []
        if len(named) != 1:
            raise GuideError(f"{folder / CONFIG} names no label “entailment” in id2label: use a model of entailment")
        self._folder, self._label = folder, named[0]
        self._lock = threading.Lock()
        self._loaded: tuple[Tokenizer, InferenceSession] | None = None

    def __call__(self, quotes: str, sentence: str) -> float:
        """How sure it is, 0..1, that the sentence follows from the quotes.

        Raises:
            GuideError: the model cannot be loaded.
        """
        tokenizer, session = self.warm()
        read = tokenizer.encode(quotes, sentence)
        said = {"input_ids": read.ids, "attention_mask": read.attention_mask, "token_type_ids": read.type_ids}
        fed = {each.name: np.array([said[each.name]], dtype=np.int64) for each in session.get_inputs()}
        logits = np.asarray(session.run(None, fed)[0], dtype=np.float64)[0]
        likely = np.exp(logits - logits.max())
        return float(likely[self._label] / likely.sum())

    def warm(self) -> "tuple[Tokenizer, InferenceSession]":
        """Loads it, if that was not done yet.

        Raises:
            GuideError: the model cannot be loaded.
        """
        with self._lock:
            self._loaded = self._loaded or self._load()
        return self._loaded

    def _load(self) -> "tuple[Tokenizer, InferenceSession]":
        import onnxruntime
        from tokenizers import Tokenizer

        try:
            tokenizer = Tokenizer.from_file(str(self._folder / TOKENIZER))
            session = onnxruntime.InferenceSession(str(self._folder / MODEL), providers=["CPUExecutionProvider"])
            length: Any = session.get_inputs()[0].shape[1]
        except Exception as error:
            raise GuideError(
                f"no model can be loaded from {self._folder} ({type(error).__name__}): check SKILL_GUIDE_LLM_ENTAILMENT"
            ) from error
        fixed = isinstance(length, int)
        tokenizer.enable_truncation(length if fixed else MOST_TOKENS)
        pad = tokenizer.token_to_id("[PAD]") or 0
        if fixed:
            tokenizer.enable_padding(length=length, pad_id=pad)
        else:
            tokenizer.no_padding()
        return tokenizer, session
