"""The client of a language model, over real HTTP: it gives words, or one line on why not, in time."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

import answering.phrased.wire  # noqa: F401 -- loading it is not to count
from answering.phrased.circuit import FAILURES, REST_SECONDS, Circuit
from answering.phrased.llm import Endpoint, LanguageModel, Limits, LLMError, Message, Remote
from tests import llm_servers as manners
from tests.llm_servers import Manner, Scripted, says, serving

ASKED = (Message(role="system", content="Be brief."), Message(role="user", content="Hello?"))
PATIENT = Limits(first_token_seconds=20, total_seconds=20)
QUICK = Limits(first_token_seconds=0.5, total_seconds=1.0)
"""For servers that never begin; the others get time, however busy the machine is."""
CRAWLING = Limits(first_token_seconds=20, total_seconds=3)
LATE = frozenset({"silent", "silent after headers", "keeps alive"})
FAULTS = {
    "silent": (manners.silent, "did not begin"),
    "silent after headers": (manners.silent_after_headers, "did not begin"),
    "keeps alive": (manners.keeps_alive, "did not begin"),
    "crawls": (manners.crawls, "not done within"),
    "endless": (manners.endless, "did not come to an end"),
    "endless line": (manners.endless_line, "more than an answer can be"),
    "breaks off": (manners.breaks_off("Git is"), "broke off"),
    "empty": (manners.raw(""), "wrote nothing"),
    "garbage": (manners.raw(b"data: \xff\xfe\x00garbage\n\n"), "makes no sense"),
    "broken json": (manners.raw("data: {'choices': [}\n\n"), "makes no sense"),
    "json of another kind": (manners.raw('data: {"choices": "none"}\n\ndata: [DONE]\n\n'), "makes no sense"),
    "json that is a list": (manners.raw("data: [1, 2]\n\ndata: [DONE]\n\n"), "makes no sense"),
    "error within": (manners.raw('data: {"error": {"message": "<b>context</b>"}}\n\n'), "reported an error"),
    "html": (manners.raw("<html><h1>Log in</h1></html>", "text/html"), "text/html instead of a stream"),
    "no stream": (manners.raw('{"choices": []}', "application/json"), "application/json instead"),
    "packed": (manners.raw(b"\x1f\x8b", **{"content-encoding": "gzip"}), "packed"),
    "context too small": (manners.status(400, '{"error": {"message": "context"}}'), "context too small"),
    "key": (manners.status(401), "SKILL_GUIDE_LLM_KEY"),
    "forbidden": (manners.status(403), "SKILL_GUIDE_LLM_KEY"),
    "unknown": (manners.status(404), "SKILL_GUIDE_LLM_MODEL"),
    "busy": (manners.status(429), "too much to do"),
    "failure": (manners.status(500, "<html>", "text/html"), "failed (500)"),
    "not ready": (manners.status(503), "not ready"),
    "teapot": (manners.status(418), "418"),
    "elsewhere": (manners.redirects("http://192.0.2.1/v1"), "another address"),
}


def model(server: Scripted, limits: Limits = PATIENT, key: str = "", circuit: Circuit | None = None) -> LanguageModel:
    return LanguageModel(Remote(Endpoint(url=server.url, model="scripted", key=key)), limits, circuit)


def reply(of: LanguageModel, stop: threading.Event | None = None) -> str:
    return "".join(of.stream(ASKED, stop or threading.Event()))


@pytest.fixture(autouse=True)
def _threads_end() -> Iterator[None]:
    yield
    until = time.monotonic() + 10
    while any(each.name == "language-model" for each in threading.enumerate()) and time.monotonic() < until:
        time.sleep(0.02)
    assert not [each for each in threading.enumerate() if each.name == "language-model"]


def test_words_come_as_they_were_written() -> None:
    with serving(says("Grüße – from here. 🙂")) as server:
        assert reply(model(server)) == "Grüße – from here. 🙂"
        assert server.asked[0]["messages"] == [each.model_dump() for each in ASKED]
        assert server.asked[0]["model"] == "scripted" and server.asked[0]["stream"] is True


def test_nothing_but_what_is_needed_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-somebody")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-somebody")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "x-secret: of somebody")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://192.0.2.1")
    monkeypatch.setenv("HTTP_PROXY", "http://192.0.2.2:8080")
    monkeypatch.setenv("ALL_PROXY", "http://192.0.2.2:8080")
    with serving(says("Yes.")) as server:
        assert reply(model(server, key="ours")) == "Yes."
        sent = server.headers[0]
    assert sent["authorization"] == "Bearer ours"
    assert "somebody" not in str(sent) and not [name for name in sent if name.startswith(("x-", "openai"))]


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_one_line_in_time(name: str) -> None:
    manner, expected = FAULTS[name]
    limits = QUICK if name in LATE else CRAWLING if name == "crawls" else PATIENT
    with serving(manner) as server, pytest.raises(LLMError) as failed:
        started = time.monotonic()
        try:
            reply(model(server, limits))
        finally:
            spent = time.monotonic() - started
    assert expected in str(failed.value)
    assert "\n" not in str(failed.value) and "<" not in str(failed.value)
    assert spent < manners.PATIENCE_SECONDS / 2, "it hung until the server gave up"
    assert len(server.asked) == 1, "no retries"


def test_a_server_that_is_not_there_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    gone = LanguageModel(Remote(Endpoint(url=f"http://127.0.0.1:{port}/v1", model="x")), QUICK)
    with pytest.raises(LLMError, match="SKILL_GUIDE_LLM_URL"):
        reply(gone)


def test_it_stops_when_told_to() -> None:
    stop = threading.Event()
    with serving(manners.crawls) as server:
        pieces = model(server, PATIENT).stream(ASKED, stop)
        assert next(pieces) == "a"
        stop.set()
        assert len(list(pieces)) < 20


def test_who_reads_no_further_leaves_no_thread() -> None:
    with serving(manners.crawls) as server:
        pieces = model(server, PATIENT).stream(ASKED, threading.Event())
        next(pieces)
        pieces.close()  # type: ignore[attr-defined]


def test_after_failures_it_is_left_alone_and_tried_again_later() -> None:
    now = [0.0]
    broken: list[Manner] = [manners.status(500)] * FAILURES
    with serving(*broken, says("Back.")) as server:
        asked = model(server, circuit=Circuit(lambda: now[0]))
        for _ in range(FAILURES):
            with pytest.raises(LLMError, match="500"):
                reply(asked)
        with pytest.raises(LLMError, match="again in 30 s"):
            reply(asked)
        assert len(server.asked) == FAILURES, "it was asked although it rests"
        now[0] = REST_SECONDS + 1
        assert reply(asked) == "Back."
        assert reply(asked) == "Back."


def test_after_a_rest_one_tries_alone() -> None:
    now = [0.0]
    circuit = Circuit(lambda: now[0])
    for _ in range(FAILURES):
        circuit.failed()
    now[0] = REST_SECONDS
    assert [circuit.rest() == 0 for _ in range(3)] == [True, False, False]


def test_many_at_once_get_each_their_own() -> None:
    with serving(lambda handler: says(handler.server.asked[-1]["messages"][-1]["content"])(handler)) as server:
        shared = model(server, PATIENT)
        got: list[str] = []
        threads = [threading.Thread(target=lambda: got.append(reply(shared))) for _ in range(12)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    assert got == ["Hello?"] * 12
