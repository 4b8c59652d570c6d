"""Businesses in PostgreSQL. Reading locks, so that what is saved is what was read."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from bela_kit.core.events import OutgoingEvent
from bela_kit.core.tenancy import TenantId
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.adapters import rows
from vendor_service.adapters import tables as t
from vendor_service.adapters.announcer import Announcer
from vendor_service.adapters.personal_data.present_hashes import PresentHashes
from vendor_service.adapters.register_index import REGISTER_COLUMNS, comparable, known_of, register_source
from vendor_service.adapters.sealing import Sealer
from vendor_service.application.imports.steps import in_steps
from vendor_service.domain.errors import VendorNotFound, VersionMismatch
from vendor_service.domain.imports.dedupe import Found, Keys, Register
from vendor_service.domain.names import name_key
from vendor_service.domain.owner import Owner
from vendor_service.domain.profile import OWNER_FIELDS
from vendor_service.domain.vendor import Vendor

_SET_ONCE = frozenset({"tenant_id", "vendor_id", "created_at"})
_OF_OWNER = frozenset(OWNER_FIELDS)
_LOCK = sa.text("SELECT pg_advisory_xact_lock(hashtextextended('register:' || :tenant, 0))")


@dataclass(frozen=True, slots=True)
class NewVendors:
    """Everything that storing new businesses writes."""

    vendors: rows.Records
    owners: list[dict[str, Any]]
    links: rows.Records
    transitions: rows.Records
    listed: rows.Records
    events: list[OutgoingEvent]


class SqlVendors:
    """The businesses of one region within one transaction."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId, sealer: Sealer, announcer: Announcer) -> None:
        self._connection = connection
        self._tenant = tenant
        self._sealer = sealer
        self._announcer = announcer

    async def get(self, vendor_id: UUID) -> Vendor:
        """Return a business; refuses with VENDOR_NOT_FOUND."""
        found = await self.many([vendor_id])
        if vendor_id not in found:
            raise VendorNotFound
        return found[vendor_id]

    async def many(self, vendor_ids: Iterable[UUID]) -> dict[UUID, Vendor]:
        """Return businesses by id, locked; unknown ones are left out."""
        return await self._load(vendor_ids, lock=True)

    async def peek(self, vendor_ids: Iterable[UUID]) -> dict[UUID, Vendor]:
        """Return businesses by id to look at, without a lock."""
        return await self._load(vendor_ids, lock=False)

    async def _load(self, vendor_ids: Iterable[UUID], *, lock: bool) -> dict[UUID, Vendor]:
        ids = sorted(set(vendor_ids))
        if not ids:
            return {}
        v = t.vendors
        # In one sequence for everybody, or two imports could wait for each other's rows.
        query = sa.select(v).where(v.c.tenant_id == self._tenant, v.c.vendor_id.in_(ids)).order_by(v.c.vendor_id)
        found = (await self._connection.execute(query.with_for_update() if lock else query)).mappings().all()
        return await self._complete(found)

    async def _complete(self, found: Sequence[sa.RowMapping]) -> dict[UUID, Vendor]:
        ids = [row["vendor_id"] for row in found]
        owners = await self._owners(ids)
        m = t.vendor_members
        members: dict[UUID, list[sa.RowMapping]] = {}
        query = sa.select(m).where(m.c.tenant_id == self._tenant, m.c.vendor_id.in_(ids)).order_by(m.c.grant_id)
        for row in (await self._connection.execute(query)).mappings():
            members.setdefault(row["vendor_id"], []).append(row)
        return {
            row["vendor_id"]: rows.vendor_from(
                row, owners.get(row["vendor_id"], ()), members.get(row["vendor_id"], ()), self._sealer
            )
            for row in found
        }

    async def _owners(self, ids: Sequence[UUID]) -> dict[UUID, list[sa.RowMapping]]:
        link, o = t.vendor_owners, t.owners
        query = (
            sa.select(link.c.vendor_id, o)
            .join(o, (o.c.tenant_id == link.c.tenant_id) & (o.c.owner_id == link.c.owner_id))
            .where(link.c.tenant_id == self._tenant, link.c.vendor_id.in_(ids))
            .order_by(link.c.vendor_id, link.c.place)
        )
        owners: dict[UUID, list[sa.RowMapping]] = {}
        for row in (await self._connection.execute(query)).mappings():
            owners.setdefault(row["vendor_id"], []).append(row)
        return owners

    async def add(self, vendors: Sequence[Vendor]) -> None:
        """Store new businesses with their owners, what is public of them, and their events."""
        await self.write_new(self._new(vendors))

    async def prepare(self, vendors: Iterable[Vendor]) -> Callable[[], Awaitable[None]]:
        """Return the act that stores new businesses; it is worked out in steps, and says nothing to the database."""
        parts = await in_steps(vendors, lambda some: [self._new(some)])
        return lambda: self.write_new(*parts)

    def _new(self, vendors: Sequence[Vendor]) -> NewVendors:
        owners = {owner.owner_id: owner for one in vendors for owner in one.owners}
        return NewVendors(
            vendors=rows.records(t.vendors, [rows.vendor_row(one, self._sealer) for one in vendors]),
            owners=[rows.owner_row(self._tenant, owner, self._sealer) for owner in owners.values()],
            links=rows.records(t.vendor_owners, [row for one in vendors for row in rows.link_rows(one)]),
            transitions=rows.records(
                t.vendor_transitions, [row for one in vendors for row in rows.transition_rows(one)]
            ),
            listed=rows.records(t.public_vendors, [rows.public_row(one) for one in vendors if one.is_listed]),
            events=Announcer.take(vendors),
        )

    async def write_new(self, *parts: NewVendors) -> None:
        """Store new businesses as they were worked out."""
        put = self._connection
        await rows.copy(put, t.vendors, [part.vendors for part in parts])
        # One person may own several of them; what was worked out last knows most.
        owners = {row["owner_id"]: row for part in parts for row in part.owners}
        await rows.upsert(put, t.owners, list(owners.values()), keys=("tenant_id", "owner_id"))
        await rows.copy(put, t.vendor_owners, [part.links for part in parts])
        await rows.copy(put, t.vendor_transitions, [part.transitions for part in parts])
        await rows.copy(put, t.public_vendors, [part.listed for part in parts])
        await self._announcer.tell([event for part in parts for event in part.events])

    async def save(self, vendors: Sequence[Vendor]) -> None:
        """Store changed businesses; refuses with ETAG_MISMATCH if one was changed meanwhile."""
        changed = [one for one in vendors if one.transitions]
        if not changed:
            return
        # The row is written before its events: its lock is what puts the events of one business in sequence.
        await self._update(changed)
        await self._store_owners(changed)
        await self._link(changed)
        await self._record(changed)
        await self._publish_rows(changed)
        await self._announcer.announce(changed)

    async def _update(self, vendors: Sequence[Vendor]) -> None:
        values = []
        for one in vendors:
            row = rows.vendor_row(one, self._sealer)
            values.append(
                {f"new_{name}": value for name, value in row.items() if name not in _SET_ONCE}
                | {"id": one.vendor_id, "stored": one.stored_version}
            )
        v = t.vendors
        statement = (
            sa.update(v)
            .where(v.c.tenant_id == self._tenant, v.c.vendor_id == sa.bindparam("id"))
            .where(v.c.version == sa.bindparam("stored"))
            .values({column.name: sa.bindparam(f"new_{column.name}") for column in v.c if column.name not in _SET_ONCE})
        )
        if len(values) > 1:
            # Read under lock in this transaction, so the versions cannot have moved; a batch does not count its rows.
            await self._connection.execute(statement, values)
            return
        result = await self._connection.execute(statement, values[0])
        if result.rowcount != 1:
            raise VersionMismatch

    async def _store_owners(self, vendors: Sequence[Vendor]) -> None:
        owners = {owner.owner_id: owner for one in vendors for owner in one.owners}
        found = [rows.owner_row(self._tenant, owner, self._sealer) for owner in owners.values()]
        await rows.upsert(self._connection, t.owners, found, keys=("tenant_id", "owner_id"))

    async def _link(self, vendors: Sequence[Vendor]) -> None:
        link = t.vendor_owners
        ids = [one.vendor_id for one in vendors]
        await self._connection.execute(
            sa.delete(link).where(link.c.tenant_id == self._tenant, link.c.vendor_id.in_(ids))
        )
        await rows.insert(self._connection, link, (row for one in vendors for row in rows.link_rows(one)))

    async def _record(self, vendors: Sequence[Vendor]) -> None:
        found = (row for one in vendors for row in rows.transition_rows(one))
        await rows.insert(self._connection, t.vendor_transitions, found)

    async def _publish_rows(self, vendors: Sequence[Vendor]) -> None:
        p = t.public_vendors
        ids = [one.vendor_id for one in vendors]
        await self._connection.execute(sa.delete(p).where(p.c.tenant_id == self._tenant, p.c.vendor_id.in_(ids)))
        await rows.insert(self._connection, p, (rows.public_row(one) for one in vendors if one.is_listed))

    async def find_same(self, vendor: Vendor) -> Found | None:
        """Return the first rule of deduplication that fits a new business."""
        profile, private, hashes = vendor.profile, vendor.private, self._sealer.hashes
        nik = vendor.owners[0].nik if vendor.owners else None
        wanted = {
            "nib": hashes(self._tenant, "nib", private.nib),
            "npwp": hashes(self._tenant, "npwp", self._sealer.npwp_key(profile, private)),
            "phone": hashes(self._tenant, "phone", private.phone),
            "nik": hashes(self._tenant, "nik", nik),
        }
        v, o = t.vendors.c, t.owners.c
        place = (
            v.village_code == profile.village_code if profile.village_code else v.district_code == profile.district_code
        )
        near = sa.or_(
            v.nib_hash.in_(wanted["nib"]),
            v.npwp_hash.in_(wanted["npwp"]),
            v.phone_hash.in_(wanted["phone"]),
            o.nik_hash.in_(wanted["nik"]),
            place,
        )
        present = PresentHashes(self._tenant, self._sealer)
        columns = (*REGISTER_COLUMNS, *present.columns())
        query = sa.select(*columns).select_from(register_source()).where(comparable(self._tenant), near)
        register = Register()
        for row in await self._connection.execute(query.order_by(v.vendor_id)):
            register.add(*known_of(row, present))
        return register.find(
            Keys(
                name=name_key(profile.name),
                place=profile.village_code or profile.district_code,
                **{name: found[0] if found else None for name, found in wanted.items()},
            )
        )

    async def owner_with_nik(self, nik: str) -> Owner | None:
        """Return the person with this NIK."""
        o = t.owners
        hashes = self._sealer.hashes(self._tenant, "nik", nik)
        query = sa.select(o).where(o.c.tenant_id == self._tenant, o.c.nik_hash.in_(hashes)).order_by(o.c.owner_id)
        row = (await self._connection.execute(query.limit(1))).mappings().first()
        return None if row is None else rows.owner_from(self._tenant, row, self._sealer)

    async def verified_of_owners(self, vendor_ids: Iterable[UUID]) -> dict[UUID, frozenset[str]]:
        """Return per business which fields of its first owner were verified for another business of that person."""
        ids = list(vendor_ids)
        if not ids:
            return {}
        own, theirs, v = t.vendor_owners.alias("own").c, t.vendor_owners.alias("theirs").c, t.vendors.c
        query = (
            sa.select(own.vendor_id, v.verified_fields)
            .join_from(
                own.vendor_id.table,
                theirs.vendor_id.table,
                sa.and_(theirs.tenant_id == own.tenant_id, theirs.owner_id == own.owner_id, theirs.place == 0),
            )
            .join(t.vendors, sa.and_(v.tenant_id == theirs.tenant_id, v.vendor_id == theirs.vendor_id))
            .where(own.tenant_id == self._tenant, own.place == 0, own.vendor_id != theirs.vendor_id)
            .where(own.vendor_id == sa.any_(sa.literal(ids, ARRAY(sa.Uuid))), v.band.is_not(None))
        )
        found: dict[UUID, frozenset[str]] = {}
        for row in await self._connection.execute(query):
            found[row.vendor_id] = found.get(row.vendor_id, frozenset()) | _OF_OWNER.intersection(row.verified_fields)
        return found

    async def count_applications(self, principal: str) -> int:
        """Return how many businesses a person signed up that no officer has looked at yet."""
        v = t.vendors.c
        query = sa.select(sa.func.count()).where(
            v.tenant_id == self._tenant, v.applicant == principal, v.account_on.is_(None), v.verified_on.is_(None)
        )
        return int(await self._connection.scalar(query) or 0)

    async def lock_register(self) -> None:
        """Wait until nobody else enters businesses of this region."""
        await self._connection.execute(_LOCK, {"tenant": self._tenant})
