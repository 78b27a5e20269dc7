"""Which language model the settings name, from nothing at all to a file that is served from here; and the terminal."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import answering.phrased.local
import assembly
import cli
import parts
from answering.assistant import Assistant
from answering.phrased.llm import LLMError
from answering.phrased.local import LocalModel
from answering.phrased.phrasing import Phraser
from ingest.errors import GuideError
from retrieval.embedder import SentenceTransformerEmbedder
from settings import Settings, load_settings
from terminal import worded
from tests import llm_servers as manners
from tests.llm_servers import Scripted, says, serving

Run = Callable[..., tuple[int, str, str]]


def phraser(**chosen: object) -> Phraser | None:
    settings = load_settings(**chosen)
    return parts.phraser_for(settings, SentenceTransformerEmbedder("", "float32"))


def test_nothing_set_is_no_language_model() -> None:
    assert phraser() is None


def test_an_address_needs_no_scheme() -> None:
    made = phraser(llm_url="localhost:11434/v1", llm_model="qwen")
    assert made is not None and made.name == "qwen"
    assert made._model._source.endpoint().url == "http://localhost:11434/v1"


@pytest.mark.parametrize(
    ("chosen", "said"),
    [({"llm_url": "http://localhost/v1"}, "set SKILL_GUIDE_LLM_MODEL"), ({"llm_model": "qwen"}, "SKILL_GUIDE_LLM_URL"),
     ({"llm_url": "http://", "llm_model": "x"}, "no address"),
     ({"llm_url": "ftp://a", "llm_model": "x"}, "no address")],
)  # fmt: skip
def test_half_a_language_model_is_an_error_that_says_what_to_set(chosen: dict[str, str], said: str) -> None:
    with pytest.raises(GuideError, match=said):
        phraser(**chosen)


def test_a_model_file_is_served_only_where_the_extra_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering.phrased.local, "find_spec", lambda name: None)
    made = phraser(llm_model=str(tmp_path / "tiny.gguf"))
    assert made is not None and made.name == "tiny"
    with pytest.raises(LLMError, match=r"pip install '\.\[llm\]'"):
        made._model._source.endpoint()


@pytest.mark.parametrize(("content", "said"), [(None, "cannot be read"), (b"PK\x03\x04", "is no .gguf file")])
def test_a_file_that_is_no_model_is_named(
    content: bytes | None, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering.phrased.local, "find_spec", lambda name: object())
    file = tmp_path / "tiny.gguf"
    if content:
        file.write_bytes(content)
    with pytest.raises(LLMError, match=said):
        LocalModel(file).endpoint()


@pytest.fixture
def ask(
    assistant: Assistant, guide_index: Settings, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., tuple[int, str, str]]]:
    """`skill-guide ask` over the real guide, with the language model of a scripted server or none."""

    def call(*arguments: str, server: Scripted | None = None) -> tuple[int, str, str]:
        chosen = {"llm_url": server.url, "llm_model": "scripted", "llm_total_seconds": 5} if server else {}
        settings = load_settings(index=guide_index.index, **chosen)
        made = parts.phraser_for(settings, SentenceTransformerEmbedder("", "float32"))
        monkeypatch.setattr(assembly, "open_assistant", lambda settings, report: assistant.phrase_with(made))
        with pytest.raises(SystemExit) as ended:
            cli.main(["ask", *arguments])
        out, err = capfd.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, out, err

    yield call
    assistant.phrase_with(None)


def test_the_terminal_answers_in_the_models_words_and_shows_the_quotes(ask: Run) -> None:
    with serving(says("Git is the version control system that most people use [1].")) as server:
        code, out, _ = ask("What is Git?", server=server)
        told = json.loads(ask("What is Git?", "--json", server=server)[1])
    assert code == 0 and out.startswith("Git is the version control system that most people use. [1]")
    assert "worded by scripted; 0 of 1 sentences replaced" in out and told["citations"][0]["quote"] in out
    assert told["phrased_by"] == "scripted" and told["wording"]["share_replaced"] == 0


def test_the_terminal_leaves_the_model_out_when_told_to(ask: Run) -> None:
    with serving(says("Git [1].")) as server:
        plain, worded = ask("What is Git?", "--no-phrase", server=server), ask("What is Git?")
        assert plain[1].splitlines()[:-1] == worded[1].splitlines()[:-1] and not server.asked


def test_the_terminal_says_why_there_is_no_wording(ask: Run) -> None:
    with serving(manners.status(401)) as server:
        code, out, _ = ask("What is Git?", server=server)
    assert code == 0 and "No wording by the language model" in out and "SKILL_GUIDE_LLM_KEY" in out


def test_asking_for_words_without_a_model_is_wrong_use(ask: Run) -> None:
    code, out, err = ask("What is Git?", "--phrase")
    assert code == 2 and not out and "SKILL_GUIDE_LLM_URL" in err and err.count("\n") == 1


def test_a_batch_is_phrased_line_by_line(ask: Run, tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text('{"id": 1, "question": "What is Git?"}\n{"id": 2, "question": "Who won the world cup?"}\n')
    with serving(says("Git is the version control system that most people use [1].")) as server:
        ask("--batch", str(source), "--out", str(target), server=server)
        assert len(server.asked) == 1
    first, second = map(json.loads, target.read_text(encoding="utf-8").splitlines())
    assert first["phrased_by"] == "scripted" and second["phrased_by"] is None and "wording" not in second


@pytest.mark.parametrize("alone", [True, False])
def test_ctrl_c_leaves_one_answer_as_it_is_and_ends_a_batch(alone: bool) -> None:
    stopped: list[bool] = []

    def answer() -> str:
        if not stopped:
            raise KeyboardInterrupt
        return "its quotes"

    begun = SimpleNamespace(answer=answer, stop=lambda: stopped.append(True))
    speaking: Any = SimpleNamespace(phrasing=lambda answer: begun)
    given: Any = "its quotes"
    if alone:
        assert worded(speaking, given, None) == given
    else:
        with pytest.raises(KeyboardInterrupt):
            worded(speaking, given, None, alone=False)
    assert stopped
