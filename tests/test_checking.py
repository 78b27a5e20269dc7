"""`skill-guide check` finds what is wrong with an index, also where every file is as it was written, and mends it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import assembly
import cli
from checking import CheckReport, check_index
from retrieval.generation import Generation
from retrieval.index import live_name
from retrieval.manifest import CORPUS, digests, read_manifest, write_manifest
from retrieval.store import ChromaStore, StoreError
from settings import Settings
from tests.builds import settings_for
from tests.conftest import SMALL_GUIDE, SmallContent
from tests.indexes import flip_byte, ignore


def _check(settings: Settings, *, full: bool = False, repair: bool = False) -> CheckReport:
    return check_index(settings, ignore, lambda line: None, full=full, repair=repair)


def _found(settings: Settings) -> list[str]:
    return [f"{each.place}: {each.what}" for each in _check(settings).findings]


def _live(settings: Settings) -> Path:
    return settings.index / live_name(settings.index)


def _sealed_again(folder: Path) -> None:
    """As if the build itself had written what is there now."""
    write_manifest(folder, read_manifest(folder).model_copy(update={"files": digests(folder)}))


@pytest.mark.parametrize("full", [False, True])
def test_a_sound_index_is_sound(built: Settings, full: bool) -> None:
    found = _check(built, full=full)
    assert (found.sound, found.findings, found.unreachable, found.repaired) == (True, (), (), False)
    assert (found.documents, found.passages, found.generation) == (1, 2, "gen-000001")
    assert found.embedded == found.looked_up == found.passages + found.sentences > 5


def _vector(change: Callable[[Any], None]) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        vectors = np.load(folder / "sentences.npy")
        change(vectors)
        np.save(folder / "sentences.npy", vectors)

    return damage


def _text(change: Callable[[Any], None]) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        stored = json.loads((folder / CORPUS).read_bytes())
        change(stored)
        (folder / CORPUS).write_text(json.dumps(stored), encoding="utf-8")

    return damage


def _swap(vectors: Any) -> None:  # noqa: ANN401
    vectors[[0, -1]] = vectors[[-1, 0]]


def _not_a_number(vectors: Any) -> None:  # noqa: ANN401
    vectors[2, 5] = np.nan


def _longer(vectors: Any) -> None:  # noqa: ANN401
    vectors[1] *= 1.5


def _shorter(stored: Any) -> None:  # noqa: ANN401
    del stored["passages"][-1]


def _reworded(stored: Any) -> None:  # noqa: ANN401
    stored["passages"][-1]["text"] = stored["passages"][-1]["text"].replace("steel", "brass")


def _document(stored: Any) -> None:  # noqa: ANN401
    stored["documents"][0]["text"] = stored["documents"][0]["text"].replace("steel", "brass")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (_vector(_swap), "sentences.npy row 0: is another text's vector"),
        (_vector(_not_a_number), "sentences.npy row 2: holds what is no number"),
        (_vector(_longer), "sentences.npy row 1: has the length 1.5000, not 1"),
        (_text(_shorter), "tools: its passages do not reach from its first character to its last"),
        (_text(_reworded), "is not the text at its place"),
        (_text(_document), "tools: reads otherwise than the guide does now"),
    ],
)
def test_what_the_digests_cannot_tell_is_found_and_mended(
    damage: Callable[[Path], None], said: str, built: Settings
) -> None:
    damage(_live(built))
    _sealed_again(_live(built))
    Generation(_live(built)).close()
    assert said in "\n".join(_found(built))
    mended = _check(built, repair=True)
    assert (mended.sound, mended.repaired, mended.generation) == (True, True, "gen-000002")


def test_a_guide_that_has_changed_since_is_found(built: Settings, small_content: SmallContent) -> None:
    small_content("# More\n\nMore of it.\n", "more.md")
    assert "more: is not in the index" in _found(built)
    (built.content / "tools.md").unlink()
    assert "tools: is no longer among the guides" in _found(built)


def test_damage_and_absence_are_found(built: Settings) -> None:
    flip_byte(_live(built) / "passages.npy")
    assert _found(built) == ["gen-000001: passages.npy is damaged"]
    assert _found(settings_for(built.content, built.index.with_name("none")))[0].endswith("run skill-guide build")


def test_records_that_the_store_lacks_or_does_not_find_are_listed(
    built: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = ChromaStore.ids
    monkeypatch.setattr(ChromaStore, "ids", lambda store, name: {*sorted(held(store, name))[1:], "another"})
    found = "\n".join(_found(built))
    assert "is lacking among the stored passages" in found
    assert "another: does not belong to the stored sentences" in found
    monkeypatch.undo()
    monkeypatch.setattr(ChromaStore, "nearest", lambda store, name, vector, k: [])
    report = _check(built)
    assert report.sound and len(report.unreachable) == report.looked_up

    def dead(*_: object) -> None:
        raise StoreError("it is dead")

    monkeypatch.setattr(ChromaStore, "nearest", dead)
    assert _found(built) == ["chroma: it is dead"]


def _run(built: Settings, *arguments: str) -> int | str | None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["check", *arguments, "--content", str(built.content), "--index", str(built.index)])
    return ended.value.code


def test_the_command_exits_with_1_where_something_is_wrong(
    built: Settings, capfd: pytest.CaptureFixture[str], small_content: SmallContent
) -> None:
    assert _run(built) == 0
    assert "The index is sound." in capfd.readouterr().out
    small_content(SMALL_GUIDE.replace("steel", "bronze"))
    assert _run(built, "--json") == 1
    report = json.loads(capfd.readouterr().out)
    assert report["sound"] is False and report["findings"][0]["place"] == "tools"
    assert _run(built, "--repair") == 0
    out, err = capfd.readouterr()
    assert "The index was built anew." in out and "tools: reads otherwise" in err


def test_an_index_of_bfloat16_vectors_is_sound(small_content: SmallContent) -> None:
    guide = SMALL_GUIDE + "".join(f"\nTool number {number} cuts {'very ' * number}well.\n" for number in range(40))
    settings = settings_for(small_content(guide)).model_copy(update={"precision": "bfloat16"})
    assembly.build_index(settings)
    assert _found(settings) == []
