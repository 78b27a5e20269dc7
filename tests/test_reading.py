"""The reader: links survive a re-ingest, passages have addresses, terms of the guide have cards."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from ingest.chunker import cut
from ingest.documents import Document, Passage, Span
from ingest.glossary import Entry, Glossary
from skills.drawing import draw
from tests.fakes import BagOfWordsEmbedder
from tests.fakes_ui import WORKSHOP, ScriptedAssistant, document
from ui.glossing import glosses, names, term_cards
from ui.reading import Surroundings, locate, reader

NEW_SECTION = "## Workbenches\n\nA workbench stands firm.\n\n## Hammers"


def _passages(guide: Document) -> tuple[Passage, ...]:
    return cut(guide, BagOfWordsEmbedder().count_tokens, limit=60)


@pytest.mark.parametrize(
    "quote", ["It weighs 500 grams.", "The claw hammer also pulls nails out.", "Rip saw", "Hammers"]
)
def test_a_link_finds_its_sentence_after_the_guide_has_grown(quote: str) -> None:
    before, after = document(), document(WORKSHOP.replace("## Hammers", NEW_SECTION))
    start = before.text.index(quote)
    block = next(each for each in before.blocks if each.start <= start < each.end)
    (passage,) = [each for each in _passages(before) if each.covers(Span(start=start, end=start + 1))]
    said = next((each for each in passage.sentences if each.start <= start < each.end), block)
    span = Span(start=said.start, end=said.end)
    now = next(each for each in _passages(after) if each.id == passage.id)
    assert now.start != passage.start
    params = {"passage": passage.id, "start": str(span.start), "end": str(span.end)}
    target = locate(after, now, params)
    assert target.span is not None and target.span.of(after.text) == span.of(before.text)
    assert not target.notice


def test_a_stretch_that_cannot_be_told_marks_the_passage() -> None:
    guide = document()
    passage = next(each for each in _passages(guide) if len(each.sentences) > 1)
    params = {"passage": passage.id, "start": str(passage.start + 1), "end": str(passage.end - 2)}
    assert locate(guide, passage, params).span == Span(start=passage.sentences[0].start, end=passage.end)


def test_every_passage_has_an_address_that_marks_it() -> None:
    guide = document()
    passages = _passages(guide)
    shown = reader(guide, locate(guide, None, {}), Surroundings(passages=passages))
    links = [each["passage"] for node in shown["nodes"] for each in (node, *node["rows"]) if each["passage"]]
    searched = [each for each in passages if each.sentences]
    assert len(links) == len(searched) > 3
    for link, passage in zip(links, searched, strict=True):
        params = dict(parse_qsl(urlsplit(link).query))
        assert (params["passage"], params["section"]) == (passage.id, passage.section)
        assert locate(guide, passage, params).span == Span(start=passage.sentences[0].start, end=passage.end)


def test_terms_are_underlined_once_a_section_and_never_in_headings() -> None:
    assistant = ScriptedAssistant()
    (guide,) = assistant.guides
    found = glosses(assistant.terms, guide)
    shown = reader(guide, locate(guide, None, {}), Surroundings(glosses=tuple(found)))
    runs = [(node["kind"], run) for node in shown["nodes"] for run in node["runs"] if run["term"]]
    assert [(kind, run["text"], run["term"]) for kind, run in runs] == [("paragraph", "hammer", "hammers")]
    whole = "".join(run["text"] for run in shown["nodes"][3]["runs"])
    assert whole == "A hammer drives nails into wood. It weighs 500 grams."


def test_a_term_lies_within_the_marked_sentence() -> None:
    assistant = ScriptedAssistant()
    (guide,) = assistant.guides
    cited = assistant.citation(1, "A hammer drives nails into wood.")
    passage = assistant.passage(cited.passage)
    target = locate(guide, passage, {"passage": cited.passage, "start": str(cited.start), "end": str(cited.end)})
    shown = reader(guide, target, Surroundings(glosses=tuple(glosses(assistant.terms, guide))))
    marked = [run for node in shown["nodes"] for run in node["runs"] if run["mark"]]
    assert "".join(run["text"] for run in marked) == cited.quote
    assert [run["term"] for run in marked] == ["", "hammers", ""]


def test_a_card_holds_the_guides_words_and_the_note_apart() -> None:
    guide = document()
    entry = Entry(term="hammer", aliases=("mallets",), note="It hits.")
    inventory = draw((guide,), _passages(guide), Glossary(entries=(entry,)))
    cards = term_cards(inventory, (guide,))
    card = cards["hammer"]
    assert card["definition"] == "A hammer drives nails into wood." and card["note"] == "It hits."
    assert card["href"] == "skills?term=hammer"
    assert card["where"]["params"]["start"] == str(guide.text.index("A hammer drives"))
    assert names(inventory)["mallets"] == "hammer"
