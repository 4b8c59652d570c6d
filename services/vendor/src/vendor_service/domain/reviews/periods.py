"""How long things last that nobody ends by hand (domain.md 2.4): reviews, verifications, pauses, held payouts."""

import hashlib
from calendar import monthrange
from datetime import date, timedelta
from uuid import UUID

REVIEW_WORKING_DAYS = 10
"""The department's time to decide about a business in review."""
HEAD_WORKING_DAYS = 5
"""The time of the department's head after that; then the business goes back to `ok` with its old band."""

VERIFICATION_MONTHS = 24
SPREAD_DAYS = 182
"""Verifications end up to six months earlier or later, so that a campaign is not followed by a storm of renewals."""
GRACE_DAYS = 90
REMINDER_DAYS = (0, 30, 60, 83)
"""Days of grace on which a seller is reminded."""

PAYOUT_COOL_OFF = timedelta(hours=24)

IDLE_MONTHS = 12
DORMANT_MONTHS = 24
LAPSES_ALLOWED = 1
LAPSE_WINDOW_DAYS = 90


def months_later(day: date, months: int) -> date:
    """Return the same day of another month, or its last day if it has no such day; months may be negative."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def verification_ends_on(verified_on: date, vendor_id: UUID) -> date:
    """Return the day from which a verification needs renewal: 24 months later, spread by a hash of the id."""
    number = int.from_bytes(hashlib.sha256(vendor_id.bytes).digest()[:8], "big")
    return months_later(verified_on, VERIFICATION_MONTHS) + timedelta(days=number % (2 * SPREAD_DAYS + 1) - SPREAD_DAYS)


def grace_ends_on(verified_until: date) -> date:
    """Return the last day on which a business with an ended verification still receives orders."""
    return verified_until + timedelta(days=GRACE_DAYS)


def reminders_due(verified_until: date, today: date) -> int:
    """Return how many reminders a seller should have had by today."""
    passed = (today - verified_until).days
    return sum(1 for day in REMINDER_DAYS if day <= passed)
