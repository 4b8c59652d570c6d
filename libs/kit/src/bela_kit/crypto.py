"""Personal identifiers at rest: sealed text that only its tenant's key opens, and keyed hashes to find it by.

Keys are derived per tenant and version from one master secret, the hash key apart from the sealing key: a leaked
database tells nothing, and one tenant's values cannot be compared with another's. While keys rotate, both versions
open, and look-ups ask for both hashes.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bela_kit.core.tenancy import TenantId

_NONCE_BYTES = 12
_KEY_BYTES = 32
_CACHED_KEYS = 4096


class Unreadable(ValueError):
    """The text was sealed for another tenant or purpose, with an unknown key, or was changed since."""


class FieldCipher:
    """Seals and hashes single fields.

    Ciphertext is one byte of version, twelve of nonce, then AES-256-GCM output; tenant and purpose are authenticated:
    a value moved to another tenant's row or to another column does not open.

    Args:
        master_key: 32 secret bytes, the present version.
        version: Number of the present version, 1 to 255; it goes into each ciphertext.
        previous: Earlier master keys by version, while rotation lasts.
    """

    def __init__(self, master_key: bytes, *, version: int = 1, previous: Mapping[int, bytes] | None = None) -> None:
        self._masters = {**(previous or {}), version: master_key}
        if any(len(key) != _KEY_BYTES or not 1 <= number <= 255 for number, key in self._masters.items()):
            raise ValueError("a master key is 32 bytes, its version 1 to 255")
        self._version = version
        self._keys: dict[tuple[str, TenantId, int], bytes] = {}

    @property
    def version(self) -> int:
        """Number of the key that new texts are sealed and found by."""
        return self._version

    def encrypt(self, tenant: TenantId, purpose: str, text: str) -> bytes:
        """Seal a text for a tenant and purpose with the present key; two results for one text differ."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = AESGCM(self._key("seal", tenant, self._version)).encrypt(
            nonce, text.encode(), _context(tenant, purpose)
        )
        return bytes([self._version]) + nonce + sealed

    def decrypt(self, tenant: TenantId, purpose: str, sealed: bytes) -> str:
        """Open a text sealed for the same tenant and purpose.

        Raises:
            Unreadable: It was not, or its key version is gone.
        """
        if len(sealed) <= 1 + _NONCE_BYTES or sealed[0] not in self._masters:
            raise Unreadable("unknown key version")
        nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            return AESGCM(self._key("seal", tenant, sealed[0])).decrypt(nonce, body, _context(tenant, purpose)).decode()
        except InvalidTag:
            raise Unreadable("not sealed for this tenant and purpose") from None

    def needs_rotation(self, sealed: bytes) -> bool:
        """Say whether a text is sealed with a key other than the present one."""
        return sealed[:1] != bytes([self._version])

    def lookup_hash(self, tenant: TenantId, purpose: str, text: str) -> bytes:
        """Return the hash under the present key by which equal texts of a tenant are found; 32 bytes."""
        return self._hash(tenant, purpose, text, self._version)

    def lookup_hashes(self, tenant: TenantId, purpose: str, text: str) -> list[bytes]:
        """Return the hashes under every key that rows may still carry, the present one first."""
        versions = sorted(self._masters, key=lambda number: (number != self._version, -number))
        return [self._hash(tenant, purpose, text, version) for version in versions]

    def _hash(self, tenant: TenantId, purpose: str, text: str, version: int) -> bytes:
        message = _context(tenant, purpose) + b"\x00" + text.encode()
        return hmac.digest(self._key("hash", tenant, version), message, hashlib.sha256)

    def _key(self, use: str, tenant: TenantId, version: int) -> bytes:
        name = (use, tenant, version)
        key = self._keys.get(name)
        if key is None:
            if len(self._keys) >= _CACHED_KEYS:
                self._keys.clear()
            info = f"bela/{use}/v{version}/{tenant}".encode()
            key = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=info).derive(self._masters[version])
            self._keys[name] = key
        return key


def _context(tenant: TenantId, purpose: str) -> bytes:
    return f"{tenant}/{purpose}".encode()
