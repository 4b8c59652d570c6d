"""What the use cases need from outside, by role. A unit of work is one open transaction of one region."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from bela_kit.core.tenancy import TenantId

from vendor_service.application.eligibility import EligibilityReads
from vendor_service.application.evidence.ports import EvidenceStore
from vendor_service.application.funnel.ports import FunnelFigures
from vendor_service.application.identity.ports import Identity
from vendor_service.application.imports.ports import ImportStore
from vendor_service.application.merging.ports import Merging
from vendor_service.application.personal_data.ports import KeyRing, PersonalData
from vendor_service.application.programmes.ports import ProgrammeReads, Programmes
from vendor_service.application.readiness.ports import ReadinessStore
from vendor_service.application.reviews.ports import Care, Consents, Reviews
from vendor_service.application.sanctions.ports import OwnerLinks, ProducerVisits, Sanctions
from vendor_service.application.screening.ports import Screening
from vendor_service.application.visits.ports import FieldVisits
from vendor_service.domain.areas import Area
from vendor_service.domain.events import GuestGrant, Membership
from vendor_service.domain.imports.dedupe import Found, Register, Rule
from vendor_service.domain.owner import Owner
from vendor_service.domain.vendor import Moment, Vendor


class Vendors(Protocol):
    """The businesses of the region, locked while the unit of work lasts."""

    async def get(self, vendor_id: UUID) -> Vendor:
        """Return a business; refuses with VENDOR_NOT_FOUND."""

    async def many(self, vendor_ids: Iterable[UUID]) -> dict[UUID, Vendor]:
        """Return businesses by id; unknown ones are left out."""

    async def peek(self, vendor_ids: Iterable[UUID]) -> dict[UUID, Vendor]:
        """Return businesses by id to look at, without a lock."""

    async def add(self, vendors: Sequence[Vendor]) -> None:
        """Store new businesses with their owners and what was recorded."""

    async def prepare(self, vendors: Iterable[Vendor]) -> Callable[[], Awaitable[None]]:
        """Return the act that stores new businesses; it is worked out in steps, and says nothing to the database."""

    async def save(self, vendors: Sequence[Vendor]) -> None:
        """Store changed businesses and what was recorded; refuses with ETAG_MISMATCH."""

    async def find_same(self, vendor: Vendor) -> Found | None:
        """Return the first rule of deduplication that fits, and the business it fits."""

    async def owner_with_nik(self, nik: str) -> Owner | None:
        """Return the person with this NIK."""

    async def verified_of_owners(self, vendor_ids: Iterable[UUID]) -> dict[UUID, frozenset[str]]:
        """Return per business which fields of its first owner were verified for another business of that person."""

    async def count_applications(self, principal: str) -> int:
        """Return how many businesses a person signed up that no officer has looked at yet."""

    async def lock_register(self) -> None:
        """Wait until no import is being committed and no other business is being entered."""


@dataclass(frozen=True, slots=True)
class SharedLinks:
    """Strong links (NIK, family card, bank account) as hashes.

    Attributes:
        in_file: A business of the import and a link that another row has too.
        in_register: A business of the import, a link, and the owner group of the register that has it.
    """

    in_file: list[tuple[UUID, bytes]]
    in_register: list[tuple[UUID, bytes, UUID]]


class BulkRegister(Protocol):
    """The whole register of a region in memory, as keys only, for an import."""

    async def mark(self) -> int:
        """Return a number that changes whenever any business of the region does."""

    async def load(self) -> Register:
        """Return what rows are compared with."""

    async def page(self, after: UUID | None, limit: int) -> list[UUID]:
        """Return ids of businesses above one, in their sequence."""

    async def links(self, import_id: UUID) -> SharedLinks:
        """Return the strong links that the rows of an import share with each other or with the register."""

    async def in_groups(self, groups: Collection[UUID]) -> dict[UUID, UUID]:
        """Return the businesses of owner groups, each with its group."""

    async def owners_of(self, import_id: UUID) -> dict[bytes, Owner]:
        """Return the persons of the register whose NIK stands in an import, by the hash of it."""

    def nik_keys(self, nik: str) -> list[bytes]:
        """Return every hash that a NIK may be stored under, the present one first."""


class Members(Protocol):
    """Who acts for businesses, and who holds a role of the government."""

    async def roles_of(self, principal: str, on: date) -> frozenset[str]:
        """Return every role that a principal holds in the region on a day."""

    async def add(self, vendor: Vendor, member: Membership, now: datetime) -> None:
        """Let somebody act for a business, here and in every service."""

    async def change(self, vendor: Vendor, member: Membership, now: datetime) -> None:
        """Let a grant end or change, here and in every service."""


class Guests(Protocol):
    """Grants that let businesses of this region sell in another one."""

    async def get(self, guest_grant_id: UUID) -> GuestGrant:
        """Return a grant; refuses with GUEST_GRANT_NOT_FOUND."""

    async def save(self, grant: GuestGrant, vendor: Vendor, moment: Moment, reason: str) -> None:
        """Store a grant and tell the host."""


class Journal(Protocol):
    """What is written down beside the businesses."""

    async def add_training(self, vendor_id: UUID, held_on: date, session: str, moment: Moment) -> bool:
        """Note an attendance; says whether it was not there yet."""

    async def add_merge_candidates(
        self, pairs: Sequence[tuple[UUID, UUID, Rule]], found_at: datetime, import_id: UUID | None
    ) -> None:
        """Ask a human whether two businesses are one."""

    async def log_reveals(self, vendor_ids: Sequence[UUID], fields: Sequence[str], reason: str, moment: Moment) -> None:
        """Note that somebody took identifiers of many businesses along in full."""

    async def log_reveal(self, vendor_id: UUID, fields: Sequence[str], reason: str, moment: Moment) -> None:
        """Note that somebody looked at identifiers in full."""


class Areas(Protocol):
    """Kecamatan and desa."""

    async def of_region(self, tenant: TenantId) -> list[Area]:
        """Return the kecamatan and desa of a regency."""

    async def find(self, tenant: TenantId, parent: str | None, text: str | None, limit: int) -> Sequence[Area]:
        """Return areas of a region below a parent, or with a text in their name."""

    async def by_code(self, code: str) -> Area | None:
        """Return an area by its code, also an ended one with what replaced it."""


class Jobs(Protocol):
    """Durable work for later."""

    async def schedule(self, kind: str, subject_id: str, run_at: datetime) -> None:
        """Have a job run; it starts after the commit of this unit of work at the earliest."""

    async def ensure(self, kind: str, subject_id: str, run_at: datetime) -> None:
        """Have a job run unless one of its kind waits for this subject till then; for work that repeats itself."""


@dataclass(frozen=True, slots=True)
class VendorFilter:
    """What a list of businesses is narrowed to; `milestone` means that it was reached, `text` a name or product."""

    district: str | None = None
    standing: str | None = None
    milestone: str | None = None
    band: str | None = None
    text: str | None = None
    business_class: str | None = None


class Reads(Protocol):
    """Lists and figures, ready to be shown."""

    async def public_vendors(self, wanted: VendorFilter, after: UUID | None, limit: int) -> list[dict[str, Any]]:
        """Return what anybody may see of businesses, oldest first."""

    async def member_vendors(self, wanted: VendorFilter, after: UUID | None, limit: int) -> list[dict[str, Any]]:
        """Return businesses with owners' names and milestones, oldest first."""

    async def guest_grants(self, vendor_ids: Sequence[UUID]) -> dict[UUID, list[GuestGrant]]:
        """Return the guest grants of businesses."""

    async def import_rows(
        self, import_id: UUID, verdict: str | None, code: str | None, after: int, limit: int
    ) -> Sequence[Mapping[str, Any]]:
        """Return staged rows above a row number, sealed as they are; those with a verdict, a reason or a warning."""


class UnitOfWork(Protocol):
    """One open transaction of one region; the edge commits it."""

    @property
    def tenant(self) -> TenantId:
        """The region."""

    @property
    def vendors(self) -> Vendors:
        """Its businesses."""

    @property
    def bulk(self) -> BulkRegister:
        """Its whole register as keys."""

    @property
    def members(self) -> Members:
        """Who acts for its businesses."""

    @property
    def guests(self) -> Guests:
        """Its guest grants."""

    @property
    def journal(self) -> Journal:
        """What is written down beside."""

    @property
    def areas(self) -> Areas:
        """Its kecamatan and desa."""

    @property
    def merging(self) -> Merging:
        """Its merge queue and merges."""

    @property
    def imports(self) -> ImportStore:
        """Its imports."""

    @property
    def evidence(self) -> EvidenceStore:
        """Its uploaded proofs."""

    @property
    def reviews(self) -> Reviews:
        """What its officers have to look at."""

    @property
    def consents(self) -> Consents:
        """Who may act for its sellers."""

    @property
    def care(self) -> Care:
        """What is kept beside its businesses, so that nothing is forgotten."""

    @property
    def funnel(self) -> FunnelFigures:
        """How far its businesses have come."""

    @property
    def eligibility(self) -> EligibilityReads:
        """Who of its businesses may take an order."""

    @property
    def links(self) -> OwnerLinks:
        """What connects its businesses."""

    @property
    def screening(self) -> Screening:
        """Lists that its businesses are screened against, and conflicts found."""

    @property
    def producers(self) -> ProducerVisits:
        """Visits that found who makes what they sell."""

    @property
    def sanctions(self) -> Sanctions:
        """Its sanctions."""

    @property
    def jobs(self) -> Jobs:
        """Work for later."""

    @property
    def key_ring(self) -> KeyRing:
        """Everything that is sealed."""

    @property
    def identity(self) -> Identity:
        """Certificates, KBLI and members of a koperasi."""

    @property
    def personal_data(self) -> PersonalData:
        """Consent, requests of persons, and who looked."""

    @property
    def reads(self) -> Reads:
        """Lists and figures."""

    @property
    def programmes(self) -> Programmes:
        """Its training and mentoring programmes."""

    @property
    def programme_reads(self) -> ProgrammeReads:
        """Lists and figures of programmes."""

    @property
    def visits(self) -> FieldVisits:
        """Its field visits."""

    @property
    def readiness(self) -> ReadinessStore:
        """Papers of its businesses, and their points for INAPROC."""


class Transactions(Protocol):
    """Opens units of work, for work that is not a request."""

    def __call__(self, tenant: TenantId) -> AbstractAsyncContextManager[UnitOfWork]:
        """Open a transaction of a region; it commits at the end."""
