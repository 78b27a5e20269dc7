"""Documents are cut along their structure, and nothing is lost, doubled or too long."""

import pickle
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.chunker import PASSAGE_TOKENS, cut
from ingest.documents import BlockKind, Document, Passage, Sentence
from ingest.reader import read_corpus
from retrieval.embedder import SentenceTransformerEmbedder
from retrieval.generation import passage_text, sentence_text
from settings import PROJECT
from tests.indexes import TOOLS, document, passages, pieces

LIMIT = 16
"""Small, so that hypothesis meets every kind of cut."""
MODEL_WINDOW = 256
SPECIAL_TOKENS = 2


def _words(size: int) -> st.SearchStrategy[str]:
    word = st.sampled_from(["saw", "wood", "Dr.", "3.5", "e.g.", "Why?", "end.", "(a", "b)", "été", "锯子。", "x" * 90])
    return st.lists(word, min_size=1, max_size=size).map(" ".join)


def _items(marks: list[str]) -> st.SearchStrategy[str]:
    return st.lists(st.tuples(st.sampled_from(marks), _words(12)).map("".join), min_size=1, max_size=5).map("\n".join)


_BLOCKS = st.one_of(
    st.tuples(st.sampled_from(["# ", "## ", "### "]), _words(4)).map("".join),
    _words(40),
    _words(4).map("{}:".format),
    _items(["- ", "  - ", "    1. "]),
    _items(["1. ", "   - "]),
    _items(["| "]).map(lambda rows: "| A | B |\n|--|--|\n" + rows),
    _words(30).map("```\n{}\n```".format),
    _words(10).map("> {}".format),
    _words(5).map("<div>{}</div>".format),
    st.just("- # heading in an item\n- next"),
    st.text(alphabet="#->*_`[]|<\n\t .é\u2028\x85", max_size=30),
    st.text(max_size=20),
)
_DOCUMENTS = st.lists(_BLOCKS, max_size=10).map("\n\n".join).map(lambda text: document(text.replace("---", "—")))


def _for_any_markdown(test: Callable[[Document], None]) -> Callable[[], None]:
    """Runs a test on documents made of every kind of block, the ones that once went wrong first."""
    for markdown in ("- a\n- b", "", "# A\n\n# A", "Kinds:\n\n" + "- saw wood\n" * 20, "x" * 500):
        test = example(document(markdown))(test)
    return settings(deadline=None, max_examples=100)(given(_DOCUMENTS)(test))


def _cut(found: Document) -> tuple[Passage, ...]:
    return cut(found, pieces, LIMIT)


@_for_any_markdown
def test_passages_tile_the_text(found: Document) -> None:
    parts = _cut(found)
    assert "".join(part.text for part in parts) == found.text
    assert [part.start for part in parts] == [0, *(part.end for part in parts)][: len(parts)]


@_for_any_markdown
def test_no_passage_crosses_a_section(found: Document) -> None:
    for part in _cut(found):
        inside = {block.section for block in found.blocks if block.start < part.end and part.start < block.end}
        section = found.section(part.section)
        assert inside == {part.section}
        assert section is not None
        assert section.covers(part)
        assert part.headings == section.headings


@_for_any_markdown
def test_every_sentence_lies_within_its_passage_after_the_one_before(found: Document) -> None:
    for part in _cut(found):
        ends = [part.start, *(each.end for each in part.sentences)]
        assert all(part.covers(each) and each.start < each.end for each in part.sentences)
        assert all(each.start >= end for each, end in zip(part.sentences, ends, strict=False))


@_for_any_markdown
def test_sentences_hold_all_words_but_headings(found: Document) -> None:
    said = "".join(each.of(found.text) for part in _cut(found) for each in part.sentences)
    blocks = "".join(block.of(found.text) for block in found.blocks if block.kind is not BlockKind.HEADING)
    assert "".join(said.split()) == "".join(blocks.split())


@_for_any_markdown
def test_no_sentence_is_above_the_limit(found: Document) -> None:
    assert all(pieces(each.of(found.text)) <= LIMIT for part in _cut(found) for each in part.sentences)


@_for_any_markdown
def test_a_passage_is_above_the_limit_only_to_keep_a_lead_in_with_its_first_item(found: Document) -> None:
    for part in _cut(found):
        if sum(pieces(each.of(found.text)) for each in part.sentences) > LIMIT:
            assert [each.group is None for each in part.sentences] == [True, False]


@_for_any_markdown
def test_ids_are_unique_and_the_same_each_time(found: Document) -> None:
    ids = [part.id for part in _cut(found)]
    assert len(set(ids)) == len(ids)
    assert ids == [part.id for part in _cut(found)]


def _texts(part: Passage) -> list[str]:
    return [part.words_of(each) for each in part.sentences]


def test_a_short_section_is_one_passage_with_its_heading() -> None:
    hammers = next(part for part in passages(TOOLS) if part.section == "hammers")
    assert hammers.text.startswith("Hammers\n\nA hammer drives")
    assert _texts(hammers) == [
        "A hammer drives nails into wood.",
        "It weighs 500 grams.",
        "Kinds of hammer:",
        "The claw hammer also pulls nails out.",
        "The mallet has a head of rubber.",
    ]


def test_a_list_that_fits_stays_together_with_its_lead_in() -> None:
    before = "Some words stand here first. " * 3
    listed = "Kinds of saw:\n\n- hand saw\n- band saw\n- jig saw"
    room = pieces(before) + pieces("Kinds of saw: hand saw band saw")
    found = passages(f"{before}\n\n{listed}\n\nAnd an end.", limit=room)
    assert [len(part.sentences) for part in found] == [3, 5]
    assert _texts(found[1])[:4] == ["Kinds of saw:", "hand saw", "band saw", "jig saw"]


def test_a_list_that_does_not_fit_keeps_its_lead_in_with_the_first_item() -> None:
    found = passages("Kinds of saw:\n\n" + "- a saw of a kind\n" * 12, limit=20)
    assert _texts(found[0])[:2] == ["Kinds of saw:", "a saw of a kind"]
    assert found[1].text.startswith("• a saw")
    assert all(_lead(part.sentences[0], found) == "Kinds of saw:" for part in found[1:])


def test_a_lead_in_does_not_stay_behind_when_the_first_item_moves_on() -> None:
    before = "Some words stand here first."
    room = pieces(before) + pieces("Kinds of saw:")
    found = passages(f"{before} Kinds of saw:\n\n" + "- a saw of a kind\n" * 12, limit=room)
    assert _texts(found[0]) == [before]
    assert _texts(found[1])[:2] == ["Kinds of saw:", "a saw of a kind"]


def _lead(sentence: Sentence, found: tuple[Passage, ...]) -> str | None:
    whole = "".join(part.text for part in found)
    return sentence.lead_in.of(whole) if sentence.lead_in else None


def test_only_the_last_sentence_before_a_list_is_its_lead_in() -> None:
    found = passages("Saws cut. They are sharp. Their kinds:\n\n- hand saw\n- band saw")
    items = [each for each in found[0].sentences if each.kind is BlockKind.LIST_ITEM]
    assert [_lead(each, found) for each in items] == ["Their kinds:"] * 2


def test_a_long_paragraph_is_cut_at_sentence_ends() -> None:
    sentence = "Dr. Saw cuts 3.5 m of wood. "
    found = passages(sentence * 12, limit=30)
    assert len(found) > 3
    assert all(_texts(part) == [sentence.strip()] * len(part.sentences) for part in found)


def test_a_sentence_above_the_limit_is_cut_between_words() -> None:
    found = passages("word " * 50, limit=20)
    assert {text for part in found for text in _texts(part)} <= {"word " * 19 + "word", "word " * 9 + "word"}


def test_a_table_row_is_one_sentence() -> None:
    found = passages("| Tool | Use |\n|---|---|\n| Saw | It cuts. It is sharp. |\n| Nail | It holds. |")
    assert _texts(found[0]) == ["Saw — Use: It cuts. It is sharp.", "Nail — Use: It holds."]
    assert {each.group for each in found[0].sentences} == {1}


def test_a_bare_heading_is_a_passage_without_sentences() -> None:
    first, second = passages("# Tools\n\n## Saws\n\nThey cut.")
    assert (first.text, first.sentences) == ("Tools\n\n", ())
    assert _texts(second) == ["They cut."]


@pytest.mark.parametrize(
    "edited",
    [
        TOOLS.replace("ash or hickory", "ash, hickory or steel"),
        TOOLS.replace("Every workshop needs them.", "Every workshop needs them. " * 40),
        TOOLS + "\n## Nails\n\nA nail is driven.\n",
        TOOLS.replace("## Hammers", "## Glue\n\nGlue sticks.\n\n## Hammers"),
    ],
    ids=["edited", "made long", "added at the end", "added before"],
)
def test_passages_of_other_sections_keep_their_ids(edited: str) -> None:
    def kept(markdown: str) -> dict[str, str]:
        return {part.section: part.id for part in passages(markdown) if part.section in {"hammers", "saws"}}

    assert kept(edited) == kept(TOOLS)


def test_the_same_words_elsewhere_have_another_id() -> None:
    twice = document("# A\n\nSame.\n\n# A\n\nSame.")
    other = document("# A\n\nSame.", name="other")
    ids = [part.id for found in (twice, other) for part in cut(found, pieces)]
    assert len(set(ids)) == 3


def test_of_our_guide_the_model_reads_every_token() -> None:
    tokens = SentenceTransformerEmbedder().count_tokens
    embedded: list[str] = []
    for found in read_corpus(PROJECT / "content").documents:
        for part in cut(found, tokens, PASSAGE_TOKENS):
            if part.sentences:
                embedded.append(passage_text(part, found.text))
            embedded += [sentence_text(each, part, found.text) for each in part.sentences]
    assert max(map(tokens, embedded)) + SPECIAL_TOKENS <= MODEL_WINDOW


def test_sentences_take_little_memory_and_can_be_copied() -> None:
    tracemalloc.start()
    told = {"kind": BlockKind.PARAGRAPH, "group": None, "lead_in": None, "page": None}
    made = [Sentence.model_validate({"start": number, "end": number + 9, **told}) for number in range(1000)]
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size / len(made) < 700, "a large guide has hundreds of thousands"
    assert made[0].model_copy(update={"page": 3}).page == 3 and made[0].page is None
    assert made[0] == Sentence(start=0, end=9, kind=BlockKind.PARAGRAPH) != made[1]
    assert Sentence.model_validate_json(made[5].model_dump_json()) == pickle.loads(pickle.dumps(made[5])) == made[5]
