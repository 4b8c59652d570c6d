"""Where a seller stands and what is missing ("apa yang kurang"), ready to be read aloud (domain.md 1.4, warung)."""

from datetime import date
from typing import Any
from uuid import UUID

from vendor_service.application.ports import UnitOfWork
from vendor_service.domain.errors import VendorNotFound
from vendor_service.domain.profile import BAND_LIMITS, Band, Milestones
from vendor_service.domain.reviews.periods import grace_ends_on
from vendor_service.domain.reviews.review import BY_FINDING, Review, ReviewKind, ReviewState
from vendor_service.domain.standing import Standing
from vendor_service.domain.vendor import Vendor
from vendor_service.domain.verification import missing_data

_SHOWN = 20
_STEPS = {
    "CLOSED": "Usaha ini ditutup. Hubungi dinas bila ingin dibuka lagi.",
    "SUSPENDED": "Usaha ini sedang kena sanksi. Pesanan yang berjalan tetap diteruskan dan dibayar.",
    "WAIT_FOR_REVIEW": "Petugas sedang memeriksa usaha Anda. Pesanan baru ditahan sampai selesai.",
    "SAY_ACTIVE": "Usaha Anda sedang libur. Tekan “saya aktif” untuk menerima pesanan lagi.",
    "COMPLETE_DATA": "Lengkapi data di bawah, lalu ajukan verifikasi.",
    "WAIT_FOR_VERIFICATION": "Pengajuan Anda menunggu petugas.",
    "CORRECT_AND_REAPPLY": "Pengajuan ditolak. Perbaiki yang disebut, lalu ajukan lagi kapan saja.",
    "ASK_FOR_VERIFICATION": "Data sudah lengkap. Ajukan verifikasi.",
    "OPEN_ACCOUNT": "Minta petugas membuka akun usaha Anda.",
    "RENEW": "Masa verifikasi habis. Ajukan perpanjangan sebelum tanggal yang tertulis.",
    "ADD_PRODUCT": "Pasang produk pertama dengan harga, satuan, kapasitas, dan waktu siap.",
    "SELL": "Usaha Anda siap menerima pesanan.",
}


async def status_of(vendor_id: UUID, *, uow: UnitOfWork) -> dict[str, Any]:
    """Return what a seller sees of their way; names of fields and codes, and a sentence for each.

    Raises:
        VendorNotFound: No such business in this region.
    """
    vendor = (await uow.vendors.peek([vendor_id])).get(vendor_id)
    if vendor is None:
        raise VendorNotFound
    reviews = await uow.reviews.of_vendor(vendor_id, _SHOWN)
    step = next_step(vendor, reviews)
    return {
        "vendor_id": str(vendor_id),
        "standing": vendor.standing.value,
        "standing_since": vendor.standing_since,
        "can_receive_orders": vendor.standing is Standing.OK and vendor.band is not None,
        "band": vendor.band,
        "milestones": _dates(vendor.milestones),
        "verified_until": vendor.verified_until,
        "orders_end_on": _orders_end_on(vendor.verified_until),
        "payout_ready": vendor.payout_ready,
        "payout_held_until": vendor.payout_held_until,
        "bands": [_band_view(vendor, band) for band in Band],
        "next_step": step,
        "next_sentence": _STEPS[step],
        "reviews": reviews,
        "notices": await uow.care.notices(vendor_id, _SHOWN),
    }


def next_step(vendor: Vendor, reviews: list[Review]) -> str:
    """Return the one thing to do next, by name; the most urgent first."""
    held = {
        Standing.CLOSED: "CLOSED",
        Standing.MERGED: "CLOSED",
        Standing.SUSPENDED: "SUSPENDED",
        Standing.IN_REVIEW: "WAIT_FOR_REVIEW",
        Standing.DORMANT: "SAY_ACTIVE",
    }.get(vendor.standing)
    if held is not None:
        return held
    waiting = {review.kind for review in reviews if review.state is ReviewState.OPEN}
    if vendor.band is None:
        return _step_to_first_band(vendor, reviews, waiting)
    if ReviewKind.RENEWAL in waiting:
        return "RENEW"
    if vendor.milestones.account_on is None:
        return "OPEN_ACCOUNT"
    return "SELL" if vendor.milestones.published_on is not None else "ADD_PRODUCT"


def _step_to_first_band(vendor: Vendor, reviews: list[Review], waiting: set[ReviewKind]) -> str:
    if missing_data(Band.A, vendor.profile, vendor.private, vendor.owners, vendor.business_class):
        return "COMPLETE_DATA"
    if ReviewKind.VERIFICATION in waiting:
        return "WAIT_FOR_VERIFICATION"
    judged = next((one for one in reviews if one.kind in BY_FINDING and one.state is not ReviewState.WITHDRAWN), None)
    refused = judged is not None and judged.state is ReviewState.REFUSED
    return "CORRECT_AND_REAPPLY" if refused else "ASK_FOR_VERIFICATION"


def _band_view(vendor: Vendor, band: Band) -> dict[str, Any]:
    missing = missing_data(band, vendor.profile, vendor.private, vendor.owners, vendor.business_class)
    return {
        "band": band.value,
        "limit_idr": BAND_LIMITS[band],
        "reached": vendor.band is not None and band <= vendor.band,
        "missing": [{"field": one.field.removeprefix("proofs."), "message": one.message} for one in missing],
    }


def _dates(milestones: Milestones) -> dict[str, date | None]:
    return {name: getattr(milestones, name) for name in Milestones.__slots__}


def _orders_end_on(verified_until: date | None) -> date | None:
    return None if verified_until is None else grace_ends_on(verified_until)
