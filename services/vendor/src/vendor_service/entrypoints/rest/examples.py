"""Examples in the OpenAPI document; invented people, real places."""

from typing import Any

VENDOR_ID = "0192f1c0-7e1a-7c3e-9a51-2f6f6f1f0001"
IMPORT_ID = "0192f1c0-7e1a-7c3e-9a51-2f6f6f1f0009"

MILESTONES: dict[str, Any] = {
    "collected_on": "2026-03-02",
    "trained_on": None,
    "account_on": None,
    "verified_on": None,
    "published_on": None,
    "first_sale_on": None,
}
VENDOR: dict[str, Any] = {
    "vendor_id": VENDOR_ID,
    "name": "Warung Bu Siti",
    "entity_kind": "individual",
    "business_class": "micro",
    "district_code": "351005",
    "village_code": "3510052005",
    "main_product": "Nasi kotak",
    "standing": "ok",
    "band": None,
    "milestones": MILESTONES,
}
ACKNOWLEDGED = {**VENDOR, "nib": None, "version": 1}
VENDOR_LIST = {"vendors": [{**VENDOR, "version": 1, "owner_names": ["Siti Aminah"]}], "next_page_token": None}
REGISTER = {
    "name": "Warung Bu Siti",
    "main_product": "Nasi kotak",
    "village_code": "3510052005",
    "address": "Jl. Pelabuhan 7",
    "owners": [{"name": "Siti Aminah", "nik": "3510165708850001", "kk": "3510160101100001"}],
    "phone": "0812 3456 7890",
    "bank": "BRI",
    "account_number": "123456789012",
    "account_holder": "SITI AMINAH",
    "turnover_idr": 120000000,
    "start_year": 2015,
}
IMPORT = {
    "import_id": IMPORT_ID,
    "state": "previewed",
    "filename": "umkm-2026.xlsx",
    "source": "Pendataan 2026",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "size_bytes": 2473239,
    "counts": {
        "new": 9782,
        "update": 0,
        "duplicate": 402,
        "possible_duplicate": 0,
        "rejected": 80,
        "with_warnings": 180,
    },
    "progress": {"rows_total": 10264, "rows_done": 10264},
    "failure": None,
    "layout": {"tables": [{"sheet": "Data UMKM", "columns": {"nama_usaha": 1}, "ignored": []}], "skipped_sheets": []},
    "uploaded_at": "2026-03-02T09:15:00+00:00",
    "previewed_at": "2026-03-02T09:15:02+00:00",
    "finished_at": None,
}
ROW = {
    "row_number": 17,
    "sheet": "Data UMKM",
    "sheet_row": 24,
    "verdict": "new",
    "vendor_id": VENDOR_ID,
    "other_vendor_id": None,
    "reasons": [],
    "warnings": [
        {
            "field": "nik",
            "reason": "ROUNDED_NUMBER",
            "message": "Angka dibulatkan oleh Excel; digit terakhir hilang, nomor tidak dipakai.",
        }
    ],
    "changes": [],
    "business": {
        "name": "Warung Bu Siti",
        "owner_name": "Siti Aminah",
        "nik": None,
        "district_code": "351005",
        "village_code": "3510052005",
    },
}
GUEST_GRANT = {
    "guest_grant_id": "0192f1c0-7e1a-7c3e-9a51-2f6f6f1f0003",
    "vendor_id": VENDOR_ID,
    "host_region": "19",
    "category_codes": ["spice.red_ginger"],
    "valid_from": "2026-03-01",
    "valid_to": None,
    "revoked": False,
    "version": 1,
}
