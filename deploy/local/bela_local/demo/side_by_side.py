"""Two more governments in the same system: a school's rice in Kubu Raya, ginger for a province without sellers."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from bela_local.demo.api import Api, Json, eventually, set_clock
from bela_local.demo.long_path import play_long_path
from bela_local.demo.office import Office, open_office
from bela_local.demo.sellers import Offer, Sellers, free_day
from bela_local.demo.telling import expect, rupiah, say, title

WIB = timezone(timedelta(hours=7))
KUBU_RAYA, PROVINCE, BANGKA_TENGAH = "6112", "19", "1904"
SUPPLIES = "5.1.02.01.01.0039"
NOW = datetime(2026, 5, 4, 8, tzinfo=WIB)


def play(api: Api, run: str) -> list[Office]:
    """Play both; return the offices that bought."""
    return [_kubu_raya(api, run), _bangka_belitung(api, run)]


def _kubu_raya(api: Api, run: str) -> Office:
    title("Kubu Raya: beras 2.000 kg untuk sekolah, dari koperasi di Sungai Kakap")
    set_clock(api, KUBU_RAYA, NOW)
    rice = Offer(
        "Koperasi Tani Kakap", f"vendor1.{KUBU_RAYA}", "611209", "6112092001", "rice_medium", 13_500, 5_000,
        band="B", entity_kind="koperasi", nib="1234567890123",
    )  # fmt: skip
    Sellers(api, KUBU_RAYA).bring_to_sale(rice)
    office = open_office(
        api, KUBU_RAYA, f"SMP Negeri {run}", year=2026, ceiling=30_000_000, district="611209", account=SUPPLIES
    )
    quantity = 2_000
    need = office.need(
        "rice_medium",
        quantity,
        free_day(api, [rice], NOW + timedelta(days=5)),
        title="Beras asrama",
        meeting_kind="none",
        participants=None,
    )
    order = play_long_path(office, need, rice.chosen, rice.persona, quantity)
    expect(order["total_idr"] == 27_000_000, "2,000 kg at 13,500")
    expect(not order["deliveries"][0]["payment"]["taxes"], "rice from the budget bears neither PPN nor PPh 22")
    say(f"Bentuk kontrak: {order['contract_form']} ({rupiah(order['total_idr'])}).")
    return office


def _bangka_belitung(api: Api, run: str) -> Office:
    title("Provinsi Bangka Belitung: pembeli tanpa penjual sendiri; Bangka Tengah mengizinkan penjualnya sebagai tamu")
    set_clock(api, BANGKA_TENGAH, NOW)
    set_clock(api, PROVINCE, NOW)
    ginger = Offer("Jahe Koba", f"vendor1.{BANGKA_TENGAH}", "190401", "1904011001", "red_ginger_fresh", 60_000, 400)
    Sellers(api, BANGKA_TENGAH).bring_to_sale(ginger)
    grants = f"/vendor/v1/regions/{BANGKA_TENGAH}/vendors/{ginger.vendor_id}/guest_grants"
    officer = f"koperindag_officer.{BANGKA_TENGAH}"
    if not api.get(grants, officer)["guest_grants"]:
        api.post(grants, officer, {"host_region": PROVINCE, "valid_from": NOW.date().isoformat()})
    found = eventually(lambda: _shelf(api))
    say(
        f"Di etalase provinsi kini ada {found['title']} dari daerah {found['vendor_region']}, "
        f"{rupiah(found['unit_price_idr'])}/kg."
    )
    office = open_office(api, PROVINCE, f"Sekretariat Daerah {run}", year=2026, ceiling=10_000_000, account=SUPPLIES)
    need = office.need(
        "red_ginger_fresh", 50, free_day(api, [ginger], NOW + timedelta(days=5)), title="Minuman jahe tamu",
        meeting_kind="none", participants=None, district_code="190401",
    )  # fmt: skip
    order = eventually(lambda: office.buy(need, ginger.chosen, 50, reason="other"))
    paid = office.finish(order, ginger.persona)
    expect(order["total_idr"] == 3_000_000, "50 kg at 60,000")
    say(f"Dipesan, diterima, dibayar oleh provinsi: {rupiah(paid['total_idr'])}; kapasitas berkurang di Bangka Tengah.")
    return office


def _shelf(api: Api) -> Json:
    products = api.get(f"/catalog/v1/regions/{PROVINCE}/products", q="jahe merah")["products"]
    if not products:
        raise LookupError("nothing on the province's shelf yet")
    first: Json = products[0]
    return first
