from pathlib import Path

import pytest
from rich.console import Console

from evaluation.bench import Bench, Measured, table
from evaluation.processes import terminal
from ingest.errors import GuideError


def test_the_bench_says_which_limits_are_kept() -> None:
    figures = (
        Measured(name="fast", value=2.0, unit="×", at_most=3),
        Measured(name="slow", value=4.0, unit="×", at_most=3),
        Measured(name="unmeasured", value=None, unit="MB", at_most=1200),
        Measured(name="free", value=1.0, unit="s"),
    )
    assert [each.kept for each in figures] == [True, False, None, None]
    console = Console(width=100)
    with console.capture() as capture:
        console.print(table(Bench(commit="c", date="d", machine="m", questions=1, figures=figures, remarks=())))
    assert "≤ 1200 MB" in capture.get() and "no" in capture.get()


def test_a_door_that_fails_is_told_with_its_own_words(tmp_path: Path) -> None:
    with pytest.raises(GuideError, match=r"skill-guide build failed: .*nowhere"):
        terminal(["build"], {"SKILL_GUIDE_CONTENT": str(tmp_path / "nowhere"), "SKILL_GUIDE_INDEX": str(tmp_path)})
