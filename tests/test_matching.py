"""A job ad against the real guide, through every door of the terminal."""

import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

import assembly
import cli
from answering.assistant import Assistant
from tests.test_contract import CITATION, NONE, TEXTS, fits, output

AD = "We use Docker and k8s, Kafka and SAML. No PHP."
SPAN = {"start": int, "end": int}
NAMED = SPAN | {"term": str, "found": str, "spans": [SPAN]}
COVERED = NAMED | {"kind": str, "area": str, "card_url": str, "citation": (dict, NONE)}
MATCH = {
    "covered": [COVERED], "not_in_guide": TEXTS, "not_asked": TEXTS, "sections": TEXTS, "negated": [COVERED],
    "foreign": [NAMED], "areas": [{"area": str, "covered": int, "terms": int}],
}  # fmt: skip


@pytest.fixture
def opened(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> Assistant:
    monkeypatch.setattr(assembly, "open_assistant", lambda settings, report: assistant)
    return assistant


def _ends(code: int, *arguments: object) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([str(each) for each in arguments])
    assert ended.value.code == code


def test_the_object_of_the_contract(opened: Assistant, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "ad.txt").write_text(AD, encoding="utf-8")
    found = output(capfd, "match", tmp_path / "ad.txt", "--json")
    fits(found, MATCH)
    assert [(each["term"], each["found"]) for each in found["covered"]] == [
        ("Docker", "Docker"), ("Kubernetes", "k8s"), ("SAML", "SAML"),
    ]  # fmt: skip
    docker, kubernetes, saml = found["covered"]
    assert all(AD[each["start"] : each["end"]] == each["found"] for each in found["covered"])
    fits(kubernetes["citation"], CITATION)
    document = opened.document(docker["citation"]["document"])
    cited = docker["citation"]
    assert document.text[cited["start"] : cited["end"]] == cited["quote"]
    assert saml["citation"] is None
    assert kubernetes["card_url"] == opened.define("k8s").url  # type: ignore[union-attr]
    assert (found["not_in_guide"], [each["term"] for each in found["negated"]]) == (["Kafka"], ["PHP"])
    assert {"Python", "Terraform"} <= set(found["not_asked"])
    assert not {"PHP", "Docker"} & set(found["not_asked"])
    known = {section.id for section in document.sections}
    assert found["sections"] and set(found["sections"]) <= known


def test_in_batches(opened: Assistant, tmp_path: Path) -> None:
    lines = [
        '{"id": 1, "text": "Docker", "more": 1}',
        "{",
        '{"id": "b", "text": " "}',
        '{"id": 2, "text": "\\ud800 Go"}',
    ]
    (tmp_path / "in").write_text("\n".join(lines), encoding="utf-8")
    _ends(0, "match", "--batch", tmp_path / "in", "--out", tmp_path / "out")
    first, bad, empty, odd = [json.loads(line) for line in (tmp_path / "out").read_text("utf-8").splitlines()]
    assert (first.pop("id"), odd.pop("id")) == (1, 2)
    fits(first, MATCH)
    assert odd.keys() == {"error"}
    assert (bad.keys(), bad["id"], empty["id"]) == ({"id", "error"}, None, "b")
    assert "no text" in empty["error"]


def test_stdin_for_people(
    opened: Assistant, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(AD.encode("utf-16"))))
    _ends(0, "match", "-")
    told = capfd.readouterr().out
    assert "Kubernetes (“k8s”)" in told
    assert "Not in the guide: Kafka" in told
    assert "Ruled out, not counted: PHP" in told


def test_wrong_use_is_said_in_one_line(opened: Assistant, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty.txt").touch()
    (tmp_path / "ad.exe").write_bytes(b"MZ")
    wrong: list[list[object]] = [[tmp_path / name] for name in ("none.txt", "empty.txt", "ad.exe")]
    wrong += [[], ["--batch", tmp_path / "empty.txt"]]
    for arguments in wrong:
        _ends(2, "match", *arguments)
        said = capfd.readouterr().err
        assert said.startswith("skill-guide: ") and said.count("\n") == 1
        assert "a moment ago" not in said
    _ends(2, "match", tmp_path / "ad.exe")
    assert f"{tmp_path / 'ad.exe'} is of no known format (.exe)" in capfd.readouterr().err


def test_a_page_is_read_as_people_see_it(opened: Assistant, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "ad.html"
    page.write_text("<title>Ad</title><script src='kafka.js'></script><p>We use Docker &amp; Git.</p>", "utf-8")
    (tmp_path / "link.html").symlink_to(page)
    _ends(0, "match", tmp_path / "link.html", "--json")
    found = json.loads(capfd.readouterr().out)
    assert [each["term"] for each in found["covered"]] == ["Docker", "Git"]
    assert found["not_in_guide"] == []
