"""An order on the long path with its taxes, and every way back: refused, cancelled, lapsed, re-issued, expired."""

from datetime import timedelta

import pytest
from bela_local.demo.api import Api, Json, set_clock, wait_until
from bela_local.demo.office import Office, open_office
from bela_local.demo.sellers import Offer, Sellers

from .play import NOTHING, at, buckets, draft, held, order, reconcile, refused_with, signed

REGION = "1271"
TOWN = "127101"
NOW = at(2026, 3, 2)
EVENT = at(2026, 3, 6, 10)
DAY = EVENT.date()


@pytest.fixture(scope="module")
def offers(api: Api) -> dict[str, Offer]:
    """A caterer, a trader who is PKP, and one who is not."""
    set_clock(api, REGION, NOW)
    firm = {"band": "B", "entity_kind": "cv"}
    # Whoever leaves orders unanswered twice becomes dormant: each test of silence has a seller of its own.
    silent = {
        name: Offer(f"Kue {name}", f"vendor{number}.{REGION}", TOWN, "1271011001", "snack_box_standard", 18_000, 5_000)
        for name, number in (("silent", 4), ("absent", 5))
    }
    made = silent | {
        "snack": Offer("Kue Medan", f"vendor1.{REGION}", TOWN, "1271011001", "snack_box_standard", 18_000, 5_000),
        "pkp": Offer(
            "CV Kursi Jaya", f"vendor2.{REGION}", TOWN, "1271011001", "chair_student", 200_000, 500,
            nib="1234567890124", tax={"npwp_state": "active", "pkp": True}, **firm,
        ),
        "small": Offer(
            "CV Meja Kita", f"vendor3.{REGION}", TOWN, "1271011001", "table_student", 1_250_033, 50,
            nib="1234567890125", tax={"npwp_state": "active"}, **firm,
        ),
    }  # fmt: skip
    sellers = Sellers(api, REGION)
    sellers.side_by_side(made.values())
    for offer in made.values():
        sellers.confirm_capacity(offer, NOW.date())
    return made


@pytest.fixture
def office(api: Api, request: pytest.FixtureRequest) -> Office:
    """A budget holder of the test's own, at the story's date."""
    set_clock(api, REGION, NOW)
    return open_office(api, REGION, request.node.name, year=2026, ceiling=40_000_000, district=TOWN)


def _goods(office: Office, profile: str, quantity: int) -> Json:
    return office.need(
        profile, quantity, at(2026, 3, 20), meeting_kind="none", participants=None, duration_minutes=None
    )


def _snacks(office: Office) -> Json:
    return office.need("snack_box_standard", 40, EVENT)


def _deliver(office: Office, told: Json, seller: str, quantity: int) -> None:
    office.act(told, "deliver", seller, {"lines": [{"line_number": 1, "quantity": quantity}]})
    office.act(told, "inspect", office.who("ppk"), {"lines": [{"line_number": 1, "good": quantity}]})
    office.act(told, "hand_over", office.who("ppk"))
    office.act(told, "countersign", seller)


def test_taxes_of_a_gross_price_and_all_their_proofs_close_the_order(
    api: Api, offers: dict[str, Offer], office: Office
) -> None:
    """Vector of 5.5: gross 20,000,000 of a PKP = 18,018,018 net, 1,981,982 PPN, 270,270 PPh 22."""
    seller = offers["pkp"]
    told = signed(office, _goods(office, "chair_student", 100), seller, 100)
    assert buckets(office) == NOTHING | {"committed": 20_000_000}
    office.act(told, "confirm", seller.persona)
    _deliver(office, told, seller.persona, 100)
    assert buckets(office) == NOTHING | {"accepted": 20_000_000}
    office.act(told, "invoice", seller.persona, {"number": "INV-1", "tax_invoice_on": "2026-03-02"})
    told = office.act(told, "pay", office.who("bendahara"), {"reference": "SP2D-1", "mechanism": "LS"})
    payment = told["deliveries"][0]["payment"]
    taxes = {tax["kind"]: tax["amount_idr"] for tax in payment["taxes"]}
    assert taxes == {"PPN": 1_981_982, "PPH22": 270_270}
    assert (payment["gross_idr"], payment["received_idr"]) == (20_000_000, 17_747_748)
    assert (told["state"], sorted(payment["missing_proofs"])) == ("paid", ["PPH22", "PPN"])
    for number, kind in enumerate(("PPN", "PPH22"), start=1):
        proof = {"kind": kind, "slip_number": f"BP-{number}", "ntpn": f"NTPN{number:012d}"}
        told = office.act(told, "file_tax_proof", office.who("bendahara"), proof)
    assert told["state"] == "closed"
    assert buckets(office) == NOTHING | {"paid": 20_000_000}
    reconcile(api, REGION, 2026)


def test_taxes_of_two_payments_round_as_one(offers: dict[str, Offer], office: Office) -> None:
    """Vector of 5.5: 2,500,066 in two payments, PPh 22 of 18,750 and then the rest, 18,751."""
    seller = offers["small"]
    told = signed(office, _goods(office, "table_student", 2), seller, 2)
    office.act(told, "confirm", seller.persona)
    received = []
    for number in (1, 2):
        _deliver(office, told, seller.persona, 1)
        office.act(told, "invoice", seller.persona, {"number": f"INV-{number}"})
        told = office.act(told, "pay", office.who("bendahara"), {"reference": f"SP2D-{number}", "mechanism": "LS"})
        payment = told["deliveries"][-1]["payment"]
        received.append((payment["taxes"][0]["amount_idr"], payment["received_idr"]))
    assert received == [(18_750, 1_231_283), (18_751, 1_231_282)]
    assert buckets(office) == NOTHING | {"paid": 2_500_066}


def test_a_refusal_gives_money_and_capacity_back(api: Api, offers: dict[str, Offer], office: Office) -> None:
    seller = offers["snack"]
    told = signed(office, _snacks(office), seller, 40)
    held(api, seller, DAY, 40)
    assert buckets(office) == NOTHING | {"committed": 720_000}
    told = office.act(told, "refuse", seller.persona, {"reason": "Dapur sedang diperbaiki."})
    assert (told["state"], buckets(office)) == ("refused", NOTHING)
    held(api, seller, DAY, 0)


def test_a_cancelled_order_gives_money_and_capacity_back(api: Api, offers: dict[str, Offer], office: Office) -> None:
    seller = offers["snack"]
    told = draft(office, _snacks(office), seller, 40)
    told = office.act(told, "submit", office.who("pp"))
    assert buckets(office) == NOTHING | {"reserved": 720_000}
    held(api, seller, DAY, 40)
    told = office.act(told, "cancel", office.who("pp"), {"reason": "Rapat batal."})
    assert (told["state"], buckets(office)) == ("cancelled", NOTHING)
    held(api, seller, DAY, 0)


def test_a_returned_order_may_be_submitted_again(api: Api, offers: dict[str, Offer], office: Office) -> None:
    seller = offers["snack"]
    told = draft(office, _snacks(office), seller, 40)
    office.act(told, "submit", office.who("pp"))
    told = office.act(told, "return", office.who("ppk"), {"reason": "Jumlah peserta salah."})
    assert (told["state"], buckets(office)) == ("draft", NOTHING)
    # At once, while the event that gives the capacity back is under way: it speaks of the earlier attempt.
    told = office.act(told, "submit", office.who("pp"))
    assert (told["state"], buckets(office)) == ("ppk_review", NOTHING | {"reserved": 720_000})
    wait_until(lambda: _reported_reserve(api, office) == 720_000, "the report of the second submission")
    held(api, seller, DAY, 40)
    office.act(told, "cancel", office.who("pp"), {"reason": "Rapat batal."})
    held(api, seller, DAY, 0)


def _reported_reserve(api: Api, office: Office) -> int:
    path = f"/reporting/v1/regions/{REGION}/budget_lines/{office.budget_line_id}"
    return int(api.get(path, f"auditor.{REGION}")["line"]["reserved_idr"])


def test_an_unanswered_order_lapses_is_reissued_once_and_expires(
    api: Api, offers: dict[str, Offer], office: Office
) -> None:
    seller = offers["silent"]
    told = signed(office, _snacks(office), seller, 40)
    for clock, state, units, money in (
        (NOW + timedelta(hours=36), "lapsed", 40, 720_000),
        (None, "sp_issued", 40, 720_000),
        (NOW + timedelta(hours=80), "expired", 0, 0),
    ):
        if clock is None:
            office.act(told, "reissue", office.who("ppk"))
        else:
            set_clock(api, REGION, clock)
        wait_until(lambda state=state: order(office, told["order_id"])["state"] == state, state)
        assert buckets(office) == NOTHING | {"committed": money}
        held(api, seller, DAY, units)


def test_an_order_that_lapsed_for_good_expires_and_frees_both(
    api: Api, offers: dict[str, Offer], office: Office
) -> None:
    seller = offers["absent"]
    told = signed(office, _snacks(office), seller, 40)
    set_clock(api, REGION, NOW + timedelta(hours=36))
    wait_until(lambda: order(office, told["order_id"])["state"] == "lapsed", "lapsed")
    assert buckets(office) == NOTHING | {"committed": 720_000}
    set_clock(api, REGION, NOW + timedelta(hours=48))
    wait_until(lambda: order(office, told["order_id"])["state"] == "expired", "expired")
    assert buckets(office) == NOTHING
    held(api, seller, DAY, 0)


def test_a_refused_submission_gives_the_day_back(api: Api, offers: dict[str, Offer]) -> None:
    """Refused after the hold was taken: no event can give it back, so the order service asks for it at once."""
    seller = offers["snack"]
    set_clock(api, REGION, NOW)
    poor = open_office(api, REGION, "Kantor miskin", year=2026, ceiling=700_000, district=TOWN)
    told = draft(poor, _snacks(poor), seller, 40)
    refused_with("BUDGET_EXCEEDED", lambda: poor.act(told, "submit", poor.who("pp")))
    assert buckets(poor) == NOTHING
    held(api, seller, DAY, 0)
    api.patch(f"{poor.path}/budget_lines/{poor.budget_line_id}", f"lpse_admin.{REGION}", {"ceiling_idr": 800_000})
    assert poor.act(told, "submit", poor.who("pp"))["state"] == "ppk_review"
    held(api, seller, DAY, 40)
    poor.act(told, "cancel", poor.who("pp"), {"reason": "Rapat batal."})
    held(api, seller, DAY, 0)
