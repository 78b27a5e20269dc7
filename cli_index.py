"""The terminal's commands for the index: build it, follow the guides, check it. Holds no logic of its own."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from terminal import AsJson, Content, Index, print_json, progress, say, settings_for

if TYPE_CHECKING:
    from assembly import BuildReport

EXIT_UNSOUND = 1


def build(
    watch: Annotated[bool, typer.Option("--watch", help="Go on, and build again after each change.")] = False,
    content: Content = None,
    index: Index = None,
    as_json: AsJson = False,
) -> None:
    """Read the guides and bring the index up to date."""
    from assembly import build_index

    settings = settings_for(content, index)
    show = print_json if as_json else _summary
    if watch:
        from watching import follow

        if not as_json:
            say(f"following {settings.content}; stop with Ctrl-C")
        follow(settings, show, _remark)
        return
    with progress(quiet=as_json or not sys.stderr.isatty()) as report:
        done = build_index(settings, report, None if as_json else say)
    show(done)


def check(
    full: Annotated[bool, typer.Option("--full", help="Embed and look up every text, not only a sample.")] = False,
    repair: Annotated[bool, typer.Option("--repair", help="Build the index anew if it is not sound.")] = False,
    content: Content = None,
    index: Index = None,
    as_json: AsJson = False,
) -> int:
    """Verify every passage, vector, offset and digest of the index against the guides."""
    from checking import check_index

    settings = settings_for(content, index)
    with progress(quiet=as_json or not sys.stderr.isatty()) as report:
        found = check_index(settings, report, _remark, full=full, repair=repair)
    if as_json:
        print_json(found)
        return 0 if found.sound else EXIT_UNSOUND
    for each in found.findings:
        say(f"{each.place}: {each.what}")
    for name in found.unreachable:
        say(f"{name}: not found by its own vector; exact search serves it")
    say(
        f"{found.generation or 'no index'}: {found.documents} documents, {found.passages} passages, {found.sentences}"
        f" sentences; {found.embedded} embedded again, {found.looked_up} looked up, {len(found.unreachable)} not found;"
        f" {found.seconds:.1f} s"
    )
    if found.repaired:
        say("The index was built anew.")
    say("The index is sound." if found.sound else "The index is not sound: run skill-guide check --repair")
    return 0 if found.sound else EXIT_UNSOUND


def _summary(done: "BuildReport") -> None:
    counts = f"{done.documents} documents, {done.passages} passages: {done.changes}"
    say(f"{counts}; {done.seconds:.1f} s, {done.generation}")
    for skipped in done.skipped:
        say(f"skipped: {skipped.path} {skipped.reason}")
    for note in done.notes:
        say(f"note: {note}")


def _remark(line: str) -> None:
    """Prints a line for people on stderr, beside results that programs may read."""
    sys.stderr.write("skill-guide: " + "".join(each if each.isprintable() else " " for each in line) + "\n")
    sys.stderr.flush()
