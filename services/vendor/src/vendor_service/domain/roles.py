"""Which roles sell and which serve the government; nobody does both in one region (domain.md 1.2)."""

from collections.abc import Iterable

SELLER_ROLES = frozenset({"vendor_owner", "vendor_staff", "coop_manager"})
OFFICER = "koperindag_officer"
LPSE = "lpse_admin"
AUDITOR = "auditor"
TREASURER = "bendahara"
HEAD = "koperindag_head"
VERIFIERS = frozenset({OFFICER, HEAD, LPSE, AUDITOR})
NOT_GOVERNMENT = SELLER_ROLES | {"public", "dprd_viewer", "province_admin", "platform_operator"}


def is_government(roles: Iterable[str]) -> bool:
    """Say whether any of the roles belongs to an officer of the region."""
    return any(role not in NOT_GOVERNMENT for role in roles)
