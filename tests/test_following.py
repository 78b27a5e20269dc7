"""The shipped reader of sentences beside their quotes, for real, and how it is weighed against the rules."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from answering.learned import SHIPPED, WEIGHTS_FILE, Logistic, shipped_weights
from answering.phrased import following
from answering.phrased.claims import Claims
from answering.phrased.following import CLAIMS_FILE, ELSEWHERE, MODEL, NOT_FOLLOWING, Following
from answering.phrased.grounds import Ground
from answering.phrased.reading import Names
from answering.phrased.sentences import Sentence
from ingest.errors import GuideError
from tests.fakes import BagOfWordsEmbedder

QUOTE = "The drill makes holes in the wall, and the spirit level shows whether a shelf hangs straight."
FAITHFUL = "Whether a shelf hangs straight can be seen from the spirit level."
SWAPPED = "The spirit level makes holes in the wall, and the drill shows whether a shelf hangs straight."
MOST_BYTES = 45_000_000


@pytest.fixture(scope="module")
def reader() -> Following:
    return Following()


@pytest.mark.parametrize(
    ("quote", "faithful", "wrong"),
    [
        (QUOTE, FAITHFUL, SWAPPED),
        (
            "Relational databases keep data in tables, while graph databases keep relations between things.",
            "Tables are where relational databases keep their data.",
            "Graph databases keep their data in tables.",
        ),
        ("Water the fern every day.", "The fern is to be watered daily.", "The fern must not be watered every day."),
    ],
)
def test_what_follows_scores_above_what_does_not(reader: Following, quote: str, faithful: str, wrong: str) -> None:
    assert reader.logit(quote, faithful) > reader.logit(quote, wrong)


def test_lines_and_blanks_of_a_quote_make_no_difference(reader: Following) -> None:
    assert reader.logit(QUOTE.replace(" ", "\n  ", 3), FAITHFUL) == pytest.approx(reader.logit(QUOTE, FAITHFUL))


@pytest.mark.parametrize("name", [MODEL, ELSEWHERE])
def test_every_rule_of_the_checker_has_a_weight_and_none_speaks_for_a_sentence(name: str) -> None:
    weights = shipped_weights()[name].weights
    claims = Claims([Ground(number=1, quote=QUOTE, context="")], Names({}), BagOfWordsEmbedder().encode)
    assert weights["follows"] > 0 and all(weights[rule] <= 0 for rule in claims.rules)
    assert set(weights) == {"follows", *claims.rules}


class Sure(Following):
    """One whose model always says the same, and which asks two more of sentences over quotes that it knows."""

    def __init__(self, logit: float, rules: Mapping[str, float]) -> None:
        weights = {"follows": 1.0, **rules}
        super().__init__({MODEL: Logistic(-2.0, weights), ELSEWHERE: Logistic(0.0, weights)})
        self._said = logit

    def logit(self, quotes: str, sentence: str) -> float:
        """What it was made with."""
        del quotes, sentence
        return self._said


def test_more_is_asked_of_sentences_over_quotes_that_it_has_learnt_from(reader: Following) -> None:
    known = "Git is the version control system that is most widely used."
    assert reader.knows(known) and reader.knows(f"• {known}")
    assert not reader.knows(QUOTE) and not reader.knows(f"{known}\n{QUOTE}")

    class Known(Sure):
        def knows(self, quotes: str) -> bool:
            """Always."""
            del quotes
            return True

    rules = {"meaning": -1.0}
    assert not Known(4.0, rules)(QUOTE, FAITHFUL, {"meaning": "something else"}), "which the model may outweigh there"
    assert Known(1.0, rules)(QUOTE, FAITHFUL, {}) == NOT_FOLLOWING and not Sure(1.0, rules)(QUOTE, FAITHFUL, {})


@pytest.mark.parametrize(
    ("logit", "objections", "fault"),
    [
        (3.0, {}, ""),
        (3.0, {"turn": "turned round"}, ""),
        (3.0, {"turn": "turned round", "order": "in disorder"}, "turned round"),
        (3.0, {"word": "a strange word"}, ""),
        (99.0, {"meaning": "something else"}, "something else"),
        (99.0, {"copy": "adds something"}, "adds something"),
        (-1.0, {}, NOT_FOLLOWING),
        (-1.0, {"word": "a strange word"}, "a strange word"),
    ],
)
def test_objections_are_weighed_against_the_model(logit: float, objections: dict[str, str], fault: str) -> None:
    rules = {"word": -1.0, "turn": -2.5, "order": -1.0, "meaning": -1.0, "copy": -1.0}
    assert Sure(logit, rules)(QUOTE, FAITHFUL, objections) == fault


def test_the_checker_asks_it_unless_something_is_certain() -> None:
    asked: list[tuple[str, Mapping[str, str]]] = []

    def follows(quotes: str, sentence: str, objections: Mapping[str, str]) -> str:
        del quotes
        asked.append((sentence, objections))
        return ""

    grounds = [Ground(number=1, quote=QUOTE, context="")]
    claims = Claims(grounds, Names({}), BagOfWordsEmbedder().encode, follows=follows)
    elephants = "Elephants weigh the wardrobe in the attic."
    assert not claims.check(Sentence(elephants, (1,))).fault, "it outweighs what the rules have against a sentence"
    assert asked[0][0] == elephants and "word" in asked[0][1]
    assert claims.check(Sentence("The drill makes 7 holes in the wall.", (1,))).fault, "but not a number"
    assert claims.check(Sentence("See http://example.com for the drill.", (1,))).fault, "nor an address"
    assert not claims.check(Sentence(QUOTE, (1,))).fault
    assert len(asked) == 1, "neither is asked about, nor is the quote itself"


def test_without_it_each_objection_counts() -> None:
    claims = Claims([Ground(number=1, quote=QUOTE, context="")], Names({}), BagOfWordsEmbedder().encode)
    sentence = Sentence("Elephants weigh the wardrobe in the attic.", (1,))
    assert claims.check(sentence).fault == next(iter((claims.objections(sentence) or {}).values()))


def test_weights_that_are_damaged_or_missing_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (SHIPPED / CLAIMS_FILE).stat().st_size < MOST_BYTES
    shutil.copy(SHIPPED / WEIGHTS_FILE, tmp_path)
    monkeypatch.setattr(following, "SHIPPED", tmp_path)
    with pytest.raises(GuideError, match="missing or damaged"):
        Following()
    damaged = bytearray((SHIPPED / CLAIMS_FILE).read_bytes())
    damaged[-1] ^= 1
    (tmp_path / CLAIMS_FILE).write_bytes(damaged)
    with pytest.raises(GuideError, match="missing or damaged"):
        Following()


@pytest.mark.parametrize("said", ["As you wish: ---", "Certainly.", "Here you go, as wished:"])
def test_a_phrase_that_says_nothing_of_its_quote_fails_though_the_model_is_sure(said: str) -> None:
    grounds = [Ground(number=1, quote=QUOTE, context="")]
    claims = Claims(grounds, Names({}), BagOfWordsEmbedder().encode, follows=Sure(9.0, {}))
    assert claims.check(Sentence(said, (1,))).fault == "says nothing that its quote does"
    assert not claims.check(Sentence("The spirit level tells.", (1,))).fault


@pytest.mark.parametrize(
    ("said", "adds"),
    [
        ("As you wish: the drill makes holes in the wall.", "wish"),
        ("The spirit level shows whether a shelf hangs straight, and it sells insurance.", "sells insurance"),
        ("Holes in the wall are what you get from the drill, as any beginner knows.", ""),
        ("The drill makes holes in the wall, and the spirit level shows whether a shelf is straight.", ""),
    ],
)
def test_words_beside_what_is_copied_fail_over_other_quotes_though_the_model_is_sure(said: str, adds: str) -> None:
    grounds = [Ground(number=1, quote=QUOTE, context="")]
    claims = Claims(grounds, Names({}), BagOfWordsEmbedder().encode)
    objections = claims.objections(Sentence(said, (1,))) or {}
    assert objections.get("copy", "") == (f"adds “{adds}” to what it copies" if adds else "")
    assert bool(Sure(99.0, dict.fromkeys(claims.rules, -1.0))(QUOTE, said, objections)) is bool(adds)
