"""A little of everything in one region, made through the public API, for tests that walk every operation."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

import httpx
from bela_local.demo.api import Api, Json, eventually
from bela_local.demo.office import days, open_office
from bela_local.demo.sellers import Offer, Sellers
from bela_local.stack import Stack

# Kota Medan: the stories of the other tests are played elsewhere.
REGION = "1271"
DISTRICT = "127101"
SELLER = f"vendor18.{REGION}"
WORKBOOK = (
    "NAMA USAHA,NAMA PEMILIK,NIK,KECAMATAN,DESA,PRODUK\nWarung Impor,Siti,1271017008800099,Medan Kota,Pasar Baru,nasi\n"
)


@dataclass
class World:
    """What exists, by the names that paths have for it."""

    region: str
    ids: dict[str, str] = field(default_factory=dict)


def build_world(stack: Stack) -> World:
    """Make a business with a product on sale, an office, a need, a paid and an open order, and the rest."""
    api = Api(stack.info)
    try:
        return World(REGION, _make(api, stack))
    finally:
        api._client.close()


def _make(api: Api, stack: Stack) -> dict[str, str]:
    now = datetime.fromisoformat(api.get(f"/order/v1/regions/{REGION}/time")["now"])
    offer = Offer("Warung Segala Ada", SELLER, DISTRICT, f"{DISTRICT}1001", "snack_box_standard", 15_000, 500)
    Sellers(api, REGION).bring_to_sale(offer)
    office = open_office(api, REGION, f"Dinas {uuid.uuid4()}", year=now.year, ceiling=50_000_000, district=DISTRICT)
    needed_at = now.replace(microsecond=0) + days(3)
    need = office.need("snack_box_standard", 40, needed_at)
    eventually(lambda: _candidate(office.suggest(need)))
    paid = eventually(lambda: office.buy(need, offer.chosen, 40, reason="other"))
    office.finish(paid, SELLER)
    another = office.need("snack_box_standard", 10, needed_at)
    office.suggest(another)
    open_order = office.buy(another, offer.chosen, 10, reason="other")
    return {
        "region": REGION,
        "vendor_id": offer.vendor_id,
        "product_id": offer.product_id,
        "unit_id": office.unit_id,
        "budget_line_id": office.budget_line_id,
        "need_id": another["need_id"],
        "order_id": open_order["order_id"],
        "paid_order_id": paid["order_id"],
        "day": needed_at.date().isoformat(),
        "grant_id": api.get(f"/order/v1/regions/{REGION}/grants", f"lpse_admin.{REGION}")["grants"][0]["grant_id"],
        "import_id": _import(stack),
        "guest_grant_id": _guest_grant(api, offer, now),
        "ocid": eventually(lambda: _ocid(api, paid["order_id"])),
    }


def _candidate(suggestion: Json) -> Json:
    if not suggestion["listed"]:
        raise LookupError("no candidate yet")
    return suggestion


def _import(stack: Stack) -> str:
    answer = httpx.post(
        f"{stack.gateway_url}/vendor/v1/regions/{REGION}/imports",
        params={"filename": "daftar.csv"},
        content=WORKBOOK.encode(),
        headers={**stack.headers(f"koperindag_officer.{REGION}"), "Content-Type": "text/csv"},
        timeout=30,
        trust_env=False,
    )
    assert answer.status_code in {200, 202}, answer.text
    return str(answer.json()["import_id"])


def _guest_grant(api: Api, offer: Offer, now: datetime) -> str:
    body = {"host_region": "19", "category_codes": [], "valid_from": now.date().isoformat()}
    path = f"/vendor/v1/regions/{REGION}/vendors/{offer.vendor_id}/guest_grants"
    return str(api.post(path, f"koperindag_officer.{REGION}", body)["guest_grant_id"])


def _ocid(api: Api, order_id: str) -> str:
    for release in api.get(f"/reporting/v1/regions/{REGION}/ocds/releases")["releases"]:
        if order_id in release["ocid"]:
            return str(release["ocid"])
    raise LookupError("not published yet")
