"""The search page through the front door: what its address asks for, what it shows, what it remembers."""

import pytest
from streamlit.testing.v1 import AppTest

from answering.found import Filter
from tests.fakes_ui import ScriptedAssistant, document, way
from tests.pages import components, opened, settled, started
from ui.finding import listing, picture, summary
from ui.holder import offer

pytestmark = pytest.mark.usefixtures("nothing_offered")


@pytest.fixture
def assistant() -> ScriptedAssistant:
    return ScriptedAssistant()


def _searching(assistant: ScriptedAssistant, **query: str) -> AppTest:
    offer(way(assistant))
    at = opened().switch_page("ui/search.py")
    at.query_params.update(query)
    return settled(at.run())


def test_the_address_holds_the_query_and_where(assistant: ScriptedAssistant) -> None:
    at = _searching(assistant, q="hammer saw")
    box, found, _ = components(at)
    assert box == {"query": "hammer saw", "summary": found["summary"]}
    assert len({chip["label"] for chip in found["chips"]}) == len(found["chips"]) > 2
    assert [chip["chosen"] for chip in found["chips"]] == [True] + [False] * (len(found["chips"]) - 1)
    at.query_params["section"] = "saws"
    _, narrowed, _ = components(at.run())
    assert [chip["label"] for chip in narrowed["chips"] if chip["chosen"]] == ["Saws"]
    assert all("Saws" in hit["link"]["label"] for hit in narrowed["hits"])
    (link,) = [chip["href"] for chip in narrowed["chips"] if chip["label"] == "Saws"]
    assert link == "search?q=hammer+saw&section=saws"


def test_moving_to_the_guide_keeps_the_search(assistant: ScriptedAssistant) -> None:
    at = _searching(assistant, q="hammer")
    at.switch_page("ui/guide.py").run()
    labels = {each.proto.label: each.proto for each in at.get("page_link")}
    assert labels["Back to your search"].query_string == "q=hammer"


def test_an_empty_search_shows_the_picture_alone(assistant: ScriptedAssistant) -> None:
    at = _searching(assistant)
    box, pictured = components(at)
    assert box["query"] == "" and pictured["dots"] and pictured["at"] == []
    assert not any(dot["lit"] for dot in pictured["dots"])


def test_a_query_that_is_too_long_is_said(assistant: ScriptedAssistant) -> None:
    assert "Please shorten" in _searching(assistant, q="why " * 600).warning[0].value


def test_the_page_stands_before_the_model_is_loaded(assistant: ScriptedAssistant) -> None:
    assistant.may_warm.clear()
    offer(way(assistant))
    at = started().switch_page("ui/search.py")
    at.query_params["q"] = "hammer"
    at.run()
    assert "Loading the language model" in at.info[0].value
    assert components(at)[0]["query"] == "hammer"
    assistant.may_warm.set()
    assert len(components(settled(at))) == 3


def test_words_and_the_nearest_sentence_are_marked_apart(assistant: ScriptedAssistant) -> None:
    results = assistant.results("mallet nails")
    shown = listing(results, Filter(), assistant.passage, {"workshop": "The workshop guide"})
    hit = shown["hits"][0]
    passage = assistant.passage(results.hits[0].passage)
    assert passage
    body = passage.text[passage.sentences[0].start - passage.start :].rstrip()
    assert "".join(run["text"] for run in hit["runs"]) == body
    assert {run["text"].lower() for run in hit["runs"] if run["word"]} <= {"mallet", "nails"}
    near = "".join(run["text"] for run in hit["runs"] if run["near"])
    assert near == passage.words_of(passage.sentences[-1])
    assert hit["link"]["params"]["start"] == str(passage.sentences[-1].start)


def test_with_several_guides_the_document_is_named() -> None:
    assistant = ScriptedAssistant((document(), document("# Glue\n\n## Hammers\n\nA hammer is no glue.\n", "glue")))
    shown = listing(assistant.results("glue"), Filter(), assistant.passage, {"workshop": "Workshop", "glue": "Glue"})
    assert all(hit["link"]["label"].startswith("Glue \u203a") for hit in shown["hits"])


def test_what_was_not_found_is_said_with_what_to_try(assistant: ScriptedAssistant) -> None:
    results = assistant.results("zebra")
    shown = listing(results, Filter(), assistant.passage, {"workshop": ""})
    assert summary(results, Filter()) == "Nothing in the guide is near “zebra”."
    assert (shown["hits"], shown["unknown"]) == ([], ["zebra"]) and shown["nearest"]


def test_the_picture_lights_what_was_found(assistant: ScriptedAssistant) -> None:
    shown = picture(assistant.picture(), assistant.results("oil"))
    assert {dot["lit"] for dot in shown["dots"]} == {True, False} and shown["at"] == [0.5, 0.5]
    assert [shown["groups"][dot["group"]] for dot in shown["dots"] if dot["lit"]] == ["Saws"]
