"""The terminal's command that takes a file or a web page into the content folder. Holds no logic of its own."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from ingest.documents import Frozen
from ingest.errors import GuideError
from terminal import AsJson, Content, Index, print_json, progress, say, settings_for


class Added(Frozen):
    """What `add` did; the JSON of `skill-guide add`."""

    name: str
    bytes: int
    was_there: bool
    source: str


def add(
    source: Annotated[str, typer.Argument(help="An http or https address, or a file.")],
    name: Annotated[str | None, typer.Option("--name", help="What to call it in the folder.")] = None,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Also this machine, private networks, any port.")
    ] = False,
    build: Annotated[bool, typer.Option("--build", help="Bring the index up to date afterwards.")] = False,
    content: Content = None,
    index: Index = None,
    as_json: AsJson = False,
) -> None:
    """Take a web page or a file into the folder of guides; the page is fetched once."""
    from ingest.arrivals import MAX_ARRIVAL_BYTES, take_in
    from ingest.fetching import fetch
    from ingest.folder import read_named

    settings = settings_for(content, index)
    if not settings.content.is_dir():
        raise GuideError(f"no folder of guides at {settings.content}: create it, or name another with --content")
    if "://" in source:
        found = fetch(source, allow_private=allow_private)
        held, called = found.content, found.name
    else:
        path = Path(source).expanduser()
        held, called = read_named(path, MAX_ARRIVAL_BYTES), path.name
    arrival = take_in(settings.content, name or called, held)
    if as_json:
        print_json(Added(name=arrival.name, bytes=arrival.bytes, was_there=arrival.was_there, source=source))
    else:
        state = "was there already, unchanged" if arrival.was_there else f"stored, {arrival.bytes:,} bytes"
        say(f"{arrival.name}: {state}" + ("" if build else "; now run: skill-guide build"))
    if build:
        from assembly import build_index

        with progress(quiet=as_json or not sys.stderr.isatty()) as report:
            done = build_index(settings, report)
        if not as_json:
            say(f"{done.documents} documents, {done.passages} passages, {done.generation}")
        for skipped in done.skipped:
            if skipped.path == arrival.name:
                raise GuideError(f"{arrival.name} is in the folder but cannot be read: it {skipped.reason}")
