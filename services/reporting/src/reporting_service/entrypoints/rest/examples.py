"""Answers shown in the OpenAPI document; a test holds each against the schema of its operation."""

from typing import Any

Json = dict[str, Any]

_HEAD: Json = {"region": "3510", "demo": True, "as_of": "2026-06-30T04:00:00Z"}
_SLICE: Json = {**_HEAD, "year": 2026, "unit": None, "unit_name": None, "category": None, "district": None}
_UNIT = "019b0c5e-0000-7000-8000-000000000001"
_VENDOR = "019b0c5e-0000-7000-8000-000000000002"
_ORDER = "019b0c5e-0000-7000-8000-000000000003"
_LINE = "019b0c5e-0000-7000-8000-000000000004"
_OCID = f"ocds-bela00-3510-{_ORDER}"

_SPREAD: Json = {
    "n": 214,
    "sellers": 26,
    "spend_idr": 61_400_000,
    "orders": 38,
    "gini": 0.91,
    "hhi": 812.4,
    "effective_number": 12.309207,
    "theil": {"total": 2.31, "within": 1.9, "between": 0.41},
    "reach": 0.121495,
    "top1_share": 0.18,
    "top5_share": 0.52,
    "suppressed": [],
}
_NOBODY: Json = {**dict.fromkeys(_SPREAD), "n": 0, "sellers": 0, "spend_idr": 0, "orders": 0, "suppressed": []}

EQUITY: Json = {
    **_SLICE,
    "variant": "active",
    **_SPREAD,
    "new_vendors": 9,
    "new_vendor_share": 0.21,
    "umk_share": 0.97,
    "umk_target": 0.4,
    "local_share": 1.0,
    "concentration": [{"rank": 1, "share": 0.18, "businesses": 2}],
    "guests": _NOBODY,
}
SPEND: Json = {
    **_SLICE,
    "by": "district",
    "total_idr": 61_400_000,
    "orders": 38,
    "rows": [
        {
            "key": "351024",
            "name": "Licin",
            "value_idr": 61_400_000,
            "orders": 38,
            "vendors": 26,
            "district": "351024",
            "guest": False,
            "suppressed": False,
        }
    ],
}
REACH: Json = {
    **_SLICE,
    "active": 214,
    "with_sales": 26,
    "reach": 0.121495,
    "districts_active": 1,
    "districts_with_sales": 1,
    "district_reach": 1.0,
    "guests_with_sales": 0,
    "districts": [
        {
            "district_code": "351024",
            "district_name": "Licin",
            "active": 214,
            "with_sales": 26,
            "reach": 0.121495,
            "spend_idr": 61_400_000,
            "orders": 38,
        }
    ],
}
_CLOCK: Json = {
    "unit_id": _UNIT,
    "name": "Dinas Kesehatan",
    "orders": 38,
    "handovers": 38,
    "paid": 36,
    "median_days": 11.0,
    "p90_days": 19,
    "unpaid": 2,
    "oldest_unpaid_days": 4,
    "rank": 1,
}
PAYMENT_CLOCK: Json = {**_SLICE, "total": {**_CLOCK, "unit_id": "", "name": "", "rank": None}, "units": [_CLOCK]}
_FUNNEL: Json = {
    "district_code": "131105",
    "district_name": "Sangir Batang Hari",
    "collected": 9_782,
    "trained": 300,
    "account": 120,
    "verified": 75,
    "published": 60,
    "first_sale": 22,
    "account_share": 0.012267,
    "first_sale_share": 0.002249,
}
FUNNEL: Json = {
    **_HEAD,
    "total": {**_FUNNEL, "district_code": "", "district_name": ""},
    "slowest_district": "131105",
    "slowest_district_name": "Sangir Batang Hari",
    "districts": [_FUNNEL],
}
_BUDGET_LINE: Json = {
    "budget_line_id": _LINE,
    "fiscal_year": 2026,
    "unit_id": _UNIT,
    "unit_name": "Dinas Kesehatan",
    "account_code": "5.1.02.01.01.0052",
    "sub_activity_code": "1.02.02.2.02.0015",
    "title": "Belanja makanan dan minuman rapat",
    "fund_source": "PAD",
    "ceiling_idr": 100_000_000,
    "blocked_idr": 0,
    "reserved_idr": None,
    "committed_idr": None,
    "accepted_idr": 720_000,
    "paid_idr": 2_880_000,
    "reported_idr": 3_600_000,
}
BUDGET_LINES: Json = {
    **_HEAD,
    "year": 2026,
    "ceiling_idr": 100_000_000,
    "reported_idr": 3_600_000,
    "lines": [_BUDGET_LINE],
    "next_page_token": None,
}
RECONCILIATION: Json = {
    **_HEAD,
    "line": _BUDGET_LINE,
    "orders": [{"order_id": _ORDER, "state": "paid", "accepted_idr": 720_000, "paid_idr": 2_880_000}],
    "orders_sum_idr": 3_600_000,
    "difference_idr": 0,
}
_OVERRIDE: Json = {
    "unit_id": _UNIT,
    "name": "Dinas Kesehatan",
    "signed_orders": 38,
    "overridden": 2,
    "overridden_share": 0.052632,
    "reasons": {"only_vendor": 2},
    "flags": {"COOLING_LIFTED": 1},
}
OVERRIDES: Json = {**_HEAD, "year": 2026, "total": {**_OVERRIDE, "unit_id": "", "name": ""}, "units": [_OVERRIDE]}
_ORDER_LINK = f"/reporting/v1/regions/3510/orders/{_ORDER}"
ORDERS: Json = {
    **_HEAD,
    "orders": [
        {
            "order_id": _ORDER,
            "ocid": _OCID,
            "link": _ORDER_LINK,
            "state": "paid",
            "title": "Snack rapat koordinasi 40 orang",
            "signed_on": "2026-01-05",
            "unit_id": _UNIT,
            "unit_name": "Dinas Kesehatan",
            "vendor_id": _VENDOR,
            "vendor_name": "Warung Bu Sri",
            "category_code": "food.snack_box",
            "total_idr": 720_000,
            "spent_idr": 720_000,
        }
    ],
    "next_page_token": None,
}
ORDER: Json = {
    **_HEAD,
    "order_id": _ORDER,
    "ocid": _OCID,
    "link": _ORDER_LINK,
    "version": 9,
    "state": "paid",
    "title": "Snack rapat koordinasi 40 orang",
    "unit_name": "Seksi Gizi",
    "budget_holder_id": _UNIT,
    "budget_holder_name": "Dinas Kesehatan",
    "vendor_id": _VENDOR,
    "vendor_name": "Warung Bu Sri",
    "vendor_class": "micro",
    "vendor_district_code": "351005",
    "method": "local",
    "contract_form": "nota",
    "document_number": "027/1/2026",
    "signed_on": "2026-01-05",
    "needed_at": "2026-01-07T03:00:00Z",
    "district_code": "351016",
    "village_code": "3510161001",
    "total_idr": 720_000,
    "spent_idr": 720_000,
    "suggestion_rank": 1,
    "override_reason": None,
    "flags": [],
    "items": [
        {
            "title": "Snack box standar",
            "category_code": "food.snack_box",
            "quantity": 40,
            "quantity_accepted": 40,
            "unit": "kotak",
            "unit_price_idr": 18_000,
            "amount_idr": 720_000,
        }
    ],
    "handovers": [
        {"on": "2026-01-07", "number": "BAST/1", "value_idr": 720_000, "deemed": False, "paid_on": "2026-01-16"}
    ],
    "history": [{"state": "sp_issued", "at": "2026-01-05T02:10:00Z"}],
}
NATIONAL: Json = {
    "year": 2026,
    "total_idr": 61_400_000,
    "orders": 38,
    "regions": [{"region": "3510", "name": "Kabupaten Banyuwangi", "value_idr": 61_400_000, "orders": 38}],
}
_PACKAGE: Json = {
    "uri": "https://bela.example/reporting/v1/regions/3510/ocds/releases",
    "version": "1.1",
    "publishedDate": "2026-06-30T04:00:00Z",
    "publisher": {"name": "Kabupaten Banyuwangi"},
    "license": "https://creativecommons.org/publicdomain/zero/1.0/",
}
_RELEASE: Json = {
    "ocid": _OCID,
    "id": f"{_OCID}-2",
    "date": "2026-01-05T02:10:00Z",
    "tag": ["planning", "tender", "award", "contract"],
    "initiationType": "tender",
}
RELEASES: Json = {**_PACKAGE, "releases": [_RELEASE]}
RECORD: Json = {
    **_PACKAGE,
    "records": [
        {
            "ocid": _OCID,
            "releases": [_RELEASE],
            "compiledRelease": {**_RELEASE, "id": f"{_OCID}-2026-01-05T02:10:00Z", "tag": ["compiled"]},
        }
    ],
}
