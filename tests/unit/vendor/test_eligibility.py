"""Every reason why a business may not take an order, and the edges of each."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from vendor_service.application.eligibility import Candidate, Question, reasons_against
from vendor_service.domain.profile import Band
from vendor_service.domain.sanctions.restraint import Restraint
from vendor_service.domain.standing import Standing

TODAY = date(2026, 3, 2)
GOOD = Candidate(Standing.OK, Band.A)
SMALL = Question(1, TODAY)


def test_a_business_nobody_knows_may_not():
    assert reasons_against(None, SMALL) == ["VENDOR_UNKNOWN"]


@pytest.mark.parametrize(
    ("band", "value_idr", "expected"),
    [
        (None, 1, ["VENDOR_NOT_VERIFIED"]),
        (Band.A, 10_000_000, []),
        (Band.A, 10_000_001, ["BAND_TOO_LOW"]),
        (Band.B, 50_000_000, []),
        (Band.B, 50_000_001, ["BAND_TOO_LOW"]),
        (Band.C, 10**12, []),
    ],
)
def test_a_band_reaches_to_its_limit(band, value_idr, expected):
    assert reasons_against(replace(GOOD, band=band), Question(value_idr, TODAY)) == expected


@pytest.mark.parametrize("standing", [one for one in Standing if one is not Standing.OK])
def test_only_ok_receives_new_orders(standing):
    assert reasons_against(replace(GOOD, standing=standing), SMALL) == [f"VENDOR_{standing.upper()}"]


def test_a_sanction_of_the_day_counts_before_the_standing_follows():
    until = date(2026, 4, 1)
    assert reasons_against(replace(GOOD, restraint=Restraint(until)), SMALL) == ["VENDOR_SUSPENDED"]
    listed = replace(GOOD, standing=Standing.SUSPENDED, restraint=Restraint(until, blacklisted=True))
    assert reasons_against(listed, SMALL) == ["VENDOR_BLACKLISTED"]


def test_a_verification_counts_ninety_days_longer():
    last = replace(GOOD, verified_until=TODAY - timedelta(days=90))
    assert reasons_against(last, SMALL) == []
    assert reasons_against(last, Question(1, TODAY + timedelta(days=1))) == ["VERIFICATION_EXPIRED"]


def test_a_category_for_producers_asks_for_a_visit():
    question = Question(1, TODAY, category_code="craft.besek", must_be_producer=True)
    assert reasons_against(GOOD, question) == ["MUST_BE_PRODUCER"]
    assert reasons_against(replace(GOOD, is_producer=True), question) == []


def test_all_reasons_are_named_at_once():
    bad = Candidate(Standing.DORMANT, None, conflict_of_interest=True, verified_until=date(2020, 1, 1), is_guest=False)
    assert reasons_against(bad, replace(SMALL, must_be_producer=True)) == [
        "VENDOR_DORMANT", "VENDOR_NOT_VERIFIED", "VERIFICATION_EXPIRED", "CONFLICT_OF_INTEREST", "MUST_BE_PRODUCER",
        "NOT_A_GUEST",
    ]  # fmt: skip
