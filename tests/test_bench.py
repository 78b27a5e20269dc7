from pathlib import Path

import pytest
from rich.console import Console

from evaluation.bench import Bench, Measured, table
from evaluation.processes import terminal
from evaluation.warm import ROUNDS, time_warm
from ingest.errors import GuideError
from ingest.reader import read_corpus
from tests.conftest import SmallContent
from tests.fakes import BagOfWordsEmbedder
from tests.fakes_eval import Line, ScriptedAssistant


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


def test_asking_and_embedding_take_turns(small_content: SmallContent) -> None:
    script = {"Weight?": Line(("It weighs 500 grams.",))}
    assistant = ScriptedAssistant(read_corpus(small_content()).documents, script)
    embedder = BagOfWordsEmbedder()
    found = time_warm(assistant, embedder.encode, ["Price?", "Weight?"])
    assert found.shown == ("Weight?", "It weighs 500 grams.")
    assert len(found.asked) == len(found.embedded) == 2 and min(found.asked) > 0
    assert len(found.searched) == 2 and assistant.searched == ["Price?", "Weight?"] * (ROUNDS + 1)
    assert embedder.encoded == [question for question, _ in assistant.asked] == ["Price?", "Weight?"] * (ROUNDS + 1)
