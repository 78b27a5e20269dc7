"""What is said of a server that is none; what is never said. The rest is in test_server.py, over real servers."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from retrieval.connecting import Server, hail
from retrieval.store import StoreError


def test_a_token_is_never_shown() -> None:
    assert "s3cret" not in repr(Server(url="http://localhost:1", token="s3cret"))


def test_what_is_no_chroma_server_is_called_so() -> None:
    class Silent(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Silent) as other:
        Thread(target=other.serve_forever, daemon=True).start()
        with pytest.raises(StoreError, match=r"is no Chroma server: check SKILL_GUIDE_CHROMA_URL"):
            hail(Server(url=f"http://127.0.0.1:{other.server_address[1]}"), 30)
        other.shutdown()
