"""The HTTP under the `openai` client: only the configured address, no proxy, no redirect, nothing endless.

Imports the HTTP library, so it is imported late. Knows nothing of prompts or answers.
"""

from collections.abc import AsyncIterator
from typing import Final

import httpx2
import openai

MOST_BYTES: Final = 2_000_000
"""Of a reply on the wire; a stream spends some 200 bytes on each of a few hundred tokens."""
_SENT: Final = frozenset({"host", "accept", "authorization", "connection", "content-length", "content-type"})
"""Headers that leave this machine; the client would add others that tell of the machine."""
_STREAM: Final = "text/event-stream"
_OK: Final = 200
_REDIRECTS: Final = range(300, 400)


class WireError(Exception):
    """What came back is no stream of words; says why, in words for people."""


class GuardedTransport(httpx2.AsyncBaseTransport):
    """Sends to the network what is needed, and lets nothing through but a stream of limited length."""

    def __init__(self) -> None:
        """Opens nothing yet."""
        self._network = httpx2.AsyncHTTPTransport(trust_env=False, retries=0)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The reply to a request, its body counted.

        Raises:
            WireError: it is a redirect, packed, or something else than a stream.
        """
        for name in [name for name in request.headers if name.lower() not in _SENT]:
            del request.headers[name]
        request.headers["accept-encoding"] = "identity"
        reply = await self._network.handle_async_request(request)
        kind = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
        if reply.status_code in _REDIRECTS:
            raise WireError("it sent us to another address, which is not followed; set its own address")
        if reply.headers.get("content-encoding", "identity") != "identity":
            raise WireError("it sent a packed reply that was not asked for")
        if reply.status_code == _OK and kind != _STREAM:
            raise WireError(f"it sent {_shown(kind)} instead of a stream; does its address end in /v1?")
        return httpx2.Response(reply.status_code, headers=reply.headers, stream=_Counted(reply), request=request)

    async def aclose(self) -> None:
        """Closes all connections."""
        await self._network.aclose()


class _Counted(httpx2.AsyncByteStream):
    """The body of a reply, cut off when it grows too long."""

    def __init__(self, reply: httpx2.Response) -> None:
        self._reply = reply

    async def __aiter__(self) -> AsyncIterator[bytes]:
        count = 0
        assert isinstance(self._reply.stream, httpx2.AsyncByteStream)
        async for piece in self._reply.stream:
            count += len(piece)
            if count > MOST_BYTES:
                raise WireError("it sent more than an answer can be")
            yield piece

    async def aclose(self) -> None:
        await self._reply.aclose()


def client(url: str, key: str, seconds: float) -> openai.AsyncOpenAI:
    """A client that talks to `url` and nothing else, without retries, whatever the environment says."""
    http = httpx2.AsyncClient(
        transport=GuardedTransport(), trust_env=False, follow_redirects=False, timeout=httpx2.Timeout(seconds)
    )
    return openai.AsyncOpenAI(base_url=url, api_key=key or "none", max_retries=0, http_client=http)


def complaint(error: Exception) -> str:
    """Why a request failed, in words for people; nothing of what the server wrote but its status."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, WireError):
            return str(cause)
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, openai.APIStatusError):
        return _STATUS.get(error.status_code, f"it answered with status {error.status_code}")
    if isinstance(error, openai.APIConnectionError | httpx2.TransportError):
        return "it cannot be reached; is it running, and is SKILL_GUIDE_LLM_URL right?"
    if isinstance(error, openai.APIError):
        return "it reported an error while it wrote"
    return "its reply makes no sense"


def _shown(kind: str) -> str:
    return kind[:40] if kind.isascii() and kind.isprintable() and kind else "something"


_STATUS: Final = {
    400: "it refused the request (400); is its context too small, or SKILL_GUIDE_LLM_MODEL wrong?",
    401: "it wants another key (401); set SKILL_GUIDE_LLM_KEY",
    403: "it does not let us in (403); set SKILL_GUIDE_LLM_KEY",
    404: "it does not know the model or the address (404); check SKILL_GUIDE_LLM_MODEL and SKILL_GUIDE_LLM_URL",
    413: "the quotes are too long for it (413)",
    429: "it has too much to do (429)",
    500: "it failed (500)",
    503: "it is not ready (503)",
}
