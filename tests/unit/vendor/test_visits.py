"""A visit as it arrives from a phone: what is believed, what is refused, what it may prove."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from bela_kit.core.tenancy import TenantId
from vendor_service.domain.evidence.evidence import Evidence, EvidenceState
from vendor_service.domain.visits.visit import (
    FieldVisit,
    Point,
    VisitOutcome,
    VisitPurpose,
    faults_of,
    photo_faults,
)

NOW = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
PHOTO = uuid4()
VISIT = FieldVisit(
    visit_id=uuid4(),
    vendor_id=uuid4(),
    officer="officer.3510",
    visited_at=NOW - timedelta(days=2),
    purposes=(VisitPurpose.LOCATION,),
    outcome=VisitOutcome.FOUND,
    point=Point(Decimal("-8.4321"), Decimal("114.3321"), 12),
    photo_ids=(PHOTO,),
)


def reasons(**changes) -> list[tuple[str, str]]:
    return [(one.field, one.reason) for one in faults_of(replace(VISIT, **changes), NOW)]


def test_a_visit_as_it_should_be_passes() -> None:
    assert reasons() == []


@pytest.mark.parametrize(
    ("back", "found"),
    [
        (timedelta(days=90), []),
        (timedelta(days=90, seconds=1), [("visited_at", "TOO_OLD")]),
        (timedelta(minutes=-10), []),
        (timedelta(minutes=-10, seconds=-1), [("visited_at", "IN_FUTURE")]),
    ],
)
def test_the_clock_of_a_phone_is_believed_within_bounds(back: timedelta, found: list[tuple[str, str]]) -> None:
    assert reasons(visited_at=NOW - back) == found


def test_the_first_and_last_instants_there_are_do_not_trip_it() -> None:
    assert reasons(visited_at=datetime.min.replace(tzinfo=UTC)) == [("visited_at", "TOO_OLD")]
    assert reasons(visited_at=datetime.max.replace(tzinfo=UTC)) == [("visited_at", "IN_FUTURE")]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"point": Point(Decimal(0), Decimal(0))}, ("location", "OUTSIDE_INDONESIA")),
        ({"point": Point(Decimal("-8.4"), Decimal("14.3"))}, ("location", "OUTSIDE_INDONESIA")),
        ({"findings": "x" * 2001}, ("findings", "TOO_LONG")),
        ({"photo_ids": tuple(uuid4() for _ in range(11))}, ("photo_ids", "TOO_MANY")),
        ({"purposes": ()}, ("purposes", "REQUIRED")),
        ({"capacity_seen": 40}, ("capacity_unit", "REQUIRED")),
        ({"capacity_unit": "kotak"}, ("capacity_unit", "REQUIRED")),
        ({"purposes": (VisitPurpose.PRODUCER,)}, ("makes_goods", "REQUIRED")),
    ],
)
def test_each_fault_is_named(changes: dict, found: tuple[str, str]) -> None:
    assert reasons(**changes) == [found]


def test_nobody_at_home_shows_nothing_of_the_production() -> None:
    assert reasons(purposes=(VisitPurpose.PRODUCER,), outcome=VisitOutcome.NOBODY_HOME) == []


def file(**changes) -> Evidence:
    values = {
        "tenant": TenantId("3510"),
        "evidence_id": PHOTO,
        "file_key": "k",
        "media_type": "image/jpeg",
        "size_bytes": 1,
        "sha256": "",
        "uploaded_by": "officer.3510",
        "uploaded_role": "koperindag_officer",
        "uploaded_at": NOW,
        "key_version": 1,
    }
    return Evidence(**{**values, **changes})


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (file(), None),
        (file(vendor_id=VISIT.vendor_id), None),
        (None, "EVIDENCE_UNKNOWN"),
        (file(vendor_id=uuid4()), "EVIDENCE_UNKNOWN"),
        (file(state=EvidenceState.DOOMED), "EVIDENCE_UNKNOWN"),
        (file(media_type="application/pdf"), "NOT_A_PHOTO"),
    ],
)
def test_a_photo_is_there_is_of_this_business_and_is_a_photo(found: Evidence | None, reason: str | None) -> None:
    files: dict[UUID, Evidence] = {} if found is None else {PHOTO: found}
    assert [one.reason for one in photo_faults(VISIT, files)] == ([] if reason is None else [reason])


@pytest.mark.parametrize(
    ("changes", "location", "production"),
    [
        ({}, True, False),
        ({"makes_goods": True}, True, True),
        ({"makes_goods": False}, True, False),
        ({"makes_goods": True, "photo_ids": ()}, False, False),
        ({"makes_goods": True, "point": None}, False, False),
        ({"makes_goods": True, "outcome": VisitOutcome.MOVED}, False, False),
    ],
)
def test_what_a_visit_may_prove(changes: dict, location: bool, production: bool) -> None:
    visit = replace(VISIT, **changes)
    assert (visit.proves_location, visit.proves_production) == (location, production)


def test_a_visit_is_stored_in_one_form() -> None:
    sent = replace(VISIT, findings="  KTP 3510165708850001 \n", purposes=(VisitPurpose.PRODUCER, *VISIT.purposes * 2))
    stored = sent.cleaned()
    assert stored.findings == "KTP 3510********0001"
    assert stored.purposes == (VisitPurpose.LOCATION, VisitPurpose.PRODUCER)
    assert stored.cleaned() == stored
