import numpy as np
import pytest

from answering.kernel import QuestionKernel, features, fit
from tests.fakes import BagOfWordsEmbedder

QUESTIONS = (
    "What is Docker used for?",
    "Which port does Docker use?",
    "What does 404 mean?",
    "What does 301 mean?",
    "Which languages are compared?",
)


def kernel(texts: tuple[str, ...] = QUESTIONS) -> QuestionKernel:
    return QuestionKernel(BagOfWordsEmbedder().encode(texts), texts)


def test_a_question_is_most_like_itself() -> None:
    made, vectors = kernel(), BagOfWordsEmbedder().encode(QUESTIONS)
    for row, (text, vector) in enumerate(zip(QUESTIONS, vectors, strict=True)):
        assert int(np.argmax(made.against(vector, text))) == row


def test_the_gram_matrix_is_what_single_questions_are_told() -> None:
    made, vectors = kernel(), BagOfWordsEmbedder().encode(QUESTIONS)
    gram = made.gram(QUESTIONS)
    assert np.allclose(gram, gram.T, atol=1e-5)
    assert np.allclose(gram[2], made.against(vectors[2], QUESTIONS[2]), atol=1e-5)


def test_words_tell_apart_what_meaning_does_not() -> None:
    """Numbers and names decide what is asked; embeddings blur them."""
    blurred = np.ones((5, 3), dtype=np.float32) / np.sqrt(3)
    made = QuestionKernel(
        blurred, (*QUESTIONS[:3], "What does 301 mean?", "does 301 redirect, and what does 404 mean?")
    )
    told = made.against(blurred[0], "is 301 an error?")
    assert told[3] > told[2]


def test_pairs_of_words_count() -> None:
    assert "git merge" in features("What is git merge?")


def test_a_question_without_known_words_is_no_fault() -> None:
    told = kernel().against(BagOfWordsEmbedder().encode(["zzz"])[0], "zzz")
    assert np.isfinite(told).all()


def test_held_out_predictions_are_those_of_a_fit_without_the_question() -> None:
    rng = np.random.default_rng(1)
    points = rng.normal(size=(12, 4))
    gram = np.exp(-((points[:, None] - points[None]) ** 2).sum(-1))
    targets = rng.normal(size=(12, 2))
    _, held_out = fit(gram, targets)
    for left in range(12):
        rest = np.delete(np.arange(12), left)
        coefficients, _ = fit(gram[np.ix_(rest, rest)], targets[rest])
        assert gram[left, rest] @ coefficients == pytest.approx(held_out[left], abs=1e-6)
