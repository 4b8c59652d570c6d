"""Follows orders in what they hold, with the worker role: a buyer's order holds capacity in the seller's region.

Every event carries the whole order, so what counts is its version, not the sequence of arrival. An event from before
the last Reserve of the same order speaks of an earlier attempt, or the same request was sent again while the first was
under way. Such an event may lengthen the hold but not end it, unless it is of a signed order: that is no draft again.
"""

from collections.abc import Sequence

from bela_kit.statements import Statement
from sqlalchemy.ext.asyncio import AsyncConnection

from catalog_service.domain.capacity import OrderReport

_REPORTS = """
    SELECT * FROM unnest(
        CAST(:orders AS uuid[]), CAST(:homes AS text[]), CAST(:versions AS bigint[]), CAST(:at AS timestamptz[]),
        CAST(:holds AS boolean[]), CAST(:signed AS boolean[]), CAST(:firm AS boolean[]),
        CAST(:deadlines AS timestamptz[])
    ) AS report (order_id, home, version, at, holds, signed, firm, deadline)
"""
_LOCK = Statement(
    """
    SELECT order_id FROM holds WHERE order_id = ANY (CAST(:orders AS uuid[]))
    ORDER BY tenant_id, order_id, product_id FOR UPDATE
    """
)
# A product that is no longer among the order's lines, or is held in a region the order no longer buys from, is given
# back; the others follow the order, its quantities included.
_FOLLOW = Statement(
    f"""
    WITH report AS ({_REPORTS}),
    line AS (
        SELECT * FROM unnest(
            CAST(:line_orders AS uuid[]), CAST(:line_products AS uuid[]), CAST(:line_quantities AS bigint[])
        ) AS line (order_id, product_id, quantity)
    ),
    fresh AS (
        SELECT h.tenant_id, h.order_id, h.product_id, r.version,
            r.signed OR r.at >= h.reserved_at AS counts,
            r.holds AND h.tenant_id = r.home AND l.product_id IS NOT NULL AS holds,
            r.signed, r.firm, r.deadline, l.quantity
        FROM report r
        JOIN holds h ON h.order_id = r.order_id AND h.order_version < r.version
        LEFT JOIN line l ON l.order_id = h.order_id AND l.product_id = h.product_id
    )
    UPDATE holds h
    SET order_version = f.version,
        released = CASE WHEN f.counts THEN NOT f.holds ELSE h.released END,
        signed = CASE WHEN f.counts THEN f.signed ELSE h.signed END,
        firm = CASE WHEN f.counts THEN f.firm AND f.holds ELSE h.firm END,
        held_until = CASE
            WHEN f.counts THEN COALESCE(f.deadline, h.held_until)
            WHEN f.holds THEN GREATEST(h.held_until, f.deadline)
            ELSE h.held_until
        END,
        quantity = CASE WHEN f.counts THEN COALESCE(f.quantity, h.quantity) ELSE h.quantity END
    FROM fresh f
    WHERE h.tenant_id = f.tenant_id AND h.order_id = f.order_id AND h.product_id = f.product_id
    """  # noqa: S608 - a fixed fragment of this module
)


class SqlHoldStates:
    """Writes holds on one open worker transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def follow(self, reports: Sequence[OrderReport]) -> None:
        """Extend, confirm or release holds; a report older than what was heard is passed over."""
        newest: dict[str, OrderReport] = {}
        for one in reports:
            if one.order_id not in newest or newest[one.order_id].version < one.version:
                newest[one.order_id] = one
        if not newest:
            return
        chosen = [newest[order_id] for order_id in sorted(newest)]
        await _LOCK.fetch(self._connection, {"orders": [one.order_id for one in chosen]})
        lines: dict[tuple[str, str], int] = {}
        for one in chosen:
            for line in one.lines:
                key = (one.order_id, line.product_id)
                lines[key] = lines.get(key, 0) + line.quantity
        await _FOLLOW.fetch(
            self._connection,
            {
                "orders": [one.order_id for one in chosen],
                "homes": [one.home for one in chosen],
                "versions": [one.version for one in chosen],
                "at": [one.occurred_at for one in chosen],
                "holds": [one.holds_capacity for one in chosen],
                "signed": [one.signed for one in chosen],
                "firm": [one.firm for one in chosen],
                "deadlines": [one.deadline_at for one in chosen],
                "line_orders": [order_id for order_id, _ in lines],
                "line_products": [product_id for _, product_id in lines],
                "line_quantities": list(lines.values()),
            },
        )
