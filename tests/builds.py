"""Builds and opens small guides by the real assembly with the bag of words in place of the model, in a second."""

import importlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import parts
from answering.assistant import Assistant
from retrieval.embedder import Precision
from settings import Settings, load_settings
from tests.fakes import BagOfWordsEmbedder


class NamedBagOfWords(BagOfWordsEmbedder):
    """A bag of words that goes by the model's name and precision, and notes in a shared list what it embeds."""

    def __init__(self, model: str, precision: Precision, noted: list[str]) -> None:
        super().__init__()
        self.name = model or BagOfWordsEmbedder.name
        self.fingerprint = f"{self.name}:{precision}"
        self.encoded = noted


@contextmanager
def bag_of_words() -> Iterator[list[str]]:
    """While it lasts, builds and questions embed with the bag of words; gives the list of all that is embedded."""
    embedded: list[str] = []

    def make(model: str = "", precision: Precision = "float32") -> NamedBagOfWords:
        return NamedBagOfWords(model, precision, embedded)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "SentenceTransformerEmbedder", make)
        patch.setenv("SKILL_GUIDE_PRECISION", "float32")  # nothing to measure
        yield embedded


def imported() -> None:
    """Imports, before a process forks, what a build would import: five seconds of six in each child otherwise."""
    for each in ("chromadb", "sentence_transformers", "transformers.models.bert.modeling_bert", "bm25s"):
        importlib.import_module(each)


def settings_for(content: Path, index: Path | None = None, **choices: object) -> Settings:
    """Settings of an index beside the content folder, or elsewhere."""
    return load_settings(content=content, index=index or content.parent / "index", **choices)


def texts_of(assistant: Assistant) -> str:
    """All that the assistant's guides say."""
    return "\n".join(document.text for document in assistant.documents())


SECTIONS = 6
"""Sections of the guide whose versions are told apart."""


def write_version(content: Path, version: int) -> None:
    """Writes a guide whose every section names its version."""
    content.mkdir(parents=True, exist_ok=True)
    parts_of_it = [f"## Tool {each}\n\nTool {each} is of version {version}." for each in range(SECTIONS)]
    (content / "tools.md").write_text("# Tools\n\n" + "\n\n".join(parts_of_it) + "\n", encoding="utf-8")


def version_of(text: str) -> str:
    """The version that a text is of; several, joined by plus signs, where it mixes them."""
    return "+".join(sorted(set(re.findall(r"version (\d+)", text)))) or "none"
