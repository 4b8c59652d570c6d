"""What is known about a business: facts that may be shown (by role), and numbers that are kept sealed.

The names are those of the import template in English (domain.md 2.3). A field is empty (`None`) until it is known.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from vendor_service.domain.business_class import BusinessClass


class EntityKind(enum.StrEnum):
    """Legal form."""

    INDIVIDUAL = "individual"
    PERSEROAN_PERORANGAN = "perseroan_perorangan"
    KOPERASI = "koperasi"
    CV = "cv"
    FIRMA = "firma"
    PT = "pt"
    BUMDES = "bumdes"
    YAYASAN = "yayasan"
    KUB = "kub"
    OTHER = "other"


PERSON_FORMS = frozenset({EntityKind.INDIVIDUAL})


class Band(enum.StrEnum):
    """Verified band: A to Rp10 million an order, B to Rp50 million, C above."""

    A = "A"
    B = "B"
    C = "C"


BAND_LIMITS = {Band.A: 10_000_000, Band.B: 50_000_000, Band.C: None}


class NpwpState(enum.StrEnum):
    """State of the tax number."""

    NONE = "none"
    NIK_NOT_ACTIVATED = "nik_not_activated"
    ACTIVE = "active"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Profile:
    """The facts of a business that are no personal identifiers."""

    name: str
    district_code: str
    village_code: str | None = None
    main_product: str = ""
    address: str | None = None
    rt: str | None = None
    rw: str | None = None
    postcode: str | None = None
    entity_kind: EntityKind = EntityKind.INDIVIDUAL
    business_type: str | None = None
    main_activity: str | None = None
    kbli: str | None = None
    start_year: int | None = None
    capital_idr: int | None = None
    assets_idr: int | None = None
    turnover_idr: int | None = None
    class_declared: BusinessClass | None = None
    workers_male: int | None = None
    workers_female: int | None = None
    monthly_capacity: int | None = None
    capacity_unit: str | None = None
    iumk: str | None = None
    pirt: str | None = None
    halal: str | None = None
    bpom: str | None = None
    sni: str | None = None
    social_media: str | None = None
    latitude: str | None = None
    longitude: str | None = None
    data_year: int | None = None
    source: str | None = None
    note: str | None = None
    contact_public: bool | None = None
    """The seller wants phone and e-mail to be shown to everybody (domain.md 8.2)."""


@dataclass(frozen=True, slots=True)
class PrivateDetails:
    """Numbers that name or pay a person or firm; outside memory they exist only as ciphertext and keyed hash."""

    nib: str | None = None
    npwp: str | None = None
    nitku: str | None = None
    phone: str | None = None
    email: str | None = None
    bank: str | None = None
    account_number: str | None = None
    account_holder: str | None = None


@dataclass(frozen=True, slots=True)
class TaxProfile:
    """What the treasurer must know to withhold the right tax. Holds no tax number."""

    npwp_state: NpwpState = NpwpState.UNKNOWN
    pkp: bool = False
    umkm_certificate_from: date | None = None
    umkm_certificate_to: date | None = None
    statement_500_year: int = 0
    skb_from: date | None = None
    skb_to: date | None = None
    regime_start_year: int = 0
    pbjt_registered: bool = False


@dataclass(frozen=True, slots=True)
class Milestones:
    """Dates of the funnel, set once and never cleared."""

    collected_on: date
    trained_on: date | None = None
    account_on: date | None = None
    verified_on: date | None = None
    published_on: date | None = None
    first_sale_on: date | None = None

    def with_dates(self, dates: Mapping[str, str | None]) -> "Milestones":
        """Return the milestones with other days; only a merge and its undoing move any."""
        changed: dict[str, Any] = {name: date.fromisoformat(day) if day else None for name, day in dates.items()}
        return replace(self, **changed)


MILESTONE_NAMES = tuple(field.name.removesuffix("_on") for field in fields(Milestones))
"""collected, trained, account, verified, published, first_sale: the funnel in its usual sequence."""

PROFILE_FIELDS = tuple(field.name for field in fields(Profile))
PRIVATE_FIELDS = tuple(field.name for field in fields(PrivateDetails))
OWNER_FIELDS = ("owner_name", "nik", "kk", "sex", "birth_place", "birth_date")


def profile_of(values: dict[str, Any]) -> Profile:
    """Return a profile from plain values, as they are stored or imported."""
    known = {name: values[name] for name in PROFILE_FIELDS if values.get(name) is not None}
    known["entity_kind"] = EntityKind(known.get("entity_kind", EntityKind.INDIVIDUAL))
    if "class_declared" in known:
        known["class_declared"] = BusinessClass(known["class_declared"])
    return Profile(**known)
