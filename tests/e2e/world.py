"""A little of everything in one region, made through the public API, for tests that walk every operation."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

import httpx
from bela_local.demo.api import Api, Json, eventually
from bela_local.demo.office import days, open_office
from bela_local.demo.sellers import Offer, Sellers
from bela_local.stack import Stack

PROFILE = "snack_box_standard"
WORKBOOK = "NAMA USAHA,NAMA PEMILIK,KECAMATAN,DESA,PRODUK\nWarung Impor,Siti,{district},{village},nasi\n"


@dataclass
class World:
    """What exists, by the names that paths have for it."""

    region: str
    seller: str
    ids: dict[str, str] = field(default_factory=dict)


def build_world(stack: Stack, region: str) -> World:
    """Make a business with a product on sale, an office, a need, a paid and an open order, and the rest."""
    world = World(region, f"vendor18.{region}")
    api = Api(stack.info)
    try:
        world.ids |= _make(api, stack, world)
    finally:
        api._client.close()
    return world


def _make(api: Api, stack: Stack, world: World) -> dict[str, str]:
    region, path = world.region, f"/order/v1/regions/{world.region}"
    district = api.get(f"/vendor/v1/regions/{region}/areas")["areas"][0]
    village = api.get(f"/vendor/v1/regions/{region}/areas", parent=district["code"])["areas"][0]
    now = datetime.fromisoformat(api.get(f"{path}/time")["now"])
    offer = Offer("Warung Segala Ada", world.seller, district["code"], village["code"], PROFILE, 15_000, 500)
    Sellers(api, region).bring_to_sale(offer)
    office = open_office(
        api, region, f"Dinas {uuid.uuid4()}", year=now.year, ceiling=50_000_000, district=district["code"]
    )
    needed_at = now.replace(microsecond=0) + days(3)
    need = office.need(PROFILE, 40, needed_at)
    eventually(lambda: _candidate(office.suggest(need)))
    paid = eventually(lambda: office.buy(need, offer.chosen, 40, reason="other"))
    office.finish(paid, world.seller)
    another = office.need(PROFILE, 10, needed_at)
    office.suggest(another)
    open_order = office.buy(another, offer.chosen, 10, reason="other")
    return {
        "region": region,
        "vendor_id": offer.vendor_id,
        "product_id": offer.product_id,
        "unit_id": office.unit_id,
        "budget_line_id": office.budget_line_id,
        "need_id": another["need_id"],
        "order_id": open_order["order_id"],
        "paid_order_id": paid["order_id"],
        "day": needed_at.date().isoformat(),
        "code": district["code"],
        "grant_id": api.get(f"{path}/grants", f"lpse_admin.{region}")["grants"][0]["grant_id"],
        "import_id": _import(stack, region, district["name"], village["name"]),
        "guest_grant_id": _guest_grant(api, offer, region, now),
        "ocid": eventually(lambda: _ocid(api, region, paid["order_id"])),
    }


def _candidate(suggestion: Json) -> Json:
    if not suggestion["listed"]:
        raise LookupError("no candidate yet")
    return suggestion


def _import(stack: Stack, region: str, district: str, village: str) -> str:
    answer = httpx.post(
        f"{stack.gateway_url}/vendor/v1/regions/{region}/imports",
        params={"filename": "daftar.csv"},
        content=WORKBOOK.format(district=district, village=village).encode(),
        headers={**stack.headers(f"koperindag_officer.{region}"), "Content-Type": "text/csv"},
        timeout=30,
        trust_env=False,
    )
    assert answer.status_code in {200, 202}, answer.text
    return str(answer.json()["import_id"])


def _guest_grant(api: Api, offer: Offer, region: str, now: datetime) -> str:
    body = {"host_region": "19", "category_codes": [], "valid_from": now.date().isoformat()}
    path = f"/vendor/v1/regions/{region}/vendors/{offer.vendor_id}/guest_grants"
    return str(api.post(path, f"koperindag_officer.{region}", body)["guest_grant_id"])


def _ocid(api: Api, region: str, order_id: str) -> str:
    for release in api.get(f"/reporting/v1/regions/{region}/ocds/releases")["releases"]:
        if order_id in release["ocid"]:
            return str(release["ocid"])
    raise LookupError("not published yet")
