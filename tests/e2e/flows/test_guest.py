"""A province without sellers of its own buys from a guest: the spend is its own, the capacity stays at home."""

from datetime import timedelta

import pytest
from bela_local.demo.api import Api, Json, Refused, eventually, set_clock, wait_until
from bela_local.demo.office import Office, open_office
from bela_local.demo.sellers import Offer, Sellers

from .play import at, held, reconcile

PROVINCE, HOME = "19", "1904"
NOW = at(2026, 5, 4)
DAY = NOW + timedelta(days=5)
OFFICER = f"koperindag_officer.{HOME}"


@pytest.fixture(scope="module")
def ginger(api: Api) -> Offer:
    """A producer of red ginger in Bangka Tengah."""
    set_clock(api, HOME, NOW)
    set_clock(api, PROVINCE, NOW)
    offer = Offer("Jahe Koba", f"vendor1.{HOME}", "190401", "1904011001", "red_ginger_fresh", 60_000, 400)
    Sellers(api, HOME).bring_to_sale(offer)
    return offer


@pytest.fixture(scope="module")
def office(api: Api, ginger: Offer) -> Office:
    """A budget holder of the province."""
    return open_office(api, PROVINCE, "Sekretariat Daerah", year=2026, ceiling=20_000_000, account="5.1.02.01.01.0039")


def _need(office: Office, quantity: int) -> Json:
    return office.need(
        "red_ginger_fresh", quantity, DAY, meeting_kind="none", participants=None, district_code="190401"
    )


def _found(api: Api, region: str) -> list[str]:
    return [row["title"] for row in api.get(f"/catalog/v1/regions/{region}/products", q="jahe merah")["products"]]


@pytest.fixture(scope="module")
def paid(api: Api, ginger: Offer, office: Office) -> Json:
    """The whole way: refused without a grant, granted, found with a typo, ordered, delivered, paid."""
    assert _found(api, PROVINCE) == []
    grants = f"/vendor/v1/regions/{HOME}/vendors/{ginger.vendor_id}/guest_grants"
    api.post(grants, OFFICER, {"host_region": PROVINCE, "valid_from": "2026-05-01"})
    wait_until(lambda: len(_found(api, PROVINCE)) == 1, "the guest on the province's shelf")
    assert len(api.get(f"/catalog/v1/regions/{PROVINCE}/products", q="jahe mrah")["products"]) == 1
    order = eventually(lambda: office.buy(_need(office, 50), ginger.chosen, 50, reason="other"))
    held(api, ginger, DAY.date(), 50)
    return office.finish(order, ginger.persona)


def test_the_order_is_the_provinces(api: Api, office: Office, paid: Json) -> None:
    assert (paid["total_idr"], paid["vendor"]["region"]) == (3_000_000, HOME)
    assert office.line()["paid_idr"] == 3_000_000
    assert reconcile(api, PROVINCE, 2026) == 3_000_000
    own = [row["order_id"] for row in api.pages(f"/order/v1/regions/{HOME}/orders", "orders", f"auditor.{HOME}")]
    assert own == []


def test_capacity_is_taken_at_home_and_home_buyers_see_it(api: Api, ginger: Offer, paid: Json) -> None:
    held(api, ginger, DAY.date(), 50)


def test_the_spend_is_the_provinces_and_the_seller_a_guest(api: Api, ginger: Offer, paid: Json) -> None:
    path = f"/reporting/v1/regions/{PROVINCE}/spend"
    wait_until(lambda: api.get(path, by="vendor", year=2026)["total_idr"] == 3_000_000, "spend of the province")
    told = api.get(path, f"auditor.{PROVINCE}", by="vendor", year=2026)
    assert [(row["key"], row["value_idr"], row["guest"]) for row in told["rows"]] == [
        (ginger.vendor_id, 3_000_000, True)
    ]
    assert api.get(f"/reporting/v1/regions/{HOME}/spend", by="vendor", year=2026)["total_idr"] == 0
    equity = api.get(f"/reporting/v1/regions/{PROVINCE}/equity", year=2026)
    assert (equity["guests"]["spend_idr"], equity["local_share"]) == (3_000_000, 1.0)


def test_the_seller_reads_the_order_and_a_neighbour_does_not(
    api: Api, ginger: Offer, office: Office, paid: Json
) -> None:
    path = f"{office.path}/orders/{paid['order_id']}"
    assert "deliveries" in api.get(path, ginger.persona)
    assert "deliveries" not in api.get(path)
    assert api.get(path, OFFICER) == api.get(path)


def test_a_revoked_guest_sells_no_more(api: Api, ginger: Offer, office: Office, paid: Json) -> None:
    """Last of this seller's tests: grants another, takes it back, and leaves the first as it was."""
    grants = f"/vendor/v1/regions/{HOME}/vendors/{ginger.vendor_id}/guest_grants"
    first = next(row for row in api.get(grants, OFFICER)["guest_grants"] if not row["revoked"])
    api.post(f"{grants}/{first['guest_grant_id']}:revoke", OFFICER)
    wait_until(lambda: _found(api, PROVINCE) == [], "the shelf without the guest")
    need = _need(office, 10)

    def refused() -> bool:
        try:
            office.buy(need, ginger.chosen, 10, reason="other")
        except Refused as refusal:
            return refusal.reason in {"GUEST_NOT_GRANTED", "VENDOR_NOT_ACTIVE", "VENDOR_UNKNOWN", "VENDOR_NOT_ELIGIBLE"}
        return False

    assert refused()
    api.post(grants, OFFICER, {"host_region": PROVINCE, "valid_from": "2026-05-01"})
    wait_until(lambda: len(_found(api, PROVINCE)) == 1, "the guest back on the shelf")
