"""A whole import taken back: what nobody touched is withdrawn, the rest stays and is listed."""

from datetime import timedelta

import pytest
from bela_kit.core.tenancy import TenantId

from .test_imports import book, count, row
from .world import Register


async def undo(register: Register, import_id: str) -> dict:
    answer = await register.call("POST", f"imports/{import_id}:undo")
    assert answer.status_code == 202, answer.text
    await register.run_jobs()
    return (await register.call("GET", f"imports/{import_id}")).json()


async def ids(register: Register, import_id: str) -> list[str]:
    return [one["vendor_id"] for one in await register.rows(import_id)]


async def standing(register: Register, vendor_id: str) -> str:
    return (await register.call("GET", f"vendors/{vendor_id}")).json()["standing"]


async def test_untouched_businesses_are_withdrawn_and_touched_ones_are_listed(register: Register):
    found = await register.imported(book(row(100), row(101), row(102)))
    first, second, third = await ids(register, found["import_id"])
    etag = (await register.call("GET", f"vendors/{second}")).headers["etag"]
    changed = await register.call(
        "PATCH", f"vendors/{second}", json={"address": "Jl. Baru 9"}, headers={"if-match": etag}
    )
    assert changed.status_code == 200, changed.text
    before = len(await register.events("vendor_standing_changed"))
    after = await undo(register, found["import_id"])
    assert (after["state"], after["undone"]) == ("undone", {"withdrawn": 2, "put_back": 0, "kept": 1})
    assert [await standing(register, one) for one in (first, second, third)] == ["closed", "ok", "closed"]
    assert len(await register.events("vendor_standing_changed")) == before + 2
    kept = (await register.call("GET", f"imports/{found['import_id']}/kept")).json()["vendors"]
    assert [(one["vendor_id"], one["reason"]) for one in kept] == [(second, "CHANGED_SINCE")]


async def test_an_undo_asked_for_twice_happens_once(register: Register):
    found = await register.imported(book(row(110)))
    first = await undo(register, found["import_id"])
    events = len(await register.events())
    assert await undo(register, found["import_id"]) == first
    assert len(await register.events()) == events


async def test_the_same_file_may_come_again_after_an_undo_and_enters_its_businesses_anew(register: Register):
    content = book(row(120), row(121))
    first = await register.imported(content)
    await undo(register, first["import_id"])
    second = await register.imported(content)
    assert second["import_id"] != first["import_id"]
    assert second["counts"]["new"] == 2


async def test_what_an_import_filled_in_is_emptied_where_it_is_unchanged(register: Register):
    first = await register.imported(book(row(130), row(131), row(132)))
    vendors = await ids(register, first["import_id"])
    changes = [row(number, Email=f"baru{number}@contoh.id", **{"Produk Utama": "Teh"}) for number in (130, 131, 132)]
    second = await register.imported(book(*changes))
    assert second["counts"]["update"] == 3
    etag = (await register.call("GET", f"vendors/{vendors[1]}")).headers["etag"]
    answer = await register.call(
        "PATCH", f"vendors/{vendors[1]}", json={"email": "sendiri@contoh.id"}, headers={"if-match": etag}
    )
    assert answer.status_code == 200, answer.text
    after = await undo(register, second["import_id"])
    assert after["undone"] == {"withdrawn": 0, "put_back": 3, "kept": 1}
    views = [(await register.call("GET", f"vendors/{one}")).json() for one in vendors]
    assert [(one["email"], one["main_product"]) for one in views] == [
        (None, "Kopi"), ("sendiri@contoh.id", "Kopi"), (None, "Kopi"),
    ]  # fmt: skip
    kept = (await register.call("GET", f"imports/{second['import_id']}/kept")).json()["vendors"]
    assert [(one["vendor_id"], one["reason"], one["fields"]) for one in kept] == [
        (vendors[1], "FIELDS_CHANGED_SINCE", ["email"])
    ]


async def test_nothing_is_taken_back_before_a_commit_or_after_thirty_days(register: Register):
    waiting = await register.imported(book(row(140)), commit=False)
    answer = await register.call("POST", f"imports/{waiting['import_id']}:undo")
    assert (answer.status_code, answer.json()["reason"]) == (409, "IMPORT_STATE")
    found = await register.imported(book(row(141)))
    then = register.clock.now(TenantId("3510"))
    try:
        register.clock.set(then + timedelta(days=31))
        answer = await register.call("POST", f"imports/{found['import_id']}:undo")
        assert (answer.status_code, answer.json()["reason"]) == (409, "UNDO_TOO_LATE")
    finally:
        register.clock.set(then)


async def test_a_question_about_a_withdrawn_business_is_not_asked_any_more(register: Register):
    await register.imported(book(row(150, **{"Nama Usaha": "Sambal Pecel Mbok Darmi"})))
    found = await register.imported(book(row(151, **{"Nama Usaha": "Sambal Pecel Mbok Darmii"})))
    assert found["counts"]["possible_duplicate"] == 1
    await undo(register, found["import_id"])
    queue = (await register.call("GET", "merge_candidates")).json()["merge_candidates"]
    assert [one for one in queue if "Darmi" in one["name"]] == []


@pytest.mark.parametrize("who", ["pp", "lpse"])
async def test_only_the_officer_takes_an_import_back(register: Register, who: str):
    found = await register.imported(book(row(160 if who == "pp" else 161)))
    assert (await register.call("POST", f"imports/{found['import_id']}:undo", who)).status_code == 403
    assert await count(register) > 0
