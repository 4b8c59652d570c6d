"""Nearness: rings around the place of the activity, and how hard mode narrows and widens them (domain.md 10.1)."""

import enum
from collections.abc import Collection, Mapping
from fractions import Fraction


class Ring(enum.IntEnum):
    """Rings from near to far."""

    VILLAGE = 0
    DISTRICT = 1
    NEIGHBOUR = 2
    REGION = 3
    OUTSIDE = 4


RING_VALUE = {
    Ring.VILLAGE: Fraction(1),
    Ring.DISTRICT: Fraction(8, 10),
    Ring.NEIGHBOUR: Fraction(6, 10),
    Ring.REGION: Fraction(3, 10),
    Ring.OUTSIDE: Fraction(0),
}
RING_WORDS = {
    Ring.VILLAGE: "satu desa dengan kegiatan",
    Ring.DISTRICT: "satu kecamatan dengan kegiatan",
    Ring.NEIGHBOUR: "di kecamatan tetangga",
    Ring.REGION: "di daerah ini",
    Ring.OUTSIDE: "dari luar daerah",
}
HARD_MINIMUM_GROUPS = 2


def ring_of(
    *,
    tenant: str,
    place_district: str,
    place_village: str,
    seller_district: str,
    seller_village: str,
    adjacency: Mapping[str, Collection[str]],
) -> Ring:
    """The ring a seller lies in; kecamatan whose neighbours are not known count as the rest of the region."""
    if not seller_district.startswith(tenant):
        return Ring.OUTSIDE
    if place_village and place_village == seller_village:
        return Ring.VILLAGE
    if place_district == seller_district:
        return Ring.DISTRICT
    neighbours = adjacency.get(place_district, ())
    if seller_district in neighbours or place_district in adjacency.get(seller_district, ()):
        return Ring.NEIGHBOUR
    return Ring.REGION


def widest_ring(groups_by_ring: Mapping[Ring, Collection[str]]) -> Ring:
    """The ring up to which hard mode looks.

    Args:
        groups_by_ring: Owner groups that are eligible and not cooled, by their ring.

    Returns:
        The neighbouring kecamatan if two groups are found up to there, else the next ring that has two; where no ring
        has two, the farthest that has any.
    """
    seen: set[str] = set()
    for ring in Ring:
        seen |= set(groups_by_ring.get(ring, ()))
        if ring >= Ring.NEIGHBOUR and len(seen) >= HARD_MINIMUM_GROUPS:
            return ring
    return Ring.OUTSIDE
