"""A model of entailment in a folder, made here byte by byte: it believes what the numbers of its words say."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

import parts
from answering.phrased.claims import Claims
from answering.phrased.entailment import Entailment
from answering.phrased.grounds import Ground
from answering.phrased.reading import Names
from answering.phrased.sentences import Sentence
from ingest.errors import GuideError
from retrieval.embedder import SentenceTransformerEmbedder
from settings import load_settings
from tests.fakes import BagOfWordsEmbedder

WORDS = {"[PAD]": 0, "Shelves": 1, "Maps": 9}
LABELS = {"0": "ENTAILMENT", "1": "contradiction", "2": "neutral"}


def field(number: int, value: "bytes | str | int | Iterable[bytes]") -> bytes:
    """A field of a protocol buffer."""
    if isinstance(value, int):
        return bytes([number << 3, value])
    if isinstance(value, str):
        value = value.encode()
    content = value if isinstance(value, bytes) else b"".join(value)
    assert len(content) < 2**14
    size = bytes([len(content)]) if len(content) < 2**7 else bytes([len(content) & 127 | 128, len(content) >> 7])
    return bytes([number << 3 | 2]) + size + content


def tensor(name: str, kind: int) -> bytes:
    shape = field(2, [field(1, field(1, 1)), field(1, field(1, 12))])
    return field(1, name) + field(2, field(1, [field(1, kind), shape]))


def model() -> bytes:
    """The numbers of twelve tokens as twelve logits."""
    to = field(5, [field(1, "to"), field(3, 1), bytes([20 << 3 & 127 | 128, 1, 2])])
    node = field(1, [field(1, "input_ids"), field(2, "logits"), field(4, "Cast"), to])
    graph = [node, field(2, "g"), field(11, tensor("input_ids", 7)), field(12, tensor("logits", 1))]
    return field(1, 8) + field(7, graph) + field(8, [field(1, ""), field(2, 17)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    tokenizer = Tokenizer(WordLevel(WORDS, unk_token="[PAD]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    (tmp_path / "model.onnx").write_bytes(model())
    (tmp_path / "config.json").write_text(json.dumps({"id2label": LABELS}))
    return tmp_path


def test_the_label_of_entailment_is_read(folder: Path) -> None:
    reads = Entailment(folder)
    assert reads("Maps", "Shelves") > 0.9 and reads("Shelves", "Maps") < 0.1
    assert reads("Maps " * 30, "Shelves " * 30), "what is too long is cut"


def test_what_does_not_follow_is_caught(folder: Path) -> None:
    def fault(text: str, quote: str, entails: Entailment | None) -> str:
        grounds = [Ground(number=1, quote=quote, context="")]
        return Claims(grounds, Names({}), BagOfWordsEmbedder().encode, entails).check(Sentence(text, (1,))).fault

    said, quote = "Shelves hold the Maps.", "Shelves hold Maps."
    assert fault(said, quote, Entailment(folder)) == "does not follow from its quote"
    assert not fault(said, quote, None)
    assert not fault(quote, quote, Entailment(folder)), "the quote's own words need no model"
    assert not fault("Maps lie on the Shelves.", "Maps lie on Shelves.", Entailment(folder))


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "config.json"])
def test_a_folder_without_it_is_told_at_once(name: str, folder: Path) -> None:
    (folder / name).unlink()
    with pytest.raises(GuideError, match=f"holds no {name}: check SKILL_GUIDE_LLM_ENTAILMENT"):
        settings = load_settings(llm_url="localhost/v1", llm_model="m", llm_entailment=str(folder))
        parts.phraser_for(settings, SentenceTransformerEmbedder("", "float32"))


def test_other_models_and_damaged_ones_are_told(folder: Path) -> None:
    (folder / "model.onnx").write_bytes(b"no model")
    with pytest.raises(GuideError, match="no model can be loaded"):
        Entailment(folder)("Maps", "Shelves")
    (folder / "config.json").write_text('{"id2label": {"0": "positive"}}')
    with pytest.raises(GuideError, match="names no label"):
        Entailment(folder)
