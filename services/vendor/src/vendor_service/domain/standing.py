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
HEAD = "koperindag_head"
LPSE = "lpse_admin"
OWNER = "vendor_owner"
COOP = "coop_manager"
SYSTEM = "system"

_SELLERS = frozenset({OWNER, COOP})
# The head of the department may do whatever its officers may.
_OFFICE = frozenset({KOPERINDAG, HEAD})
_WAYS: dict[tuple[Standing, Standing], frozenset[str]] = {
    (Standing.OK, Standing.IN_REVIEW): _OFFICE | {SYSTEM},
    (Standing.IN_REVIEW, Standing.OK): _OFFICE | {SYSTEM},
    (Standing.IN_REVIEW, Standing.SUSPENDED): frozenset({LPSE, SYSTEM}),
    (Standing.IN_REVIEW, Standing.CLOSED): _SELLERS | _OFFICE,
    (Standing.OK, Standing.SUSPENDED): frozenset({LPSE, SYSTEM}),
    (Standing.DORMANT, Standing.SUSPENDED): frozenset({LPSE, SYSTEM}),
    (Standing.SUSPENDED, Standing.OK): frozenset({LPSE, SYSTEM}),
    (Standing.SUSPENDED, Standing.IN_REVIEW): frozenset({LPSE, SYSTEM}),
    (Standing.OK, Standing.DORMANT): _SELLERS | {SYSTEM},
    (Standing.DORMANT, Standing.OK): _SELLERS,
    (Standing.OK, Standing.CLOSED): _SELLERS | _OFFICE,
    (Standing.DORMANT, Standing.CLOSED): _SELLERS | _OFFICE | {SYSTEM},
    (Standing.SUSPENDED, Standing.CLOSED): _SELLERS | _OFFICE,
    (Standing.CLOSED, Standing.IN_REVIEW): _OFFICE,
}


def check_way(current: Standing, wanted: Standing, role: str) -> None:
    """Refuse a change of standing that does not exist, or not for this role."""
    roles = _WAYS.get((current, wanted))
    if roles is None:
        raise StandingNotAllowed(current, wanted)
    if role not in roles:
        raise StandingRoleMissing
