"""Moves money between the buckets of budget lines: one statement for all lines of a step, all or none.

The check stands in the statement itself, under the row locks it takes in the sequence of the ids, so that any number of
concurrent orders can neither overspend a line nor deadlock on two. Each move leaves a row in the ledger under its key,
which makes a repeated step an error instead of a second movement.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from bela_kit.core.tenancy import TenantId
from sqlalchemy.ext.asyncio import AsyncConnection

from order_service.adapters.driver import Statement, fetch
from order_service.adapters.repositories.budget import budget_line_of
from order_service.adapters.tables import budget_lines
from order_service.domain.budget import Movement

# Each array stands in a SELECT of its own: PostgreSQL then does not see how short it is, keeps one plan for all, and
# plans once instead of for every order (0.5 to 0.7 ms, more than the statement itself takes).
MOVES = """
    moves AS MATERIALIZED (
        SELECT line, key, order_id, step, r, c, a, p
        FROM unnest(
            (SELECT CAST(:lines AS uuid[])), (SELECT CAST(:keys AS text[])), (SELECT CAST(:orders AS uuid[])),
            (SELECT CAST(:steps AS text[])), (SELECT CAST(:reserved AS bigint[])),
            (SELECT CAST(:committed AS bigint[])), (SELECT CAST(:accepted AS bigint[])),
            (SELECT CAST(:paid AS bigint[]))
        ) AS rows (line, key, order_id, step, r, c, a, p)
    ), totals AS MATERIALIZED (
        SELECT line, CAST(sum(r) AS bigint) AS r, CAST(sum(c) AS bigint) AS c, CAST(sum(a) AS bigint) AS a,
               CAST(sum(p) AS bigint) AS p
        FROM moves GROUP BY line
    ), locked AS MATERIALIZED (
        SELECT budget_line_id FROM budget_lines
        WHERE tenant_id = :tenant AND budget_line_id IN (SELECT line FROM moves)
        ORDER BY budget_line_id FOR UPDATE
    ), moved AS (
        UPDATE budget_lines AS b
        SET reserved_idr = b.reserved_idr + m.r, committed_idr = b.committed_idr + m.c,
            accepted_idr = b.accepted_idr + m.a, paid_idr = b.paid_idr + m.p,
            overcommitted = b.overcommitted AND b.ceiling_idr - b.blocked_idr
                < b.reserved_idr + b.committed_idr + b.accepted_idr + b.paid_idr + m.r + m.c + m.a + m.p
        FROM locked AS l JOIN totals AS m ON m.line = l.budget_line_id
        WHERE b.tenant_id = :tenant AND b.budget_line_id = l.budget_line_id
          AND b.reserved_idr + m.r >= 0 AND b.committed_idr + m.c >= 0
          AND b.accepted_idr + m.a >= 0 AND b.paid_idr + m.p >= 0
          AND (m.r + m.c + m.a + m.p <= 0 OR (NOT b.overcommitted
              AND b.reserved_idr + b.committed_idr + b.accepted_idr + b.paid_idr + m.r + m.c + m.a + m.p
                  <= b.ceiling_idr - b.blocked_idr))
        RETURNING b.budget_line_id
    ), noted AS (
        INSERT INTO budget_movements
            (tenant_id, budget_line_id, movement_key, order_id, step, reserved_idr, committed_idr, accepted_idr,
             paid_idr, occurred_at)
        SELECT :tenant, m.line, m.key, m.order_id, m.step, m.r, m.c, m.a, m.p, :at
        FROM moves AS m JOIN moved ON moved.budget_line_id = m.line
    )
"""
"""Common table expressions that move money; `moved` holds the lines on which it could be done."""
_MOVE = Statement(f"WITH {MOVES} SELECT budget_line_id FROM moved")  # noqa: S608 - a fixed fragment of this module


async def apply_movements(
    connection: AsyncConnection, tenant: TenantId, movements: Sequence[Movement], at: datetime
) -> None:
    """Apply all movements of one step.

    Raises:
        BudgetExceeded: A line has less room than is asked for.
        BudgetOvercommitted: A line's ceiling was lowered below its use.
        BudgetBucketNegative: More would leave a bucket than is in it.
    """
    if movements:
        moved = await fetch(connection, _MOVE, movement_values(tenant, movements, at))
        await check_moved(connection, tenant, movements, moved)


def movement_values(tenant: TenantId, movements: Sequence[Movement], at: datetime) -> dict[str, Any]:
    """Return the parameters of `MOVES`."""
    return {
        "tenant": tenant,
        "at": at,
        "lines": [move.budget_line_id for move in movements],
        "keys": [move.key for move in movements],
        "orders": [move.order_id for move in movements],
        "steps": [move.step for move in movements],
        "reserved": [move.reserved for move in movements],
        "committed": [move.committed for move in movements],
        "accepted": [move.accepted for move in movements],
        "paid": [move.paid for move in movements],
    }


async def check_moved(
    connection: AsyncConnection, tenant: TenantId, movements: Sequence[Movement], rows: Sequence[Any]
) -> None:
    """Refuse a step of which not every line is among the rows of `moved`; raises what `apply_movements` does."""
    moved = {str(row["budget_line_id"]) for row in rows}
    refused = [move for move in movements if move.budget_line_id not in moved]
    if refused:
        await _refuse(connection, tenant, refused)


async def _refuse(connection: AsyncConnection, tenant: TenantId, refused: Sequence[Movement]) -> None:
    """Let the domain say what is wrong with the lines that did not move; the transaction ends with it."""
    query = sa.select(budget_lines).where(
        budget_lines.c.tenant_id == tenant,
        budget_lines.c.budget_line_id.in_({move.budget_line_id for move in refused}),
    )
    lines = {row["budget_line_id"]: budget_line_of(row) for row in (await connection.execute(query)).mappings()}
    for move in refused:
        lines[move.budget_line_id] = lines[move.budget_line_id].apply(move)
    raise RuntimeError("the ledger refused what the domain allows")
