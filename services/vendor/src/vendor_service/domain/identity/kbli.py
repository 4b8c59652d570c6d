"""KBLI codes of a business, each with the version of the classification it belongs to (domain.md 2.2).

The seed holds all divisions (two digits) of both versions and those five-digit codes that were checked; it is no full
copy of either classification. So an unknown division is refused, an unknown code of a known division is kept with a
warning. Nothing is converted by itself: one old code may be several new ones, and the reverse.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bela_kit.core.errors import FieldError

from vendor_service.domain.identity.errors import KbliInvalid

VERSIONS = (2020, 2025)
MOST_CODES = 20
_CODE = re.compile(r"\d{5}")


@dataclass(frozen=True, slots=True)
class KbliCode:
    """A code with its version; the first of a business is its main one.

    Attributes:
        title: As the classification says; none if the seed does not hold the code.
    """

    version: int
    code: str
    title: str | None = None

    @property
    def known(self) -> bool:
        """Whether the seed holds the code."""
        return self.title is not None


@dataclass(frozen=True, slots=True)
class KbliTable:
    """What the seed holds of both versions.

    Attributes:
        titles: Divisions and codes by version and digits.
        successors: Digits of version 2020 with those of version 2025 they became, many to many.
    """

    titles: Mapping[tuple[int, str], str]
    successors: Iterable[tuple[str, str]]

    def title(self, version: int, digits: str) -> str | None:
        """Return the title of a division or code."""
        return self.titles.get((version, digits))

    def became(self, code: KbliCode) -> list[str]:
        """Return codes or divisions of the other version that a code may be; a person chooses."""
        pairs = [(old, new) if code.version == VERSIONS[0] else (new, old) for old, new in self.successors]
        exact = sorted({to for origin, to in pairs if origin == code.code})
        return exact or sorted({to for origin, to in pairs if origin == code.code[:2]})


def checked_codes(wanted: Iterable[tuple[int, str]], table: KbliTable) -> tuple[KbliCode, ...]:
    """Return codes with their titles, in the sequence given, each once.

    Raises:
        KbliInvalid: With every code that its version cannot have.
    """
    faults: list[FieldError] = []
    found: dict[tuple[int, str], KbliCode] = {}
    for place, (version, code) in enumerate(wanted):
        path = f"codes[{place}]"
        if version not in VERSIONS:
            faults.append(FieldError(f"{path}.version", "VERSION_UNKNOWN", "Versi KBLI adalah 2020 atau 2025."))
        elif _CODE.fullmatch(code) is None or table.title(version, code[:2]) is None:
            faults.append(FieldError(f"{path}.code", "CODE_UNKNOWN", f"Tidak ada dalam KBLI {version}."))
        else:
            found[version, code] = KbliCode(version, code, table.title(version, code))
    if len(found) > MOST_CODES:
        faults.append(FieldError("codes", "TOO_MANY", f"Paling banyak {MOST_CODES} kode."))
    if faults:
        raise KbliInvalid(faults)
    return tuple(found.values())
