"""Files in a folder of this machine, or of a volume that several machines mount."""

import asyncio
import hashlib
import os
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO

from bela_kit.core.tenancy import TenantId
from bela_kit.files.port import FileMissing, FileTooLarge, StoredFile, checked_key, new_key

_CHUNK_BYTES = 256 * 1024


class FolderFileStore:
    """Keeps files in a folder of this machine or of a mounted volume."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def save(self, tenant: TenantId, stream: AsyncIterator[bytes], *, limit_bytes: int) -> StoredFile:
        """Keep a stream as a new file; refuses with BODY_TOO_LARGE, and then keeps nothing."""
        key = new_key(tenant)
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
        return self._folder / checked_key(key)


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
