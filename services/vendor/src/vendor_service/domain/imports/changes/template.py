"""The register in the columns of the import template, so that an export can be imported again and changes nothing.

A masked number means "unchanged"; a cell that a spreadsheet would take for a formula is written with an apostrophe in
front, which reading takes away again.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from vendor_service.domain.identifiers import mask_account, mask_number
from vendor_service.domain.imports.columns import COLUMNS
from vendor_service.domain.profile import EntityKind

ID_COLUMN = "id_usaha"
CLASS_COLUMN = "kelas_usaha"
EXPORTED = (ID_COLUMN, *COLUMNS, CLASS_COLUMN)
"""The columns of an export: the template, with the id in front and the declared class behind."""

FIELD_OF = {
    "nama_usaha": "name", "nama_pemilik": "owner_name", "nik": "nik", "no_kk": "kk", "jenis_kelamin": "sex",
    "tempat_lahir": "birth_place", "tanggal_lahir": "birth_date", "no_hp": "phone", "email": "email",
    "alamat": "address", "rt": "rt", "rw": "rw", "desa_kelurahan": "village_code", "kecamatan": "district_code",
    "kode_pos": "postcode", "bentuk_usaha": "entity_kind", "jenis_usaha": "business_type",
    "kegiatan_utama": "main_activity", "produk_utama": "main_product", "kbli": "kbli", "nib": "nib", "npwp": "npwp",
    "iumk": "iumk", "pirt": "pirt", "halal": "halal", "bpom": "bpom", "sni": "sni", "tahun_mulai": "start_year",
    "modal": "capital_idr", "aset": "assets_idr", "omzet_tahunan": "turnover_idr", "tk_laki": "workers_male",
    "tk_perempuan": "workers_female", "kapasitas_bulanan": "monthly_capacity", "satuan_kapasitas": "capacity_unit",
    "bank": "bank", "no_rekening": "account_number", "nama_rekening": "account_holder", "medsos": "social_media",
    "lat": "latitude", "lon": "longitude", "tahun_data": "data_year", "sumber": "source", "keterangan": "note",
    CLASS_COLUMN: "class_declared",
}  # fmt: skip
"""Column of the template -> field of a business or its first owner."""

MASKED = ("nik", "no_kk", "npwp", "no_rekening")
"""What an export shows masked unless it is a reveal (domain.md 8.2)."""

_FORMS = {
    EntityKind.INDIVIDUAL: "Perorangan",
    EntityKind.PERSEROAN_PERORANGAN: "Perseroan Perorangan",
    EntityKind.KOPERASI: "Koperasi",
    EntityKind.CV: "CV",
    EntityKind.FIRMA: "Firma",
    EntityKind.PT: "PT",
    EntityKind.BUMDES: "BUMDes",
    EntityKind.OTHER: "Lainnya",
}
_CLASSES = {"micro": "Mikro", "small": "Kecil", "medium": "Menengah", "large": "Besar"}
_MASK = re.compile(r"'?\d*\*{3,}\d*")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Shown = str | int | None


def is_masked(cell: object) -> bool:
    """Say whether a cell holds a number as an export masks it."""
    return isinstance(cell, str) and "*" in cell and _MASK.fullmatch(cell.strip()) is not None


def cells_of(values: Mapping[str, Any], places: Mapping[str, str], *, masked: bool) -> dict[str, Shown]:
    """Return what an export shows of a business, by column.

    Args:
        values: The business and its first owner, by field.
        places: Code of a kecamatan or desa -> its name.
        masked: Whether numbers of persons are masked.
    """
    shown: dict[str, Shown] = {column: _shown(values.get(name)) for column, name in FIELD_OF.items()}
    for column in ("desa_kelurahan", "kecamatan"):
        code = values.get(FIELD_OF[column])
        shown[column] = places.get(code, code) if code is not None else None
    kind, declared = values.get("entity_kind"), values.get("class_declared")
    shown["bentuk_usaha"] = _FORMS[EntityKind(kind)] if kind is not None else None
    shown[CLASS_COLUMN] = _CLASSES[declared] if declared is not None else None
    phone = values.get("phone")
    shown["no_hp"] = "0" + phone.removeprefix("+62") if phone is not None and phone.startswith("+62") else phone
    if masked:
        shown["no_rekening"] = mask_account(values.get("account_number"))
        for column in ("nik", "no_kk", "npwp"):
            shown[column] = mask_number(values.get(FIELD_OF[column]))
    return shown


def safe(cell: Shown) -> Shown:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _shown(value: Any) -> Shown:
    if value is None or isinstance(value, int):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)
