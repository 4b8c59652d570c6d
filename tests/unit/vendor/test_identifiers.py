from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vendor_service.domain.identifiers import (
    birth_date_of,
    check_account,
    check_kk,
    check_nib,
    check_nik,
    check_nitku,
    check_npwp,
    check_phone,
    mask_account,
    mask_number,
    sex_of,
)

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(("nik", "sex"), [("3510161708450001", "L"), ("3510165708450001", "P")])
def test_the_vectors_of_the_specification_are_valid(nik, sex):
    assert check_nik(nik, TODAY).value == nik
    assert sex_of(nik) == sex
    assert birth_date_of(nik, TODAY) == date(1945, 8, 17)


@pytest.mark.parametrize(
    ("nik", "reason"),
    [
        ("3510163102900001", "DATE_NOT_REAL"),
        ("3510161708450000", "SERIAL_ZERO"),
        ("9910161708450001", "PROVINCE_UNKNOWN"),
        ("3500161708450001", "AREA_UNKNOWN"),
        ("351016170845001", "WRONG_LENGTH"),
        ("35101617084500011", "WRONG_LENGTH"),
        ("35101617O8450001", "NOT_A_NUMBER"),
        ("3.51016E+15", "ROUNDED_NUMBER"),
        ("3,51016E+15", "ROUNDED_NUMBER"),
        (3510161708450000.0, "ROUNDED_NUMBER"),
        (9.51016170845e15, "ROUNDED_NUMBER"),
        (float("nan"), "NOT_A_NUMBER"),
        (float("inf"), "NOT_A_NUMBER"),
        (-1.0, "NOT_A_NUMBER"),
    ],
)
def test_a_wrong_nik_is_refused_with_its_reason(nik, reason):
    assert check_nik(nik, TODAY).reason == reason


@pytest.mark.parametrize(
    "written",
    ["'3510161708450001", "’3510161708450001", "3510 1617 0845 0001", " 3510161708450001 ", "351016-170845-0001",
     "3510161708450001.0", "\"3510161708450001\"", "35.10.16.170845.0001"],
)  # fmt: skip
def test_a_nik_is_found_however_it_is_written(written):
    assert check_nik(written, TODAY).value == "3510161708450001"


def test_an_intact_number_cell_is_taken_with_a_doubt():
    checked = check_nik(3510161708450001.0, TODAY)
    assert checked.value == "3510161708450001"
    assert checked.warnings == ("WRITTEN_AS_NUMBER",)


def test_a_family_card_has_no_female_days():
    assert check_kk("3510165708450001", TODAY).reason == "DATE_NOT_REAL"
    assert check_kk("3510161708050001", TODAY).value == "3510161708050001"


@pytest.mark.parametrize(
    ("npwp", "value"),
    [
        ("12.345.678.9-201.000", "0123456789201000"),
        ("0123456789201000", "0123456789201000"),
        ("3510161708450001", "3510161708450001"),
    ],
)
def test_a_tax_number_is_kept_in_sixteen_digits(npwp, value):
    assert check_npwp(npwp, TODAY).value == value


def test_a_tax_number_that_is_no_nik_is_refused_for_a_person_and_doubted_for_an_entity():
    assert check_npwp("1234567890123456", TODAY).reason == "NPWP_NOT_A_NIK"
    assert check_npwp("1234567890123456", TODAY, entity=True).warnings == ("NPWP_NEW_ENTITY_NUMBER",)


def test_a_persons_tax_number_must_equal_the_nik():
    checked = check_npwp("3510161708450001", TODAY, nik="3510165708450001")
    assert checked.warnings == ("NPWP_DIFFERS_FROM_NIK",)


@pytest.mark.parametrize(
    ("phone", "value"),
    [
        ("0812-3456-7890", "+6281234567890"),
        ("+62 812 3456 7890", "+6281234567890"),
        ("6281234567890", "+6281234567890"),
        ("81234567890", "+6281234567890"),
        (81234567890.0, "+6281234567890"),
        ("(021) 555-1234", "+62215551234"),
        ("+62081234567890", "+6281234567890"),
    ],
)
def test_a_phone_number_becomes_e164(phone, value):
    assert check_phone(phone).value == value


@pytest.mark.parametrize("phone", ["0812-345", "555", "abc", "0112345678", "8,12E+10", "", "+1 212 555 1234"])
def test_what_is_no_phone_is_refused(phone):
    assert check_phone(phone).value is None


def test_other_numbers_have_their_lengths():
    assert check_nib("1234567890123").value == "1234567890123"
    assert check_nib("123").reason == "WRONG_LENGTH"
    assert check_nib(123456789012.0).warnings == ("LEADING_ZERO_ADDED",)
    assert check_account("12345").reason == "WRONG_LENGTH"
    assert check_account("0012-345678").value == "0012345678"


def test_masks_show_only_the_ends():
    assert mask_number("3510161708450001") == "3510********0001"
    assert mask_account("123456789012") == "********9012"
    assert mask_number(None) is None


@given(st.one_of(st.text(max_size=40), st.floats(), st.integers(-(10**20), 10**20)))
def test_no_cell_breaks_a_check(cell):
    for check in (check_nib, check_phone, check_account):
        check(cell)
    for check in (check_nik, check_kk, check_npwp):
        checked = check(cell, TODAY)
        assert (checked.value is None) == (checked.reason is not None)


@given(
    born=st.dates(date(1930, 1, 1), date(2025, 12, 31)),
    female=st.booleans(),
    serial=st.integers(1, 9999),
)
def test_every_nik_that_is_built_right_is_valid(born, female, serial):
    nik = f"351016{born.day + 40 * female:02d}{born:%m%y}{serial:04d}"
    assert check_nik(nik, TODAY).value == nik
    assert sex_of(nik) == ("P" if female else "L")


@pytest.mark.parametrize(
    ("raw", "value", "reason"),
    [
        ("0123456789012345000000", "0123456789012345000000", None),
        ("3510161708450001 000001", "3510161708450001000001", None),
        ("012345678901234", None, "WRONG_LENGTH"),
        ("9910161708450001000001", None, "NPWP_NOT_A_NIK"),
        ("abc", None, "NOT_A_NUMBER"),
    ],
)
def test_a_nitku_is_an_npwp_and_a_branch(raw, value, reason):
    found = check_nitku(raw, date(2026, 11, 21))
    assert (found.value, found.reason) == (value, reason)
