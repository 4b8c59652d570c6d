"""Examples for the OpenAPI document; the demo's own figures."""

from typing import Any

CARD: dict[str, Any] = {
    "product_id": "01a2f3c4-0000-7000-8000-000000000001",
    "region": "3510",
    "vendor_region": "3510",
    "version": 2,
    "vendor_id": "01a2f3c4-0000-7000-8000-0000000000a1",
    "vendor_name": "Warung Bu Siti",
    "vendor_district_code": "351005",
    "guest": False,
    "title": "Nasi kotak ayam bakar",
    "category_code": "food.meal_box",
    "profile_code": "meal_box_standard",
    "unit": "kotak",
    "unit_price_idr": 25000,
    "price_includes_ppn": False,
    "supply_type": "catering",
    "capacity_per_day": 200,
    "capacity_confirmed": False,
    "lead_time_hours": 24,
    "delivery_district_codes": ["351005", "351006"],
    "state": "published",
}
DETAIL: dict[str, Any] = {**CARD, "description": "Nasi, ayam bakar, urap, pisang, air minum.", "certificates": []}
SELLER: dict[str, Any] = {
    **{key: value for key, value in DETAIL.items() if key not in ("vendor_name", "vendor_district_code")},
    "capacity_confirmed_on": None,
    "price_confirmed_idr": None,
    "created_at": "2026-01-05T02:00:00+00:00",
    "updated_at": "2026-01-05T02:10:00+00:00",
}
DRAFT: dict[str, Any] = {**SELLER, "state": "draft", "version": 1}
PAGE: dict[str, Any] = {"products": [CARD], "next_page_token": None}
CREATE: dict[str, Any] = {
    "vendor_id": CARD["vendor_id"],
    "title": CARD["title"],
    "profile_code": "meal_box_standard",
    "description": DETAIL["description"],
    "unit_price_idr": 25000,
    "capacity_per_day": 200,
    "lead_time_hours": 24,
    "delivery_district_codes": ["351005", "351006"],
}
DAY: dict[str, Any] = {
    "product_id": CARD["product_id"],
    "date": "2026-03-02",
    "capacity": 300,
    "held": 150,
    "free": 150,
    "overridden": True,
    "version": 1,
}
CATEGORIES: dict[str, Any] = {
    "version": "2026.11",
    "categories": [
        {
            "code": "food.meal_box",
            "level": 2,
            "parent": "food",
            "name": "Nasi kotak dan katering",
            "supply_type": "catering",
            "must_be_producer": False,
            "certificates": [],
            "kbli_examples": ["56210", "56290"],
        }
    ],
}
PROFILES: dict[str, Any] = {
    "version": "2026.11",
    "profiles": [
        {
            "code": "rice_medium",
            "name": "Beras medium",
            "category_code": "staple.rice",
            "unit": "kg",
            "content": [{"item": "beras medium", "quantity": 1, "unit": "kg"}],
        }
    ],
}
