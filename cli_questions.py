"""The part of the terminal door that helps to write question banks: `skill-guide questions`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from ingest.errors import GuideError
from terminal import AsJson, Content, Index, open_for, print_json, say, settings_for

app = typer.Typer(help="Write a question bank for your own guide.")


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="JSON lines of questions.")], content: Content = None,
    index: Index = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Hold a question bank against the guides: lines that cannot be used, duplicates, sections left out."""
    from answering.bank_check import checked, complaint, lines_of
    from parts import embedder_for, passages_for

    settings = settings_for(content, index)
    report = checked(file, passages_for(settings), embedder_for(settings, "float32").encode)
    if as_json:
        print_json(report)
    else:
        for line in lines_of(report):
            say(line)
    if wrong := complaint(file, report):
        raise GuideError(wrong)


@app.command()
def unanswered(content: Content = None, index: Index = None) -> None:
    """Read questions from stdin, one a line; print those that get no answer as lines for a question bank."""
    from answering.bank_check import lines_for_bank

    asked = (line.decode("utf-8", "replace") for line in sys.stdin.buffer)
    for line in lines_for_bank(asked, open_for(content, index).ask):
        sys.stdout.write(line + "\n")
