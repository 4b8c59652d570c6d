"""The papers of a sanction: which act follows which, and what several of them amount to on a day."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from bela_kit.core.actor import Actor
from vendor_service.domain.sanctions.errors import (
    AppealNotOpen,
    SanctionInvalid,
    SanctionNotInState,
    SanctionSelfDecided,
)
from vendor_service.domain.sanctions.restraint import Restraint
from vendor_service.domain.sanctions.sanction import (
    NOT_LISTED,
    AppealResult,
    Basis,
    Sanction,
    SanctionKind,
    SanctionState,
    restraint_of,
)
from vendor_service.domain.vendor import Moment

FIRST, LAST = date(2026, 3, 2), date(2026, 4, 1)
BASIS = Basis("900/17", "Dinas", "Tidak mengirim")


def by(principal: str = "lpse.3510", role: str = "lpse_admin") -> Moment:
    return Moment(Actor(principal, role), datetime(2026, 3, 2, 2, 0, tzinfo=UTC), FIRST)


def proposed(first: date = FIRST, last: date = LAST, kind: SanctionKind = SanctionKind.SUSPENSION) -> Sanction:
    return Sanction.propose(UUID(int=1), UUID(int=7), kind, (first, last), BASIS, by("ppk.3510", "ppk"))


def imposed(first: date = FIRST, last: date = LAST, kind: SanctionKind = SanctionKind.SUSPENSION) -> Sanction:
    made = proposed(first, last, kind)
    made.impose(by())
    return made


def test_days_are_inclusive_on_both_ends_and_a_proposal_restrains_nobody():
    made = imposed()
    days = [date(2026, 3, 1), FIRST, LAST, date(2026, 4, 2)]
    assert [made.in_force(day) for day in days] == [False, True, True, False]
    assert not proposed().in_force(FIRST)


@pytest.mark.parametrize(("first", "last"), [(LAST, FIRST), (FIRST, date(2031, 3, 10))])
def test_days_that_no_sanction_has_are_refused(first, last):
    with pytest.raises(SanctionInvalid):
        proposed(first, last)


def test_one_day_is_enough_and_five_years_are_not_too_long():
    assert proposed(FIRST, FIRST).valid_to == FIRST
    assert proposed(FIRST, date(2031, 3, 1)).valid_to.year == 2031


def test_who_proposed_decides_nothing_and_a_decision_is_made_once():
    made = proposed()
    for act in (made.impose, made.refuse):
        with pytest.raises(SanctionSelfDecided):
            act(by("ppk.3510"), "x")
    made.refuse(by(), "tidak cukup bukti")
    with pytest.raises(SanctionNotInState):
        made.impose(by())


def test_an_appeal_waits_for_one_decision_and_upheld_it_lifts():
    made = imposed()
    with pytest.raises(AppealNotOpen):
        made.decide_appeal(by(), AppealResult.UPHELD, "SK/9")
    made.file_appeal(by("seller", "vendor_owner"), "1", "alasan")
    with pytest.raises(AppealNotOpen):
        made.file_appeal(by("seller", "vendor_owner"), "2", "alasan")
    made.decide_appeal(by(), AppealResult.REJECTED, "SK/9")
    assert made.in_force(FIRST)
    made.file_appeal(by("seller", "vendor_owner"), "2", "bukti baru")
    made.decide_appeal(by(), AppealResult.UPHELD, "SK/10")
    assert (made.state, made.in_force(FIRST)) == (SanctionState.LIFTED, False)


def test_several_sanctions_last_as_long_as_the_longest_and_are_as_hard_as_the_hardest():
    short = imposed(FIRST, date(2026, 3, 10), SanctionKind.BLACKLIST)
    both = [short, imposed()]
    assert restraint_of(both, FIRST) == Restraint(LAST, blacklisted=True)
    assert restraint_of(both, date(2026, 3, 11)) == Restraint(LAST, blacklisted=False)
    assert restraint_of(both, date(2026, 5, 1)) is None


def test_a_sanction_follows_a_merge_and_comes_back_from_it():
    made = imposed()
    made.move_to(UUID(int=8))
    made.move_to(UUID(int=9))
    assert (made.vendor_id, made.moved_from) == (UUID(int=9), UUID(int=7))
    made.move_back()
    assert (made.vendor_id, made.moved_from) == (UUID(int=7), None)


def test_an_entry_listed_again_counts_again_unless_a_letter_lifted_it():
    period = (FIRST, LAST)
    made = Sanction.from_entry(UUID(int=1), UUID(int=7), b"key", period, BASIS, by("svc:vendor", "system"))
    assert not made.reinstate(period)
    assert made.reinstate((FIRST, date(2026, 5, 1)))
    made.lift(by("svc:vendor", "system"), "Daftar", NOT_LISTED)
    assert made.reinstate(period)
    assert made.in_force(LAST)
    made.lift(by(), "Putusan PTUN", "Dibatalkan")
    assert not made.reinstate(period)
