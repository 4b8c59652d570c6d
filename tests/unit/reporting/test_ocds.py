"""Releases are valid OCDS 1.1, hold no personal data, and follow an order through its life."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import jsonschema
import orjson
import pytest
from reporting_service.facts.wire import order_facts
from reporting_service.ocds.codes import ocid, parse_ocid
from reporting_service.ocds.package import record_package, release_package
from reporting_service.ocds.release import build_release, compile_release

from tests.fakes.reporting import FULL_PATH, OrderMaker, VendorMaker

SCHEMA = json.loads((Path(__file__).parent / "data" / "ocds-release-schema-1.1.4.json").read_text())
formats = jsonschema.FormatChecker(formats=())


@formats.checks("date-time")
def is_instant(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@formats.checks("uri")
def is_uri(value: object) -> bool:
    return not isinstance(value, str) or bool(urlsplit(value).scheme)


validator = jsonschema.Draft4Validator(SCHEMA, format_checker=formats)


def life(*ends: str, **options: object):
    order = OrderMaker(VendorMaker(), **options)
    return [order_facts(event) for event in order.path(*ends)]


@pytest.mark.parametrize(
    "steps",
    [
        FULL_PATH,
        ("OrderSubmitted", "OrderSigned", "OrderRefused"),
        ("OrderSubmitted", "OrderSigned", "OrderLapsed", "OrderExpired"),
        ("OrderSubmitted", "OrderSigned", "OrderConfirmed", "OrderStopped"),
    ],
)
def test_every_release_is_valid(steps: tuple[str, ...]) -> None:
    for facts in life(*steps, reason="only_vendor", flags=("ROTATION_OVERRIDE",)):
        for document in (build_release(facts), compile_release(facts)):
            errors = [
                f"{list(error.path)}: {error.message}"
                for error in validator.iter_errors(orjson.loads(orjson.dumps(document)))
            ]
            assert errors == []


def test_releases_are_named_by_order_and_version() -> None:
    releases = [build_release(facts) for facts in life(*FULL_PATH)]
    identifier = releases[0]["ocid"]
    assert identifier.startswith("ocds-bela00-3510-")
    assert [release["id"] for release in releases] == [f"{identifier}-{n}" for n in range(1, len(FULL_PATH) + 1)]
    assert {release["initiationType"] for release in releases} == {"tender"}


def test_tags_follow_the_order() -> None:
    tags = {facts.event: build_release(facts)["tag"] for facts in life(*FULL_PATH)}
    assert tags["order_signed"] == ["planning", "tender", "award", "contract"]
    assert tags["order_confirmed"] == ["awardUpdate", "contractUpdate"]
    assert tags["order_started"] == ["implementation"]
    assert tags["order_handed_over"] == ["implementationUpdate"]
    assert tags["order_paid"] == ["implementationUpdate"]
    assert tags["order_closed"] == ["contractTermination"]


def test_short_path_begins_implementation_with_its_first_act() -> None:
    facts = life("OrderSubmitted", "OrderSigned", "OrderConfirmed", "OrderInspected", "OrderHandedOver")
    assert build_release(facts[3])["tag"] == ["implementation"]
    assert build_release(facts[4])["tag"] == ["implementationUpdate"]


def test_status_of_award_and_contract() -> None:
    def status(*steps: str) -> tuple[str, str]:
        release = build_release(life(*steps)[-1])
        return release["awards"][0]["status"], release["contracts"][0]["status"]

    assert status("OrderSubmitted", "OrderSigned") == ("pending", "pending")
    assert status("OrderSubmitted", "OrderSigned", "OrderConfirmed") == ("active", "active")
    assert status("OrderSubmitted", "OrderSigned", "OrderRefused") == ("unsuccessful", "cancelled")
    assert status("OrderSubmitted", "OrderSigned", "OrderLapsed", "OrderExpired") == ("cancelled", "cancelled")
    assert status(*FULL_PATH) == ("active", "terminated")


def test_money_of_bast_and_payment() -> None:
    contract = build_release(life(*FULL_PATH)[-1])["contracts"][0]
    assert contract["value"] == {"amount": 720_000, "currency": "IDR"}
    implementation = contract["implementation"]
    assert [one["value"]["amount"] for one in implementation["transactions"]] == [720_000]
    assert implementation["documents"][0]["documentType"] == "completionCertificate"
    assert implementation["milestones"][0]["dateMet"].endswith("T00:00:00Z")


def test_persons_have_no_identifier_and_firms_an_internal_one() -> None:
    def supplier(**options: object):
        facts = order_facts(OrderMaker(VendorMaker(**options)).to("OrderSigned"))
        return build_release(facts)["parties"][1]

    assert "identifier" not in supplier(kind="INDIVIDUAL")
    assert supplier(kind="CV", size="SMALL")["identifier"]["scheme"] == "ID-BELA-VENDOR"
    assert supplier(kind="CV", size="SMALL")["details"] == {"scale": "sme"}
    assert supplier(size="MICRO")["details"] == {"scale": "micro"}


def test_no_personal_number_passes() -> None:
    dirty = "Rapat, hubungi 081234567890, NIK 3510161708450001, sri@contoh.id"
    order = OrderMaker(VendorMaker(name="Warung Sri 0812-3456-7890"), title=dirty, reason="other: rek 1234567890123")
    for event in order.until("OrderClosed"):
        facts = order_facts(event)
        text = orjson.dumps([build_release(facts), compile_release(facts)]).decode()
        for identifier in (order.order_id, order.vendor.vendor_id):
            text = text.replace(identifier, "")
        assert re.findall(r"\d{10,}", re.sub(r'"(locality)":"\d+"', "", text)) == []
        assert "0812" not in text
        assert "@" not in text
        assert "ppk.3510" not in text
        assert "vendor1" not in text


def test_ocid_is_read_back() -> None:
    assert parse_ocid(ocid("3510", "a-b-c")) == ("3510", "a-b-c")
    for wrong in ("", "ocds-bela00-", "ocds-other-3510-x", "xocds-bela00-3510-x", "ocds-bela00-3510"):
        assert parse_ocid(wrong) is None


def test_packages_have_what_the_standard_asks_for() -> None:
    facts = life(*FULL_PATH)[-1]
    release = build_release(facts)
    at = datetime(2026, 3, 4, tzinfo=UTC)
    package = release_package(
        uri="https://x/ocds", publisher="Kab", published=at, releases=[release], next_uri="https://x/2"
    )
    assert {"uri", "publisher", "publishedDate", "version", "releases"} <= package.keys()
    assert package["version"] == "1.1"
    assert package["links"] == {"next": "https://x/2"}
    record = record_package(
        uri="https://x/r",
        publisher="Kab",
        published=at,
        ocid=release["ocid"],
        releases=[release],
        compiled=compile_release(facts),
    )["records"][0]
    assert record["ocid"] == release["ocid"]
    assert record["compiledRelease"]["tag"] == ["compiled"]
