"""How one order's spend is spread over fiscal year, month and category, to the rupiah.

Spend is `accepted + paid` over the order's budget lines (domain.md 6.2). The years come from those lines, the months
from the BASTs, the categories from the quantities accepted. Each of the three says how the same sum divides, so the
cells are filled along the three lists at once: every margin stays exact and no rupiah is rounded away.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from reporting_service.facts.order import OrderFacts


@dataclass(frozen=True, slots=True)
class SpendCell:
    """One piece of an order's spend; `month` is the first day of the month of the BAST."""

    fiscal_year: int
    month: date
    category_code: str
    value_idr: int


def spend_cells(facts: OrderFacts) -> list[SpendCell]:
    """Return the cells of one order; their sum is the order's spend."""
    total = facts.spent_idr
    if total <= 0:
        return []
    lists = [
        sorted(_merged((str(use.fiscal_year), use.spent_idr) for use in facts.uses).items()),
        sorted(_scaled(_months(facts), total).items()),
        sorted(_scaled(_categories(facts), total).items()),
    ]
    cells: list[SpendCell] = []
    positions, left = [0, 0, 0], [items[0][1] for items in lists]
    while total > 0:
        step = min(left)
        year, month, category = (items[position][0] for items, position in zip(lists, positions, strict=True))
        cells.append(SpendCell(int(year), date.fromisoformat(month), category, step))
        total -= step
        for index, items in enumerate(lists):
            left[index] -= step
            if left[index] == 0 and total > 0:
                positions[index] += 1
                left[index] = items[positions[index]][1]
    return cells


def _months(facts: OrderFacts) -> dict[str, int]:
    months = _merged((handover.on.replace(day=1).isoformat(), handover.value_idr) for handover in facts.handovers)
    if months:
        return months
    # Money was accepted and the event holds no BAST of it: the day of the event stands in.
    return {facts.occurred_at.date().replace(day=1).isoformat(): 1}


def _categories(facts: OrderFacts) -> dict[str, int]:
    accepted = _merged((line.category_code, line.quantity_accepted * line.unit_price_idr) for line in facts.lines)
    return accepted or _merged((line.category_code, line.amount_idr) for line in facts.lines) or {"": 1}


def _merged(parts: Iterable[tuple[str, int]]) -> dict[str, int]:
    merged: dict[str, int] = {}
    for key, value in parts:
        if value > 0:
            merged[key] = merged.get(key, 0) + value
    return merged


def _scaled(weights: dict[str, int], total: int) -> dict[str, int]:
    """Divide the total by the weights: floors first, what is left to the last key, as the last BAST takes the rest."""
    whole = sum(weights.values())
    if whole == total:
        return weights
    keys = sorted(weights)
    shares = {key: total * weights[key] // whole for key in keys}
    shares[keys[-1]] += total - sum(shares.values())
    return {key: value for key, value in shares.items() if value}
