"""Connects to a Chroma server: says in one line why there is none, and leaves nothing open behind."""

import warnings
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from pydantic import Field

from ingest.documents import Frozen
from retrieval.store import BUILD_DEADLINE_SECONDS, StoreError

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

SHOWN_OF_A_REASON: Final = 160
"""Characters of what a server or a library says."""
_REFUSED: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


class Server(Frozen):
    """Where a Chroma server is and how to be let in."""

    url: str
    token: str = Field(default="", repr=False)
    header: str = "Authorization"
    certificates: str = ""
    """File of the certificates (PEM) to trust, where it is not the system's."""
    tenant: str = "default_tenant"
    database: str = "default_database"

    @property
    def headers(self) -> dict[str, str]:
        """What every request carries."""
        bearer = self.header.casefold() == "authorization" and " " not in self.token
        return {self.header: f"Bearer {self.token}" if bearer else self.token} if self.token else {}

    @property
    def shown(self) -> str:
        """Its address, without what may be secret in it."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}".rstrip("/")


def hail(server: Server, seconds: float) -> None:
    """Asks a server for a sign of life.

    Raises:
        StoreError: what answers does not let us in, or is no Chroma server.
    """
    import httpx

    place = f"/api/v2/tenants/{quote(server.tenant, safe='')}/databases/{quote(server.database, safe='')}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of naming a file of certificates, as Chroma does
        client = httpx.Client(headers=server.headers, timeout=seconds, verify=server.certificates or True)
    with client:
        alive = client.get(f"{server.shown}/api/v2/heartbeat")
        home = client.get(f"{server.shown}{place}")
    if {alive.status_code, home.status_code} & _REFUSED:
        raise StoreError(f"the Chroma server at {server.shown} does not let us in: check SKILL_GUIDE_CHROMA_TOKEN")
    for reply in (alive, home):
        if reply.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise ConnectionError(f"it says {reply.status_code}")
    if alive.status_code != HTTPStatus.OK or "heartbeat" not in alive.text:
        raise StoreError(f"what answers at {server.shown} is no Chroma server: check SKILL_GUIDE_CHROMA_URL")
    if home.status_code != HTTPStatus.OK:
        raise StoreError(
            f"the Chroma server at {server.shown} has no database {server.database} of a tenant {server.tenant}:"
            " create it, or check SKILL_GUIDE_CHROMA_DATABASE"
        )


def connect(server: Server, seconds: float) -> "ClientAPI":
    """A client of a server that has just given a sign of life: Chroma's own would wait for ever for one."""
    hail(server, seconds)
    import chromadb

    settings = chromadb.Settings(anonymized_telemetry=False, chroma_server_ssl_verify=server.certificates or None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            client = chromadb.HttpClient(
                host=server.shown, ssl=urlsplit(server.url).scheme == "https", headers=server.headers,
                settings=settings, tenant=server.tenant, database=server.database,
            )  # fmt: skip
        except ValueError as error:
            raise ConnectionError(brief(error)) from error
    # Its client for administration, which has looked for the database and is not needed any more, is one of its own.
    client._admin_client._server._session.close()
    client._server._session.timeout = BUILD_DEADLINE_SECONDS  # none by default: threads would wait for ever
    return client


def disconnect(client: "ClientAPI") -> None:
    """Closes the connections of a client, which Chroma leaves open, and lets go what Chroma keeps of it for ever.

    Takes no lock, since the collector may call it anywhere.
    """
    from chromadb.api.shared_system_client import SharedSystemClient

    client._server._session.close()
    ours = (client._server._system, client._admin_client._server._system)
    for name, system in list(SharedSystemClient._identifier_to_system.items()):
        if any(system is each for each in ours):
            SharedSystemClient._identifier_to_system.pop(name, None)
            SharedSystemClient._identifier_to_refcount.pop(name, None)


def brief(error: Exception) -> str:
    """Its first line, not too long."""
    return (str(error).split("\n")[0].strip() or type(error).__name__)[:SHOWN_OF_A_REASON]
