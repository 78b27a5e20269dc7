"""Serves a GGUF file from this process on a loopback port with llama.cpp, for this process alone. Knows no prompts."""

import secrets
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from answering.phrased.llm import Endpoint, LLMError

if TYPE_CHECKING:
    import xllamacpp

SUFFIX: Final = ".gguf"
INSTALL: Final = ".venv/bin/python -m pip install '.[llm]'"
CONTEXT_TOKENS: Final = 8_192
"""For both requests together; instructions, half a minute of quotes and the reply take about 1,200."""
PARALLEL: Final = 2
LOOPBACK: Final = "127.0.0.1"
SILENT: Final = -1
_MAGIC: Final = b"GGUF"


class LocalModel:
    """A model file; its server starts with the first request and ends with the process."""

    def __init__(self, file: Path) -> None:
        """Reads nothing yet."""
        self._file, self.name = file, file.stem
        self._lock = threading.Lock()
        self._server: xllamacpp.Server | None = None
        self._key = secrets.token_urlsafe()

    def endpoint(self) -> Endpoint:
        """Where it listens; starts it where that was not done yet.

        Raises:
            LLMError: the extra is not installed, or the file is no model that can be loaded.
        """
        with self._lock:
            if self._server is None:
                self._server = self._started()
            return Endpoint(url=f"{self._server.listening_address}/v1", model=self.name, key=self._key)

    def _started(self) -> "xllamacpp.Server":
        if find_spec("xllamacpp") is None:
            raise LLMError(f"serving a {SUFFIX} file needs an extra; install it with {INSTALL}")
        try:
            with self._file.open("rb") as opened:
                magic = opened.read(len(_MAGIC))
        except OSError as error:
            raise LLMError(f"{self._file} cannot be read ({error.strerror}); check SKILL_GUIDE_LLM_MODEL") from None
        if magic != _MAGIC:
            raise LLMError(f"{self._file} is no {SUFFIX} file; check SKILL_GUIDE_LLM_MODEL")
        import xllamacpp

        asked = xllamacpp.CommonParams()
        asked.model.path = str(self._file)
        asked.hostnames, asked.port, asked.api_keys = [LOOPBACK], 0, [self._key]
        asked.n_ctx, asked.n_parallel = CONTEXT_TOKENS, PARALLEL
        # A model file brings a template in a language of its own. It is not run: its format is recognised by llama.cpp,
        # which writes it by itself, and is ChatML otherwise.
        asked.use_jinja = False
        asked.ui = asked.endpoint_slots = asked.endpoint_props = False
        asked.offline, asked.cors_origins, asked.verbosity = True, "", SILENT
        try:
            return xllamacpp.Server(asked)
        except Exception as error:
            raise LLMError(f"{self._file} cannot be loaded ({type(error).__name__}); is the file whole?") from None
