"""What a use case loads to judge one order or one need by the others: past orders, sums, lists that were shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bela_kit.core.errors import JsonValue

from order_service.domain.order.order import Order
from order_service.domain.rotation import CountedOrder
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
    """Which other orders a submission is judged against."""

    order_id: str
    budget_holder_id: str
    category_code: str
    year_start: datetime
    rup_code: str
    zone: str


@dataclass(frozen=True, slots=True)
class PastOrders:
    """Other orders of the budget holder as a submission is judged by them.

    Attributes:
        counted: Counted orders of the category and fiscal year.
        splitting: Counted orders of the fiscal year, of any category.
        unsigned: How many hold money without a signature.
        rup_value: Value of the RUP package; None if the code is not known.
        rup_used: What live and closed orders under the code hold.
    """

    counted: tuple[CountedOrder, ...]
    splitting: tuple[SplitOrder, ...]
    unsigned: int
    rup_value: int | None
    rup_used: int


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
