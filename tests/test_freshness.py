"""People are told why an index is made anew: what is damaged, which model, version or guide is another."""

import logging
import shutil
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest

import assembly
import parts
from answering.assistant import Assistant
from ingest.documents import Corpus, Document
from ingest.errors import GuideError
from ingest.reader import read_corpus
from retrieval.index import CURRENT, live_name
from retrieval.manifest import CORPUS, Manifest, read_manifest, write_manifest
from settings import Settings
from tests.builds import bag_of_words, settings_for
from tests.conftest import SMALL_GUIDE, SmallContent
from tests.indexes import flip_byte


@pytest.fixture
def embedded() -> Iterator[list[str]]:
    with bag_of_words() as texts:
        yield texts


@pytest.fixture
def built(embedded: list[str], small_content: SmallContent) -> Settings:
    """Settings of a small guide whose index is built."""
    settings = settings_for(small_content())
    assembly.build_index(settings)
    embedded.clear()
    return settings


def _live(settings: Settings) -> Path:
    return settings.index / live_name(settings.index)


def _said(settings: Settings) -> list[str]:
    said: list[str] = []
    assembly.build_index(settings, say=said.append)
    return said


def _as_if(settings: Settings, **changes: object) -> None:
    """Makes the live generation one that was built otherwise."""
    made: Manifest = read_manifest(_live(settings))
    write_manifest(_live(settings), made.model_copy(update=changes))


def test_nothing_is_said_of_a_sound_index(built: Settings) -> None:
    assert _said(built) == []


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"model": "A", "fingerprint": "A:1"}, "it was made with the model A, and now it is bag-of-words"),
        ({"precision": "bfloat16", "fingerprint": "x"}, "it was made with bfloat16 numbers, and now they are float32"),
        ({"fingerprint": "x"}, "it was made with other weights of the model bag-of-words"),
        ({"recipe": "parsers 0"}, "it was made by another version (parsers 0 is now parsers "),
        ({"sources": ()}, "the guides have changed"),
    ],
)
def test_what_has_changed_is_said(built: Settings, changes: dict[str, object], why: str) -> None:
    _as_if(built, **changes)
    (said,) = _said(built)
    assert said.startswith(f"the index is made anew: {why}")
    assert live_name(built.index) == "gen-000002" and _said(built) == []


def test_another_chunker_is_named(built: Settings) -> None:
    recipe = read_manifest(_live(built)).recipe
    _as_if(built, recipe=recipe.replace("chunker ", "chunker 0."))
    (said,) = _said(built)
    assert "(chunker 0." in said and "glossary" not in said


def test_another_format_is_said(built: Settings) -> None:
    _as_if(built, format=999)
    assert "made by another version (format 999, here" in _said(built)[0]


def test_damage_is_said_and_healed_with_the_vectors_of_an_older_generation(
    built: Settings, embedded: list[str], small_content: SmallContent
) -> None:
    small_content(SMALL_GUIDE.replace("steel", "bronze"))
    assembly.build_index(built)
    embedded.clear()
    flip_byte(_live(built) / "passages.npy")
    assert _said(built) == ["the index is damaged (gen-000002: passages.npy is damaged): rebuilding it from the guides"]
    assert any("bronze" in text for text in embedded)
    assert not [text for text in embedded if "500 grams" in text]


def test_an_unfinished_update_is_said_to_be_discarded(built: Settings) -> None:
    (built.index / "gen-000002.tmp" / "chroma").mkdir(parents=True)
    (built.index / "gen-000000.gone").mkdir()
    assert _said(built) == ["an unfinished update was discarded (gen-000002.tmp)"]
    assert _said(built) == [] and len(list(built.index.glob("gen-*"))) == 1


def test_a_lost_pointer_is_mended(built: Settings) -> None:
    (built.index / CURRENT).unlink()
    assert _said(built) == ["the index had lost its pointer, which names gen-000001 again"]
    assert (built.index / CURRENT).read_text(encoding="utf-8") == "gen-000001"


def _opened(settings: Settings, said: list[str]) -> Assistant:
    return assembly.open_assistant(settings, say=said.append, wait=False)


def test_while_an_index_heals_an_older_one_answers(
    built: Settings, small_content: SmallContent, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_content(SMALL_GUIDE.replace("steel", "bronze"))
    assembly.build_index(built)
    flip_byte(_live(built) / "corpus.json")
    heal: list[Callable[[], object]] = []

    class Later:
        def __init__(self, target: Callable[..., object], args: tuple[object, ...], name: str, daemon: bool) -> None:
            assert name and daemon
            heal.append(partial(target, *args))

        def start(self) -> None: ...

    monkeypatch.setattr(assembly, "Thread", Later)
    said: list[str] = []
    assistant = _opened(built, said)
    assert "made of steel" in assistant.documents()[0].text and said == []
    heal[0]()
    assert said[0].startswith("the index is damaged (gen-000002: corpus.json is damaged)")
    assert "made of bronze" in assistant.documents()[0].text


def test_without_a_sound_one_the_index_heals_first(built: Settings) -> None:
    flip_byte(_live(built) / "corpus.json")
    said: list[str] = []
    assert "made of steel" in _opened(built, said).documents()[0].text
    assert said == ["the index is damaged (gen-000001: corpus.json is damaged): rebuilding it from the guides"]


def test_an_index_that_cannot_be_brought_up_to_date_answers_as_it_is(
    built: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.rmtree(built.content)
    with caplog.at_level(logging.WARNING, "skill-guide"):
        assistant = assembly.open_assistant(built)
    assert "answering from the index as it is: " in caplog.text and assistant.documents()


def test_an_assistant_of_another_model_is_refused(built: Settings) -> None:
    _as_if(built, model="A", fingerprint="A:1")
    with pytest.raises(GuideError, match=r"the index was made with another model \(A\)"):
        parts.assistant_over(built)


def test_only_files_that_changed_are_parsed_again(built: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Mapping[str, Document]] = []
    read = read_corpus

    def reading(folder: Path, known: Mapping[str, Document] | None = None) -> Corpus:
        given.append(known or {})
        return read(folder, known)

    monkeypatch.setattr(assembly, "read_corpus", reading)
    assembly.build_index(built)
    assert [each.path for each in given[-1].values()] == list(given[-1]) and given[-1]
    assembly.build_index(built, anew=True)
    assert not given[-1]
    _as_if(built, recipe="parsers 0, and more")
    assembly.build_index(built)
    assert not given[-1]
    flip_byte(_live(built) / CORPUS)
    assembly.build_index(built)
    assert not given[-1]
