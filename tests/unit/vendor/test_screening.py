"""Rows of uploaded lists as offices really write them, and conflicts that come, are released, and go."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from bela_kit.core.actor import Actor
from vendor_service.domain.screening.conflict import Conflict, ConflictKind, ConflictState, settled
from vendor_service.domain.screening.rows import EmployeeRow, EntryRow, ListKind, ListReader
from vendor_service.domain.vendor import Moment

TODAY = date(2026, 3, 2)
NIK = "3510165708850001"
OWNER = frozenset({ConflictKind.EMPLOYEE_OWNER})


def reader(kind: ListKind, *headings: str) -> ListReader:
    made = ListReader(kind, TODAY)
    assert made.find_header([["DAFTAR"], [], list(headings)]) == 2
    return made


@pytest.mark.parametrize("heading", ["NIK", "Nik", "No. KTP", "NIK_KTP", "Nomor Induk Kependudukan:"])
def test_the_column_of_numbers_is_found_by_its_usual_names(heading):
    assert reader(ListKind.EMPLOYEES, "No", heading, "Nama").read([1, NIK, "Siti"]) == EmployeeRow(NIK)


@pytest.mark.parametrize("cell", [f"'{NIK}", f" {NIK} ", "3510.1657.0885.0001"])
def test_a_number_is_read_however_it_was_typed(cell):
    assert reader(ListKind.EMPLOYEES, "NIK").read([cell]) == EmployeeRow(NIK)


@pytest.mark.parametrize("cell", ["123", 3.51016570885e15, "9910165708850001", "tidak ada nomor"])
def test_a_number_that_is_none_is_counted_and_not_kept(cell):
    made = reader(ListKind.EMPLOYEES, "NIK", "Nama")
    assert made.read([cell, "Siti"]) is None
    assert made.rejected == {"NIK_NOT_READABLE": 1}


def test_a_blank_row_is_no_row_and_a_file_without_the_column_has_no_header():
    made = reader(ListKind.EMPLOYEES, "NIK")
    assert made.read([None]) is None
    assert not made.rejected
    assert ListReader(ListKind.EMPLOYEES, TODAY).find_header([["NIP", "Nama"], ["1980", "Siti"]]) is None


def test_an_entry_keeps_its_public_facts_and_numbers_where_it_has_them():
    made = reader(ListKind.DAFTAR_HITAM, "Nama Penyedia", "NPWP", "Nomor SK", "Mulai", "Sampai")
    found = made.read(["CV Maju", "01.234.567.8-901.000", "SK/1", "10 Januari 2026", date(2028, 1, 9)])
    assert found == EntryRow(
        "CV Maju", "SK/1", "LKPP", "Daftar Hitam Nasional", date(2026, 1, 10), date(2028, 1, 9), npwp="0012345678901000"
    )
    assert made.read(["CV Maju", None, "SK/1", "2028-01-09", "2026-01-10"]) is None
    assert made.read([None, None, "SK/1", "2026-01-10", "2028-01-09"]) is None
    assert made.rejected == {"DATES_NOT_READABLE": 1, "NAME_OR_LETTER_MISSING": 1}


def test_a_conflict_opens_is_released_while_the_leave_lasts_and_opens_again():
    vendor_id = UUID(int=7)
    known, changed = settled(vendor_id, [], OWNER, TODAY)
    assert [one.blocks for one in changed] == [True]
    assert settled(vendor_id, known, OWNER, TODAY)[1] == []
    moment = Moment(Actor("lpse.3510", "lpse_admin"), datetime(2026, 3, 2, 2, 0, tzinfo=UTC), TODAY)
    known[0].release("851/3", date(2026, 3, 31), moment)
    assert settled(vendor_id, known, OWNER, date(2026, 3, 31))[1] == []
    assert [one.blocks for one in settled(vendor_id, known, OWNER, date(2026, 4, 1))[1]] == [True]
    _, gone = settled(vendor_id, known, frozenset(), date(2026, 4, 2))
    assert [one.state for one in gone] == [ConflictState.GONE]


def test_a_declared_conflict_is_none_of_the_lists():
    declared = Conflict(UUID(int=7), ConflictKind.DECLARED, ConflictState.OPEN, TODAY)
    known, changed = settled(UUID(int=7), [declared], frozenset(), TODAY)
    assert (known, changed) == ([declared], [])
    assert declared.blocks


def test_a_shared_phone_blocks_nobody():
    known, _ = settled(UUID(int=7), [], frozenset({ConflictKind.EMPLOYEE_CONTACT}), TODAY)
    assert [one.blocks for one in known] == [False]
