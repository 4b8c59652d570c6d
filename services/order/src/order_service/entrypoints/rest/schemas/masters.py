"""Bodies of the operations on regions, units, grants, budget lines and RUP packages."""

from datetime import date, datetime
from typing import Annotated, Literal

from bela_kit.rest import Rupiah, Schema
from pydantic import Field, StringConstraints

from order_service.entrypoints.rest.edge import DistrictCode, Id, Instant, OptionalText, Text

Principal = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
FiscalYear = Annotated[int, Field(ge=2018, le=2100)]
RegionCode = Annotated[str, StringConstraints(pattern=r"^(\d{2}|\d{4})$")]


class RegionInput(Schema):
    """A new region and its first administrator."""

    region: RegionCode
    name: Text
    zone: Literal["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"] = "Asia/Jakarta"
    work_week_days: Literal[5, 6] = 5
    demo: bool = False
    administrator: Principal
    letter_number: Text


class RegionPatch(Schema):
    """What may be changed of a region; at least one of them."""

    clock_at: Instant | None = None
    nearness_mode: Literal["soft", "hard"] | None = None
    district_neighbours: Annotated[dict[DistrictCode, list[DistrictCode]], Field(max_length=1000)] | None = None
    neighbours_verified: bool | None = None


class UnitInput(Schema):
    """A new organisation unit."""

    name: Text
    parent_unit_id: Id | None = None
    budget_holder: bool = False
    district_code: DistrictCode | Literal[""] = ""


class GrantInput(Schema):
    """Who gets which role."""

    principal: Principal
    role: Annotated[str, StringConstraints(pattern=r"^[a-z_]{2,40}$")]
    unit_id: Id | None = None
    valid_from: date
    valid_to: date | None = None
    letter_number: Text
    acting_for: Principal | None = None


class BudgetLineInput(Schema):
    """One line of the budget document."""

    unit_id: Id
    fiscal_year: FiscalYear
    sub_activity_code: Annotated[str, StringConstraints(max_length=40)]
    account_code: Annotated[str, StringConstraints(max_length=40)]
    title: Text
    fund_source: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)] = "PAD"
    budget_version: Annotated[str, StringConstraints(max_length=20)] = "murni"
    ceiling_idr: Rupiah
    blocked_idr: Rupiah = 0


class BudgetLinesInput(Schema):
    """Lines to be created together, all or none."""

    budget_lines: Annotated[list[BudgetLineInput], Field(min_length=1, max_length=500)]


class BudgetLinePatch(Schema):
    """A new ceiling or block of a line."""

    ceiling_idr: Rupiah | None = None
    blocked_idr: Rupiah | None = None
    budget_version: Annotated[str, StringConstraints(max_length=20)] | None = None
    overcommitted: bool = False
    reason: OptionalText = ""


class RupPackageInput(Schema):
    """A package of the announced plan."""

    rup_code: Annotated[str, StringConstraints(pattern=r"^\d{6,10}$")]
    unit_id: Id
    title: Text
    fiscal_year: FiscalYear
    value_idr: Annotated[int, Field(ge=1, le=10**15, strict=True)]


class RegionView(Schema):
    """A region."""

    region: str
    name: str
    kind: str
    zone: str
    work_week_days: int
    demo: bool
    clock_offset_seconds: int
    now: datetime
    version: int


class RegionDetail(RegionView):
    """A region, with how near a seller must be and which kecamatan are neighbours."""

    nearness_mode: Literal["soft", "hard"]
    district_neighbours: dict[str, list[str]]
    neighbours_verified: bool


class UnitView(Schema):
    """An organisation unit."""

    unit_id: str
    name: str
    parent_unit_id: str | None
    budget_holder: bool
    budget_holder_id: str | None
    district_code: str
    version: int


class GrantView(Schema):
    """A grant."""

    grant_id: str
    principal: str
    role: str
    unit_id: str | None
    valid_from: date
    valid_to: date | None
    letter_number: str
    acting_for: str | None
    revoked: bool
    version: int


class BudgetLineView(Schema):
    """A budget line with its buckets."""

    budget_line_id: str
    unit_id: str
    fiscal_year: int
    sub_activity_code: str
    account_code: str
    title: str
    fund_source: str
    budget_version: str
    ceiling_idr: int
    blocked_idr: int
    reserved_idr: int
    committed_idr: int
    accepted_idr: int
    paid_idr: int
    available_idr: int
    overcommitted: bool
    version: int


class RegionsPage(Schema):
    """Regions."""

    regions: list[RegionView]
    next_page_token: str | None


class UnitsPage(Schema):
    """Units."""

    units: list[UnitView]
    next_page_token: str | None


class GrantsPage(Schema):
    """Grants."""

    grants: list[GrantView]
    next_page_token: str | None


class BudgetLinesPage(Schema):
    """Budget lines."""

    budget_lines: list[BudgetLineView]
    next_page_token: str | None


class RupPackageView(Schema):
    """A package of the announced plan."""

    rup_code: str
    unit_id: str
    title: str
    fiscal_year: int
    value_idr: int
