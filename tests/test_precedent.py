from collections.abc import Iterator

import numpy as np
import pytest

from answering.bank import BankedQuestion
from answering.precedent import Precedent
from parts import assistant_over
from retrieval.generation import Generation
from settings import Settings

DATABASES = "understanding-of-databases/nosql-databases"
PORTS = BankedQuestion(
    id="p", question="Which port does Redis use?", kind="near_miss", answerable=False, missing="ports"
)
REDIS = BankedQuestion(
    id="r",
    question="Which store is key-value?",
    kind="lookup",
    answerable=True,
    sections=(DATABASES,),
    facts=(("redis",),),
)
ELSEWHERE = REDIS.model_copy(update={"id": "e", "facts": (("the moon",),)})


@pytest.fixture(scope="module")
def generation(guide_index: Settings) -> Iterator[Generation]:
    with assistant_over(guide_index).generations.use() as opened:
        yield opened


def test_the_sentences_that_hold_the_facts_are_favoured(generation: Generation) -> None:
    found = Precedent.over(generation, (REDIS, PORTS)).favour(np.array([0.9, 0.95]))
    assert found
    said = {generation.passage_of[passage].text for passage, _ in found}
    assert all("Redis" in text for text in said)
    assert all(0 < say <= 1 for say in found.values())


def test_a_distant_question_has_little_say(generation: Generation) -> None:
    near, far = (Precedent.over(generation, (REDIS,)).favour(np.array([cosine])) for cosine in (0.9, 0.2))
    assert max(far.values()) < 0.1 < max(near.values())


def test_what_the_same_unanswered_question_lacked_is_named(generation: Generation) -> None:
    precedent = Precedent.over(generation, (REDIS, PORTS))
    asked = "On what port does Redis run?"
    assert precedent.missing(np.array([0.5, 0.9]), asked) == "ports"
    assert precedent.missing(np.array([0.95, 0.9]), asked) is None
    assert precedent.missing(np.array([0.5, 0.6]), asked) is None


@pytest.mark.parametrize(
    ("asked", "missing", "named"),
    [
        ("Which port does MySQL use?", "the port of Redis", False),
        ("What number does Redis listen on?", "the port of Redis", True),
        ("Why is REST outdated?", "ports", False),
        ("Why is REST outdated?", "a date", True),
    ],
    ids=["another name", "the same name", "nothing in common", "in other words than its own question"],
)
def test_what_a_question_does_not_speak_of_is_not_what_it_misses(
    generation: Generation, asked: str, missing: str, named: bool
) -> None:
    precedent = Precedent.over(generation, (PORTS.model_copy(update={"missing": missing}),))
    assert precedent.missing(np.array([0.9]), asked) == (missing if named else None)


def test_a_bank_belongs_to_the_guide_that_holds_its_facts(generation: Generation) -> None:
    assert Precedent.over(generation, (REDIS, PORTS)).bound
    assert not Precedent.over(generation, (ELSEWHERE, PORTS)).bound
    assert not Precedent.over(generation, ()).bound
