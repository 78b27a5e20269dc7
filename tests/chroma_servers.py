"""Real Chroma servers on loopback, to be killed and started again, and a proxy that asks for a token before one."""

import http.client
import signal
import ssl
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import which

from retrieval.connecting import Server
from tests.servers import free_port

STARTS_WITHIN_SECONDS = 60


class ChromaServer:
    """`chroma run` over a folder, on a port that stays the same."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, int(free_port())
        self._process: subprocess.Popen[bytes] | None = None
        self.server = Server(url=f"http://127.0.0.1:{self.port}")

    def start(self) -> None:
        """Returns when it answers."""
        command = [_chroma(), "run", "--path", str(self.folder), "--host", "127.0.0.1", "--port", str(self.port)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + STARTS_WITHIN_SECONDS
        while not self._answers():
            assert time.monotonic() < until, "chroma run did not answer"
            time.sleep(0.05)

    def kill(self) -> None:
        """As a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """It goes on holding its connections, and says nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on as if nothing had been."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/api/v2/heartbeat")
            reply = connection.getresponse()
            reply.read()  # else the socket stays open
            return reply.status == 200
        except OSError:
            return False
        finally:
            connection.close()


@contextmanager
def chroma_server(folder: Path) -> Iterator[ChromaServer]:
    """A server that answers, killed at the end."""
    running = ChromaServer(folder)
    running.start()
    try:
        yield running
    finally:
        running.kill()


def _chroma() -> str:
    """The command that chromadb brings, beside the interpreter that runs the tests."""
    found = which("chroma", path=f"{sysconfig.get_path('scripts')}:{Path(sys.executable).parent}")
    assert found, "chromadb's command chroma is not installed"
    return found


@contextmanager
def proxy(port: int, header: str, expected: str, certificate: Path | None = None) -> Iterator[int]:
    """Port of a proxy that lets a request through to a server if its header says what it must."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.headers.get(header) != expected:
                self._reply(401, b"{}")
                return
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            try:
                connection.request(self.command, self.path, sent, {"Content-Type": "application/json"})
                reply = connection.getresponse()
                self._reply(reply.status, reply.read())
            finally:
                connection.close()

        def _reply(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_DELETE = _pass  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            pass

    served = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.daemon_threads = True
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        served.socket = context.wrap_socket(served.socket, server_side=True)
    thread = threading.Thread(target=served.serve_forever, daemon=True)
    thread.start()
    try:
        yield int(served.server_address[1])
    finally:
        served.shutdown()
        served.server_close()
        thread.join()
