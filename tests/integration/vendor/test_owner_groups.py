"""Owner groups are the components of the links that stand now, whatever happened in which sequence."""

import random
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import pytest
from bela_kit.core.tenancy import TenantId
from vendor_service.domain.profile import EntityKind
from vendor_service.domain.vendor import Vendor

from .world import Register, entry

REGION = "6112"
NIKS = [f"{REGION}05570{month}85{serial:04d}" for month, serial in ((1, 1), (2, 2), (3, 3), (4, 4), (5, 5))]
KKS = [f"{REGION}0101012{serial}0001" for serial in range(1, 4)]
ACCOUNTS = ["700100200301", "700100200302", "700100200303", "700100200304"]


async def known(register: Register, region: str = REGION) -> dict[UUID, Vendor]:
    rows = await register.sql("SELECT vendor_id FROM vendors WHERE tenant_id = $1", region)
    async with register.servicer._container.transactions(TenantId(region)) as uow:
        return await uow.vendors.peek(row["vendor_id"] for row in rows)


async def group_of(register: Register, vendor_id: str, region: str = REGION) -> str:
    return (await register.call("GET", f"vendors/{vendor_id}", region=region)).json()["owner_group_id"]


def naive(vendors: Iterable[Vendor], confirmed: set[frozenset[UUID]]) -> dict[UUID, UUID]:
    """Work the groups out by walking from each business over every other."""
    everything = list(vendors)
    koperasi = {one.vendor_id for one in everything if one.profile.entity_kind is EntityKind.KOPERASI}
    void = {one.private.account_number for one in everything if one.vendor_id in koperasi}
    strangers = {one.vendor_id for one in everything if one.applicant and not one.milestones.verified_on}

    def linked(a: Vendor, b: Vendor) -> bool:
        if {a.vendor_id, b.vendor_id} & (koperasi | strangers):
            return False
        if frozenset((a.vendor_id, b.vendor_id)) in confirmed:
            return True
        for kind in ("nik", "kk"):
            mine, theirs = ({getattr(owner, kind) for owner in one.owners} - {None} for one in (a, b))
            if mine & theirs:
                return True
        account = a.private.account_number
        return account is not None and account == b.private.account_number and account not in void

    groups: dict[UUID, UUID] = {}
    for start in sorted(everything, key=lambda one: one.vendor_id.int):
        if start.vendor_id in groups:
            continue
        queue = [start]
        groups[start.vendor_id] = start.vendor_id
        while queue:
            here = queue.pop()
            for other in everything:
                if other.vendor_id not in groups and linked(here, other):
                    groups[other.vendor_id] = start.vendor_id
                    queue.append(other)
    return groups


def some(dice: random.Random, values: list[str], share: float = 0.6) -> str | None:
    return dice.choice(values) if dice.random() < share else None


def person(dice: random.Random) -> dict[str, Any]:
    made = entry(REGION)
    owner = {"name": made["owners"][0]["name"], "nik": some(dice, NIKS), "kk": some(dice, KKS, 0.4)}
    kind = "koperasi" if dice.random() < 0.12 else "individual"
    account = some(dice, ACCOUNTS, 0.5)
    return {**made, "owners": [owner], "account_number": account, "entity_kind": kind, "nib": None}


async def by_hand(register: Register, dice: random.Random) -> None:
    answer = await register.call("POST", "vendors", region=REGION, json=person(dice))
    assert answer.status_code in {201, 409}, answer.text


async def by_stranger(register: Register, dice: random.Random) -> None:
    body = {**person(dice), "consent_version": "1"}
    who = f"warga{dice.random()}.nowhere"
    answer = await register.call("POST", "vendors", who, region=REGION, json=body)
    assert answer.status_code == 201, answer.text


async def corrected(register: Register, dice: random.Random) -> None:
    vendors = await known(register)
    if not vendors:
        return
    one = dice.choice(sorted(vendors))
    change = dice.choice(
        [{"nik": dice.choice(NIKS)}, {"kk": some(dice, KKS)}, {"account_number": some(dice, ACCOUNTS)}]
    )
    answer = await register.call("PATCH", f"vendors/{one}", region=REGION, json=change, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text


async def imported(register: Register, dice: random.Random) -> None:
    columns = [
        "NAMA USAHA",
        "NAMA PEMILIK",
        "NIK",
        "NO KK",
        "ALAMAT",
        "KECAMATAN",
        "DESA",
        "PRODUK UTAMA",
        "NO REKENING",
        "BENTUK USAHA",
    ]
    rows: list[list[str | None]] = [[*columns]]
    for _ in range(3):
        one = person(dice)
        owner = one["owners"][0]
        rows.append(
            [one["name"], owner["name"], owner["nik"], owner["kk"], "Jl. 1", "Sungai Raya", "Sungai Raya", "Nasi",
             one["account_number"], "Koperasi" if one["entity_kind"] == "koperasi" else "Perorangan"]
        )  # fmt: skip
    text = "\n".join(";".join(cell or "" for cell in row) for row in rows)
    job = await register.imported(text.encode(), region=REGION, commit=False)
    assert job["state"] == "previewed", job["failure"]
    answer = await register.call("POST", f"imports/{job['import_id']}:commit", region=REGION)
    assert answer.status_code == 202, answer.text
    await register.run_jobs()


async def decided(register: Register, dice: random.Random, confirmed: set[frozenset[UUID]]) -> None:
    vendors = sorted(await known(register))
    if len(vendors) < 2:
        return
    pair = dice.sample(vendors, 2)
    yes = dice.random() < 0.7
    body = {"vendor_id": str(pair[0]), "other_vendor_id": str(pair[1]), "confirmed": yes, "reason": "Diperiksa"}
    answer = await register.call("POST", "owner_links", region=REGION, json=body)
    assert answer.status_code == 200, answer.text
    (confirmed.add if yes else confirmed.discard)(frozenset(pair))


@pytest.mark.parametrize("seed", [1, 2])
async def test_groups_are_always_the_components_of_the_links_that_stand(register: Register, seed: int):
    dice = random.Random(seed)
    confirmed: set[frozenset[UUID]] = {
        frozenset((row["vendor_id"], row["other_vendor_id"]))
        for row in await register.sql("SELECT * FROM owner_links WHERE state = 'confirmed'")
    }
    ways = [by_hand, by_hand, by_stranger, corrected, corrected, corrected, imported, decided]
    for step in range(25):
        way = dice.choice(ways)
        await (decided(register, dice, confirmed) if way is decided else way(register, dice))
        vendors = await known(register)
        stored = {vendor_id: vendor.owner_group_id for vendor_id, vendor in vendors.items()}
        assert stored == naive(vendors.values(), confirmed), (seed, step, way.__name__)
    orphans = "SELECT 1 FROM owners o WHERE NOT EXISTS (SELECT FROM vendor_owners w WHERE w.owner_id = o.owner_id)"
    assert await register.sql(orphans) == []


async def test_a_corrected_nik_leaves_the_other_business_of_the_person_alone(register: Register):
    body = entry(REGION)
    first = (await register.call("POST", "vendors", region=REGION, json=body)).json()["vendor_id"]
    second = (await register.enter(region=REGION, owners=body["owners"]))["vendor_id"]
    assert await group_of(register, first) == await group_of(register, second) == first
    change = {"nik": f"{REGION}055711850977"}
    answer = await register.call("PATCH", f"vendors/{second}", region=REGION, json=change, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text
    assert (await group_of(register, first), await group_of(register, second)) == (first, second)
    owners = {one: vendor.owners[0] for one, vendor in (await known(register)).items()}
    assert owners[UUID(first)].nik == body["owners"][0]["nik"]
    assert owners[UUID(second)].nik == change["nik"]


async def test_a_changed_bank_account_splits_and_the_event_tells(register: Register):
    body = entry(REGION)
    first = (await register.call("POST", "vendors", region=REGION, json=body)).json()["vendor_id"]
    second = (await register.enter(region=REGION, account_number=body["account_number"]))["vendor_id"]
    assert await group_of(register, second) == first
    change = {"account_number": "88990011223"}
    await register.call("PATCH", f"vendors/{first}", region=REGION, json=change, headers={"If-Match": "*"})
    assert (await group_of(register, first), await group_of(register, second)) == (first, second)
    told = [row["aggregate_id"] for row in await register.events("vendor_profile_changed")]
    assert told[-1] == second


async def test_a_koperasi_does_not_group_those_it_pays(register: Register):
    account = "445566778899"
    members = [(await register.enter(region=REGION, account_number=account))["vendor_id"] for _ in range(2)]
    assert await group_of(register, members[1]) == members[0]
    koperasi = (
        await register.enter(region=REGION, account_number=account, entity_kind="koperasi", account_holder="Koperasi")
    )["vendor_id"]
    assert [await group_of(register, one) for one in (*members, koperasi)] == [*members, koperasi]
    change = {"account_number": "445566770000"}
    await register.call("PATCH", f"vendors/{koperasi}", region=REGION, json=change, headers={"If-Match": "*"})
    assert await group_of(register, members[1]) == members[0]


async def test_a_shared_phone_only_proposes_until_an_officer_confirms(register: Register):
    body = entry("1904")
    first = (await register.call("POST", "vendors", region="1904", json=body)).json()["vendor_id"]
    second = (await register.enter(region="1904", phone=body["phone"]))["vendor_id"]
    third = (await register.enter(region="1904"))["vendor_id"]
    proposals = (await register.call("GET", "owner_link_proposals", region="1904")).json()["owner_link_proposals"]
    assert [(one["vendor_id"], one["other_vendor_id"], one["kinds"]) for one in proposals] == [
        (first, second, ["phone"])
    ]
    assert await group_of(register, second, "1904") == second
    decision = {"vendor_id": second, "other_vendor_id": first, "confirmed": True, "reason": "Suami istri"}
    assert (await register.call("POST", "owner_links", "pp", region="1904", json=decision)).status_code == 403
    assert (await register.call("POST", "owner_links", region="1904", json=decision)).status_code == 200
    assert await group_of(register, second, "1904") == first
    rest = (await register.call("GET", "owner_link_proposals", region="1904")).json()
    assert rest == {"owner_link_proposals": [], "next_page_token": None}
    undone = {**decision, "confirmed": False, "reason": "Ternyata hanya tetangga"}
    await register.call("POST", "owner_links", region="1904", json=undone)
    assert await group_of(register, second, "1904") == second
    for other in (first, str(UUID(int=5))):
        wrong = {**decision, "vendor_id": first, "other_vendor_id": other}
        answer = await register.call("POST", "owner_links", region="1904", json=wrong)
        assert (answer.status_code, answer.json()["reason"]) == (400, "LINK_INVALID")
    foreign = await register.call("POST", "owner_links", region="1311", json={**decision, "other_vendor_id": third})
    assert foreign.json()["reason"] == "LINK_INVALID"
