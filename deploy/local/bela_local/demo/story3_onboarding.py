"""Story 3, second half: training, accounts, verification, shelves, first sales, March to June (Solok Selatan)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from itertools import islice
from typing import TypeVar

from bela_local.demo.api import Api, Json, Refused, eventually, set_clock, wait_until
from bela_local.demo.office import open_office
from bela_local.demo.sellers import CONSENT, Offer, Sellers
from bela_local.demo.telling import say, table

WIB = timezone(timedelta(hours=7))
REGION = "1311"
OFFICER = f"koperindag_officer.{REGION}"
HOME = f"/vendor/v1/regions/{REGION}"
VENDORS = f"{HOME}/vendors"
# Those who are never reached: the kecamatan that comes out slowest.
FAR_AWAY = "131105"
TRAINED, ACCOUNTS, VERIFIED, PUBLISHED, SOLD = 300, 120, 75, 60, 22
PERSONAS = 20
Result = TypeVar("Result")
STEPS = ("collected", "trained", "account", "verified", "published", "first_sale")


def play(api: Api) -> None:
    """Bring 22 of 9,782 businesses to their first sale; on a later play only show where they stand."""
    if _total(api)["first_sale"] < SOLD:
        _bring_up(api)
    funnel = _funnel(api)
    say("Corong per kecamatan pada bulan Juni (dari layanan laporan, beberapa detik kemudian):")
    rows = [*funnel["districts"], {**funnel["total"], "district_name": "Seluruh kabupaten"}]
    table(("kecamatan", *STEPS), ((row["district_name"], *(row[step] for step in STEPS)) for row in rows))
    share = f"{100 * funnel['total']['account_share']:.1f}".replace(".", ",")
    say(f"Akun 0 -> {funnel['total']['account']} ({share} % dari {funnel['total']['collected']}), paling lambat: "
        f"{funnel['slowest_district_name']}.")  # fmt: skip
    programmes = api.get(f"{HOME}/programme_outcomes", OFFICER)["programmes"]
    say("Hasil program pelatihan (tonggak yang dicapai sejak hadir, median hari dalam kurung):")
    table(("program", "hadir", "akun", "verifikasi", "terbit", "penjualan pertama"), map(_outcome, programmes))


def _bring_up(api: Api) -> None:
    listed = api.pages(VENDORS, "vendors", OFFICER, milestone="collected")
    chosen = list(islice((each for each in listed if each["district_code"] != FAR_AWAY), TRAINED))
    set_clock(api, REGION, datetime(2026, 3, 16, 8, tzinfo=WIB))
    _train(api, chosen)
    say(f"Maret: {TRAINED} usaha mengikuti pelatihan.")
    set_clock(api, REGION, datetime(2026, 4, 14, 8, tzinfo=WIB))
    _all(lambda at: _open_account(api, chosen[at], at), range(ACCOUNTS))
    say(f"April: {ACCOUNTS} di antaranya membuka akun, dibantu petugas (sebelumnya 1).")
    set_clock(api, REGION, datetime(2026, 5, 12, 8, tzinfo=WIB))
    _all(lambda at: _verify(api, chosen[at]), range(VERIFIED))
    offers = _all(lambda at: _publish(api, chosen[at], at), range(PUBLISHED))
    say(f"Mei: {VERIFIED} diverifikasi oleh petugas, {PUBLISHED} sudah menaruh produk di etalase.")
    set_clock(api, REGION, datetime(2026, 6, 9, 8, tzinfo=WIB))
    _first_sales(api, offers[:SOLD])
    wait_until(lambda: _total(api)["first_sale"] >= SOLD, "first sales in the funnel")
    say(f"Juni: {SOLD} menerima pesanan pertama, diserahkan dan dibayar (sebelumnya 0).")


def _train(api: Api, vendors: Sequence[Json]) -> None:
    """Hold the one session of a partner organisation's programme, and send its attendance list."""
    programme = {
        "name": "Wirausaha Baru 2026",
        "kind": "training",
        "organiser": {"kind": "partner", "name": "Komunitas OKE OCE"},
        "starts_on": "2026-03-01",
        "ends_on": "2026-06-30",
        "target_count": TRAINED,
    }
    session = {
        "held_on": "2026-03-16",
        "place": "Gedung Serbaguna Padang Aro",
        "topic": "Kemasan dan pembukuan angkatan 1",
        "trainer": "Rina Wulandari",
        "capacity": TRAINED,
    }
    path = f"{HOME}/programmes/{api.post(f'{HOME}/programmes', OFFICER, programme)['programme_id']}/sessions"
    path = f"{path}/{api.post(path, OFFICER, session)['session_id']}"
    came = [{"vendor_id": vendor["vendor_id"]} for vendor in vendors]
    api.post(f"{path}:record_attendance", OFFICER, {"attendances": came})


def _open_account(api: Api, vendor: Json, at: int) -> None:
    body = {"principal": _persona(at), "consent_version": CONSENT, "phone_verified": True}
    _act(api, vendor, "open_account", body)


def _verify(api: Api, vendor: Json) -> None:
    """Verify in band A; what the spreadsheet did not hold, the officer asks and notes first."""
    finding = {
        "band": "A",
        "proofs": ["nik", "phone", "bank", "location"],
        "holder": "checked",
        "business_class": "micro",
        "note": "Diperiksa di tempat usaha",
    }
    try:
        _act(api, vendor, "verify", finding)
    except Refused as refused:
        if refused.reason != "PROOFS_MISSING":
            raise
        missing = {field["field"].removeprefix("proofs.") for field in refused.problem["fields"]}
        serial = int(vendor["vendor_id"].replace("-", "")[-6:], 16) % 9_999 + 1
        known = {
            "nik": {"nik": f"{vendor['district_code']}210390{serial:04d}"},
            "phone": {"phone": f"08137700{serial:05d}"},
            "bank": {"bank": "BRI", "account_number": f"55001{serial:07d}", "account_holder": vendor["name"]},
        }
        body = {key: value for kind in missing for key, value in known.get(kind, {}).items()}
        api.patch(f"{VENDORS}/{vendor['vendor_id']}", OFFICER, body)
        _act(api, vendor, "verify", finding)


def _publish(api: Api, vendor: Json, at: int) -> Offer:
    offer = Offer(
        vendor["name"], _persona(at), vendor["district_code"], "", "snack_box_standard", 15_000 + 100 * (at % 10), 200
    )
    offer.vendor_id = vendor["vendor_id"]
    offer.product_id = Sellers(api, REGION).publish(offer)
    return offer


def _first_sales(api: Api, offers: Sequence[Offer]) -> None:
    office = open_office(api, REGION, "Dinas Pendidikan, Juni 2026", year=2026, ceiling=60_000_000, district="131101")
    now = datetime(2026, 6, 9, 8, tzinfo=WIB)

    def sell(at: int) -> None:
        offer = offers[at]
        need = office.need("snack_box_standard", 20, now + timedelta(days=1 + at), district_code=offer.district_code)
        order = eventually(lambda: office.buy(need, offer.chosen, 20, reason="other"))
        office.finish(order, offer.persona)

    _all(sell, range(len(offers)))


def _outcome(programme: Json) -> Sequence[object]:
    reached = (programme[step] for step in ("account", "verified", "published", "first_sale"))
    return programme["name"], programme["attended"], *(f"{one['count']} ({one['median_days']})" for one in reached)


def _persona(at: int) -> str:
    return f"vendor{at % PERSONAS + 1}.{REGION}"


def _act(api: Api, vendor: Json, verb: str, body: Json) -> None:
    api.post(f"{VENDORS}/{vendor['vendor_id']}:{verb}", OFFICER, body)


def _all(act: Callable[[int], Result], numbers: Iterable[int]) -> list[Result]:
    with ThreadPoolExecutor(6) as pool:
        return list(pool.map(act, numbers))


def _funnel(api: Api) -> Json:
    return api.get(f"/reporting/v1/regions/{REGION}/funnel")


def _total(api: Api) -> Json:
    return dict(_funnel(api)["total"])
