"""An OpenAI-compatible server on loopback that plays every manner a language model can have, good and bad."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PATIENCE_SECONDS = 20
"""How long a manner that never ends goes on where nobody ends it."""

Manner = Callable[["Handler"], None]


class Scripted(ThreadingHTTPServer):
    """Answers each request in its next manner; the last one stays."""

    daemon_threads = True

    def __init__(self, *manners: Manner) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.manners = list(manners)
        self.asked: list[dict[str, Any]] = []
        """The bodies of all requests."""
        self.headers: list[dict[str, str]] = []
        self.ended = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    @property
    def quotes(self) -> list[str]:
        """The quotes that the last request brought, by number from 1."""
        told = self.asked[-1]["messages"][-1]["content"]
        lines = told.partition("Quotes from the guide:\n")[2].partition("\n\nQuestion:")[0].splitlines()
        return [line.partition("] ")[2] for line in lines]

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what some manners are for."""


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Scripted

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.asked.append(json.loads(body))
        self.server.headers.append({name.lower(): value for name, value in self.headers.items()})
        manners = self.server.manners
        (manners.pop(0) if len(manners) > 1 else manners[0])(self)

    def log_message(self, *args: object) -> None:
        pass

    def begin(self, status: int = 200, kind: str = "text/event-stream", **headers: str) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def write(self, text: str | bytes) -> None:
        self.wfile.write(text if isinstance(text, bytes) else text.encode())
        self.wfile.flush()

    def chunk(self, text: str | None, finish: str | None = None) -> None:
        choice = {"index": 0, "delta": {"content": text} if text is not None else {}, "finish_reason": finish}
        told = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "scripted", "choices": [choice]}
        self.write(f"data: {json.dumps(told)}\n\n")

    def pause(self, seconds: float) -> None:
        self.server.ended.wait(seconds)

    def running(self) -> Iterator[None]:
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until and not self.server.ended.is_set():
            yield


@contextmanager
def serving(*manners: Manner) -> Iterator[Scripted]:
    """The server, while the block runs."""
    server = Scripted(*manners)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


def says(text: str | Callable[[Sequence[str]], str], *, finish: str = "stop", pause: float = 0) -> Manner:
    """Streams a text, or what a function makes of the quotes, in small pieces and ends it properly."""

    def manner(handler: Handler) -> None:
        told = text if isinstance(text, str) else text(handler.server.quotes)
        handler.begin()
        for at in range(0, len(told), 7):
            handler.chunk(told[at : at + 7])
            if pause:
                handler.pause(pause)
        handler.chunk(None, finish)
        handler.write("data: [DONE]\n\n")

    return manner


def echoes(handler: Handler) -> None:
    """Repeats the prompt."""
    says(handler.server.asked[-1]["messages"][-1]["content"])(handler)


def status(code: int, body: str = "{}", kind: str = "application/json") -> Manner:
    """Answers with an error."""

    def manner(handler: Handler) -> None:
        handler.begin(code, kind)
        handler.write(body)

    return manner


def raw(body: str | bytes, kind: str = "text/event-stream", **headers: str) -> Manner:
    """Sends some body."""

    def manner(handler: Handler) -> None:
        handler.begin(200, kind, **headers)
        handler.write(body)

    return manner


def redirects(to: str) -> Manner:
    """Sends the client elsewhere."""

    def manner(handler: Handler) -> None:
        handler.begin(307, location=to)

    return manner


def silent(handler: Handler) -> None:
    """Takes the request and says nothing, no headers either."""
    handler.pause(PATIENCE_SECONDS)


def silent_after_headers(handler: Handler) -> None:
    """Sends headers, then nothing."""
    handler.begin()
    handler.pause(PATIENCE_SECONDS)


def keeps_alive(handler: Handler) -> None:
    """Sends a comment now and then, which starts every read timeout anew, and never a word."""
    handler.begin()
    for _ in handler.running():
        handler.write(": still here\n\n")
        handler.pause(0.05)


def crawls(handler: Handler) -> None:
    """A letter, a long pause, a letter."""
    handler.begin()
    for _ in handler.running():
        handler.chunk("a")
        handler.pause(0.2)


def endless(handler: Handler) -> None:
    """Words without end."""
    handler.begin()
    for _ in handler.running():
        handler.chunk("and so on " * 50)


def endless_line(handler: Handler) -> None:
    """One event that never ends."""
    handler.begin()
    handler.write("data: ")
    for _ in handler.running():
        handler.write(b"x" * 65_536)


def breaks_off(text: str) -> Manner:
    """Says something and hangs up."""

    def manner(handler: Handler) -> None:
        handler.begin()
        handler.chunk(text)

    return manner
