"""What a submission is judged by besides itself: one statement, which fetches only what can change the judgement.

Most submissions are far from every limit, and an office may have hundreds of orders a year. So two questions are
answered where the rows are, and rows travel only if the answer leaves the judgement open; both shortcuts are exact:

* Rotation. If, after the last order of the limit-th latest need of the chosen group, `m` other groups got enough even
  by the dearest of the group's needs, a break certainly lies behind it and the streak is shorter than the limit.
* Splitting. Without the forty points for one owner group a flag is out of reach, so orders of two groups need no look.
"""

from typing import Any

from bela_kit.core.tenancy import TenantId
from sqlalchemy.ext.asyncio import AsyncConnection

from order_service.adapters.driver import Statement, fetch
from order_service.application.judged import PastOrders, PastWanted
from order_service.domain.rotation import CountedOrder
from order_service.domain.splitting import THRESHOLDS, SplitOrder

_PAST = Statement(
    """
    WITH mine AS MATERIALIZED (
        SELECT need_id, max(submitted_at) AS last_at, sum(total_idr) AS value FROM orders
        WHERE tenant_id = :tenant AND budget_holder_id = :holder AND category_code = :category AND counted
          AND submitted_at >= :year_start AND owner_group_id = :group AND order_id <> :order AND NOT plan_lot
        GROUP BY need_id
    ), limiting AS (
        SELECT last_at FROM mine ORDER BY last_at DESC OFFSET :before_limit LIMIT 1
    ), moved_on AS (
        SELECT o.owner_group_id
        FROM limiting AS l JOIN orders AS o ON o.tenant_id = :tenant AND o.budget_holder_id = :holder
            AND o.category_code = :category AND o.counted AND o.submitted_at > l.last_at
            AND o.owner_group_id <> :group AND o.order_id <> :order AND NOT o.plan_lot
        GROUP BY o.owner_group_id, o.need_id
        HAVING sum(o.total_idr) * :share_denominator >= :share_numerator * (SELECT max(value) FROM mine)
    ), streak AS (
        SELECT 1 WHERE CAST(:group AS text) IS NULL OR (
            EXISTS (SELECT 1 FROM limiting)
            AND (SELECT count(DISTINCT owner_group_id) FROM moved_on) < :breaking_groups
        )
    ), alike AS MATERIALIZED (
        SELECT order_id, need_id, owner_group_id, category_code, total_idr, submitted_at, plan_lot, account_codes,
               sub_activity_code, created_by, items, event_id
        FROM orders
        WHERE tenant_id = :tenant AND budget_holder_id = :holder AND counted AND submitted_at >= :window_start
          AND sub_activity_code = :sub_activity AND order_id <> :order AND need_id <> :need AND NOT plan_lot
          AND (category_code = :category OR account_codes && CAST(:accounts AS text[]))
          AND NOT (event_id <> '' AND :event <> '' AND event_id <> :event)
    ), facts AS (
        SELECT
            (SELECT count(*) FROM orders WHERE tenant_id = :tenant AND budget_holder_id = :holder AND unsigned
                AND order_id <> :order) AS unsigned,
            (SELECT value_idr FROM rup_packages WHERE tenant_id = :tenant AND rup_code = :rup) AS rup_value,
            (SELECT COALESCE(sum(m.reserved_idr + m.committed_idr + m.accepted_idr + m.paid_idr), 0)
             FROM orders AS r JOIN budget_movements AS m ON m.tenant_id = r.tenant_id AND m.order_id = r.order_id
             WHERE :rup <> '' AND r.tenant_id = :tenant AND r.rup_code = :rup AND r.rup_code <> ''
               AND r.order_id <> :order) AS rup_used,
            (SELECT COALESCE(sum(m.reserved_idr + m.committed_idr + m.accepted_idr + m.paid_idr), 0)
             FROM orders AS r JOIN budget_movements AS m ON m.tenant_id = r.tenant_id AND m.order_id = r.order_id
             WHERE r.tenant_id = :tenant AND r.need_id = :need AND r.order_id <> :order) AS need_used
    )
    SELECT 'facts' AS part, unsigned, rup_value, rup_used, need_used, NULL::uuid AS order_id, NULL::uuid AS need_id,
           NULL AS owner_group_id, NULL AS category_code, NULL::bigint AS total_idr, NULL::timestamptz AS submitted_at,
           NULL::boolean AS plan_lot, NULL::text[] AS account_codes, NULL AS sub_activity_code, NULL AS created_by,
           NULL::text[] AS items, NULL AS event_id, NULL::date AS submitted_on
    FROM facts
    UNION ALL
    SELECT 'streak', NULL, NULL, NULL, NULL, o.order_id, o.need_id, o.owner_group_id, o.category_code, o.total_idr,
           o.submitted_at, o.plan_lot, NULL, NULL, NULL, NULL, NULL, NULL
    FROM streak JOIN orders AS o ON o.tenant_id = :tenant AND o.budget_holder_id = :holder
        AND o.category_code = :category AND o.counted AND o.submitted_at >= :year_start AND o.order_id <> :order
    UNION ALL
    SELECT 'alike', NULL, NULL, NULL, NULL, order_id, need_id, owner_group_id, category_code, total_idr, submitted_at,
           plan_lot, account_codes, sub_activity_code, created_by, items, event_id,
           (submitted_at AT TIME ZONE :zone)::date
    FROM alike
    WHERE (SELECT sum(total_idr) FROM alike) + :total > :threshold
      AND NOT EXISTS (SELECT 1 FROM alike WHERE owner_group_id <> :seller_group)
    """
)
_LOWEST_THRESHOLD = min(threshold for threshold, _ in THRESHOLDS)


async def past_orders(connection: AsyncConnection, tenant: TenantId, wanted: PastWanted) -> PastOrders:
    """Return the orders a streak can hang on, those that look like one package, the unsigned ones and the RUP sum."""
    values: dict[str, Any] = {
        "tenant": tenant,
        "holder": wanted.budget_holder_id,
        "order": wanted.order_id,
        "need": wanted.need_id,
        "category": wanted.category_code,
        "group": wanted.owner_group_id,
        "before_limit": wanted.rotation.limit - 1,
        "breaking_groups": wanted.rotation.breaking_groups,
        "share_numerator": wanted.rotation.breaking_share.numerator,
        "share_denominator": wanted.rotation.breaking_share.denominator,
        "seller_group": wanted.seller_group_id,
        "event": wanted.event_id,
        "rup": wanted.rup_code,
        "year_start": wanted.year_start,
        "window_start": wanted.window_start,
        "sub_activity": wanted.sub_activity_code,
        "accounts": list(wanted.account_codes),
        "total": wanted.total,
        "threshold": _LOWEST_THRESHOLD,
        "zone": wanted.zone,
    }
    rows = await fetch(connection, _PAST, values)
    first = next(row for row in rows if row["part"] == "facts")
    return PastOrders(
        counted=tuple(_counted(row) for row in rows if row["part"] == "streak"),
        splitting=tuple(_compared(row, wanted.budget_holder_id) for row in rows if row["part"] == "alike"),
        unsigned=first["unsigned"],
        rup_value=first["rup_value"],
        rup_used=int(first["rup_used"]),
        need_used=int(first["need_used"]),
    )


def _counted(row: Any) -> CountedOrder:
    return CountedOrder(
        order_id=str(row["order_id"]),
        need_id=str(row["need_id"]),
        owner_group_id=row["owner_group_id"],
        value=row["total_idr"],
        submitted_at=row["submitted_at"],
        plan_lot=row["plan_lot"],
    )


def _compared(row: Any, budget_holder_id: str) -> SplitOrder:
    return SplitOrder(
        order_id=str(row["order_id"]),
        need_id=str(row["need_id"]),
        value=row["total_idr"],
        on=row["submitted_on"],
        budget_holder_id=budget_holder_id,
        category_code=row["category_code"],
        account_codes=frozenset(row["account_codes"]),
        sub_activity_code=row["sub_activity_code"],
        owner_group_id=row["owner_group_id"],
        created_by=row["created_by"],
        items=frozenset(row["items"]),
        event_id=row["event_id"],
        in_plan=row["plan_lot"],
    )
