"""The measurement of large guides builds, changes and searches what it says, and its ratios are what they are named."""

import json
from pathlib import Path

import pytest

from evaluation.scale import SAMPLE, Built, StandIn, articles, figures, guide
from ingest.errors import GuideError


def _built(**other: object) -> Built:
    known = {
        "passages": 1000, "texts": 5000, "sample": ("a",) * SAMPLE, "seconds": 10.0, "steps": {}, "changed_passages": 1,
        "changed_texts": 6, "changed_seconds": 2.0, "changed_steps": {}, "peak_bytes": 10**9, "search_p95": 4.0,
    }  # fmt: skip
    return Built.model_validate(known | other)


def test_ratios_compare_what_they_say() -> None:
    found = figures(_built(), _built(search_p95=2.0), 0.004, 0.008)
    assert found["build / embedding alone (at most 1.5)"] == 1.5
    assert found["build after the change / full build (below 0.1)"] == round(2.024 / 30, 4)
    assert found["warm query p95 / over 100 passages (at most 3)"] == 1.2


def test_a_generated_guide_is_the_same_each_time_and_has_its_passages() -> None:
    text = guide(31)
    assert text == guide(31) and text.count("\n## ") == 11
    assert sum(not line.startswith("#") for line in text.split("\n\n")) == 31


def test_articles_become_guides(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.jsonl"
    lines = [
        {"title": "Saws", "text": "They\ncut."},
        {"title": "Hammers", "text": "Hit."},
        {"title": "Saws", "text": "X."},
    ]
    corpus.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert articles(corpus) == {"00000.md": "# Saws\n\nThey cut.\n\nX.\n", "00001.md": "# Hammers\n\nHit.\n"}
    corpus.write_text('{"text": "X."}', encoding="utf-8")
    with pytest.raises(GuideError, match="no lines with title and text"):
        articles(corpus)


def test_the_stand_in_gives_texts_that_share_words_near_vectors_of_length_one() -> None:
    one, same, other = StandIn().encode(["a saw cuts wood", "wood a saw cuts", "hammers hit nails"])
    assert one @ same == pytest.approx(1, abs=1e-5) and abs(one @ other) < 0.3


def test_a_sample_of_what_the_stand_in_embeds_is_held_and_is_spread_over_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StandIn, "sample", [])
    monkeypatch.setattr(StandIn, "texts", 0)
    for first in range(0, 10 * SAMPLE, SAMPLE):
        StandIn().encode([f"text {number}" for number in range(first, first + SAMPLE)])
    places = [int(text.split()[1]) // SAMPLE for text in StandIn.sample]
    assert len(places) == SAMPLE and StandIn.texts == 10 * SAMPLE
    assert all(SAMPLE / 20 < places.count(tenth) < SAMPLE / 5 for tenth in range(10))
