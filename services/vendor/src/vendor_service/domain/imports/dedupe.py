"""Which business a row speaks of: the rules of domain.md 10.3, first match wins.

Identifiers come in as keyed hashes, so that nothing here sees a number; two hashes are equal when the numbers are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from vendor_service.domain.names import SimilarNames, similar


class Rule(StrEnum):
    """Why two records are taken for one business, for businesses of one owner, or for a question to a human."""

    NIB = "SAME_NIB"
    NPWP = "SAME_NPWP"
    NIK_AND_NAME = "SAME_NIK_AND_NAME"
    NIK_ONLY = "SAME_NIK_OTHER_BUSINESS"
    PHONE_AND_NAME = "SAME_PHONE_SIMILAR_NAME"
    NAME_IN_VILLAGE = "SIMILAR_NAME_IN_VILLAGE"


SAME_BUSINESS = frozenset({Rule.NIB, Rule.NPWP, Rule.NIK_AND_NAME})
ASK_A_HUMAN = frozenset({Rule.PHONE_AND_NAME, Rule.NAME_IN_VILLAGE})


@dataclass(frozen=True, slots=True)
class Keys:
    """What deduplication looks at.

    Attributes:
        name: Name key of the business.
        place: Code of the desa, or of the kecamatan if the desa is not known.
        npwp: Only of an entity: a person's tax number is the NIK and says nothing about which business.
    """

    name: str
    place: str
    nib: bytes | None = None
    npwp: bytes | None = None
    nik: bytes | None = None
    phone: bytes | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A business that is in the register, or a row further up in the same file.

    Attributes:
        row: Number of the row if it stands in this file; none if it was in the register before.
    """

    vendor_id: UUID
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The first rule that fits, and the business it fits."""

    rule: Rule
    known: Known


class Register:
    """Everything a row is compared with; rows are added as they are taken, so a file meets itself too."""

    def __init__(self) -> None:
        self._by_nib: dict[bytes, Known] = {}
        self._by_npwp: dict[bytes, Known] = {}
        self._by_nik: dict[bytes, list[tuple[str, Known]]] = {}
        self._by_phone: dict[bytes, list[tuple[str, Known]]] = {}
        self._by_place: dict[str, SimilarNames[Known]] = {}

    def add(self, keys: Keys, known: Known) -> None:
        """Add a business; the first holder of a NIB or NPWP keeps it."""
        if keys.nib is not None:
            self._by_nib.setdefault(keys.nib, known)
        if keys.npwp is not None:
            self._by_npwp.setdefault(keys.npwp, known)
        if keys.nik is not None:
            self._by_nik.setdefault(keys.nik, []).append((keys.name, known))
        if keys.phone is not None:
            self._by_phone.setdefault(keys.phone, []).append((keys.name, known))
        if keys.place:
            self._by_place.setdefault(keys.place, SimilarNames()).add(keys.name, known)

    def find(self, keys: Keys) -> Found | None:
        """Return the first rule that fits a row."""
        return next(self._fitting(keys), None)

    def _fitting(self, keys: Keys) -> Iterator[Found]:
        if keys.nib is not None and keys.nib in self._by_nib:
            yield Found(Rule.NIB, self._by_nib[keys.nib])
        if keys.npwp is not None and keys.npwp in self._by_npwp:
            yield Found(Rule.NPWP, self._by_npwp[keys.npwp])
        if keys.nik is not None and keys.nik in self._by_nik:
            same_owner = self._by_nik[keys.nik]
            for name, known in same_owner:
                if similar(name, keys.name):
                    yield Found(Rule.NIK_AND_NAME, known)
            yield Found(Rule.NIK_ONLY, same_owner[0][1])
        if keys.phone is not None:
            for name, known in self._by_phone.get(keys.phone, ()):
                if similar(name, keys.name):
                    yield Found(Rule.PHONE_AND_NAME, known)
        if keys.place in self._by_place:
            for known in self._by_place[keys.place].find(keys.name):
                yield Found(Rule.NAME_IN_VILLAGE, known)
