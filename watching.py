"""Follows the folder of the guides and brings the index up to date whenever something in it has changed."""

from collections.abc import Callable
from pathlib import Path
from threading import Event

from assembly import BuildReport, build_index
from ingest.errors import GuideError
from settings import Settings

QUIET_MILLISECONDS = 500
"""A build begins when nothing has changed for so long: an editor saves in several steps."""
LONGEST_WAIT_MILLISECONDS = 5_000


def follow(
    settings: Settings, built: Callable[[BuildReport], None], say: Callable[[str], None], stop: Event | None = None
) -> None:
    """Builds now, and after each change, until told to stop; an error is said, and the following goes on.

    Raises:
        GuideError: there is no folder to follow.
    """
    from watchfiles import watch

    if not settings.content.is_dir():
        raise GuideError(f"{settings.content} is no folder: name one with --content")
    _build(settings, built, say)

    def counts(change: object, path: str) -> bool:
        del change
        return not Path(path).is_relative_to(settings.index)

    for _ in watch(
        settings.content, watch_filter=counts, stop_event=stop, step=QUIET_MILLISECONDS,
        debounce=LONGEST_WAIT_MILLISECONDS, raise_interrupt=False,
    ):  # fmt: skip
        _build(settings, built, say)


def _build(settings: Settings, built: Callable[[BuildReport], None], say: Callable[[str], None]) -> None:
    try:
        built(build_index(settings, say=say))
    except GuideError as error:
        say(str(error))
    except Exception as error:  # whatever a file may do to a parser, the next change deserves its build
        say(f"the build went wrong ({type(error).__name__}: {error}); nothing was changed")
