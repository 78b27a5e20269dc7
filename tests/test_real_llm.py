"""A real, tiny language model through llama.cpp: what reaches a person is right, whatever it writes.

`make test-llm` fetches the model and runs this; without the file or the extra it is skipped.
"""

import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from answering.answer import Answer
from answering.assistant import Assistant
from answering.phrased.claims import Claims
from answering.phrased.grounds import Ground
from answering.phrased.llm import Endpoint, LanguageModel, Limits, Remote, Source
from answering.phrased.local import LocalModel
from answering.phrased.phrasing import Phraser, State
from answering.phrased.reading import Names
from answering.phrased.sentences import sentence
from settings import PROJECT, Settings
from tests.servers import Visit, browser, server

FILES = sorted((PROJECT / "build" / "llm").rglob("*.gguf"))
QUESTIONS = ("What is Git?", "Compare authentication with authorization", "What is Docker used for?")
LOADS_WITHIN_SECONDS = 240
LIMITS = Limits(first_token_seconds=60, total_seconds=120)
SERVED = """
import sys
from pathlib import Path
from answering.phrased.local import LocalModel
model = LocalModel(Path(sys.argv[1]))
served = model.endpoint()
print(served.url, served.key, flush=True)
sys.stdin.read()
"""
pytestmark = pytest.mark.skipif(
    not FILES or find_spec("xllamacpp") is None, reason="`make test-llm` fetches a model and what runs it"
)


@pytest.fixture(params=["in this process", "as a server"])
def source(request: pytest.FixtureRequest) -> Iterator[Source]:
    if request.param == "in this process":
        yield LocalModel(FILES[0])
        return
    with subprocess.Popen(
        [sys.executable, "-c", SERVED, str(FILES[0])], cwd=PROJECT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        url, key = process.stdout.readline().split()
        yield Remote(Endpoint(url=url, model="smol", key=key))
        process.communicate("")


def check_right(answer: Answer, state: State, assistant: Assistant) -> None:
    """Each sentence shown is a quote, or holds when it is checked once more against what it cites."""
    cited = answer.citations
    grounds = [Ground(number=each.number, quote=each.quote, context="\n".join(each.headings)) for each in cited]
    claims = Claims(grounds, Names({}), assistant.embed)
    for phrase in state.phrases:
        said = sentence(phrase.text)
        assert said is not None and said.cites
        if phrase.replaced:
            assert any(phrase.text == f"{each.quote} [{each.number}]" for each in answer.citations)
        else:
            assert not claims.check(said).fault


def test_what_is_shown_is_right_and_the_quotes_stand(source: Source, assistant: Assistant) -> None:
    phraser = Phraser(LanguageModel(source, LIMITS), lambda generation: Names({}), assistant.embed)
    assistant.phrase_with(phraser)
    try:
        for question in QUESTIONS if isinstance(source, LocalModel) else QUESTIONS[:1]:
            plain = assistant.ask(question)
            begun = assistant.phrasing(plain)
            assert begun is not None
            answer = begun.answer()
            assert answer.wording is not None and answer.citations == plain.citations
            assert answer.phrased_by or answer.answer == plain.answer
            assert "No wording" not in answer.wording.failure
            check_right(answer, begun.state, assistant)
    finally:
        assistant.phrase_with(None)


@pytest.mark.browser
@pytest.mark.timeout(2 * LOADS_WITHIN_SECONDS)
def test_the_app_words_an_answer_with_it(tmp_path: Path, guide_index: Settings) -> None:
    chosen = {"SKILL_GUIDE_INDEX": str(guide_index.index), "SKILL_GUIDE_LLM_MODEL": str(FILES[0])}
    with browser() as chromium, server(tmp_path / "log", **chosen) as base:
        visit = Visit(chromium, base)
        page = visit.open()
        visit.page.set_default_timeout(LOADS_WITHIN_SECONDS * 1000)
        visit.ask("What is Git?")
        assert "version control" in page.locator(".told").first.inner_text()
        page.locator(".note-line:not(.running)").wait_for()
        note = page.locator(".note-line").inner_text()
        assert note.startswith("Worded by SmolLM2") or note.startswith("The model's wording did not hold up")
        assert not visit.faults and not visit.strays()
        visit.context.close()
