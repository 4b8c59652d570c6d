"""What a single cell means: text, amounts, dates, whole numbers, as people type them into spreadsheets.

Every function takes the cell as the reader gives it and returns the value with a reason when it cannot be read; none
of them raises, since one bad cell must not stop a row.
"""

from vendor_service.domain.imports.cells.amounts import MAX_RUPIAH, Amount, amount_of
from vendor_service.domain.imports.cells.dates import Day, date_of, year_of
from vendor_service.domain.imports.cells.numbers import degrees_of, whole_of
from vendor_service.domain.imports.cells.text import (
    BROKEN_FORMULA,
    EMPTY_FORMULA,
    ERRORS,
    LINKED_FORMULA,
    Cell,
    is_garbled,
    text_of,
)

__all__ = [
    "BROKEN_FORMULA",
    "EMPTY_FORMULA",
    "ERRORS",
    "LINKED_FORMULA",
    "MAX_RUPIAH",
    "Amount",
    "Cell",
    "Day",
    "amount_of",
    "date_of",
    "degrees_of",
    "is_garbled",
    "text_of",
    "whole_of",
    "year_of",
]
