from pathlib import Path

import numpy as np
import pytest

from answering.bank import BankedQuestion, read_bank
from answering.evidence import Asked
from answering.learned import BankModel, LearnedEvidence, Logistic, bank_digest, found_signals
from answering.question import Wanted
from settings import PROJECT
from tests.fakes import BagOfWordsEmbedder

HAMMER = BankedQuestion(
    id="1", question="What is a hammer for?", kind="lookup", answerable=True, sections=("tools",), facts=(("nails",),)
)
BANK = (
    HAMMER,
    HAMMER.model_copy(update={"id": "2", "question": "What is a saw for?"}),
    BankedQuestion(id="3", question="How much does a hammer cost?", kind="near_miss", answerable=False),
    BankedQuestion(id="4", question="How much does a saw cost?", kind="near_miss", answerable=False),
    BankedQuestion(id="5", question="Write a poem", kind="out_of_scope", answerable=False),
)
TEXTS = tuple(each.question for each in BANK)
VECTORS = BagOfWordsEmbedder().encode(TEXTS)


def test_questions_like_answered_ones_score_higher_than_near_misses() -> None:
    model, held_out = BankModel.fitted("d", BANK, TEXTS, VECTORS)
    assert model.coefficients.shape == held_out.shape == (5, 2)
    assert held_out[:2, 0].min() > held_out[2:4, 0].max()


def test_a_model_is_the_same_after_saving(tmp_path: Path) -> None:
    texts = ("What is\na hammer\u2028for?", *TEXTS[1:])
    model, _ = BankModel.fitted("digest", BANK, texts, VECTORS)
    model.save(tmp_path / "m.safetensors")
    loaded = BankModel.load(tmp_path / "m.safetensors", "digest")
    assert loaded is not None
    assert loaded.texts == texts
    assert np.allclose(loaded.coefficients, model.coefficients, atol=1e-5)


@pytest.mark.parametrize("content", [b"", b"no model", b"\x00" * 64])
def test_a_damaged_or_foreign_model_is_not_used(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "m.safetensors"
    assert BankModel.load(file) is None
    file.write_bytes(content)
    assert BankModel.load(file) is None
    BankModel.fitted("digest", BANK, TEXTS, VECTORS)[0].save(file)
    assert BankModel.load(file, "another digest") is None


def test_the_digest_follows_labels_and_embedding_but_not_its_number_format() -> None:
    digest = bank_digest(BANK, "weights:float32")
    assert digest == bank_digest(BANK, "weights:bfloat16")
    assert digest != bank_digest(BANK, "others:float32")
    assert digest != bank_digest((*BANK[:4], BANK[4].model_copy(update={"answerable": True})), "weights:float32")


def test_the_shipped_model_belongs_to_the_shipped_bank() -> None:
    from answering.learned import MODEL_FILE, SHIPPED
    from retrieval.embedder import SentenceTransformerEmbedder

    bank = read_bank(PROJECT / "content")
    model = BankModel.load(SHIPPED / MODEL_FILE, bank_digest(bank, SentenceTransformerEmbedder().fingerprint))
    assert model is not None, "the bank has changed: run python -m training.evidence"
    assert len(model.texts) == len(bank)


def test_a_term_that_the_guide_never_mentions_counts_against_and_is_named() -> None:
    weights = {name: Logistic(0.0, {"foreign": -2.0}) for name in ("general", "general_about")}
    question = Asked("Does it use Kubernetes?", VECTORS[0], Wanted.FACT, ())
    knowing = LearnedEvidence(lambda term: True, None, weights).judge(question)
    lacking = LearnedEvidence(lambda term: False, None, weights).judge(question)
    assert lacking.answerable < knowing.answerable
    assert knowing.missing is None
    assert lacking.missing == "Kubernetes"


def test_nothing_found_gives_signals_of_nothing() -> None:
    assert set(found_signals(()).values()) == {0.0}
