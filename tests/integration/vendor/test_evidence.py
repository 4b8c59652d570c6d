"""Proofs through REST: who uploads, who sees, how links end, and what becomes of files nobody names."""

from datetime import timedelta

import pytest

from tests.fakes.evidence import PDF, jpeg, png

from .world import NOW, Register


async def upload(register: Register, content: bytes, who: str = "officer", **params):
    return await register.call("POST", "evidence_files", who, content=content, params=params)


async def test_a_photo_is_kept_sealed_and_comes_back_by_a_link_only(register: Register):
    made = await upload(register, jpeg(behind=b"PK\x03\x04 an archive"))
    assert made.status_code == 201, made.text
    assert (made.json()["media_type"], made.json()["size_bytes"], made.json()["state"]) == (
        "image/jpeg",
        len(jpeg()),
        "loose",
    )
    stored = [path.read_bytes() for path in register.folder.rglob("*") if path.is_file()]
    assert stored
    assert not any(b"JFIF" in content for content in stored)
    evidence_id = made.json()["evidence_id"]
    link = (await register.call("POST", f"evidence_files/{evidence_id}:link")).json()
    answer = await register.call("GET", link["url"], None)
    assert (answer.status_code, answer.content) == (200, jpeg())
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-disposition"] == f'attachment; filename="bukti-{evidence_id}.jpg"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "officer" not in link["url"]
    reads = await register.sql("SELECT act, principal FROM evidence_reads ORDER BY read_id")
    assert [(row["act"], row["principal"].partition(":")[0]) for row in reads][-2:] == [
        ("link", "officer.3510"),
        ("fetch", "link"),
    ]


async def test_a_link_is_for_one_file_one_reader_and_a_short_time(register: Register):
    made = [await upload(register, content) for content in (PDF, png())]
    first, second = [one.json()["evidence_id"] for one in made]
    url = (await register.call("POST", f"evidence_files/{first}:link")).json()["url"]
    for changed in (
        url.replace(first, second),
        url.replace("expires=", "expires=9"),
        url.replace("/regions/3510/", "/regions/1311/"),
        url[:-1] + ("0" if url[-1] != "0" else "1"),
    ):
        assert (await register.call("GET", changed, None)).status_code == 404
    assert (await register.call("GET", url, "pp")).status_code == 404
    assert (await register.call("GET", url, "officer")).status_code == 200
    assert (await register.call("GET", url.partition("&")[0], None)).status_code == 422


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>" + b" " * 20, b"", b"MZ" + b"\0" * 99])
async def test_what_is_no_photo_or_paper_leaves_nothing(register: Register, content):
    before = len([path for path in register.folder.rglob("*") if path.is_file()])
    answer = await upload(register, content)
    assert (answer.status_code, answer.json()["reason"]) == (400, "EVIDENCE_TYPE_REFUSED")
    assert len([path for path in register.folder.rglob("*") if path.is_file()]) == before


async def test_a_photo_above_ten_and_a_paper_above_twenty_mebibytes_are_refused(register: Register):
    photo = await upload(register, jpeg(scan=b"\x11" * (10 * 2**20)))
    paper = await upload(register, PDF[:20] + b" " * (20 * 2**20) + PDF[20:])
    assert [(one.status_code, one.json()["reason"]) for one in (photo, paper)] == [(413, "BODY_TOO_LARGE")] * 2
    allowed = await upload(register, PDF[:20] + b" " * (11 * 2**20) + PDF[20:])
    assert allowed.status_code == 201


async def test_a_seller_uploads_for_their_own_business_and_sees_no_other(register: Register):
    mine, other = await register.verified(), await register.verified()
    await register.grant("seller1.3510", "vendor_owner", scope=mine)
    await register.grant("staff1.3510", "vendor_staff", scope=mine)
    made = await upload(register, png(), "seller1", vendor_id=mine)
    assert made.status_code == 201
    assert (await upload(register, png(), "seller1", vendor_id=other)).status_code == 403
    assert (await upload(register, png(), "seller1")).status_code == 403
    assert (await upload(register, png(), "pp")).status_code == 403
    assert (await upload(register, png(), "stranger.nowhere")).status_code == 404
    officers = (await upload(register, png(), vendor_id=other)).json()["evidence_id"]
    assert (await register.call("GET", f"evidence_files/{officers}", "seller1")).status_code == 404
    own = made.json()["evidence_id"]
    assert (await register.call("GET", f"evidence_files/{own}", "seller1")).status_code == 200
    assert (await register.call("POST", f"evidence_files/{own}:link", "staff1")).status_code == 403
    assert (await register.call("POST", f"evidence_files/{own}:link", "lpse")).status_code == 200


async def test_another_region_sees_no_file(register: Register):
    evidence_id = (await upload(register, png())).json()["evidence_id"]
    answer = await register.call("GET", f"evidence_files/{evidence_id}", "officer", region="1311")
    assert (answer.status_code, answer.json()["reason"]) == (404, "EVIDENCE_NOT_FOUND")


async def test_files_that_nothing_names_are_removed_after_a_day(register: Register):
    made = (await upload(register, png())).json()["evidence_id"]
    key = (await register.sql("SELECT file_key FROM evidence_files WHERE evidence_id = $1::text::uuid", made))[0][
        "file_key"
    ]
    await register.run_jobs()
    assert (register.folder / key).is_file()
    register.clock.set(NOW + timedelta(hours=24, minutes=1))
    await register.run_jobs()
    register.clock.set(NOW)
    assert not (register.folder / key).exists()
    assert (await register.call("GET", f"evidence_files/{made}")).status_code == 404
    rows = await register.sql("SELECT count(*) AS n FROM evidence_files WHERE state <> 'attached'")
    assert rows[0]["n"] == 0


async def test_an_erasure_takes_the_papers_that_proved_somebody(register: Register):
    vendor_id = await register.verified()
    await register.grant(f"e{vendor_id[-6:]}.3510", "vendor_owner", scope=vendor_id)
    seller = f"e{vendor_id[-6:]}"
    papers = [(await upload(register, png(), seller, vendor_id=vendor_id)).json()["evidence_id"] for _ in range(2)]
    body = {"band": "A", "evidence_ids": papers[:1]}
    assert (await register.call("POST", f"vendors/{vendor_id}:request_verification", seller, json=body)).is_success
    asked = await register.call("POST", f"vendors/{vendor_id}/data_requests", seller, json={"kind": "erasure"})
    request_id = asked.json()["request_id"]
    path = f"data_requests/{request_id}:decide"
    granted = await register.call("POST", path, json={"granted": True, "reason": "Permohonan pemilik, KTP dilihat"})
    assert granted.is_success, granted.text
    for paper in papers:
        assert (await register.call("GET", f"evidence_files/{paper}")).status_code == 404
    waiting = (await register.call("GET", "reviews", params={"vendor_id": vendor_id})).json()["reviews"]
    assert waiting == []
