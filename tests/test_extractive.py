"""What is quoted must be right whatever the scores are: which words, how much, in which order."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answering.extractive import HALF_MINUTE_WORDS, LIST_WORDS, MAX_SECTIONS, Quote, choose
from answering.question import Wanted, wanted
from retrieval.generation import Generation
from retrieval.hits import Hit
from retrieval.retriever import search
from tests.fakes import BagOfWordsEmbedder
from tests.indexes import TOOLS, write_tools

ITEMS = [f"- The drill of kind {number} makes holes of {number} millimetres in stone." for number in range(30)]
MANY = "\n".join(["# Drills", "", "Kinds of drill:", "", *ITEMS, "", *(
    f"## Shelf {number}\n\nA drill lies on shelf {number}. It makes holes.\n" for number in range(8)
)])  # fmt: skip
KINDS = "Kinds of hammer:\n\n• The claw hammer also pulls nails out.\n• The mallet has a head of rubber."

Find = Callable[[str], tuple[Hit, ...]]


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generation]:
    folder: Path = tmp_path_factory.mktemp("extractive") / "gen-000001"
    write_tools(folder, TOOLS, MANY)
    opened = Generation(folder)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def find(generation: Generation) -> Find:
    embedder = BagOfWordsEmbedder()
    return lambda question: search(generation, question, embedder.encode([question])[0], 8)


def _chosen(find: Find, question: str) -> tuple[Quote, ...]:
    return choose(find(question), question, wanted(question))


def _words(quotes: tuple[Quote, ...]) -> int:
    return sum(len(quote.text.split()) for quote in quotes)


def test_the_sentence_that_answers_is_quoted(find: Find) -> None:
    assert any("A saw cuts wood along a line." in quote.text for quote in _chosen(find, "What does a saw cut?"))


def test_a_list_that_is_asked_for_is_quoted_whole_with_what_introduces_it(find: Find) -> None:
    assert KINDS in [quote.text for quote in _chosen(find, "Which kinds of hammer are there?")]


def test_a_list_too_long_for_a_screen_is_not_quoted_whole(find: Find) -> None:
    quotes = _chosen(find, "Which kinds of drill make holes in stone?")
    assert quotes and all(len(quote.text.split()) <= max(LIST_WORDS, HALF_MINUTE_WORDS) for quote in quotes)


def test_nothing_found_is_nothing_quoted() -> None:
    assert choose((), "What does a saw cut?", Wanted.FACT) == ()


@pytest.mark.parametrize("form", list(Wanted))
def test_an_answer_is_read_in_half_a_minute_and_stays_in_few_sections(find: Find, form: Wanted) -> None:
    question = "a drill makes holes on the shelf"
    quotes = choose(find(question), question, form)
    assert quotes
    assert _words(quotes) <= 1.25 * HALF_MINUTE_WORDS
    assert len({quote.passage.section for quote in quotes}) <= MAX_SECTIONS


def test_the_reader_who_has_less_time_is_shown_less(find: Find) -> None:
    question = "a drill makes holes on the shelf"
    long, short = (choose(find(question), question, Wanted.FACT, budget=budget) for budget in (HALF_MINUTE_WORDS, 8))
    assert 0 < _words(short) <= _words(long)
    assert _words(short) <= 30  # one sentence or item is shown in any case


@given(
    question=st.lists(
        st.sampled_from(["a", "drill", "hammer", "saw", "which", "kinds", "list", "why", "holes", "wood", "steel"]),
        min_size=1, max_size=8,
    ).map(" ".join),
    form=st.sampled_from(Wanted),
)  # fmt: skip
def test_quotes_are_words_of_the_guide_each_once_in_reading_order(
    generation: Generation, find: Find, question: str, form: Wanted
) -> None:
    quotes = choose(find(question), question, form)
    for quote in quotes:
        text = generation.documents[quote.passage.document].text
        assert quote.text == text[quote.span.start : quote.span.end] == quote.text.strip() != ""
        assert quote.passage.covers(quote.span)
    for one, two in pairwise(quotes):
        if one.passage.id == two.passage.id:
            assert one.span.end <= two.span.start
    places = [(quote.passage.document, quote.span.start) for quote in quotes]
    assert len(set(places)) == len(places)
