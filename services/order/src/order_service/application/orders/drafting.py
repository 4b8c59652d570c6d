"""Make a draft: the maker picks a seller and products for a need. Nothing is held, nobody is told."""

from collections.abc import Sequence
from dataclasses import dataclass

from bela_kit.core.ids import new_id

from order_service.application.authority import Authority
from order_service.application.business_time import BusinessClock
from order_service.application.errors import Invalid
from order_service.application.offers import OfferSheet
from order_service.application.orders.placing import MAKERS, WantedLine, check_case, load_case, maker_act
from order_service.application.ports import UnitOfWork
from order_service.domain.order.order import Order
from order_service.domain.order.order_line import OrderLine
from order_service.domain.tax.facts import SupplyType


@dataclass(frozen=True, slots=True)
class DraftOrder:
    """What the maker wants ordered."""

    need_id: str
    vendor_id: str
    lines: tuple[WantedLine, ...]
    channel: str
    external_number: str
    rup_code: str
    short_path: bool


async def draft_order(
    command: DraftOrder, *, sheet: OfferSheet, uow: UnitOfWork, clock: BusinessClock, authority: Authority
) -> Order:
    """Keep a draft with the prices as listed now; the catalog quotes them again at submission.

    Args:
        command: What is wanted.
        sheet: The catalog's offers for the need, asked before the transaction.
        uow: The open unit of work.
        clock: The region's time.
        authority: Who makes it.

    Raises:
        NotFound: There is no such need.
        RoleMissing: The caller may not order for the need's unit.
        Invalid: A product is not an offer of the seller for this need.
    """
    case = await load_case(command.need_id, command.vendor_id, uow=uow)
    act = maker_act(case, authority, MAKERS, clock)
    check_case(case, act)
    draft = case.draft(
        str(new_id()),
        offered_lines(command.lines, command.vendor_id, sheet),
        command.channel,
        external_number=command.external_number,
        rup_code=command.rup_code or case.need.rup_code,
        short_path=command.short_path,
    )
    order = Order.draft(act, draft)
    await uow.orders.save(order)
    return order


def offered_lines(lines: Sequence[WantedLine], vendor_id: str, sheet: OfferSheet) -> tuple[OrderLine, ...]:
    """Return order lines with the facts of the offers they name."""
    offers = {offer.product_id: offer for offer in sheet.offers}
    found: list[OrderLine] = []
    for number, line in enumerate(lines, start=1):
        offer = offers.get(line.product_id)
        if offer is None or offer.vendor_id != vendor_id:
            field = f"lines[{number - 1}].product_id"
            raise Invalid(field, "PRODUCT_NOT_OFFERED", "Produk ini tidak ditawarkan penyedia untuk kebutuhan ini.")
        found.append(
            OrderLine(
                line_number=number,
                product_id=offer.product_id,
                title=offer.title,
                category_code=offer.category_code,
                profile_code=offer.profile_code,
                supply_type=SupplyType(offer.supply_type),
                quantity=line.quantity,
                unit=offer.unit,
                unit_price=offer.unit_price_idr,
                price_includes_ppn=offer.price_includes_ppn,
            )
        )
    return tuple(found)
