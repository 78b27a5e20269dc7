"""Fidelity counts what is lost, moved and added, over manuals and over files of every format."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

from evaluation.fidelity import Fidelity, formats, main, manuals, shared, words_of
from ingest.errors import GuideError
from tests.rendered import GUIDE, RENDERED, html, pdf, text


def test_losses_moves_and_additions_are_told_apart() -> None:
    reference = ["one", "two", "three", "four"]
    assert str(Fidelity(reference, reference)) == "4 words, kept 100.00%, in order 100.00%, added 0.00%"
    assert Fidelity(reference, ["one", "two", "three"]).kept == pytest.approx(0.75)
    assert Fidelity(reference, ["two", "three", "four", "one"]).in_order == pytest.approx(0.75)
    assert Fidelity(reference, ["one", "two", "three", "four", "five"]).added == pytest.approx(0.2)


def test_addresses_do_not_count_even_over_a_line_end() -> None:
    assert words_of("See the page (https://a.example/b/\n    c.html) now") == ["see", "the", "page", "now"]


@pytest.mark.parametrize(
    "text",
    [
        "See the page (https://\n    a.example/\n    b/c.html) now",
        "See the page (https:\n\xa0   //a.example/b) now",
        "See the page https://a.example/b/\n    c (https://a.example/b/c) now",
    ],
)
def test_addresses_do_not_count_wherever_a_line_ends(text: str) -> None:
    assert words_of(text) == ["see", "the", "page", "now"]


def test_words_after_an_address_count() -> None:
    assert words_of("See https://a.example/b.\n\n4.2 Next") == ["see", "4", "2", "next"]
    assert words_of("See https://a.example/\n    for more") == ["see", "for", "more"]


def test_words_that_only_one_edition_has_are_told_by_their_place() -> None:
    source = "7.8 What is a bee?\nThe hive and the smo-\nker are in Section 7.8 below. Bees fly in May and swarm."
    reference = words_of("The hive and the smoker are in Section 7.8, What is a bee? below. Bees fly in May and swarm.")
    out = words_of("The hive and the are in Section 7.8 below. Bees fly and swarm.")  # lost: smoker, in May
    assert shared(reference, out, source) == words_of(
        "The hive and the smoker are in Section 7.8 below. Bees fly in May and swarm."
    )


def _manual(folder: Path) -> Path:
    (folder / "html").mkdir(parents=True)
    guide = GUIDE.replace("| Sign | Meaning | Action |", "").split("| ---")[0]
    (folder / "bees.en.txt").write_bytes(text(guide))
    (folder / "bees.en.pdf").write_bytes(pdf(guide))
    first, second = guide.split("## 2.")
    head = b'<link rel="next" href="b.en.html"><title>'
    (folder / "html" / "index.en.html").write_bytes(html(first).replace(b"<title>", head))
    (folder / "html" / "b.en.html").write_bytes(html(f"## 2.{second}"))
    return folder


def test_a_manual_is_compared_with_its_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", None)  # as if it were not installed
    folder = _manual(tmp_path / "bees")
    found = {kind: compared for _, kind, compared in manuals(tmp_path)}
    assert len(found) == 4
    assert all((each.kept, each.added) == (1, 0) for each in found.values())
    with pytest.raises(GuideError, match="no manuals in"):
        list(manuals(folder))


def test_web_pages_are_compared_with_trafilatura_where_it_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = ModuleType("trafilatura")
    monkeypatch.setattr(reader, "extract", lambda source, **_: "bees" if b"bees" in source else None, raising=False)
    monkeypatch.setitem(sys.modules, "trafilatura", reader)
    folder = _manual(tmp_path / "bees")
    told = {kind: compared for _, kind, compared in manuals(tmp_path)}
    assert 0 < told["html, by trafilatura"].kept < 0.1 < told["html"].kept
    assert "; trafilatura: " in next(line for path, line in formats(folder / "html") if path.name == "b.en.html")


def test_every_format_has_another_reading_to_compare_with(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for ending, render in RENDERED.items():
        (tmp_path / f"guide{ending}").write_bytes(render())
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4")
    lines = {path.name: line for path, line in formats(tmp_path)}
    assert lines.pop("broken.pdf").startswith("left out: is damaged")
    assert len(lines) == len(RENDERED)
    assert all("kept 9" in line or "kept 100" in line for name, line in lines.items() if name != "guide.html"), lines
    with pytest.raises(SystemExit, match="usage"):
        main([])
    assert capsys.readouterr().out == ""
