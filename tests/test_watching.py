"""`skill-guide build --watch` follows the folder, says errors, and goes on."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from threading import Event, Thread

import pytest

from ingest.errors import GuideError
from tests.builds import bag_of_words, settings_for
from tests.conftest import SMALL_GUIDE, SmallContent
from watching import follow

SECONDS = 60


@pytest.fixture
def followed(small_content: SmallContent) -> Iterator[tuple[Path, "Queue[str]"]]:
    """A content folder that is being followed, and what comes of it."""
    content, heard, stop = small_content(), Queue[str](), Event()
    with bag_of_words():
        settings = settings_for(content)
        thread = Thread(
            target=follow,
            args=(settings, lambda done: heard.put(f"{done.documents} of {done.generation}"), heard.put, stop),
        )
        thread.start()
        try:
            yield content, heard
        finally:
            stop.set()
            thread.join(SECONDS)
    assert not thread.is_alive()


def test_each_change_is_built_and_errors_are_said(
    followed: tuple[Path, "Queue[str]"], small_content: SmallContent
) -> None:
    content, heard = followed
    assert heard.get(timeout=SECONDS) == "1 of gen-000001"
    small_content("# More\n\nMore of it.\n", "more.md")
    assert _until(heard, "2 of gen-000002")
    for path in content.iterdir():
        path.unlink()
    assert _until(heard, str(content))
    small_content(SMALL_GUIDE.replace("steel", "bronze"))
    assert _until(heard, "1 of gen-000003")


def _until(heard: "Queue[str]", text: str) -> bool:
    while text not in heard.get(timeout=SECONDS):
        pass
    return True


def test_without_a_folder_there_is_nothing_to_follow(small_content: SmallContent) -> None:
    content = small_content()
    shutil.rmtree(content)
    with pytest.raises(GuideError, match="is no folder: name one with --content"):
        follow(settings_for(content), lambda done: None, lambda line: None)
