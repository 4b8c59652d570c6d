"""What several stories do: look at a seller's day, follow a purchase, hold the reports to the ledger."""

from datetime import date, datetime, timedelta, timezone
from typing import Any

from bela_local.demo.api import Api, Json, Refused, eventually, set_clock, wait_until
from bela_local.demo.office import Office
from bela_local.demo.sellers import Offer

WIB = timezone(timedelta(hours=7))
NOTHING = {"reserved": 0, "committed": 0, "accepted": 0, "paid": 0}


def at(year: int, month: int, day: int, hour: int = 8) -> datetime:
    """Return an instant of western Indonesian time."""
    return datetime(year, month, day, hour, tzinfo=WIB)


def buckets(office: Office) -> dict[str, int]:
    """Return what the office's budget line holds."""
    line = office.line()
    return {name: line[f"{name}_idr"] for name in NOTHING}


def capacity(api: Api, offer: Offer, day: date) -> Json:
    """Return a seller's day as everybody sees it."""
    region = offer.persona.split(".")[1]
    return api.get(f"/catalog/v1/regions/{region}/products/{offer.product_id}/capacity/{day.isoformat()}")


def held(api: Api, offer: Offer, day: date, units: int) -> None:
    """Wait until so many units of a seller's day are held."""
    wait_until(lambda: capacity(api, offer, day)["held"] == units, f"{units} held of {offer.name}")


def refused_with(reason: str, act: Any) -> Json:
    """Do what must be refused, and return the problem document."""
    try:
        act()
    except Refused as refused:
        assert refused.reason == reason, refused.problem
        return refused.problem
    raise AssertionError(f"{reason} was expected, but it passed")


def draft(office: Office, need: Json, offer: Offer, quantity: int, **more: Any) -> Json:
    """Make a draft, as the procurement officer, once the order service knows the seller."""
    body = {
        "need_id": need["need_id"],
        "vendor_id": offer.vendor_id,
        "lines": [{"product_id": offer.product_id, "quantity": quantity}],
        **more,
    }
    return eventually(lambda: office.api.post(f"{office.path}/orders", office.who("pp"), body))


def signed(office: Office, need: Json, offer: Offer, quantity: int) -> Json:
    """Return an order that waits for the seller's yes."""
    order = draft(office, need, offer, quantity)
    office.act(order, "submit", office.who("pp"), {"reason": "other"})
    return office.act(order, "sign", office.who("ppk"))


def order(office: Office, order_id: str) -> Json:
    """Return an order as its unit sees it."""
    return office.api.get(f"{office.path}/orders/{order_id}", office.who("ppk"))


def ledger(api: Api, region: str, year: int) -> dict[str, tuple[int, int]]:
    """Return accepted and paid of every budget line that was used, as the ledger has them."""
    lines = api.pages(f"/order/v1/regions/{region}/budget_lines", "budget_lines", f"auditor.{region}")
    return {
        line["budget_line_id"]: (line["accepted_idr"], line["paid_idr"])
        for line in lines
        if line["fiscal_year"] == year and (line["accepted_idr"] or line["paid_idr"])
    }


def reported(api: Api, region: str, year: int) -> dict[str, tuple[int, int]]:
    """Return the same as the reports have it."""
    lines = api.pages(f"/reporting/v1/regions/{region}/budget_lines", "lines", f"auditor.{region}", year=year)
    return {line["budget_line_id"]: (line["accepted_idr"], line["paid_idr"]) for line in lines if line["reported_idr"]}


def reconcile(api: Api, region: str, year: int) -> int:
    """Wait until every budget line is reported to the rupiah as the ledger has it; return the sum."""
    books = ledger(api, region, year)
    wait_until(lambda: reported(api, region, year) == books, f"reports of {region}")
    return sum(accepted + paid for accepted, paid in books.values())


__all__ = ["Api", "Offer", "Office", "set_clock"]
