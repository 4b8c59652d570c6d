"""Plain records around the order: places of units, the local copy of a seller, RUP packages.

They have no life cycle of their own worth an aggregate; the rules about them are in the use cases and, for money and
rotation, in the domain. Amounts are whole rupiah.
"""

from dataclasses import dataclass, field
from datetime import date

from order_service.domain.order.order_line import Seller
from order_service.domain.unit import Unit

NEARNESS_MODES = ("soft", "hard")


@dataclass(frozen=True, slots=True)
class RegionSettings:
    """What a region decides about suggestions, besides its clock."""

    nearness_mode: str = "soft"
    neighbours: dict[str, tuple[str, ...]] = field(default_factory=dict)
    neighbours_verified: bool = False


@dataclass(frozen=True, slots=True)
class PlacedUnit:
    """An organisation unit with its place in the tree, worked out when it is created.

    Attributes:
        unit: The unit.
        budget_holder_id: The unit itself or the nearest one above that holds a budget; None if there is none.
        path: Ids of all units above it and its own, the top first.
    """

    unit: Unit
    budget_holder_id: str | None
    path: tuple[str, ...]

    def scopes(self) -> frozenset[str]:
        """Return the ids a grant may be held over to reach this unit."""
        return frozenset(self.path)


@dataclass(frozen=True, slots=True)
class KnownSeller:
    """The local copy of a business that may sell here.

    Attributes:
        seller: What an order keeps of it.
        guest: Whether its home is another region.
        verified: Whether an officer verified it.
        payout_ready: False while a changed bank account waits for its check.
        category_codes: What a guest may sell here; empty means everything.
        valid_from: First day of a guest; None for one of our own.
        valid_to: Last day of a guest; None means without end.
        revoked: Whether the home region ended the guest grant.
    """

    seller: Seller
    guest: bool
    verified: bool
    payout_ready: bool
    category_codes: frozenset[str] = frozenset()
    valid_from: date | None = None
    valid_to: date | None = None
    revoked: bool = False

    def may_sell(self, category_code: str, on: date) -> bool:
        """Return whether new orders of a category may be given to it on a day (domain.md 2.4, 3.3)."""
        if self.seller.standing != "ok" or not self.verified or self.revoked:
            return False
        if self.category_codes and category_code not in self.category_codes:
            return False
        started = self.valid_from is None or self.valid_from <= on
        return started and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class RupPackage:
    """A package of the announced plan; orders under its code may not exceed its value (domain.md 6.3)."""

    rup_code: str
    unit_id: str
    title: str
    fiscal_year: int
    value_idr: int
