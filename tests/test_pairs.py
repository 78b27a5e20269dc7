"""The shipped cross-encoder, for real, and when it has a say."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

import parts
from answering.evidence import Asked
from answering.learned import PAIRS_FILE, SHIPPED, LearnedEvidence, pairs_digest, read_together
from answering.question import Wanted
from ingest.errors import GuideError
from retrieval.generation import Generation
from retrieval.pairs import PairReader
from retrieval.retriever import search
from settings import Settings
from tests.fakes import BagOfWordsEmbedder
from tests.indexes import TOOLS, built

PASSAGE = "Saws\nA rip saw cuts along the grain of the wood. Its teeth are coarse. Oil the blade once a month."
MOST_BYTES = 45_000_000


@pytest.fixture(scope="module")
def reader() -> PairReader:
    return PairReader("", SHIPPED / PAIRS_FILE, pairs_digest())


@pytest.fixture
def guide(tmp_path: Path) -> Iterator[Generation]:
    generation = built(tmp_path / "gen", TOOLS)
    yield generation
    generation.close()


def test_a_passage_that_answers_scores_above_a_near_miss(reader: PairReader) -> None:
    answered = reader("How often should the blade be oiled?", [PASSAGE])[0]
    near_miss = reader("How much does a rip saw cost?", [PASSAGE])[0]
    other = reader("What is the capital of Portugal?", [PASSAGE])[0]
    assert answered > near_miss > other
    assert answered > 0 > near_miss


def test_each_text_gets_a_score_of_its_own(reader: PairReader) -> None:
    together = reader("How often should the blade be oiled?", [PASSAGE, "Hammers\nA hammer drives nails."])
    alone = reader("How often should the blade be oiled?", [PASSAGE])
    assert len(together) == 2 and together[0] == pytest.approx(alone[0], abs=1e-3) and together[0] > together[1]


def test_weights_that_are_damaged_or_missing_are_refused(tmp_path: Path) -> None:
    assert (SHIPPED / PAIRS_FILE).stat().st_size < MOST_BYTES
    damaged = bytearray((SHIPPED / PAIRS_FILE).read_bytes())
    damaged[-1] ^= 1
    (tmp_path / "pairs").write_bytes(damaged)
    for file in (tmp_path / "pairs", tmp_path / "none"):
        with pytest.raises(GuideError, match="missing or damaged"):
            PairReader("", file, pairs_digest())


def test_a_cross_encoder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(GuideError, match="SKILL_GUIDE_CROSS_ENCODER"):
        PairReader(str(tmp_path / "none"))("a", ["b"])


def test_what_it_says_decides_where_there_is_no_bank(guide: Generation) -> None:
    asked: list[tuple[str, int]] = []

    def reads(question: str, texts: Sequence[str]) -> list[float]:
        asked.append((question, len(texts)))
        return [5.0 if "yes" in question else -5.0] * len(texts)

    embedder = BagOfWordsEmbedder()
    judged = []
    for question in ("hammer yes", "hammer no"):
        vector = embedder.encode([question])[0]
        hits = search(guide, question, vector, 5)
        evidence = LearnedEvidence(lambda term: True, reads=reads)
        judged.append(evidence.judge(Asked(question=question, vector=vector, form=Wanted.FACT, hits=hits)).answerable)
    assert judged[0] > 0.8 and judged[1] < 0.2
    assert [question for question, _ in asked] == ["hammer yes", "hammer no"]


@pytest.mark.parametrize(
    ("scores", "logits", "expected"),
    [
        ([0.9], [2.0], 2.0),
        ([0.9, 0.9], [3.0, -3.0], 0.0),
        ([0.9, 0.1, 0.1], [2.0, -9.0, -9.0], 2.0),
        ([0.9, 0.1, 0.1], [-2.0, 9.0, 9.0], -2.0),
        ([0.9], [99.0], 15.0),
    ],
)
def test_a_passage_speaks_as_much_as_it_is_likely_to_be_the_one(
    guide: Generation, scores: list[float], logits: list[float], expected: float
) -> None:
    hit = search(guide, "hammer", BagOfWordsEmbedder().encode(["hammer"])[0], 1)[0]
    found = [hit.model_copy(update={"score": score}) for score in scores]
    assert read_together(found, logits) == pytest.approx(expected, abs=0.03)


def test_it_reads_english_guides_and_can_be_switched_off(guide: Generation, monkeypatch: pytest.MonkeyPatch) -> None:
    assert parts.pair_reader(guide, Settings()) is parts.pair_reader(guide, Settings())
    assert parts.pair_reader(guide, Settings(cross_encoder="off")) is None
    german = {name: each.model_copy(update={"language": "de"}) for name, each in guide.documents.items()}
    monkeypatch.setattr(guide, "documents", german)
    assert parts.pair_reader(guide, Settings()) is None
    assert parts.pair_reader(guide, Settings(cross_encoder="some/model")) is not None
