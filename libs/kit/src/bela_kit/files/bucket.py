"""Files in a bucket of an S3-compatible object store, for services that run on several machines.

A file is put in parts while it streams in, and appears when all of them are there; a stream that breaks off leaves
nothing. What the store itself wants to know beside (such as `AWS_REGION`) it reads from the environment.
"""

import hashlib
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from bela_kit.core.tenancy import TenantId
from bela_kit.files.port import FileMissing, FileStoreUnavailable, FileTooLarge, StoredFile, checked_key, new_key

_CHUNK_BYTES = 256 * 1024
_PART_BYTES = 5 * 1024 * 1024
_PARTS_AT_ONCE = 2


class BucketFileStore:
    """Keeps files as objects of one bucket.

    Args:
        bucket: Name of the bucket, which exists.
        endpoint: Address of the store; plain `http://` only inside a cluster or on loopback.
        key_id: Name of the access key.
        secret: The access key.
        timeout_seconds: How long one request of the store may take; it is tried again for twice as long.
    """

    def __init__(self, bucket: str, *, endpoint: str, key_id: str, secret: str, timeout_seconds: float = 30.0) -> None:
        self._store = S3Store(
            bucket,
            endpoint=endpoint,
            access_key_id=key_id,
            secret_access_key=secret,
            virtual_hosted_style_request=False,
            client_options={
                "allow_http": endpoint.startswith("http://"),
                "timeout": timedelta(seconds=timeout_seconds),
            },
            retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=timeout_seconds * 2)},
        )

    async def save(self, tenant: TenantId, stream: AsyncIterator[bytes], *, limit_bytes: int) -> StoredFile:
        """Keep a stream as a new file; refuses with BODY_TOO_LARGE, and then keeps nothing."""
        key = new_key(tenant)
        digest, size = hashlib.sha256(), 0

        async def counted() -> AsyncIterator[bytes]:
            nonlocal size
            async for chunk in stream:
                size += len(chunk)
                if size > limit_bytes:
                    raise FileTooLarge(limit_bytes)
                digest.update(chunk)
                if chunk:
                    yield chunk

        with _translated():
            await obstore.put_async(self._store, key, counted(), chunk_size=_PART_BYTES, max_concurrency=_PARTS_AT_ONCE)
        return StoredFile(key, size, digest.hexdigest())

    async def open(self, key: str) -> AsyncIterator[bytes]:
        """Return the content in chunks; FILE_NOT_FOUND at the first if there is none."""
        with _translated():
            found = await obstore.get_async(self._store, checked_key(key))
            async for chunk in found.stream(min_chunk_size=_CHUNK_BYTES):
                yield bytes(chunk)

    async def delete(self, key: str) -> None:
        """Remove a file; nothing happens if it is gone already."""
        with _translated(missing_is_fine=True):
            await obstore.delete_async(self._store, checked_key(key))


@contextmanager
def _translated(*, missing_is_fine: bool = False) -> Iterator[None]:
    """Turn the refusals of the store into those of the port; what the stream itself raises passes through."""
    try:
        yield
    except FileNotFoundError:
        if not missing_is_fine:
            raise FileMissing from None
    except BaseError as error:
        raise FileStoreUnavailable from error
