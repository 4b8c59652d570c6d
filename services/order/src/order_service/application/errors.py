"""Refusals of use cases that no domain rule makes: authority, references between records, preconditions.

One class a reason; what the domain refuses is in `domain.errors`.
"""

from collections.abc import Collection

from bela_kit.core.errors import FieldError, Kind, ServiceError


class RoleMissing(ServiceError):
    """The caller belongs to the region but holds no role for this act."""

    kind = Kind.FORBIDDEN
    reason = "ROLE_MISSING"

    def __init__(self, roles: Collection[str]) -> None:
        super().__init__("Peran Anda tidak berwenang untuk tindakan ini.", metadata={"roles": ",".join(roles)})


class NotFound(ServiceError):
    """Nothing of that kind under that id in this region."""

    kind = Kind.NOT_FOUND
    reason = "NOT_FOUND"


class RegionExists(ServiceError):
    """The region was created before."""

    kind = Kind.ALREADY_EXISTS
    reason = "REGION_EXISTS"


class DemoNotAllowed(ServiceError):
    """A demonstration clock is refused: by production, or because the region is a real one."""

    kind = Kind.STATE
    reason = "DEMO_NOT_ALLOWED"


class VersionMismatch(ServiceError):
    """The record changed since it was read."""

    kind = Kind.CONFLICT
    reason = "VERSION_MISMATCH"

    def __init__(self) -> None:
        super().__init__("Data sudah berubah sejak dibaca. Muat ulang lalu coba lagi.")


class Invalid(ServiceError):
    """One field is wrong whatever the state."""

    kind = Kind.INVALID
    reason = "INVALID_FIELD"

    def __init__(self, field: str, reason: str, message: str) -> None:
        super().__init__(message, fields=(FieldError(field=field, reason=reason, message=message),))


def under_path(error: ServiceError, path: str) -> ServiceError:
    """Return the same refusal with its fields below a path, for one item of a list."""
    error.fields = tuple(FieldError(f"{path}.{each.field}", each.reason, each.message) for each in error.fields)
    return error


class OperatorOnly(ServiceError):
    """Only the platform operator may do this."""

    kind = Kind.FORBIDDEN
    reason = "OPERATOR_ONLY"


class GrantConflict(ServiceError):
    """The same person may not hold both sides (domain.md 1.2)."""

    kind = Kind.STATE
    reason = "GRANT_CONFLICT"


class VendorNotEligible(ServiceError):
    """The registry would not let the seller take this order; its reasons are named."""

    kind = Kind.STATE
    reason = "VENDOR_NOT_ELIGIBLE"

    def __init__(self, reasons: Collection[str]) -> None:
        super().__init__(
            "Penyedia tidak memenuhi syarat untuk pesanan ini.",
            metadata={"reasons": ",".join(reasons)},
            extra={"vendor_reasons": list(reasons)},
        )


class NoBudgetHolder(ServiceError):
    """No unit above, nor the unit itself, holds a budget."""

    kind = Kind.STATE
    reason = "NO_BUDGET_HOLDER"

    def __init__(self) -> None:
        super().__init__("Unit ini tidak berada di bawah pengguna anggaran mana pun.")


class DependencyUnavailable(ServiceError):
    """A service this step has to ask does not answer; the same request may be sent again."""

    kind = Kind.UNAVAILABLE
    reason = "DEPENDENCY_UNAVAILABLE"


class CatalogRefusal(ServiceError):
    """What the catalog answers when it cannot price or hold; one subclass a reason."""

    kind = Kind.STATE
    reason = "CATALOG_REFUSED"


class ProductUnknown(CatalogRefusal):
    """A line names a product that the catalog does not hold."""

    kind = Kind.NOT_FOUND
    reason = "PRODUCT_UNKNOWN"


class ProfileUnknown(CatalogRefusal):
    """The need names a profile that the catalog does not hold."""

    kind = Kind.INVALID
    reason = "PROFILE_UNKNOWN"


class ProductNotOnSale(CatalogRefusal):
    """A product was withdrawn or never published."""

    reason = "PRODUCT_NOT_ON_SALE"


class CapacityGone(CatalogRefusal):
    """The seller's day is full."""

    reason = "CAPACITY_GONE"


class UnitShareExceeded(CatalogRefusal):
    """Unsigned orders of the unit would hold more than 30 % of the seller's day."""

    reason = "UNIT_SHARE_EXCEEDED"


class DeliveryArea(CatalogRefusal):
    """The seller does not deliver to the kecamatan."""

    reason = "DELIVERY_AREA"


class CatalogLeadTooShort(CatalogRefusal):
    """Less time is left than the seller needs."""

    reason = "LEAD_TOO_SHORT"


class GuestNotGranted(CatalogRefusal):
    """The seller's home region did not let it sell here."""

    reason = "GUEST_NOT_GRANTED"


class LinesOfTwoVendors(CatalogRefusal):
    """The lines belong to more than one seller."""

    kind = Kind.INVALID
    reason = "LINES_OF_TWO_VENDORS"


class QuantityRefused(CatalogRefusal):
    """A quantity is not one the catalog can hold."""

    kind = Kind.INVALID
    reason = "QUANTITY"


CATALOG_REFUSALS: tuple[type[CatalogRefusal], ...] = (
    ProductUnknown,
    ProfileUnknown,
    ProductNotOnSale,
    CapacityGone,
    UnitShareExceeded,
    DeliveryArea,
    CatalogLeadTooShort,
    GuestNotGranted,
    LinesOfTwoVendors,
    QuantityRefused,
)
