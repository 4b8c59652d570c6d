"""One suite for every file store: a folder of this machine, and a bucket of a real S3-compatible server."""

import asyncio
import hashlib
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from bela_kit.core.tenancy import TenantId
from bela_kit.files import (
    BucketFileStore,
    FileMissing,
    FileStore,
    FileStoreUnavailable,
    FileTooLarge,
    FolderFileStore,
)
from bela_kit.testing.servers import free_port

from .conftest import BUCKET, KEY_ID, SECRET

A, B = TenantId("3510"), TenantId("19")
MANY = 12 * 1024 * 1024


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    if request.param == "folder":
        return FolderFileStore(tmp_path)
    server = request.getfixturevalue("object_store")
    return BucketFileStore(BUCKET, endpoint=server.endpoint, key_id=KEY_ID, secret=SECRET)


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def read(store: FileStore, key: str) -> bytes:
    return b"".join([part async for part in store.open(key)])


@pytest.mark.parametrize("size", [0, 1, 5 * 1024 * 1024, MANY])
async def test_a_stream_is_kept_whole_and_read_back(store: FileStore, size: int):
    content = random.Random(size).randbytes(size)
    parts = [content[at : at + 300_000] for at in range(0, size, 300_000)]
    kept = await store.save(A, chunks(*parts, b""), limit_bytes=MANY)
    assert (kept.size, kept.sha256) == (size, hashlib.sha256(content).hexdigest())
    assert kept.key.startswith("3510/")
    assert await read(store, kept.key) == content


async def test_two_files_never_share_a_key(store: FileStore):
    kept = [await store.save(tenant, chunks(b"same"), limit_bytes=9) for tenant in (A, A, B)]
    assert len({one.key for one in kept}) == 3
    await store.delete(kept[0].key)
    assert await read(store, kept[1].key) == b"same"


async def test_too_much_is_refused_and_nothing_of_it_is_kept(store: FileStore, tmp_path: Path):
    with pytest.raises(FileTooLarge):
        await store.save(A, chunks(b"abc", b"def"), limit_bytes=5)
    with pytest.raises(FileTooLarge):
        await store.save(A, chunks(*[b"x" * 1_000_000] * 12), limit_bytes=11_000_000)
    if isinstance(store, FolderFileStore):
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    else:
        import obstore

        listed = await obstore.list(store._store).collect_async()
        sizes = {one["size"] for one in listed}
        assert not sizes & {3, 6, 11_000_000, 12_000_000}


async def test_a_stream_that_breaks_off_says_why_and_leaves_nothing(store: FileStore):
    async def broken() -> AsyncIterator[bytes]:
        yield b"abc"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await store.save(A, broken(), limit_bytes=5)


async def test_a_deleted_file_is_gone_and_may_be_deleted_again(store: FileStore):
    kept = await store.save(A, chunks(b"x"), limit_bytes=5)
    await store.delete(kept.key)
    await store.delete(kept.key)
    with pytest.raises(FileMissing):
        await read(store, kept.key)


@pytest.mark.parametrize("key", ["../secret", "3510/../../etc/passwd", "/etc/passwd", "3510/x", "", "3510/%2e%2e"])
async def test_a_key_that_was_never_given_out_is_missing(store: FileStore, key: str):
    with pytest.raises(FileMissing):
        await read(store, key)
    with pytest.raises(FileMissing):
        await store.delete(key)


async def test_many_at_once_do_not_mix(store: FileStore):
    contents = [bytes([number]) * (100_000 + number) for number in range(8)]
    kept = await asyncio.gather(*(store.save(A, chunks(one), limit_bytes=MANY) for one in contents))
    assert await asyncio.gather(*(read(store, one.key) for one in kept)) == contents


async def test_a_store_that_does_not_answer_is_unavailable():
    store = BucketFileStore(
        BUCKET, endpoint=f"http://127.0.0.1:{free_port()}", key_id=KEY_ID, secret=SECRET, timeout_seconds=1
    )
    with pytest.raises(FileStoreUnavailable):
        await store.save(A, chunks(b"x"), limit_bytes=5)
    with pytest.raises(FileStoreUnavailable):
        await read(store, "3510/0192f1c0-7e1a-7c3e-9a51-2f6f6f1f0001")


async def test_a_wrong_secret_is_unavailable_and_not_a_missing_file(object_store):
    store = BucketFileStore(BUCKET, endpoint=object_store.endpoint, key_id=KEY_ID, secret="wrong")
    with pytest.raises(FileStoreUnavailable):
        await read(store, "3510/0192f1c0-7e1a-7c3e-9a51-2f6f6f1f0001")
