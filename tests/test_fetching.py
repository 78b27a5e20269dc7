"""An address of the web is fetched once, and never one of this machine or its networks, however it is written."""

import asyncio
import gzip
import http.server
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from ipaddress import ip_address

import pytest

from ingest.arrivals import MAX_ARRIVAL_BYTES, safe_name
from ingest.errors import GuideError
from ingest.fetching import MAX_REDIRECTS, Fetched, fetch, is_public
from ingest.parsers import PARSERS
from tests.fakes_web import PAGE, PRIVATE_ANSWERS, PUBLIC, TRICKS, Handle, Names, Web, answering, serving


@pytest.fixture(autouse=True)
def _pages_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever this installation can read: these tests fetch and read nothing."""
    known = {**PARSERS, ".html": PARSERS.get(".html", replace(PARSERS[".txt"], media_type="text/html"))}
    for module in ("fetching", "arrivals"):
        monkeypatch.setattr(f"ingest.{module}.PARSERS", known)


def over(handle: Handle, address: str = "http://example.com/guides/saws.html", names: Names | None = None,
         seconds: float = 20) -> tuple[Fetched, Web]:  # fmt: skip
    """Fetches an address, where example.com and its kind are a server of this test."""
    with serving(handle) as port:
        web = Web(port)
        found = fetch(address, resolve=names or Names(example_com=[[PUBLIC]]), transport=web, seconds=seconds)
        return found, web


@pytest.mark.parametrize("address", TRICKS)
def test_a_trick_is_refused_before_anybody_is_asked(address: str) -> None:
    names = Names(example_com=[[PUBLIC]])
    with pytest.raises(GuideError) as refused:
        fetch(address, resolve=names, transport=Web(0))
    assert names.asked == []
    assert str(refused.value).isprintable() and "cannot be fetched" not in str(refused.value)


def test_there_are_enough_tricks() -> None:
    assert len(set(TRICKS)) >= 120


@pytest.mark.parametrize("answer", PRIVATE_ANSWERS, ids=",".join)
def test_a_name_that_leads_home_is_refused(answer: list[str]) -> None:
    with pytest.raises(GuideError, match=r"example\.com is .*, on this machine or a private network; --allow-private"):
        fetch("http://example.com/", resolve=Names(example_com=[answer]), transport=Web(0))


def test_a_name_is_asked_once_and_the_answer_is_kept_to() -> None:
    names = Names(example_com=[[PUBLIC], ["127.0.0.1"]])  # DNS rebinding: public when checked, private when connected
    found, web = over(answering(), names=names)
    assert (found.content, names.asked, web.went) == (PAGE, ["example.com"], [(PUBLIC, "example.com")])


@pytest.mark.parametrize("address", [each for each in TRICKS if each.startswith(("http://", "file:", "ftp:", "gopher:"))
                                     and each.isprintable() and each.isascii() and " " not in each][:90])  # fmt: skip
def test_a_redirect_is_checked_like_an_address(address: str) -> None:
    handle = answering(b"", status=302, Location=address)
    try:
        over(handle)
    except GuideError as error:
        assert "redirects more than" not in str(error)
    else:
        pytest.fail("was followed")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_a_public_place_is_followed(status: int) -> None:
    def handle(request: http.server.BaseHTTPRequestHandler) -> None:
        moved = request.path == "/old"
        answering(b"" if moved else PAGE, status=status if moved else 200, Location="//example.org/new.html")(request)

    names = Names(example_com=[[PUBLIC]], example_org=[[PUBLIC]])
    found, web = over(handle, "http://example.com/old", names)
    assert (found.address, found.name) == ("http://example.org/new.html", "new.html")
    assert [host for _, host in web.went] == ["example.com", "example.org"]


def test_a_redirect_to_a_name_that_leads_home_is_refused() -> None:
    names = Names(example_com=[[PUBLIC]], home_example=[["192.168.0.1"]])
    with pytest.raises(GuideError, match=r"home\.example is 192\.168\.0\.1"):
        over(answering(b"", status=302, Location="http://home.example/"), names=names)


def test_redirects_end() -> None:
    with pytest.raises(GuideError, match=f"redirects more than {MAX_REDIRECTS} times"):
        over(answering(b"", status=302, Location="/again"))


@pytest.mark.parametrize(
    ("path", "kind", "content", "name"),
    [
        ("/guides/saws.html", "text/html", PAGE, "saws.html"),
        ("/guides/saws", "text/html", PAGE, "saws.html"),
        ("/", "text/html", PAGE, "example.com.html"),
        ("/saws.php?id=1", "text/html", PAGE, "saws.php.html"),
        ("/saws.md", "text/plain", b"# Saws", "saws.md"),
        ("/saws.md", "application/octet-stream", b"# Saws", "saws.md"),
        ("/saws", "text/markdown; charset=utf-8", b"# Saws", "saws.md"),
        ("/saws.txt", "text/plain", b"Saws", "saws.txt"),
        ("/saws.txt", "text/plain", PAGE, "saws.html"),
        ("/saws.md", "text/html", PAGE, "saws.html"),
        ("/a%2F..%2F..%2Fsaws.html", "text/html", PAGE, "a/../../saws.html"),
        ("/..%5csaws.html", "text/html", PAGE, "..\\saws.html"),
    ],
)
def test_the_name_ends_as_its_type_asks(path: str, kind: str, content: bytes, name: str) -> None:
    found, _ = over(answering(content, kind), f"http://example.com{path}")
    assert found.name == name
    assert "/" not in safe_name(found.name) and "\\" not in safe_name(found.name)


@pytest.mark.parametrize(
    ("kind", "content"),
    [("image/png", b"\x89PNG"), ("application/zip", b"PK\x05\x06"), ("application/json", b"{}"), ("", b"\0\1\2")],
)
def test_what_is_no_guide_is_refused(kind: str, content: bytes) -> None:
    with pytest.raises(GuideError, match="which cannot be read; known"):
        over(answering(content, kind), "http://example.com/x")


@pytest.mark.parametrize("status", [204, 304, 400, 401, 403, 404, 410, 429, 500, 503])
def test_an_answer_that_is_none_is_an_error(status: int) -> None:
    with pytest.raises(GuideError, match=f"answers {status}: check the address|which cannot be read"):
        over(answering(b"", status=status))


@pytest.mark.parametrize("packed", [False, True])
def test_too_much_is_refused_while_it_comes(packed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.fetching.MAX_ARRIVAL_BYTES", 100_000)
    content = b"x" * 50_000_000
    sent = gzip.compress(content, 1) if packed else content
    with pytest.raises(GuideError, match="has more than 100,000 bytes"):
        over(answering(sent, Content_Encoding="gzip") if packed else answering(sent))
    assert MAX_ARRIVAL_BYTES == 25_000_000


def test_gzip_that_was_not_asked_for_is_unpacked() -> None:
    assert over(answering(gzip.compress(PAGE), Content_Encoding="gzip"))[0].content == PAGE


@pytest.mark.parametrize("packing", ["br", "zstd", "deflate", "gzip, gzip", "\x1b[31m"])
def test_other_packing_is_refused(packing: str) -> None:
    with pytest.raises(GuideError, match=r"comes packed as|cannot be fetched") as refused:
        over(answering(PAGE, Content_Encoding=packing))
    assert str(refused.value).isprintable()


def _trickle(request: http.server.BaseHTTPRequestHandler, headers_first: bool) -> None:
    if headers_first:
        answering(b"", Content_Length="1000")(request)
    for _ in range(100):
        request.wfile.write(b"H" if headers_first else b"X-a: b\r\n" * 10)
        request.wfile.flush()
        time.sleep(0.05)


@pytest.mark.parametrize("headers_first", [True, False])
def test_a_slow_answer_is_given_up(headers_first: bool) -> None:
    with pytest.raises(GuideError, match=r"took longer than 1 s|cannot be fetched"):
        over(lambda request: _trickle(request, headers_first), seconds=1)


def test_a_slow_resolver_is_given_up() -> None:
    async def never(host: str, port: int) -> list[str]:
        await asyncio.sleep(3600)
        return []

    with pytest.raises(GuideError, match="took longer than 0 s"):
        fetch("http://example.com/", resolve=never, transport=Web(0), seconds=0.1)


@pytest.mark.parametrize("garbage", [b"", b"\0" * 100, b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", b"\r\n" * 1000])
def test_an_answer_that_is_no_http_is_an_error(garbage: bytes) -> None:
    def handle(request: http.server.BaseHTTPRequestHandler) -> None:
        request.wfile.write(garbage)
        request.close_connection = True

    with pytest.raises(GuideError, match="cannot be fetched"):
        over(handle)


def test_this_machine_is_asked_where_that_is_allowed() -> None:
    with serving(answering()) as port:
        found = fetch(f"http://127.0.0.1:{port}/saws", allow_private=True)
        named = fetch(f"http://localhost:{port}/saws", allow_private=True)
    assert found.content == named.content == PAGE and found.name == "saws.html"


def test_tricks_with_the_form_of_an_address_are_refused_all_the_same() -> None:
    for address in ("file:///etc/passwd", "http://user@127.0.0.1/", "http://2130706433/", "http://127.1/"):
        with pytest.raises(GuideError):
            fetch(address, allow_private=True)


def test_an_unknown_host_is_an_error() -> None:
    with pytest.raises(GuideError, match=r"no host nowhere\.example is known"):
        fetch("http://nowhere.example/", resolve=Names(), transport=Web(0))


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with serving(answering()) as port:
        assert fetch(f"http://127.0.0.1:{port}/", allow_private=True).content == PAGE


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c",
                                     "64:ff9b::101:101", "::ffff:1.1.1.1"])  # fmt: skip
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(ip_address(address))


_: Callable[[str, int], Awaitable[list[str]]] = Names()
