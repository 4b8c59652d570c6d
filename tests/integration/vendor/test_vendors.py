"""Businesses through REST: who may do what, what everybody sees, and what follows from each step."""

import pytest
from bela.common.v1.authority_pb2 import GrantChanged
from bela.vendor.events.v1 import vendor_events_pb2 as events

from .world import Register, entry


def last(rows, message):
    return message.FromString(rows[-1]["payload"])


async def test_an_officer_enters_a_business_and_the_event_carries_it_whole(register: Register):
    made = await register.enter(name="Warung Rujak Soto Bu Ana")
    assert (made["version"], made["standing"], made["business_class"]) == (1, "ok", "micro")
    event = last(await register.events("vendor_collected"), events.VendorCollected)
    assert (event.vendor.vendor_id, event.vendor.district_code) == (made["vendor_id"], "351005")
    assert event.transition.actor.principal == "officer.3510"
    assert event.vendor.owner_group_id == made["vendor_id"]


async def test_the_same_business_again_is_refused_with_its_id(register: Register):
    body = entry(name="Penjahit Rapi Sekali")
    first = await register.call("POST", "vendors", json=body)
    second = await register.call("POST", "vendors", json={**body, "name": "PENJAHIT RAPI SEKALI"})
    assert (second.status_code, second.json()["reason"]) == (409, "VENDOR_ALREADY_REGISTERED")
    assert second.json()["vendor_id"] == first.json()["vendor_id"]
    assert second.json()["rule"] == "SAME_NIK_AND_NAME"


async def test_a_second_business_of_an_owner_joins_the_group(register: Register):
    body = entry(name="Kopi Osing Asli")
    first = (await register.call("POST", "vendors", json=body)).json()
    other = {**entry(name="Bengkel Motor Lancar"), "owners": body["owners"]}
    second = (await register.call("POST", "vendors", json=other)).json()
    views = [(await register.call("GET", f"vendors/{one['vendor_id']}")).json() for one in (first, second)]
    assert views[0]["owner_group_id"] == views[1]["owner_group_id"] == first["vendor_id"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"owners": [{"name": "A", "nik": "3510163102900001"}]}, "owners[0].nik"),
        ({"village_code": "1311012001"}, "village_code"),
        ({"district_code": "351001"}, "district_code"),
        ({"phone": "123"}, "phone"),
        ({"nib": "12"}, "nib"),
        ({"account_number": "abc"}, "account_number"),
    ],
)
async def test_a_wrong_field_is_named(register: Register, change, field):
    answer = await register.call("POST", "vendors", json=entry(**change))
    assert (answer.status_code, answer.json()["reason"]) == (400, "PROFILE_INVALID")
    assert [one["field"] for one in answer.json()["fields"]] == [field]


@pytest.mark.parametrize(
    "change",
    [
        {"turnover_idr": 1.5},
        {"turnover_idr": -1},
        {"turnover_idr": 10**16},
        {"turnover_idr": "1000"},
        {"unknown": 1},
        {"name": ""},
        {"name": "x" * 201},
        {"owners": []},
        {"start_year": 1},
    ],
)
async def test_a_body_against_the_schema_is_refused(register: Register, change):
    answer = await register.call("POST", "vendors", json=entry(**change))
    assert answer.status_code == 422
    assert answer.json()["fields"]


async def test_sql_and_html_are_stored_as_text(register: Register):
    evil = "<b>Warung</b>'; DROP TABLE vendors; --"
    made = await register.enter(name=evil)
    assert (await register.call("GET", f"vendors/{made['vendor_id']}", None)).json()["name"] == evil


async def test_a_sign_up_is_answered_alike_whether_the_business_is_known_or_not(register: Register):
    known = entry(name="Dapur Sambal Wader", consent_version="2026-01")
    body = {key: value for key, value in known.items() if key != "consent_version"}
    existing = (await register.call("POST", "vendors", json=body)).json()
    group = (await register.call("GET", f"vendors/{existing['vendor_id']}")).json()["owner_group_id"]
    answers = [
        await register.call("POST", "vendors", "citizen.nowhere", json=one)
        for one in (known, entry(name="Usaha Sama Sekali Baru", consent_version="2026-01"))
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert [set(answer.json()) for answer in answers] == [{"vendor_id", "state"}] * 2
    claimed = (await register.call("GET", f"vendors/{answers[0].json()['vendor_id']}")).json()
    assert claimed["owner_group_id"] != group
    queue = (await register.call("GET", "merge_candidates")).json()["merge_candidates"]
    assert existing["vendor_id"] in {one["other_vendor_id"] for one in queue}
    again = await register.call("POST", "vendors", "citizen.nowhere", json=entry(consent_version="1"))
    last_one = await register.call("POST", "vendors", "citizen.nowhere", json=entry(consent_version="1"))
    assert (again.status_code, last_one.json()["reason"]) == (201, "SIGN_UP_LIMIT")


async def test_a_sign_up_needs_consent_and_no_role_of_the_government(register: Register):
    answer = await register.call("POST", "vendors", "citizen2.nowhere", json=entry())
    assert answer.json()["reason"] == "CONSENT_MISSING"
    assert (await register.call("POST", "vendors", "pp", json=entry())).json()["reason"] == "ROLE_MISSING"
    assert (await register.call("POST", "vendors", None, json=entry())).status_code == 401


async def test_whoever_signed_up_is_given_the_account_and_may_not_verify(register: Register):
    answer = await register.call("POST", "vendors", "citizen3.nowhere", json=entry(consent_version="1"))
    vendor_id = answer.json()["vendor_id"]
    assert (await register.call("GET", f"vendors/{vendor_id}", None)).status_code == 404
    body = {"consent_version": "1", "phone_verified": True}
    assert (await register.call("POST", f"vendors/{vendor_id}:open_account", json=body)).status_code == 200
    grant = last(await register.events("grant_changed"), GrantChanged).grant
    assert (grant.principal, grant.role, grant.scope_id) == ("citizen3.nowhere", "vendor_owner", vendor_id)
    assert (await register.call("GET", f"vendors/{vendor_id}", None)).status_code == 200
    mine = (await register.call("GET", f"vendors/{vendor_id}", "citizen3.nowhere")).json()
    assert mine["owners"][0]["nik"][4:12] == "********"
    other = await register.enter()
    theirs = (await register.call("GET", f"vendors/{other['vendor_id']}", "citizen3.nowhere")).json()
    assert "owners" not in theirs


async def test_an_account_needs_consent_phone_and_a_person_without_office(register: Register):
    vendor_id = (await register.enter())["vendor_id"]
    for body, reason in (
        ({"principal": "v.x", "consent_version": "1", "phone_verified": False}, "PHONE_NOT_VERIFIED"),
        ({"consent_version": "1", "phone_verified": True}, "PRINCIPAL_MISSING"),
        ({"principal": "pp.3510", "consent_version": "1", "phone_verified": True}, "GOVERNMENT_ROLE_HELD"),
    ):
        answer = await register.call("POST", f"vendors/{vendor_id}:open_account", json=body)
        assert answer.json()["reason"] == reason


async def test_the_funnel_follows_every_step(register: Register):
    before = (await register.call("GET", "funnel")).json()["total"]
    vendor_id = (await register.enter())["vendor_id"]
    body = {"held_on": "2026-03-01", "session": "Kemasan"}
    for _ in range(2):
        assert (await register.call("POST", f"vendors/{vendor_id}:record_training", json=body)).status_code == 200
    await register.call(
        "POST",
        f"vendors/{vendor_id}:open_account",
        json={"principal": "v77.x", "consent_version": "1", "phone_verified": True},
    )
    refused = await register.call("POST", f"vendors/{vendor_id}:verify", json={"band": "B", "proofs": ["nik"]})
    assert (refused.status_code, refused.json()["reason"]) == (409, "PROOFS_MISSING")
    assert "proofs.nib" in {one["field"] for one in refused.json()["fields"]}
    done = await register.call(
        "POST", f"vendors/{vendor_id}:verify", json={"band": "A", "proofs": ["nik", "phone", "bank"]}
    )
    assert (done.json()["band"], done.json()["milestones"]["trained_on"]) == ("A", "2026-03-01")
    after = (await register.call("GET", "funnel")).json()
    assert {name: after["total"][name] - before[name] for name in before} == {
        "collected": 1, "trained": 1, "account": 1, "verified": 1, "published": 0, "first_sale": 0, "active": 0,
    }  # fmt: skip
    assert len(after["districts"]) == 25
    assert len(await register.events("vendor_trained")) == 1


async def test_an_officer_does_not_verify_a_business_they_belong_to(register: Register):
    await register.grant("double.3510", "koperindag_officer", region="1904")
    answer = await register.call("POST", "vendors", "double.x3510", json=entry(consent_version="1"))
    vendor_id = answer.json()["vendor_id"]
    await register.grant("double.x3510", "koperindag_officer")
    verify = {"band": "A", "proofs": ["nik", "phone", "bank"]}
    answer = await register.call("POST", f"vendors/{vendor_id}:verify", "double.x3510", json=verify)
    assert (answer.status_code, answer.json()["reason"]) == (403, "SELF_VERIFICATION")


async def test_nobody_is_suspended_by_a_mark(register: Register):
    vendor_id = await register.verified()
    body = {"standing": "suspended", "reason": "Keputusan 12/2026"}
    for who in ("officer", "lpse"):
        answer = await register.call("POST", f"vendors/{vendor_id}:set_standing", who, json=body)
        assert (answer.status_code, answer.json()["reason"]) == (409, "SANCTION_NEEDED")


async def test_a_change_needs_the_version_that_was_seen(register: Register):
    vendor_id = (await register.enter())["vendor_id"]
    path, body = f"vendors/{vendor_id}", {"main_product": "Tumpeng"}
    assert (await register.call("PATCH", path, json=body)).status_code == 428
    seen = (await register.call("GET", path)).headers["etag"]
    first = await register.call("PATCH", path, json=body, headers={"if-match": seen})
    assert (first.status_code, first.json()["main_product"], first.headers["etag"]) == (200, "Tumpeng", '"2"')
    stale = await register.call("PATCH", path, json={"main_product": "Lain"}, headers={"if-match": seen})
    assert (stale.status_code, stale.json()["reason"]) == (412, "ETAG_MISMATCH")
    same = await register.call("PATCH", path, json=body, headers={"if-match": '"2"'})
    assert same.headers["etag"] == '"2"'


async def test_a_verified_name_stays_and_a_new_account_holds_the_payout(register: Register):
    vendor_id = await register.verified()
    seen = (await register.call("GET", f"vendors/{vendor_id}")).headers["etag"]
    renamed = await register.call("PATCH", f"vendors/{vendor_id}", json={"name": "Baru"}, headers={"if-match": seen})
    assert (renamed.status_code, renamed.json()["reason"]) == (409, "FIELD_VERIFIED")
    body = {"account_number": "999000111222"}
    moved = await register.call("PATCH", f"vendors/{vendor_id}", json=body, headers={"if-match": seen})
    assert (moved.status_code, moved.json()["payout_ready"]) == (200, False)


async def test_a_shared_account_joins_two_groups(register: Register):
    ids = [(await register.enter())["vendor_id"] for _ in range(2)]
    for vendor_id in ids:
        seen = (await register.call("GET", f"vendors/{vendor_id}")).headers["etag"]
        await register.call(
            "PATCH", f"vendors/{vendor_id}", json={"account_number": "424242424242"}, headers={"if-match": seen}
        )
    groups = {(await register.call("GET", f"vendors/{one}")).json()["owner_group_id"] for one in ids}
    assert groups == {min(ids)}


async def test_a_list_is_searched_filtered_and_paged(register: Register):
    await register.enter(name="Tahu Walik Banyuwangi", region="6112")
    await register.enter(name="Kerupuk Udang Kakap", region="6112")
    await register.enter(name="Kerupuk Ikan Belida", region="6112")
    public = (await register.call("GET", "vendors", None, region="6112", params={"q": "kerupuk"})).json()
    assert {one["name"] for one in public["vendors"]} == {"Kerupuk Udang Kakap", "Kerupuk Ikan Belida"}
    typo = (await register.call("GET", "vendors", None, region="6112", params={"q": "kerupk"})).json()
    assert len(typo["vendors"]) == 2
    names, token = [], None
    while True:
        params = {"page_size": 1} | ({"page_token": token} if token else {})
        page = (await register.call("GET", "vendors", region="6112", params=params)).json()
        names += [one["name"] for one in page["vendors"]]
        token = page["next_page_token"]
        if token is None:
            break
    assert names == ["Tahu Walik Banyuwangi", "Kerupuk Udang Kakap", "Kerupuk Ikan Belida"]
    bad = await register.call("GET", "vendors", None, region="6112", params={"standing": "gone"})
    assert bad.json()["reason"] == "FILTER_INVALID"
    assert (await register.call("GET", "vendors", None, params={"page_token": "xx"})).status_code == 400
    none = await register.call("GET", "vendors", None, region="6112", params={"milestone": "verified"})
    assert none.json()["vendors"] == []


async def test_identifiers_are_revealed_with_a_reason_and_on_record(register: Register):
    body = entry()
    vendor_id = (await register.call("POST", "vendors", json=body)).json()["vendor_id"]
    ask = {"fields": ["nik", "phone"], "reason": "Pencocokan data bantuan"}
    path = f"vendors/{vendor_id}:reveal"
    assert (await register.call("POST", path, "pp", json=ask)).status_code == 403
    assert (await register.call("POST", path, json={**ask, "reason": "x"})).status_code == 422
    shown = await register.call("POST", path, json=ask, headers={"idempotency-key": "k1"})
    assert shown.json()["owners"] == [{"nik": body["owners"][0]["nik"]}]
    rows = await register.sql("SELECT principal, fields FROM reveals WHERE vendor_id::text = $1", vendor_id)
    assert rows == [{"principal": "officer.3510", "fields": ["nik", "phone"]}]
    assert await register.sql("SELECT 1 FROM idempotency_keys WHERE operation = 'reveal'") == []


async def test_a_repeated_request_has_one_effect_and_another_body_is_refused(register: Register):
    body, headers = entry(), {"idempotency-key": "enter-1"}
    answers = [await register.call("POST", "vendors", json=body, headers=headers) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    other = await register.call("POST", "vendors", json=entry(), headers=headers)
    assert other.json()["reason"] == "IDEMPOTENCY_KEY_REUSED"


async def test_a_guest_is_copied_to_the_host_and_follows_home(register: Register):
    vendor_id = await register.verified(region="1904")
    body = {"host_region": "19", "category_codes": ["spice.red_ginger"], "valid_from": "2026-03-01"}
    made = await register.call("POST", f"vendors/{vendor_id}/guest_grants", region="1904", json=body)
    assert made.status_code == 201, made.text
    rows = await register.events("guest_vendor_changed")
    event = last(rows, events.GuestVendorChanged)
    assert rows[-1]["subject"] == "bela.vendor.v1.19.guest_vendor_changed"
    assert (event.host_region, event.vendor.region) == ("19", "1904")
    await register.sanctioned(vendor_id, region="1904")
    event = last(await register.events("guest_vendor_changed"), events.GuestVendorChanged)
    assert (event.version, event.vendor.standing) == (2, 3)
    grant_id = made.json()["guest_grant_id"]
    path = f"vendors/{vendor_id}/guest_grants/{grant_id}:revoke"
    assert (await register.call("POST", path, region="1904")).json()["revoked"]
    event = last(await register.events("guest_vendor_changed"), events.GuestVendorChanged)
    assert (event.version, event.revoked) == (3, True)
    home = {**body, "host_region": "1904"}
    answer = await register.call("POST", f"vendors/{vendor_id}/guest_grants", region="1904", json=home)
    assert answer.json()["reason"] == "GUEST_GRANT_INVALID"


async def test_areas_are_public(register: Register):
    districts = (await register.call("GET", "areas", None)).json()["areas"]
    assert len(districts) == 25
    found = (await register.call("GET", "areas", None, params={"q": "tembokrejo"})).json()["areas"]
    assert {one["name"] for one in found} == {"Tembokrejo"}
    assert (await register.call("GET", "areas", None, params={"parent": "351005"})).json()["areas"][0][
        "parent"
    ] == "351005"
    assert (await register.call("GET", "areas", None, region="9999")).status_code == 404


async def test_another_regions_token_gets_what_anybody_gets(register: Register):
    vendor_id = (await register.enter())["vendor_id"]
    for path in (f"vendors/{vendor_id}", "vendors", "areas"):
        mine = await register.call("GET", path, "officer.1311")
        assert mine.text == (await register.call("GET", path, None)).text
    body = {"held_on": "2026-03-01", "session": "x"}
    for method, path, json in (
        ("PATCH", f"vendors/{vendor_id}", {"main_product": "x"}),
        ("POST", f"vendors/{vendor_id}:record_training", body),
        ("POST", f"vendors/{vendor_id}:reveal", {"fields": ["nik"], "reason": "sepuluh huruf"}),
        ("POST", f"vendors/{vendor_id}:verify", {"band": "A", "proofs": []}),
        ("GET", f"vendors/{vendor_id}/guest_grants", None),
        ("GET", "funnel", None),
        ("GET", "imports", None),
        ("GET", "merge_candidates", None),
    ):
        assert (await register.call(method, path, "officer.1311", json=json)).status_code == 404, path
    foreign = await register.call("POST", f"vendors/{vendor_id}:record_training", "officer", region="1311", json=body)
    assert foreign.json()["reason"] == "VENDOR_NOT_FOUND"
