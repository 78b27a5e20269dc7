"""Every choice that this project leaves open, with its default. Only the doors and `assembly` read it.

A choice is set by the environment variable of its name, in capitals behind SKILL_GUIDE_ (`SKILL_GUIDE_CONTENT`).
Where the server listens and whom it answers are Streamlit's own choices and stand in `.streamlit/config.toml`.
"""

from pathlib import Path
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from ingest.errors import GuideError

PREFIX: Final = "SKILL_GUIDE_"
PROJECT: Final = Path(__file__).resolve().parent
LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
VALUE_SHOWN: Final = 60
"""Characters of a wrong value that its message repeats: enough to know it again, and still one line."""


def _from_home(folder: Path) -> Path:
    try:
        return folder.expanduser().absolute()
    except RuntimeError as error:
        raise ValueError(str(error)) from None


def _server(url: str) -> str:
    parts = urlsplit(url)
    if url and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment):
        raise ValueError("it must read like http://host:8000 or https://host")
    if parts.username or parts.password:
        raise ValueError(f"a secret does not belong into an address: use {PREFIX}CHROMA_TOKEN")
    return url.rstrip("/")


Address = Annotated[str, AfterValidator(_server)]
Folder = Annotated[Path, AfterValidator(_from_home)]


class Settings(BaseSettings):
    """The choices; read once per process by `load_settings`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid")

    content: Folder = Field(PROJECT / "content", description="Folder of the guides")
    index: Folder = Field(PROJECT / ".index", description="Folder of the index, a cache of the guides")
    model: str = Field(
        "", description="Embedding model: a sentence-transformers name or folder; empty: the packaged one"
    )
    precision: Literal["auto", "float32", "bfloat16"] = Field(
        "auto", description="Number format of the embedding model; auto measures which is faster here"
    )
    chroma_url: Address = Field(
        "", description="Address of a Chroma server, with its scheme; empty: Chroma runs in this process"
    )
    chroma_token: SecretStr = Field(SecretStr(""), description="Token that the proxy before the server asks for")
    chroma_token_header: str = Field(
        "Authorization",
        pattern=r"^[A-Za-z0-9-]+$",
        description="Header for the token; in `Authorization` it follows `Bearer`",
    )
    chroma_certificates: str = Field(
        "", description="File of certificates (PEM) to trust for https; empty: the system's"
    )
    chroma_tenant: str = Field("default_tenant", description="Tenant on the Chroma server")
    chroma_database: str = Field("default_database", description="Database on the Chroma server")
    cross_encoder: str = Field(
        "", description="Reads passages where a guide has no bank: a CrossEncoder, off, or empty for the shipped one"
    )
    port: int = Field(8501, ge=1, le=65535, description="Port of the app, as the links of citations name it")
    feedback: bool = Field(
        True, description="Whether the app keeps ratings and unanswered questions, on this machine only"
    )
    feedback_folder: Folder = Field(PROJECT / ".feedback", description="Folder of the kept ratings and questions")
    question_limit: int = Field(2000, ge=1, description="Longest question, in characters")
    generations_kept: int = Field(3, ge=1, description="Index generations that stay on disk")
    chroma_deadline_seconds: float = Field(
        10, gt=0, allow_inf_nan=False, description="How long the vector store may take before search goes on without it"
    )
    uploads: bool = Field(False, description="Whether visitors may add guides on the page Sources")
    llm_url: str = Field("", description="Address of an OpenAI-compatible server that phrases answers, ending in /v1")
    llm_model: str = Field("", description="Its model; without an address, a .gguf file that is served from here")
    llm_key: SecretStr = Field(SecretStr(""), description="Its key, if it wants one")
    llm_first_token_seconds: float = Field(20, gt=0, allow_inf_nan=False, description="How long it may take to begin")
    llm_total_seconds: float = Field(60, gt=0, allow_inf_nan=False, description="How long it may take in all")
    llm_entailment: str = Field("", description="Folder of an entailment model in ONNX that checks its sentences, too")

    @model_validator(mode="after")
    def _no_token_in_the_clear(self) -> Self:
        parts = urlsplit(self.chroma_url)
        if self.chroma_token.get_secret_value() and parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise ValueError(f"{PREFIX}CHROMA_TOKEN would travel in the clear: use https in {PREFIX}CHROMA_URL")
        return self


def load_settings(**choices: object) -> Settings:
    """The settings of this process; `choices` go before the environment, and one that is None is not made.

    Raises:
        GuideError: A value cannot be used; names the variable, or the option if it came in `choices`.
    """
    made = {name: value for name, value in choices.items() if value is not None}
    try:
        return Settings(**made)  # type: ignore[arg-type]  # pydantic is what checks them
    except ValidationError as error:
        raise GuideError(
            "; ".join(_complaint(one["loc"], one["input"], one["msg"], made) for one in error.errors())
        ) from None


def _complaint(place: tuple[int | str, ...], value: object, message: str, made: dict[str, object]) -> str:
    if not place:  # two choices that do not go together
        return message.partition(", ")[2]
    name = str(place[0])
    source = f"--{name.replace('_', '-')}" if name in made else PREFIX + name.upper()
    shown = repr(value)
    if len(shown) > VALUE_SHOWN:
        shown = shown[:VALUE_SHOWN] + "…"
    return f"{source} cannot be {shown}: {message[:1].lower()}{message[1:]}"
