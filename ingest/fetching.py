"""Fetches one address of the web, once, on request; never one of this machine or its private networks unless told to.

The name is resolved once, every address that it has is checked, and the connection goes to a checked one, for each
redirect anew. Stores nothing and knows no formats but their media types.
"""

import asyncio
import re
import socket
import zlib
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urljoin, urlsplit

from ingest.arrivals import MAX_ARRIVAL_BYTES
from ingest.errors import GuideError
from ingest.kinds import ending_by_content
from ingest.parsers import PARSERS

if TYPE_CHECKING:
    import httpx

SECONDS: Final = 30.0
"""For everything together, redirects and all: a guide of 25 MB comes in that time over a line of 7 Mbit/s."""
MAX_REDIRECTS: Final = 5
_OK: Final = 200
MAX_ADDRESS: Final = 2000
"""Characters; what browsers and servers agree on."""
_SHOWN: Final = 100
PORTS: Final = frozenset({80, 443})
"""Others belong to services that are not made for strangers."""
_ENDINGS: Final = {
    "text/html": ".html", "application/xhtml+xml": ".html", "text/markdown": ".md", "text/x-markdown": ".md",
    "text/plain": ".txt", "application/pdf": ".pdf", "application/x-pdf": ".pdf", "application/epub+zip": ".epub",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.oasis.opendocument.text": ".odt", "application/vnd.oasis.opendocument.presentation": ".odp",
}  # fmt: skip
_VAGUE: Final = frozenset({"", "text/plain", "application/octet-stream", "binary/octet-stream", "application/zip"})
"""Types that servers give to what they do not know: the address or the bytes tell more."""
_UNSAFE: Final = re.compile(r"[\x00-\x20\x7f\\<>^`{|}\"]|[^\x00-\x7f]")
_HOST: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*\.?", re.IGNORECASE)
_NUMERIC: Final = re.compile(r"(?:\d+|0x[0-9a-f]*)\.?", re.IGNORECASE)
_LOCAL_NAMES: Final = re.compile(
    r"(?:.*\.)?(?:localhost|local|internal|intranet|lan|home|corp|localdomain)\.?", re.IGNORECASE
)
_GLOBAL_V6: Final = ip_network("2000::/3")
_TRANSLATED: Final = ip_network("64:ff9b::/96")
_TUNNELS: Final = (ip_network("2002::/16"), ip_network("2001::/32"), ip_network("2001:20::/28"))
"""6to4, Teredo, ORCHID: addresses that stand for others."""

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[list[str]]]
"""A host's name and a port to the addresses that it has."""


@dataclass(frozen=True)
class Fetched:
    """What an address gave."""

    address: str
    """Where it came from in the end."""
    name: str
    """A name for it as a file, not yet made safe."""
    content: bytes


@dataclass(frozen=True)
class Target:
    """An address that may be asked: its parts, of which each was checked."""

    address: str
    host: str
    port: int
    secure: bool


def fetch(
    address: str, *, allow_private: bool = False, resolve: Resolve | None = None,
    transport: "httpx.AsyncBaseTransport | None" = None, seconds: float = SECONDS,
) -> Fetched:  # fmt: skip
    """What lies at an address.

    Args:
        address: `http:` or `https:`.
        allow_private: whether this machine, private networks and any port are allowed.
        resolve: who is asked for names; the operating system if not given.
        transport: what carries requests; httpx's own if not given.
        seconds: for everything together.

    Raises:
        GuideError: it may not be asked, does not answer, is too large or too slow, or is in no known format.
    """
    import httpx

    async def run() -> Fetched:
        async with asyncio.timeout(seconds):
            return await _follow(address, allow_private, resolve or _system, transport)

    try:
        return asyncio.run(run())
    except TimeoutError as error:
        raise GuideError(
            f"{_shown(address)} took longer than {seconds:.0f} s: try again, or save it by hand"
        ) from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        what = " ".join(str(error).split())[:100] or type(error).__name__
        raise GuideError(f"{_shown(address)} cannot be fetched ({what}): check the address") from error


def checked(address: str, *, allow_private: bool = False) -> Target:
    """The parts of an address, if it is one that may be asked; names are resolved and checked later.

    Raises:
        GuideError: with the reason.
    """
    shown = _shown(address)
    if len(address) > MAX_ADDRESS or _UNSAFE.search(address):
        raise GuideError(f"{shown} is no plain web address: copy it from the browser")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise GuideError(f"{shown} is no web address ({error})") from error
    if parts.scheme not in {"http", "https"}:
        raise GuideError(f"{shown} is refused: only http and https addresses are fetched")
    if "@" in parts.netloc or not parts.hostname:
        raise GuideError(f"{shown} is refused: it names a user, or no host")
    if parts.netloc.endswith(":") or port == 0:
        raise GuideError(f"{shown} is refused: it names no real port")
    port = port or (443 if parts.scheme == "https" else 80)
    if port not in PORTS and not allow_private:
        raise GuideError(f"{shown} is refused: port {port} is not one of the web's; --allow-private allows it")
    host = _checked_host(parts.hostname, "[" in parts.netloc, shown)
    if not allow_private and _LOCAL_NAMES.fullmatch(host):
        raise GuideError(f"{shown} is refused: {host} is on this machine or network; --allow-private allows it")
    return Target(address, host, port, parts.scheme == "https")


def is_public(address: Address) -> bool:
    """Whether an address is on the public internet, and nothing that another one hides in."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if address in _TRANSLATED:
            return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
        if address.scope_id or address not in _GLOBAL_V6 or any(address in tunnel for tunnel in _TUNNELS):
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_private)


def _checked_host(host: str, in_brackets: bool, shown: str) -> str:
    if in_brackets:
        try:
            return str(IPv6Address(host))
        except ValueError:
            raise GuideError(f"{shown} is refused: no IPv6 address stands in its brackets") from None
    last = host.rstrip(".").rpartition(".")[2]
    if _NUMERIC.fullmatch(last):  # 127.1, 0x7f000001, 2130706433: some read them as addresses, some as names
        try:
            return str(IPv4Address(host))
        except ValueError:
            raise GuideError(f"{shown} is refused: write an IP address as four decimal numbers") from None
    if not _HOST.fullmatch(host):
        raise GuideError(f"{shown} is refused: {ascii(host)[1:-1][:80]} is no name of a host")
    return host


async def _follow(
    address: str, allow_private: bool, resolve: Resolve, transport: "httpx.AsyncBaseTransport | None"
) -> Fetched:
    import httpx

    # No proxy from the environment: it would resolve names itself, and nothing would be checked.
    async with httpx.AsyncClient(
        transport=transport, trust_env=False, timeout=SECONDS, follow_redirects=False
    ) as client:
        for _ in range(MAX_REDIRECTS + 1):
            target = checked(address, allow_private=allow_private)
            place = await _resolved(target, allow_private, resolve)
            async with _asked(client, target, place) as response:
                if response.has_redirect_location:
                    address = urljoin(address, response.headers["location"])
                    continue
                if response.status_code != _OK:
                    raise GuideError(f"{_shown(address)} answers {response.status_code}: check the address")
                content = await _body(response, _shown(address))
                kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
                return Fetched(address, _name(address, kind, content), content)
    raise GuideError(f"{_shown(address)} redirects more than {MAX_REDIRECTS} times")


async def _resolved(target: Target, allow_private: bool, resolve: Resolve) -> str:
    """One address of the host, after all that it has were checked: it is connected to this one, and not asked again."""
    try:
        found = [str(ip_address(target.host))]
    except ValueError:
        try:
            found = await resolve(target.host, target.port)
        except OSError as error:
            raise GuideError(f"{_shown(target.address)} cannot be fetched: no host {target.host} is known") from error
    addresses = [ip_address(each) for each in found]
    if not addresses:
        raise GuideError(f"{_shown(target.address)} cannot be fetched: {target.host} has no address")
    private = [each for each in addresses if not is_public(each)]
    if private and not allow_private:
        raise GuideError(
            f"{_shown(target.address)} is refused: {target.host} is {private[0]}, on this machine or a private "
            "network; --allow-private allows it"
        )
    return str(addresses[0])


def _asked(client: "httpx.AsyncClient", target: Target, place: str) -> "AbstractAsyncContextManager[httpx.Response]":
    import httpx

    named = httpx.URL(target.address).copy_with(fragment=None)
    headers = {"host": named.netloc.decode("ascii"), "accept-encoding": "identity", "user-agent": "skill-guide"}
    return client.stream(
        "GET", named.copy_with(host=place), headers=headers,
        extensions={"sni_hostname": target.host.rstrip(".")},  # certificates are checked against the name
    )  # fmt: skip


async def _body(response: "httpx.Response", shown: str) -> bytes:
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing not in {"identity", "", "gzip", "x-gzip"}:
        raise GuideError(f"{shown} comes packed as {packing[:20]!a}, which was not asked for: save it by hand")
    unpack = zlib.decompressobj(31) if "gzip" in packing else None
    got = bytearray()
    async for piece in response.aiter_raw():
        got += unpack.decompress(piece, MAX_ARRIVAL_BYTES + 1 - len(got)) if unpack else piece
        if len(got) > MAX_ARRIVAL_BYTES:
            raise GuideError(f"{shown} has more than {MAX_ARRIVAL_BYTES:,} bytes: save a part of it by hand")
    return bytes(got)


def _name(address: str, kind: str, content: bytes) -> str:
    """The last part of the address, or its host, with the ending that fits its type or its bytes."""
    parts = urlsplit(address)
    last = unquote(parts.path.rstrip("/").rpartition("/")[2])
    stem, dot, said = last.rpartition(".")
    said = f".{said.lower()}" if dot else ""
    ending = ending_by_content(content) or _ENDINGS.get(kind)
    if kind in _VAGUE and said in PARSERS and ending in {None, ".txt"}:
        ending = said
    if ending is None or ending not in PARSERS:
        raise GuideError(f"{_shown(address)} is {ending or kind or 'of no known type'}, which cannot be read; known: "
                         f"{', '.join(sorted(PARSERS))}")  # fmt: skip
    same = said in PARSERS and PARSERS[said] == PARSERS[ending]
    base = (stem if same or said in _ENDINGS.values() else last) or (parts.hostname or "page")
    return f"{base}{said if same else ending}"


async def _system(host: str, port: int) -> list[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


def _shown(address: str) -> str:
    """An address for a message: short, and without signs that could steer a terminal."""
    plain = ascii(address)[1:-1]
    return plain if len(plain) <= _SHOWN else plain[: _SHOWN - 1] + "…"
