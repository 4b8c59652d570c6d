"""Passwords and keys of one stack: made once, one file each, readable by the owner alone."""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from bela_local.layout import SERVICES

# Who may connect to the broker: the services, and the supervisor that declares streams and consumers.
NATS_USERS = (*SERVICES, "topology")


@dataclass(frozen=True, slots=True)
class Credentials:
    """Where each secret lies. Services get the path (`*_FILE`), never the value on a command line."""

    folder: Path

    @property
    def pii_master_key(self) -> Path:
        """Master key of personal identifiers, base64 of 32 bytes."""
        return self.folder / "pii_master_key"

    @property
    def issuer_clients(self) -> Path:
        """Client secrets of the services, as the issuer wants them."""
        return self.folder / "issuer_clients.json"

    @property
    def issuer_keys(self) -> Path:
        """Signing keys; the issuer makes this file itself."""
        return self.folder / "issuer_keys.json"

    def client_secret(self, service: str) -> Path:
        """By which a service gets its own tokens."""
        return self.folder / f"{service}.client_secret"

    def nats_password_file(self, user: str) -> Path:
        """By which a service connects to the broker."""
        return self.folder / f"{user}.nats_password"

    def nats_password(self, user: str) -> str:
        """Return the password itself, for the server's own configuration."""
        return self.nats_password_file(user).read_text()


def ensure_credentials(state: Path, data: Path) -> Credentials:
    """Return the secrets of a stack, making those that are missing.

    They lie beside the data, with a link from the state folder: data sealed with a key that was thrown away alone
    could never be read again.
    """
    credentials = Credentials(data / "secrets")
    credentials.folder.mkdir(mode=0o700, exist_ok=True)
    link = state / "secrets"
    if link.resolve() != credentials.folder.resolve():
        link.unlink(missing_ok=True)
        link.symlink_to(credentials.folder)
    _make(credentials.pii_master_key, base64.b64encode(secrets.token_bytes(32)).decode())
    for service in SERVICES:
        _make(credentials.client_secret(service), secrets.token_urlsafe(24))
    for user in NATS_USERS:
        _make(credentials.nats_password_file(user), secrets.token_urlsafe(24))
    clients = {f"svc:{service}": credentials.client_secret(service).read_text() for service in SERVICES}
    _make(credentials.issuer_clients, json.dumps(clients))
    return credentials


def _make(path: Path, value: str) -> None:
    if path.exists():
        return
    fresh = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
        stream.write(value)
    fresh.replace(path)
