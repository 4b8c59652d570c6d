"""The person behind a business, and which businesses count as one seller (domain.md 2.4)."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from vendor_service.domain.fields import values_of
from vendor_service.domain.names import person_key, similar


@dataclass(frozen=True, slots=True)
class Owner:
    """A person who owns a business, or directs one that is an entity.

    Attributes:
        nik: Sixteen digits, or none if not known.
        kk: Number of the family card.
        sex: L or P.
    """

    owner_id: UUID
    name: str
    nik: str | None = None
    kk: str | None = None
    sex: str | None = None
    birth_place: str | None = None
    birth_date: date | None = None

    def filled_from(self, other: "Owner") -> "Owner":
        """Return this person with what was not known yet taken from another record of the same one."""
        values = values_of(other)
        gaps = {name: value for name, value in values_of(self).items() if value is None}
        return replace(self, **{name: values[name] for name in gaps})


def is_one_person(name: str, nik: str | None, other_name: str, other_nik: str | None) -> bool:
    """Say whether two records speak of one person: by NIK where both are known, else by a similar name."""
    if nik is not None and other_nik is not None:
        return nik == other_nik
    return similar(person_key(name), person_key(other_name))


class OwnerGroups:
    """Joins businesses that share a strong link: the same owner NIK, the same family card, the same bank account.

    A group is named by the smallest identifier among its businesses, so that the same links give the same name in any
    sequence.
    """

    def __init__(self) -> None:
        self._parent: dict[UUID, UUID] = {}
        self._by_link: dict[Hashable, UUID] = {}

    def add(self, vendor_id: UUID, links: Iterable[Hashable], group: UUID | None = None) -> None:
        """Add a business with its links and the group it is known to be in."""
        self._join(vendor_id, vendor_id if group is None else group)
        for link in links:
            self._join(vendor_id, self._by_link.setdefault(link, vendor_id))

    def group_of(self, vendor_id: UUID) -> UUID:
        """Return the name of the group that a business is in."""
        return self._find(vendor_id)

    def _find(self, item: UUID) -> UUID:
        root = item
        while self._parent.get(root, root) != root:
            root = self._parent[root]
        while self._parent.get(item, item) != root:
            self._parent[item], item = root, self._parent[item]
        return root

    def _join(self, a: UUID, b: UUID) -> None:
        first, second = sorted((self._find(a), self._find(b)), key=lambda item: item.int)
        self._parent[second] = first
        self._parent.setdefault(first, first)
