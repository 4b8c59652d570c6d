"""Story 1: after five purchases at one stall an office moves on to another (Banyuwangi)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

from bela_local.demo.api import Api, Json, Refused, set_clock
from bela_local.demo.office import Office, open_office
from bela_local.demo.sellers import Offer, Sellers, free_day
from bela_local.demo.telling import expect, rupiah, say, table, title

WIB = timezone(timedelta(hours=7))
REGION = "3510"
DISTRICT = "351016"
MEETINGS = ((1, 5), (1, 16), (1, 28), (2, 9), (2, 20))
BOXES, PRICE = 40, 18_000


def play(api: Api, run: str) -> Office:
    """Play the story; return the office that bought."""
    title("Cerita 1. Rotasi: setelah lima pembelian di satu warung, beralih ke warung lain")
    first, *others = stalls(api)
    office = open_office(api, REGION, f"Dinas Kesehatan {run}", year=2026, ceiling=20_000_000, district=DISTRICT)
    say(f"{office.name} membeli {BOXES} kue kotak untuk lima rapat, selalu di {first.name}:")
    rows = []
    for month, day in MEETINGS:
        morning = datetime(2026, month, day, 8, tzinfo=WIB)
        set_clock(api, REGION, morning)
        order = _buy(office, first, BOXES, free_day(api, [first], morning + timedelta(hours=30)))
        paid = office.finish(order, first.persona)
        withheld = sum(tax["amount_idr"] for tax in paid["deliveries"][0]["payment"]["taxes"])
        rows.append((f"{day}/{month}", rupiah(order["total_idr"]), rupiah(withheld), paid["state"]))
        expect(order["total_idr"] == BOXES * PRICE and withheld == 0, "five purchases of 720,000 without withholding")
    table(("tanggal", "nilai", "pajak dipotong", "status"), rows)
    now = datetime(2026, 3, 2, 8, tzinfo=WIB)
    set_clock(api, REGION, now)
    meeting = free_day(api, [first, *others], now + timedelta(hours=30))
    _sixth_is_refused(office, first, meeting)
    for other in others:
        office.finish(_buy(office, other, 20, meeting), other.persona)
    say(f"{len(others)} pembelian masing-masing {rupiah(20 * PRICE)} di warung lain membuka kembali {first.name}:")
    again = _buy(office, first, BOXES, meeting)
    say(f"  pesanan {again['document_number']} diterima ({again['state']}).")
    office.finish(again, first.persona)
    _six_at_once(api, first, meeting, run)
    return office


def stalls(api: Api) -> list[Offer]:
    """Return four stalls that sell the same snack box."""
    sellers = Sellers(api, REGION)
    names = ("Warung A", "Warung B", "Warung C", "Warung D")
    return sellers.side_by_side(
        (
            Offer(name, f"vendor{at}.{REGION}", DISTRICT, f"351016100{at}", "snack_box_standard", PRICE, 400)
            for at, name in enumerate(names, start=1)
        )
    )


def _buy(office: Office, offer: Offer, boxes: int, needed_at: datetime) -> Json:
    need = office.need("snack_box_standard", boxes, needed_at)
    return office.buy(need, offer.chosen, boxes, reason="other")


def _sixth_is_refused(office: Office, first: Offer, needed_at: datetime) -> None:
    try:
        _buy(office, first, BOXES, needed_at)
    except Refused as refused:
        expect(refused.reason == "ROTATION_LIMIT", f"ROTATION_LIMIT, not {refused.reason}")
        say(f"Pembelian keenam ditolak ({refused.reason}): {refused.problem['detail']}")
        table(
            ("yang dapat melayani kebutuhan ini", "harga", "kecamatan"),
            (
                (each["display_name"], rupiah(each["unit_price_idr"]), each["district_code"])
                for each in refused.problem["alternatives"]
            ),
        )
        expect(len(refused.problem["alternatives"]) >= 3, "three alternatives")
    else:
        expect(False, "the sixth purchase must be refused")


def _six_at_once(api: Api, first: Offer, needed_at: datetime, run: str) -> None:
    office = open_office(api, REGION, f"Dinas Sosial {run}", year=2026, ceiling=20_000_000, district=DISTRICT)

    def try_one(_: int) -> str:
        try:
            _buy(office, first, 10, needed_at)
        except Refused as refused:
            return refused.reason
        return "diterima"

    with ThreadPoolExecutor(6) as pool:
        outcomes = sorted(pool.map(try_one, range(6)))
    say(f"Enam pesanan serentak dari satu kantor: {outcomes.count('diterima')} diterima, sisanya {outcomes[0]}.")
    expect(outcomes == ["ROTATION_LIMIT"] + ["diterima"] * 5, f"exactly five pass, not {outcomes}")
