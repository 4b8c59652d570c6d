"""What is reported against each budget line, and which orders it consists of: the reconciliation with the ledger."""

from dataclasses import dataclass

from bela_kit.core.errors import Kind, ServiceError

from reporting_service.application.ports import BudgetLineRow, Reports
from reporting_service.application.stamp import Asker, Stamped, stamped


class BudgetLineUnknown(ServiceError):
    """No such budget line in this region."""

    kind = Kind.NOT_FOUND
    reason = "BUDGET_LINE_UNKNOWN"

    def __init__(self) -> None:
        super().__init__("Baris anggaran tidak ditemukan.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedBudgetLine:
    """One budget line. `reported_idr` = accepted + paid; reserved and committed are null for the public."""

    budget_line_id: str
    fiscal_year: int
    unit_id: str
    unit_name: str
    account_code: str
    sub_activity_code: str
    title: str
    fund_source: str
    ceiling_idr: int
    blocked_idr: int
    reserved_idr: int | None
    committed_idr: int | None
    accepted_idr: int
    paid_idr: int
    reported_idr: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetLinesReport(Stamped):
    """Budget lines of a year; totals are those of this page."""

    year: int
    ceiling_idr: int
    reported_idr: int
    lines: list[ReportedBudgetLine]
    next_page_token: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderOnLine:
    """What one order put on the line."""

    order_id: str
    state: str
    accepted_idr: int
    paid_idr: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation(Stamped):
    """A line beside the orders behind it. `difference_idr` is 0 unless a projection is wrong."""

    line: ReportedBudgetLine
    orders: list[OrderOnLine]
    orders_sum_idr: int
    difference_idr: int


async def budget_lines(
    asker: Asker, year: int, unit: str, *, size: int, after: str, reports: Reports
) -> BudgetLinesReport:
    """Return a page of budget lines; the token is the last id, for the edge to encode."""
    rows = await reports.budget_lines(asker.tenant, year, unit, size + 1, after)
    lines = [_view(row, asker.member) for row in rows[:size]]
    return BudgetLinesReport(
        **await stamped(asker, reports),  # type: ignore[arg-type]
        year=year,
        ceiling_idr=sum(line.ceiling_idr for line in lines),
        reported_idr=sum(line.reported_idr for line in lines),
        lines=lines,
        next_page_token=lines[-1].budget_line_id if len(rows) > size else None,
    )


async def reconcile(asker: Asker, line_id: str, *, reports: Reports) -> Reconciliation:
    """Return one line with the orders that make up its reported spend.

    Raises:
        BudgetLineUnknown: No such line here.
    """
    found = await reports.budget_line(asker.tenant, line_id)
    if found is None:
        raise BudgetLineUnknown
    line = _view(found[0], asker.member)
    orders = [
        OrderOnLine(order_id=row.order_id, state=row.state, accepted_idr=row.accepted_idr, paid_idr=row.paid_idr)
        for row in found[1]
    ]
    total = sum(order.accepted_idr + order.paid_idr for order in orders)
    return Reconciliation(
        **await stamped(asker, reports),  # type: ignore[arg-type]
        line=line,
        orders=orders,
        orders_sum_idr=total,
        difference_idr=line.reported_idr - total,
    )


def _view(row: BudgetLineRow, member: bool) -> ReportedBudgetLine:
    return ReportedBudgetLine(
        budget_line_id=row.budget_line_id,
        fiscal_year=row.fiscal_year,
        unit_id=row.unit_id,
        unit_name=row.unit_name,
        account_code=row.account_code,
        sub_activity_code=row.sub_activity_code,
        title=row.title,
        fund_source=row.fund_source,
        ceiling_idr=row.ceiling_idr,
        blocked_idr=row.blocked_idr,
        reserved_idr=row.reserved_idr if member else None,
        committed_idr=row.committed_idr if member else None,
        accepted_idr=row.accepted_idr,
        paid_idr=row.paid_idr,
        reported_idr=row.accepted_idr + row.paid_idr,
    )
