"""Examples of readiness in the OpenAPI document; the sentences are those that the rules give."""

from typing import Any

from vendor_service.entrypoints.rest.examples import VENDOR_ID

_MISSING = [
    ("nib", "Nomor Induk Berusaha (NIB)", True, "NIB sudah tercatat."),
    ("kbli", "KBLI sesuai barang atau jasa yang dijual", True, "KBLI 56210 sudah tercatat."),
    (
        "npwp",
        "NPWP aktif",
        False,
        "NIK belum diaktifkan sebagai NPWP. Aktifkan di Coretax DJP atau kantor pajak terdekat.",
    ),
    ("deed", "Akta pendirian untuk badan usaha", True, "Usaha perorangan tidak memerlukan akta."),
    ("not_blacklisted", "Tidak dalam Daftar Hitam", True, "Usaha ini tidak dalam Daftar Hitam."),
]
READINESS: dict[str, Any] = {
    "vendor_id": VENDOR_ID,
    "points": 4,
    "most_points": 5,
    "ready": False,
    "requirements": [
        {"code": code, "title": title, "met": met, "sentence": sentence} for code, title, met, sentence in _MISSING
    ],
    "pkp_paper": {
        "code": "non_pkp_statement",
        "title": "Surat pernyataan bukan PKP",
        "met": False,
        "sentence": "Siapkan surat pernyataan bukan PKP.",
    },
}
LINE = {
    "vendor_id": VENDOR_ID,
    "name": "Warung Bu Siti",
    "district_code": "351005",
    "points": 4,
    "missing": ["npwp"],
}
DISTRICT = {
    "district_code": "351005",
    "district_name": "Muncar",
    "points": {"0": 0, "1": 3, "2": 160, "3": 41, "4": 9, "5": 1},
    "lacking": {"nib": 170, "kbli": 180, "npwp": 200, "deed": 4, "not_blacklisted": 1},
}
PAPER = {"kind": "deed", "number": "AHU-0012345.AH.01.01", "issued_on": "2024-05-17", "evidence_id": None}
CHECKLIST: dict[str, Any] = {
    "vendor_id": VENDOR_ID,
    "band": "A",
    "target_band": "B",
    "next_band": "B",
    "limit_idr": 50_000_000,
    "summary": "Untuk pesanan sampai Rp50 juta tambahkan NIB; NPWP belum perlu.",
    "items": [
        {
            "code": "nib",
            "title": "NIB (Nomor Induk Berusaha)",
            "state": "to_do",
            "sentence": "NIB belum tercatat. NIB adalah tanda bahwa usaha Anda terdaftar, dan dibuat gratis.",
            "steps": ["Siapkan KTP, nomor HP aktif dan alamat surel (email)."],
            "needed_from": "B",
        },
        {
            "code": "npwp",
            "title": "NPWP",
            "state": "not_needed_yet",
            "sentence": "Belum perlu untuk pesanan sampai Rp50 juta.",
            "steps": [],
            "needed_from": "C",
        },
    ],
}
