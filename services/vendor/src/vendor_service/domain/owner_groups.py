"""Which businesses count as one seller: those connected by strong links (domain.md 2.4, 10.1, 10.5).

Strong is the same NIK among the owners, the same family card, the same bank account, or a weak link (phone, address)
that an officer has confirmed. A koperasi is a group of its own, and its bank account, which members may be paid by,
connects nobody. What a stranger claimed at sign-up connects nothing before an officer has verified it.
"""

from collections.abc import Collection, Iterable
from uuid import UUID

from vendor_service.domain.owner import OwnerGroups
from vendor_service.domain.profile import EntityKind
from vendor_service.domain.vendor import Vendor

LINK_FIELDS = frozenset({"nik", "kk", "account_number", "entity_kind"})
"""Fields of a business whose change may join or split groups."""

Pair = tuple[UUID, UUID]


def strong_links(vendor: Vendor) -> list[tuple[str, str]]:
    """Return what connects a business with others, by kind."""
    if vendor.profile.entity_kind is EntityKind.KOPERASI or not is_trusted(vendor):
        return []
    found = [(kind, getattr(owner, kind)) for owner in vendor.owners for kind in ("nik", "kk")]
    found.append(("account", vendor.private.account_number))
    return [(kind, value) for kind, value in found if value is not None]


def is_trusted(vendor: Vendor) -> bool:
    """Say whether what is known of a business comes from, or was seen by, an officer."""
    return vendor.applicant is None or vendor.milestones.verified_on is not None


def groups_of(vendors: Collection[Vendor], confirmed: Iterable[Pair]) -> dict[UUID, UUID]:
    """Return the group of each of these businesses, worked out anew: what no link holds together falls apart.

    Args:
        vendors: Everything that is linked with any of them must be among them.
        confirmed: Pairs that an officer has confirmed.
    """
    shared = {vendor.private.account_number for vendor in vendors if vendor.profile.entity_kind is EntityKind.KOPERASI}
    void = {("account", number) for number in shared}
    groups = OwnerGroups()
    may_join = set()
    for vendor in vendors:
        groups.add(vendor.vendor_id, [link for link in strong_links(vendor) if link not in void])
        if is_trusted(vendor) and vendor.profile.entity_kind is not EntityKind.KOPERASI:
            may_join.add(vendor.vendor_id)
    for pair in confirmed:
        if may_join.issuperset(pair):
            groups.add(pair[0], [("confirmed", pair)])
            groups.add(pair[1], [("confirmed", pair)])
    return {vendor.vendor_id: groups.group_of(vendor.vendor_id) for vendor in vendors}
