"""Every operation of the register, called with numbers of persons in every field that takes text: none may be found.

The walk follows the OpenAPI document, so an operation that is added is part of it without being named here.
"""

import json
import logging
import re
from typing import Any

from bela_kit.core.ids import new_id

from .test_imports import book, row
from .world import Register, entry

NIK_LIKE = re.compile(rb"(?<!\d)[1-9]\d{15}(?!\d)")
NUMBERS = {
    "nik": "3510165708850777",
    "kk": "3510160101100777",
    "npwp": "3510165708850777",
    "nitku": "3510165708850777000001",
    "nib": "9120007770777",
    "phone": "081234507771",
    "account_number": "770077700777",
    "email": "rahasia777@example.id",
}
WORDS = frozenset({"reason", "note", "words", "decision", "findings", "session", "issuer", "topic", "place", "basis"})
SECRETS = (*NUMBERS.values(), "6281234507771")
# What these answer with is what they are for; their answers are never stored.
TELLS = (":reveal", ":download_personal_data")
OPEN_TABLES = {"areas", "kbli_codes", "alembic_version"}


def hostile(value: Any, name: str = "") -> Any:
    """Return an example with our numbers in the place of its own, and one in each text that people write freely."""
    if isinstance(value, dict):
        return {key: hostile(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [hostile(inner, name) for inner in value]
    if name in NUMBERS and isinstance(value, str):
        return NUMBERS[name]
    if name in WORDS and isinstance(value, str):
        return f"Kata {NUMBERS['nik']} {NUMBERS['phone']}"
    return value


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any] | None]]:
    found = []
    for path, item in document["paths"].items():
        for method, operation in item.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            found.append((method.upper(), path, content.get("example") if content else None))
    return found


async def seller(register: Register) -> tuple[str, str, str]:
    """Enter a koperasi that has an account and carries all our numbers."""
    body = entry(name=f"Koperasi {new_id().hex[-9:]}", entity_kind="koperasi")
    body |= {name: value for name, value in NUMBERS.items() if name not in {"nik", "kk", "npwp", "nitku"}}
    body["owners"] = [{"name": "Rahasia Sekali", "nik": NUMBERS["nik"], "kk": NUMBERS["kk"]}]
    made = await register.call("POST", "vendors", json=body)
    vendor_id = made.json()["vendor_id"]
    who = f"w{new_id().hex[-10:]}.x"
    account = {"principal": who, "role": "coop_manager", "consent_version": "1", "phone_verified": True}
    await register.call("POST", f"vendors/{vendor_id}:open_account", json=account)
    member = {"name": "Anggota Satu", "nik": NUMBERS["nik"], "share": 100}
    made = await register.call("POST", f"vendors/{vendor_id}/members", json=member)
    assert made.status_code == 201, made.text
    return vendor_id, who, made.json()["member_id"]


async def walk(register: Register) -> int:
    vendor_id, owner, member_id = await seller(register)
    imported = await register.imported(book(row(8901, NIK=NUMBERS["nik"], **{"No HP": NUMBERS["phone"]})), commit=False)
    asked = await register.call("POST", f"vendors/{vendor_id}/data_requests", owner,
                                json={"kind": "correction", "correction": {"phone": NUMBERS["phone"]}})  # fmt: skip
    ids = {"region": "3510", "vendor_id": vendor_id, "member_id": member_id, "import_id": imported["import_id"],
           "request_id": asked.json().get("request_id", str(new_id()))}  # fmt: skip
    await register.grant("aud.3510", "auditor")
    seen = 0
    for method, template, example in operations(register.parts.rest_app.openapi()):
        path = re.sub(r"\{(\w+)\}", lambda found: ids.get(found[1], str(new_id())), template)
        if path.endswith((":discard", ":decide")):
            continue
        for who in ("officer.3510", owner, "aud.3510", "pp.3510", None):
            headers = {"idempotency-key": new_id().hex, "if-match": "*"} if method != "GET" else {}
            options: dict[str, Any] = {"headers": headers}
            if example is not None:
                options["json"] = hostile(example)
            answer = await register.call(method, path, who, **options)
            assert answer.status_code < 500, (method, path, who, answer.text)
            if answer.headers.get("content-type", "").startswith("application/problem"):
                assert not [one for one in SECRETS if one in answer.text], (method, path, answer.text)
            seen += 1
    wrong = {"granted": True, "reason": f"Kata {NUMBERS['nik']}"}
    await register.call("POST", f"data_requests/{ids['request_id']}:decide", json=wrong)
    return seen


async def leaks(register: Register) -> list[tuple[str, str, str]]:
    """Return table, column and secret of everything in the clear."""
    found = []
    connection = await register.database.connect()
    try:
        columns = await connection.fetch(
            "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'"
        )
        for table, column, kind in columns:
            if table in OPEN_TABLES:
                continue
            shown = f"encode(\"{column}\", 'escape')" if kind == "bytea" else f'"{column}"::text'
            for secret in SECRETS:
                query = f'SELECT 1 FROM "{table}" WHERE position($1 in {shown}) > 0 LIMIT 1'
                if await connection.fetchval(query, secret):
                    found.append((table, column, secret))
        payloads = await connection.fetch("SELECT payload FROM outbox_messages")
        found += [("outbox_messages", "payload", "NIK") for one in payloads if NIK_LIKE.search(one["payload"])]
    finally:
        await connection.close()
    return found


async def test_no_operation_leaves_a_number_in_the_clear(register: Register, caplog):
    caplog.set_level(logging.DEBUG)
    assert await walk(register) > 200
    await register.run_jobs()
    found = await leaks(register)
    assert found == [], "\n".join(map(str, found))
    for record in caplog.records:
        said = record.getMessage() + json.dumps(str(record.args))
        assert not [one for one in SECRETS if one in said], (record.name, said[:200])
    for file in register.folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert not [one for one in SECRETS if one.encode() in content], file.name


async def test_what_tells_numbers_is_never_kept_for_repetitions(register: Register):
    body = entry()
    nik = body["owners"][0]["nik"]
    vendor_id = (await register.call("POST", "vendors", json=body)).json()["vendor_id"]
    for verb, asked in zip(
        TELLS, ({"fields": ["nik"], "reason": "Pencocokan data"}, {"reason": "Permintaan lisan"}), strict=True
    ):
        answer = await register.call("POST", f"vendors/{vendor_id}{verb}", json=asked,
                                     headers={"idempotency-key": new_id().hex})  # fmt: skip
        assert nik in answer.text, verb
        assert answer.headers["cache-control"] == "no-store"
    assert await register.sql("SELECT 1 FROM idempotency_keys WHERE position($1 in body::text) > 0", nik) == []
