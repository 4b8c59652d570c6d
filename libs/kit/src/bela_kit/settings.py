"""What every service is told from outside: validated once, frozen, printable without its secrets.

A service subclasses `ServiceSettings` with its own `env_prefix` and fields. A secret may also come from a file: the
variable's name with `_FILE` behind it (the way Kubernetes and systemd hand secrets over).
"""

import base64
import binascii
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict


@dataclass(frozen=True, slots=True)
class Bind:
    """Where a server listens: the path of a Unix socket, or a host and a port."""

    path: str | None = None
    host: str | None = None
    port: int = 0

    @classmethod
    def parse(cls, text: str) -> "Bind":
        """Read `unix:/path` or `tcp://host:port`; anything else is a ValueError."""
        if text.startswith("unix:"):
            path = text.removeprefix("unix:").removeprefix("//")
            if not path.startswith("/"):
                raise ValueError("unix: wants an absolute path")
            if len(path.encode()) > 100:
                raise ValueError("the path of a Unix socket may hold 100 bytes at most")
            return cls(path=path)
        if text.startswith("tcp://"):
            host, colon, port = text.removeprefix("tcp://").rpartition(":")
            if host and colon and port.isdigit() and int(port) < 65536:
                return cls(host=host.strip("[]"), port=int(port))
        raise ValueError("wants unix:/path or tcp://host:port")

    @property
    def grpc_address(self) -> str:
        """The address as grpc names it."""
        if self.path is not None:
            return f"unix:{self.path}"
        return f"[{self.host}]:{self.port}" if ":" in (self.host or "") else f"{self.host}:{self.port}"


class _SecretFiles(PydanticBaseSettingsSource):
    """Reads `<PREFIX><FIELD>_FILE` for every field; the file's last newline does not belong to the value."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        name = f"{self.config.get('env_prefix') or ''}{field_name}_FILE".upper()
        path = os.environ.get(name)
        if not path:
            return None, field_name, False
        try:
            return Path(path).read_text(encoding="utf-8").rstrip("\r\n"), field_name, False
        except OSError as error:
            raise SystemExit(f"{name}: {error.strerror or error}: {path}") from error

    def __call__(self) -> dict[str, Any]:
        values = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in values.items() if value is not None}


class ServiceSettings(BaseSettings):
    """Settings that every service has; times in seconds, sizes in bytes or in things."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True, hide_input_in_errors=True)

    environment: Literal["local", "test", "production"] = "local"
    """`production` refuses demo tenants and their clocks."""

    rest_bind: str = "tcp://127.0.0.1:8080"
    grpc_bind: str = "tcp://127.0.0.1:9090"
    probe_bind: str = "tcp://127.0.0.1:8081"

    database_app_url: SecretStr = SecretStr("")
    database_worker_url: SecretStr = SecretStr("")
    database_owner_url: SecretStr = SecretStr("")
    database_pool_size: int = Field(default=10, ge=1, le=100)
    database_worker_pool_size: int = Field(default=4, ge=1, le=100)

    nats_url: str = ""
    nats_user: str = ""
    nats_password: SecretStr = SecretStr("")

    auth_issuer: str = ""
    """The `iss` claim a token must carry."""
    auth_jwks_url: str = ""
    auth_token_url: str = ""
    auth_audience: str = "bela"
    auth_client_id: str = ""
    """How this service names itself to others, and the `sub` of its own tokens."""
    auth_client_secret: SecretStr = SecretStr("")

    files_folder: str = ""
    """Folder of the file store; local disk or a mounted volume."""
    files_bucket: str = ""
    """Bucket of an S3-compatible store, which is used instead of the folder if it is named."""
    files_endpoint: str = ""
    """Address of that store, with its scheme."""
    files_key_id: SecretStr = SecretStr("")
    files_secret: SecretStr = SecretStr("")

    pii_master_key: SecretStr = SecretStr("")
    """Base64 of 32 bytes, from which the keys for personal identifiers are derived."""

    otlp_endpoint: str = ""
    """Where spans go; empty means nowhere."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    drain_seconds: float = Field(default=0.5, ge=0, le=300)
    """How long a server that is no longer ready still accepts."""
    grace_seconds: float = Field(default=10.0, ge=0, le=300)
    """How long requests under way may take to finish."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments win over the environment, the environment over `_FILE`; no dotenv files."""
        return init_settings, env_settings, _SecretFiles(settings_cls)

    @field_validator("rest_bind", "grpc_bind", "probe_bind")
    @classmethod
    def _bind_parses(cls, value: str) -> str:
        Bind.parse(value)
        return value

    @field_validator("pii_master_key")
    @classmethod
    def _key_is_32_bytes(cls, value: SecretStr) -> SecretStr:
        text = value.get_secret_value()
        if text:
            try:
                size = len(base64.b64decode(text, validate=True))
            except binascii.Error as error:
                raise ValueError("is not base64") from error
            if size != 32:
                raise ValueError("must be 32 bytes in base64")
        return value

    @model_validator(mode="after")
    def _bucket_is_reachable(self) -> Self:
        keys = (self.files_key_id.get_secret_value(), self.files_secret.get_secret_value())
        if self.files_bucket and not (self.files_endpoint and all(keys)):
            raise ValueError("files_bucket needs files_endpoint, files_key_id and files_secret")
        return self

    @model_validator(mode="after")
    def _production_is_complete(self) -> Self:
        if self.environment == "production":
            wanted = ("auth_issuer", "auth_jwks_url", "nats_url")
            missing = [name for name in wanted if not getattr(self, name)]
            if not self.database_app_url.get_secret_value():
                missing.append("database_app_url")
            if missing:
                raise ValueError("production needs " + ", ".join(missing))
        return self

    def bind(self, which: Literal["rest", "grpc", "probe"]) -> Bind:
        """Return where one of the three servers listens."""
        return Bind.parse(getattr(self, f"{which}_bind"))

    def master_key(self) -> bytes:
        """Return the master key for personal identifiers; a ValueError if none was set."""
        text = self.pii_master_key.get_secret_value()
        if not text:
            raise ValueError("pii_master_key is not set")
        return base64.b64decode(text)


S = TypeVar("S", bound=ServiceSettings)


def load(cls: type[S], **overrides: Any) -> S:
    """Return the settings from the environment.

    Raises:
        SystemExit: With one line for each variable that is missing or wrong, none of which shows a value.
    """
    prefix = (cls.model_config.get("env_prefix") or "").upper()
    try:
        return cls(**overrides)
    except ValidationError as error:
        lines = [
            f"  {prefix}{'_'.join(str(part) for part in problem['loc']).upper()}: {problem['msg']}"
            for problem in error.errors(include_url=False, include_input=False, include_context=False)
        ]
        raise SystemExit("Settings are not usable:\n" + "\n".join(lines)) from None
