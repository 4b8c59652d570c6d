"""Bodies of requests. Field names are those of the register; text is trimmed and limited, numbers are strict."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from bela_kit.rest import Rupiah, Schema
from pydantic import Field, StringConstraints

from vendor_service.domain.business_class import BusinessClass
from vendor_service.domain.profile import Band, EntityKind, NpwpState
from vendor_service.domain.standing import Standing

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Number = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
VillageCode = Annotated[str, StringConstraints(pattern=r"^\d{10}$")]
DistrictCode = Annotated[str, StringConstraints(pattern=r"^\d{6}$")]
RegionCode = Annotated[str, StringConstraints(pattern=r"^(\d{2}|\d{4})$")]
Principal = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Year = Annotated[int, Field(ge=1900, le=2100)]
Workers = Annotated[int, Field(ge=0, le=100_000)]
Degrees = Annotated[str, StringConstraints(pattern=r"^-?\d{1,3}(\.\d{1,6})?$")]


class OwnerBody(Schema):
    """A person who owns the business."""

    name: Line
    nik: Number | None = None
    kk: Number | None = None
    sex: Literal["L", "P"] | None = None
    birth_place: Short | None = None
    birth_date: date | None = None


class ProfileFields(Schema):
    """Facts of a business, all optional."""

    village_code: VillageCode | None = None
    district_code: DistrictCode | None = None
    entity_kind: EntityKind = EntityKind.INDIVIDUAL
    address: Line | None = None
    rt: Annotated[str, StringConstraints(max_length=10)] | None = None
    rw: Annotated[str, StringConstraints(max_length=10)] | None = None
    postcode: Annotated[str, StringConstraints(pattern=r"^\d{5}$")] | None = None
    business_type: Short | None = None
    main_activity: Line | None = None
    kbli: Annotated[str, StringConstraints(pattern=r"^\d{5}$")] | None = None
    start_year: Year | None = None
    capital_idr: Rupiah | None = None
    assets_idr: Rupiah | None = None
    turnover_idr: Rupiah | None = None
    class_declared: BusinessClass | None = None
    workers_male: Workers | None = None
    workers_female: Workers | None = None
    monthly_capacity: Annotated[int, Field(ge=0, le=10**9)] | None = None
    capacity_unit: Short | None = None
    iumk: Short | None = None
    pirt: Short | None = None
    halal: Short | None = None
    bpom: Short | None = None
    sni: Short | None = None
    social_media: Line | None = None
    latitude: Degrees | None = None
    longitude: Degrees | None = None
    note: Annotated[str, StringConstraints(max_length=300)] | None = None
    contact_public: bool | None = None
    nib: Number | None = None
    npwp: Number | None = None
    nitku: Number | None = None
    phone: Number | None = None
    email: (
        Annotated[str, StringConstraints(strip_whitespace=True, max_length=100, pattern=r"^[^@\s]+@[^@\s]+$")] | None
    ) = None
    bank: Short | None = None
    account_number: Number | None = None
    account_holder: Line | None = None


class OnBehalfBody(Schema):
    """The owner's consent on paper that somebody enters their business."""

    consent_version: Short
    evidence_id: UUID


class RegisterVendorBody(ProfileFields):
    """A business to be entered.

    `consent_version` only when a person signs up their own, `on_behalf` when an agent does it.
    """

    name: Line
    main_product: Line
    owners: Annotated[list[OwnerBody], Field(min_length=1, max_length=5)]
    consent_version: Short | None = None
    on_behalf: OnBehalfBody | None = None


class TaxProfileBody(Schema):
    """What the treasurer must know; set by officers."""

    npwp_state: NpwpState = NpwpState.UNKNOWN
    pkp: bool = False
    umkm_certificate_from: date | None = None
    umkm_certificate_to: date | None = None
    statement_500_year: Annotated[int, Field(ge=0, le=2100)] = 0
    skb_from: date | None = None
    skb_to: date | None = None
    regime_start_year: Annotated[int, Field(ge=0, le=2100)] = 0
    pbjt_registered: bool = False


class ChangeVendorBody(ProfileFields):
    """Fields to set; those left out stay as they are."""

    name: Line | None = None
    main_product: Line | None = None
    owner_name: Line | None = None
    nik: Number | None = None
    kk: Number | None = None
    sex: Literal["L", "P"] | None = None
    birth_place: Short | None = None
    birth_date: date | None = None
    tax_profile: TaxProfileBody | None = None
    conflict_of_interest: bool | None = None


class TrainingBody(Schema):
    """An attendance."""

    held_on: date
    session: Line


class OpenAccountBody(Schema):
    """Who is to act for the business."""

    principal: Principal | None = None
    role: Literal["vendor_owner", "vendor_staff", "coop_manager"] = "vendor_owner"
    consent_version: Short
    phone_verified: bool


class VerifyBody(Schema):
    """An officer's finding."""

    band: Band
    proofs: Annotated[list[Literal["nik", "phone", "bank", "nib", "npwp", "class", "certificate", "location", "deed"]],
                      Field(max_length=9)]  # fmt: skip
    holder: Literal["name", "spouse", "checked"] = "name"
    business_class: BusinessClass | None = None
    tax_profile: TaxProfileBody | None = None
    note: Annotated[str, StringConstraints(max_length=300)] = ""
    evidence_id: UUID | None = None


class StandingBody(Schema):
    """A standing and why."""

    standing: Standing
    reason: Line
    evidence_id: UUID | None = None


class RevealBody(Schema):
    """Identifiers to be shown in full, and why."""

    fields: Annotated[list[Literal["nik", "kk", "npwp", "nitku", "nib", "phone"]],
                      Field(min_length=1, max_length=6)]  # fmt: skip
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=300)]


class GuestGrantBody(Schema):
    """Where a business may sell as a guest."""

    host_region: RegionCode
    category_codes: Annotated[list[Short], Field(max_length=50, default_factory=list)]
    valid_from: date
    valid_to: date | None = None
