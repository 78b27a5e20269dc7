"""What the commands of the terminal share: options, the way to the assistant, how results are printed."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.text import Text

from ingest.errors import GuideError

if TYPE_CHECKING:
    from answering.answer import Answer
    from answering.assistant import Assistant
    from settings import Settings

Content = Annotated[Path | None, typer.Option("--content", help="Folder of guides (SKILL_GUIDE_CONTENT).")]
Index = Annotated[Path | None, typer.Option("--index", help="Folder of the index (SKILL_GUIDE_INDEX).")]
Phrase = Annotated[
    bool | None, typer.Option("--phrase/--no-phrase", help="In the words of the language model that is set.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def settings_for(content: Path | None, index: Path | None) -> "Settings":
    """The settings, with what the options choose.

    Raises:
        GuideError: a choice cannot be used.
    """
    from settings import load_settings

    return load_settings(content=content, index=index)


def open_for(content: Path | None, index: Path | None) -> "Assistant":
    """The assistant; its index is built first where that is needed, with progress on stderr.

    Raises:
        GuideError: there is no index and none can be built.
    """
    from assembly import open_assistant

    settings = settings_for(content, index)
    with progress(quiet=not sys.stderr.isatty()) as report:
        return open_assistant(settings, report)


def worded(assistant: "Assistant", answer: "Answer", phrase: bool | None, *, alone: bool = True) -> "Answer":
    """The answer in the language model's words where one is set and nobody said no; Ctrl-C leaves it as it is.

    One of several answers, not `alone`, is left with all that come after it: Ctrl-C ends the command.

    Raises:
        GuideError: it is wanted expressly, and no language model is set.
    """
    if phrase and not assistant.language_model:
        raise GuideError("--phrase needs a language model: set SKILL_GUIDE_LLM_URL and SKILL_GUIDE_LLM_MODEL")
    begun = None if phrase is False else assistant.phrasing(answer)
    if begun is None:
        return answer
    try:
        return begun.answer()
    except KeyboardInterrupt:
        begun.stop()
        if not alone:
            raise
        return begun.answer()


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[str, float], None]]:
    """A bar on stderr while it lasts; gives what moves it, by a name and a share of 0..1."""
    from rich.progress import BarColumn, Progress, TextColumn

    console = Console(stderr=True, quiet=quiet)
    with Progress(TextColumn("{task.description}"), BarColumn(), console=console, transient=True) as bar:
        task = bar.add_task("starting", total=1.0)
        yield lambda what, share: bar.update(task, description=what, completed=share)


def print_json(found: BaseModel) -> None:
    """Prints an object for programs, on one line."""
    sys.stdout.write(found.model_dump_json() + "\n")


def say(line: str) -> None:
    """Prints a line for people, signs that steer terminals made harmless."""
    Console(highlight=False).print(Text(line), soft_wrap=True)
