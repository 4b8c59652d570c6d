"""Twenty buyers at once on one budget line: the ceiling holds at every instant, and the sums agree to the rupiah."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from bela_local.demo.api import Api, Json, Refused, eventually, set_clock
from bela_local.demo.office import Office, open_office
from bela_local.demo.sellers import Offer, Sellers

from .play import NOTHING, at, buckets, reconcile

REGION = "6112"
NOW = at(2026, 3, 2)
BUYERS, BOXES, PRICE, ROOM_FOR = 20, 10, 20_000, 7


@pytest.fixture(scope="module")
def seller(api: Api) -> Offer:
    """One stall that could serve all of them; alone in its category, so nothing rotates."""
    set_clock(api, REGION, NOW)
    offer = Offer("Kue Kakap", f"vendor2.{REGION}", "611209", "6112092001", "snack_box_standard", PRICE, 10_000)
    return Sellers(api, REGION).bring_to_sale(offer)


class Watch:
    """Reads the line over and over while others use it."""

    def __init__(self, office: Office) -> None:
        self.office, self.worst, self.readings = office, 0, 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        while not self._stop.is_set():
            self.worst = max(self.worst, sum(buckets(self.office).values()))
            self.readings += 1

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()


def test_twenty_buyers_never_overspend_one_line(api: Api, seller: Offer) -> None:
    ceiling = ROOM_FOR * BOXES * PRICE + BOXES * PRICE // 2
    office = open_office(api, REGION, "Dinas Ramai", year=2026, ceiling=ceiling, district="611209")
    needs = [office.need("snack_box_standard", BOXES, NOW + timedelta(days=2, minutes=n)) for n in range(BUYERS)]
    eventually(lambda: office.suggest(needs[0]))
    begin = threading.Barrier(BUYERS)

    def try_one(need: Json) -> Json | str:
        begin.wait(30)
        try:
            return office.buy(need, seller.chosen, BOXES, reason="other")
        except Refused as refused:
            return refused.reason

    with Watch(office) as watch, ThreadPoolExecutor(BUYERS) as pool:
        outcomes = list(pool.map(try_one, needs))
        bought = [one for one in outcomes if not isinstance(one, str)]
        assert sorted(one for one in outcomes if isinstance(one, str)) == ["BUDGET_EXCEEDED"] * (BUYERS - ROOM_FOR)
        assert buckets(office) == NOTHING | {"committed": ROOM_FOR * BOXES * PRICE}
        # Some are refused by the seller, whereupon others find room; the rest are handed over and paid.
        for order in bought[:2]:
            office.act(order, "refuse", seller.persona, {"reason": "Penuh."})
        again = [try_again(office, need, seller) for need in (needs[outcomes.index("BUDGET_EXCEEDED")],) * 1]
        paid = [office.finish(order, seller.persona) for order in [*bought[2:], *again]]
    assert watch.readings > 3
    assert watch.worst <= ceiling
    assert buckets(office) == NOTHING | {"paid": sum(order["total_idr"] for order in paid)}
    assert len(paid) == ROOM_FOR - 1
    line = office.line()
    assert line["available_idr"] == ceiling - line["paid_idr"]
    reconcile(api, REGION, 2026)


def try_again(office: Office, need: Json, seller: Offer) -> Json:
    """Buy for a need that found no room before."""
    return office.buy(need, seller.chosen, BOXES, reason="other")
