"""The port of the file store: what is promised of a kept file, wherever it lies."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from bela_kit.core.errors import Kind, ServiceError
from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import TenantId

_KEY = re.compile(r"\d{2,4}/[0-9a-f-]{36}")


class FileTooLarge(ServiceError):
    """The stream holds more than is allowed; nothing of it was kept."""

    kind = Kind.LIMIT
    reason = "BODY_TOO_LARGE"

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(
            f"Berkas melebihi batas {limit_bytes // 2**20} MiB.", metadata={"limit_bytes": str(limit_bytes)}
        )


class FileMissing(ServiceError):
    """No file has this key."""

    kind = Kind.NOT_FOUND
    reason = "FILE_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("Berkas tidak ditemukan.")


class FileStoreUnavailable(ServiceError):
    """The store of files does not answer; safe to try again."""

    kind = Kind.UNAVAILABLE
    reason = "FILE_STORE_UNAVAILABLE"

    def __init__(self) -> None:
        super().__init__("Penyimpanan berkas sedang tidak dapat dihubungi. Coba lagi.")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that is kept: where, how many bytes, and the SHA-256 of its content in hex."""

    key: str
    size: int
    sha256: str


class FileStore(Protocol):
    """Keeps files of tenants."""

    async def save(self, tenant: TenantId, stream: AsyncIterator[bytes], *, limit_bytes: int) -> StoredFile:
        """Keep a stream as a new file; refuses with BODY_TOO_LARGE, and then keeps nothing."""

    def open(self, key: str) -> AsyncIterator[bytes]:
        """Return the content in chunks; FILE_NOT_FOUND at the first if there is none."""

    async def delete(self, key: str) -> None:
        """Remove a file; nothing happens if it is gone already."""


def new_key(tenant: TenantId) -> str:
    """Return a key for a new file: the tenant and an identifier, never a name that a caller chose."""
    return f"{tenant}/{new_id()}"


def checked_key(key: str) -> str:
    """Return a key that this store may have given out; FILE_NOT_FOUND for anything else."""
    if _KEY.fullmatch(key) is None:
        raise FileMissing
    return key
