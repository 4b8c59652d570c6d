"""Uploaded files at rest: sealed chunk by chunk with the region's key, so that a folder or bucket shows nothing."""

import base64
import hashlib
from collections.abc import AsyncIterator

from bela_kit.core.tenancy import TenantId
from bela_kit.crypto import FieldCipher
from bela_kit.files import FileStore, FileTooLarge

from vendor_service.application.imports.ports import UploadedFile

_CHUNK = 1024 * 1024
_PURPOSE = "import_file"


class SealedFiles:
    """Keeps files of the kit's store as frames of four bytes length and ciphertext, each bound to its place."""

    def __init__(self, store: FileStore, cipher: FieldCipher, purpose: str = _PURPOSE) -> None:
        self._store = store
        self._purpose = purpose
        self._cipher = cipher

    async def save(self, tenant: TenantId, stream: AsyncIterator[bytes], *, limit_bytes: int) -> UploadedFile:
        """Seal and keep a stream; the size and SHA-256 returned are those of the plain content.

        Raises:
            FileTooLarge: The stream holds more than allowed; nothing was kept.
        """
        digest, size = hashlib.sha256(), 0

        async def sealed() -> AsyncIterator[bytes]:
            nonlocal size
            pending = bytearray()
            place = 0
            async for piece in stream:
                size += len(piece)
                if size > limit_bytes:
                    raise FileTooLarge(limit_bytes)
                digest.update(piece)
                pending += piece
                while len(pending) >= _CHUNK:
                    yield self._seal(tenant, place, bytes(pending[:_CHUNK]))
                    del pending[:_CHUNK]
                    place += 1
            if pending:
                yield self._seal(tenant, place, bytes(pending))

        stored = await self._store.save(tenant, sealed(), limit_bytes=limit_bytes * 2)
        return UploadedFile(stored.key, size, digest.hexdigest())

    async def open(self, tenant: TenantId, key: str) -> AsyncIterator[bytes]:
        """Yield the plain content in chunks."""
        pending = bytearray()
        place = 0
        async for piece in self._store.open(key):
            pending += piece
            while len(pending) >= 4 and len(pending) >= 4 + (size := int.from_bytes(pending[:4], "big")):
                text = self._cipher.decrypt(tenant, f"{self._purpose}/{place}", bytes(pending[4 : 4 + size]))
                yield base64.b64decode(text)
                del pending[: 4 + size]
                place += 1

    async def delete(self, key: str) -> None:
        """Remove a file; nothing happens if it is gone already."""
        await self._store.delete(key)

    def _seal(self, tenant: TenantId, place: int, chunk: bytes) -> bytes:
        body = self._cipher.encrypt(tenant, f"{self._purpose}/{place}", base64.b64encode(chunk).decode("ascii"))
        return len(body).to_bytes(4, "big") + body
