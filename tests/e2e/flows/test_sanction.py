"""A seller under sanction: refused at the next signature at once, at submission and suggestion a moment later."""

import time
from dataclasses import dataclass
from datetime import timedelta

import pytest
from bela_local.demo.api import Api, Json, set_clock, wait_until
from bela_local.demo.office import Office, open_office
from bela_local.demo.sellers import Offer, Sellers

from .play import at, draft, refused_with

REGION, DISTRICT, VILLAGE = "6112", "611201", "6112012001"
NOW = at(2026, 8, 3)
EVENT = NOW + timedelta(days=4)
HOME = f"/vendor/v1/regions/{REGION}"
LPSE, SIGNER = f"lpse_admin.{REGION}", f"ppk.{REGION}"
LONGEST_SECONDS = 5.0
"""A second is the goal on a machine of its own; this one shares two cores with everything else."""


@dataclass
class Stall:
    """Two caterers and who buys from them."""

    office: Office
    bad: Offer
    good: Offer

    def need(self) -> Json:
        return self.office.need("meal_box_standard", 40, EVENT)

    def listed(self, need: Json) -> set[str]:
        return {one["vendor_id"] for one in self.office.suggest(need)["listed"]}


@pytest.fixture(scope="module")
def stall(api: Api) -> Stall:
    """Both sell; the office knows both. Meals, since others count the sellers of snacks in this region."""
    set_clock(api, REGION, NOW)
    offers = [
        Offer(name, f"vendor{number}.{REGION}", DISTRICT, VILLAGE, "meal_box_standard", 15_000, 400)
        for name, number in (("Kue Terentang", 16), ("Kue Punggur", 17))
    ]
    sellers = Sellers(api, REGION)
    sellers.side_by_side(offers)
    for offer in offers:
        sellers.confirm_capacity(offer, NOW.date())
    office = open_office(api, REGION, "Dinas Sanksi", year=2026, ceiling=40_000_000, district=DISTRICT)
    made = Stall(office, *offers)
    need = made.need()
    wait_until(lambda: {one.vendor_id for one in offers} <= made.listed(need), "both sellers suggested")
    return made


def _sanctioned(api: Api, offer: Offer) -> Json:
    body = {
        "kind": "suspension",
        "valid_from": NOW.date().isoformat(),
        "valid_to": (NOW + timedelta(days=60)).date().isoformat(),
        "basis_letter": "900/17/PA/2026",
        "issuer": "Dinas Pendidikan",
        "reason": "Tidak mengirim pesanan dua kali.",
    }
    proposed = api.post(f"{HOME}/vendors/{offer.vendor_id}/sanctions", SIGNER, body)
    return api.post(f"{HOME}/sanctions/{proposed['sanction_id']}:impose", LPSE, {})


def test_a_sanction_stops_the_signature_at_once_and_the_rest_within_moments(api: Api, stall: Stall) -> None:
    office, bad = stall.office, stall.bad
    waiting = draft(office, stall.need(), bad, 40)
    office.act(waiting, "submit", office.who("pp"), {"reason": "other"})
    later_need = stall.need()
    later = draft(office, later_need, bad, 40)
    sanction = _sanctioned(api, bad)
    started = time.monotonic()
    problem = refused_with("VENDOR_NOT_ELIGIBLE", lambda: office.act(waiting, "sign", SIGNER))
    assert problem["vendor_reasons"] == ["VENDOR_SUSPENDED"]
    wait_until(lambda: bad.vendor_id not in stall.listed(later_need), "the seller is suggested no more")
    assert time.monotonic() - started < LONGEST_SECONDS
    refused_with("VENDOR_NOT_ACTIVE", lambda: office.act(later, "submit", office.who("pp"), {"reason": "other"}))
    assert stall.good.vendor_id in stall.listed(later_need)
    letter = {"letter": "900/40/PA/2026", "reason": "Kewajiban dipenuhi"}
    api.post(f"{HOME}/sanctions/{sanction['sanction_id']}:lift", LPSE, letter)
    signed = office.act(waiting, "sign", SIGNER)
    assert signed["order_id"] == waiting["order_id"]
    wait_until(lambda: bad.vendor_id in stall.listed(later_need), "the seller is suggested again")


def test_an_employees_business_and_one_of_the_national_list_get_no_order(api: Api, stall: Stall) -> None:
    office, good = stall.office, stall.good
    nik = f"{DISTRICT}170880{17:04d}"
    need = stall.need()
    for kind, content, reason in (
        ("employees", f"NIK\n{nik}\n", "CONFLICT_OF_INTEREST"),
        (
            "daftar_hitam",
            f"Nama Penyedia;NIK;Nomor SK;Mulai;Sampai\nOrang;{nik};SK/9/LKPP;2026-01-01;2027-12-31\n",
            "VENDOR_BLACKLISTED",
        ),
    ):
        waiting = draft(office, stall.need(), good, 40)
        office.act(waiting, "submit", office.who("pp"), {"reason": "other"})
        _list(api, kind, content)
        wait_until(lambda: good.vendor_id not in stall.listed(need), f"not suggested: {kind}")
        problem = refused_with("VENDOR_NOT_ELIGIBLE", lambda order=waiting: office.act(order, "sign", SIGNER))
        assert problem["vendor_reasons"] == [reason]
        empty = (
            "NIK\n6112011708809999\n"
            if kind == "employees"
            else ("Nama Penyedia;NIK;Nomor SK;Mulai;Sampai\nLain;6112011708809999;SK/8/LKPP;2026-01-01;2027-12-31\n")
        )
        _list(api, kind, empty)
        wait_until(lambda: good.vendor_id in stall.listed(need), f"suggested again: {kind}")


def _list(api: Api, kind: str, content: str) -> None:
    api._send(
        "POST",
        f"{HOME}/screening_lists",
        LPSE,
        content=content.encode(),
        params={"kind": kind, "filename": "daftar.csv", "letter": "1/2026"},
    )
