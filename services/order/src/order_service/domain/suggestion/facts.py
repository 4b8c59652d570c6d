"""What a suggestion is judged by: the ask, the candidates, the market of the category, the region's settings (10.1)."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction

from order_service.domain.rotation import CountedOrder, RotationSettings


class NearnessMode(enum.StrEnum):
    """Whether nearness only scores, or also filters."""

    SOFT = "soft"
    HARD = "hard"


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of the score's parts; they add up to 1."""

    price: Fraction = Fraction(35, 100)
    distance: Fraction = Fraction(15, 100)
    equity: Fraction = Fraction(30, 100)
    quality: Fraction = Fraction(15, 100)
    newcomer: Fraction = Fraction(5, 100)


@dataclass(frozen=True, slots=True)
class SuggestionSettings:
    """What a region may set.

    Attributes:
        premium: How far above the cheapest a price may be.
        weights: Weights of the score.
        nearness: Soft or hard.
        first_order_share: Share of a stated capacity for sellers without two orders handed over.
        first_orders: How many orders must be handed over before the cap falls.
        top: How many are shown.
        rotation: Rotation settings.
        district_weights: Shares of the kecamatan by population or poverty; none means by active sellers.
    """

    premium: Fraction = Fraction(1, 10)
    weights: Weights = field(default_factory=Weights)
    nearness: NearnessMode = NearnessMode.SOFT
    first_order_share: Fraction = Fraction(1, 4)
    first_orders: int = 2
    top: int = 10
    rotation: RotationSettings = field(default_factory=RotationSettings)
    district_weights: Mapping[str, Fraction] | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """The need as the suggestion sees it.

    Attributes:
        need_id: The need; breaks ties.
        tenant: Buyer's region.
        category_code: Level-2 category.
        profile_code: Profile.
        unit: Unit of the profile; empty skips the test.
        quantity: Units.
        needed_at: When.
        now: Instant of the question.
        district_code: Kecamatan of the activity.
        village_code: Desa of the activity; empty if not known.
        budget_unit_price: Budget price for one unit; none if price competes.
        hps_unit_price: HPS for one unit; none without HPS.
        umkm_only_below: Total below which only UMKM and cooperatives may sell; none if no such rule.
    """

    need_id: str
    tenant: str
    category_code: str
    profile_code: str
    quantity: int
    needed_at: datetime
    now: datetime
    district_code: str
    village_code: str = ""
    unit: str = ""
    budget_unit_price: int | None = None
    hps_unit_price: int | None = None
    umkm_only_below: int | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """How a seller has served so far.

    Attributes:
        good: Deliveries on time and complete in 365 days.
        deliveries: All deliveries in 365 days.
        lapses: Unexcused unanswered orders in 365 days; each counts as a delivery that was not good.
        handed_over: Orders handed over ever.
    """

    good: int = 0
    deliveries: int = 0
    lapses: int = 0
    handed_over: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """One offer with everything known about it and its seller.

    Attributes:
        product_id: The product.
        vendor_id: The seller.
        owner_group_id: Its owner group.
        display_name: Trade name.
        title: Title of the product.
        category_code: Category of the product.
        profile_code: Profile of the product.
        unit: Unit of the product.
        unit_price: What the buyer pays for one unit, PPN and delivery included.
        capacity_per_day: Stated capacity.
        free_capacity: Units still free on the day.
        capacity_confirmed: Whether a visit confirmed the capacity.
        lead_time: The seller's lead time.
        published: Whether the product is on sale, not moderated or withdrawn.
        delivers_there: Whether the delivery area covers the place.
        certificates_valid: Whether every certificate the category asks for is valid.
        district_code: Kecamatan of the seller.
        village_code: Desa of the seller.
        standing: Only `ok` receives new orders.
        verified: Whether the seller is verified.
        band: Verified band.
        business_class: Class.
        entity_kind: Legal form.
        conflict_of_interest: Conflict flag.
        guest: Whether the seller comes from another region.
        record: How it has served.
    """

    product_id: str
    vendor_id: str
    owner_group_id: str
    display_name: str
    title: str
    category_code: str
    profile_code: str
    unit: str
    unit_price: int
    capacity_per_day: int
    free_capacity: int
    capacity_confirmed: bool
    lead_time: timedelta
    district_code: str
    village_code: str = ""
    published: bool = True
    delivers_there: bool = True
    certificates_valid: bool = True
    standing: str = "ok"
    verified: bool = True
    band: str = "C"
    business_class: str = "micro"
    entity_kind: str = "individual"
    conflict_of_interest: bool = False
    guest: bool = False
    record: Record = field(default_factory=Record)


@dataclass(frozen=True, slots=True)
class MarketSeller:
    """One active seller of the category; capacity 0 means unknown."""

    vendor_id: str
    owner_group_id: str
    district_code: str
    capacity_per_day: int


@dataclass(frozen=True, slots=True)
class Market:
    """The market fair shares are measured in, over the window of 365 days.

    Attributes:
        sellers: Every active seller of the category, not only the filtered.
        group_spend: Spend (accepted and paid) in the category by owner group.
        category_spend: Spend in the category in all (`S_c`).
        district_spend: Spend by kecamatan of the seller over all categories (`S_k`; their sum is `S`).
    """

    sellers: Sequence[MarketSeller] = ()
    group_spend: Mapping[str, int] = field(default_factory=dict)
    category_spend: int = 0
    district_spend: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SuggestionRequest:
    """Everything a suggestion needs.

    Attributes:
        ask: The need.
        candidates: Every offer of the profile.
        market: The category's market.
        adjacency: Neighbouring kecamatan by kecamatan.
        history: Counted orders of the budget holder in the category and fiscal year.
        settings: The region's settings.
    """

    ask: Ask
    candidates: Sequence[Candidate]
    market: Market = field(default_factory=Market)
    adjacency: Mapping[str, frozenset[str]] = field(default_factory=dict)
    history: Sequence[CountedOrder] = ()
    settings: SuggestionSettings = field(default_factory=SuggestionSettings)
