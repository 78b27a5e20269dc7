"""The real model: checked before it is used, never fetched, and the same from every thread."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from ingest.errors import GuideError
from retrieval import embedder as module
from retrieval.embedder import (
    BFLOAT16_GAIN,
    PACKAGE,
    PACKAGED_MODEL,
    PACKAGED_SHA256,
    Precision,
    SentenceTransformerEmbedder,
    faster_precision,
)
from settings import PROJECT
from tests.indexes import flip_byte

TEXTS = [
    "A relational database stores data in tables.",
    "SQL databases keep rows in tables.",
    "Bananas are yellow.",
    "",
]
DIMENSIONS = 384
BEYOND_THE_WINDOW = 1000


@pytest.fixture(scope="module")
def model() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder()


@pytest.fixture
def copied(model: SentenceTransformerEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The model's folder in an installed package of our own; its files are links until a test replaces one."""
    package = tmp_path / PACKAGE
    for name in PACKAGED_SHA256:
        link = package / "model" / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(model.folder / name)
    (package / "__init__.py").touch()
    monkeypatch.delitem(sys.modules, PACKAGE, raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    return package / "model"


def test_texts_of_one_meaning_are_near(model: SentenceTransformerEmbedder) -> None:
    vectors = model.encode(TEXTS)
    near = vectors @ vectors.T
    assert near[0, 1] > 0.6
    assert near[0, 2] < 0.2


def test_vectors_are_of_length_one_in_single_precision(model: SentenceTransformerEmbedder) -> None:
    vectors = model.encode(TEXTS)
    assert vectors.dtype == np.float32
    assert (vectors.shape, model.dimensions) == ((len(TEXTS), DIMENSIONS), DIMENSIONS)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_text_gives_no_vector(model: SentenceTransformerEmbedder) -> None:
    assert len(model.encode([])) == 0


def test_company_makes_no_difference_to_a_text(model: SentenceTransformerEmbedder) -> None:
    together = model.encode([*TEXTS, "word " * BEYOND_THE_WINDOW])
    np.testing.assert_allclose(together[:1], model.encode(TEXTS[:1]), atol=1e-5)


def test_bfloat16_is_a_little_coarser_and_says_so(model: SentenceTransformerEmbedder) -> None:
    coarse = SentenceTransformerEmbedder(precision="bfloat16")
    fine_vectors, coarse_vectors = model.encode(TEXTS), coarse.encode(TEXTS)
    assert coarse_vectors.dtype == np.float32
    assert np.einsum("ij,ij->i", fine_vectors, coarse_vectors).min() > 0.99
    assert not np.array_equal(fine_vectors, coarse_vectors)
    assert (model.fingerprint, coarse.fingerprint) == tuple(
        f"{PACKAGED_SHA256['model.safetensors']}:{precision}" for precision in ("float32", "bfloat16")
    )


@pytest.mark.parametrize(
    ("gain", "expected"), [(BFLOAT16_GAIN + 0.1, "bfloat16"), (BFLOAT16_GAIN - 0.1, "float32"), (0.5, "float32")]
)
def test_bfloat16_is_taken_where_it_is_measured_to_be_clearly_faster(
    gain: float, expected: Precision, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Timed:
        def __init__(self, precision: Precision) -> None:
            self.seconds = 1.0 if precision == "float32" else 1.0 / gain

        def encode(self, texts: list[str], *, show_progress_bar: bool) -> None:
            del texts, show_progress_bar

    def load(folder: Path, precision: Precision) -> Timed:
        del folder
        return Timed(precision)

    def measured(timed: Timed, sample: list[str]) -> float:
        del sample
        return timed.seconds

    monkeypatch.setattr(module, "load_model", load)
    monkeypatch.setattr(module, "_seconds", measured)
    assert faster_precision("", TEXTS) == (expected, {"float32": 1.0, "bfloat16": round(1 / gain, 4)})


@pytest.mark.parametrize(
    ("text", "tokens"), [("", 0), ("A database.", 3), ("word " * BEYOND_THE_WINDOW, BEYOND_THE_WINDOW)]
)
def test_tokens_are_counted_beyond_the_window_and_without_special_ones(
    model: SentenceTransformerEmbedder, text: str, tokens: int
) -> None:
    assert model.count_tokens(text) == tokens


def test_it_knows_whole_words(model: SentenceTransformerEmbedder) -> None:
    assert model.knows_word("Database")
    assert not model.knows_word("databsae")


def test_many_threads_get_what_one_gets(model: SentenceTransformerEmbedder) -> None:
    expected = model.encode(TEXTS)
    fresh = SentenceTransformerEmbedder()

    def work(number: int) -> tuple[int, float]:
        text = TEXTS[number % len(TEXTS)]
        wrong = np.abs(fresh.encode([text])[0] - expected[number % len(TEXTS)]).max()
        return fresh.count_tokens(text) - model.count_tokens(text), float(wrong)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(work, range(48)))
    assert {tokens for tokens, _ in found} == {0}
    assert max(wrong for _, wrong in found) < 1e-5


def test_the_sums_cover_every_file_that_can_change_a_vector(model: SentenceTransformerEmbedder) -> None:
    files = {path.relative_to(model.folder).as_posix() for path in model.folder.rglob("*") if path.is_file()}
    assert files - PACKAGED_SHA256.keys() == {".gitattributes", "README.md"}
    assert PACKAGED_SHA256["model.safetensors"] == "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def test_a_sound_copy_is_taken(copied: Path) -> None:
    found = SentenceTransformerEmbedder()
    assert (found.folder, found.name) == (copied, PACKAGED_MODEL)


@pytest.mark.parametrize("name", sorted(PACKAGED_SHA256))
def test_one_wrong_byte_in_any_file_is_noticed(name: str, copied: Path) -> None:
    _replace(copied / name, flip_byte)
    with pytest.raises(GuideError) as caught:
        SentenceTransformerEmbedder()
    assert str(caught.value) == f"the embedding model is damaged (file {name}): run make clean install"


@pytest.mark.parametrize("name", ["model.safetensors", "1_Pooling/config.json"])
def test_a_missing_file_is_named(name: str, copied: Path) -> None:
    (copied / name).unlink()
    with pytest.raises(GuideError, match=f"lacks its file {name}: run make clean install"):
        SentenceTransformerEmbedder()


def _replace(link: Path, change: Callable[[Path], object]) -> None:
    original = link.resolve()
    link.unlink()
    shutil.copyfile(original, link)
    change(link)


def test_a_missing_package_is_named_with_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PACKAGE", "gt_no_such_package")
    with pytest.raises(GuideError, match="the package gt-no-such-package is not installed: run make install"):
        SentenceTransformerEmbedder()


def test_a_model_of_ones_own_is_a_folder(copied: Path) -> None:
    own = SentenceTransformerEmbedder(str(copied))
    assert own.name == "model"
    assert own.fingerprint == f"{PACKAGED_SHA256['model.safetensors']}:float32"


def test_a_folder_without_a_model_is_named_with_its_setting(tmp_path: Path) -> None:
    with pytest.raises(
        GuideError, match=f"no sentence-transformers model in the folder {tmp_path}: .*SKILL_GUIDE_MODEL"
    ):
        SentenceTransformerEmbedder(str(tmp_path))


@pytest.mark.parametrize("damage", ["weights cut off", "weights as pickle only", "modules not JSON"])
def test_a_model_that_cannot_be_loaded_is_an_error_in_one_line(damage: str, copied: Path) -> None:
    match damage:
        case "weights cut off":
            _replace(copied / "model.safetensors", lambda path: path.write_bytes(path.read_bytes()[:1000]))
        case "weights as pickle only":
            (copied / "model.safetensors").rename(copied / "pytorch_model.bin")
        case "modules not JSON":
            _replace(copied / "modules.json", lambda path: path.write_text("{"))
    with pytest.raises(GuideError, match=f"no sentence-transformers model can be loaded from {copied}: ") as caught:
        SentenceTransformerEmbedder(str(copied)).encode(TEXTS)
    assert "\n" not in str(caught.value)


ALONE = """
import os, sys
reached = []
def watch(event, details):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}:
        reached.append((event, repr(details)))
        raise ConnectionRefusedError(event)
sys.addaudithook(watch)
from retrieval.embedder import SentenceTransformerEmbedder
model = SentenceTransformerEmbedder()
import json
print(json.dumps({"shape": model.encode(["text"]).shape, "tokens": model.count_tokens("a text"), "reached": reached}))
"""


def test_nothing_is_fetched_even_by_a_process_that_no_one_told_to_stay_offline(tmp_path: Path) -> None:
    bare = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PYTHONPATH": str(PROJECT)}
    done = subprocess.run(
        [sys.executable, "-c", ALONE], env=bare, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == {"shape": [1, DIMENSIONS], "tokens": 2, "reached": []}
    assert not [path for path in tmp_path.rglob("*") if "hub" in path.parts]


def test_a_named_model_is_taken_from_earlier_downloads_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = tmp_path / "models--sentence-transformers--tiny"
    snapshot = cache / "snapshots" / "abc"
    snapshot.mkdir(parents=True)
    (snapshot / "modules.json").write_text("[]")
    (cache / "refs").mkdir()
    (cache / "refs" / "main").write_text("abc")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    assert SentenceTransformerEmbedder("tiny").folder == snapshot
    assert SentenceTransformerEmbedder("sentence-transformers/tiny").folder == snapshot
    with pytest.raises(GuideError, match="SKILL_GUIDE_MODEL"):
        SentenceTransformerEmbedder("sentence-transformers/unknown")
