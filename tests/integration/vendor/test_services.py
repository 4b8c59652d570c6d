"""What other services ask, what follows from their events, and what must never be found anywhere."""

import logging
import re
from datetime import UTC, datetime

import pytest
from bela.catalog.events.v1 import catalog_events_pb2
from bela.order.events.v1 import order_events_pb2
from bela.vendor.events.v1 import vendor_events_pb2
from bela.vendor.v1 import vendor_service_pb2 as pb
from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import TenantId
from bela_kit.events import ReceivedEvent
from bela_kit.jetstream import ConsumerMetrics, NatsConnection
from vendor_service.domain.errors import VendorNotFound

from .test_imports import book, row
from .world import Register, entry

NIK_LIKE = re.compile(rb"(?<!\d)[1-9]\d{15}(?!\d)")


def event(source: str, tenant: str, name: str, message) -> ReceivedEvent:
    return ReceivedEvent(
        event_id=new_id(),
        tenant=TenantId(tenant),
        source=source,
        type=message.DESCRIPTOR.full_name,
        name=name,
        aggregate_id="x",
        aggregate_version=1,
        occurred_at=datetime(2026, 3, 5, 3, 0, tzinfo=UTC),
        payload=message.SerializeToString(),
        traceparent=None,
        stream_sequence=1,
    )


def consumer(register: Register, durable: str):
    assert register.parts.consumers is not None
    made = register.parts.consumers(NatsConnection("", "", ""), ConsumerMetrics())
    return next(one for one in made if one.durable == durable)


async def milestones(register: Register, vendor_id: str, region: str = "3510") -> dict:
    return (await register.call("GET", f"vendors/{vendor_id}", None, region=region)).json()["milestones"]


async def test_a_published_product_and_a_handover_set_their_milestones_once(register: Register):
    vendor_id = await register.verified()
    published = catalog_events_pb2.ProductPublished()
    published.product.vendor_id, published.product.region = vendor_id, "3510"
    told = event("catalog", "3510", "product_published", published)
    reactions = consumer(register, "vendor__catalog_reactions")
    await reactions.handle(told)
    await reactions.handle(told)
    handed = order_events_pb2.OrderHandedOver()
    handed.order.region = handed.order.vendor.region = "3510"
    handed.order.vendor.vendor_id = vendor_id
    day = handed.order.handovers.add().on
    day.year, day.month, day.day = 2026, 3, 4
    await consumer(register, "vendor__order_reactions").handle(event("order", "3510", "order_handed_over", handed))
    found = await milestones(register, vendor_id)
    assert (found["published_on"], found["first_sale_on"]) == ("2026-03-05", "2026-03-04")
    assert len(await register.events("vendor_published")) == 1
    message = vendor_events_pb2.VendorFirstSaleMade.FromString(
        (await register.events("vendor_first_sale_made"))[-1]["payload"]
    )
    assert message.transition.actor.principal == "svc:order"


async def test_a_guests_first_sale_is_marked_at_home(register: Register):
    vendor_id = await register.verified(region="1904")
    handed = order_events_pb2.OrderHandedOver()
    handed.order.region, handed.order.vendor.region = "19", "1904"
    handed.order.vendor.vendor_id = vendor_id
    await consumer(register, "vendor__order_reactions").handle(event("order", "19", "order_handed_over", handed))
    assert (await milestones(register, vendor_id, "1904"))["first_sale_on"] == "2026-03-05"


async def test_a_reaction_to_a_business_of_nobody_passes(register: Register):
    published = catalog_events_pb2.ProductPublished()
    published.product.vendor_id, published.product.region = str(new_id()), "3510"
    await consumer(register, "vendor__catalog_reactions").handle(
        event("catalog", "3510", "product_published", published)
    )


async def test_services_get_businesses_and_reasons(register: Register):
    good, raw = await register.verified(), (await register.enter())["vendor_id"]
    nobody = str(new_id())
    found = await register.servicer.BatchGetVendors(
        pb.BatchGetVendorsRequest(parent="regions/3510", vendor_ids=[good, raw, nobody, "x"]), None
    )
    assert {one.vendor_id for one in found.vendors} == {good, raw}
    request = pb.CheckEligibilityRequest(parent="regions/3510", vendor_ids=[nobody, good, raw, "x"])
    request.value.units, request.value.currency_code = 12_000_000, "IDR"
    request.on.year, request.on.month, request.on.day = 2026, 3, 2
    answer = await register.servicer.CheckEligibility(request, None)
    assert [list(one.reasons) for one in answer.results] == [
        ["VENDOR_UNKNOWN"], ["BAND_TOO_LOW"], ["VENDOR_NOT_VERIFIED"], ["VENDOR_UNKNOWN"],
    ]  # fmt: skip
    one = await register.servicer.GetVendor(pb.GetVendorRequest(parent="regions/3510", vendor_id=good), None)
    assert one.vendor.vendor_id == good
    for region, wanted in (("3510", nobody), ("1311", good), ("3510", "x")):
        with pytest.raises(VendorNotFound):
            await register.servicer.GetVendor(pb.GetVendorRequest(parent=f"regions/{region}", vendor_id=wanted), None)
    other = await register.servicer.BatchGetVendors(
        pb.BatchGetVendorsRequest(parent="regions/1311", vendor_ids=[good]), None
    )
    assert list(other.vendors) == []


async def test_replay_publishes_every_business_again(register: Register):
    await register.enter()
    before = len(await register.events())
    assert register.parts.replay is not None
    count = await register.parts.replay()
    stored = (await register.sql("SELECT count(*) AS n FROM vendors"))[0]["n"]
    assert count == stored > 0
    assert len(await register.events()) >= before + stored


async def test_no_identifier_is_found_in_any_table_event_log_or_file(register: Register, caplog):
    caplog.set_level(logging.DEBUG)
    body = entry(npwp=None, nib="1234509876123", consent_version="1")
    nik, account = body["owners"][0]["nik"], body["account_number"]
    await register.call("POST", "vendors", "citizen9.nowhere", json=body)
    sheet = row(8123)
    await register.imported(book(sheet, row(8124, NIK="3510161708450000")))
    await register.call("POST", "vendors", json=entry(owners=[{"name": "A", "nik": "3510163102900001"}]))
    secrets = [nik, account, "1234509876123", body["phone"][1:], sheet[2], "13510163102900001"[1:], "81300008123"]
    connection = await register.database.connect()
    try:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for table in (one["tablename"] for one in tables):
            if table == "areas":
                continue
            for line in await connection.fetch(f'SELECT t::text AS line FROM "{table}" t'):
                for secret in secrets:
                    assert secret not in line["line"], table
            columns = await connection.fetch(
                "SELECT column_name FROM information_schema.columns WHERE table_name = $1 AND data_type = 'bytea'",
                table,
            )
            for column in (one["column_name"] for one in columns):
                for line in await connection.fetch(
                    f'SELECT "{column}" AS raw FROM "{table}" WHERE "{column}" IS NOT NULL'
                ):
                    assert not any(secret.encode() in line["raw"] for secret in secrets), (table, column)
                    if table == "outbox_messages":
                        assert NIK_LIKE.search(line["raw"]) is None
    finally:
        await connection.close()
    for record in caplog.records:
        assert not any(secret in record.getMessage() for secret in secrets), record.name
    for path in register.folder.rglob("*"):
        if path.is_file():
            assert not any(secret.encode() in path.read_bytes() for secret in secrets)
            assert b"PK\x03\x04" not in path.read_bytes()[:100]
