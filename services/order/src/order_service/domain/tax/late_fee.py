"""The late fee: one per mille a day of what was not delivered in time, before PPN, up to a cap (domain.md 7.2)."""

from fractions import Fraction

PER_DAY = Fraction(1, 1000)
CAP = Fraction(5, 100)


def late_fee(undelivered_net: int, days_late: int, *, per_day: Fraction = PER_DAY, cap: Fraction = CAP) -> int:
    """Compute the fee, rounded down; days caused by the buyer must be taken off before.

    Args:
        undelivered_net: Net value not delivered on the due date.
        days_late: Days after it.
        per_day: Share a day.
        cap: Greatest share in all.
    """
    days = max(0, days_late)
    share = min(per_day * days, cap)
    return undelivered_net * share.numerator // share.denominator
