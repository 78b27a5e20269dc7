import json
import random
import re
from pathlib import Path
from typing import NotRequired, TypedDict

import pytest

from answering.followup import Standalone, Turn, standalone

GUIDE_TERMS = (
    "AWS CloudFormation", "CI/CD", "Cassandra", "Django", "Docker", "EC2", "Express.js", "Flask", "Git", "GraphQL",
    "Java",
    "JavaScript", "Jenkins", "Kubernetes", "MongoDB", "NestJS", "Nginx", "Node.js", "NoSQL", "PHP", "Python", "REST",
    "Redis",
    "SQL", "Terraform", "cloud services", "containers", "relational database", "reverse proxy", "web servers",
)  # fmt: skip
BANK = Path(__file__).parents[1] / "content" / "questions"
MOST_REWRITTEN = 0.01


class Banked(TypedDict):
    question: str
    turns: NotRequired[list[str]]
    answerable: bool


class ListedTerms:
    """Finds the terms of a list, and k8s as another name of Kubernetes."""

    def __init__(self, terms: tuple[str, ...] = GUIDE_TERMS) -> None:
        self._names = {term.casefold(): term for term in terms} | {"k8s": "Kubernetes"}
        longest_first = sorted(self._names, key=len, reverse=True)
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)

    def find(self, text: str) -> tuple[str, ...]:
        """The main names, each once, in order."""
        return tuple(dict.fromkeys(self._names[match.group().casefold()] for match in self._pattern.finditer(text)))


def understood(question: str, *earlier: str | Turn) -> Standalone:
    turns = [turn if isinstance(turn, Turn) else Turn(question=turn) for turn in earlier]
    return standalone(question, turns, ListedTerms())


@pytest.mark.parametrize(
    ("earlier", "question", "expected"),
    [
        ("What is a relational database good for?", "And NoSQL?", "What is NoSQL good for?"),
        ("What is Django?", "what about Flask", "What is Flask?"),
        ("What frameworks does PHP have?", "and C#?", "What frameworks does C# have?"),
        ("What is the test framework for Python?", "and for PHP?", "What is the test framework for PHP?"),
        ("What's an endpoint in REST?", "and in GraphQL?", "What's an endpoint in GraphQL?"),
    ],
)
def test_a_new_subject_takes_the_place_of_the_last_one(earlier: str, question: str, expected: str) -> None:
    assert understood(question, earlier).question == expected


@pytest.mark.parametrize(
    ("earlier", "question", "expected"),
    [
        ("What is Docker?", "who made it?", "Who made Docker?"),
        ("k8s", "who made it", "Who made k8s?"),
        ("What is Python?", "what about its frameworks", "What about Python’s frameworks?"),
        ("Tell me about cloud services.", "do they save money?", "Do cloud services save money?"),
        ("What is Docker?", "Ok, nice. And how do I install it on Windows?", "How do I install Docker on Windows?"),
        ("What is Terraform?", "Why is that useful?", "Why is Terraform useful?"),
        ("What is Node.js?", "how does Django do it?", "How does Django do it? (Node.js)"),
    ],
)
def test_a_pronoun_gives_way_to_the_subject(earlier: str, question: str, expected: str) -> None:
    assert understood(question, earlier).question == expected


@pytest.mark.parametrize(
    "question",
    [
        "why?", "how so?", "in which industries?", "for which industries in particular?", "any others?", "more?",
        "examples?", "name tools for that please", "which version is current?", "what does it cost?", "latest version",
        "what else?", "which of them is free?", "both?", "those two?", "can you give an example?",
        "explain that approach",
        "and why do they choose it?", "which is the cheapest?", "what's the difference?",
        "how long to learn these commands?",
        "what is that language good at?", "how is it different from Docker?", "vs Docker", "is it good for blogs too?",
    ],
)  # fmt: skip
def test_what_is_left_out_comes_from_the_last_question(question: str) -> None:
    found = understood(question, "Which companies use Redis for caching?")
    assert found.rewritten
    assert not found.unresolved
    assert "Redis" in found.question


@pytest.mark.parametrize(
    "question",
    [
        "Is it true that Django is a full-stack framework?", "What is it called when code is tested automatically?",
        "What is Docker and why is it used?", "Docker and Kubernetes: what are they?",
        "Which tools automate things that people did by hand?",
        "Is it hard to learn Kubernetes?", "How long does it take to learn Python?",
        "Does it say anything about Oracle?",
        "is there a google thing in the list of clouds?", "Which one is faster, Docker or Podman?",
        "What do they mean by serverless?",
        "Someone lists CakePHP on the CV, what is it?", "kubernetes should i learn it", "docker?", "rust",
        "thank you", "???", "",
        "and what is GraphQL?", "so is JavaScript just a frontend thing?", "My boss wants an index. What is that?",
        "How do the strengths of Python differ from those of Ruby?", "Why are finance firms named when it's about Git?",
        "Do developers change their password?", "what's the difference between REST and GraphQL?", "who are you?",
        "hi there", "Hello, are you there?", "What kind of data is it that has to be encrypted?",
        "How important is it to encrypt data, and what for?", "What good does it do the code if somebody tests it?",
    ],
)  # fmt: skip
def test_a_question_that_stands_alone_is_left_alone(question: str) -> None:
    assert understood(question, "What is Terraform?") == Standalone(
        question=question, rewritten=False, unresolved=False
    )
    assert not understood(question).unresolved


@pytest.mark.parametrize(
    "question",
    [
        "how do they determine home court advantage in the finals", "where did they film the second season of the show",
        "where is bone marrow found what does it do for the body",
    ],
)  # fmt: skip
def test_a_first_question_that_says_what_it_means_is_asked_as_it_is(question: str) -> None:
    assert understood(question) == Standalone(question=question, rewritten=False, unresolved=False)


def test_a_topic_change_is_not_dragged_along() -> None:
    assert understood("What is Git?", "What is Docker?", "who made it?").question == "What is Git?"
    assert understood("who uses it?", "What is Docker?", "What is Git?").question == "Who uses Git?"


@pytest.mark.parametrize(
    "question",
    [
        "why?", "does it support async?", "which one is better?", "any others?", "its price?", "how do they compare?",
        "how are they used in web development teams?", "is it better than the other one for building large services?",
    ],
)  # fmt: skip
def test_a_follow_up_to_nothing_is_unresolved(question: str) -> None:
    assert understood(question) == Standalone(question=question, rewritten=False, unresolved=True)
    assert understood(question, "hi!").unresolved


def test_the_subject_lasts_over_several_turns() -> None:
    assert "Docker" in understood("and why?", "What is Docker?", "who made it?", "when?").question
    completed = "Which one is lightweight? (Python frameworks: Django, Flask)"
    assert "Flask" in understood("why?", "What is Docker?", completed).question


LISTED = Turn(
    question="Which frameworks are there for Node.js?",
    headings=("Programming languages", "JavaScript"),
    quotes="• Express.js: a framework, minimal and flexible.\n• NestJS: a progressive framework.",
)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Explain the first one.", "Explain Express.js?"),
        ("what is the latter?", "What is NestJS?"),
        ("what about the progressive one?", "What about NestJS?"),
        ("Is the minimal one free?", "Is Express.js free?"),
    ],
)
def test_a_pick_from_a_list_is_named(question: str, expected: str) -> None:
    assert understood(question, LISTED).question.startswith(expected)


@pytest.mark.parametrize(
    "question", ["Which of the two leaves more control to me?", "which one is faster?", "one of them?"]
)
def test_the_list_goes_along_where_the_pick_is_open(question: str) -> None:
    assert understood(question, LISTED).question.endswith("Node.js: Express.js, NestJS)")


def test_the_other_one_is_what_the_answer_names_besides() -> None:
    turn = Turn(question="Is Terraform an IaC tool?", quotes="Terraform and AWS CloudFormation are tools for IaC.")
    assert "AWS CloudFormation" in understood("what's the other one?", turn).question


def test_the_heading_serves_where_the_last_question_names_nothing() -> None:
    turn = Turn(question="Docker", subject=("Docker",), headings=("Containers",))
    assert "Docker" in understood("why?", turn).question


@pytest.mark.timeout(20)
def test_a_long_question_ends_soon_and_is_left_alone() -> None:
    assert not understood("is it the one that they said to be good for those " * 2000, "What is Docker?").rewritten


def banked() -> list[Banked]:
    lines = [line for path in sorted(BANK.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    return [json.loads(line) for line in lines]


def test_hardly_any_banked_question_is_rewritten() -> None:
    alone = [each["question"] for each in banked() if not each.get("turns")]
    pick = random.Random(1)
    found = [understood(question, pick.choice(alone)) for question in alone]
    rewritten = [each.question for each in found if each.rewritten]
    assert len(rewritten) <= MOST_REWRITTEN * len(alone), rewritten


def test_most_banked_follow_ups_are_completed() -> None:
    following = [each for each in banked() if each.get("turns") and each["answerable"]]
    found = [understood(each["question"], *each.get("turns", ())).rewritten for each in following]
    assert sum(found) >= 0.8 * len(found)
