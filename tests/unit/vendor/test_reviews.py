"""Deadlines, reviews and ways of the standing, without a database."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

import pytest
from bela_kit.core.actor import Actor
from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import TenantId
from vendor_service.domain.errors import StandingNotAllowed, StandingRoleMissing
from vendor_service.domain.reviews.calendar import WorkingWeek
from vendor_service.domain.reviews.errors import HeadDecides, NoteMissing, ReviewClosed, ReviewCoolingOff
from vendor_service.domain.reviews.periods import (
    grace_ends_on,
    months_later,
    reminders_due,
    verification_ends_on,
)
from vendor_service.domain.reviews.refusals import SENTENCES, RefusalCode
from vendor_service.domain.reviews.review import Review, ReviewKind, ReviewState
from vendor_service.domain.standing import Standing, check_way
from vendor_service.domain.vendor import Moment

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def moment(role: str = "koperindag_officer", now: datetime = NOW) -> Moment:
    return Moment(Actor("somebody.3510", role), now, now.date())


def review(kind: ReviewKind = ReviewKind.STANDING, **changes) -> Review:
    return Review(TenantId("3510"), new_id(), new_id(), kind, "REQUESTED", moment().actor, NOW, **changes)


def test_working_days_leave_out_weekends_and_holidays():
    week = WorkingWeek(5, frozenset({date(2026, 12, 24), date(2026, 12, 25)}))
    assert week.later(date(2026, 11, 20), 3) == date(2026, 11, 25)
    assert week.later(date(2026, 12, 23), 3) == date(2026, 12, 30)
    assert WorkingWeek(6).later(date(2026, 11, 20), 1) == date(2026, 11, 21)


def test_months_end_where_the_month_ends():
    assert months_later(date(2024, 2, 29), 24) == date(2026, 2, 28)
    assert months_later(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_later(date(2026, 3, 15), -12) == date(2025, 3, 15)


def test_verifications_of_one_day_end_spread_over_a_year():
    day = date(2026, 3, 2)
    ends = [verification_ends_on(day, uuid5(UUID(int=3), str(number))) for number in range(5000)]
    middle = date(2028, 3, 2)
    assert min(ends) >= middle - timedelta(days=182)
    assert max(ends) <= middle + timedelta(days=182)
    by_month: dict[tuple[int, int], int] = {}
    for end in ends:
        by_month[end.year, end.month] = by_month.get((end.year, end.month), 0) + 1
    whole = [count for month, count in by_month.items() if month not in {(2027, 9), (2028, 8)}]
    assert max(whole) < 1.4 * min(whole)
    assert verification_ends_on(day, UUID(int=7)) == verification_ends_on(day, UUID(int=7))


def test_the_grace_lasts_ninety_days_and_reminds_four_times():
    until = date(2028, 1, 10)
    assert grace_ends_on(until) == date(2028, 4, 9)
    days = (-1, 0, 29, 30, 60, 82, 83, 90)
    assert [reminders_due(until, until + timedelta(days=day)) for day in days] == [0, 1, 1, 2, 3, 3, 4, 4]


@pytest.mark.parametrize(
    ("start", "end", "roles"),
    [
        ("ok", "in_review", {"koperindag_officer", "koperindag_head", "system"}),
        ("in_review", "ok", {"koperindag_officer", "koperindag_head", "system"}),
        ("in_review", "suspended", {"lpse_admin", "system"}),
        ("in_review", "closed", {"koperindag_officer", "koperindag_head", "vendor_owner", "coop_manager"}),
        ("ok", "suspended", {"lpse_admin", "system"}),
        ("dormant", "suspended", {"lpse_admin", "system"}),
        ("suspended", "ok", {"lpse_admin", "system"}),
        ("suspended", "in_review", {"lpse_admin", "system"}),
        ("ok", "dormant", {"vendor_owner", "coop_manager", "system"}),
        ("dormant", "ok", {"vendor_owner", "coop_manager"}),
        ("ok", "closed", {"koperindag_officer", "koperindag_head", "vendor_owner", "coop_manager"}),
        ("dormant", "closed", {"koperindag_officer", "koperindag_head", "vendor_owner", "coop_manager", "system"}),
        ("suspended", "closed", {"koperindag_officer", "koperindag_head", "vendor_owner", "coop_manager"}),
        ("closed", "in_review", {"koperindag_officer", "koperindag_head"}),
        ("closed", "ok", set()),
        ("dormant", "in_review", set()),
        ("suspended", "dormant", set()),
        ("ok", "merged", set()),
        ("merged", "ok", set()),
    ],
)
def test_the_table_of_standings(start, end, roles):
    everybody = {
        "koperindag_officer",
        "koperindag_head",
        "lpse_admin",
        "vendor_owner",
        "vendor_staff",
        "coop_manager",
        "system",
        "auditor",
        "ppk",
    }
    for role in everybody:
        if role in roles:
            check_way(Standing(start), Standing(end), role)
            continue
        with pytest.raises((StandingNotAllowed, StandingRoleMissing)):
            check_way(Standing(start), Standing(end), role)


def test_a_review_is_decided_once():
    found = review()
    found.pass_(moment())
    assert (found.state, found.decided_by) == (ReviewState.PASSED, moment().actor)
    for act in (lambda: found.pass_(moment()), lambda: found.withdraw(moment()), lambda: found.escalate(NOW.date())):
        with pytest.raises(ReviewClosed):
            act()


def test_a_changed_account_cools_off_for_everybody():
    found = review(ReviewKind.BANK, not_before=NOW + timedelta(hours=24))
    for role in ("koperindag_officer", "koperindag_head"):
        with pytest.raises(ReviewCoolingOff):
            found.pass_(moment(role, NOW + timedelta(hours=23, minutes=59)))
    found.pass_(moment(now=NOW + timedelta(hours=24)))
    assert found.state is ReviewState.PASSED


def test_after_escalation_only_the_head_decides():
    found = review()
    assert found.escalate(NOW.date())
    assert not found.escalate(NOW.date())
    with pytest.raises(HeadDecides):
        found.refuse(moment(), [RefusalCode.BUSINESS_NOT_FOUND], "")
    found.refuse(moment("koperindag_head"), [RefusalCode.BUSINESS_NOT_FOUND] * 2, "")
    assert found.refusal_codes == (RefusalCode.BUSINESS_NOT_FOUND,)


def test_other_needs_a_word():
    with pytest.raises(NoteMissing):
        review().refuse(moment(), [RefusalCode.OTHER], " ")
    assert set(SENTENCES) == set(RefusalCode)
