"""Text of a cell: without the blanks, placeholders and marks that stand for nothing."""

import re
from datetime import date, datetime, time, timedelta

Cell = str | float | int | bool | date | datetime | time | timedelta | None

BROKEN_FORMULA = "FORMULA_BROKEN"
"""The cell shows #REF! or another error: what it was computed from is gone."""
EMPTY_FORMULA = "FORMULA_WITHOUT_VALUE"
"""A formula that no program has computed yet."""
LINKED_FORMULA = "FORMULA_FROM_OTHER_FILE"
"""A value that was fetched from another file, as it was when this one was saved."""
_ERROR_WORDS = "#ref! #n/a #value! #name? #div/0! #null! #num! #getting_data #spill! #calc! err:502 err:508"
ERRORS = frozenset(_ERROR_WORDS.split())

_EMPTY_WORDS = (
    "-;--;---;----;–;—;.;..;...;_;?;n/a;na;nihil;null;none;tidak ada;tdk ada;tdk punya;tidak punya;blm punya;belum ada;"
    "belum;blm;blm ada;tidak;kosong;xxx;xx;ta;t/a;(kosong);(tidak ada)"
)
_EMPTY = frozenset(["", *_EMPTY_WORDS.split(";"), *ERRORS])
_LONGEST_EMPTY = max(map(len, _EMPTY))
_QUOTES = "'’‘`´\"“”"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff\ufffe\uffff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# UTF-8 that was read as Windows-1252 at some point of its life, or a sign that some program could not read at all.
_TWICE_ENCODED = re.compile(r"[ÃÂ][\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|ï»¿")
_LOST = re.compile("\ufffd|ï¿½")


def text_of(cell: Cell, limit: int = 300) -> str | None:
    """Return the text of a cell without edge blanks, leading apostrophe and placeholders such as "-"."""
    if cell is None:
        return None
    text = cell if isinstance(cell, str) else _shown(cell)
    if not text.isascii():
        text = _repaired(text)
    if not text.isprintable():
        text = " ".join(_SURROGATE.sub("", _CONTROL.sub("", text)).split())
    elif "  " in text or text[:1] == " " or text[-1:] == " ":
        text = " ".join(text.split())
    if text[:1] in _QUOTES:
        text = text.strip(_QUOTES + " ")
    if len(text) <= _LONGEST_EMPTY and text.casefold() in _EMPTY:
        return None
    return text[:limit]


def _shown(cell: float | bool | date | time | timedelta) -> str:
    if isinstance(cell, bool):
        return "ya" if cell else "tidak"
    if isinstance(cell, float) and cell == cell and abs(cell) < 1e15 and cell == int(cell):
        return str(int(cell))
    if isinstance(cell, int) and abs(cell) >= 10**300:
        return "inf"
    return str(cell)


def _repaired(text: str) -> str:
    """Return text that was encoded twice as it was before, if nothing of it is lost."""
    if not _TWICE_ENCODED.search(text):
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def is_garbled(text: str) -> bool:
    """Say whether a text went through a wrong encoding."""
    return not text.isascii() and bool(_TWICE_ENCODED.search(text) or _LOST.search(text))
