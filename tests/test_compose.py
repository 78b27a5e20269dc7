from collections.abc import Sequence

import pytest

from answering.answer import Citation
from answering.compose import NEAREST, WrongQuoteError, citations, nearest
from answering.compose import text_of as text
from answering.extractive import Quote
from answering.wording import CLOSEST
from ingest.documents import Passage, Span
from retrieval.hits import Hit, Ranks, Why
from tests.indexes import TOOLS, document, passages

TOOLS_READ = document(TOOLS)
PASSAGES = passages(TOOLS, limit=60)
WEIGHS, DRIVES, CUTS = "It weighs 500 grams.", "A hammer drives nails into wood.", "A saw cuts wood along a line."
LIST = "• The claw hammer also pulls nails out.\n• The mallet has a head of rubber."


def quote(words: str) -> Quote:
    start = TOOLS_READ.text.index(words)
    span = Span(start=start, end=start + len(words))
    return Quote(next(each for each in PASSAGES if each.covers(span)), span)


def _address(passage: Passage, start: int, end: int) -> str:
    return f"{passage.document}/{passage.id}/{start}/{end}"


def cited(quotes: Sequence[Quote]) -> tuple[Citation, ...]:
    return citations(quotes, {TOOLS_READ.id: TOOLS_READ}, _address)


def hit(passage: Passage, rank: int) -> Hit:
    why = Why(keyword=(), semantic=0.5, ranks=Ranks(keyword=None, semantic=rank))
    return Hit(rank=rank, score=1 / rank, passage=passage, sentences=(), why=why)


def test_a_citation_is_cut_out_of_the_reading_text() -> None:
    first, second = cited([quote(WEIGHS), quote(CUTS)])
    assert (first.number, first.quote, first.section) == (1, WEIGHS, "hammers")
    assert (second.number, second.quote, second.headings[-1]) == (2, CUTS, "Saws")
    assert TOOLS_READ.text[first.start : first.end] == WEIGHS
    assert first.url == f"tools/{first.passage}/{first.start}/{first.end}"


def test_a_passage_that_lies_is_never_quoted() -> None:
    honest = quote(WEIGHS)
    lies = honest.passage.model_copy(update={"text": honest.passage.text.replace("500", "900")})
    with pytest.raises(WrongQuoteError):
        cited([quote(CUTS), Quote(lies, honest.span)])


def test_a_passage_that_stands_elsewhere_is_never_quoted() -> None:
    honest = quote(WEIGHS)
    moved = honest.passage.model_copy(update={"start": honest.passage.start + 1, "end": honest.passage.end + 1})
    with pytest.raises(WrongQuoteError):
        cited([Quote(moved, honest.span)])


def test_nothing_is_never_quoted() -> None:
    honest = quote(WEIGHS)
    with pytest.raises(WrongQuoteError):
        cited([Quote(honest.passage, Span(start=honest.span.start, end=honest.span.start))])


def test_quotes_of_one_section_run_on_and_those_of_another_begin_a_paragraph() -> None:
    found = cited([quote(DRIVES), quote(WEIGHS), quote(CUTS)])
    assert text(found) == f"{DRIVES} [1] {WEIGHS} [2]\n\n{CUTS} [3]"


def test_a_list_stands_in_a_paragraph_of_its_own() -> None:
    found = cited([quote(DRIVES), quote(LIST), quote(WEIGHS)])
    assert text(found) == f"{DRIVES} [1]\n\n{LIST} [2]\n\n{WEIGHS} [3]"


def test_what_is_only_closest_says_so_first() -> None:
    assert text(cited([quote(WEIGHS)]), CLOSEST) == f"{CLOSEST}\n\n{WEIGHS} [1]"


def test_no_quote_makes_no_text() -> None:
    assert (text(()), cited(())) == ("", ())


def test_nearest_names_each_section_once_best_first() -> None:
    hits = [hit(passage, rank) for rank, passage in enumerate([*PASSAGES, *PASSAGES], 1)]
    found = nearest(hits)
    sections = [each.section for each in found]
    assert sections == list(dict.fromkeys(passage.section for passage in PASSAGES))[:NEAREST]
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    assert nearest(()) == ()


def test_a_quote_from_a_format_with_pages_knows_its_page_which_is_no_part_of_the_json() -> None:
    of_page = [
        sentence.model_copy(update={"page": at + 3}) for at, sentence in enumerate(quote(DRIVES).passage.sentences)
    ]
    passage = quote(DRIVES).passage.model_copy(update={"sentences": tuple(of_page)})
    first, second = cited([Quote(passage, quote(words).span) for words in (DRIVES, WEIGHS)])
    assert (first.page, second.page) == (3, 4)
    assert "page" not in first.model_dump()
    assert cited([quote(WEIGHS)])[0].page is None
