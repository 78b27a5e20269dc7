"""A query finds its passages, best first, says why, and finds the same when the vector store fails."""

import math
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from retrieval.embedder import SentenceTransformerEmbedder
from retrieval.generation import Generation
from retrieval.hits import Hit
from retrieval.live import IndexReader
from retrieval.manifest import CHROMA
from retrieval.retriever import CHANCES_WEIGHT, DENSE_SENTENCES, MOST_CHANCES, search
from retrieval.store import ChromaStore, StoreError
from settings import Settings
from tests.fakes import BagOfWordsEmbedder
from tests.indexes import TOOLS, built

EMBEDDER = BagOfWordsEmbedder()
MATERIALS = ["oak", "pine", "ash", "steel", "glass", "stone", "paper", "cork", "brass", "wool"]
MANY = "\n\n".join(
    f"## Tool {number}\n\nThe tool number{number} cuts {MATERIALS[number % 10]} and {MATERIALS[number // 10 % 10]}."
    for number in range(DENSE_SENTENCES + 40)
)
ODD = "## Odd\n\nZebra quagga okapi."


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generation]:
    opened = built(
        tmp_path_factory.mktemp("tools") / "gen", TOOLS, "# Hammers-like\n\n## Hammers two\n\nNo hammer at all."
    )
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generation]:
    """More passages than either search puts forward."""
    opened = built(tmp_path_factory.mktemp("many") / "gen", f"{MANY}\n\n{ODD}")
    yield opened
    opened.close()


@pytest.fixture
def failing(tools: Generation, tmp_path: Path) -> Generation:
    """A copy whose vector store a test may break."""
    return Generation(shutil.copytree(tools.folder, tmp_path / "gen"))


def _search(generation: Generation, query: str, k: int = 10, section: str | None = None) -> tuple[Hit, ...]:
    return search(generation, query, EMBEDDER.encode([query])[0], k, section)


def _sections(hits: tuple[Hit, ...]) -> list[str]:
    return [hit.passage.section for hit in hits]


@pytest.mark.parametrize(
    ("query", "section"),
    [
        ("What drives nails into wood?", "hammers"),
        ("handle of ash", "hammers/handles"),
        ("cuts along a line", "saws"),
        ("who needs a workshop", "tools"),
    ],
)
def test_the_passage_that_says_it_is_first(tools: Generation, query: str, section: str) -> None:
    assert _sections(_search(tools, query))[0] == section


def test_hits_come_ranked(tools: Generation) -> None:
    hits = _search(tools, "saw wood", 3)
    assert [hit.rank for hit in hits] == [1, 2, 3]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({hit.passage.id for hit in hits}) == 3


def test_a_hit_says_why_it_was_found(tools: Generation) -> None:
    hits = _search(tools, "Does a mallet pull nails out?")
    first, last = hits[0], next(hit for hit in hits if hit.passage.section == "saws")
    assert first.passage.section == "hammers"
    assert first.why.keyword == ("nails", "pulls", "mallet")
    assert (first.why.ranks.keyword, first.why.ranks.semantic) == (1, 1)
    assert (last.why.keyword, last.why.ranks.keyword) == ((), None)
    assert last.why.ranks.semantic is not None
    vector = EMBEDDER.encode(["Does a mallet pull nails out?"])[0]
    row = tools.row_of[first.passage.id]
    assert first.why.semantic == pytest.approx(float(tools.passage_vectors[row] @ vector))


def test_semantic_ranks_follow_the_cosine(tools: Generation) -> None:
    hits = _search(tools, "saw of steel", 99)
    by_rank = sorted(hits, key=lambda hit: hit.why.ranks.semantic or 0)
    assert [hit.why.ranks.semantic for hit in by_rank] == [*range(1, len(hits) + 1)]
    cosines = [hit.why.semantic for hit in by_rank]
    assert cosines == sorted(cosines, reverse=True)


def test_a_hit_brings_all_its_sentences_in_reading_order_with_scores(tools: Generation) -> None:
    hit = _search(tools, "head of rubber")[0]
    assert [each.text for each in hit.sentences] == [
        "A hammer drives nails into wood.",
        "It weighs 500 grams.",
        "Kinds of hammer:",
        "The claw hammer also pulls nails out.",
        "The mallet has a head of rubber.",
    ]
    assert [each.sentence for each in hit.sentences] == list(hit.passage.sentences)
    assert max(hit.sentences, key=lambda each: each.score).text == "The mallet has a head of rubber."
    assert [each.keyword > 0 for each in hit.sentences] == [False] * 4 + [True]
    assert all(-1 <= each.semantic <= 1 for each in hit.sentences)


def test_a_passage_is_found_by_one_sentence_among_many(tmp_path: Path) -> None:
    filler = " ".join(f"Word{number} stands here." for number in range(20))
    opened = built(tmp_path / "gen", f"# A\n\n{filler} The mallet is soft.\n\n# B\n\n{filler}")
    assert _sections(_search(opened, "soft mallet"))[0] == "a"
    opened.close()


@pytest.mark.parametrize("others", [0, 1, 7, 30])
def test_a_section_of_many_passages_has_as_many_chances_and_pays_for_them(tmp_path: Path, others: int) -> None:
    said = "The mallet is soft and its head is round."
    filler = [" ".join(f"w{part}x{number}" for number in range(10, 107)) + "." for part in range(others)]
    short = f"## Mallets\n\n{said}"
    long = "\n\n".join(["## Mallets", *filler, said])
    with closing(built(tmp_path / "gen", long, short)) as opened:
        hits = {hit.passage.document: hit for hit in _search(opened, "soft mallet") if "soft" in hit.passage.text}
        assert len(opened.passages) == 2 + others
    fee = CHANCES_WEIGHT * math.log(min(others + 1, MOST_CHANCES))
    assert hits["tools-2"].score - hits["tools"].score == pytest.approx(fee)
    assert hits["tools-2"].sentences[0].score == hits["tools"].sentences[0].score


@pytest.mark.parametrize(
    ("section", "found"),
    [
        ("hammers", {"hammers", "hammers/handles"}),
        ("hammers/handles", {"hammers/handles"}),
        ("saws", {"saws"}),
        ("hammer", set()),
        ("unknown", set()),
        ("", set()),
    ],
)
def test_a_section_limits_the_search_to_it_and_those_under_it(tools: Generation, section: str, found: set[str]) -> None:
    assert set(_sections(_search(tools, "hammer", 99, section))) == found


@pytest.mark.parametrize(("k", "expected"), [(-1, 0), (0, 0), (1, 1), (99, 5)])
def test_as_many_as_asked_for_as_far_as_there_are(tools: Generation, k: int, expected: int) -> None:
    assert len(_search(tools, "wood", k)) == expected


@pytest.mark.parametrize("query", ["", "the of and", "?!", "\x00", "zzz qqq", "👩‍💻"])
def test_a_query_without_a_known_word_finds_by_meaning_alone(tools: Generation, query: str) -> None:
    hits = _search(tools, query)
    assert len(hits) == 5
    assert all(hit.why.keyword == () and hit.why.ranks.keyword is None for hit in hits)
    assert [hit.why.ranks.semantic for hit in hits] == [1, 2, 3, 4, 5]


def test_a_generation_without_passages_finds_nothing(tmp_path: Path) -> None:
    assert _search(built(tmp_path / "gen", "# Only\n\n## Headings"), "only") == ()


def test_words_alone_bring_a_passage_that_is_far_by_meaning(many: Generation) -> None:
    vector = EMBEDDER.encode(["the tool cuts and"])[0]
    assert "odd" not in _sections(search(many, "unknown", vector, 200))
    found = {hit.passage.section: hit for hit in search(many, "quagga", vector, 200)}
    assert found["odd"].why.ranks.keyword == 1
    assert found["odd"].why.keyword == ("quagga",)


FAILURES: dict[str, Callable[[Generation, pytest.MonkeyPatch], object]] = {
    "closed": lambda generation, _: generation.store.close(),
    "folder gone": lambda generation, _: shutil.rmtree(generation.folder / CHROMA),
    "silent": lambda _, patch: patch.setattr(ChromaStore, "nearest", _fail),
    "does not open": lambda _, patch: patch.setattr(ChromaStore, "__init__", _fail),
    "knows other ids": lambda _, patch: patch.setattr(ChromaStore, "nearest", lambda *_: ["unknown"]),
}


def _fail(*_: object, **__: object) -> None:
    raise StoreError("did not answer")


@pytest.mark.parametrize("failure", FAILURES)
def test_without_the_vector_store_the_same_is_found_in_the_same_order(
    tools: Generation,
    failing: Generation,
    failure: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    queries = ["what cuts wood along a line", "handle", ""]
    before = [_search(tools, query) for query in queries]
    FAILURES[failure](failing, monkeypatch)
    assert [_search(failing, query) for query in queries] == before
    assert caplog.text.count("searching without the vector store") == len(queries)


def test_among_many_passages_the_first_is_the_same_without_the_vector_store(
    many: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries = [f"tool number{number}" for number in range(0, 140, 20)]
    before = [_search(many, query, 1)[0].passage for query in queries]
    monkeypatch.setattr(ChromaStore, "nearest", _fail)
    assert [_search(many, query, 1)[0].passage for query in queries] == before
    assert [passage.section for passage in before] == [f"tool-{number}" for number in range(0, 140, 20)]


def test_the_real_model_finds_the_right_sections_of_our_guide(guide_index: Settings) -> None:
    with IndexReader(guide_index.index).use() as guide:
        assert guide.manifest is not None
        precision = guide.manifest.precision
        model = SentenceTransformerEmbedder(precision="bfloat16" if precision == "bfloat16" else "float32")

        def first(query: str, section: str | None = None) -> Hit:
            return search(guide, query, model.encode([query])[0], 5, section)[0]

        asked = first("What does a backend developer do?")
        assert asked.passage.section == "key-responsibilities-of-a-backend-developer"
        named = first("mongodb")
        assert named.passage.section == "understanding-of-databases/nosql-databases"
        assert named.why.keyword == ("MongoDB",)
        some = guide.passages[-1]
        assert first("databases", some.section).passage.section.startswith(some.section)
        near = guide.store.nearest("passages", guide.passage_vectors[0], 1)
        assert near == [guide.passages[0].id]
