"""The page of terms, through the front door, over the real guide: index, card, two cards, exports, what is lacking."""

import csv
import io
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from answering.assistant import Assistant
from skills.card import Card
from tests.pages import components, opened
from ui.holder import Way, offer, withdraw
from ui.skills import _csv
from ui.terms import csv_of, index, shown_card


@pytest.fixture
def page(assistant: Assistant) -> Iterator[AppTest]:
    """The page of terms, not run yet."""
    withdraw()
    offer(Way(lambda progress: assistant))
    yield opened().switch_page("ui/skills.py")
    withdraw()


def _card(assistant: Assistant, name: str) -> Card:
    found = assistant.define(name)
    assert isinstance(found, Card)
    return found


def test_the_index_lists_every_term_and_the_map_its_areas(page: AppTest, assistant: Assistant) -> None:
    shown, picture = components(page.run())
    assert len(shown["terms"]) == len(picture["terms"]) == len(assistant.inventory().terms)
    assert {"term": "Kubernetes", "kind": "tool"}.items() <= next(
        each for each in shown["terms"] if each["term"] == "Kubernetes"
    ).items()
    assert not shown["shown"] and not shown["missing"]


def test_an_address_opens_a_card_by_any_name(page: AppTest) -> None:
    page.query_params["term"] = "k8s"
    shown, cards = components(page.run())
    card = cards["cards"][0]
    assert shown["shown"] == [card["term"]] == ["Kubernetes"]
    assert card["definition"]["text"].startswith("Kubernetes is a tool")
    assert card["definition"]["href"].startswith("guide?")
    assert "Docker" in card["related"]


def test_two_terms_stand_side_by_side(page: AppTest) -> None:
    page.query_params.update({"term": "SQL", "beside": "NoSQL"})
    _, cards = components(page.run())
    assert [each["term"] for each in cards["cards"]] == ["SQL", "NoSQL"]


def test_what_the_guide_never_mentions_gets_the_nearest(page: AppTest) -> None:
    page.query_params["term"] = "container scheduler"
    shown = components(page.run())[0]
    assert shown["missing"] and shown["query"] == "container scheduler"
    assert "containers" in shown["near"]


def test_the_filter_is_read_from_the_address(page: AppTest) -> None:
    page.query_params["find"] = "postgre"
    shown = components(page.run())[0]
    assert shown["query"] == "postgre" and shown["near"][0] == "PostgreSQL" and not shown["missing"]


def test_the_table_of_all_terms_is_made_when_it_is_asked_for(
    page: AppTest, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    terms = [each.term for each in assistant.inventory().terms]
    with monkeypatch.context() as patched:
        patched.setattr(assistant, "define", lambda *_: pytest.fail("looked up"))
        page.run()
    assert page.download_button[0].label == f"CSV of {len(terms)} terms" and not page.exception
    rows = csv.DictReader(io.StringIO(_csv(assistant, terms).decode("utf-8-sig")))
    assert [each["term"] for each in rows] == terms


def test_a_sheet_shows_cards_without_tools(page: AppTest) -> None:
    page.query_params.update({"sheet": "1", "find": "git"})
    sheet = components(page.run())[0]
    assert {"Git", "GitHub"} <= {each["term"] for each in sheet["cards"]} and not sheet["names"]


def test_the_table_holds_the_cards_and_no_formula(assistant: Assistant) -> None:
    card = _card(assistant, "SAML").model_copy(update={"aliases": ("=1+1",)})
    rows = list(csv.DictReader(io.StringIO(csv_of([card], {"SAML": "Security"}).decode("utf-8-sig"))))
    assert rows[0]["definition"] == "" and rows[0]["note (not from the guide)"] and rows[0]["area"] == "Security"
    assert rows[0]["also called"] == "'=1+1"


def test_a_card_shows_the_note_apart_from_the_guide(assistant: Assistant) -> None:
    shown = shown_card(_card(assistant, "SAML"))
    assert shown["definition"] is None and shown["note"] and shown["mentions"]


def test_hidden_characters_are_not_shown(assistant: Assistant) -> None:
    card = _card(assistant, "Git").model_copy(update={"aliases": ("g\u202eit",)})
    assert shown_card(card)["aliases"] == ["git"]
    assert index(assistant.inventory(), "", (), (), missing=False)["terms"][0]["area"]
