"""The terminal door's commands for those who check skills: define, match. Prints for people, or JSON for programs."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from batches import Line, run_batch
from ingest.errors import GuideError
from terminal import AsJson, Content, Index, open_for, print_json, say

if TYPE_CHECKING:
    from skills.card import Card, NoCard
    from skills.match import Match

SHOWN_MENTIONS = 5
MOST_BYTES = 20_000_000
"""Of an ad or CV, which may hold pictures."""


class Looked(Line):
    """A line of `define --batch`."""

    query: str


class Held(Line):
    """A line of `match --batch`."""

    text: str


def define(
    term: Annotated[str | None, typer.Argument(help="A term, by any of its names.")] = None,
    batch: Annotated[Path | None, typer.Option("--batch", help="JSON lines of id, query.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where the cards of --batch go.")] = None,
    content: Content = None,
    index: Index = None,
    as_json: AsJson = False,
) -> None:
    """Show what the guide says a term is, where it names it, and what is related."""
    if (term is None) == (batch is None):
        raise GuideError("name one term, as in: skill-guide define Kubernetes; or --batch IN.jsonl")
    if batch is not None:
        if out is None:
            raise GuideError("--batch needs --out OUT.jsonl")
        assistant = open_for(content, index)
        run_batch(batch, out, Looked, lambda line: assistant.define(line.query))
        return
    found = open_for(content, index).define(term or "")
    if as_json:
        print_json(found)
    elif found.term is None:
        _show_nearest(found)
    else:
        _show_card(found)


def match(
    file: Annotated[Path | None, typer.Argument(help="A job ad or CV; - reads text from stdin.")] = None,
    batch: Annotated[Path | None, typer.Option("--batch", help="JSON lines of id, text.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where the results of --batch go.")] = None,
    content: Content = None,
    index: Index = None,
    as_json: AsJson = False,
) -> None:
    """Hold a job ad or CV against the guide: what it covers, what the guide lacks, what is not asked for."""
    if (file is None) == (batch is None):
        raise GuideError("name one file, as in: skill-guide match ad.txt; - for stdin; or --batch IN.jsonl")
    if batch is not None:
        if out is None:
            raise GuideError("--batch needs --out OUT.jsonl")
        assistant = open_for(content, index)
        run_batch(batch, out, Held, lambda line: assistant.match(line.text))
        return
    text = _text_in(file or Path("-"))
    found = open_for(content, index).match(text)
    if as_json:
        print_json(found)
    else:
        _show_match(found)


def _text_in(file: Path) -> str:
    from ingest.folder import read_named
    from ingest.reader import text_of

    typed = str(file) == "-"
    held = sys.stdin.buffer.read(MOST_BYTES) if typed else read_named(file, MOST_BYTES)
    try:
        return text_of(held, "stdin.txt" if typed else file.name)
    except GuideError as error:
        raise GuideError(f"{'stdin' if typed else file} {error}") from error


def _show_match(found: "Match") -> None:
    console = Console(highlight=False)
    for area in found.areas:
        console.print(Text(f"{area.area or 'Elsewhere'}: {area.covered} of {area.terms}", style="bold"), soft_wrap=True)
        for each in found.covered:
            if each.area == area.area:
                said = "" if each.found == each.term else f" (“{' '.join(each.found.split())}”)"
                console.print(Text(f"  {each.term}{said}"), soft_wrap=True)
    lacking = ", ".join(found.not_in_guide)
    say(f"Not in the guide: {lacking}" if lacking else "Not in the guide: no technical term")
    if found.negated:
        say(f"Ruled out, not counted: {', '.join(each.term for each in found.negated)}")
    console.print(Text(f"Not asked for: {', '.join(found.not_asked)}", style="dim"), soft_wrap=True)


def _show_card(card: "Card") -> None:
    console = Console(highlight=False)
    names = f", also {', '.join(card.aliases)}" if card.aliases else ""
    console.print(Text(f"{card.term} ({card.kind}{names})", style="bold"), soft_wrap=True)
    if card.definition:
        console.print(Text(f"{card.definition.quote} [{card.definition.number}]"), soft_wrap=True)
    else:
        say("The guide names it without saying what it is.")
    if card.note:
        say(f"{card.note.text} ({card.note.source})")
    for cited in card.mentions[:SHOWN_MENTIONS]:
        place = f"[{cited.number}] {' > '.join(cited.headings)}: {' '.join(cited.quote.split())}"
        console.print(Text(place, style="dim"), soft_wrap=True)
    if len(card.mentions) > SHOWN_MENTIONS:
        console.print(Text(f"and {len(card.mentions) - SHOWN_MENTIONS} more mentions", style="dim"))
    if card.related:
        console.print(Text(f"Related: {', '.join(card.related)}", style="dim"), soft_wrap=True)


def _show_nearest(found: "NoCard") -> None:
    say(f"The guide never mentions “{' '.join(found.query.split())}”.")
    if found.nearest:
        say(f"Nearest: {', '.join(found.nearest)}")
