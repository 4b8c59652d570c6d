"""Every reason for which the catalog says no: one class per reason, each with its kind.

What a person reads is Indonesian; what a program reads is the reason.
"""

from collections.abc import Mapping

from bela_kit.core.errors import FieldError, Kind, ServiceError


class FieldInvalid(ServiceError):
    """A field of a product or of a request cannot be right, whatever the state."""

    kind = Kind.INVALID
    reason = "FIELD_INVALID"

    def __init__(self, field: str, reason: str, message: str) -> None:
        super().__init__(message, fields=[FieldError(field, reason, message)])


class CategoryUnknown(ServiceError):
    """No such category."""

    kind = Kind.INVALID
    reason = "CATEGORY_UNKNOWN"

    def __init__(self, field: str = "category_code") -> None:
        message = "Kategori tidak dikenal."
        super().__init__(message, fields=[FieldError(field, self.reason, message)])


class ProfileNotFound(ServiceError):
    """No such profile, asked by name in a request that needs one."""

    kind = Kind.NOT_FOUND
    reason = "PROFILE_UNKNOWN"

    def __init__(self) -> None:
        super().__init__("Profil barang/jasa tidak dikenal.")


class ProfileInvalid(ServiceError):
    """A product names a profile that does not exist or does not fit its category or unit."""

    kind = Kind.INVALID
    reason = "PROFILE_INVALID"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message, fields=[FieldError(field, self.reason, message)])


class RegionUnknown(ServiceError):
    """No such region, for a service that asks."""

    kind = Kind.NOT_FOUND
    reason = "REGION_UNKNOWN"

    def __init__(self) -> None:
        super().__init__("Daerah tidak ditemukan.")


class VendorUnknown(ServiceError):
    """The catalog has not heard of this business in this region."""

    kind = Kind.NOT_FOUND
    reason = "VENDOR_UNKNOWN"

    def __init__(self) -> None:
        super().__init__("Pelaku usaha tidak dikenal di daerah ini.")


class ProductUnknown(ServiceError):
    """No such product, or none that this caller may see."""

    kind = Kind.NOT_FOUND
    reason = "PRODUCT_UNKNOWN"

    def __init__(self, metadata: Mapping[str, str] | None = None) -> None:
        super().__init__("Produk tidak ditemukan.", metadata=metadata)


class ProductChangedMeanwhile(ServiceError):
    """The product, or its capacity on that day, is no longer the one the caller looked at."""

    kind = Kind.CONFLICT
    reason = "ETAG_MISMATCH"

    def __init__(self) -> None:
        super().__init__("Data sudah diubah orang lain; muat ulang lalu coba lagi.")


class VendorNotReady(ServiceError):
    """The business may not sell now: not verified, or its standing is not ok."""

    kind = Kind.STATE
    reason = "VENDOR_NOT_READY"

    def __init__(self, why: str) -> None:
        super().__init__(
            "Pelaku usaha belum dapat berjualan: belum diverifikasi atau tidak berstatus aktif.",
            metadata={"vendor": why},
            extra={"vendor_reason": why},
        )


class ProductIncomplete(ServiceError):
    """Something that a product on sale must have is missing."""

    kind = Kind.STATE
    reason = "PRODUCT_INCOMPLETE"

    def __init__(self, fields: list[FieldError]) -> None:
        super().__init__("Produk belum lengkap untuk dijual.", fields=fields)


class PriceNeedsConfirmation(ServiceError):
    """The product waits because its price is below half the median; the seller must say that it is meant."""

    kind = Kind.STATE
    reason = "PRICE_NEEDS_CONFIRMATION"

    def __init__(self, unit_price_idr: int, median_times_two_idr: int) -> None:
        super().__init__(
            "Harga di bawah separuh harga tengah produk sejenis. Jika benar, terbitkan lagi dengan confirm_price=true.",
            extra={"unit_price_idr": unit_price_idr, "median_price_idr": median_times_two_idr // 2},
        )


class ProductNotOnSale(ServiceError):
    """The product exists but nobody may take it now."""

    kind = Kind.STATE
    reason = "PRODUCT_NOT_ON_SALE"

    def __init__(self, metadata: Mapping[str, str] | None = None) -> None:
        super().__init__("Produk sedang tidak dijual.", metadata=metadata)


class ProductAlreadyPublished(ServiceError):
    """The product is on sale already."""

    kind = Kind.STATE
    reason = "PRODUCT_ALREADY_PUBLISHED"

    def __init__(self) -> None:
        super().__init__("Produk sudah dijual.")


class CapacityGone(ServiceError):
    """The seller's day is full for this quantity."""

    kind = Kind.STATE
    reason = "CAPACITY_GONE"

    def __init__(self, product_id: str, free: int) -> None:
        super().__init__(
            f"Kapasitas penjual pada hari itu tidak cukup; tersisa {free}.",
            metadata={"product_id": product_id, "free": str(free)},
        )


class UnitShareExceeded(ServiceError):
    """The unit's orders that nobody has signed would hold too much of the seller's day."""

    kind = Kind.STATE
    reason = "UNIT_SHARE_EXCEEDED"

    def __init__(self, product_id: str, limit: int) -> None:
        super().__init__(
            "Pesanan unit ini yang belum ditandatangani sudah menahan terlalu banyak kapasitas penjual pada hari itu.",
            metadata={"product_id": product_id, "limit": str(limit)},
        )


class DeliveryArea(ServiceError):
    """The seller does not deliver to that kecamatan."""

    kind = Kind.STATE
    reason = "DELIVERY_AREA"

    def __init__(self, product_id: str, district_code: str) -> None:
        super().__init__(
            "Penjual tidak mengantar ke kecamatan itu.",
            metadata={"product_id": product_id, "district_code": district_code},
        )


class LeadTooShort(ServiceError):
    """Delivery is nearer than the seller's lead time and one hour."""

    kind = Kind.STATE
    reason = "LEAD_TOO_SHORT"

    def __init__(self, product_id: str, lead_time_hours: int) -> None:
        super().__init__(
            f"Waktu terlalu sempit: penjual memerlukan {lead_time_hours} jam ditambah satu jam.",
            metadata={"product_id": product_id, "lead_time_hours": str(lead_time_hours)},
        )


class GuestNotGranted(ServiceError):
    """The seller's home region has not let it sell in the buyer's region, or not this category, or not today."""

    kind = Kind.STATE
    reason = "GUEST_NOT_GRANTED"

    def __init__(self, product_id: str) -> None:
        super().__init__(
            "Penjual dari daerah lain ini tidak diizinkan berjualan di daerah pembeli.",
            metadata={"product_id": product_id},
        )


class LinesOfTwoVendors(ServiceError):
    """One order goes to one seller."""

    kind = Kind.INVALID
    reason = "LINES_OF_TWO_VENDORS"

    def __init__(self) -> None:
        super().__init__("Semua baris pesanan harus dari satu penjual.")


class QuantityInvalid(ServiceError):
    """A line asks for less than one unit, or more than anybody makes, or there is no line."""

    kind = Kind.INVALID
    reason = "QUANTITY"

    def __init__(self, field: str = "lines") -> None:
        message = "Jumlah harus 1 sampai 1.000.000."
        super().__init__(message, fields=[FieldError(field, self.reason, message)])


def field_errors(found: Mapping[str, tuple[str, str]]) -> list[FieldError]:
    """Return field errors from `{field: (reason, message)}`."""
    return [FieldError(field, reason, message) for field, (reason, message) in found.items()]
