"""The numbers of a staged row as hashes and ciphertext; called in a thread, since it is all computation."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bela_kit.core.tenancy import TenantId

from vendor_service.adapters.sealing import Sealer
from vendor_service.domain.fields import values_of
from vendor_service.domain.imports.dedupe import Keys
from vendor_service.domain.imports.row import ParsedRow
from vendor_service.domain.names import name_key
from vendor_service.domain.profile import PERSON_FORMS, EntityKind


class SealedRowKeys:
    """Hashes and seals rows with keys of the region."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def keys(self, tenant: TenantId, row: ParsedRow) -> Keys:
        """Return what deduplication looks at."""
        hash_of = self._sealer.hash
        profile, private = row.profile, row.private
        owner = row.owners[0] if row.owners else {}
        entity = EntityKind(profile.get("entity_kind", EntityKind.INDIVIDUAL)) not in PERSON_FORMS
        return Keys(
            name=name_key(profile.get("name", "")),
            place=profile.get("village_code") or profile.get("district_code", ""),
            nib=hash_of(tenant, "nib", private.get("nib")),
            npwp=hash_of(tenant, "npwp", private.get("npwp")) if entity else None,
            nik=hash_of(tenant, "nik", owner.get("nik")),
            phone=hash_of(tenant, "phone", private.get("phone")),
        )

    def links(self, tenant: TenantId, row: ParsedRow) -> list[bytes]:
        """Return the strong links of a row: NIK, family card and bank account.

        Under every key, since the keys may have rotated before the row is committed. A koperasi has none.
        """
        if row.profile.get("entity_kind") == EntityKind.KOPERASI:
            return []
        hashes = self._sealer.hashes
        found = [
            link for owner in row.owners for name in ("nik", "kk") for link in hashes(tenant, name, owner.get(name))
        ]
        return found + hashes(tenant, "account", row.private.get("account_number"))

    def seal(self, tenant: TenantId, row: ParsedRow) -> bytes:
        """Return the row as it is staged."""
        return self._sealer.seal_row(tenant, values_of(row))

    def seal_values(self, tenant: TenantId, values: Mapping[str, Any]) -> bytes:
        """Return values of fields as they are kept."""
        return self._sealer.seal_row(tenant, dict(values))

    def open_values(self, tenant: TenantId, sealed: bytes) -> dict[str, Any]:
        """Return values of fields."""
        return self._sealer.open_row(tenant, sealed)

    def open(self, tenant: TenantId, sealed: bytes) -> ParsedRow:
        """Return a staged row."""
        values = self._sealer.open_row(tenant, sealed)
        for owner in values["owners"]:
            if owner.get("birth_date"):
                owner["birth_date"] = date.fromisoformat(owner["birth_date"])
        return ParsedRow(**values)
