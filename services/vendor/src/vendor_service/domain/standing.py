"""Which standing follows which, and who may say so (domain.md 2.4). Only `ok` receives new orders."""

import enum

from vendor_service.domain.errors import StandingNotAllowed, StandingRoleMissing


class Standing(enum.StrEnum):
    """Whether a business may receive new orders, and why not."""

    OK = "ok"
    IN_REVIEW = "in_review"
    SUSPENDED = "suspended"
    DORMANT = "dormant"
    CLOSED = "closed"
    MERGED = "merged"


KOPERINDAG = "koperindag_officer"
LPSE = "lpse_admin"
OWNER = "vendor_owner"
COOP = "coop_manager"
SYSTEM = "system"

_SELLERS = frozenset({OWNER, COOP})
_WAYS: dict[tuple[Standing, Standing], frozenset[str]] = {
    (Standing.OK, Standing.IN_REVIEW): frozenset({KOPERINDAG, SYSTEM}),
    (Standing.IN_REVIEW, Standing.OK): frozenset({KOPERINDAG}),
    (Standing.IN_REVIEW, Standing.SUSPENDED): frozenset({LPSE, SYSTEM}),
    (Standing.IN_REVIEW, Standing.CLOSED): frozenset({KOPERINDAG}),
    (Standing.OK, Standing.SUSPENDED): frozenset({LPSE, SYSTEM}),
    (Standing.DORMANT, Standing.SUSPENDED): frozenset({LPSE, SYSTEM}),
    (Standing.SUSPENDED, Standing.OK): frozenset({LPSE, SYSTEM}),
    (Standing.SUSPENDED, Standing.IN_REVIEW): frozenset({LPSE, SYSTEM}),
    (Standing.OK, Standing.DORMANT): _SELLERS | {SYSTEM},
    (Standing.DORMANT, Standing.OK): _SELLERS,
    (Standing.OK, Standing.CLOSED): _SELLERS | {KOPERINDAG},
    (Standing.DORMANT, Standing.CLOSED): _SELLERS | {KOPERINDAG, SYSTEM},
    (Standing.SUSPENDED, Standing.CLOSED): _SELLERS | {KOPERINDAG},
    (Standing.CLOSED, Standing.IN_REVIEW): frozenset({KOPERINDAG}),
}


def check_way(current: Standing, wanted: Standing, role: str) -> None:
    """Refuse a change of standing that does not exist, or not for this role."""
    roles = _WAYS.get((current, wanted))
    if roles is None:
        raise StandingNotAllowed(current, wanted)
    if role not in roles:
        raise StandingRoleMissing
