"""One port for uploads and made documents; a folder here, an object store where there are several machines.

A file appears under its key only when it is whole. Keys begin with the tenant and are made here, never from a name that
a caller chose.
"""

import asyncio
import hashlib
import os
import re
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from bela_kit.core.errors import Kind, ServiceError
from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import TenantId

_KEY = re.compile(r"\d{2,4}/[0-9a-f-]{36}")
_CHUNK_BYTES = 256 * 1024


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

    def path(self, key: str) -> Path:
        """Return a local path to the content, for readers that need one; FILE_NOT_FOUND if there is none."""

    async def delete(self, key: str) -> None:
        """Remove a file; nothing happens if it is gone already."""


class FolderFileStore:
    """Keeps files in a folder of this machine or of a mounted volume."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def save(self, tenant: TenantId, stream: AsyncIterator[bytes], *, limit_bytes: int) -> StoredFile:
        """Keep a stream as a new file; refuses with BODY_TOO_LARGE, and then keeps nothing."""
        key = f"{tenant}/{new_id()}"
        target = self._folder / key
        partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
        await asyncio.to_thread(target.parent.mkdir, mode=0o700, parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        try:
            with await asyncio.to_thread(_create, partial) as file:
                async for chunk in stream:
                    size += len(chunk)
                    if size > limit_bytes:
                        raise FileTooLarge(limit_bytes)
                    digest.update(chunk)
                    await asyncio.to_thread(file.write, chunk)
                await asyncio.to_thread(_flush, file)
            await asyncio.to_thread(partial.rename, target)
            await asyncio.to_thread(_flush_folder, target.parent)
        finally:
            partial.unlink(missing_ok=True)
        return StoredFile(key, size, digest.hexdigest())

    async def open(self, key: str) -> AsyncIterator[bytes]:
        """Return the content in chunks; FILE_NOT_FOUND at the first if there is none."""
        path = self.path(key)
        with await asyncio.to_thread(path.open, "rb") as file:
            while chunk := await asyncio.to_thread(file.read, _CHUNK_BYTES):
                yield chunk

    def path(self, key: str) -> Path:
        """Return a local path to the content; FILE_NOT_FOUND if there is none."""
        path = self._place(key)
        if not path.is_file():
            raise FileMissing
        return path

    async def delete(self, key: str) -> None:
        """Remove a file; nothing happens if it is gone already."""
        await asyncio.to_thread(self._place(key).unlink, missing_ok=True)

    def _place(self, key: str) -> Path:
        if _KEY.fullmatch(key) is None:
            raise FileMissing
        return self._folder / key


def _create(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _flush(file: BinaryIO) -> None:
    """The row that names the file commits after this; a power cut must not leave it naming nothing."""
    file.flush()
    os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
