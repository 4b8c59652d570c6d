"""Story 3 in figures: 9,782 collected, 300 trained, 120 accounts, 75 verified, 60 published, 22 first sales."""

from datetime import date, timedelta
from uuid import UUID, uuid5

import pytest

from .world import NOW, Register

JUNE = date(2026, 6, 30)
# Accounts per kecamatan of Solok Selatan: everybody but Sangir Batang Hari keeps pace with what was collected.
COLLECTED = {"01": 2000, "02": 1900, "03": 1200, "04": 1100, "05": 1282, "06": 1300, "07": 1000}
ACCOUNTS = {"01": 28, "02": 27, "03": 15, "04": 14, "05": 3, "06": 19, "07": 14}
_INSERT = """
INSERT INTO vendors (tenant_id, vendor_id, version, name, name_key, district_code, profile, sealed, owner_group_id,
    standing, standing_since, collected_on, trained_on, account_on, verified_on, published_on, first_sale_on,
    tax_profile, payout_ready, conflict_of_interest, blacklisted, producer_of, verified_fields, created_at, updated_at)
SELECT '1311', v.id, 1, 'Usaha', 'usaha', v.district, '{"main_product": "Keripik"}', '\\x00', v.id, 'ok', '2026-03-02',
    '2026-03-02', v.trained, v.account, v.verified, v.published, v.sold, '{}', false, false, false, '{}', '{}', $8, $8
FROM unnest($1::uuid[], $2::text[], $3::date[], $4::date[], $5::date[], $6::date[], $7::date[])
    AS v (id, district, trained, account, verified, published, sold)
"""


def story() -> list[tuple]:
    """One tuple a business; the first of each kecamatan have come furthest."""
    rows, trained, verified, published, sold = [], 300, 75, 60, 22
    for district, collected in COLLECTED.items():
        for number in range(collected):
            has_account = number < ACCOUNTS[district]
            steps: list[date | None] = [None] * 5
            if trained:
                steps[0], trained = date(2026, 3, 20), trained - 1
            if has_account:
                steps[1] = date(2026, 4, 1) if number % 3 else date(2026, 6, 10)
                if verified:
                    steps[2], verified = steps[1] + timedelta(days=9), verified - 1
                    if published:
                        steps[3], published = steps[2] + timedelta(days=4), published - 1
                        if sold:
                            steps[4], sold = steps[3] + timedelta(days=5), sold - 1
            rows.append((uuid5(UUID(int=1), f"{district}/{number}"), f"1311{district}", *steps))
    return rows


@pytest.fixture
async def solok_selatan(register: Register):
    rows = story()
    await register.sql(_INSERT, *[list(column) for column in zip(*rows, strict=True)], NOW)
    await register.grant("executive.1311", "executive", region="1311")
    register.clock.set(NOW + (JUNE - NOW.date()))
    yield rows
    register.clock.set(NOW)
    await register.sql("DELETE FROM vendors WHERE tenant_id = '1311'")
    await register.sql("DELETE FROM funnel_targets")


async def test_story_three_in_figures(register: Register, solok_selatan):
    found = (await register.call("GET", "funnel", "executive", region="1311")).json()
    assert found["total"] == {
        "collected": 9782,
        "trained": 300,
        "account": 120,
        "verified": 75,
        "published": 60,
        "first_sale": 22,
        "active": 60,
    }
    assert found["conversion"]["account"] == {
        "count": 120,
        "of": 9782,
        "per_mille": 12,
        "per_mille_of_step_before": 400,
    }
    assert (found["slowest_district"], found["slowest_district_name"]) == ("131105", "Sangir Batang Hari")
    assert [line["collected"] for line in found["districts"]] == list(COLLECTED.values())
    assert [line["account"] for line in found["districts"]] == list(ACCOUNTS.values())
    assert found["median_days"] == {
        "collected_to_account": 30,
        "account_to_verified": 9,
        "verified_to_published": 4,
        "published_to_first_sale": 5,
    }
    recent = sum(1 for row in solok_selatan if row[3] == date(2026, 6, 10))
    assert found["forecast"]["last_28_days"]["account"] == recent
    assert found["forecast"]["in_28_days"]["account"] == 120 + recent
    assert found["forecast"]["in_84_days"]["account"] == 120 + 3 * recent
    assert found["standings"] == {"ok": 9782, "in_review": 0, "suspended": 0, "dormant": 0, "closed": 0}


async def test_a_target_shows_whether_a_kecamatan_gets_there(register: Register, solok_selatan):
    path = "funnel/targets/131105/account"
    body = {"target": 20, "due_on": "2026-12-31"}
    assert (await register.call("PUT", path, region="1311", json=body)).status_code == 428
    stale = await register.call("PUT", path, region="1311", json=body, headers={"If-Match": '"7"'})
    assert stale.status_code == 412
    first = await register.call("PUT", path, region="1311", json=body, headers={"If-Match": "*"})
    assert first.status_code == 200, first.text
    assert (first.json()["reached"], first.json()["version"], first.json()["on_track"]) == (3, 1, False)
    etag = {"If-Match": first.headers["etag"]}
    lower = await register.call("PUT", path, region="1311", json={**body, "target": 4}, headers=etag)
    assert (lower.json()["version"], lower.json()["on_track"]) == (2, True)
    line = (await register.call("GET", "funnel", region="1311")).json()["districts"][4]
    assert line["targets"] == [lower.json()]
    for wrong, field in (({**body, "due_on": "2026-06-29"}, "due_on"),):
        answer = await register.call("PUT", path, region="1311", json=wrong, headers={"If-Match": "*"})
        assert [one["field"] for one in answer.json()["fields"]] == [field]
    foreign = await register.call(
        "PUT", "funnel/targets/351001/account", region="1311", json=body, headers={"If-Match": "*"}
    )
    assert foreign.json()["fields"][0]["field"] == "district_code"
    assert (await register.call("PUT", path, "executive", region="1311", json=body)).status_code == 403


async def test_figures_of_officers_and_drops_are_counted(register: Register):
    vendor_ids = [await register.verified() for _ in range(2)]
    refused = (await register.enter())["vendor_id"]
    for _ in range(3):
        body = {"band": "A", "codes": ["BUSINESS_NOT_FOUND", "PHONE_UNREACHABLE"]}
        assert (await register.call("POST", f"vendors/{refused}:refuse_verification", json=body)).status_code == 200
    standing = {"standing": "in_review", "reason": "Aduan pembeli"}
    await register.call("POST", f"vendors/{vendor_ids[0]}:set_standing", json=standing)
    officers = (await register.call("GET", "funnel/officers")).json()["officers"]
    mine = next(one for one in officers if one["principal"] == "officer.3510")
    assert {name: mine[name] for name in ("collected", "accounts", "verified", "standing_changes")} == {
        "collected": 3,
        "accounts": 2,
        "verified": 2,
        "standing_changes": 1,
    }
    drops = (await register.call("GET", "funnel/drops", params={"since": "2026-03-01"})).json()["drops"]
    assert drops == [
        {"how": "refused", "reason": "BUSINESS_NOT_FOUND", "count": 3},
        {"how": "refused", "reason": "PHONE_UNREACHABLE", "count": 3},
        {"how": "in_review", "reason": "Aduan pembeli", "count": 1},
    ]
    assert (await register.call("GET", "funnel/drops", params={"since": "2026-03-03"})).json()["drops"] == []
    assert (await register.call("GET", "funnel/officers", "pp")).status_code == 403
