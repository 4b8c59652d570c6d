"""Examples of the OpenAPI document; tests send the requests and compare the shapes of the answers."""

UNIT = "01890a5d-ac96-774b-bcce-b302099a8057"
LINE = "01890a5d-ac96-774b-bcce-b302099a8059"
NEED_ID = "01890a5d-ac96-774b-bcce-b302099a8060"
VENDOR_ID = "01890a5d-ac96-774b-bcce-b302099a8061"
PRODUCT_ID = "01890a5d-ac96-774b-bcce-b302099a8062"
ORDER_ID = "01890a5d-ac96-774b-bcce-b302099a8063"

NEED_REQUEST = {
    "unit_id": UNIT,
    "title": "Rapat koordinasi stunting",
    "profile_code": "snack_box_standard",
    "quantity": 40,
    "needed_at": "2026-01-12T10:00:00+07:00",
    "district_code": "351016",
    "village_code": "3510161003",
    "activity_name": "Rapat koordinasi",
    "meeting_kind": "with_guests",
    "participants": 40,
    "duration_minutes": 150,
    "budget_line_ids": [LINE],
}
NEED = {
    "need_id": NEED_ID,
    "budget_holder_id": UNIT,
    "category_code": "food.snack_box",
    **NEED_REQUEST,
    "address": "",
    "activity_place": "",
    "sub_activity_code": "1.02.02.2.02.0033",
    "payer_kind": "apbd",
    "budget_unit_price_idr": None,
    "hps_idr": None,
    "rup_code": "",
    "event_id": "",
    "created_by": "pptk.3510",
    "created_at": "2026-01-05T09:00:00+07:00",
    "approved_by": None,
    "warnings": [],
    "version": 1,
}
SUGGESTION = {
    "suggestion_id": "01890a5d-ac96-774b-bcce-b302099a8064",
    "need_id": NEED_ID,
    "made_at": "2026-01-05T09:01:00+07:00",
    "quantity": 40,
    "best_unit_price_idr": 18000,
    "flags": [],
    "more": 0,
    "listed": [
        {
            "vendor_id": VENDOR_ID,
            "display_name": "Warung A",
            "district_code": "351016",
            "product_id": PRODUCT_ID,
            "title": "Snack box standar",
            "rank": 1,
            "unit": "kotak",
            "unit_price_idr": 18000,
            "ring": "district",
            "guest": False,
            "score": 94.0,
            "parts": {
                "price": 1.0,
                "distance": 0.8,
                "equity": 1.0,
                "vendor_deficit": 1.0,
                "district_deficit": 1.0,
                "quality": 0.8,
                "newcomer": 1.0,
            },
            "sentence": "Warung A: Rp18.000 per kotak (termurah); satu kecamatan dengan kegiatan.",
            "cost_of_spread_idr": 0,
            "cooled": False,
        }
    ],
    "cooled": [],
    "rejected": [],
}
DRAFT_REQUEST = {
    "need_id": NEED_ID,
    "vendor_id": VENDOR_ID,
    "lines": [{"product_id": PRODUCT_ID, "quantity": 40}],
    "channel": "local",
}
PUBLIC_ORDER = {
    "order_id": ORDER_ID,
    "version": 3,
    "state": "sp_issued",
    "need_id": NEED_ID,
    "need_title": "Rapat koordinasi stunting",
    "buyer": {
        "unit_id": UNIT,
        "unit_name": "Dinas Kesehatan",
        "budget_holder_id": UNIT,
        "budget_holder_name": "Dinas Kesehatan",
    },
    "vendor": {
        "vendor_id": VENDOR_ID,
        "region": "3510",
        "display_name": "Warung A",
        "entity_kind": "individual",
        "business_class": "micro",
        "district_code": "351016",
    },
    "lines": [
        {
            "line_number": 1,
            "product_id": PRODUCT_ID,
            "title": "Snack box standar",
            "category_code": "food.snack_box",
            "profile_code": "snack_box_standard",
            "quantity": 40,
            "unit": "kotak",
            "unit_price_idr": 18000,
            "amount_idr": 720000,
            "quantity_accepted": 0,
            "quantity_released": 0,
        }
    ],
    "total_idr": 720000,
    "channel": "local",
    "external_number": "",
    "rup_code": "",
    "contract_form": "nota",
    "document_number": "0001/NOTA/2026",
    "signed_on": "2026-01-05",
    "needed_at": "2026-01-12T10:00:00+07:00",
    "district_code": "351016",
    "village_code": "3510161003",
    "payer_kind": "apbd",
    "suggestion_rank": 1,
    "best_unit_price_idr": 18000,
    "override_reason": "",
    "flags": ["SHORT_PATH", "ONE_PERSON"],
    "history": [{"state": "draft", "at": "2026-01-05T09:05:00+07:00"}],
    "handovers": [],
    "payments": [],
}
ORDER = PUBLIC_ORDER | {
    "created_by": "ppk.3510",
    "chosen_by": "ppk.3510",
    "signer": "ppk.3510",
    "budget_uses": [
        {
            "budget_line_id": LINE,
            "account_code": "5.1.02.01.01.0052",
            "sub_activity_code": "1.02.02.2.02.0033",
            "fiscal_year": 2026,
            "amount_idr": 720000,
            "reserved_idr": 0,
            "committed_idr": 720000,
            "accepted_idr": 0,
            "paid_idr": 0,
        }
    ],
    "short_path": True,
    "choice_reason": "",
    "deadline_at": "2026-01-06T10:05:00+07:00",
    "held_until": "2026-01-08T00:00:00+07:00",
    "proposed_quantity": None,
    "deliveries": [],
    "end_reason": "",
}
POLICY_RULES = {
    "policy_rules": [
        {
            "code": "form.nota.max",
            "direction": "max",
            "value": 10000000,
            "effective_from": "2018-03-22",
            "effective_to": None,
            "legal_basis": "Perpres 16/2018 pasal 28",
            "dimension": {},
            "region": None,
        }
    ]
}
