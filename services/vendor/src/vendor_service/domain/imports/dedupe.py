"""Which business a row speaks of: the rules of domain.md 10.3, first match wins.

Identifiers come in as keyed hashes, so that nothing here sees a number; two hashes are equal when the numbers are.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from vendor_service.domain.names import SimilarNames, similar


class Rule(StrEnum):
    """Why two records are taken for one business, for businesses of one owner, or for a question to a human."""

    ID = "SAME_ID"
    NIB = "SAME_NIB"
    NPWP = "SAME_NPWP"
    NIK_AND_NAME = "SAME_NIK_AND_NAME"
    NIK_ONLY = "SAME_NIK_OTHER_BUSINESS"
    PHONE_AND_NAME = "SAME_PHONE_SIMILAR_NAME"
    NAME_IN_VILLAGE = "SIMILAR_NAME_IN_VILLAGE"


SAME_BUSINESS = frozenset({Rule.ID, Rule.NIB, Rule.NPWP, Rule.NIK_AND_NAME})
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
        aside: That it was found by what a further owner, or a record that lives on in it, is known by.
    """

    vendor_id: UUID
    row: int | None = None
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The first rule that fits, and the business it fits."""

    rule: Rule
    known: Known


class Register:
    """Everything a row is compared with; rows are added as they are taken, so a file meets itself too.

    Hashes lead to places in three plain lists: at 300,000 rows an object for each would not fit into memory.
    """

    def __init__(self) -> None:
        self._ids: list[UUID] = []
        self._rows = array("i")
        self._names: list[str] = []
        self._aside: set[int] = set()
        self._by_nib: dict[bytes, int] = {}
        self._by_npwp: dict[bytes, int] = {}
        self._by_nik: dict[bytes, _Sharers] = {}
        self._by_phone: dict[bytes, _Sharers] = {}
        self._by_place: dict[str, SimilarNames[int]] = {}
        self._by_id: dict[UUID, int] | None = None

    def add(self, keys: Keys, known: Known) -> None:
        """Add a business; the first holder of a NIB or NPWP keeps it."""
        place = len(self._ids)
        self._ids.append(known.vendor_id)
        self._rows.append(known.row or 0)
        self._names.append(keys.name)
        if known.aside:
            self._aside.add(place)
        if keys.nib is not None:
            self._by_nib.setdefault(keys.nib, place)
        if keys.npwp is not None:
            self._by_npwp.setdefault(keys.npwp, place)
        if keys.nik is not None:
            self._share(self._by_nik, keys.nik, place)
        if keys.phone is not None:
            self._share(self._by_phone, keys.phone, place)
        if keys.place:
            names = self._by_place.get(keys.place)
            if names is None:
                names = self._by_place[keys.place] = SimilarNames()
            names.add(keys.name, place)

    def named(self, vendor_id: UUID) -> Found | None:
        """Return the business that a row names by its id; only rows of an export do."""
        if self._by_id is None:
            self._by_id = {one: place for place, one in enumerate(self._ids) if not self._rows[place]}
        place = self._by_id.get(vendor_id)
        return None if place is None else Found(Rule.ID, Known(vendor_id))

    def find(self, keys: Keys) -> Found | None:
        """Return the first rule that fits a row."""
        fitting = next(self._fitting(keys), None)
        if fitting is None:
            return None
        rule, place = fitting
        return Found(rule, Known(self._ids[place], self._rows[place] or None, place in self._aside))

    def _fitting(self, keys: Keys) -> Iterator[tuple[Rule, int]]:
        if keys.nib is not None and keys.nib in self._by_nib:
            yield Rule.NIB, self._by_nib[keys.nib]
        if keys.npwp is not None and keys.npwp in self._by_npwp:
            yield Rule.NPWP, self._by_npwp[keys.npwp]
        if keys.nik is not None and keys.nik in self._by_nik:
            same_owner = self._by_nik[keys.nik]
            for place in self._similar(same_owner, keys.name):
                yield Rule.NIK_AND_NAME, place
            yield Rule.NIK_ONLY, same_owner if isinstance(same_owner, int) else same_owner[0]
        if keys.phone is not None and keys.phone in self._by_phone:
            for place in self._similar(self._by_phone[keys.phone], keys.name):
                yield Rule.PHONE_AND_NAME, place
        if keys.place in self._by_place:
            for place in self._by_place[keys.place].find(keys.name):
                yield Rule.NAME_IN_VILLAGE, place

    def _share(self, index: "dict[bytes, _Sharers]", key: bytes, place: int) -> None:
        held = index.get(key)
        if held is None:
            index[key] = place
            return
        first, others = (held, None) if isinstance(held, int) else held
        if others is None:
            others = SimilarNames()
            others.add(self._names[first], first)
            index[key] = (first, others)
        others.add(self._names[place], place)

    def _similar(self, sharers: "_Sharers", name: str) -> Iterator[int]:
        if not isinstance(sharers, int):
            yield from sharers[1].find(name)
        elif similar(self._names[sharers], name):
            yield sharers


# The place of who has a number; with several, of the first one, and all their names: an officer who gave his own phone
# for a thousand sellers must not make every row be compared with a thousand.
_Sharers = int | tuple[int, SimilarNames[int]]
