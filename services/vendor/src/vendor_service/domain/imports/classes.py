"""Words in a spreadsheet that name a legal form, a sex or a business class."""

import re
from datetime import date
from functools import lru_cache

from vendor_service.domain.business_class import BusinessClass, class_by_capital, class_by_turnover
from vendor_service.domain.profile import EntityKind

_FORMS = (
    (re.compile(r"\b(koperasi|kop|kud|koptan|ksp|ksu)\b"), EntityKind.KOPERASI),
    (re.compile(r"\b(perseroan perorangan|pt perorangan|pt perseorangan)\b"), EntityKind.PERSEROAN_PERORANGAN),
    (re.compile(r"\b(bumdes|bumdesa|bum desa|bumnag|bumkel|bum nagari)\b"), EntityKind.BUMDES),
    (re.compile(r"\b(cv|persekutuan komanditer)\b"), EntityKind.CV),
    (re.compile(r"\b(firma|fa)\b"), EntityKind.FIRMA),
    (re.compile(r"\b(pt|perseroan terbatas)\b"), EntityKind.PT),
    (re.compile(r"\b(perorangan|perseorangan|individu|pribadi|ud|usaha dagang|po|mikro|rumah tangga)\b"),
     EntityKind.INDIVIDUAL),
    (re.compile(r"\b(yayasan)\b"), EntityKind.YAYASAN),
    (re.compile(r"\b(kub|kube|kelompok usaha bersama)\b"), EntityKind.KUB),
    (re.compile(r"\b(kelompok|poktan|gapoktan|kwt|pokdakan)\b"), EntityKind.OTHER),
)  # fmt: skip
_IN_A_NAME = frozenset({EntityKind.KOPERASI, EntityKind.CV, EntityKind.PT, EntityKind.BUMDES})


@lru_cache(maxsize=2048)
def _form(text: str) -> EntityKind | None:
    words = " ".join(re.findall(r"[a-z]+", text.casefold().replace(".", "")))
    return next((kind for pattern, kind in _FORMS if pattern.search(words)), None)


def entity_kind_of(text: str | None, name: str) -> EntityKind | None:
    """Return the legal form that a cell names, or the first word of the name; a person if neither does."""
    if text is not None:
        return _form(text)
    words = name.split()
    first = _form(words[0]) if words else None
    return first if first in _IN_A_NAME else EntityKind.INDIVIDUAL


def sex_from(text: str | None) -> str | None:
    """Return L or P."""
    word = re.sub(r"[^a-z]", "", (text or "").casefold())
    if word in {"l", "lk", "laki", "lakilaki", "pria", "m", "cowok"}:
        return "L"
    return "P" if word in {"p", "pr", "perempuan", "wanita", "w", "f", "cewek"} else None


_CLASS_WORDS = (
    (re.compile(r"\b(ultra mikro|umi|mikro|micro)\b"), BusinessClass.MICRO),
    (re.compile(r"\b(kecil|small)\b"), BusinessClass.SMALL),
    (re.compile(r"\b(menengah|sedang|medium)\b"), BusinessClass.MEDIUM),
    (re.compile(r"\b(besar|large)\b"), BusinessClass.LARGE),
)


@lru_cache(maxsize=2048)
def class_named(text: str) -> BusinessClass | None:
    """Return the class that a text names; none if it names several, as in "Usaha Mikro Kecil Menengah"."""
    lowered = text.casefold()
    found = [kind for pattern, kind in _CLASS_WORDS if pattern.search(lowered)]
    return found[0] if len(found) == 1 else None


def class_below(bound: int | None, *, capital: bool, today: date) -> BusinessClass | None:
    """Return the class declared by an upper bound such as "< 2 M"."""
    if bound is None:
        return None
    return class_by_capital(bound, today) if capital else class_by_turnover(bound, today)
