"""What a single field of a product may hold, whatever the rest of it says."""

import re
from collections.abc import Sequence

from catalog_service.domain.errors import FieldInvalid
from catalog_service.domain.pricing import MAX_PRICE_IDR
from catalog_service.domain.reference import Certificate

MAX_CAPACITY = 1_000_000
MAX_LEAD_HOURS = 24 * 365
MAX_DISTRICTS = 500
_DISTRICT = re.compile(r"[0-9]{6}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_KINDS = frozenset({"pirt", "bpom", "halal", "sni", "haki", "tkdn"})


def clean_text(field: str, text: str, *, least: int, most: int) -> str:
    """Return a text without outer blanks; control characters and other lengths are refused."""
    text = text.strip()
    if _CONTROL.search(text):
        raise FieldInvalid(field, "CHARACTERS", "Teks memuat karakter yang tidak dapat disimpan.")
    if not least <= len(text) <= most:
        raise FieldInvalid(field, "LENGTH", f"Panjang teks harus {least} sampai {most} karakter.")
    return text


def check_price(price_idr: int | None) -> int | None:
    """Return the price if it is at least one rupiah and not absurd; none is left as it is (a draft)."""
    if price_idr is not None and not 1 <= price_idr <= MAX_PRICE_IDR:
        raise FieldInvalid("unit_price_idr", "RANGE", "Harga harus 1 sampai 1.000.000.000.000 rupiah.")
    return price_idr


def check_capacity(capacity: int | None, *, least: int = 1, field: str = "capacity_per_day") -> int | None:
    """Return the capacity if anybody could make that many a day."""
    if capacity is not None and not least <= capacity <= MAX_CAPACITY:
        raise FieldInvalid(field, "RANGE", f"Kapasitas per hari harus {least} sampai 1.000.000.")
    return capacity


def check_lead_time(hours: int | None) -> int | None:
    """Return the lead time if it lies between nothing and a year."""
    if hours is not None and not 0 <= hours <= MAX_LEAD_HOURS:
        raise FieldInvalid("lead_time_hours", "RANGE", "Waktu pengerjaan harus 0 sampai 8.760 jam.")
    return hours


def check_districts(codes: Sequence[str]) -> tuple[str, ...]:
    """Return kecamatan codes sorted and once each."""
    unique = sorted(set(codes))
    if len(unique) > MAX_DISTRICTS:
        raise FieldInvalid("delivery_district_codes", "TOO_MANY", "Paling banyak 500 kecamatan.")
    for position, code in enumerate(codes):
        if _DISTRICT.fullmatch(code) is None:
            raise FieldInvalid(
                f"delivery_district_codes[{position}]", "DISTRICT_CODE", "Kode kecamatan terdiri dari enam angka."
            )
    return tuple(unique)


def check_certificates(certificates: Sequence[Certificate]) -> tuple[Certificate, ...]:
    """Return certificates of known kinds with clean numbers."""
    if len(certificates) > 20:
        raise FieldInvalid("certificates", "TOO_MANY", "Paling banyak 20 sertifikat.")
    checked = []
    for position, one in enumerate(certificates):
        if one.kind not in _KINDS:
            raise FieldInvalid(f"certificates[{position}].kind", "CERTIFICATE_KIND", "Jenis sertifikat tidak dikenal.")
        number = clean_text(f"certificates[{position}].number", one.number, least=1, most=60)
        checked.append(Certificate(one.kind, number, one.valid_to))
    return tuple(checked)
