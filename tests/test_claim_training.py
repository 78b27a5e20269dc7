"""What the reader of sentences is trained on, that it learns, and how it is weighed against the rules."""

import json
import re
from random import Random

import pytest

from answering.phrased.following import EVEN
from retrieval.embedder import SentenceTransformerEmbedder
from training.claims import SENTENCES, WRONG, Claim, learn, written
from training.weighing import PASSED, PASSED_ELSEWHERE, TRIAL, Judged, weighed

DEVELOPING = ("faithful", "wrong", "faithful_second", "wrong_second")
SAME = 0.85
"""Share of words from which two sentences count as one."""


def test_the_written_sentences_are_whole() -> None:
    blocks = [json.loads(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines()]
    assert len(blocks) > 9_000
    assert len({(each["author"], each["quote"]) for each in blocks}) == len(blocks)
    for each in blocks:
        wrong = {sentence for kind in WRONG for sentence in each.get(kind, ())}
        assert wrong.isdisjoint(each.get("faithful", ())) and each["quote"].strip()
    for own in (False, True):
        claims = list(written(own))
        assert len(claims) > 20_000 and 0.3 < sum(each.follows for each in claims) / len(claims) < 0.55


def test_no_sentence_that_the_checker_is_measured_with_is_among_them() -> None:
    folder = SENTENCES.parent.parent / "evaluation" / "phrasing"
    files = [each for each in folder.iterdir() if each.stem not in DEVELOPING]
    measured = {_words(json.loads(line)["says"]) for file in files for line in file.read_text("utf-8").splitlines()}
    by_length = {length: [each for each in measured if len(each) == length] for length in map(len, measured)}
    learnt = [_words(each.sentence) for own in (False, True) for each in written(own)]
    tried = {_words(json.loads(line)["says"]) for line in TRIAL.read_text(encoding="utf-8").splitlines()}
    assert len(measured) > 1_000
    assert measured.isdisjoint(learnt) and measured.isdisjoint(tried)
    for each in [*Random(1).sample(learnt, 3_000), *tried]:
        near = range(int(SAME * len(each)), int(len(each) / SAME) + 1)
        assert not any(
            len(each & other) >= SAME * len(each | other) for size in near for other in by_length.get(size, ())
        )


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z0-9+#]+", text.lower()))


def test_it_learns_and_leaves_the_embeddings_alone() -> None:
    from transformers import AutoTokenizer, BertForSequenceClassification

    folder = SentenceTransformerEmbedder().folder
    model = BertForSequenceClassification.from_pretrained(folder, num_labels=1)
    before = {name: weight.clone() for name, weight in model.named_parameters()}
    quote = "A hammer drives nails."
    batch = [Claim(quote, quote, True), Claim(quote, "No.", False)] * 8
    learn(model, AutoTokenizer.from_pretrained(folder), [batch, batch])
    changed = {name for name, weight in model.named_parameters() if not weight.equal(before[name])}
    assert "classifier.weight" in changed and any(".layer.0." in name for name in changed)
    assert not [name for name in changed if ".embeddings." in name]


@pytest.mark.parametrize("passed", [PASSED, PASSED_ELSEWHERE])
def test_rules_are_weighed_so_that_as_many_faithful_ones_pass_as_ought_to(passed: float) -> None:
    found = [
        Judged(follows=at / 10 - (0 if faithful else 6), known=True, rules=frozenset(rules), faithful=faithful)
        for faithful in (False, True)
        for at in range(100)
        for rules in ([set(), {"word"}] if not faithful else [set(), {"turn"}])
    ]
    model = weighed(found, ["word", "turn", "never"], passed)
    assert model.weights["word"] < 0 and model.weights["turn"] == model.weights["never"] == 0
    holds = [
        model({"follows": each.follows, "never": 0, "turn": 0, "word": 0}) >= EVEN for each in found if each.faithful
    ]
    assert sum(holds) / len(holds) == pytest.approx(passed, abs=0.02)
