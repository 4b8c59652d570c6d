"""What an order is placed with: the need, its buyer, the seller, the rules; gathered once, before any remote call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from order_service.application.authority import Authority
from order_service.application.business_time import BusinessClock
from order_service.application.errors import Invalid, NotFound
from order_service.application.offers import HoldLine, HoldWanted, Quote
from order_service.application.orders.case import PlacingCase
from order_service.application.ports import CaseSource
from order_service.domain.acts import Act
from order_service.domain.errors import VendorNotActive
from order_service.domain.order.order_line import OrderLine
from order_service.domain.order.submission import Quote as OrderQuote
from order_service.domain.tax.facts import SupplyType

MAKERS = ("pp", "pptk", "ppk", "kpa", "commitment_signer")
SIGNERS = ("ppk", "kpa", "commitment_signer")
FIRST_HOLD = timedelta(minutes=5)
"""How long the hold stands at first. The order's event lengthens it to the deadline within moments; an order that is
refused after all is given back at once, or, where that call is lost too, when this time is over."""


@dataclass(frozen=True, slots=True)
class WantedLine:
    """One line as the buyer asks for it."""

    product_id: str
    quantity: int


async def load_case(need_id: str, vendor_id: str, *, uow: CaseSource, order_id: str | None = None) -> PlacingCase:
    """Gather what an order of a need from a seller stands on.

    Raises:
        NotFound: There is no such need.
        Invalid: The seller is not known here.
    """
    case = await uow.orders.case(need_id, vendor_id, order_id)
    if case is None:
        if await uow.needs.get(need_id) is None:
            raise NotFound("Kebutuhan tidak ditemukan.")
        raise Invalid("vendor_id", "VENDOR_UNKNOWN", "Penyedia tidak dikenal di daerah ini.")
    return case


def check_case(case: PlacingCase, act: Act) -> None:
    """Refuse what needs no remote answer: a seller that may not sell here now, a budget year that is over."""
    if not case.seller.may_sell(case.need.category_code, act.today):
        raise VendorNotActive(metadata={"standing": case.seller.seller.standing})
    for line in case.lines.values():
        line.check_open(act.today)


def maker_act(case: PlacingCase, authority: Authority, roles: Sequence[str], clock: BusinessClock) -> Act:
    """Return the act of somebody who makes an order for the need's unit.

    Raises:
        RoleMissing: He holds none of the roles over the unit.
    """
    tenant = case.need.tenant
    return Act(authority.act(roles, case.unit.scopes()), clock.now(tenant), clock.calendar(tenant))


def hold_wanted(order_id: str, case: PlacingCase, lines: Sequence[WantedLine], act: Act) -> HoldWanted:
    """Return what is asked of the catalog: prices, and a hold that outlives the submission."""
    need = case.need
    return HoldWanted(
        order_id=order_id,
        unit_id=need.unit_id,
        lines=tuple(HoldLine(number, line.product_id, line.quantity) for number, line in enumerate(lines, start=1)),
        needed_on=act.calendar.day(need.needed_at),
        needed_at=need.needed_at,
        district_code=need.delivery.district_code,
        hold_until=act.at + FIRST_HOLD,
        now=act.at,
    )


def quoted(case: PlacingCase, quote: Quote) -> OrderQuote:
    """Return the catalog's answer as the order judges it.

    Raises:
        Invalid: The products are another seller's, or of another category than the need.
    """
    seller = case.seller.seller
    if quote.vendor_id != seller.vendor_id:
        raise Invalid("lines", "VENDOR_MISMATCH", "Produk pada baris pesanan bukan milik penyedia yang dipilih.")
    for index, line in enumerate(quote.lines):
        if line.category_code != case.need.category_code:
            field = f"lines[{index}].product_id"
            raise Invalid(field, "CATEGORY_MISMATCH", "Kategori produk tidak sesuai dengan kebutuhan.")
    return OrderQuote(
        lines=tuple(
            OrderLine(
                line_number=line.line_number,
                product_id=line.product_id,
                title=line.title,
                category_code=line.category_code,
                profile_code=line.profile_code,
                supply_type=SupplyType(line.supply_type),
                quantity=line.quantity,
                unit=line.unit,
                unit_price=line.unit_price_idr,
                price_includes_ppn=line.price_includes_ppn,
            )
            for line in quote.lines
        ),
        seller=seller,
        seller_lead=timedelta(hours=max(line.lead_time_hours for line in quote.lines)),
        held_until=quote.held_until,
    )
