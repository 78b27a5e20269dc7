"""A small web on this machine: a resolver with a script, a transport that leads to a server, and hostile addresses."""

import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx

PUBLIC = "93.184.215.14"
PAGE = b"<!doctype html><title>Saws</title><h1>Saws</h1><p>A saw cuts wood.</p>"

# Every way that people have found to write an address of this machine or network, and some that are no addresses.
TRICKS = """
http://127.0.0.1/
http://127.0.0.1:80/
http://127.1/
http://127.0.1/
http://127.000.000.001/
http://127.255.255.254/
http://0/
http://0.0.0.0/
http://2130706433/
http://02130706433/
http://017700000001/
http://0177.0.0.1/
http://0177.0.0.01/
http://0x7f000001/
http://0x7f.0.0.1/
http://0x7f.1/
http://0x7F.0x0.0x0.0x1/
http://127.0.0.1./
http://127.0.0.1%00/
http://127.0.0.1%2f@example.com/
http://%31%32%37.0.0.1/
http://\uff11\uff12\uff17.0.0.1/
http://\u2460\u2461\u2466.0.0.1/
http://127\u30020\u30020\u30021/
http://127\uff0e0\uff0e0\uff0e1/
http://localhost/
http://LOCALHOST/
http://localhost./
http://sub.localhost/
http://\u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2\u24e3/
http://localhost.localdomain/
http://printer.local/
http://metadata.google.internal/
http://[::1]/
http://[::]/
http://[0:0:0:0:0:0:0:1]/
http://[0000:0000:0000:0000:0000:0000:0000:0001]/
http://[::ffff:127.0.0.1]/
http://[::ffff:7f00:1]/
http://[0:0:0:0:0:ffff:127.0.0.1]/
http://[::127.0.0.1]/
http://[::ffff:0:127.0.0.1]/
http://[64:ff9b::127.0.0.1]/
http://[64:ff9b::7f00:1]/
http://[64:ff9b:1::7f00:1]/
http://[2002:7f00:1::]/
http://[2001:0:7f00:1::]/
http://[fe80::1]/
http://[fe80::1%25eth0]/
http://[fe80::1%eth0]/
http://[fc00::1]/
http://[fd12:3456:789a::1]/
http://[fec0::1]/
http://[ff02::1]/
http://[100::1]/
http://[2001:db8::1]/
http://[::1/
http://::1/
http://[127.0.0.1]/
http://[v1.127]/
http://10.0.0.1/
http://10.255.255.255/
http://172.16.0.1/
http://172.31.255.255/
http://192.168.0.1/
http://169.254.169.254/latest/meta-data/
http://[::ffff:169.254.169.254]/
http://[::ffff:a9fe:a9fe]/
http://169.254.43518/
http://0xa9fea9fe/
http://2852039166/
http://100.64.0.1/
http://192.0.0.1/
http://192.0.2.1/
http://198.18.0.1/
http://198.51.100.1/
http://203.0.113.1/
http://224.0.0.1/
http://240.0.0.1/
http://255.255.255.255/
http://user@example.com/
http://user:secret@example.com/
http://example.com@127.0.0.1/
http://127.0.0.1@example.com/
http://@example.com/
http://example.com:22/
http://example.com:6379/
http://example.com:8080/
http://example.com:0/
http://example.com:/
http://example.com:99999/
http://example.com:-80/
http://example.com:80a/
http://example.com\\@127.0.0.1/
http:\\\\127.0.0.1\\
http://example.com\\.127.0.0.1/
http://127.0.0.1#@example.com/
http://127.0.0.1?@example.com/
http:///127.0.0.1/
http:127.0.0.1
//127.0.0.1/
http://
http://./
http://../
http://-example.com/
http://exa mple.com/
http://example.com/\r\nHost: 127.0.0.1
http://example.com/\x00
http://exam\u00adple.com/
http://\u202eexample.com/
http://example..com/
http://1.1.1.256/
http://1.1.1/
http://1.1.1.1.1/
http://08.8.8.8/
file:///etc/passwd
file://localhost/etc/passwd
ftp://example.com/
gopher://127.0.0.1:6379/_
dict://127.0.0.1:11211/
ldap://example.com/
data:text/html,x
javascript:alert(1)
jar:http://example.com!/x
unix:/var/run/docker.sock
netdoc:///etc/passwd
view-source:http://example.com
https+unix://x/
HTTP+x://example.com
""".strip("\n").split("\n")

PRIVATE_ANSWERS = [
    ["127.0.0.1"], ["10.0.0.7"], ["192.168.1.1"], ["172.20.0.1"], ["169.254.169.254"], ["0.0.0.0"], ["::1"], ["::"],
    ["fe80::1"], ["fe80::1%eth0"], ["fd00::1"], ["::ffff:127.0.0.1"], ["64:ff9b::a00:1"], ["2002:a00:1::"],
    [PUBLIC, "127.0.0.1"], ["127.0.0.1", PUBLIC], [PUBLIC, "::1"], [PUBLIC, PUBLIC, "10.0.0.1"], ["224.0.0.1"],
]  # fmt: skip


class Names:
    """A resolver with a script: what each host is, in turn; it remembers what it was asked."""

    def __init__(self, **answers: list[list[str]]) -> None:
        self.answers = {name.replace("_", "."): list(each) for name, each in answers.items()}
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        answers = self.answers.get(host)
        if not answers:
            raise OSError(-2, "Name or service not known")
        return answers.pop(0) if len(answers) > 1 else answers[0]


class Web(httpx.AsyncBaseTransport):
    """Carries what is meant for the one public address to a server on this machine; says where each request went."""

    def __init__(self, port: int) -> None:
        self.port, self.went, self._inner = port, list[tuple[str, str]](), httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.went.append((request.url.host, request.headers["host"]))
        assert request.url.host == PUBLIC, "only the checked address may be connected to"
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self.port)
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


Handle = Callable[[http.server.BaseHTTPRequestHandler], None]


@contextmanager
def serving(handle: Handle) -> Iterator[int]:
    """A server on this machine; gives its port."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                handle(self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def answering(
    content: bytes = PAGE, kind: str = "text/html; charset=utf-8", status: int = 200, **headers: str
) -> Handle:
    """Answers every request alike."""

    def handle(request: http.server.BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **headers}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(content)

    return handle
