"""Consent texts, acceptances, requests of persons and the record of reveals, within one transaction."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from bela_kit.core.tenancy import TenantId
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.adapters import rows
from vendor_service.adapters import tables as t
from vendor_service.adapters.imports.tables import import_changes
from vendor_service.adapters.merging.tables import vendor_merges
from vendor_service.adapters.personal_data.dossier import dossier
from vendor_service.adapters.personal_data.tables import consent_texts, consents, data_requests
from vendor_service.adapters.sealing import Sealer
from vendor_service.domain.fields import values_of
from vendor_service.domain.personal_data.consent import Consent, ConsentText
from vendor_service.domain.personal_data.data_request import DataRequest, RequestKind, RequestState
from vendor_service.domain.personal_data.errors import ConsentTextExists, DataRequestNotFound, DataRequestOpen
from vendor_service.domain.vendor import Vendor

DATA_REQUEST = "data_request"
_SEALED = ("values", "words")


class SqlPersonalData:
    """What a region keeps about its handling of personal data."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId, sealer: Sealer) -> None:
        self._connection = connection
        self._tenant = tenant
        self._sealer = sealer

    async def texts(self) -> Sequence[ConsentText]:
        """Return the published consent texts, the latest first."""
        c = consent_texts
        query = sa.select(c).where(c.c.tenant_id == self._tenant).order_by(c.c.valid_from.desc(), c.c.version.desc())
        found = (await self._connection.execute(query)).mappings()
        return [ConsentText(**{name: row[name] for name in ConsentText.__slots__}) for row in found]

    async def add_text(self, text: ConsentText) -> None:
        """Publish a text; refuses with CONSENT_TEXT_EXISTS unless it is word for word the one that is there."""
        statement = postgresql.insert(consent_texts).values(tenant_id=self._tenant, **values_of(text))
        result = await self._connection.execute(statement.on_conflict_do_nothing())
        if result.rowcount == 0:
            raise ConsentTextExists

    async def add_consent(self, consent: Consent) -> None:
        """Store that a text was accepted."""
        await rows.insert(self._connection, consents, [{"tenant_id": self._tenant, **values_of(consent)}])

    async def consents(self, vendor_id: UUID) -> Sequence[Consent]:
        """Return what was accepted for a business, the latest first."""
        c = consents
        query = sa.select(c).where(c.c.tenant_id == self._tenant, c.c.vendor_id == vendor_id)
        found = (await self._connection.execute(query.order_by(c.c.consent_id.desc()))).mappings()
        return [Consent(**{name: row[name] for name in Consent.__slots__}) for row in found]

    async def add_request(self, request: DataRequest) -> None:
        """Store a new request; refuses with DATA_REQUEST_OPEN if one of its kind waits."""
        statement = postgresql.insert(data_requests).values(self._row(request)).on_conflict_do_nothing()
        if (await self._connection.execute(statement)).rowcount == 0:
            raise DataRequestOpen

    async def request(self, request_id: UUID) -> DataRequest:
        """Return a request, locked; refuses with DATA_REQUEST_NOT_FOUND."""
        d = data_requests
        query = sa.select(d).where(d.c.tenant_id == self._tenant, d.c.request_id == request_id).with_for_update()
        row = (await self._connection.execute(query)).mappings().first()
        if row is None:
            raise DataRequestNotFound
        return self._request(row)

    async def save_request(self, request: DataRequest) -> None:
        """Store the answer to a request."""
        await rows.upsert(self._connection, data_requests, [self._row(request)], keys=("tenant_id", "request_id"))

    async def requests(
        self, vendor_id: UUID | None, state: RequestState | None, after: UUID | None, limit: int
    ) -> Sequence[DataRequest]:
        """Return requests, the oldest first."""
        d = data_requests
        query = sa.select(d).where(d.c.tenant_id == self._tenant)
        if vendor_id is not None:
            query = query.where(d.c.vendor_id == vendor_id)
        if state is not None:
            query = query.where(d.c.state == state.value)
        if after is not None:
            query = query.where(d.c.request_id > after)
        found = (await self._connection.execute(query.order_by(d.c.request_id).limit(limit))).mappings()
        return [self._request(row) for row in found]

    async def reveals(
        self, vendor_id: UUID | None, principal: str | None, after: UUID | None, limit: int
    ) -> Sequence[dict[str, Any]]:
        """Return who looked at identifiers in full, the latest first."""
        r = t.reveals
        query = sa.select(r).where(r.c.tenant_id == self._tenant)
        if vendor_id is not None:
            query = query.where(r.c.vendor_id == vendor_id)
        if principal is not None:
            query = query.where(r.c.principal == principal)
        if after is not None:
            query = query.where(r.c.reveal_id < after)
        found = (await self._connection.execute(query.order_by(r.c.reveal_id.desc()).limit(limit))).mappings()
        names = ("principal", "role", "fields", "reason", "revealed_at")
        return [
            {"reveal_id": str(row["reveal_id"]), "vendor_id": str(row["vendor_id"])}
            | {name: row[name] for name in names}
            for row in found
        ]

    async def owners_elsewhere(self, vendor: Vendor) -> frozenset[UUID]:
        """Return those owners of a business who own another one too."""
        link = t.vendor_owners
        query = sa.select(link.c.owner_id).where(
            link.c.tenant_id == self._tenant,
            link.c.vendor_id != vendor.vendor_id,
            link.c.owner_id.in_([owner.owner_id for owner in vendor.owners]),
        )
        return frozenset((await self._connection.execute(query)).scalars())

    async def forget_copies(self, vendor_id: UUID) -> int:
        """Empty what earlier requests, imports and merges keep of a business's old values; return how many records."""
        count = 0
        for table in (import_changes, t.import_rows):
            gone = sa.delete(table).where(table.c.tenant_id == self._tenant, table.c.vendor_id == vendor_id)
            count += (await self._connection.execute(gone)).rowcount
        d = data_requests.c
        empty = self._sealer.seal_document(self._tenant, DATA_REQUEST, {"values": {}, "words": ""})
        mine = sa.update(data_requests).where(d.tenant_id == self._tenant, d.vendor_id == vendor_id)
        count += (await self._connection.execute(mine.values(sealed=empty))).rowcount
        m = vendor_merges.c
        about = sa.and_(m.tenant_id == self._tenant, sa.or_(m.vendor_id == vendor_id, m.survivor_id == vendor_id))
        for row in (await self._connection.execute(sa.select(m.merge_id, m.sealed).where(about))).all():
            taken = self._sealer.open_row(self._tenant, row.sealed) | {"values": {}}
            changed = sa.update(vendor_merges).where(m.tenant_id == self._tenant, m.merge_id == row.merge_id)
            sealed = self._sealer.seal_row(self._tenant, taken)
            count += (await self._connection.execute(changed.values(sealed=sealed))).rowcount
        return count

    async def dossier(self, vendor_id: UUID) -> dict[str, Any]:
        """Return everything that is stored about a business and the people behind it, opened."""
        return await dossier(self._connection, self._tenant, self._sealer, vendor_id)

    def _row(self, request: DataRequest) -> dict[str, Any]:
        plain = {name: value for name, value in values_of(request).items() if name not in _SEALED}
        sealed = {name: getattr(request, name) for name in _SEALED}
        return {
            "tenant_id": self._tenant,
            **plain,
            "sealed": self._sealer.seal_document(self._tenant, DATA_REQUEST, sealed),
        }

    def _request(self, row: sa.RowMapping) -> DataRequest:
        values = {name: row[name] for name in DataRequest.__slots__ if name not in _SEALED}
        values |= self._sealer.open_document(self._tenant, DATA_REQUEST, row["sealed"])
        return DataRequest(**{**values, "kind": RequestKind(row["kind"]), "state": RequestState(row["state"])})
