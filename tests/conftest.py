"""What all tests share: a closed network, the real guide's index built once, small guides to build others from."""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

from settings import PREFIX, Settings, load_settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from answering.assistant import Assistant
    from tests.indexes import Write

OFFLINE = {
    "ANONYMIZED_TELEMETRY": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "TRANSFORMERS_OFFLINE": "1",
}
# Set before any test module is imported, since libraries read these while they are imported; subprocesses inherit them.
for _name in [name for name in os.environ if name.upper().startswith(PREFIX)]:
    del os.environ[_name]
os.environ.update(OFFLINE)
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

SMALL_GUIDE = """\
---
title: Two tools
language: en
---

# Two tools

## Hammers

A hammer drives nails into wood. It weighs 500 grams.

Kinds of hammer:

- The claw hammer also pulls nails out.
- The mallet has a head of rubber.

## Saws

A saw cuts wood along a line. Its teeth are made of steel.
"""

SmallContent = Callable[..., Path]


class NetworkRefusedError(ConnectionRefusedError):
    """What code gets that reaches out of this machine during a test."""


@pytest.fixture(scope="session", autouse=True)
def _network_closed() -> Iterator[list[str]]:
    attempts: list[str] = []

    def refuse(what: str) -> None:
        attempts.append(what)
        raise NetworkRefusedError(f"the tests reach no network, and this did: {what}")

    def guarded(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(self: socket.socket, *args: Any) -> Any:  # noqa: ANN401 -- stands in for four signatures
            address = args[-1]
            if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):
                refuse(f"{name} {address[0]}:{address[1]}")
            return original(self, *args)

        return call

    def resolving(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(host: object, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 -- stands in for three signatures
            if not _is_here(host):
                refuse(f"{name} {host!r}")
            return original(host, *args, **kwargs)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, guarded(name, getattr(socket.socket, name)))
        for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
            patch.setattr(socket, name, resolving(name, getattr(socket, name)))
        yield attempts


@pytest.fixture
def network_attempts(_network_closed: list[str]) -> list[str]:
    """What has tried to reach out so far; a test that provokes an attempt on purpose clears the list."""
    return _network_closed


@pytest.fixture(autouse=True)
def _nothing_reached_out(_network_closed: list[str]) -> Iterator[None]:
    yield
    # Also when the attempt's error was swallowed on the way up.
    attempts = list(_network_closed)
    _network_closed.clear()
    assert not attempts, f"reached for the network: {attempts}"


def _is_here(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in (None, "", "localhost"):
        return True
    try:
        address = ip_address(str(host).split("%", maxsplit=1)[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


@pytest.fixture(scope="session")
def guide_index(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings whose index holds the real guide, built once by the real model. Not for tests that change the index."""
    from filelock import FileLock

    import assembly

    parallel = "PYTEST_XDIST_WORKER" in os.environ  # the processes of one run have folders side by side
    shared = tmp_path_factory.getbasetemp().parent if parallel else tmp_path_factory.mktemp("guide")
    settings = load_settings(index=shared / "guide-index")
    with FileLock(shared / "guide-index.lock"):
        assembly.build_index(settings)
    return settings


@pytest.fixture(scope="session")
def assistant(guide_index: Settings) -> "Assistant":
    """The one object that every door uses, over the real guide."""
    import assembly

    return assembly.open_assistant(guide_index)


@pytest.fixture
def small_content(tmp_path: Path) -> SmallContent:
    """Writes a guide of two sections, or the given text, and returns the content folder; more calls add or change."""
    folder = tmp_path / "content"

    def write(text: str = SMALL_GUIDE, name: str = "tools.md") -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return folder

    return write


@pytest.fixture
def built(small_content: SmallContent) -> Iterator[Settings]:
    """Settings of a small guide whose index is built; while the test lasts, the bag of words embeds."""
    import assembly
    from tests.builds import bag_of_words, settings_for

    with bag_of_words():
        settings = settings_for(small_content())
        assembly.build_index(settings)
        yield settings


@pytest.fixture
def nothing_offered() -> Iterator[None]:
    """The pages have no assistant but the one that the test offers."""
    from ui.holder import withdraw

    withdraw()
    yield
    withdraw()


@pytest.fixture(scope="module")
def chromium() -> Iterator["Browser"]:
    """Headless Chromium."""
    from tests.servers import browser

    with browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the app over the scripted assistant."""
    from tests.servers import server

    with server(tmp_path_factory.mktemp("workshop") / "log", ["-m", "tests.fakes_ui"]) as address:
        yield address


@pytest.fixture(scope="session")
def guide_app(guide_index: Settings, assistant: "Assistant", tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the real app over the real guide, which somebody has asked something in vain."""
    from answering.journal import Journal
    from tests.servers import server

    folder = tmp_path_factory.mktemp("guide-app")
    Journal(folder / "feedback").note(assistant.ask("What is the capital of Portugal?"))
    kept = {f"{PREFIX}INDEX": str(guide_index.index), f"{PREFIX}FEEDBACK_FOLDER": str(folder / "feedback")}
    with server(folder / "log", **kept) as address:
        yield address


@pytest.fixture(scope="session")
def _tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small generation that is never published itself."""
    from tests.indexes import TOOLS, write_tools

    folder = tmp_path_factory.mktemp("template") / "gen"
    write_tools(folder, TOOLS)
    return folder


@pytest.fixture
def write(_tools: Path) -> "Write":
    """Fills a new generation, always with the same."""

    def copy(folder: Path) -> None:
        shutil.copytree(_tools, folder)

    return copy


@pytest.fixture
def index(tmp_path: Path, write: "Write") -> Path:
    """An index of two generations, the second live."""
    from tests.indexes import published

    folder = tmp_path / "index"
    published(folder, write)
    published(folder, write)
    return folder
