"""The public list of orders and the page of one order with its history, from the signature on (domain.md 8.2)."""

from dataclasses import dataclass
from datetime import date, datetime

from bela_kit.core.errors import Kind, ServiceError

from reporting_service.application.ports import OrderFilter, Reports
from reporting_service.application.stamp import Asker, Stamped, stamped
from reporting_service.facts.order import OrderFacts
from reporting_service.ocds.codes import ocid


class OrderUnknown(ServiceError):
    """No such order in this region, or none that is public yet."""

    kind = Kind.NOT_FOUND
    reason = "ORDER_UNKNOWN"

    def __init__(self) -> None:
        super().__init__("Pesanan tidak ditemukan atau belum ditandatangani.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicOrderLine:
    """One order in the list; `link` stays the same for ever."""

    order_id: str
    ocid: str
    link: str
    state: str
    title: str
    signed_on: date
    unit_id: str
    unit_name: str
    vendor_id: str
    vendor_name: str
    category_code: str
    total_idr: int
    spent_idr: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicOrders(Stamped):
    """A page of public orders, newest signature first."""

    orders: list[PublicOrderLine]
    next_page_token: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicItem:
    """What was ordered."""

    title: str
    category_code: str
    quantity: int
    quantity_accepted: int
    unit: str
    unit_price_idr: int
    amount_idr: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicHandover:
    """A BAST: day, value, and whether it came about because somebody let a deadline pass."""

    on: date
    number: str
    value_idr: int
    deemed: bool
    paid_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicChange:
    """One dated state."""

    state: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicOrder(Stamped):
    """One order as the public sees it: no official's name, no tax, no bank."""

    order_id: str
    ocid: str
    link: str
    version: int
    state: str
    title: str
    unit_name: str
    budget_holder_id: str
    budget_holder_name: str
    vendor_id: str
    vendor_name: str
    vendor_class: str
    vendor_district_code: str
    method: str
    contract_form: str
    document_number: str
    signed_on: date
    needed_at: datetime | None
    district_code: str
    village_code: str
    total_idr: int
    spent_idr: int
    suggestion_rank: int | None
    override_reason: str | None
    flags: list[str]
    items: list[PublicItem]
    handovers: list[PublicHandover]
    history: list[PublicChange]


def order_link(tenant: str, order_id: str) -> str:
    """Return the stable path of an order's page."""
    return f"/reporting/v1/regions/{tenant}/orders/{order_id}"


async def public_orders(
    asker: Asker, wanted: OrderFilter, *, size: int, after: tuple[date, str] | None, reports: Reports
) -> tuple[PublicOrders, tuple[date, str] | None]:
    """Return a page of orders, and behind which one the next page begins."""
    rows = await reports.orders(asker.tenant, wanted, size + 1, after)
    lines = [
        PublicOrderLine(
            order_id=row.order_id,
            ocid=ocid(asker.tenant, row.order_id),
            link=order_link(asker.tenant, row.order_id),
            state=row.state,
            title=row.title,
            signed_on=row.signed_on,
            unit_id=row.unit_id,
            unit_name=row.unit_name,
            vendor_id=row.vendor_id,
            vendor_name=row.vendor_name,
            category_code=row.category_code,
            total_idr=row.total_idr,
            spent_idr=row.spent_idr,
        )
        for row in rows[:size]
    ]
    last = (lines[-1].signed_on, lines[-1].order_id) if len(rows) > size else None
    head = await stamped(asker, reports)
    return PublicOrders(**head, orders=lines, next_page_token=None), last  # type: ignore[arg-type]


async def public_order(asker: Asker, order_id: str, *, reports: Reports) -> PublicOrder:
    """Return the page of one order.

    Raises:
        OrderUnknown: It does not exist here, or is not signed, or is not bought with public money.
    """
    facts = await reports.order(asker.tenant, order_id)
    if facts is None or facts.signed_on is None:
        raise OrderUnknown
    return PublicOrder(
        **await stamped(asker, reports),  # type: ignore[arg-type]
        order_id=facts.order_id,
        ocid=ocid(facts.tenant, facts.order_id),
        link=order_link(facts.tenant, facts.order_id),
        version=facts.version,
        state=facts.state,
        title=facts.need_title,
        unit_name=facts.unit_name,
        budget_holder_id=facts.budget_holder_id,
        budget_holder_name=facts.budget_holder_name,
        vendor_id=facts.seller.vendor_id,
        vendor_name=facts.seller.name,
        vendor_class=facts.seller.business_class,
        vendor_district_code=facts.seller.district_code,
        method=facts.channel,
        contract_form=facts.contract_form,
        document_number=facts.document_number,
        signed_on=facts.signed_on,
        needed_at=facts.needed_at,
        district_code=facts.district_code,
        village_code=facts.village_code,
        total_idr=facts.total_idr,
        spent_idr=facts.spent_idr,
        suggestion_rank=facts.suggestion_rank or None,
        override_reason=facts.override_reason or None,
        flags=list(facts.flags),
        items=_items(facts),
        handovers=_handovers(facts),
        history=[PublicChange(state=change.state, at=change.at) for change in facts.history],
    )


def _items(facts: OrderFacts) -> list[PublicItem]:
    return [
        PublicItem(
            title=line.title,
            category_code=line.category_code,
            quantity=line.quantity,
            quantity_accepted=line.quantity_accepted,
            unit=line.unit,
            unit_price_idr=line.unit_price_idr,
            amount_idr=line.amount_idr,
        )
        for line in facts.lines
    ]


def _handovers(facts: OrderFacts) -> list[PublicHandover]:
    return [
        PublicHandover(
            on=handover.on,
            number=handover.number,
            value_idr=handover.value_idr,
            deemed=handover.deemed,
            paid_on=facts.paid_on(handover),
        )
        for handover in facts.handovers
    ]
