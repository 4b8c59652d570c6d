"""Hashes of stored rows under the present key, also of rows that still carry another.

While keys rotate, two rows with one NIK may hold unlike hashes. Whoever compares hashes in memory takes them from
here; whoever compares in SQL asks for `Sealer.hashes`, every version at once.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from bela_kit.core.tenancy import TenantId

from vendor_service.adapters import tables as t
from vendor_service.adapters.sealing import Sealer
from vendor_service.domain.profile import EntityKind

_V, _O = t.vendors.c, t.owners.c


def other_key(sealed: sa.ColumnElement[Any], version: int) -> sa.ColumnElement[bool]:
    """Return the condition that a text was sealed with another key than this: its version is the first byte."""
    return sa.func.get_byte(sealed, 0) != version


@dataclass(frozen=True, slots=True)
class _Hashes:
    """What a stored business and one of its owners are found by."""

    nib_hash: bytes | None
    npwp_hash: bytes | None
    phone_hash: bytes | None
    account_hash: bytes | None
    nik_hash: bytes | None
    kk_hash: bytes | None


class PresentHashes:
    """Turns rows of businesses with owners into hashes of the present key; a row that carries it costs nothing."""

    def __init__(self, tenant: TenantId, sealer: Sealer) -> None:
        self._tenant = tenant
        self._sealer = sealer

    def columns(self) -> tuple[sa.Label[Any], ...]:
        """Return the columns that `of` needs: the hashes, and the sealed texts of rows under another key only."""
        version = self._sealer.version
        hashes = (_V.nib_hash, _V.npwp_hash, _V.phone_hash, _V.account_hash, _O.nik_hash, _O.kk_hash)
        return (
            *(column.label(column.name) for column in hashes),
            _V.profile["entity_kind"].astext.label("entity_kind"),
            sa.case((other_key(_V.sealed, version), _V.sealed)).label("old_vendor"),
            sa.case((other_key(_O.sealed, version), _O.sealed)).label("old_owner"),
        )

    def of(self, row: Any) -> Any:
        """Return an object with the hashes by column; what is under another key is opened and hashed anew."""
        if row.old_vendor is None and row.old_owner is None:
            return row
        found = {name: getattr(row, name) for name in _Hashes.__slots__}
        if row.old_vendor is not None:
            private = self._sealer.open_private(self._tenant, row.old_vendor)
            kind = EntityKind(row.entity_kind or EntityKind.INDIVIDUAL)
            found |= self._sealer.vendor_hashes(self._tenant, kind, private)
        if row.old_owner is not None:
            known = self._sealer.open_owner(self._tenant, row.old_owner)
            found |= self._sealer.owner_hashes(self._tenant, known.get("nik"), known.get("kk"))
        return _Hashes(**found)
