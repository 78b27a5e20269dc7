"""The second half of the cross-encoder's training, on a handful of questions."""

import json
from pathlib import Path

import pytest

from retrieval.embedder import SentenceTransformerEmbedder
from training.paragraphs import QUESTIONS, Asked, _tokens, read_on, squad, written

TEXT = "The saw was made in Leeds in 1871. Its blade is of steel."
SPAN = (TEXT.index("1871"), TEXT.index("1871") + 4)


def test_the_written_questions_are_whole() -> None:
    lines = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    assert len(lines) > 17_000
    assert len({(each["paragraph"], each["question"]) for each in lines}) == len(lines)
    assert 0.4 < sum(each["answerable"] for each in lines) / len(lines) < 0.6
    assert all(each["answerable"] and each["answer"][0] < each["answer"][1] for each in lines if "answer" in each)


def test_questions_are_read_beside_their_paragraphs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    questions = tmp_path / "q.jsonl"
    asked = {"author": "a", "paragraph": "Saw#1", "question": "When was it made?", "answerable": True, "answer": SPAN}
    questions.write_text(json.dumps(asked) + "\n", encoding="utf-8")
    monkeypatch.setattr("training.paragraphs.QUESTIONS", questions)
    (tmp_path / "corpus.jsonl").write_text(json.dumps({"_id": "Saw#1", "title": "A_saw", "text": TEXT}) + "\n")
    said = {"text": "Where?", "title": "Saw", "paragraph_id": "Saw#1", "is_impossible": False, "answers": ["Leeds"]}
    (tmp_path / "queries.jsonl").write_text(json.dumps(said) + "\n")
    for each, words in ((next(written(tmp_path)), "1871"), (next(squad(tmp_path)), "Leeds")):
        assert each.passage == f"A saw\n{TEXT}" and each.answers and each.shown
        assert each.span and each.passage[slice(*each.span)] == words


@pytest.mark.parametrize(
    ("asked", "tokens"),
    [
        (Asked("When?", TEXT, True, SPAN, True), (2, 2)),
        (Asked("Who?", TEXT, False, None, True), (0, 0)),
        (Asked("When?", TEXT, True, None, True), None),
        (Asked("Who?", TEXT, False, None, False), None),
        (Asked("When?", TEXT, True, (500, 504), True), None),
    ],
)
def test_the_tokens_that_answer_are_found(asked: Asked, tokens: tuple[int, int] | None) -> None:
    letters = [(0, 0), (0, 5), SPAN, (SPAN[1], SPAN[1] + 1)]
    assert _tokens(asked, letters, [False, False, True, True]) == tokens


def test_it_learns_and_leaves_the_embeddings_alone() -> None:
    from transformers import AutoTokenizer, BertForSequenceClassification

    folder = SentenceTransformerEmbedder().folder
    model = BertForSequenceClassification.from_pretrained(folder, num_labels=1)
    before = {name: weight.clone() for name, weight in model.named_parameters()}
    asked = [Asked("When was it made?", TEXT, True, SPAN, True), Asked("Who made it?", TEXT, False, None, True)]
    read_on(model, AutoTokenizer.from_pretrained(folder), asked * 16)
    changed = {name for name, weight in model.named_parameters() if not weight.equal(before[name])}
    assert "classifier.weight" in changed and any(".layer.0." in name for name in changed)
    assert not any(".embeddings." in name for name in changed)
