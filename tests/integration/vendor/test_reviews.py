"""The life of a verified business: requests, refusals, held payouts, proposed identities, deadlines, sleep."""

import asyncio
from datetime import date, timedelta
from uuid import UUID

import pytest
from bela.order.events.v1.order_events_pb2 import OrderLapsed
from bela.order.events.v1.order_pb2 import ORDER_STATE_LAPSED, ORDER_STATE_PPK_REVIEW, ORDER_STATE_SP_ISSUED
from bela.vendor.events.v1 import vendor_events_pb2 as events
from bela_kit.core.actor import Actor
from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import TenantId
from bela_kit.events import ReceivedEvent
from vendor_service.domain.reviews.periods import verification_ends_on
from vendor_service.domain.vendor import Moment
from vendor_service.entrypoints.events.handlers import order_reactions

from tests.fakes.evidence import PDF

from .world import NOW, Register, entry


@pytest.fixture(autouse=True)
async def back_to_now(register: Register):
    await register.grant("head.3510", "koperindag_head")
    yield
    register.clock.set(NOW)


async def view(register: Register, vendor_id: str) -> dict:
    return (await register.call("GET", f"vendors/{vendor_id}")).json()


async def status(register: Register, vendor_id: str) -> dict:
    return (await register.call("GET", f"vendors/{vendor_id}/status")).json()


async def seller_of(register: Register, vendor_id: str) -> str:
    await register.grant(f"seller{vendor_id[-6:]}.3510", "vendor_owner", scope=vendor_id)
    return f"seller{vendor_id[-6:]}"


async def change(register: Register, vendor_id: str, body: dict, who: str = "officer"):
    etag = {"If-Match": (await register.call("GET", f"vendors/{vendor_id}")).headers["etag"]}
    return await register.call("PATCH", f"vendors/{vendor_id}", who, json=body, headers=etag)


async def open_review(register: Register, vendor_id: str, kind: str) -> dict:
    found = (await register.call("GET", "reviews", params={"kind": kind, "vendor_id": vendor_id})).json()["reviews"]
    assert len(found) == 1, found
    return found[0]


async def evidence(register: Register, vendor_id: str) -> str:
    made = await register.call("POST", "evidence_files", params={"vendor_id": vendor_id}, content=PDF)
    return made.json()["evidence_id"]


async def on_day(register: Register, day: date) -> None:
    """Stand at a day, and let what is due that day happen."""
    register.clock.set(NOW + (day - NOW.date()))
    await register.run_jobs()


async def test_a_refused_request_says_why_and_may_be_made_again_at_once(register: Register):
    vendor_id = (await register.enter())["vendor_id"]
    seller = await seller_of(register, vendor_id)
    assert (await status(register, vendor_id))["next_step"] == "ASK_FOR_VERIFICATION"
    paper = await evidence(register, vendor_id)
    body = {"band": "A", "evidence_ids": [paper]}
    first = await register.call("POST", f"vendors/{vendor_id}:request_verification", seller, json=body)
    assert first.status_code == 200, first.text
    assert (first.json()["kind"], first.json()["evidence_ids"]) == ("verification", [paper])
    again = await register.call("POST", f"vendors/{vendor_id}:request_verification", seller, json=body)
    assert again.json()["review_id"] == first.json()["review_id"]
    assert (await status(register, vendor_id))["next_step"] == "WAIT_FOR_VERIFICATION"
    review_id = first.json()["review_id"]
    empty = await register.call("POST", f"reviews/{review_id}:refuse", json={"codes": ["OTHER"]})
    assert empty.json()["reason"] == "NOTE_MISSING"
    refused = await register.call("POST", f"reviews/{review_id}:refuse", json={"codes": ["DOCUMENT_UNREADABLE"]})
    assert refused.json()["state"] == "refused"
    shown = (await register.call("GET", f"vendors/{vendor_id}/status", seller)).json()
    assert shown["next_step"] == "CORRECT_AND_REAPPLY"
    assert shown["reviews"][0]["refusals"][0]["code"] == "DOCUMENT_UNREADABLE"
    assert shown["notices"][0]["about"]["codes"] == ["DOCUMENT_UNREADABLE"]
    assert shown["milestones"]["verified_on"] is None
    second = await register.call("POST", f"vendors/{vendor_id}:request_verification", seller, json=body)
    assert second.json()["review_id"] != review_id
    passed = await register.call("POST", f"reviews/{second.json()['review_id']}:pass", json={})
    assert passed.json()["reason"] == "REVIEW_NEEDS_FINDING"
    finding = {"band": "A", "proofs": ["nik", "phone", "bank"], "evidence_id": paper}
    assert (await register.call("POST", f"vendors/{vendor_id}:verify", json=finding)).status_code == 200
    assert (await register.call("GET", f"reviews/{second.json()['review_id']}")).json()["state"] == "passed"
    query = "SELECT evidence_id::text FROM vendor_transitions WHERE vendor_id = $1::text::uuid AND event = $2"
    rows = await register.sql(query, vendor_id, "vendor_verified")
    assert [row["evidence_id"] for row in rows] == [paper]


async def test_data_that_is_not_there_is_named_before_an_officer_is_asked(register: Register):
    vendor_id = (await register.enter(account_number=None, bank=None, account_holder=None))["vendor_id"]
    seller = await seller_of(register, vendor_id)
    answer = await register.call("POST", f"vendors/{vendor_id}:request_verification", seller, json={"band": "B"})
    assert (answer.status_code, answer.json()["reason"]) == (409, "DATA_MISSING")
    assert {one["field"] for one in answer.json()["fields"]} == {"proofs.bank", "proofs.nib"}
    shown = await status(register, vendor_id)
    assert shown["next_step"] == "COMPLETE_DATA"
    assert [one["field"] for one in shown["bands"][0]["missing"]] == ["bank"]


async def test_a_file_of_another_business_is_no_evidence(register: Register):
    mine, other = [(await register.enter())["vendor_id"] for _ in range(2)]
    paper = await evidence(register, other)
    seller = await seller_of(register, mine)
    for wrong in (paper, str(UUID(int=5))):
        body = {"band": "A", "evidence_ids": [wrong]}
        answer = await register.call("POST", f"vendors/{mine}:request_verification", seller, json=body)
        assert (answer.status_code, answer.json()["reason"]) == (400, "EVIDENCE_UNKNOWN")


async def test_a_changed_account_holds_the_payout_and_the_rule_releases_it_after_a_day(register: Register):
    vendor_id = await register.verified()
    assert (await change(register, vendor_id, {"account_number": "998877665544"})).status_code == 200
    shown = await view(register, vendor_id)
    assert (shown["payout_ready"], shown["standing"]) == (False, "ok")
    review = await open_review(register, vendor_id, "bank")
    early = await register.call("POST", f"reviews/{review['review_id']}:pass", json={})
    assert early.json()["reason"] == "REVIEW_COOLING_OFF"
    finding = {"band": "A", "proofs": ["nik", "phone", "bank"]}
    assert (await register.call("POST", f"vendors/{vendor_id}:verify", json=finding)).status_code == 200
    assert (await view(register, vendor_id))["payout_ready"] is False
    register.clock.set(NOW + timedelta(hours=23, minutes=59))
    await register.run_jobs()
    assert (await view(register, vendor_id))["payout_ready"] is False
    register.clock.set(NOW + timedelta(hours=24, seconds=1))
    await register.run_jobs()
    assert (await view(register, vendor_id))["payout_ready"] is True
    assert (await register.call("GET", f"reviews/{review['review_id']}")).json()["state"] == "passed"
    last = (await register.events("vendor_profile_changed"))[-1]
    assert events.VendorProfileChanged.FromString(last["payload"]).vendor.payout_ready


async def test_an_account_in_a_foreign_name_waits_for_an_officer(register: Register):
    vendor_id = await register.verified()
    await change(register, vendor_id, {"account_number": "887766554433", "account_holder": "BUDI LAIN SEKALI"})
    register.clock.set(NOW + timedelta(hours=25))
    await register.run_jobs()
    assert (await view(register, vendor_id))["payout_ready"] is False
    assert (await status(register, vendor_id))["notices"][0]["code"] == "ACCOUNT_HOLDER_DIFFERS"
    review = await open_review(register, vendor_id, "bank")
    answer = await register.call("POST", f"reviews/{review['review_id']}:pass", json={"note": "KK dilihat"})
    assert answer.status_code == 200
    assert (await view(register, vendor_id))["payout_ready"] is True


async def test_a_first_nib_is_an_upgrade_review_and_the_seller_sells_on(register: Register):
    vendor_id = await register.verified()
    assert (await change(register, vendor_id, {"nib": "1234567890123"})).status_code == 200
    review = await open_review(register, vendor_id, "upgrade")
    assert (review["band"], review["reason"]) == ("B", "NIB_ADDED")
    shown = await view(register, vendor_id)
    assert (shown["standing"], shown["band"]) == ("ok", "A")
    finding = {"band": "B", "proofs": ["nik", "phone", "bank", "nib"]}
    assert (await register.call("POST", f"vendors/{vendor_id}:verify", json=finding)).json()["band"] == "B"
    assert (await register.call("GET", f"reviews/{review['review_id']}")).json()["state"] == "passed"


async def test_a_proposed_name_holds_orders_and_is_taken_over_when_checked(register: Register):
    vendor_id = await register.verified(name="Warung Lama Sekali")
    seller = await seller_of(register, vendor_id)
    locked = await change(register, vendor_id, {"name": "Warung Baru"}, seller)
    assert locked.json()["reason"] == "FIELD_VERIFIED"
    paper = await evidence(register, vendor_id)
    body = {"name": "Warung Bahagia Jaya", "reason": "Ganti nama usaha", "evidence_ids": [paper]}
    proposed = await register.call("POST", f"vendors/{vendor_id}:propose_identity", seller, json=body)
    assert proposed.json()["proposed_fields"] == ["name"], proposed.text
    shown = await view(register, vendor_id)
    assert (shown["standing"], shown["name"]) == ("in_review", "Warung Lama Sekali")
    review_id = proposed.json()["review_id"]
    assert (await register.call("POST", f"reviews/{review_id}:pass", json={})).status_code == 200
    shown = await view(register, vendor_id)
    assert (shown["standing"], shown["name"], shown["band"]) == ("ok", "Warung Bahagia Jaya", "A")
    history = (await register.call("GET", f"vendors/{vendor_id}/standings")).json()["standings"]
    assert [one["standing"] for one in history] == ["in_review", "ok"]
    assert history[0]["evidence_id"] == paper
    assert history[1]["actor"]["principal"] == "officer.3510"
    rows = await register.sql("SELECT sealed FROM vendor_reviews WHERE sealed IS NOT NULL")
    assert rows
    assert not any(b"Bahagia" in bytes(row["sealed"]) for row in rows)


async def test_a_review_goes_to_the_head_after_ten_working_days_and_lapses_after_five_more(register: Register):
    vendor_id = await register.verified()
    standing = {"standing": "in_review", "reason": "Aduan pembeli", "evidence_id": await evidence(register, vendor_id)}
    answer = await register.call("POST", f"vendors/{vendor_id}:set_standing", json=standing)
    assert answer.json()["standing"] == "in_review"
    review = await open_review(register, vendor_id, "standing")
    # 2 March 2026 is a Monday; Nyepi and Idul Fitri close offices from 18 to 24 March.
    assert (review["due_on"], review["head_due_on"]) == ("2026-03-16", "2026-03-30")
    await on_day(register, date(2026, 3, 16))
    assert (await open_review(register, vendor_id, "standing"))["escalated_on"] is None
    await on_day(register, date(2026, 3, 17))
    assert (await open_review(register, vendor_id, "standing"))["escalated_on"] == "2026-03-17"
    for verb, body in (
        (f"reviews/{review['review_id']}:pass", {}),
        (f"vendors/{vendor_id}:set_standing", {"standing": "ok", "reason": "selesai"}),
    ):
        assert (await register.call("POST", verb, json=body)).json()["reason"] == "HEAD_DECIDES"
    await on_day(register, date(2026, 3, 30))
    assert (await view(register, vendor_id))["standing"] == "in_review"
    await on_day(register, date(2026, 3, 31))
    shown = await view(register, vendor_id)
    assert (shown["standing"], shown["band"]) == ("ok", "A")
    assert (await register.call("GET", f"reviews/{review['review_id']}")).json()["state"] == "lapsed"
    history = (await register.call("GET", f"vendors/{vendor_id}/standings")).json()["standings"]
    assert [(one["standing"], one["reason"], one["actor"]["role"]) for one in history] == [
        ("in_review", "Aduan pembeli", "koperindag_officer"),
        ("ok", "REVIEW_LAPSED", "system"),
    ]


async def test_the_head_decides_in_the_five_days_after(register: Register):
    vendor_id = await register.verified()
    await register.call("POST", f"vendors/{vendor_id}:set_standing", json={"standing": "in_review", "reason": "Ragu"})
    review = await open_review(register, vendor_id, "standing")
    await on_day(register, date(2026, 3, 17))
    body = {"codes": ["BUSINESS_NOT_FOUND"]}
    answer = await register.call("POST", f"reviews/{review['review_id']}:refuse", "head", json=body)
    assert answer.json()["state"] == "refused", answer.text
    assert (await view(register, vendor_id))["standing"] == "closed"


async def test_a_verification_ends_after_two_years_with_ninety_days_of_grace(register: Register):
    vendor_id = await register.verified()
    seller = await seller_of(register, vendor_id)
    until = verification_ends_on(NOW.date(), UUID(vendor_id))
    assert (await status(register, vendor_id))["verified_until"] == str(until)
    await on_day(register, until - timedelta(days=1))
    await register.call("GET", f"vendors/{vendor_id}/status", seller)
    if (await view(register, vendor_id))["standing"] == "dormant":
        await register.call("POST", f"vendors/{vendor_id}:resume", seller)
    await on_day(register, until)
    review = await open_review(register, vendor_id, "renewal")
    assert review["due_on"] == str(until + timedelta(days=90))
    shown = await status(register, vendor_id)
    assert (shown["next_step"], shown["can_receive_orders"], shown["notices"][0]["code"]) == (
        "RENEW",
        True,
        "VERIFICATION_ENDED",
    )
    for day in (30, 31, 60, 83, 90):
        await on_day(register, until + timedelta(days=day))
    reminders = [one for one in (await status(register, vendor_id))["notices"] if one["code"] == "VERIFICATION_ENDED"]
    assert [one["about"]["reminder"] for one in reminders] == [4, 3, 2, 1]
    assert (await view(register, vendor_id))["standing"] == "ok"
    await on_day(register, until + timedelta(days=91))
    assert (await view(register, vendor_id))["standing"] == "in_review"
    finding = {"band": "A", "proofs": ["nik", "phone", "bank"]}
    assert (await register.call("POST", f"vendors/{vendor_id}:verify", json=finding)).status_code == 200
    shown = await status(register, vendor_id)
    renewed = verification_ends_on(until + timedelta(days=91), UUID(vendor_id))
    assert (shown["standing"], shown["verified_until"]) == ("ok", str(renewed))
    assert (await register.call("GET", f"reviews/{review['review_id']}")).json()["state"] == "passed"


async def test_a_renewal_that_nobody_looks_at_gives_the_seller_a_new_grace(register: Register):
    vendor_id = await register.verified()
    until = verification_ends_on(NOW.date(), UUID(vendor_id))
    overdue = until + timedelta(days=91)
    await register.sql("UPDATE vendor_activity SET last_seen_on = $1", overdue)
    await on_day(register, overdue)
    assert (await view(register, vendor_id))["standing"] == "in_review"
    lapsed = overdue + timedelta(days=60)
    await on_day(register, lapsed)
    shown = await status(register, vendor_id)
    assert (shown["standing"], shown["band"], shown["verified_until"]) == ("ok", "A", str(lapsed))
    await on_day(register, lapsed + timedelta(days=1))
    assert (await view(register, vendor_id))["standing"] == "ok"


async def test_a_seller_rests_and_comes_back(register: Register):
    vendor_id = await register.verified()
    seller = await seller_of(register, vendor_id)
    assert (await register.call("POST", f"vendors/{vendor_id}:pause", "pp")).status_code == 403
    assert (await register.call("POST", f"vendors/{vendor_id}:pause", seller)).json()["standing"] == "dormant"
    assert (await status(register, vendor_id))["next_step"] == "SAY_ACTIVE"
    assert (await register.call("POST", f"vendors/{vendor_id}:resume", seller)).json()["standing"] == "ok"
    history = (await register.call("GET", f"vendors/{vendor_id}/standings", seller)).json()["standings"]
    assert [one["reason"] for one in history] == ["LIBUR", "SAYA_AKTIF"]


async def test_who_is_not_seen_for_a_year_sleeps_and_who_sleeps_two_years_is_closed(register: Register):
    vendor_id = await register.verified()
    await on_day(register, date(2027, 3, 2))
    assert (await view(register, vendor_id))["standing"] == "ok"
    await on_day(register, date(2027, 3, 3))
    assert (await view(register, vendor_id))["standing"] == "dormant"
    await on_day(register, date(2029, 3, 2))
    assert (await view(register, vendor_id))["standing"] == "dormant"
    await on_day(register, date(2029, 3, 3))
    assert (await view(register, vendor_id))["standing"] == "closed"
    body = {"standing": "in_review", "reason": "Dibuka lagi atas permintaan"}
    reopened = await register.call("POST", f"vendors/{vendor_id}:set_standing", json=body)
    assert reopened.json()["standing"] == "in_review"
    assert (await open_review(register, vendor_id, "standing"))["reason"] == "Dibuka lagi atas permintaan"


async def test_an_officer_of_the_family_does_not_decide(register: Register):
    body = entry(consent_version="1", name="Warung Milik Sendiri")
    body["owners"][0]["kk"] = "3510160101100001"
    assert (await register.call("POST", "vendors", "uncle.3510", json=body)).status_code == 201
    other = entry(name="Kedai Keponakan Jauh")
    other["owners"][0]["kk"] = "3510160101100001"
    vendor_id = (await register.call("POST", "vendors", json=other)).json()["vendor_id"]
    await register.grant("uncle.3510", "koperindag_officer")
    finding = {"band": "A", "proofs": ["nik", "phone", "bank"]}
    answer = await register.call("POST", f"vendors/{vendor_id}:verify", "uncle", json=finding)
    assert (answer.status_code, answer.json()["reason"]) == (403, "SELF_VERIFICATION")
    refusal = {"band": "A", "codes": ["BUSINESS_NOT_FOUND"]}
    answer = await register.call("POST", f"vendors/{vendor_id}:refuse_verification", "uncle", json=refusal)
    assert answer.json()["reason"] == "SELF_VERIFICATION"
    assert (await register.call("POST", f"vendors/{vendor_id}:verify", json=finding)).status_code == 200


async def test_an_agent_acts_with_consent_on_paper_and_every_act_says_so(register: Register):
    vendor_id = await register.verified()
    refused = await register.call("POST", f"vendors/{vendor_id}:pause", params={"on_behalf": True})
    assert (refused.status_code, refused.json()["reason"]) == (403, "AGENT_CONSENT_MISSING")
    consent = {"agent": "officer.3510", "consent_version": "2026-01", "evidence_id": str(UUID(int=9))}
    answer = await register.call("POST", f"vendors/{vendor_id}:record_agent", json=consent)
    assert answer.json()["reason"] == "EVIDENCE_UNKNOWN"
    paper = await evidence(register, vendor_id)
    answer = await register.call("POST", f"vendors/{vendor_id}:record_agent", json={**consent, "evidence_id": paper})
    assert answer.status_code == 200
    paused = await register.call("POST", f"vendors/{vendor_id}:pause", params={"on_behalf": True})
    assert paused.json()["standing"] == "dormant"
    event = events.VendorStandingChanged.FromString((await register.events("vendor_standing_changed"))[-1]["payload"])
    assert (event.transition.actor.principal, event.transition.actor.on_behalf_of) == ("officer.3510", vendor_id)
    history = (await register.call("GET", f"vendors/{vendor_id}/standings")).json()["standings"]
    assert (history[-1]["actor"]["on_behalf_of"], history[-1]["evidence_id"]) == (vendor_id, paper)
    await register.call("POST", f"vendors/{vendor_id}:revoke_agent", json={"agent": "officer.3510"})
    refused = await register.call("POST", f"vendors/{vendor_id}:resume", params={"on_behalf": True})
    assert refused.json()["reason"] == "AGENT_CONSENT_MISSING"


async def test_the_second_unanswered_order_in_ninety_days_puts_a_seller_to_sleep(register: Register):
    from vendor_service.application.reviews.activity import on_order_unanswered

    vendor_id = UUID(await register.verified())
    system = Moment(Actor("svc:order", "system"), NOW, NOW.date())
    days = (date(2026, 1, 1), date(2026, 4, 1), date(2026, 6, 28))
    transactions = register.servicer._container.transactions
    seen = []
    for number, day in enumerate(days):
        for _ in range(2):
            async with transactions("3510") as uow:
                await on_order_unanswered(vendor_id, UUID(int=number + 1), day, system, uow=uow)
        seen.append((await view(register, str(vendor_id)))["standing"])
    assert seen == ["ok", "ok", "dormant"]


async def test_deciding_at_once_decides_once_and_never_waits_for_ever(register: Register):
    vendor_id = await register.verified()
    await change(register, vendor_id, {"account_number": "776655443322", "account_holder": "ORANG LAIN"})
    body = {"name": "Warung Serempak", "reason": "Ganti nama", "evidence_ids": []}
    identity = (await register.call("POST", f"vendors/{vendor_id}:propose_identity", json=body)).json()["review_id"]
    bank = (await open_review(register, vendor_id, "bank"))["review_id"]
    register.clock.set(NOW + timedelta(hours=25))
    finding = {"band": "A", "proofs": ["nik", "phone", "bank"], "holder": "checked"}
    paths = [(f"reviews/{bank}:pass", {}), (f"reviews/{identity}:pass", {}), (f"vendors/{vendor_id}:verify", finding)]
    answers = await asyncio.gather(*(register.call("POST", *one[:1], json=one[1]) for one in paths * 4))
    assert {answer.status_code for answer in answers} <= {200, 409}, [answer.text for answer in answers]
    for path in (bank, identity):
        mine = [one for one in answers if one.request.url.path.endswith(f"{path}:pass")]
        assert sorted(one.status_code for one in mine) == [200, 409, 409, 409]
        assert {one.json()["reason"] for one in mine if one.status_code == 409} == {"REVIEW_CLOSED"}
    shown = await view(register, vendor_id)
    assert (shown["name"], shown["standing"], shown["payout_ready"]) == ("Warung Serempak", "ok", True)


async def test_an_order_counts_as_unanswered_only_if_the_letter_waited_for_the_seller(register: Register):
    vendor_id = await register.verified()
    container = register.servicer._container
    react = order_reactions(container)

    async def lapse(*states: int, order: int) -> None:
        message = OrderLapsed()
        message.order.order_id, message.order.region = str(UUID(int=order)), "3510"
        message.order.vendor.vendor_id = vendor_id
        for state in (*states, ORDER_STATE_LAPSED):
            message.order.history.add(state=state)
        event = ReceivedEvent(
            event_id=new_id(),
            tenant=TenantId("3510"),
            source="order",
            name="order_lapsed",
            aggregate_id=str(UUID(int=order)),
            aggregate_version=1,
            type=message.DESCRIPTOR.full_name,
            payload=message.SerializeToString(),
            occurred_at=NOW,
        )
        async with register.db.tenant_transaction(TenantId("3510")) as connection:
            await react(event, connection)

    for number in range(3):
        await lapse(ORDER_STATE_PPK_REVIEW, order=100 + number)
    await lapse(ORDER_STATE_PPK_REVIEW, ORDER_STATE_SP_ISSUED, order=1)
    await lapse(ORDER_STATE_PPK_REVIEW, ORDER_STATE_SP_ISSUED, order=1)
    assert (await view(register, vendor_id))["standing"] == "ok"
    await lapse(ORDER_STATE_PPK_REVIEW, ORDER_STATE_SP_ISSUED, order=2)
    assert (await view(register, vendor_id))["standing"] == "dormant"
    assert (await status(register, vendor_id))["notices"][0]["code"] == "TWO_LAPSES_IN_90_DAYS"


def test_the_durable_carries_every_event_that_is_reacted_to(nats_topology):
    durable = next(one for one in nats_topology.consumers if one.durable == "vendor__order_reactions")
    assert set(durable.events) == {"order_handed_over", "order_lapsed"}
