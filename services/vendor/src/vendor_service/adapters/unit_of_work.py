"""One open transaction of one region, with everything a use case may touch in it."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from bela_kit.authority import active_grants
from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import TenantId
from bela_kit.db import after_commit
from bela_kit.jobs import Job, schedule
from bela_kit.outbox import Outbox
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.adapters import rows
from vendor_service.adapters import tables as t
from vendor_service.adapters.announcer import Announcer, guest_from
from vendor_service.adapters.area_store import SqlAreas
from vendor_service.adapters.evidence.store import SqlEvidence
from vendor_service.adapters.funnel.figures import SqlFunnel
from vendor_service.adapters.identity.store import SqlIdentity
from vendor_service.adapters.import_store import SqlImports
from vendor_service.adapters.merging.store import SqlMerging
from vendor_service.adapters.onboarding.care import SqlCare
from vendor_service.adapters.onboarding.consents import SqlConsents
from vendor_service.adapters.onboarding.reviews import SqlReviews
from vendor_service.adapters.personal_data.key_ring import SqlKeyRing
from vendor_service.adapters.personal_data.store import SqlPersonalData
from vendor_service.adapters.programmes.reads import SqlProgrammeReads
from vendor_service.adapters.programmes.store import SqlProgrammes
from vendor_service.adapters.read_models import SqlReads
from vendor_service.adapters.readiness.store import SqlReadiness
from vendor_service.adapters.register_index import SqlBulkRegister
from vendor_service.adapters.row_keys import SealedRowKeys
from vendor_service.adapters.sanctions.eligibility_reads import SqlEligibility
from vendor_service.adapters.sanctions.owner_links import SqlOwnerLinks
from vendor_service.adapters.sanctions.producer_visits import SqlProducerVisits
from vendor_service.adapters.sanctions.sanction_store import SqlSanctions
from vendor_service.adapters.screening.store import SqlScreening
from vendor_service.adapters.sealing import Sealer
from vendor_service.adapters.vendor_repository import SqlVendors
from vendor_service.adapters.visits.store import SqlFieldVisits
from vendor_service.domain.errors import GuestGrantNotFound
from vendor_service.domain.events import GuestGrant, Membership, Transition, VendorEvent
from vendor_service.domain.imports.dedupe import Rule
from vendor_service.domain.vendor import Moment, Vendor


class SqlUnitOfWork:
    """The repositories of one transaction; whoever opened it commits it."""

    def __init__(
        self,
        connection: AsyncConnection,
        tenant: TenantId,
        sealer: Sealer,
        outbox: Outbox,
        wake_jobs: Callable[[], None],
    ) -> None:
        announcer = Announcer(connection, tenant, outbox)
        self.connection = connection
        self.tenant = tenant
        self.announcer = announcer
        self.vendors = SqlVendors(connection, tenant, sealer, announcer)
        self.bulk = SqlBulkRegister(connection, tenant, sealer)
        self.members = SqlMembers(connection, tenant, announcer)
        self.guests = SqlGuests(connection, tenant, announcer)
        self.journal = SqlJournal(connection, tenant)
        self.areas = SqlAreas(connection)
        self.reads = SqlReads(connection, tenant)
        self.merging = SqlMerging(connection, tenant, sealer)
        self.imports = SqlImports(connection, tenant, SealedRowKeys(sealer))
        self.evidence = SqlEvidence(connection, tenant)
        self.reviews = SqlReviews(connection, tenant, sealer)
        self.consents = SqlConsents(connection, tenant)
        self.care = SqlCare(connection, tenant)
        self.funnel = SqlFunnel(connection, tenant)
        self.eligibility = SqlEligibility(connection, tenant)
        self.links = SqlOwnerLinks(connection, tenant, sealer)
        self.screening = SqlScreening(connection, tenant, sealer)
        self.producers = SqlProducerVisits(connection, tenant)
        self.sanctions = SqlSanctions(connection, tenant)
        self.key_ring = SqlKeyRing(connection, tenant, sealer)
        self.identity = SqlIdentity(connection, tenant, sealer)
        self.personal_data = SqlPersonalData(connection, tenant, sealer)
        self.jobs = SqlJobs(connection, tenant, wake_jobs)
        self.programmes = SqlProgrammes(connection, tenant)
        self.programme_reads = SqlProgrammeReads(connection, tenant)
        self.visits = SqlFieldVisits(connection, tenant)
        self.readiness = SqlReadiness(connection, tenant)


class SqlMembers:
    """Who acts for businesses of the region."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId, announcer: Announcer) -> None:
        self._connection = connection
        self._tenant = tenant
        self._announcer = announcer

    async def roles_of(self, principal: str, on: date) -> frozenset[str]:
        """Return every role that a principal holds in the region on a day."""
        grants = await active_grants(self._connection, self._tenant, principal, on)
        return frozenset(grant.role for grant in grants)

    async def add(self, vendor: Vendor, member: Membership, now: datetime) -> None:
        """Let somebody act for a business, here and in every service."""
        await rows.insert(self._connection, t.vendor_members, [rows.member_row(self._tenant, vendor, member)])
        await self._announcer.announce_member(vendor, member, now)

    async def change(self, vendor: Vendor, member: Membership, now: datetime) -> None:
        """Let a grant end or change, here and in every service."""
        row = rows.member_row(self._tenant, vendor, member)
        await rows.upsert(self._connection, t.vendor_members, [row], keys=("tenant_id", "grant_id"))
        await self._announcer.announce_member(vendor, member, now)


class SqlGuests:
    """Guest grants that the region gave."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId, announcer: Announcer) -> None:
        self._connection = connection
        self._tenant = tenant
        self._announcer = announcer

    async def get(self, guest_grant_id: UUID) -> GuestGrant:
        """Return a grant; refuses with GUEST_GRANT_NOT_FOUND."""
        g = t.guest_grants
        query = sa.select(g).where(g.c.tenant_id == self._tenant, g.c.guest_grant_id == guest_grant_id)
        row = (await self._connection.execute(query.with_for_update())).mappings().first()
        if row is None:
            raise GuestGrantNotFound
        return guest_from(row)

    async def save(self, grant: GuestGrant, vendor: Vendor, moment: Moment, reason: str) -> None:
        """Store a grant and tell the host."""
        g = t.guest_grants
        values = {
            "tenant_id": self._tenant,
            "guest_grant_id": UUID(grant.guest_grant_id),
            "vendor_id": vendor.vendor_id,
            "host_region": grant.host_region,
            "category_codes": list(grant.category_codes),
            "valid_from": grant.valid_from,
            "valid_to": grant.valid_to,
            "revoked": grant.revoked,
            "version": grant.version,
            "copy_version": 1,
        }
        statement = postgresql.insert(g).values(values)
        changed = {name: statement.excluded[name] for name in ("category_codes", "valid_to", "revoked", "version")}
        statement = statement.on_conflict_do_update(
            index_elements=["tenant_id", "guest_grant_id"], set_={**changed, "copy_version": g.c.copy_version + 1}
        )
        copy_version = await self._connection.scalar(statement.returning(g.c.copy_version))
        why = Transition(VendorEvent.PROFILE_CHANGED, vendor.version, moment.actor, moment.now, reason)
        await self._announcer.announce_guest(vendor, grant, int(copy_version or 1), why)


class SqlJournal:
    """Attendances, merge candidates and reveals."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId) -> None:
        self._connection = connection
        self._tenant = tenant

    async def add_training(self, vendor_id: UUID, held_on: date, session: str, moment: Moment) -> bool:
        """Note an attendance; says whether it was not there yet."""
        statement = postgresql.insert(t.vendor_trainings).values(
            tenant_id=self._tenant,
            vendor_id=vendor_id,
            held_on=held_on,
            session=session,
            recorded_by=moment.actor.principal,
            recorded_at=moment.now,
        )
        result = await self._connection.execute(statement.on_conflict_do_nothing())
        return result.rowcount == 1

    async def add_merge_candidates(
        self, pairs: Sequence[tuple[UUID, UUID, Rule]], found_at: datetime, import_id: UUID | None
    ) -> None:
        """Ask a human whether two businesses are one."""
        found = (
            {
                "tenant_id": self._tenant,
                "vendor_id": vendor_id,
                "other_vendor_id": other_id,
                "rule": rule.value,
                "import_id": import_id,
                "found_at": found_at,
                "state": "open",
            }
            for vendor_id, other_id, rule in pairs
        )
        await rows.insert(self._connection, t.merge_candidates, found)

    async def log_reveal(self, vendor_id: UUID, fields: Sequence[str], reason: str, moment: Moment) -> None:
        """Note that somebody looked at identifiers in full."""
        await self.log_reveals([vendor_id], fields, reason, moment)

    async def log_reveals(self, vendor_ids: Sequence[UUID], fields: Sequence[str], reason: str, moment: Moment) -> None:
        """Note that somebody took identifiers of many businesses along in full."""
        found = (
            {
                "tenant_id": self._tenant,
                "reveal_id": new_id(),
                "vendor_id": vendor_id,
                "principal": moment.actor.principal,
                "role": moment.actor.role,
                "fields": list(fields),
                "reason": reason,
                "revealed_at": moment.now,
            }
            for vendor_id in vendor_ids
        )
        await rows.insert(self._connection, t.reveals, found)


class SqlJobs:
    """The kit's durable jobs, for this region."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId, wake: Callable[[], None]) -> None:
        self._connection = connection
        self._tenant = tenant
        self._wake = wake

    async def schedule(self, kind: str, subject_id: str, run_at: datetime) -> None:
        """Have a job run once this transaction has committed and its time has come."""
        job = Job(self._tenant, kind, subject_id, run_at, {}, dedupe_key=f"{kind}:{subject_id}")
        await schedule(self._connection, job)
        after_commit(self._wake)

    async def ensure(self, kind: str, subject_id: str, run_at: datetime) -> None:
        """Have a job run unless one waits already for then or earlier.

        Scheduling it again would put off the one that is due; one that waits for longer was set by a clock that has
        been moved back since, in a demonstration.
        """
        j = t.kit.jobs
        waits = sa.select(sa.literal(1)).where(
            j.c.tenant_id == self._tenant,
            j.c.kind == kind,
            j.c.subject_id == subject_id,
            j.c.finished_at.is_(None),
            j.c.run_at <= run_at,
        )
        if await self._connection.scalar(waits.limit(1)) is None:
            await self.schedule(kind, subject_id, run_at)
