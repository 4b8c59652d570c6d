"""Examples of programmes in the OpenAPI document; invented, after real ones."""

from typing import Any

from vendor_service.entrypoints.rest.examples import VENDOR_ID

PROGRAMME_ID = "0192f1c0-7e1a-7c3e-9a51-2f6f6f1f0011"
SESSION_ID = "0192f1c0-7e1a-7c3e-9a51-2f6f6f1f0012"

ENTER: dict[str, Any] = {
    "name": "Wirausaha Baru 2026",
    "kind": "training",
    "organiser": {"kind": "partner", "name": "Komunitas Wirausaha OKE OCE", "unit_id": None},
    "starts_on": "2026-03-01",
    "ends_on": "2026-06-30",
    "target_count": 300,
    "district_codes": ["351005", "351006"],
    "note": "",
}
PROGRAMME = {"programme_id": PROGRAMME_ID, **ENTER, "version": 1}
PROGRAMME_LINE = {**{key: PROGRAMME[key] for key in PROGRAMME if key != "note"}, "session_count": 4}
ENTER_SESSION: dict[str, Any] = {
    "held_on": "2026-03-02",
    "starts_at": "09:00",
    "place": "Balai Desa Tembokrejo",
    "topic": "Kemasan dan label",
    "trainer": "Rina Wulandari",
    "capacity": 40,
}
SESSION = {
    "session_id": SESSION_ID,
    "programme_id": PROGRAMME_ID,
    **ENTER_SESSION,
    "cancelled": False,
    "version": 1,
}
COUNTS = {"invited_count": 12, "confirmed_count": 20, "declined_count": 3, "attended_count": 0, "absent_count": 0}
INVITE = {"filter": {"district_codes": ["351005"], "lacking": "trained", "q": "nasi kotak"}}
INVITED = {"invited": 35, "known_before": 0, "unknown": []}
PARTICIPANT = {
    "vendor_id": VENDOR_ID,
    "name": "Warung Bu Siti",
    "district_code": "351005",
    "status": "attended",
    "invited_at": "2026-02-20T03:00:00+00:00",
    "changed_at": "2026-03-02T05:00:00+00:00",
    "trained_on": "2026-03-02",
}
ATTENDANCE = {"attendances": [{"vendor_id": VENDOR_ID, "status": "attended"}]}
MARKS = {
    "counts": {"recorded": 1, "unchanged": 0, "refused": 0, "first_trainings": 1},
    "verdicts": [
        {"vendor_id": VENDOR_ID, "verdict": "recorded", "reason": None, "first_training": True, "merged_into": None}
    ],
}
RESULTS = {
    "results": [
        {"vendor_id": VENDOR_ID, "passed": True, "score": 85, "certificate_number": "SERT/014/2026", "note": ""}
    ]
}
RESULT_LINE = {
    "vendor_id": VENDOR_ID,
    "name": "Warung Bu Siti",
    "sessions_attended": 3,
    "passed": True,
    "score": 85,
    "certificate_number": "SERT/014/2026",
    "note": "",
    "recorded_at": "2026-06-30T03:00:00+00:00",
}
TRAINING = {
    "held_on": "2026-03-02",
    "session_id": SESSION_ID,
    "programme_id": PROGRAMME_ID,
    "programme": "Wirausaha Baru 2026",
    "organiser": "Komunitas Wirausaha OKE OCE",
    "topic": "Kemasan dan label",
    "place": "Balai Desa Tembokrejo",
    "starts_at": "09:00",
    "cancelled": False,
    "status": "attended",
    "passed": True,
    "score": 85,
    "certificate_number": "SERT/014/2026",
}
FOLLOWED = {
    "attended": 300,
    "account": {"count": 120, "per_mille": 400, "median_days": 21},
    "verified": {"count": 75, "per_mille": 250, "median_days": 35},
    "published": {"count": 60, "per_mille": 200, "median_days": 48},
    "first_sale": {"count": 22, "per_mille": 73, "median_days": 77},
}
OUTCOMES = {
    "total": FOLLOWED,
    "organisers": [{"organiser": {"kind": "partner", "name": "Komunitas Wirausaha OKE OCE"}, **FOLLOWED}],
    "programmes": [
        {
            "programme_id": PROGRAMME_ID,
            "name": "Wirausaha Baru 2026",
            "organiser": {"kind": "partner", "name": "Komunitas Wirausaha OKE OCE"},
            "starts_on": "2026-03-01",
            "ends_on": "2026-06-30",
            "target_count": 300,
            **FOLLOWED,
        }
    ],
}
OUTCOME_VENDOR = {
    "vendor_id": VENDOR_ID,
    "name": "Warung Bu Siti",
    "district_code": "351005",
    "first_attended_on": "2026-03-02",
    "reached_on": "2026-05-18",
    "days": 77,
}
