"""A language model behind an OpenAI-compatible address: messages in, pieces of text out, within time limits.

The limits are kept by our own clock, since a read timeout starts anew with each byte. Knows nothing of guides.
"""

import asyncio
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Literal, Protocol

from answering.phrased.circuit import Circuit
from ingest.documents import Frozen
from ingest.errors import GuideError

if TYPE_CHECKING:
    import openai
    from openai.types.chat import ChatCompletionMessageParam

LONGEST_REPLY: Final = 6_000
"""Characters; answers are read in half a minute, so a model that writes more is lost."""
MOST_TOKENS: Final = 500
"""That the model is asked to write at most."""
AT_ONCE: Final = 4
"""Requests under way at a time; a model on this machine serves no more, and visitors need not be many threads."""
STOP_LOOKS: Final = 0.05
"""Seconds between two looks whether somebody has stopped it."""
SLACK_SECONDS: Final = 2.0
"""What a thread that is to stop may take longer than the limit before it is waited for no more."""


class LLMError(GuideError):
    """The language model gave nothing that can be used; says why in one line."""


class Message(Frozen):
    """One message of a request."""

    role: Literal["system", "user"]
    content: str


class Limits(Frozen):
    """How long a model may take."""

    first_token_seconds: float = 20
    total_seconds: float = 60


class Endpoint(Frozen):
    """Where a model listens and what it is called there."""

    url: str
    model: str
    key: str = ""


class Source(Protocol):
    """Gives the endpoint of a model, which may have to be started first."""

    name: str
    """What people know the model by."""

    def endpoint(self) -> Endpoint:
        """Where the model listens.

        Raises:
            LLMError: it cannot be started.
        """
        ...


class Remote:
    """A model that somebody else serves."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Takes where it listens."""
        self._endpoint, self.name = endpoint, endpoint.model

    def endpoint(self) -> Endpoint:
        """Where the model listens."""
        return self._endpoint


class LanguageModel:
    """One model for all threads of this process."""

    def __init__(self, source: Source, limits: Limits | None = None, circuit: Circuit | None = None) -> None:
        """Connects to nothing yet."""
        self._source, self._limits = source, limits or Limits()
        self._circuit = circuit or Circuit()
        self._slots = threading.BoundedSemaphore(AT_ONCE)

    @property
    def name(self) -> str:
        """What people know the model by."""
        return self._source.name

    def warm(self) -> None:
        """Loads what talks to the model. One served from here starts with its first request: never beside torch."""
        import answering.phrased.wire  # noqa: F401

    def stream(self, messages: Sequence[Message], stop: threading.Event) -> Iterator[str]:
        """The reply in pieces as they come; ends early, without an error, when `stop` is set.

        Raises:
            LLMError: anything else than a whole reply within the limits.
        """
        if rest := self._circuit.rest():
            raise LLMError(f"it failed several times; it will be asked again in {rest} s")
        reply = _Reply(self._source, messages, self._limits, stop)
        if not self._slots.acquire(timeout=self._limits.first_token_seconds):
            raise LLMError("it has too much to do")
        try:
            yield from reply.pieces()
        except LLMError:
            self._circuit.failed()
            raise
        else:
            if not stop.is_set():
                self._circuit.succeeded()
        finally:
            reply.cancel()
            self._slots.release()


class _Reply:
    """One reply, fetched by a thread of its own so that a deadline is one whatever the network does."""

    def __init__(self, source: Source, messages: Sequence[Message], limits: Limits, stop: threading.Event) -> None:
        self._source, self._messages, self._limits = source, messages, limits
        self._stops = (stop, threading.Event())
        self._came: queue.SimpleQueue[str | LLMError | None] = queue.SimpleQueue()
        """Pieces, then None for the end or what went wrong."""

    def cancel(self) -> None:
        self._stops[1].set()

    def pieces(self) -> Iterator[str]:
        until = time.monotonic() + self._limits.total_seconds + SLACK_SECONDS
        threading.Thread(target=self._fetch, name="language-model", daemon=True).start()
        while True:
            try:
                came = self._came.get(timeout=max(until - time.monotonic(), 0))
            except queue.Empty:
                raise LLMError(_too_slow(self._limits.total_seconds)) from None
            if came is None:
                return
            if isinstance(came, LLMError):
                raise came
            yield came

    def _fetch(self) -> None:
        try:
            endpoint = self._source.endpoint()
            asyncio.run(self._watched(endpoint))
            self._came.put(None)
        except LLMError as error:
            self._came.put(error)
        except Exception as error:
            from answering.phrased.wire import complaint

            self._came.put(LLMError(complaint(error)))

    async def _watched(self, endpoint: Endpoint) -> None:
        """Fetches until that ends, the time is up, or somebody stops it."""
        from answering.phrased.wire import client  # loads the HTTP library, which is no fault of the model's

        opened = client(endpoint.url, endpoint.key, self._limits.total_seconds)
        fetching = asyncio.create_task(self._stream(opened, endpoint.model))
        try:
            async with asyncio.timeout(self._limits.total_seconds):
                while not fetching.done() and not any(stop.is_set() for stop in self._stops):
                    await asyncio.wait([fetching], timeout=STOP_LOOKS)
        except TimeoutError:
            raise LLMError(_too_slow(self._limits.total_seconds)) from None
        finally:
            if not fetching.done():
                fetching.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await fetching
        if not fetching.cancelled():
            fetching.result()

    async def _stream(self, opened: "openai.AsyncOpenAI", model: str) -> None:
        first = asyncio.timeout(self._limits.first_token_seconds)
        try:
            async with first, opened:
                await self._read(opened, model, first)
        except TimeoutError:
            raise LLMError(f"it did not begin within {self._limits.first_token_seconds:g} s") from None

    async def _read(self, opened: "openai.AsyncOpenAI", model: str, first: asyncio.Timeout) -> None:
        asked: list[ChatCompletionMessageParam] = [
            {"role": "system", "content": each.content} if each.role == "system" else
            {"role": "user", "content": each.content} for each in self._messages
        ]  # fmt: skip
        stream = await opened.chat.completions.create(
            model=model, messages=asked, stream=True, temperature=0, max_tokens=MOST_TOKENS
        )
        length, finished = 0, False
        async for chunk in stream:
            for choice in (chunk.choices or ())[:1]:
                text = choice.delta.content
                if isinstance(text, str) and text:
                    first.reschedule(None)
                    length += len(text)
                    self._came.put(text)
                finished = finished or choice.finish_reason is not None
            if length > LONGEST_REPLY:
                raise LLMError("it did not come to an end")
        if not finished:
            raise LLMError("it broke off" if length else "it wrote nothing")


def _too_slow(seconds: float) -> str:
    return f"it was not done within {seconds:g} s"
