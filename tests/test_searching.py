"""What a search finds: near enough or not, why, where, and what says nearly the same."""

from collections.abc import Iterator

import pytest

import assembly
from answering.assistant import Assistant
from answering.found import Filter, Results
from ingest.errors import GuideError
from tests.builds import bag_of_words, settings_for
from tests.conftest import SMALL_GUIDE, SmallContent

SECOND = """\
# Old tools

## Hammers of old

A hammer drives nails into wood. It weighs 500 grams, or so.

Kinds of hammer:

- The claw hammer also pulls nails out.
- The mallet has a head of rubber.

## Glue

Glue joins wood without nails.
"""
GLOSSARY = "- term: saw\n  aliases: [s4w]\n"


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("tools") / "content"
    folder.mkdir()
    for name, text in {"tools.md": SMALL_GUIDE, "old.md": SECOND, "glossary.yaml": GLOSSARY}.items():
        (folder / name).write_text(text, encoding="utf-8")
    with bag_of_words():
        opened = assembly.open_assistant(settings_for(folder))
    yield opened


def _counts(found: Results) -> dict[tuple[str, str], int]:
    return {(facet.document, facet.section): facet.count for facet in found.facets}


def test_every_hit_says_why_in_plain_words(tools: Assistant) -> None:
    found = tools.results("s4w teeth")
    first = found.hits[0]
    assert first.section == "saws"
    assert [reason.kind for reason in first.reasons][:2] == ["alias", "keyword"]
    assert "“s4w” is another name for saw" in first.reasons[0].text
    passage = tools.passage(first.passage)
    assert passage
    assert {passage.words_of(span) for span in first.matched} >= {"saw", "teeth"}
    assert [(each.found, each.meant) for each in found.replaced] == [("s4w", "saw")]


def test_the_sentence_nearest_in_meaning_is_named(tools: Assistant) -> None:
    hit = tools.results("mallet head rubber").hits[0]
    passage = tools.passage(hit.passage)
    assert passage and hit.sentence
    assert passage.words_of(hit.sentence) == "The mallet has a head of rubber."
    assert any(reason.kind == "meaning" for reason in hit.reasons)


def test_counts_are_for_all_guides_whatever_is_chosen(tools: Assistant) -> None:
    everywhere = tools.results("hammer nails")
    counts = _counts(everywhere)
    assert counts["tools", ""] == counts["tools", "hammers"] >= 1
    assert counts["old", "hammers-of-old"] >= 1
    assert sum(count for (_, section), count in counts.items() if not section) == everywhere.everywhere
    here = tools.results("hammer nails", Filter(document="tools", section="hammers"))
    assert _counts(here) == counts
    assert {(hit.document, hit.section) for hit in here.hits} == {("tools", "hammers")}
    assert (here.total, here.everywhere) == (counts["tools", "hammers"], everywhere.everywhere)
    assert set(here.lit) == {hit.passage for hit in here.hits}


def test_passages_that_say_nearly_the_same_are_folded(tools: Assistant) -> None:
    found = tools.results("claw hammer mallet")
    (hit,) = [hit for hit in found.hits if hit.similar]
    assert {hit.document, hit.similar[0].document} == {"tools", "old"}
    assert hit.similar[0].passage not in {each.passage for each in found.hits}
    assert found.total == len(found.hits) + len(hit.similar)


def test_what_is_far_from_everything_finds_nothing_and_gets_help(tools: Assistant) -> None:
    found = tools.results("xylophone concerts")
    assert (found.hits, found.total, found.facets, found.at) == ((), 0, (), None)
    assert found.unknown == ("xylophone", "concerts")
    assert found.nearest and len({place.section for place in found.nearest}) == len(found.nearest)


def test_nothing_in_a_section_is_told_from_nothing_at_all(tools: Assistant) -> None:
    found = tools.results("claw hammer mallet", Filter(section="glue"))
    assert found.total == 0 < found.everywhere and found.nearest == () and found.facets


@pytest.mark.parametrize("query", ["", " ?!", "why " * 2000])
def test_what_cannot_be_searched_for_is_said(tools: Assistant, query: str) -> None:
    with pytest.raises(GuideError, match="Please"):
        tools.results(query)


def test_the_picture_holds_every_passage_and_the_query(tools: Assistant) -> None:
    points = tools.picture()
    assert {point.section for point in points} >= {"hammers", "saws", "glue"}
    found = tools.results("teeth of steel")
    (saw,) = [point for point in points if point.passage == found.hits[0].passage]
    assert found.at is not None and "A saw cuts wood" in saw.text

    def far(x: float, y: float) -> float:
        assert found.at
        return (found.at[0] - x) ** 2 + (found.at[1] - y) ** 2

    assert min(points, key=lambda point: far(point.x, point.y)) == saw


def test_the_real_guide(assistant: Assistant) -> None:
    aliased = assistant.results("k8s")
    assert aliased.hits[0].section.endswith("containers-and-orchestration")
    assert {reason.kind for reason in aliased.hits[0].reasons} == {"alias", "keyword", "meaning"}
    assert "spelling" in {reason.kind for reason in assistant.results("dokcer").hits[0].reasons}
    meant = assistant.results("how are secrets kept from people who listen in")
    assert meant.hits and any(hit.reasons[0].kind == "meaning" for hit in meant.hits)
    assert not assistant.results("zebra").hits
    assert len(assistant.picture()) == len({point.passage for point in assistant.picture()}) > 20


def test_a_small_guide_is_searched_too(small_content: SmallContent) -> None:
    with bag_of_words():
        alone = assembly.open_assistant(settings_for(small_content()))
        found = alone.results("hammer")
    assert next(facet.section for facet in found.facets) == "hammers", "one document is no choice"
