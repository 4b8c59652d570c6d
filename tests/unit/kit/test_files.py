import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from bela_kit.core.tenancy import TenantId
from bela_kit.files import FileMissing, FileTooLarge, FolderFileStore

A = TenantId("3510")


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def test_stream_is_kept_whole_and_read_back(tmp_path: Path) -> None:
    store = FolderFileStore(tmp_path)
    kept = await store.save(A, chunks(b"ab", b"", b"c" * 300_000), limit_bytes=400_000)
    content = b"".join([part async for part in store.open(kept.key)])
    assert content == b"ab" + b"c" * 300_000
    assert (kept.size, kept.sha256) == (300_002, hashlib.sha256(content).hexdigest())
    assert kept.key.startswith("3510/")
    assert store.path(kept.key).stat().st_mode & 0o777 == 0o600


async def test_too_much_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileTooLarge):
        await FolderFileStore(tmp_path).save(A, chunks(b"abc", b"def"), limit_bytes=5)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


async def test_stream_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"abc"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await FolderFileStore(tmp_path).save(A, broken(), limit_bytes=5)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


async def test_deleted_file_is_gone_and_may_be_deleted_again(tmp_path: Path) -> None:
    store = FolderFileStore(tmp_path)
    kept = await store.save(A, chunks(b"x"), limit_bytes=5)
    await store.delete(kept.key)
    await store.delete(kept.key)
    with pytest.raises(FileMissing):
        store.path(kept.key)


@pytest.mark.parametrize("key", ["../secret", "3510/../../etc/passwd", "/etc/passwd", "3510/x", ""])
async def test_key_that_was_never_given_out_is_missing(tmp_path: Path, key: str) -> None:
    with pytest.raises(FileMissing):
        FolderFileStore(tmp_path).path(key)
