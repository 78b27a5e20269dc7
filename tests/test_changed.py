"""A build after a change does again only what the change concerns, and gives what a build anew would give."""

from pathlib import Path

import pytest

import assembly
import freshness
import parts
from ingest.chunker import CountTokens, cut
from ingest.documents import Document, Passage
from retrieval.generation import Stored
from retrieval.index import live_name
from settings import Settings
from tests.conftest import SMALL_GUIDE, SmallContent

CHANGED = SMALL_GUIDE.replace("steel", "bronze")
FILES = "# Files\n\nA file makes metal smooth.\n"


def _live(settings: Settings) -> Path:
    return settings.index / live_name(settings.index)


def test_only_guides_that_changed_are_cut_again(
    built: Settings, small_content: SmallContent, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_again: list[str] = []

    def cutting(document: Document, tokens: CountTokens) -> tuple[Passage, ...]:
        cut_again.append(document.path)
        return cut(document, tokens)

    monkeypatch.setattr(parts, "cut", cutting)
    small_content(FILES, "files.md")
    assembly.build_index(built)
    small_content(CHANGED)
    assembly.build_index(built)
    assert cut_again == ["files.md", "tools.md"]
    monkeypatch.setattr(freshness, "CUT", "chunker 99, 7 tokens")
    assembly.build_index(built)
    assert sorted(cut_again[2:]) == ["files.md", "tools.md"], "another chunker cuts otherwise"


def test_a_build_after_a_change_gives_what_a_build_anew_gives(built: Settings, small_content: SmallContent) -> None:
    small_content(FILES, "files.md")
    assembly.build_index(built)
    small_content(CHANGED)
    assert assembly.build_index(built).updated == 1
    changed = _live(built)
    assembly.build_index(built, anew=True)
    assert _live(built) != changed
    # Not the questions to offer: those of sections that did not change were tried before the change.
    for name in ("corpus.json", "skills.json", "map.json", "sentences.npy"):
        assert (changed / name).read_bytes() == (_live(built) / name).read_bytes(), name


def test_a_build_holds_one_copy_of_the_texts(
    built: Settings, small_content: SmallContent, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bytes] = []
    validate = Stored.model_validate_json

    def reading(told: bytes) -> Stored:
        read.append(told)
        return validate(told)

    monkeypatch.setattr(Stored, "model_validate_json", reading)
    assembly.build_index(built, anew=True)
    assert not read
    small_content(CHANGED)
    assembly.build_index(built)
    assert len(read) == 1, "what the index held, once"
