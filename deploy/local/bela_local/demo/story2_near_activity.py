"""Story 2: food for a field day is bought near the field, from the stall that has sold least (Banyuwangi)."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from itertools import islice

from bela_local.demo.api import Api, Json, set_clock
from bela_local.demo.long_path import play_long_path
from bela_local.demo.office import FIELD_FOOD, Office, open_office
from bela_local.demo.sellers import Offer, Sellers, free_day
from bela_local.demo.telling import expect, rupiah, say, table, title

WIB = timezone(timedelta(hours=7))
REGION = "3510"
MUNCAR, CLURING = "351005", "351006"
TEMBOKREJO = "3510052003"
PORTIONS = 150
# W3 leads, although W1 asks less; on a later play the first one's order counts too.
SCORES = {"Warung W3": 83.02, "Warung W1": 64.00, "Warung W2": 59.85}
YEAR_BEFORE = datetime(2025, 9, 1, 8, tzinfo=WIB)
FIELD_DAY = datetime(2025, 12, 10, 10, tzinfo=WIB)


def play(api: Api, run: str) -> Json:
    """Play the story; return the order as it was paid."""
    title("Cerita 2. Dekat kegiatan: hari lapang 150 petani di Desa Tembokrejo, Kecamatan Muncar")
    set_clock(api, REGION, YEAR_BEFORE)
    sellers = Sellers(api, REGION)
    meals, snacks = _stalls(sellers)
    _history(api, meals, snacks)
    sellers.change_price(meals[1], 26_000)
    plays = sum(1 for _ in _orders_of(api, meals[2]))
    field_day = free_day(api, meals, FIELD_DAY)
    set_clock(api, REGION, field_day - timedelta(days=3))
    office = open_office(
        api, REGION, f"Dinas Pertanian {run}", year=2025, ceiling=50_000_000, district=MUNCAR, account=FIELD_FOOD
    )
    need = office.need(
        "meal_box_standard",
        PORTIONS,
        field_day,
        title="Makan siang hari lapang petani",
        district_code=MUNCAR,
        village_code=TEMBOKREJO,
        activity_name="Hari lapang petani",
        activity_place="Desa Tembokrejo",
        meeting_kind="field",
    )
    shown = office.suggest(need)
    say("Bela menyarankan, dari yang tertinggi (dekat, murah, belum kebagian, dapat diandalkan):")
    table(
        ("penjual", "harga", "nilai", "alasan"),
        (
            (each["display_name"], rupiah(each["unit_price_idr"]), each["score"], each["sentence"])
            for each in islice(shown["listed"], 5)
        ),
    )
    for each in shown["rejected"]:
        say(f"tidak disarankan: {each.get('display_name')}: {each.get('sentence') or each.get('reasons')}")
    best = shown["listed"][0]
    scores = {each["display_name"]: each["score"] for each in shown["listed"]}
    expect(plays > 0 or scores == SCORES, f"the scores of the specification, {SCORES}, not {scores}")
    return _order(office, need, best, next(meal for meal in meals if meal.vendor_id == best["vendor_id"]))


def _orders_of(api: Api, offer: Offer) -> Iterator[Json]:
    return api.pages(f"/order/v1/regions/{REGION}/orders", "orders", f"auditor.{REGION}", vendor_id=offer.vendor_id)


def _stalls(sellers: Sellers) -> tuple[list[Offer], list[Offer]]:
    meals = [
        Offer("Warung W1", f"vendor11.{REGION}", MUNCAR, TEMBOKREJO, "meal_box_standard", 25_000, 200),
        Offer("Warung W2", f"vendor12.{REGION}", MUNCAR, "3510052001", "meal_box_standard", 25_000, 150),
        Offer("Warung W3", f"vendor13.{REGION}", CLURING, "3510062001", "meal_box_standard", 26_500, 200),
        Offer("Warung W4", f"vendor14.{REGION}", CLURING, "3510062002", "meal_box_standard", 29_000, 150),
    ]
    snacks = [
        Offer("Kue Muncar", f"vendor15.{REGION}", MUNCAR, "3510052002", "snack_box_standard", 20_000, 1000),
        Offer("Kue Cluring", f"vendor16.{REGION}", CLURING, "3510062003", "snack_box_standard", 20_000, 1000),
    ]
    offers = sellers.side_by_side([*meals, *snacks])
    for offer in offers:
        sellers.confirm_capacity(offer, YEAR_BEFORE.date())
    return offers[:4], offers[4:]


def _history(api: Api, meals: list[Offer], snacks: list[Offer]) -> None:
    """Give W1 and W2 their year: 40 and 10 million of meals, and the two kecamatan some snacks."""
    if any(_orders_of(api, meals[0])):
        say("Riwayat setahun terakhir sudah ada dari permainan sebelumnya.")
        return
    plan = [(meals[0], 40, at >= 38) for at in range(40)] + [(meals[1], 40, at >= 9) for at in range(10)]
    plan += [(snacks[0], 500, False), (snacks[1], 500, False), (snacks[1], 500, False)]
    offices = [
        open_office(api, REGION, f"Kantor {at + 1}", year=2025, ceiling=100_000_000, district=MUNCAR)
        for at in range(10)
    ]
    say("Setahun terakhir: W1 menjual 40 juta, W2 10 juta; W3 dan W4 belum pernah.")

    def one(at: int) -> None:
        offer, boxes, flawed = plan[at]
        office = offices[at % len(offices)]
        needed_at = YEAR_BEFORE + timedelta(days=2 + at, hours=2)
        profile = "meal_box_standard" if offer in meals else "snack_box_standard"
        need = office.need(profile, boxes + 5 * flawed, needed_at)
        order = office.buy(need, offer.chosen, boxes + 5 * flawed, reason="other")
        office.finish(order, offer.persona, good=boxes, wrong=5 * flawed)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, range(len(plan))))


def _order(office: Office, need: Json, best: Json, seller: Offer) -> Json:
    order = play_long_path(office, need, best, seller.persona, PORTIONS)
    spread = (best["unit_price_idr"] - order["best_unit_price_idr"]) * PORTIONS
    say(f"Biaya pemerataan: {rupiah(spread)} ({PORTIONS} x selisih harga dari yang termurah).")
    expect(order["total_idr"] == PORTIONS * best["unit_price_idr"], "the order costs what was suggested")
    return order
