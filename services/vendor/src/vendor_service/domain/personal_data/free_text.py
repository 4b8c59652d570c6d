"""Remarks that people write freely, without the numbers of persons that slip into them.

Columns of remarks are stored as they are read, so a NIK in one would stand in the clear (UU 27/2022; domain.md 8.2).
"""

import re

from vendor_service.domain.identifiers import mask_number

_NUMBER = re.compile(r"(?<!\d)(?:\+?62|0)[ .\-]?8(?:[ .\-]?\d){7,11}(?!\d)|(?<!\d)\d(?:[ .\-]?\d){12,21}(?!\d)")
"""A mobile phone, or 13 to 22 digits however they are grouped: NIB, NIK, family card, NPWP, account, NITKU."""


def mask_numbers_in(text: str) -> str:
    """Return a text in which numbers that may name a person are masked as everywhere else."""
    return _NUMBER.sub(lambda match: mask_number("".join(filter(str.isdigit, match[0]))) or "", text)
