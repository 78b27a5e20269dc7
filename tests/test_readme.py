"""The README cannot drift: map, commands, settings, dependencies, examples and links are held against the project."""

import fnmatch
import re
import tomllib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import typer

import cli
from answering.assistant import Assistant
from answering.bank import BankedQuestion
from settings import PREFIX, PROJECT, Settings

README = (PROJECT / "README.md").read_text(encoding="utf-8")
IGNORED = [
    line.strip("/") for line in (PROJECT / ".gitignore").read_text(encoding="utf-8").splitlines() if line[:1] not in "#"
]
MOST_LINES = 340


def _section(heading: str) -> str:
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", README, re.MULTILINE | re.DOTALL)
    assert found, f"README.md has no section {heading!r}"
    return found[1]


def _block(heading: str) -> str:
    return _section(heading).split("```")[1].partition("\n")[2]


def _rows(heading: str) -> list[tuple[str, ...]]:
    lines = [line for line in _section(heading).splitlines() if line.startswith("| ")]
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines[1:]]  # the first is the head


def _mapped() -> Iterator[str]:
    """Every path that the map names, relative to the project."""
    folders: list[str] = []
    for line in _block("The map of the house").splitlines():
        names, caption = re.split(r"\s{2,}", line.strip(), maxsplit=1)
        assert caption, f"no caption: {line}"
        depth = (len(line) - len(line.lstrip())) // 2
        assert depth <= len(folders), f"stands too far in: {line}"
        del folders[depth:]
        for name in names.split(", "):
            yield "".join([*folders, name]).rstrip("/")
        if names.endswith("/"):
            folders.append(names.split(", ")[-1])


def _ours(folder: Path) -> list[Path]:
    """What stands in a folder, less what git ignores."""

    def ignored(path: Path) -> bool:
        place = path.relative_to(PROJECT).as_posix()
        return path.name == ".git" or any(fnmatch.fnmatch(each, one) for one in IGNORED for each in (place, path.name))

    return [path for path in sorted(folder.iterdir()) if not ignored(path)]


def _in_package(package: Path) -> Iterator[Path]:
    for path in _ours(package):
        if path.name != "__init__.py":
            yield path
        if (path / "__init__.py").exists():
            yield from _in_package(path)


def _to_be_mapped() -> list[str]:
    top = _ours(PROJECT)
    packages = [path for path in top if (path / "__init__.py").exists() and path.name != "tests"]
    found = [*top, *(path for package in packages for path in _in_package(package))]
    return sorted(path.relative_to(PROJECT).as_posix() for path in found)


def _commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 -- typer's own click
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, (*path, name))
        else:
            yield " ".join([*path, name]), command


def _described(name: str, command: Any) -> tuple[str, str, str]:  # noqa: ANN401
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    options = [each for each in command.params if each.param_type_name == "option"]
    names = [each.name.upper() if each.required else f"[{each.name.upper()}]" for each in arguments]
    switches = " ".join(each.opts[0] for each in options if not each.hidden)
    return f"`{' '.join([name, *names])}`", f"`{switches}`", " ".join(command.help.split("\n\n")[0].split())


def test_the_map_names_every_file_and_module_and_nothing_else() -> None:
    mapped = list(_mapped())
    assert len(mapped) == len(set(mapped)), "named twice"
    assert not set(_to_be_mapped()) - set(mapped), "give it a line in the map of README.md"
    assert not [path for path in mapped if not (PROJECT / path).exists()], "take it out of the map of README.md"


def test_the_commands_are_those_of_the_terminal() -> None:
    assert _rows("The terminal") == [
        _described(name, command) for name, command in _commands(typer.main.get_command(cli.app))
    ]


def test_the_settings_are_those_that_are_read() -> None:
    def shown(default: object) -> str:
        text = str(default.relative_to(PROJECT) if isinstance(default, Path) else default)
        return f"`{text}`" if text else "empty"

    assert _rows("Settings") == [
        (f"`{PREFIX}{name.upper()}`", shown(field.default), field.description)
        for name, field in Settings.model_fields.items()
    ]


def test_each_dependency_has_its_reason() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    reasons = re.findall(r"^- `([^`]+)`: \S", _section("Why each dependency"), re.MULTILINE)
    assert reasons == [each.partition("==")[0] for each in project["dependencies"]]
    assert project["readme"] == "README.md"


def test_links_lead_to_files() -> None:
    targets = re.findall(r"\]\(([^)]+)\)", README)
    assert len(targets) > len(re.findall(r"!\[", README)) >= 4
    assert not [target for target in targets if not (PROJECT / target).exists()]


def test_what_is_said_to_run_can_run() -> None:
    listed = re.findall(r"^([a-z]+):.*## ", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", README, re.MULTILINE)) <= set(listed)
    assert all(find_spec(module) for module in re.findall(r"python -m (\w[\w.]+)", README))
    commands = {name.split()[0] for name, _ in _commands(typer.main.get_command(cli.app))}
    assert set(re.findall(r"skill-guide ([a-z]+)", README)) <= commands


def test_the_lines_for_a_question_bank_are_in_its_format() -> None:
    lines = _block("Your own guide").splitlines()
    assert [BankedQuestion.model_validate_json(line).answerable for line in lines] == [True, False]


@pytest.mark.parametrize("example", _block("What you get").strip().split("\n\n"))
def test_the_examples_are_what_the_assistant_says(example: str, assistant: Assistant) -> None:
    command, *said, verdict = example.splitlines()
    question = re.search(r'ask "(.+)"$', command)
    assert question
    answer = assistant.ask(question[1])
    places = [f"[{each.number}] {' > '.join(each.headings)}" for each in answer.citations]
    assert verdict.split()[0] == answer.status
    for line in said:
        assert line in places or line.strip("… ") in answer.answer


def test_it_is_short_and_names_no_host() -> None:
    assert len(README.splitlines()) < MOST_LINES
    assert not re.findall(r"https?://|www\.", README)
    assert README.count("<!-- figures -->") == README.count("<!-- /figures -->") == 1
