"""Masks personal numbers that somebody typed into a free text, before the text is kept (domain.md 8.2).

Events carry no NIK, phone or bank account by contract; a need's title or a product's name is typed by people.
Codes of the budget (`5.1.02.01.01.0052`) and numbers of papers (`027/123/2026`) stay readable.
"""

import re

MASK = "[disamarkan]"

_SUSPECT = re.compile(r"[\d@]")
_PERSONAL = re.compile(
    r"""
    [\w.+-]+@[\w-]+\.[\w.-]+                                # e-mail
    | (?<!\d)\d{4}[ .-]\d{4}[ .-]\d{4}[ .-]\d{4}(?!\d)      # NIK or card in fours
    | (?<!\d)\d{6}[ .-]\d{6}[ .-]\d{4}(?!\d)                # NIK by its parts
    | (?<!\d)\d{2}\.\d{3}\.\d{3}\.\d-\d{3}\.\d{3}(?!\d)     # NPWP
    | (?<![\d/.-])(?:\+?62|0)[ .-]?8\d{1,2}(?:[ .-]?\d{2,4}){2,3}(?!\d)   # mobile phone
    | (?<!\d)\d{10,}(?!\d)                                  # NIK, NIB, bank account, phone: any long run
    """,
    re.VERBOSE,
)


def scrub(text: str) -> str:
    """Return the text without control characters and with personal numbers masked."""
    if not text.isprintable():
        text = "".join(character for character in text if character.isprintable())
    # Most texts hold neither a digit nor an at sign; the pattern costs ten times as much as this look.
    return _PERSONAL.sub(MASK, text) if _SUSPECT.search(text) else text
