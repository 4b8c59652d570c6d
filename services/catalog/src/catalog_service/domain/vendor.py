"""What the catalog knows of a business from the vendor registry's events, and whether it may sell now."""

from dataclasses import dataclass
from datetime import date

from bela_kit.core.tenancy import TenantId

STANDING_OK = "ok"


@dataclass(frozen=True, slots=True)
class Vendor:
    """A copy of a business; only the registry changes it.

    Attributes:
        tenant: The region this copy belongs to: the home region, or the host's for a guest.
        home: The region that verified it.
        pkp: True if it charges PPN.
    """

    tenant: TenantId
    vendor_id: str
    home: TenantId
    version: int
    display_name: str
    owner_group_id: str
    district_code: str
    village_code: str
    standing: str
    verified: bool
    pkp: bool

    @property
    def may_sell(self) -> bool:
        """True if it is verified and its standing is ok; nobody else receives new orders (domain.md 2.4)."""
        return self.verified and self.standing == STANDING_OK

    @property
    def obstacle(self) -> str:
        """What keeps it from selling, as a code; empty if nothing does."""
        if not self.verified:
            return "not_verified"
        return "" if self.standing == STANDING_OK else f"standing_{self.standing}"


@dataclass(frozen=True, slots=True)
class GuestGrant:
    """The home region's leave to sell in a host region (domain.md 3.3)."""

    host: TenantId
    home: TenantId
    guest_grant_id: str
    vendor_id: str
    category_codes: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    revoked: bool
    version: int

    def covers(self, category_code: str, day: date) -> bool:
        """Say whether a product of the category may be sold in the host region on a day."""
        return (
            not self.revoked
            and (not self.category_codes or category_code in self.category_codes)
            and self.valid_from <= day
            and (self.valid_to is None or day <= self.valid_to)
        )
