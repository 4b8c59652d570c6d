"""A seller's day: how much of it is held, by whom, and whether another order still fits (domain.md 7.2).

The database only keeps the rows and the locks; every judgement is made here, on the buyer's clock.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bela_kit.core.tenancy import TenantId

from catalog_service.domain.errors import CapacityGone, LeadTooShort, UnitShareExceeded

# Share of a seller's day that the unsigned orders of one unit may hold together (domain.md 7.2): three tenths.
UNIT_SHARE = (3, 10)
LEAD_MARGIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Held:
    """What one order holds of one product on one day.

    Attributes:
        buyer: The buyer's region, on whose clock `held_until` is read.
        signed: True once the Surat Pesanan is signed.
        firm: True once the seller said yes; it no longer lapses.
    """

    order_id: str
    buyer: TenantId
    unit_id: str
    quantity: int
    held_until: datetime
    signed: bool = False
    firm: bool = False

    def counts(self, now: datetime) -> bool:
        """Say whether it still takes capacity at an instant of its buyer's clock."""
        return self.firm or self.held_until > now


@dataclass(frozen=True, slots=True)
class CapacityDay:
    """One product on one day, as it stands when asked.

    Attributes:
        capacity: Units the seller makes that day: the override for the date, else the product's capacity.
        version: Version of the override, 0 if there is none.
    """

    product_id: str
    on_date: date
    capacity: int
    holds: tuple[Held, ...] = ()
    overridden: bool = False
    version: int = 0

    def held(self, now_of: Callable[[TenantId], datetime], *, without: str = "") -> int:
        """Return the units held by others than one order."""
        return sum(one.quantity for one in self._counting(now_of, without))

    def free(self, now_of: Callable[[TenantId], datetime], *, without: str = "") -> int:
        """Return the units still free, never below zero: a seller may lower a day that is already sold."""
        return max(0, self.capacity - self.held(now_of, without=without))

    def judge(
        self, quantity: int, *, order_id: str, unit_id: str, buyer: TenantId, now_of: Callable[[TenantId], datetime]
    ) -> None:
        """Refuse an order that does not fit.

        The unit's share binds only from its second unsigned order on: one order alone may take the whole day, or a
        seller of small capacity could not be ordered from at all.

        Raises:
            CapacityGone: Less is free than asked for.
            UnitShareExceeded: The unit's unsigned orders together would hold more than three tenths of the day.
        """
        free = self.free(now_of, without=order_id)
        if quantity > free:
            raise CapacityGone(self.product_id, free)
        unsigned = sum(
            one.quantity
            for one in self._counting(now_of, order_id)
            if one.unit_id == unit_id and one.buyer == buyer and not one.signed and not one.firm
        )
        part, whole = UNIT_SHARE
        if unsigned and (unsigned + quantity) * whole > self.capacity * part:
            raise UnitShareExceeded(self.product_id, self.capacity * part // whole)

    def _counting(self, now_of: Callable[[TenantId], datetime], without: str) -> Iterable[Held]:
        return (one for one in self.holds if one.order_id != without and one.counts(now_of(one.buyer)))


@dataclass(frozen=True, slots=True)
class HoldLine:
    """What an order takes of one product."""

    product_id: str
    quantity: int


@dataclass(slots=True)
class Hold:
    """Capacity held for one order, in the seller's home region.

    Attributes:
        reserved_at: Now on the buyer's clock when it was last taken; events that happened before it cannot release
            it, because they speak of an earlier attempt of the same order.
        order_version: Highest version of the order heard of.
    """

    tenant: TenantId
    order_id: str
    buyer: TenantId
    unit_id: str
    vendor_id: str
    on_date: date
    held_until: datetime
    reserved_at: datetime
    lines: tuple[HoldLine, ...] = field(default=())
    signed: bool = False
    firm: bool = False
    released: bool = False
    order_version: int = 0

    def stands(self, now: datetime) -> bool:
        """Say whether it still takes capacity."""
        return not self.released and (self.firm or self.held_until > now)

    def same_as(self, *, on_date: date, lines: tuple[HoldLine, ...]) -> bool:
        """Say whether it is for the same products, quantities and day."""
        return self.on_date == on_date and sorted(map(_key, self.lines)) == sorted(map(_key, lines))


@dataclass(frozen=True, slots=True)
class OrderReport:
    """What an event says of an order, as far as it concerns capacity.

    Attributes:
        home: The seller's home region, where the hold is.
        holds_capacity: False once the order gives its capacity back.
        deadline_at: Until when its present state waits; absent leaves the hold's end as it is.
    """

    order_id: str
    home: TenantId
    version: int
    occurred_at: datetime
    holds_capacity: bool
    signed: bool
    firm: bool
    deadline_at: datetime | None
    lines: tuple[HoldLine, ...]


def _key(line: HoldLine) -> tuple[str, int]:
    return line.product_id, line.quantity


def check_lead_time(product_id: str, lead_time_hours: int, *, needed_at: datetime, now: datetime) -> None:
    """Refuse with LEAD_TOO_SHORT what is needed sooner than the seller's lead time and one hour."""
    if needed_at - now < timedelta(hours=lead_time_hours) + LEAD_MARGIN:
        raise LeadTooShort(product_id, lead_time_hours)


def delivers_to(district_code: str, listed: Iterable[str], *, home: TenantId, host: TenantId) -> bool:
    """Say whether a seller delivers to a kecamatan.

    Without a list it delivers in its whole home region, and as a guest in the whole region that took it in: the
    grant would be empty otherwise.
    """
    codes = tuple(listed)
    if not district_code:
        return True
    if codes:
        return district_code in codes
    return district_code.startswith((home, host))
