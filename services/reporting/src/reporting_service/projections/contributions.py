"""What one order adds to each roll-up. A newer version changes a roll-up by what it adds minus what the older added.

`ALL` stands for "every one" in a key: a report with or without a filter then reads one row per seller, not a sum over
every combination.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from reporting_service.facts.order import OrderFacts
from reporting_service.projections.spend_cells import spend_cells

ALL = ""

Key = tuple[str | int, ...]
Amounts = tuple[int, ...]
Contributions = Mapping[str, Mapping[Key, Amounts]]

VENDOR_SPEND = "vendor_spend"
MONTHLY_SPEND = "monthly_spend"
REGION_SPEND = "public_region_spend"
BUDGET_USAGE = "budget_usage"
OVERRIDE_COUNTS = "override_counts"


def contributions(facts: OrderFacts | None) -> Contributions:
    """Return per roll-up table and key what the order adds; nothing for an order not known before."""
    if facts is None:
        return {}
    return {
        VENDOR_SPEND: _vendor_spend(facts),
        MONTHLY_SPEND: _monthly_spend(facts),
        REGION_SPEND: _region_spend(facts),
        BUDGET_USAGE: _budget_usage(facts),
        OVERRIDE_COUNTS: _override_counts(facts),
    }


def difference(new: Contributions, old: Contributions) -> dict[str, dict[Key, Amounts]]:
    """Return new - old, without what did not change."""
    changes: dict[str, dict[Key, Amounts]] = {}
    for table in new.keys() | old.keys():
        added, removed = new.get(table, {}), old.get(table, {})
        for key in added.keys() | removed.keys():
            plus, minus = added.get(key), removed.get(key)
            width = len(plus or minus or ())
            change = tuple((plus[i] if plus else 0) - (minus[i] if minus else 0) for i in range(width))
            if any(change):
                changes.setdefault(table, {})[key] = change
    return changes


def merge(into: dict[str, dict[Key, Amounts]], changes: Contributions) -> None:
    """Add changes of one aggregate to those of the batch."""
    for table, rows in changes.items():
        sums = into.setdefault(table, {})
        for key, amounts in rows.items():
            present = sums.get(key)
            sums[key] = tuple(a + b for a, b in zip(present, amounts, strict=True)) if present else amounts


def _vendor_spend(facts: OrderFacts) -> dict[Key, Amounts]:
    values: dict[Key, int] = defaultdict(int)
    for cell in spend_cells(facts):
        for holder, category in _slices(facts.budget_holder_id, cell.category_code):
            values[cell.fiscal_year, holder, category, facts.seller.vendor_id] += cell.value_idr
    return {key: (value, 1) for key, value in values.items()}


def _monthly_spend(facts: OrderFacts) -> dict[Key, Amounts]:
    values: dict[Key, int] = defaultdict(int)
    for cell in spend_cells(facts):
        for holder, category in _slices(facts.budget_holder_id, cell.category_code):
            values[cell.fiscal_year, cell.month.isoformat(), holder, category] += cell.value_idr
    return {key: (value, 1) for key, value in values.items()}


def _region_spend(facts: OrderFacts) -> dict[Key, Amounts]:
    values: dict[Key, int] = defaultdict(int)
    for cell in spend_cells(facts):
        values[cell.fiscal_year,] += cell.value_idr
    return {key: (value, 1) for key, value in values.items()}


def _slices(holder: str, category: str) -> Iterator[tuple[str, str]]:
    yield from {(holder, category), (holder, ALL), (ALL, category), (ALL, ALL)}


def _budget_usage(facts: OrderFacts) -> dict[Key, Amounts]:
    usage: dict[Key, Amounts] = {}
    for use in facts.uses:
        amounts = (use.reserved_idr, use.committed_idr, use.accepted_idr, use.paid_idr)
        present = usage.get((use.budget_line_id,), (0, 0, 0, 0))
        usage[use.budget_line_id,] = tuple(a + b for a, b in zip(present, amounts, strict=True))
    return usage


def _override_counts(facts: OrderFacts) -> dict[Key, Amounts]:
    """Count signed orders, and of these the overridden ones with their reason and flags, per budget holder."""
    if not facts.is_public:
        return {}
    kinds = [("signed", ALL)]
    if facts.override_reason:
        kinds += [("overridden", ALL), ("reason", facts.override_reason)]
    kinds += [("flag", flag) for flag in facts.flags]
    return {(facts.fiscal_year, facts.budget_holder_id, kind, name): (1,) for kind, name in kinds}
