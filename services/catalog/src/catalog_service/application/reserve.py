"""Price the lines of an order and hold the seller's capacity for it, in one transaction of the seller's home region.

Two orders that race for the last portions are decided by the lock on the day's row: the second waits, then sees what
the first holds. Nothing else is locked, so orders for other days and products do not wait.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bela_kit.core.clock import Clock
from bela_kit.core.tenancy import TenantId

from catalog_service.application.ports import Location, Sellable, UnitOfWork
from catalog_service.domain.capacity import Hold, HoldLine, check_lead_time, delivers_to
from catalog_service.domain.errors import (
    DeliveryArea,
    FieldInvalid,
    GuestNotGranted,
    LinesOfTwoVendors,
    ProductNotOnSale,
    ProductUnknown,
    QuantityInvalid,
)
from catalog_service.domain.product import Product, ProductState

MAX_QUANTITY = 1_000_000
MAX_LINES = 200
SHORTEST = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class ReserveLine:
    """One line of the order."""

    line_number: int
    product_id: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Reserve:
    """What a buyer's order wants held.

    Attributes:
        now: The buyer's clock; it alone says what has lapsed of the buyer's own holds.
    """

    buyer: TenantId
    order_id: str
    unit_id: str
    lines: tuple[ReserveLine, ...]
    needed_on: date
    needed_at: datetime
    district_code: str
    hold_until: datetime
    now: datetime


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """A line with the product, and so the price, as it stands."""

    line_number: int
    product: Product
    quantity: int

    @property
    def amount_idr(self) -> int:
        """What the buyer pays for the line."""
        return (self.product.unit_price_idr or 0) * self.quantity


@dataclass(frozen=True, slots=True)
class Reservation:
    """The quote and until when it is held.

    Attributes:
        taken: Whether this very call took the capacity; an earlier one may rely on the hold it joined.
    """

    home: TenantId
    vendor_id: str
    lines: tuple[QuotedLine, ...]
    held_until: datetime
    taken: bool


def end_of_day(day: date, buyer: TenantId, clock: Clock) -> datetime:
    """Return the moment by which something needed on a day must be there, when no hour was given."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=clock.zone(buyer))


def check_lines(lines: Sequence[ReserveLine]) -> None:
    """Refuse an order without lines, with lines numbered alike, or with quantities nobody sells."""
    if not 1 <= len(lines) <= MAX_LINES:
        raise QuantityInvalid("lines")
    if len({line.line_number for line in lines}) != len(lines):
        raise FieldInvalid("lines", "LINE_NUMBER", "Nomor baris harus berbeda-beda.")
    for position, line in enumerate(lines):
        if not 1 <= line.quantity <= MAX_QUANTITY:
            raise QuantityInvalid(f"lines[{position}].quantity")


def home_of(lines: Sequence[ReserveLine], locations: Sequence[Location]) -> Location:
    """Return where the one seller of all lines lives.

    Raises:
        ProductUnknown: One of the products does not exist.
        LinesOfTwoVendors: They belong to different sellers.
    """
    known = {one.product_id: one for one in locations}
    for line in lines:
        if line.product_id not in known:
            raise ProductUnknown({"product_id": line.product_id})
    sellers = {one.vendor_id: one for one in known.values()}
    if len(sellers) > 1:
        raise LinesOfTwoVendors
    return next(iter(sellers.values()))


async def reserve(command: Reserve, home: TenantId, *, uow: UnitOfWork, clock: Clock) -> Reservation:
    """Hold the capacity and return the quote.

    Idempotent by order: while the hold stands, the same lines for the same day keep it; other lines, or a hold that
    lapsed or was given back, are judged anew. `uow` is a transaction of the seller's home region.
    """
    check_lines(command.lines)
    quantities = Counter[str]()
    for line in command.lines:
        quantities[line.product_id] += line.quantity
    sellables = {one.product.product_id: one for one in await uow.products.sellable(home, sorted(quantities))}
    for product_id in quantities:
        _check_on_sale(product_id, sellables.get(product_id))
    await _check_place_and_time(command, home, list(sellables.values()), uow, clock)

    now_of = _clock_of(command, clock)
    capacities = {product_id: sellables[product_id].product.capacity_per_day or 0 for product_id in sorted(quantities)}
    days = await uow.calendar.lock_days(home, capacities, command.needed_on)
    lines = tuple(HoldLine(product_id, quantity) for product_id, quantity in sorted(quantities.items()))
    before = await uow.calendar.hold_of(home, command.order_id)
    keeps = before is not None and before.stands(command.now) and before.same_as(on_date=command.needed_on, lines=lines)
    if not keeps:
        for day in days:
            day.judge(
                quantities[day.product_id],
                order_id=command.order_id,
                unit_id=command.unit_id,
                buyer=command.buyer,
                now_of=now_of,
            )
    vendor_id = next(iter(sellables.values())).vendor.vendor_id
    hold = _hold(command, home, vendor_id, lines, before if keeps else None)
    await uow.calendar.keep_hold(hold)
    quoted = tuple(
        QuotedLine(line.line_number, sellables[line.product_id].product, line.quantity) for line in command.lines
    )
    return Reservation(home, vendor_id, quoted, hold.held_until, taken=not keeps)


def _hold(command: Reserve, home: TenantId, vendor_id: str, lines: tuple[HoldLine, ...], before: Hold | None) -> Hold:
    return Hold(
        tenant=home,
        order_id=command.order_id,
        buyer=command.buyer,
        unit_id=command.unit_id,
        vendor_id=vendor_id,
        on_date=command.needed_on,
        held_until=max(command.hold_until, before.held_until) if before else command.hold_until,
        reserved_at=_attempt(command.now, before),
        lines=lines,
        signed=before.signed if before else False,
        firm=before.firm if before else False,
    )


def _attempt(now: datetime, before: Hold | None) -> datetime:
    """Name the attempt by its instant, and never like the one it joins: that one may be given back, see `release`."""
    return now + SHORTEST if before is not None and before.reserved_at == now else now


def _check_on_sale(product_id: str, found: Sellable | None) -> None:
    if found is None or found.product.state is ProductState.DRAFT:
        raise ProductUnknown({"product_id": product_id})
    if found.product.state is not ProductState.PUBLISHED:
        raise ProductNotOnSale({"product_id": product_id, "state": found.product.state.value})
    if not found.vendor.may_sell:
        raise ProductNotOnSale({"product_id": product_id, "vendor": found.vendor.obstacle})


async def _check_place_and_time(
    command: Reserve, home: TenantId, sellables: Sequence[Sellable], uow: UnitOfWork, clock: Clock
) -> None:
    if command.buyer != home:
        today = command.now.astimezone(clock.zone(command.buyer)).date()
        grants = await uow.vendors.guest_grants(command.buyer, sellables[0].vendor.vendor_id)
        for one in sellables:
            if not any(grant.covers(one.product.category_code, today) for grant in grants):
                raise GuestNotGranted(one.product.product_id)
    for one in sellables:
        product = one.product
        listed = product.delivery_district_codes
        if not delivers_to(command.district_code, listed, home=home, host=command.buyer):
            raise DeliveryArea(product.product_id, command.district_code)
        check_lead_time(product.product_id, product.lead_time_hours or 0, needed_at=command.needed_at, now=command.now)


def _clock_of(command: Reserve, clock: Clock) -> Callable[[TenantId], datetime]:
    return lambda buyer: command.now if buyer == command.buyer else clock.now(buyer)
