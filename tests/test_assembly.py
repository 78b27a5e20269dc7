"""The index follows the guides, heals, and is never lost; the real parts, but for a bag of words as the model."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import assembly
import parts
from ingest.errors import GuideError
from ingest.glossary import Glossary
from ingest.reader import read_corpus
from retrieval.index import CURRENT, writing
from retrieval.locks import LOCK
from retrieval.manifest import MANIFEST
from retrieval.widening import Widener
from settings import PROJECT, Settings
from tests.builds import bag_of_words, settings_for, texts_of
from tests.conftest import SMALL_GUIDE, SmallContent
from tests.indexes import ignore

WEIGHS, STEEL = "It weighs 500 grams.", "Its teeth are made of steel."
CHANGED = SMALL_GUIDE.replace("steel", "bronze")
FILES = "# Files\n\nA file makes metal smooth.\n"
HOLD = "import sys; from pathlib import Path; from retrieval.index import writing\n"
HOLD += "with writing(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"


@pytest.fixture
def embedded() -> Iterator[list[str]]:
    with bag_of_words() as texts:
        yield texts


@pytest.fixture
def built(embedded: list[str], small_content: SmallContent) -> Settings:
    """Settings of a small guide whose index is built."""
    settings = settings_for(small_content())
    assembly.build_index(settings)
    assert embedded
    embedded.clear()
    return settings


def _counts(report: assembly.BuildReport) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.removed, report.unchanged


def _live(settings: Settings) -> Path:
    return settings.index / (settings.index / CURRENT).read_text()


def _weight(settings: Settings) -> str:
    """What the best passage about a hammer's weight says, asked of a newly opened assistant."""
    return assembly.open_assistant(settings).search("grams that it weighs", 1)[0].text


def test_a_build_that_has_just_ended_elsewhere_is_not_done_again(
    built: Settings, small_content: SmallContent, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_content(CHANGED)

    @contextmanager
    def late(index: Path) -> Iterator[tuple[str, ...]]:
        monkeypatch.setattr(assembly, "writing", writing)
        assert assembly.build_index(built).updated == 1, "another process comes first"
        with writing(index) as discarded:
            yield discarded

    monkeypatch.setattr(assembly, "writing", late)
    report = assembly.build_index(built)
    assert report.generation == "gen-000002" and (report.added, report.updated) == (0, 0)


def test_a_build_says_what_it_did(embedded: list[str], small_content: SmallContent) -> None:
    progress: list[tuple[str, float]] = []
    settings = settings_for(small_content())
    report = assembly.build_index(settings, lambda what, share: progress.append((what, share)))
    assert (report.documents, report.skipped, report.generation) == (1, (), "gen-000001")
    assert _counts(report) == (report.passages, 0, 0, 0) and report.passages >= 2
    assert progress[0] == ("reading the guides", 0.0) and "embedding" in dict(progress)
    assert all(0 <= share <= 1 for _, share in progress)
    assert any(WEIGHS in text for text in embedded)


def test_a_second_build_embeds_nothing_and_writes_nothing(built: Settings, embedded: list[str]) -> None:
    before = {path: path.stat().st_mtime_ns for path in built.index.rglob("*")}
    report = assembly.build_index(built)
    assert _counts(report) == (0, 0, 0, report.passages) and report.generation == "gen-000001"
    assert embedded == []
    assert {path: path.stat().st_mtime_ns for path in built.index.rglob("*")} == before


def test_guides_that_have_not_changed_are_not_cut_again(built: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "cut", lambda *_: pytest.fail("cut again"))
    assert assembly.build_index(built).unchanged >= 2
    with pytest.raises(pytest.fail.Exception):
        assembly.build_index(built, anew=True)


def test_a_changed_section_is_an_update_and_the_rest_keeps_its_vectors(
    built: Settings, embedded: list[str], small_content: SmallContent
) -> None:
    small_content(CHANGED)
    report = assembly.build_index(built)
    assert _counts(report) == (0, 1, 0, report.passages - 1) and report.generation == "gen-000002"
    assert any("bronze" in text for text in embedded)
    assert not [text for text in embedded if WEIGHS in text or "A saw cuts wood along a line." in text.split("\n")]


def test_a_corpus_that_is_measured_again_embeds_only_what_changed(
    embedded: list[str], small_content: SmallContent, tmp_path: Path
) -> None:
    settings = settings_for(content := small_content())
    opened = assembly.open_over(settings)
    opened(read_corpus(content), tmp_path / "work", ignore)
    assert any(STEEL in text for text in embedded)
    embedded.clear()
    opened(read_corpus(small_content(CHANGED)), tmp_path / "work", ignore)
    assert embedded and all("bronze" in text for text in embedded)


def test_guides_come_and_go(built: Settings, small_content: SmallContent) -> None:
    small_content(FILES, "files.md")
    assert (come := assembly.build_index(built)).documents == 2
    assert (come.added, come.updated, come.removed) == (1, 0, 0)
    (built.content / "files.md").unlink()
    gone = assembly.build_index(built)
    assert (gone.added, gone.updated, gone.removed, gone.documents) == (0, 0, 1, 1)


def test_old_generations_are_cleared_away(built: Settings, small_content: SmallContent) -> None:
    kept = settings_for(built.content, generations_kept=2)
    for metal in ("iron", "tin", "lead"):
        small_content(SMALL_GUIDE.replace("steel", metal))
        assembly.build_index(kept)
    assert sorted(path.name for path in kept.index.glob("gen-*")) == ["gen-000003", "gen-000004"]


def test_a_file_that_cannot_be_used_is_left_out_and_named(embedded: list[str], small_content: SmallContent) -> None:
    content = small_content()
    (content / "broken.md").write_bytes(b"---\na: [\n---\n")
    (content / "picture.png").write_bytes(b"\x89PNG")
    settings = settings_for(content)
    report = assembly.build_index(settings)
    assert [each.path for each in report.skipped] == ["broken.md", "picture.png"]
    assert report.skipped[0].reason.startswith("has front matter that is not YAML")
    assert report.documents == 1 and embedded
    assert assembly.build_index(settings).skipped == report.skipped, "it is said again, without a new generation"


@pytest.mark.parametrize("state", ["missing", "empty", "a file", "nothing usable"])
def test_without_a_guide_there_is_one_line_and_no_index(embedded: list[str], tmp_path: Path, state: str) -> None:
    content = tmp_path / "content"
    if state == "a file":
        content.write_text("a guide?")
    elif state != "missing":
        content.mkdir()
    if state == "nothing usable":
        (content / "latin.md").write_bytes(b"\xff\xfe")
    for use in (assembly.build_index, assembly.open_assistant):
        with pytest.raises(GuideError, match=str(content)) as found:
            use(settings_for(content))
        assert "\n" not in str(found.value)
    assert not (tmp_path / "index").exists() and embedded == []


def test_guides_that_have_gone_leave_the_index_answering(built: Settings) -> None:
    shutil.rmtree(built.content)
    assert WEIGHS in _weight(built)


def test_the_index_of_another_model_is_made_anew(built: Settings, embedded: list[str]) -> None:
    other = settings_for(built.content, model="another")
    with pytest.raises(GuideError, match=r"another model \(bag-of-words\): run skill-guide build"):
        parts.assistant_over(other)
    assert WEIGHS in _weight(other)
    assert _live(other).name == "gen-000002"
    assert any(WEIGHS in text for text in embedded), "vectors of one model say nothing to another"


@pytest.mark.parametrize("change", [{"format": 0}, {"format": 999}, {"recipe": "parsers 0"}, {"colour": "new in 2030"}])
def test_the_index_of_another_version_is_made_anew(built: Settings, change: dict[str, object]) -> None:
    manifest = _live(built) / MANIFEST
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), **change}))
    assert WEIGHS in _weight(built)
    assert _live(built).name == "gen-000002"


DAMAGED = {"chroma.sqlite3", "corpus.json", "passages.npy"}


def test_a_damaged_index_heals_whichever_file_it_is(built: Settings) -> None:
    whole = built.index.with_name("whole")
    built.index.rename(whole)
    generation = whole / (whole / CURRENT).read_text()
    passage = json.loads((generation / "corpus.json").read_text())["passages"][-1]["id"].encode()
    files = [path.relative_to(whole) for path in generation.rglob("*") if path.is_file()]
    chosen = [name for name in files if name.name in DAMAGED]
    assert len(chosen) >= len(DAMAGED)
    for name in chosen:  # every kind of damage to every file: tests/test_faults.py
        shutil.rmtree(built.index, ignore_errors=True)
        shutil.copytree(whole, built.index)
        data = bytearray((built.index / name).read_bytes()) or bytearray(b"\0")
        place = data.find(passage) if name.suffix == ".sqlite3" else len(data) // 2
        data[place] ^= 0xFF
        (built.index / name).write_bytes(data)
        assert WEIGHS in _weight(built), name
        assert _live(built).name == "gen-000002", f"the damage to {name} went unnoticed"


@pytest.mark.parametrize("pointer", [None, b"", b"gen-000009", b"\xff\xfe", b"../content"])
def test_a_lost_pointer_finds_the_index_again(built: Settings, embedded: list[str], pointer: bytes | None) -> None:
    (built.index / CURRENT).unlink()
    if pointer is not None:
        (built.index / CURRENT).write_bytes(pointer)
    assert WEIGHS in _weight(built)
    assert not [text for text in embedded if WEIGHS in text]


def test_a_lost_file_heals(built: Settings) -> None:
    shutil.rmtree(_live(built) / "chroma")
    assert WEIGHS in _weight(built)


def test_while_another_build_runs_the_old_index_answers(built: Settings, small_content: SmallContent) -> None:
    small_content(CHANGED)
    command = [sys.executable, "-c", HOLD, str(built.index)]
    with subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout and other.stdin and other.stdout.readline() == b"held\n"
        with pytest.raises(
            GuideError, match=rf"^update already running since \d\d:\d\d \(process {other.pid}\): wait for it$"
        ):
            assembly.build_index(built)
        assert STEEL in texts_of(assembly.open_assistant(built))
        other.stdin.close()
        other.wait(30)
    assert "bronze" in texts_of(assembly.open_assistant(built))


def test_an_open_assistant_moves_on_to_a_new_generation(
    built: Settings, small_content: SmallContent, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: list[set[str]] = []

    class NotingWidener(Widener):
        def __init__(self, glossary: Glossary, vocabulary: set[str], knows: Callable[[str], bool]) -> None:
            super().__init__(glossary, vocabulary, knows)
            known.append(vocabulary)

    assistant = assembly.open_assistant(built)
    assert STEEL in texts_of(assistant) and STEEL in assistant.search("teeth of steel", 1)[0].text
    small_content(CHANGED)
    assembly.build_index(built)
    monkeypatch.setattr(parts, "Widener", NotingWidener)
    assert "bronze" in texts_of(assistant) and STEEL not in texts_of(assistant)
    assert "bronze" in assistant.search("teeth are made of", 1)[0].text
    assert known and "bronze" in known[-1], "the words that spelling is set right by are the new guide's, too"


def test_a_build_that_fails_changes_nothing(
    built: Settings, small_content: SmallContent, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_content(CHANGED)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(assembly, "seal", full)
        with pytest.raises(GuideError, match=r"^Not enough disk: needs 0\.\d MB, has less\. Nothing changed\."):
            assembly.build_index(built)
        assert STEEL in texts_of(assembly.open_assistant(built))
    assert sorted(path.name for path in built.index.iterdir() if not path.name.startswith(LOCK)) == [
        CURRENT, "gen-000001"
    ]  # fmt: skip
    assert "bronze" in texts_of(assembly.open_assistant(built))


def test_what_a_killed_build_left_is_cleared_away(built: Settings, small_content: SmallContent) -> None:
    half = built.index / "gen-000002.tmp"
    (half / "chroma").mkdir(parents=True)
    small_content(CHANGED)
    assert assembly.build_index(built).generation == "gen-000002"
    assert not half.exists()
