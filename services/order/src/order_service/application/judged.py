"""What a use case loads to judge one order or one need by the others: past orders, sums, lists that were shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bela_kit.core.errors import JsonValue

from order_service.domain.order.order import Order
from order_service.domain.rotation import CountedOrder, RotationSettings
from order_service.domain.splitting import SplitOrder


@dataclass(frozen=True, slots=True)
class LoadedOrder:
    """An order and the scopes a grant may be held over to act for its buyer."""

    order: Order
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class ShownSuggestion:
    """A list as it was shown, kept for audit and for the reason a lower choice asks for.

    Attributes:
        eligible_groups: Owner groups able to serve the need, cooled ones included.
        ranks: Rank by vendor, from 1.
        best_unit_price: Cheapest filtered price a unit.
        body: What was answered.
    """

    suggestion_id: str
    need_id: str
    made_at: datetime
    made_by: str
    eligible_groups: tuple[str, ...]
    ranks: Mapping[str, int]
    best_unit_price: int | None
    body: Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class PastWanted:
    """Which other orders a submission is judged against; what cannot change the judgement is not fetched.

    Attributes:
        order_id: The order itself, left out.
        owner_group_id: Only this group's streak is asked for; None asks for every group's.
        rotation: What the streak is judged by.
        seller_group_id: Owner group of the seller; orders of others make no package with this one.
        total: Value of the order; with it, orders that sum up to no threshold need no comparison.
        window_start: Begin of the splitting window; None asks for no splitting at all.
    """

    order_id: str
    need_id: str
    budget_holder_id: str
    category_code: str
    year_start: datetime
    rup_code: str
    zone: str
    owner_group_id: str | None
    rotation: RotationSettings
    seller_group_id: str = ""
    event_id: str = ""
    sub_activity_code: str = ""
    account_codes: tuple[str, ...] = ()
    total: int = 0
    window_start: datetime | None = None


@dataclass(frozen=True, slots=True)
class PastOrders:
    """Other orders of the budget holder as a submission is judged by them.

    Attributes:
        counted: Counted orders of the category and fiscal year that a streak can hang on.
        splitting: Orders of the window that together with this one pass a threshold; empty if they do not.
        unsigned: How many hold money without a signature.
        rup_value: Value of the RUP package; None if the code is not known.
        rup_used: What live and closed orders under the code hold.
        need_used: What the other orders of the need hold or have used.
    """

    counted: tuple[CountedOrder, ...]
    splitting: tuple[SplitOrder, ...]
    unsigned: int
    rup_value: int | None
    rup_used: int
    need_used: int = 0


@dataclass(frozen=True, slots=True)
class CategorySpend:
    """Value handed over in one category and window."""

    by_group: Mapping[str, int]
    by_district: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Performance:
    """What one seller did."""

    good: int = 0
    deliveries: int = 0
    lapses: int = 0
    late_refusals: int = 0
    orders_handed_over: int = 0
