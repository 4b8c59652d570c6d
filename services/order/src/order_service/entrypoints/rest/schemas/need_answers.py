"""What needs, suggestions and rules look like from outside. Documentation: the views build the same shapes."""

from datetime import date, datetime
from typing import Annotated, Literal

from bela_kit.rest import Schema
from pydantic import Field

from order_service.domain.need import MeetingKind, PayerKind, WarningCode
from order_service.domain.rules.policy_rule import Direction

Idr = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]


class NeedWarningView(Schema):
    """What a need is warned of; nothing is stopped by it."""

    code: WarningCode
    message: str


class NeedView(Schema):
    """A stated need."""

    need_id: str
    unit_id: str
    budget_holder_id: str
    title: str
    category_code: str
    profile_code: str
    quantity: int
    needed_at: datetime
    district_code: str
    village_code: str
    address: str
    activity_name: str
    activity_place: str
    sub_activity_code: str
    meeting_kind: MeetingKind
    participants: int | None
    duration_minutes: int | None
    budget_line_ids: list[str]
    payer_kind: PayerKind
    budget_unit_price_idr: Idr | None
    hps_idr: Idr | None
    rup_code: str
    event_id: str
    created_by: str
    created_at: datetime
    approved_by: str | None
    warnings: list[NeedWarningView]
    version: int


class NeedsPage(Schema):
    """Needs."""

    needs: list[NeedView]
    next_page_token: str | None


class _Offer(Schema):
    vendor_id: str
    display_name: str
    district_code: str
    product_id: str
    title: str


class ScoreParts(Schema):
    """The parts of the score before they are weighed; `equity` is made of the two deficits."""

    price: Share
    distance: Share
    equity: Share
    vendor_deficit: Share
    district_deficit: Share
    quality: Share
    newcomer: Share


class ListedSeller(_Offer):
    """A seller able to serve the need, with its rank and why."""

    rank: int
    unit: str
    unit_price_idr: Idr
    ring: Literal["village", "district", "neighbour", "region", "outside"]
    guest: bool
    score: Annotated[float, Field(ge=0, le=100)]
    parts: ScoreParts
    sentence: str
    cost_of_spread_idr: int
    cooled: bool


class CooledSeller(_Offer):
    """A seller whose turn is over for now."""

    reason: str
    unit_price_idr: Idr
    sentence: str


class RejectedSeller(_Offer):
    """A seller that a filter left out, with the filter."""

    reason: str
    sentence: str


class SuggestionView(Schema):
    """A list of sellers as it was shown."""

    suggestion_id: str
    need_id: str
    made_at: datetime
    quantity: int
    best_unit_price_idr: Idr | None
    flags: list[str]
    more: int
    listed: list[ListedSeller]
    cooled: list[CooledSeller]
    rejected: list[RejectedSeller]


class PolicyRuleView(Schema):
    """A dated rule with its source; a share is written as a fraction, such as `1/10`."""

    code: str
    direction: Direction
    value: int | str
    effective_from: date
    effective_to: date | None
    legal_basis: str
    dimension: dict[str, str]
    region: str | None


class PolicyRulesView(Schema):
    """The rules in force on a day."""

    policy_rules: list[PolicyRuleView]
