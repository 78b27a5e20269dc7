"""Terms in ads, on a small inventory; the figures over labelled ads on the guide itself."""

import json
from pathlib import Path

import pytest

from evaluation.ads import FOLDER, OTHER_GUIDE, AdFigures, measure, measure_ads, read_ads
from evaluation.subject import silent
from ingest.chunker import cut
from ingest.glossary import read_glossary
from ingest.reader import read_corpus
from settings import PROJECT
from skills.card import Inventory, Mention
from skills.drawing import draw
from skills.match import LONGEST_TEXT, Links, Match, Matcher
from tests.conftest import SmallContent
from tests.fakes import BagOfWordsEmbedder

CONTENT = PROJECT / "content"


def _cited(mention: Mention, number: int) -> None:
    del mention, number


LINKS = Links(card=lambda term: f"skills?term={term}", cite=_cited)


def _matcher(content: Path) -> tuple[Inventory, Matcher]:
    documents = read_corpus(content).documents
    passages = [each for document in documents for each in cut(document, BagOfWordsEmbedder().count_tokens)]
    inventory = draw(documents, passages, read_glossary(CONTENT))
    return inventory, Matcher(inventory, documents)


@pytest.fixture(scope="module")
def guide() -> tuple[Inventory, Matcher]:
    return _matcher(CONTENT)


@pytest.fixture(scope="module")
def held(guide: tuple[Inventory, Matcher]) -> Matcher:
    return guide[1]


def _covered(found: Match) -> dict[str, str]:
    return {each.term: each.found for each in found.covered}


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("We use NodeJS, node js and Node.js.", {"Node.js": "NodeJS"}),
        ("CI-CD or CI / CD", {"CI/CD": "CI-CD"}),
        ("Postgres; APIs; JWTs", {"PostgreSQL": "Postgres", "API": "APIs", "JWT": "JWTs"}),
        ("You know Java Script.", {"JavaScript": "Java Script"}),
        ("JavaScript and TypeScript", {"JavaScript": "JavaScript"}),
        ("query optimisation, optimization of queries", {"query optimization": "query optimisation"}),
        ("unit and integration tests", {"unit testing": "unit", "integration testing": "integration tests"}),
        ("C, C++ and C#", {"C": "C", "C++": "C++"}),
        ("go, python, aws", {"Go": "go", "Python": "python", "AWS": "aws"}),
        ("Experience with Go is a must.", {"Go": "Go"}),
        ("Rails developer wanted", {"Ruby on Rails": "Rails"}),
        ("PHP8 and Java17", {"PHP": "PHP8", "Java": "Java17"}),
        ("GitLab Runner", {"GitLab": "GitLab"}),
    ],
)
def test_terms_are_found_however_they_are_written(held: Matcher, text: str, covered: dict[str, str]) -> None:
    assert _covered(held.match(text, LINKS)) == covered


@pytest.mark.parametrize(
    "text",
    [
        "We go to market in spring 2026 and the rest is up to you.", "Excellent benefits! Express yourself.",
        "C-level experience, R&D, vitamin C, Series C.", "React quickly, take swift decisions.",
        "Our python in the zoo celebrates its ruby anniversary with a flask of water.",
        "Join our team, get a free lunch and put your feet up.", "Java Coffee House is our neighbour.",
        "Ruby Smith from Spring Gardens will post the letter.", "THE REST IS UP TO YOU, SO GO AND EXPRESS YOURSELF!",
        "Write to jobs@redis-shop.com or see https://github.com/nobody.", "",
    ],
)  # fmt: skip
def test_ordinary_words_are_no_terms(held: Matcher, text: str) -> None:
    found = held.match(text, LINKS)
    assert not found.covered
    assert not found.not_in_guide


@pytest.mark.parametrize(
    ("text", "negated", "covered"),
    [
        ("No PHP.", {"PHP"}, set()),
        ("No Java, C# or PHP; Python yes.", {"Java", "PHP"}, {"Python"}),
        ("PHP and Ruby are not required, Docker is.", {"PHP", "Ruby"}, {"Docker"}),
        ("Instead of Jenkins we use GitLab.", {"Jenkins"}, {"GitLab"}),
        ("You don't need to know AWS, but Docker is a must.", {"AWS"}, {"Docker"}),
        ("Not required:\n- Java\n- PHP\n\nRequired:\n- Docker", {"Java", "PHP"}, {"Docker"}),
        ("Kubernetes is not required but a plus.", set(), {"Kubernetes"}),
        ("Not only Python but also Docker.", set(), {"Python", "Docker"}),
        ("No PHP. Well, some PHP.", set(), {"PHP"}),
        ("You can't live without Git.", set(), {"Git"}),
        ("Java not needed; JavaScript is a must.", {"Java"}, {"JavaScript"}),
        ("PHP is not required. Docker is.", {"PHP"}, {"Docker"}),
        ("We do not use Ruby, and you need no knowledge of\nPHP.", {"Ruby", "PHP"}, set()),
    ],
)
def test_what_is_ruled_out_does_not_count(held: Matcher, text: str, negated: set[str], covered: set[str]) -> None:
    found = held.match(text, LINKS)
    assert {each.term for each in found.negated} == negated
    assert _covered(found).keys() == covered
    assert not negated & set(found.not_asked)


def test_only_technical_terms_are_missed_in_the_guide(held: Matcher) -> None:
    found = held.match("Kafka, kafka, k6 and GraphQL. Brightwater Ltd, Leeds; pension, team spirit. No Scala.", LINKS)
    assert found.not_in_guide == ("Kafka", "k6")
    assert [(each.term, len(each.spans)) for each in found.foreign] == [("Kafka", 2), ("k6", 1)]


def test_spans_sections_areas_and_the_rest(held: Matcher, guide: tuple[Inventory, Matcher]) -> None:
    text = "Docker 🐳 and docker; SQL"
    found = held.match(text, LINKS)
    docker, sql = found.covered
    assert [span.of(text) for span in docker.spans] == ["Docker", "docker"]
    assert (docker.start, docker.end, docker.card_url) == (0, 6, "skills?term=Docker")
    assert text[sql.start : sql.end] == sql.found == "SQL"
    assert found.sections == tuple(guide[0].of(each).section for each in ("SQL", "Docker"))  # type: ignore[union-attr]
    assert len(found.not_asked) == len(guide[0].terms) - 2
    assert sum(each.covered for each in found.areas) == 2
    assert sum(each.terms for each in found.areas) == len(guide[0].terms)


def test_a_very_long_text_is_read_in_part(held: Matcher) -> None:
    assert not held.match("word " * (LONGEST_TEXT // 5) + "Docker", LINKS).covered


@pytest.mark.parametrize("text", ["\x00", "🙂" * 50, "((((", "no " * 500, ", ".join(["Go"] * 300), "-" * 99_999])
def test_odd_texts_do_no_harm(held: Matcher, text: str) -> None:
    held.match(text, LINKS)


def _figures(guide: tuple[Inventory, Matcher], name: str) -> AdFigures:
    inventory, matcher = guide
    return measure(read_ads(FOLDER / name), lambda text: matcher.match(text, LINKS), inventory)


@pytest.mark.parametrize("name", ["development.jsonl", "held_out.jsonl"])
def test_figures_on_labelled_ads(guide: tuple[Inventory, Matcher], name: str) -> None:
    found = _figures(guide, name)
    assert found.covered.precision >= 0.95
    assert found.covered.recall >= 0.92
    assert found.not_in_guide.precision >= 0.85
    assert found.not_in_guide.recall >= 0.75


class Holder:
    """An assistant, as far as ads are concerned."""

    def __init__(self, guide: tuple[Inventory, Matcher]) -> None:
        self._inventory, self._matcher = guide

    def match(self, text: str) -> Match:
        return self._matcher.match(text, LINKS)

    def inventory(self) -> Inventory:
        return self._inventory


def test_an_evaluation_reports_the_ads(guide: tuple[Inventory, Matcher]) -> None:
    reports, remarks = measure_ads(Holder(guide), silent)
    assert ([(each.source, each.ads) for each in reports], remarks) == (
        [("held_out.jsonl", 30), ("development.jsonl", 32)], (),
    )  # fmt: skip
    precise = reports[0].figures[0]
    assert (precise.name, precise.reached) == ("covered terms: precision", True)
    found = _figures(guide, "held_out.jsonl").covered
    assert (precise.share.hits, precise.share.of) == (found.right, found.right + found.wrong)


def test_ads_that_were_labelled_for_another_guide_give_no_figures(small_content: SmallContent) -> None:
    assert measure_ads(Holder(_matcher(small_content())), silent) == ((), (OTHER_GUIDE,))
    assert measure_ads(object(), silent) == ((), ())


def test_labels_stand_in_their_texts() -> None:
    for name in ("development.jsonl", "held_out.jsonl"):
        for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
            ad = json.loads(line)
            for marks in ("covered", "negated", "foreign", "foreign_negated"):
                assert all(said in ad["text"] for said in ad[marks].values()), ad["id"]
