"""Numbers that name a person or a firm: what they look like, and what is wrong when they do not (domain.md 2.2).

Structure is all that can be checked here: whether a number is registered is known only to its issuer. Nothing in this
module logs or raises with the number in it.
"""

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

# Kemendagri provinces now; 54 was Timor Timur, and a NIK keeps the code it was issued with.
_PROVINCES = "11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 51 52 53 54 61 62 63 64 65 71 72 73 74 75 76 81 82"
PROVINCES = frozenset(f"{_PROVINCES} 91 92 93 94 95 96".split())
_SEPARATORS = re.compile(r"[\s.\-–—'’‘`\"“”,]")
_ROUNDED = re.compile(r"\d([.,]\d+)?e\+?\d+", re.IGNORECASE)
_WITH_POINT = re.compile(r"\d{10,22}\.0+")
_PHONE_NOISE = re.compile(r"[\s().\-–'’‘`\"]")
_LONGEST_EXACT = 2**53


class Checked(NamedTuple):
    """A number after its check.

    Attributes:
        value: The number in the form that is stored; none if it cannot be one.
        reason: Why it cannot be one, UPPER_SNAKE.
        warnings: Doubts that do not forbid to keep it, UPPER_SNAKE.
    """

    value: str | None
    reason: str | None = None
    warnings: tuple[str, ...] = ()


def digits_of(raw: str | float) -> Checked:
    """Return the digits of a cell; a number that Excel rounded to fifteen digits is refused, since its end is lost."""
    if isinstance(raw, float | int):
        if raw != raw or raw < 0 or raw >= 1e22 or int(raw) != raw:
            return Checked(None, "NOT_A_NUMBER")
        text = str(int(raw))
        if len(text) <= 15:
            return Checked(text)
        if raw >= _LONGEST_EXACT or text.endswith("0"):
            return Checked(None, "ROUNDED_NUMBER")
        return Checked(text, warnings=("WRITTEN_AS_NUMBER",))
    if raw.isdigit() and raw.isascii():
        return Checked(raw)
    compact = raw.strip().strip("'’‘`´\"“” ")
    if _ROUNDED.fullmatch(compact.replace(" ", "")):
        return Checked(None, "ROUNDED_NUMBER")
    text = _SEPARATORS.sub("", compact)
    # A spreadsheet that went through a text export writes "3510161708450001.0"; separators are gone by then.
    if _WITH_POINT.fullmatch(compact):
        text = compact.partition(".")[0]
    if not text.isascii() or not text.isdigit():
        return Checked(None, "NOT_A_NUMBER")
    return Checked(text)


def check_nik(raw: str | float, today: date) -> Checked:
    """Check a citizen's number: province, real birth date (day + 40 for women), serial above zero."""
    return _person_number(raw, today, allow_female_day=True)


def check_kk(raw: str | float, today: date) -> Checked:
    """Check a family card number: shaped like a NIK, but its date is that of issue."""
    return _person_number(raw, today, allow_female_day=False)


def _person_number(raw: str | float, today: date, *, allow_female_day: bool) -> Checked:
    found = Checked(raw) if isinstance(raw, str) and raw.isdigit() and raw.isascii() else digits_of(raw)
    if found.value is None:
        return found
    text = found.value
    if len(text) != 16:
        return Checked(None, "WRONG_LENGTH")
    if text[:2] not in PROVINCES:
        return Checked(None, "PROVINCE_UNKNOWN")
    if text[2:4] == "00" or text[4:6] == "00":
        return Checked(None, "AREA_UNKNOWN")
    if _day_inside(text[6:12], today, allow_female_day) is None:
        return Checked(None, "DATE_NOT_REAL")
    if text[12:] == "0000":
        return Checked(None, "SERIAL_ZERO")
    return found


def birth_date_of(nik: str, today: date, *, allow_female_day: bool = True) -> date | None:
    """Return the date inside a NIK; the century is the latest that is not in the future."""
    return _day_inside(nik[6:12], today, allow_female_day)


@lru_cache(maxsize=50_000)
def _day_inside(digits: str, today: date, allow_female_day: bool) -> date | None:
    day, month, short = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    if allow_female_day and day > 40:
        day -= 40
    year = 2000 + short if short <= today.year % 100 else 1900 + short
    try:
        return date(year, month, day)
    except ValueError:
        return None


def sex_of(nik: str) -> str:
    """Return L or P as the day of birth inside a NIK says."""
    return "P" if int(nik[6:8]) > 40 else "L"


def check_npwp(raw: str | float, today: date, *, nik: str | None = None, entity: bool = False) -> Checked:
    """Check a tax number and return its sixteen-digit form.

    Fifteen digits are the old form; sixteen begin with 0 (the old number inside), are the NIK of a person, or, for an
    entity, a new number.
    """
    found = digits_of(raw)
    if found.value is None:
        return found
    text = found.value
    if len(text) == 15:
        return Checked("0" + text) if text.strip("0") else Checked(None, "ALL_ZERO")
    if len(text) != 16:
        return Checked(None, "WRONG_LENGTH")
    if text[0] == "0":
        return found if text.strip("0") else Checked(None, "ALL_ZERO")
    if entity:
        return Checked(text, warnings=(*found.warnings, "NPWP_NEW_ENTITY_NUMBER"))
    as_nik = check_nik(text, today)
    if as_nik.value is None:
        return Checked(None, "NPWP_NOT_A_NIK")
    if nik is not None and nik != text:
        return Checked(text, warnings=(*found.warnings, "NPWP_DIFFERS_FROM_NIK"))
    return found


def check_nitku(raw: str | float, today: date, *, nik: str | None = None, entity: bool = False) -> Checked:
    """Check the number of a place of business: the sixteen digits of an NPWP and six of the branch (PMK 112/2022)."""
    found = digits_of(raw)
    if found.value is None:
        return found
    if len(found.value) != 22:
        return Checked(None, "WRONG_LENGTH")
    owner = check_npwp(found.value[:16], today, nik=nik, entity=entity)
    return found if owner.value is not None else Checked(None, owner.reason)


def check_nib(raw: str | float) -> Checked:
    """Check a business number of OSS: thirteen digits."""
    found = digits_of(raw)
    if found.value is None:
        return found
    # OSS numbers began with a zero now and then, which a number cell loses.
    if len(found.value) == 12 and not isinstance(raw, str):
        return Checked("0" + found.value, warnings=("LEADING_ZERO_ADDED",))
    if len(found.value) != 13:
        return Checked(None, "WRONG_LENGTH")
    return found if found.value.strip("0") else Checked(None, "ALL_ZERO")


def check_phone(raw: str | float) -> Checked:
    """Return a phone number as E.164 (`+628…`), however it was written."""
    if isinstance(raw, float | int):
        # Anything longer is no phone number, and more than a number can hold exactly.
        if not 0 < raw < 1e16:
            return Checked(None, "NOT_A_PHONE")
        raw = f"{raw:.0f}"
    text = raw
    if not text.isdigit():
        if _ROUNDED.fullmatch(text.strip()):
            return Checked(None, "ROUNDED_NUMBER")
        text = _PHONE_NOISE.sub("", text)
    if text.startswith("+62"):
        rest = text[3:]
    elif text.startswith("62") and len(text) >= 10:
        rest = text[2:]
    elif text.startswith(("0", "8")):
        rest = text
    else:
        return Checked(None, "NOT_A_PHONE")
    rest = rest.lstrip("0")
    if not rest.isascii() or not rest.isdigit():
        return Checked(None, "NOT_A_PHONE")
    mobile = rest[0] == "8"
    good = 9 <= len(rest) <= 12 if mobile else rest[0] in "2345679" and 7 <= len(rest) <= 11
    return Checked("+62" + rest) if good else Checked(None, "WRONG_LENGTH")


def check_account(raw: str | float) -> Checked:
    """Check a bank account number: 6 to 20 digits."""
    found = digits_of(raw)
    if found.value is None:
        return found
    if not 6 <= len(found.value) <= 20:
        return Checked(None, "WRONG_LENGTH")
    return found if found.value.strip("0") else Checked(None, "ALL_ZERO")


def mask_number(value: str | None) -> str | None:
    """Show the first four and last four digits of a number, as in 3510********0001."""
    if value is None:
        return None
    if len(value) <= 8:
        return "*" * len(value)
    return value[:4] + "*" * (len(value) - 8) + value[-4:]


def mask_account(value: str | None) -> str | None:
    """Show the last four digits of a bank account."""
    if value is None:
        return None
    return "*" * max(len(value) - 4, 0) + value[-4:]
