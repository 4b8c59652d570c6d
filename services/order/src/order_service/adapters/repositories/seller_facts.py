"""What sellers did: one row a handover, lapse or refusal, written with the order, summed for the score.

Payments that bear PPh 21 leave a row too, by their base: the layers of article 17 go by the year, over all orders.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from bela_kit.core.ids import derived_id
from bela_kit.core.tenancy import TenantId
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from order_service.adapters.driver import Statement, fetch
from order_service.adapters.tables import seller_records
from order_service.application.judged import CategorySpend, Performance
from order_service.domain.events import (
    OrderEvent,
    OrderExpired,
    OrderHandedOver,
    OrderLapsed,
    OrderPaid,
    OrderRefused,
)
from order_service.domain.order.delivery import Delivery, DeliveryState
from order_service.domain.order.facts import EVENT_GRACE, OrderFacts
from order_service.domain.order.order_line import Seller
from order_service.domain.order.state import OrderState
from order_service.domain.tax import TaxKind

WINDOW = timedelta(days=365)
REFUSAL_WINDOW = timedelta(days=90)
EXCUSED_REFUSALS = 3
PPH21 = "pph21"
_STANDING = (DeliveryState.HANDED_OVER, DeliveryState.INVOICED, DeliveryState.PAID)

_LOCK = Statement("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
_PAID_TO_INDIVIDUAL = Statement(
    """
    SELECT COALESCE(sum(value_idr), 0) AS base FROM seller_records
    WHERE tenant_id = :tenant AND kind = 'pph21' AND (owner_group_id = :group OR vendor_id = :vendor)
      AND occurred_on BETWEEN :first AND :last
    """
)


async def note_events(connection: AsyncConnection, tenant: TenantId, events: Sequence[OrderEvent]) -> None:
    """Keep what a seller's record gains by these events; of a fact that is there already only the value may change.

    A price cut after the BAST lowers what was spent with the seller (domain.md 6.2).
    """
    rows = {row["record_id"]: row for event in events for row in _rows(tenant, event)}
    if rows:
        wanted = insert(seller_records).values(list(rows.values()))
        keys = [seller_records.c.tenant_id, seller_records.c.record_id]
        value = wanted.excluded.value_idr
        await connection.execute(
            wanted.on_conflict_do_update(
                index_elements=keys, set_={"value_idr": value}, where=seller_records.c.value_idr != value
            )
        )


def _rows(tenant: TenantId, event: OrderEvent) -> list[dict[str, Any]]:
    facts = event.order
    if isinstance(event, OrderHandedOver):
        return [
            _row(tenant, facts, "handover", each.delivery_id, each.handover.on)
            | {"value_idr": each.handover.due, "good": _good(facts, each)}
            for each in facts.deliveries
            if each.handover is not None and each.state in _STANDING
        ]
    if isinstance(event, OrderPaid):
        return [
            _row(tenant, facts, PPH21, each.delivery_id, each.payment.on) | {"value_idr": base}
            for each in facts.deliveries
            if each.payment is not None
            and (base := sum(tax.base for tax in each.payment.taxes if tax.kind is TaxKind.PPH21))
        ]
    unanswered = isinstance(event, OrderLapsed) and facts.lapsed_from is OrderState.SP_ISSUED
    if unanswered or (isinstance(event, OrderExpired) and _expired_unanswered(facts)):
        return [_row(tenant, facts, "lapse", str(event.version), event.on)]
    if isinstance(event, OrderRefused):
        return [_row(tenant, facts, "refusal", str(event.version), event.on)]
    return []


def _expired_unanswered(facts: OrderFacts) -> bool:
    """Return whether the order expired straight from the seller's desk, the one re-issue being used up."""
    return len(facts.history) > 1 and facts.history[-2].state is OrderState.SP_ISSUED


def _good(facts: OrderFacts, delivery: Delivery) -> bool:
    due = facts.need.needed_at - EVENT_GRACE if facts.need.served else facts.need.needed_at
    return delivery.complete and delivery.arrived_at <= due


def _row(tenant: TenantId, facts: OrderFacts, kind: str, part: str, on: date) -> dict[str, Any]:
    return {
        "tenant_id": tenant,
        "record_id": str(derived_id(facts.order_id, kind, part)),
        "order_id": facts.order_id,
        "kind": kind,
        "vendor_id": facts.seller.vendor_id,
        "owner_group_id": facts.seller.owner_group_id,
        "category_code": facts.category_code,
        "district_code": facts.seller.district_code,
        "value_idr": 0,
        "good": False,
        "occurred_on": on,
    }


class SqlSellerFacts:
    """`SellerFacts` on the table `seller_records`."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId) -> None:
        self._connection = connection
        self._tenant = tenant

    async def spend(self, category_code: str, since: date) -> CategorySpend:
        """Return the value handed over: in a category by owner group, in all categories by kecamatan of the seller."""
        table = seller_records.c
        in_category = sa.func.sum(table.value_idr).filter(table.category_code == category_code)
        query = (
            sa.select(table.owner_group_id, table.district_code, in_category, sa.func.sum(table.value_idr))
            .where(table.tenant_id == self._tenant, table.occurred_on > since, table.kind == "handover")
            .group_by(table.owner_group_id, table.district_code)
        )
        by_group: dict[str, int] = {}
        by_district: dict[str, int] = {}
        for group, district, of_category, of_all in await self._connection.execute(query):
            if of_category is not None:
                by_group[group] = by_group.get(group, 0) + int(of_category)
            by_district[district] = by_district.get(district, 0) + int(of_all)
        return CategorySpend(by_group, by_district)

    async def performance(self, vendor_ids: Collection[str], today: date) -> Mapping[str, Performance]:
        """Return deliveries, lapses and refusals of sellers."""
        table = seller_records.c
        handover, recent = table.kind == "handover", table.occurred_on > today - WINDOW
        refused = sa.and_(table.kind == "refusal", table.occurred_on > today - REFUSAL_WINDOW)
        query = (
            sa.select(
                table.vendor_id,
                sa.func.count().filter(handover, recent, table.good).label("good"),
                sa.func.count().filter(handover, recent).label("deliveries"),
                sa.func.count().filter(table.kind == "lapse", recent).label("lapses"),
                sa.func.count().filter(refused).label("refusals"),
                sa.func.count(sa.distinct(table.order_id)).filter(handover).label("orders"),
            )
            .where(table.tenant_id == self._tenant, table.vendor_id.in_(list(vendor_ids)))
            .group_by(table.vendor_id)
        )
        return {
            str(row.vendor_id): Performance(
                good=row.good,
                deliveries=row.deliveries,
                lapses=row.lapses,
                late_refusals=max(0, row.refusals - EXCUSED_REFUSALS),
                orders_handed_over=row.orders,
            )
            for row in await self._connection.execute(query)
        }

    async def paid_to_individual(self, seller: Seller, year: int) -> int:
        """Return what PPh 21 was computed on this year, of all orders from the owner group."""
        name = f"{PPH21}:{self._tenant}:{seller.owner_group_id}"
        await fetch(self._connection, _LOCK, {"name": name})
        values = {
            "tenant": self._tenant,
            "group": seller.owner_group_id,
            "vendor": seller.vendor_id,
            "first": date(year, 1, 1),
            "last": date(year, 12, 31),
        }
        return int((await fetch(self._connection, _PAID_TO_INDIVIDUAL, values))[0]["base"])
