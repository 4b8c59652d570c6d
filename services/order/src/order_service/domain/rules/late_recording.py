"""Late recording ("catat susulan"): a purchase made by call or on the spot and entered afterwards (domain.md 7.2)."""

from datetime import date
from fractions import Fraction

from order_service.domain.errors import LateRecordingRefused
from order_service.domain.money import rupiah
from order_service.domain.rules.policy_rule import PolicyBook

ALWAYS_ALLOWED = 3


def check_late_recording(
    *,
    bought_on: date,
    today: date,
    total: int,
    has_receipt_photo: bool,
    orders_this_month: int,
    late_this_month: int,
    policy: PolicyBook,
) -> None:
    """Refuse a late recording that is too old, too large, without photo, or one too many this month.

    Args:
        bought_on: Local day of the purchase.
        today: Local day of the entry.
        total: Gross value.
        has_receipt_photo: Whether the photo of the nota is attached.
        orders_this_month: All orders of the budget holder this month, this one included.
        late_this_month: Late recordings among them before this one.
        policy: The region's rules.
    """
    days = policy.required_amount("late_record.days", today)
    if not 0 <= (today - bought_on).days <= days:
        raise LateRecordingRefused(f"Catat susulan paling lambat {days} hari setelah pembelian.")
    limit = policy.required_amount("form.nota.max", today)
    if total > limit:
        raise LateRecordingRefused(f"Catat susulan paling banyak {rupiah(limit)}.")
    if not has_receipt_photo:
        raise LateRecordingRefused("Catat susulan memerlukan foto nota.")
    share = policy.share("late_record.max_share", today, Fraction(1, 5))
    allowed = max(ALWAYS_ALLOWED, int(share * orders_this_month))
    if late_this_month >= allowed:
        raise LateRecordingRefused(f"Catat susulan bulan ini sudah mencapai {allowed} pesanan.")
