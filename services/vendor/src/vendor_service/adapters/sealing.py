"""How personal identifiers leave memory: as one sealed text per record, and keyed hashes to find it by."""

from dataclasses import fields
from datetime import date
from typing import Any

import orjson
from bela_kit.core.tenancy import TenantId
from bela_kit.crypto import FieldCipher

from vendor_service.domain.fields import values_of
from vendor_service.domain.owner import Owner
from vendor_service.domain.profile import PERSON_FORMS, EntityKind, PrivateDetails, Profile

_OWNER = "owner"
_VENDOR = "vendor"
_ROW = "import_row"
_OWNER_SEALED = ("nik", "kk", "sex", "birth_place", "birth_date")


class Sealer:
    """Seals, opens and hashes what the register knows about persons, with keys of the region."""

    def __init__(self, cipher: FieldCipher) -> None:
        self._cipher = cipher

    @property
    def version(self) -> int:
        """Number of the key that is written with."""
        return self._cipher.version

    def hash(self, tenant: TenantId, kind: str, value: str | None) -> bytes | None:
        """Return the hash by which a number is found, or none of none."""
        return None if value is None else self._cipher.lookup_hash(tenant, kind, value)

    def hashes(self, tenant: TenantId, kind: str, value: str | None) -> list[bytes]:
        """Return every hash that a stored row may carry for a number while keys rotate."""
        return [] if value is None else self._cipher.lookup_hashes(tenant, kind, value)

    def npwp_key(self, profile: Profile, private: PrivateDetails) -> str | None:
        """Return the tax number if it tells one business from another: a person's is the NIK and does not."""
        return None if profile.entity_kind in PERSON_FORMS else private.npwp

    def vendor_hashes(self, tenant: TenantId, kind: EntityKind, private: PrivateDetails) -> dict[str, bytes | None]:
        """Return the hashes of a business by column, under the present key."""
        return {
            "nib_hash": self.hash(tenant, "nib", private.nib),
            "npwp_hash": self.hash(tenant, "npwp", None if kind in PERSON_FORMS else private.npwp),
            "phone_hash": self.hash(tenant, "phone", private.phone),
            "account_hash": self.hash(tenant, "account", private.account_number),
        }

    def owner_hashes(self, tenant: TenantId, nik: str | None, kk: str | None) -> dict[str, bytes | None]:
        """Return the hashes of a person by column, under the present key."""
        return {"nik_hash": self.hash(tenant, "nik", nik), "kk_hash": self.hash(tenant, "kk", kk)}

    def seal_private(self, tenant: TenantId, private: PrivateDetails) -> bytes:
        """Seal the numbers of a business."""
        known = {name: value for name, value in values_of(private).items() if value is not None}
        return self._cipher.encrypt(tenant, _VENDOR, orjson.dumps(known).decode())

    def open_private(self, tenant: TenantId, sealed: bytes) -> PrivateDetails:
        """Open the numbers of a business."""
        known = orjson.loads(self._cipher.decrypt(tenant, _VENDOR, sealed))
        names = {field.name for field in fields(PrivateDetails)}
        return PrivateDetails(**{name: value for name, value in known.items() if name in names})

    def seal_owner(self, tenant: TenantId, owner: Owner) -> bytes:
        """Seal what names a person, apart from the name itself."""
        known = {name: getattr(owner, name) for name in _OWNER_SEALED}
        filled = {name: value for name, value in known.items() if value is not None}
        return self._cipher.encrypt(tenant, _OWNER, orjson.dumps(filled).decode())

    def open_owner(self, tenant: TenantId, sealed: bytes) -> dict[str, Any]:
        """Return the sealed fields of a person."""
        known: dict[str, Any] = orjson.loads(self._cipher.decrypt(tenant, _OWNER, sealed))
        if known.get("birth_date"):
            known["birth_date"] = date.fromisoformat(known["birth_date"])
        return known

    def seal_row(self, tenant: TenantId, values: dict[str, Any]) -> bytes:
        """Seal a staged row of an import."""
        return self._cipher.encrypt(tenant, _ROW, orjson.dumps(values).decode())

    def open_row(self, tenant: TenantId, sealed: bytes) -> dict[str, Any]:
        """Open a staged row of an import."""
        values: dict[str, Any] = orjson.loads(self._cipher.decrypt(tenant, _ROW, sealed))
        return values

    def seal_document(self, tenant: TenantId, purpose: str, values: dict[str, Any]) -> bytes:
        """Seal a small record of one purpose."""
        return self._cipher.encrypt(tenant, purpose, orjson.dumps(values).decode())

    def open_document(self, tenant: TenantId, purpose: str, sealed: bytes) -> dict[str, Any]:
        """Open a record that was sealed for this purpose."""
        values: dict[str, Any] = orjson.loads(self._cipher.decrypt(tenant, purpose, sealed))
        return values
