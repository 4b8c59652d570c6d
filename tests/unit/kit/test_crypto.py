import pytest
from bela_kit.core.tenancy import TenantId
from bela_kit.crypto import FieldCipher, Unreadable
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

A, B = TenantId("3510"), TenantId("1311")
OLD, NEW = bytes(range(32)), bytes(range(32, 64))


def test_hash_of_a_known_vector() -> None:
    """Stored hashes must be found again by every later version of this code."""
    found = FieldCipher(OLD).lookup_hash(A, "nik", "3510010101010001")
    assert found.hex() == "c7715d46be1adb92506b5c08ed60ac1bde10c039982eab02e2bbab6dd0a7df93"


def test_ciphertext_opens_with_keys_derived_by_the_book() -> None:
    sealed = FieldCipher(OLD, version=3).encrypt(A, "nik", "3510010101010001")
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"bela/seal/v3/3510").derive(OLD)
    assert sealed[0] == 3
    assert AESGCM(key).decrypt(sealed[1:13], sealed[13:], b"3510/nik") == b"3510010101010001"


@given(st.text())
def test_any_text_comes_back(text: str) -> None:
    cipher = FieldCipher(OLD)
    assert cipher.decrypt(A, "phone", cipher.encrypt(A, "phone", text)) == text


def test_same_text_is_sealed_differently_each_time() -> None:
    cipher = FieldCipher(OLD)
    assert cipher.encrypt(A, "nik", "1") != cipher.encrypt(A, "nik", "1")


def test_another_tenant_purpose_or_byte_does_not_open() -> None:
    cipher = FieldCipher(OLD)
    sealed = cipher.encrypt(A, "nik", "1")
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for tenant, purpose, data in ((B, "nik", sealed), (A, "kk", sealed), (A, "nik", changed), (A, "nik", b"")):
        with pytest.raises(Unreadable):
            cipher.decrypt(tenant, purpose, data)


def test_hashes_of_tenants_and_purposes_cannot_be_compared() -> None:
    cipher = FieldCipher(OLD)
    hashes = {cipher.lookup_hash(tenant, purpose, "1") for tenant in (A, B) for purpose in ("nik", "kk")}
    assert len(hashes) == 4


def test_rotation_opens_both_and_searches_both() -> None:
    before = FieldCipher(OLD, version=1)
    during = FieldCipher(NEW, version=2, previous={1: OLD})
    after = FieldCipher(NEW, version=2)
    old, new = before.encrypt(A, "nik", "1"), during.encrypt(A, "nik", "1")
    assert during.decrypt(A, "nik", old) == during.decrypt(A, "nik", new) == "1"
    assert during.needs_rotation(old)
    assert not during.needs_rotation(new)
    assert during.lookup_hashes(A, "nik", "1") == [after.lookup_hash(A, "nik", "1"), before.lookup_hash(A, "nik", "1")]
    with pytest.raises(Unreadable):
        after.decrypt(A, "nik", old)


@pytest.mark.parametrize(("key", "version"), [(b"short", 1), (OLD, 0), (OLD, 256)])
def test_unusable_keys_are_refused(key: bytes, version: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        FieldCipher(key, version=version)
