"""What a submission is judged by besides itself: one statement over the budget holder's orders of the year."""

from typing import Any

import sqlalchemy as sa
from bela_kit.core.tenancy import TenantId
from sqlalchemy.ext.asyncio import AsyncConnection

from order_service.application.judged import PastOrders, PastWanted
from order_service.domain.rotation import CountedOrder
from order_service.domain.splitting import SplitOrder

# The counts ride on every row, and on the one row that is left when the holder has no order yet.
_PAST = sa.text(
    """
    WITH facts AS (
        SELECT
            (SELECT count(*) FROM orders WHERE tenant_id = :tenant AND budget_holder_id = :holder AND unsigned
                AND order_id <> :order) AS unsigned,
            (SELECT value_idr FROM rup_packages WHERE tenant_id = :tenant AND rup_code = :rup) AS rup_value,
            (SELECT COALESCE(sum(m.reserved_idr + m.committed_idr + m.accepted_idr + m.paid_idr), 0)
             FROM orders AS r JOIN budget_movements AS m ON m.tenant_id = r.tenant_id AND m.order_id = r.order_id
             WHERE :rup <> '' AND r.tenant_id = :tenant AND r.rup_code = :rup AND r.rup_code <> ''
               AND r.order_id <> :order) AS rup_used
    )
    SELECT f.unsigned, f.rup_value, f.rup_used, o.order_id, o.need_id, o.owner_group_id, o.category_code,
           o.total_idr, o.submitted_at, o.plan_lot, o.account_codes, o.sub_activity_code, o.created_by, o.items,
           o.event_id, (o.submitted_at AT TIME ZONE :zone)::date AS submitted_on
    FROM facts AS f
    LEFT JOIN orders AS o ON o.tenant_id = :tenant AND o.budget_holder_id = :holder AND o.counted
        AND o.submitted_at >= :year_start AND o.order_id <> :order
    """
)


async def past_orders(connection: AsyncConnection, tenant: TenantId, wanted: PastWanted) -> PastOrders:
    """Return the counted orders of the holder and year, the unsigned ones and the use of the RUP package."""
    values: dict[str, Any] = {
        "tenant": tenant,
        "holder": wanted.budget_holder_id,
        "order": wanted.order_id,
        "rup": wanted.rup_code,
        "year_start": wanted.year_start,
        "zone": wanted.zone,
    }
    rows = (await connection.execute(_PAST, values)).all()
    first = rows[0]
    found = [row for row in rows if row.order_id is not None]
    return PastOrders(
        counted=tuple(_counted(row) for row in found if row.category_code == wanted.category_code),
        splitting=tuple(_compared(row, wanted.budget_holder_id) for row in found),
        unsigned=first.unsigned,
        rup_value=first.rup_value,
        rup_used=int(first.rup_used),
    )


def _counted(row: sa.Row[Any]) -> CountedOrder:
    return CountedOrder(
        order_id=str(row.order_id),
        need_id=str(row.need_id),
        owner_group_id=row.owner_group_id,
        value=row.total_idr,
        submitted_at=row.submitted_at,
        plan_lot=row.plan_lot,
    )


def _compared(row: sa.Row[Any], budget_holder_id: str) -> SplitOrder:
    return SplitOrder(
        order_id=str(row.order_id),
        need_id=str(row.need_id),
        value=row.total_idr,
        on=row.submitted_on,
        budget_holder_id=budget_holder_id,
        category_code=row.category_code,
        account_codes=frozenset(row.account_codes),
        sub_activity_code=row.sub_activity_code,
        owner_group_id=row.owner_group_id,
        created_by=row.created_by,
        items=frozenset(row.items),
        event_id=row.event_id,
        in_plan=row.plan_lot,
    )
