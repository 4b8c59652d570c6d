"""The selling side: a small business from the register to its first product on sale, with an officer's help."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from bela_local.demo.api import Api, Json, eventually

CONSENT = "2026-01"


@dataclass(slots=True)
class Offer:
    """A business with one product, and the persona who sells."""

    name: str
    persona: str
    district_code: str
    village_code: str
    profile_code: str
    price: int
    capacity: int
    band: str = "A"
    entity_kind: str = "individual"
    nib: str | None = None
    tax: Json = field(default_factory=lambda: {"npwp_state": "active"})
    vendor_id: str = ""
    product_id: str = ""

    @property
    def chosen(self) -> Json:
        """What an order names of it."""
        return {"vendor_id": self.vendor_id, "product_id": self.product_id}


class Sellers:
    """Brings businesses of one region onto the shelf; those already there are found again."""

    def __init__(self, api: Api, region: str) -> None:
        self._api = api
        self._region = region
        self._officer = f"koperindag_officer.{region}"
        self._vendors = f"/vendor/v1/regions/{region}/vendors"
        self._products = f"/catalog/v1/regions/{region}/products"

    def side_by_side(self, offers: Iterable[Offer]) -> list[Offer]:
        """Bring several to sale at once."""
        with ThreadPoolExecutor(4) as pool:
            return list(pool.map(self.bring_to_sale, offers))

    def bring_to_sale(self, offer: Offer) -> Offer:
        """Register, open an account, verify, publish: each once, whatever has been done before."""
        known = [
            each
            for each in self._api.pages(self._vendors, "vendors", self._officer, q=offer.name)
            if each["name"] == offer.name
        ]
        offer.vendor_id = known[0]["vendor_id"] if known else self._register(offer)
        mine = eventually(lambda: self._api.get(self._products, offer.persona, vendor_id=offer.vendor_id, page_size=10))
        on_sale = [each for each in mine["products"] if each["state"] == "published"]
        offer.product_id = on_sale[0]["product_id"] if on_sale else self.publish(offer)
        return offer

    def confirm_capacity(self, offer: Offer, visited_on: date) -> None:
        """Note a visit: what the kitchen can really make in a day."""
        body = {"capacity_per_day": offer.capacity, "visited_on": visited_on.isoformat()}
        self._api.post(f"{self._products}/{offer.product_id}:confirm_capacity", self._officer, body)

    def change_price(self, offer: Offer, price: int) -> None:
        """Ask another price from now on."""
        self._api.patch(f"{self._products}/{offer.product_id}", offer.persona, {"unit_price_idr": price})
        offer.price = price

    def _register(self, offer: Offer) -> str:
        number = int(offer.persona.split(".")[0].removeprefix("vendor"))
        body: dict[str, Any] = {
            "name": offer.name,
            "main_product": offer.profile_code.replace("_", " "),
            "owners": [{"name": f"Pemilik {offer.name}", "nik": f"{offer.district_code}170880{number:04d}"}],
            "village_code": offer.village_code,
            "entity_kind": offer.entity_kind,
            "address": "Jalan Pasar 1",
            "phone": f"0812340{number:05d}",
            "bank": "BRI",
            "account_number": f"00123450{number:05d}",
            "account_holder": f"Pemilik {offer.name}",
            "turnover_idr": 90_000_000,
        }
        if offer.nib:
            body["nib"] = offer.nib
        if offer.entity_kind != "individual":
            body["account_holder"] = offer.name
        vendor = self._api.post(self._vendors, self._officer, body)
        path = f"{self._vendors}/{vendor['vendor_id']}"
        account = {"principal": offer.persona, "consent_version": CONSENT, "phone_verified": True}
        self._api.post(f"{path}:open_account", self._officer, account)
        finding = {
            "band": offer.band,
            "proofs": ["nik", "phone", "bank", "location", *(["nib"] if offer.nib else [])],
            "business_class": "micro",
            "tax_profile": offer.tax,
        }
        self._api.post(f"{path}:verify", self._officer, finding)
        return str(vendor["vendor_id"])

    def publish(self, offer: Offer) -> str:
        """Put one product on sale, as the seller; return its id."""
        body = {
            "vendor_id": offer.vendor_id,
            "title": f"{offer.profile_code.replace('_', ' ').title()} {offer.name}",
            "profile_code": offer.profile_code,
            "unit_price_idr": offer.price,
            "capacity_per_day": offer.capacity,
            "lead_time_hours": 4,
        }
        product = eventually(lambda: self._api.post(self._products, offer.persona, body))
        eventually(
            lambda: self._api.post(
                f"{self._products}/{product['product_id']}:publish", offer.persona, {"confirm_price": True}
            )
        )
        return str(product["product_id"])


def free_day(api: Api, offers: Iterable[Offer], after: datetime) -> datetime:
    """Return the first day on which none of the sellers has anything to do; earlier plays have taken theirs."""
    wanted = list(offers)
    return next(
        day
        for day in (after + timedelta(days=ahead) for ahead in range(400))
        if not any(_held(api, o, day) for o in wanted)
    )


def _held(api: Api, offer: Offer, day: datetime) -> int:
    region = offer.persona.split(".")[1]
    path = f"/catalog/v1/regions/{region}/products/{offer.product_id}/capacity/{day.date().isoformat()}"
    return int(api.get(path, offer.persona)["held"])
