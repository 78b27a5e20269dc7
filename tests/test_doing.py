"""Names as they are compared: one verb for those that say the same, one spelling, no more than that."""

import pytest

from skills.doing import usual


@pytest.mark.parametrize(
    ("said", "same"),
    [
        ("employ CAD software", "Use CAD software"), ("utilising CAD software", "utilize CAD software"),
        ("being able to use saws", "working with saws"), ("carrying out tests", "perform tests"),
        ("draw up plans", "develop plans"), ("search engine optimisation", "search engine optimization"),
        ("colour models", "color models"), ("modelling languages", "modeling languages"), ("centres", "centers"),
        ("analysing data", "analyze data"), ("set up a server", "installing a server"),
    ],
)  # fmt: skip
def test_what_says_the_same_of_a_skill_becomes_the_same(said: str, same: str) -> None:
    assert usual(said).split()[1:] == usual(same).split()[1:]
    assert usual(said).split()[0] == usual(same).split()[0]


@pytest.mark.parametrize(
    ("said", "other"),
    [
        ("use saws", "make saws"), ("design", "create"), ("testing", "checking"), ("saws in use", "saws to employ"),
        ("billing", "bileing"), ("setup", "install"), ("hour", "hor"), ("tests carried out", "tests performed"),
    ],
)  # fmt: skip
def test_only_the_verb_at_the_head_of_a_name_is_exchanged(said: str, other: str) -> None:
    assert usual(said) != usual(other)
