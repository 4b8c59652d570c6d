"""Golden events of every producer, against the streams that carry them and the mapping that makes them.

UPDATE_GOLDEN=1 make test-contract T=tests/contract/events

writes goldens of new events, and another one beside the old where a message has grown; old ones stay as they are.
"""

import os

import pytest
from bela_kit.core.events import OutgoingEvent
from bela_kit.events import to_headers
from bela_kit.topology import load
from google.protobuf import json_format

from .golden import FOLDER, ROOT, Golden, goldens, message_class, subject_tokens, unfilled, write

TOPOLOGY = load(ROOT / "deploy" / "nats")
PUBLISHED = [(stream.source, event) for stream in TOPOLOGY.streams for event in stream.events]
TYPES = {token: name for name, token in subject_tokens().items()}

if os.environ.get("UPDATE_GOLDEN"):
    for source, event in PUBLISHED:
        kept = [golden for golden in goldens() if (golden.source, golden.name) == (source, event)]
        if not kept or list(unfilled(kept[-1].message())):
            write(source, event, TYPES[event], FOLDER / source / f"{event}.{len(kept) + 1}.json")

GOLDENS = goldens()
NEWEST = {(golden.source, golden.name): golden for golden in GOLDENS}


def test_every_published_event_has_a_golden() -> None:
    assert {(golden.source, golden.name) for golden in GOLDENS} == set(PUBLISHED)


def test_streams_and_protos_name_the_same_events() -> None:
    assert {event for _, event in PUBLISHED} == set(TYPES)


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda golden: golden.id)
def test_a_golden_is_complete_and_of_its_type(golden: Golden) -> None:
    assert golden.type == TYPES[golden.name]
    message = golden.message()
    if NEWEST[golden.source, golden.name] is golden:
        assert list(unfilled(message)) == []
    again = message_class(golden.type).FromString(message.SerializeToString(deterministic=True))
    assert json_format.MessageToDict(again, preserving_proto_field_name=True) == golden.payload


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda golden: golden.id)
def test_the_envelope_is_the_kits(golden: Golden) -> None:
    event = golden.received()
    outgoing = OutgoingEvent(
        event_id=event.event_id,
        tenant=event.tenant,
        aggregate_type="any",
        aggregate_id=event.aggregate_id,
        aggregate_version=event.aggregate_version,
        event_name=event.name,
        type=event.type,
        payload=event.payload,
        occurred_at=event.occurred_at,
    )
    assert to_headers(outgoing, golden.source) == golden.headers


def test_producers_know_every_event_of_their_stream() -> None:
    """What the mapping of each producer can make is what its stream admits, and no event lacks a maker."""
    from catalog_service.adapters import event_mapping as catalog
    from order_service.adapters import event_mapping as order
    from vendor_service.adapters import event_mapping as vendor

    made = {
        "catalog": {(happening.value, kind.DESCRIPTOR.full_name) for happening, kind in catalog._TYPES.items()},
        "order": {(name, kind.DESCRIPTOR.full_name) for name, kind in order._MESSAGES.values()},
        "vendor": {(event.value, kind.DESCRIPTOR.full_name) for event, kind in vendor._EVENTS.items()},
    }
    for source, pairs in made.items():
        assert {TYPES[name] for name, _ in pairs} == {kind for _, kind in pairs}
        admitted = {event for owner, event in PUBLISHED if owner == source}
        elsewhere = {"grant_changed", "tenant_settings_changed", "unit_changed", "budget_line_changed"}
        assert {name for name, _ in pairs} == admitted - elsewhere - {"guest_vendor_changed"}


def test_a_seller_survives_the_way_through_an_order() -> None:
    """vendor publishes a business, order keeps it, and tells of it in its own events: nothing public is lost."""
    from bela.vendor.events.v1.vendor_events_pb2 import VendorVerified
    from bela.vendor.v1.vendor_pb2 import Vendor
    from order_service.adapters.seller_mapping import known_seller_of, vendor_message

    golden = next(one for one in GOLDENS if one.name == "vendor_verified")
    sent: Vendor = VendorVerified.FromString(golden.received().payload).vendor
    guest = {"guest": False, "category_codes": [], "valid_from": None, "valid_to": None, "revoked": False}
    known = known_seller_of({"payload": sent.SerializeToString(), **guest})
    told = vendor_message(known.seller)
    # The order's copy is what it was sold on; milestones and the payout check are looked up when they count.
    for field in ("milestones", "payout_ready"):
        sent.ClearField(field)
    assert told == sent
