"""What scripts may rely on: the JSON of every command has exactly the fields of the contract, each of its kind."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

import assembly
import cli
from answering.answer import Answer, Citation, Nearest, SearchHit
from answering.assistant import Assistant
from settings import Settings
from tests.builds import bag_of_words
from tests.conftest import SmallContent

NONE, NUMBER, TEXTS = type(None), (int, float), [str]
PLACE: dict[str, Any] = {"document": str, "section": str, "headings": TEXTS, "passage": str}
CITATION = PLACE | {"number": int, "quote": str, "start": int, "end": int, "url": str}
NEAREST = PLACE | {"score": NUMBER}
ANSWER = {
    "id": (str, int, NONE), "question": str, "standalone_question": str, "status": str, "answer": str,
    "citations": [CITATION], "nearest": [NEAREST], "missing": (str, NONE), "note": (dict, NONE), "confidence": NUMBER,
    "phrased_by": NONE, "milliseconds": NUMBER,
}  # fmt: skip
WHY = {"keyword": TEXTS, "semantic": NUMBER, "ranks": {"keyword": (int, NONE), "semantic": (int, NONE)}}
HIT = PLACE | {"rank": int, "score": NUMBER, "text": str, "start": int, "end": int, "url": str, "why": WHY}
CARD = {
    "term": str, "aliases": TEXTS, "kind": str, "definition": (dict, NONE), "mentions": [CITATION], "related": TEXTS,
    "note": (dict, NONE), "url": str,
}  # fmt: skip
COUNTED = dict.fromkeys(("documents", "passages", "added", "updated", "removed", "unchanged"), int)
BUILD = COUNTED | {"skipped": [{"path": str, "reason": str}], "seconds": NUMBER, "generation": str}
FAILED = {"id": (str, int, NONE), "error": str}
QUESTIONS = {
    "What is Git?": "answered", "What port does PostgreSQL use?": "closest", "Who won the cup in 2010?": "not_covered",
    "": "not_covered", "\0": "not_covered", "\ud800": "not_covered", "🙂": "not_covered", "why " * 2500: "not_covered",
}  # fmt: skip


def fits(found: object, shape: Any, place: str = "") -> None:  # noqa: ANN401 -- shapes nest
    """Fails where a value is not of its shape: a type, some types, a list of a shape, or fields with theirs."""
    if isinstance(shape, dict):
        assert isinstance(found, dict), place
        assert found.keys() == shape.keys(), place
        for name, inner in shape.items():
            fits(found[name], inner, f"{place}.{name}")
    elif isinstance(shape, list):
        assert isinstance(found, list), place
        for number, each in enumerate(found):
            fits(each, shape[0], f"{place}[{number}]")
    else:
        assert isinstance(found, shape) and not isinstance(found, bool), f"{place} is {found!r}"


def output(capfd: pytest.CaptureFixture[str], *arguments: object) -> Any:  # noqa: ANN401 -- JSON
    """The JSON that a command prints, on one line, with nothing else."""
    with pytest.raises(SystemExit) as ended:
        cli.main([str(each) for each in arguments])
    out, err = capfd.readouterr()
    assert (ended.value.code, err, out.count("\n"), out[-1:]) == (0, "", 1, "\n")
    return json.loads(out)


@pytest.fixture
def opened(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> Assistant:
    """The real guide's assistant, which every command of the terminal opens."""
    monkeypatch.setattr(assembly, "open_assistant", lambda settings, report: assistant)
    return assistant


@pytest.mark.parametrize(("question", "status"), QUESTIONS.items(), ids=range(len(QUESTIONS)))
def test_ask(opened: Assistant, capfd: pytest.CaptureFixture[str], question: str, status: str) -> None:
    answer = output(capfd, "ask", "--json", "--", question)
    fits(answer, ANSWER)
    assert answer["status"] == status and 0 <= answer["confidence"] <= 1
    assert bool(answer["citations"]) is (status != "not_covered")
    assert not (answer["nearest"] and status == "answered")
    assert Answer.model_validate(answer) == Answer.model_validate_json(json.dumps(answer))
    if question in ("What is Git?", "What port does PostgreSQL use?"):
        assert (answer["question"], answer["standalone_question"]) == (question, question)


@pytest.mark.parametrize("question", ["What is Git?", "What port does PostgreSQL use?", "Why is Java used in banking?"])
def test_quotes_links_and_markers(opened: Assistant, capfd: pytest.CaptureFixture[str], question: str) -> None:
    answer = output(capfd, "ask", question, "--json")
    assert answer["citations"]
    for number, cited in enumerate(answer["citations"], 1):
        with pytest.raises(SystemExit):
            cli.main(["show", cited["document"]])
        text = capfd.readouterr().out
        assert cited["quote"] == text[cited["start"] : cited["end"]]
        assert (cited["number"], f"{cited['quote']} [{number}]" in answer["answer"]) == (number, True)
        link = urlsplit(cited["url"])
        named = {name: value for name, (value,) in parse_qs(link.query).items()}
        assert (link.scheme, link.netloc, link.path) == ("http", "localhost:8501", "/guide")
        assert named == {name: str(cited[name]) for name in ("document", "section", "passage", "start", "end")}


def test_ask_with_turns(opened: Assistant, capfd: pytest.CaptureFixture[str]) -> None:
    answer = output(capfd, "ask", "And NoSQL?", "--turn", "What is a relational database good for?", "--json")
    fits(answer, ANSWER)
    assert answer["question"] == "And NoSQL?" != answer["standalone_question"]


def test_ask_in_a_batch(opened: Assistant, tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = [{"id": number, "question": question, "extra": [1]} for number, question in enumerate(QUESTIONS)]
    source.write_text("".join(json.dumps(line) + "\n" for line in [*lines, {"id": "bad"}]))
    with pytest.raises(SystemExit) as ended:
        cli.main(["ask", "--batch", str(source), "--out", str(target)])
    assert ended.value.code == 0
    found = [json.loads(line) for line in target.read_text(encoding="utf-8").split("\n") if line]
    assert [each["id"] for each in found] == [*range(len(QUESTIONS)), "bad"]
    for each in found:
        fits(each, FAILED if "error" in each else ANSWER)
    assert [place for place, each in enumerate(found) if "error" in each] == [5, len(QUESTIONS)], "half a character"


def test_search(opened: Assistant, capfd: pytest.CaptureFixture[str]) -> None:
    section = "familiarity-with-server-cloud-and-hosting-services"
    hits = output(capfd, "search", "Docker containers", "-k", 3, "--section", section, "--json")
    fits(hits, [HIT])
    assert [hit["rank"] for hit in hits] == [1, 2, 3]
    assert all(hit["section"].startswith(section) for hit in hits)
    assert hits[0]["why"]["keyword"] and hits[0]["why"]["ranks"]["semantic"] == 1


def test_show(opened: Assistant, capfd: pytest.CaptureFixture[str]) -> None:
    (document,) = opened.documents()
    assert output(capfd, "show", document.id, "--json")["text"] == document.text


def test_build(small_content: SmallContent, capfd: pytest.CaptureFixture[str]) -> None:
    content = small_content()
    (content / "empty.md").touch()
    with bag_of_words():
        for expected in ({"updated": 0, "removed": 0, "unchanged": 0}, {"added": 0, "updated": 0, "removed": 0}):
            report = output(capfd, "build", "--json", "--content", content, "--index", content.parent / "index")
            fits(report, BUILD)
            assert expected.items() <= report.items()
            assert (report["documents"], report["skipped"][0]["path"]) == (1, "empty.md")


def test_the_index_that_is_there_is_up_to_date(guide_index: Settings, capfd: pytest.CaptureFixture[str]) -> None:
    report = output(capfd, "build", "--json", "--index", guide_index.index)
    assert (report["added"], report["updated"], report["removed"]) == (0, 0, 0)
    assert report["unchanged"] == report["passages"] > 30


def test_the_types_are_the_documentation() -> None:
    always = {name for name, field in Answer.model_fields.items() if not field.exclude}
    assert always - {"wording"} == ANSWER.keys(), "wording is there only when a language model was asked"
    assert {name for name, field in Citation.model_fields.items() if not field.exclude} == CITATION.keys()
    assert Nearest.model_fields.keys() == NEAREST.keys()
    assert {name for name, field in SearchHit.model_fields.items() if not field.exclude} == HIT.keys()
    assert assembly.BuildReport.model_fields.keys() == BUILD.keys()


def test_define(opened: Assistant, capfd: pytest.CaptureFixture[str]) -> None:
    card = output(capfd, "define", "--json", "k8s")
    fits(card, CARD)
    assert card["definition"]["quote"].startswith("Kubernetes is")
    named = output(capfd, "define", "--json", "SAML")
    assert named["definition"] is None
    fits(named["note"], {"text": str, "source": str})
    lacking = output(capfd, "define", "--json", "Angular")
    fits(lacking, {"term": NONE, "query": str, "nearest": TEXTS})
    assert lacking["nearest"]


def test_define_in_batches(opened: Assistant, tmp_path: Path) -> None:
    lines = ['{"id": 1, "query": "k8s", "more": 1}', "{", '{"id": "b", "query": ""}', '{"id": "c", "query": "Rust"}']
    (tmp_path / "in").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        cli.main(["define", "--batch", str(tmp_path / "in"), "--out", str(tmp_path / "out")])
    assert ended.value.code == 0
    first, bad, empty, lacking = [json.loads(line) for line in (tmp_path / "out").read_text("utf-8").splitlines()]
    assert (first.pop("id"), lacking.pop("id")) == (1, "c")
    fits(first, CARD)
    fits(lacking, {"term": NONE, "query": str, "nearest": TEXTS})
    fits(bad, FAILED)
    fits(empty, FAILED)
    assert (bad["id"], empty["id"]) == (None, "b")
