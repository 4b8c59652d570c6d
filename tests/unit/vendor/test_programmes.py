"""Programmes and attendance lists: what is refused, what stays, what a remark may hold."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from vendor_service.domain.personal_data.free_text import mask_numbers_in
from vendor_service.domain.programmes.errors import (
    ProgrammeInvalid,
    SessionCancelled,
    SessionNotHeldYet,
    SessionOver,
)
from vendor_service.domain.programmes.participation import Known, Mark, Participation, judge
from vendor_service.domain.programmes.programme import (
    Organiser,
    OrganiserKind,
    Programme,
    ProgrammeKind,
    Session,
    check_programme,
    check_session,
)
from vendor_service.domain.programmes.result import Result

PROGRAMME = Programme(
    programme_id=uuid4(),
    name="Wirausaha Baru",
    kind=ProgrammeKind.TRAINING,
    organiser=Organiser(OrganiserKind.PARTNER, "Komunitas OKE OCE"),
    starts_on=date(2026, 3, 1),
    ends_on=date(2026, 6, 30),
    target_count=300,
    district_codes=("351005",),
)
SESSION = Session(uuid4(), PROGRAMME.programme_id, date(2026, 3, 2), "Balai Desa", "Kemasan", "Rina", 40)


def faults(programme: Programme) -> list[tuple[str, str]]:
    with pytest.raises(ProgrammeInvalid) as refused:
        check_programme(programme, {"351005", "351006"})
    return [(one.field, one.reason) for one in refused.value.fields]


def test_a_programme_as_it_should_be_passes() -> None:
    check_programme(PROGRAMME, {"351005"})
    check_programme(replace(PROGRAMME, district_codes=()), set())


def test_a_programme_names_every_fault_at_once() -> None:
    wrong = replace(
        PROGRAMME,
        ends_on=date(2026, 2, 28),
        district_codes=("351005", "131105"),
        organiser=Organiser(OrganiserKind.PARTNER, "Komunitas", "unit-1"),
    )
    assert faults(wrong) == [
        ("ends_on", "BEFORE_START"),
        ("district_codes[1]", "AREA_UNKNOWN"),
        ("organiser.unit_id", "NOT_AN_OPD"),
    ]
    assert faults(replace(PROGRAMME, ends_on=date(2062, 6, 30))) == [("ends_on", "TOO_LONG")]


@pytest.mark.parametrize(("day", "good"), [(1, True), (28, True)])
def test_a_session_lies_within_its_programme(day: int, good: bool) -> None:
    check_session(replace(SESSION, held_on=date(2026, 3, day)), PROGRAMME)
    with pytest.raises(ProgrammeInvalid):
        check_session(replace(SESSION, held_on=date(2026, 2, day)), PROGRAMME)


def test_answers_end_with_the_day_and_attendance_begins_with_it() -> None:
    before, on, after = date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3)
    SESSION.check_open(before)
    SESSION.check_open(on)
    SESSION.check_held(on)
    SESSION.check_held(after)
    with pytest.raises(SessionOver):
        SESSION.check_open(after)
    with pytest.raises(SessionNotHeldYet):
        SESSION.check_held(before)
    cancelled = replace(SESSION, cancelled=True)
    for check in (cancelled.check_open, cancelled.check_held):
        with pytest.raises(SessionCancelled):
            check(on)


VENDOR, SURVIVOR = uuid4(), uuid4()
OK = Known(trained=False)


@pytest.mark.parametrize(
    ("seen", "before", "known", "mark"),
    [
        (Participation.ATTENDED, None, OK, Mark(VENDOR, "recorded")),
        (Participation.ATTENDED, Participation.DECLINED, OK, Mark(VENDOR, "recorded")),
        (Participation.ABSENT, Participation.CONFIRMED, OK, Mark(VENDOR, "recorded")),
        (Participation.ATTENDED, Participation.ABSENT, OK, Mark(VENDOR, "recorded")),
        (Participation.ATTENDED, Participation.ATTENDED, OK, Mark(VENDOR, "unchanged")),
        (Participation.ABSENT, Participation.ATTENDED, OK, Mark(VENDOR, "unchanged", "ATTENDANCE_STAYS")),
        (Participation.ATTENDED, None, None, Mark(VENDOR, "refused", "VENDOR_NOT_FOUND")),
        (
            Participation.ATTENDED,
            None,
            Known(trained=True, merged_into=SURVIVOR),
            Mark(VENDOR, "refused", "VENDOR_MERGED", merged_into=SURVIVOR),
        ),
    ],
)
def test_what_a_line_of_an_attendance_list_does(
    seen: Participation, before: Participation | None, known: Known | None, mark: Mark
) -> None:
    assert judge(VENDOR, seen, before, known) == mark


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("NIK 3510165708850001 cocok", "NIK 3510********0001 cocok"),
        ("3510 1657 0885 0001", "3510********0001"),
        ("hp 0812-3456-7890, ramah", "hp 0812****7890, ramah"),
        ("wa +62 812 3456 7890", "wa 6281*****7890"),
        ("npwp 09.254.294.3-407.000", "npwp 0925*******7000"),
        ("1234567890123", "1234*****0123"),
        ("tanggal 2026-03-02 pukul 09:00, 400 kotak @ 18.000", "tanggal 2026-03-02 pukul 09:00, 400 kotak @ 18.000"),
        ("omzet 9.999.999 per bulan", "omzet 9.999.999 per bulan"),
    ],
)
def test_numbers_of_persons_are_masked_in_remarks(text: str, masked: str) -> None:
    assert mask_numbers_in(text) == masked
    assert Result(VENDOR, True, note=text).cleaned().note == masked
