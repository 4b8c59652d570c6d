from datetime import date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from vendor_service.domain.imports.cells import (
    MAX_RUPIAH,
    amount_of,
    date_of,
    degrees_of,
    text_of,
    whole_of,
    year_of,
)

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("cell", "rupiah"),
    [
        ("Rp 1.500.000,-", 1_500_000),
        ("Rp1.500.000", 1_500_000),
        ("Rp. 1.500.000,00", 1_500_000),
        ("1,5 jt", 1_500_000),
        ("1.5 jt", 1_500_000),
        ("1,5jt", 1_500_000),
        ("2 juta", 2_000_000),
        ("9.999.999", 9_999_999),
        ("9,999,999.00", 9_999_999),
        ("9.999.999,00", 9_999_999),
        ("500 rb", 500_000),
        ("750ribu", 750_000),
        ("1,2 M", 1_200_000_000),
        ("2 miliar", 2_000_000_000),
        ("1.500", 1_500),
        ("1,500", 1_500),
        ("1500000", 1_500_000),
        ("1500000.00", 1_500_000),
        ("IDR 25000", 25_000),
        ("Rp 3.000.000 / bulan", 3_000_000),
        ("10.000.000,5", 10_000_001),
        (1_500_000.0, 1_500_000),
        (1_500_000, 1_500_000),
        ("0", 0),
    ],
)
def test_an_amount_is_read_to_the_rupiah(cell, rupiah):
    amount = amount_of(cell)
    assert (amount.rupiah, amount.reason) == (rupiah, None)


@pytest.mark.parametrize(
    "cell", ["± 1.500.000 - 2.000.000", "1.500.000 s/d 2.000.000", "1,5 - 2 jt", "1 sampai 2 juta"]
)
def test_a_range_gives_its_upper_bound_with_a_doubt(cell):
    amount = amount_of(cell)
    assert (amount.rupiah, amount.warning) == (2_000_000, "AMOUNT_RANGE")


@pytest.mark.parametrize(
    ("cell", "below"), [("< 2 M", 2_000_000_000), ("<2M", 2_000_000_000), ("< 300 jt", 300_000_000)]
)
def test_a_bound_is_a_declared_class_and_no_amount(cell, below):
    amount = amount_of(cell)
    assert (amount.rupiah, amount.below) == (None, below)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("banyak", "AMOUNT_NOT_READABLE"),
        ("1.50.000", "AMOUNT_NOT_READABLE"),
        ("-5000", "AMOUNT_NEGATIVE"),
        (-5.0, "AMOUNT_NEGATIVE"),
        (1e300, "AMOUNT_TOO_LARGE"),
        (float("nan"), "AMOUNT_TOO_LARGE"),
        ("99999999999999999999", "AMOUNT_TOO_LARGE"),
        ("999999 triliun", "AMOUNT_TOO_LARGE"),
        (True, "AMOUNT_NOT_READABLE"),
        ("'; DROP TABLE vendors; --", "AMOUNT_NOT_READABLE"),
    ],
)
def test_what_is_no_amount_says_why(cell, reason):
    assert amount_of(cell).reason == reason


@pytest.mark.parametrize("cell", [None, "", "-", " ", "tidak ada", "N/A"])
def test_an_empty_cell_is_no_amount_and_no_fault(cell):
    amount = amount_of(cell)
    assert (amount.rupiah, amount.reason) == (None, None)


@pytest.mark.parametrize(
    "cell",
    [
        date(1945, 8, 17), datetime(1945, 8, 17), 16666.0, "16666", "17-08-45", "17/08/1945", "17.08.1945",
        "17 Agustus 1945", "17 agt 45", "17-Agu-1945", "1945-08-17", "1945-08-17 00:00:00", "08/17/1945", "17081945",
    ],
)  # fmt: skip
def test_a_date_is_read_however_it_is_written(cell):
    assert date_of(cell, TODAY).value == date(1945, 8, 17)


def test_a_date_after_its_place_is_read_with_the_place():
    day = date_of("Muncar, 17-08-1945", TODAY)
    assert (day.value, day.place) == (date(1945, 8, 17), "Muncar")


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("31-02-1980", "DATE_NOT_REAL"),
        ("17-08-2090", "DATE_NOT_REAL"),
        ("1980", "DATE_YEAR_ONLY"),
        (1980.0, "DATE_YEAR_ONLY"),
        ("kemarin", "DATE_NOT_READABLE"),
        (0.5, "DATE_NOT_READABLE"),
        (1e12, "DATE_NOT_READABLE"),
    ],
)
def test_what_is_no_date_says_why(cell, reason):
    assert date_of(cell, TODAY).reason == reason


def test_numbers_years_and_degrees_are_read():
    assert whole_of("12 orang", 0, 100) == (12, None)
    assert whole_of("1.500", 0, 10_000) == (1500, None)
    assert whole_of(2.5, 0, 100) == (None, "NUMBER_NOT_READABLE")
    assert whole_of(-1.0, 0, 100) == (None, "NUMBER_OUT_OF_RANGE")
    assert year_of("sejak 2015", TODAY) == (2015, None)
    assert year_of(date(2015, 1, 1), TODAY) == (2015, None)
    assert year_of("2090", TODAY) == (None, "YEAR_NOT_REAL")
    assert degrees_of("-8,4336", 11) == ("-8.4336", None)
    assert degrees_of("114.3", 11) == (None, "COORDINATE_OUT_OF_RANGE")


def test_text_loses_what_is_no_text():
    assert text_of("  Kec.   Muncar ") == "Kec. Muncar"
    assert text_of("'08123") == "08123"
    assert text_of("a\x00b\u200bc") == "abc"
    assert text_of("\ud800x") == "x"
    assert text_of("\n-\n") is None
    assert text_of(12.0) == "12"


@example(float("nan"))
@example(float("inf"))
@given(st.one_of(st.text(max_size=60), st.floats(), st.integers(), st.booleans(), st.dates(), st.none()))
def test_no_cell_breaks_a_reader(cell):
    amount = amount_of(cell)
    assert amount.rupiah is None or 0 <= amount.rupiah <= MAX_RUPIAH
    day = date_of(cell, TODAY)
    assert day.value is None or date(1900, 1, 1) <= day.value <= TODAY
    whole_of(cell, 0, 10)
    year_of(cell, TODAY)
    degrees_of(cell, 11)


@given(st.integers(0, 10**12))
def test_an_amount_grouped_by_dots_is_read_back(rupiah):
    assert amount_of(f"Rp {rupiah:,},-".replace(",", ".").replace(".-", ",-")).rupiah == rupiah
