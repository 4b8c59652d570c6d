"""How long sellers wait for their money: days from BAST to payment, per budget holder (domain.md 10.7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reporting_service.application.ports import ClockRow, Reports, Slice
from reporting_service.application.stamp import Asker, SlicedReport, sliced

FEWEST_RANKED_ORDERS = 10
"""A budget holder with fewer orders is shown, and not ranked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockLine:
    """One budget holder: paid handovers with their median and 90th percentile, and what still waits."""

    unit_id: str
    name: str
    orders: int
    handovers: int
    paid: int
    median_days: float | None
    p90_days: int | None
    unpaid: int
    oldest_unpaid_days: int | None
    rank: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentClockReport(SlicedReport):
    """The payment clock, fastest first; ranks only from ten orders on."""

    total: ClockLine
    units: list[ClockLine]


async def payment_clock(asker: Asker, part: Slice, *, reports: Reports) -> PaymentClockReport:
    """Return the payment clock of a slice."""
    rows = await reports.payment_clock(asker.tenant, part)
    nothing = ClockRow("", "", 0, 0, None, None, 0, None, 0)
    total = next((row for row in rows if not row.unit_id), nothing)
    return PaymentClockReport(
        **await sliced(asker, part, reports),  # type: ignore[arg-type]
        total=_line(total, asker.today, None),
        units=ranked([row for row in rows if row.unit_id], asker.today),
    )


def ranked(rows: Sequence[ClockRow], today: date) -> list[ClockLine]:
    """Return the lines, those that may be ranked first, equal medians under one rank."""
    fit = sorted(
        (row for row in rows if row.orders >= FEWEST_RANKED_ORDERS and row.median_days is not None),
        key=lambda row: (row.median_days, row.p90_days, row.unit_id),
    )
    rest = sorted((row for row in rows if row not in fit), key=lambda row: (row.name, row.unit_id))
    medians = [row.median_days for row in fit]
    return [
        *(_line(row, today, medians.index(row.median_days) + 1) for row in fit),
        *(_line(row, today, None) for row in rest),
    ]


def _line(row: ClockRow, today: date, rank: int | None) -> ClockLine:
    oldest = row.oldest_unpaid_on
    return ClockLine(
        unit_id=row.unit_id,
        name=row.name,
        orders=row.orders,
        handovers=row.handovers,
        paid=row.paid,
        median_days=row.median_days,
        p90_days=row.p90_days,
        unpaid=row.unpaid,
        oldest_unpaid_days=(today - oldest).days if oldest is not None else None,
        rank=rank,
    )
