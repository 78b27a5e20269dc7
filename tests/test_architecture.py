"""The house keeps its shape: imports point one way, heavy ones come late, files stay small."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from settings import PROJECT

# From left to right; packages in one row know nothing of each other.
ORDER = [["ingest"], ["retrieval"], ["skills"], ["answering"], ["ui", "evaluation", "training"]]
RANK = {package: rank for rank, row in enumerate(ORDER) for package in row}
DOORS = {"app", "cli", "cli_add", "cli_index", "cli_questions", "cli_feedback", "cli_skills", "terminal", "batches"}
ABOVE_ALL = DOORS | {"assembly", "freshness", "checking", "watching", "parts", "settings"}
HEAVY = {"chromadb", "docx", "lxml", "onnxruntime", "pandas", "pptx", "pypdfium2", "scipy"}
HEAVY |= {"sentence_transformers", "sklearn", "torch", "transformers"}
MOST_LINES = 300
VAGUE_NAMES = {"common", "helpers", "misc", "models", "utils"}


def _sources() -> list[Path]:
    found = [path for package in RANK for path in sorted((PROJECT / package).rglob("*.py"))]
    return [path for path in [*found, *sorted(PROJECT.glob("*.py"))] if "__pycache__" not in path.parts]


def _package(path: Path) -> str:
    """The package that a file belongs to, or its own name if it stands at the top."""
    return path.relative_to(PROJECT).parts[0].removesuffix(".py")


def _imported(nodes: Iterator[ast.AST]) -> set[str]:
    names = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute here"
            names.add((node.module or "").partition(".")[0])
    return names


def _all_imports(path: Path) -> set[str]:
    return _imported(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def _imports_when_loaded(path: Path) -> set[str]:
    """What is imported as soon as the file is: not what stands in functions or for type checkers alone."""

    def executed(node: ast.AST) -> Iterator[ast.AST]:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            return
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            return
        yield node
        for child in ast.iter_child_nodes(node):
            yield from executed(child)

    return _imported(executed(ast.parse(path.read_text(encoding="utf-8"))))


def _id(path: Path) -> str:
    return str(path.relative_to(PROJECT))


each_source = pytest.mark.parametrize("path", _sources(), ids=_id)


@each_source
def test_imports_point_one_way(path: Path) -> None:
    package = _package(path)
    if package not in RANK:
        return
    wrong = {name for name in _all_imports(path) if name != package and RANK.get(name, -1) >= RANK[package]}
    assert not wrong, f"{package} stands left of {wrong} or beside it, so it may not import it"


@each_source
def test_only_doors_and_assembly_read_settings(path: Path) -> None:
    if _package(path) in ABOVE_ALL | {"training"}:  # training is run by hand, over the whole house
        return
    assert not _all_imports(path) & ABOVE_ALL


@each_source
def test_heavy_imports_come_late(path: Path) -> None:
    assert not _imports_when_loaded(path) & HEAVY, "import it inside the function that needs it"


@each_source
def test_heavy_libraries_stay_in_their_rooms(path: Path) -> None:
    rooms = {"chromadb": {"retrieval"}, "sentence_transformers": {"retrieval", "training"}, "streamlit": {"app", "ui"}}
    strays = {name for name in _all_imports(path) if name in rooms and _package(path) not in rooms[name]}
    assert not strays


@each_source
def test_files_stay_small_and_have_a_purpose(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES, "give a part of it a file and a name of its own"
    assert ast.get_docstring(ast.parse(text)), "say in one or two sentences what it does and what it does not know"
    assert path.stem not in VAGUE_NAMES


@pytest.mark.parametrize("path", sorted((PROJECT / "tests").glob("*.py")), ids=_id)
def test_test_files_stay_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def _heavy_after(code: str, *arguments: str) -> set[str]:
    """Runs the code in a fresh Python and tells which heavy libraries it has loaded at its end, however that came."""
    report = (
        "import atexit, sys\n"
        f"atexit.register(lambda: print('LOADED', *sorted({HEAVY!r} & set(sys.modules)), file=sys.stderr))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", report + code, *arguments], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    line = next(line for line in done.stderr.splitlines() if line.startswith("LOADED"))
    return set(line.split()[1:])


def test_the_probe_for_heavy_libraries_sees_them() -> None:
    assert "scipy" in _heavy_after("import scipy")


def test_help_prints_without_heavy_libraries() -> None:
    assert not _heavy_after("import cli; cli.main()", "--help")


def test_the_page_paints_without_heavy_libraries() -> None:
    # What the page imports, without running it: that would start to warm the model in the background.
    door = ast.parse((PROJECT / "app.py").read_text(encoding="utf-8"))
    own = [ast.unparse(node) for node in door.body if isinstance(node, ast.Import | ast.ImportFrom)]
    pages = [f"import ui.{path.stem}" for path in sorted((PROJECT / "ui").glob("[a-z]*.py"))]
    assert not _heavy_after("\n".join([*own, *pages])) - {"pandas"}  # Streamlit's own affair


def test_each_package_is_declared() -> None:
    found = {path.parent.name for path in PROJECT.glob("*/__init__.py")} - {"tests"}
    assert found <= RANK.keys(), "give it a place in ORDER, in pyproject.toml and in architecture.md"
