"""Files with changed, lost and doubled bytes: each is indexed or left out with a reason, and nothing falls over."""

import time
from collections import Counter

import pytest

from ingest.errors import GuideError
from ingest.sandbox import Sandbox
from tests.bad_files import mutated

FORMATS = (".md", ".html", ".pdf", ".docx", ".txt")
FEW, MANY = 30, 200
"""Files of each format."""
MOST_SECONDS = 10
"""A hang, for a file of a few kilobytes."""


def _survived(seeds: range) -> Counter[str]:
    """How many files of each format were read, left out with a reason, or brought the child down."""
    counts: Counter[str] = Counter()
    with Sandbox(seconds=MOST_SECONDS) as sandbox:
        for ending in FORMATS:
            for seed in seeds:
                content = mutated(ending, seed)
                try:
                    found = sandbox.read(content, ending)
                except GuideError as error:
                    reason = str(error)
                    assert reason and reason.isprintable(), f"{ending} {seed}"
                    assert "crashed" not in reason and "more than 10 s" not in reason, f"{ending} {seed}: {reason}"
                    counts[f"{ending} left out"] += 1
                else:
                    assert found.text.strip() and found.blocks, f"{ending} {seed}"
                    counts[f"{ending} read"] += 1
        counts["children"] = sandbox.started
    return counts


def test_damaged_files_are_read_or_left_out() -> None:
    counts = _survived(range(FEW))
    assert counts["children"] == 1
    for ending in FORMATS:
        assert counts[f"{ending} read"] + counts[f"{ending} left out"] == FEW


@pytest.mark.soak
def test_a_thousand_damaged_files_are_read_or_left_out() -> None:
    started = time.perf_counter()
    counts = _survived(range(MANY))
    print(dict(counts), f"{time.perf_counter() - started:.0f} s")
    assert sum(counts.values()) - counts["children"] == MANY * len(FORMATS)
