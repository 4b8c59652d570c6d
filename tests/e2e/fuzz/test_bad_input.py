"""Bad input by hand: each kind gets its reason and, where a field is at fault, the field; nothing is half done."""

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.e2e.operations import Operation, operations, problem
from tests.e2e.world import World

Client = Callable[[str | None], httpx.Client]
OPERATIONS = {one.id: one for one in operations()}
MIB = 1024 * 1024


@pytest.fixture
def budget_line(world: World, client: Client) -> str:
    """The address of a budget line of its own."""
    admin = client(f"lpse_admin.{world.region}")
    body = {"budget_lines": [line_of(world)]}
    answer = admin.post(f"/order/v1/regions/{world.region}/budget_lines", json=body, headers=fresh_key())
    assert answer.status_code == 201, answer.text
    line = answer.json()["budget_lines"][0]["budget_line_id"]
    return f"/order/v1/regions/{world.region}/budget_lines/{line}"


def line_of(world: World) -> dict[str, Any]:
    return {
        "unit_id": world.ids["unit_id"],
        "fiscal_year": 2026,
        "sub_activity_code": "7.01.01.2.06.0009",
        "account_code": "5.1.02.01.01.0052",
        "title": f"Belanja {uuid.uuid4()}",
        "ceiling_idr": 1_000_000,
    }


def fresh_key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid.uuid4())}


def units(world: World) -> str:
    return f"/order/v1/regions/{world.region}/units"


def unit_named(name: str) -> dict[str, Any]:
    return {"name": name, "budget_holder": False}


def refused(answer: httpx.Response, status: int, reason: str, field: str | None = None) -> None:
    found = problem(answer)
    assert (answer.status_code, found["reason"]) == (status, reason), answer.text[:500]
    if field is not None:
        assert field in [each["field"] for each in found["fields"]], found


@pytest.mark.parametrize(
    "region", ["0000", "99", "35", "351", "35100", "abcd", "%00", "3510%27", "..%2f3510", "３５１０"]
)
def test_an_unknown_region_is_not_found(region: str, client: Client) -> None:
    for service, rest in (("vendor", "vendors"), ("catalog", "products"), ("order", "units"), ("reporting", "equity")):
        for persona in (None, "pp.3510"):
            answer = client(persona).get(f"/{service}/v1/regions/{region}/{rest}")
            assert answer.status_code in {400, 404}, answer.text
            problem(answer)


def test_the_wrong_role_is_refused_by_name(world: World, client: Client) -> None:
    auditor = client(f"auditor.{world.region}")
    refused(auditor.post(units(world), json=unit_named("x"), headers=fresh_key()), 403, "ROLE_MISSING")
    vendors = f"/vendor/v1/regions/{world.region}/vendors/{world.ids['vendor_id']}:verify"
    body = {"band": "A", "proofs": ["nik"], "business_class": "micro"}
    refused(auditor.post(vendors, json=body, headers=fresh_key()), 403, "ROLE_MISSING")
    products = f"/catalog/v1/regions/{world.region}/products/{world.ids['product_id']}:withdraw"
    assert auditor.post(products, json={}, headers=fresh_key()).status_code == 403


def test_a_stale_version_is_refused_and_none_is_asked_for(budget_line: str, world: World, client: Client) -> None:
    admin = client(f"lpse_admin.{world.region}")
    body = {"ceiling_idr": 2_000_000, "budget_version": "pergeseran-1"}
    refused(admin.patch(budget_line, json=body), 428, "IF_MATCH_REQUIRED")
    for stale in ('"999"', "x", '""', '"2", x y z' * 50):
        refused(admin.patch(budget_line, json=body, headers={"If-Match": stale}), 412, "ETAG_MISMATCH")
    assert admin.get(budget_line).json()["ceiling_idr"] == 1_000_000
    etag = admin.get(budget_line).headers["etag"]
    assert admin.patch(budget_line, json=body, headers={"If-Match": etag}).status_code == 200
    refused(admin.patch(budget_line, json=body, headers={"If-Match": etag}), 412, "ETAG_MISMATCH")


def test_a_key_stands_for_one_request(world: World, client: Client) -> None:
    admin, key, name = client(f"lpse_admin.{world.region}"), fresh_key(), f"Bagian {uuid.uuid4()}"
    first = admin.post(units(world), json=unit_named(name), headers=key)
    again = admin.post(units(world), json=unit_named(name), headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    other = admin.post(units(world), json=unit_named(name + " lain"), headers=key)
    refused(other, 409, "IDEMPOTENCY_KEY_REUSED")
    for bad in (b"", b"x" * 201, b"a b", "kunci-é".encode()):
        answer = admin.post(
            units(world),
            json=unit_named(name),
            headers=[(b"Idempotency-Key", bad if isinstance(bad, bytes) else bad.encode())],
        )
        refused(answer, 400, "IDEMPOTENCY_KEY_INVALID")


def test_where_money_moves_a_key_is_required(world: World, client: Client) -> None:
    order = f"/order/v1/regions/{world.region}/orders/{world.ids['order_id']}"
    for verb, persona, body in (("submit", "pp", {}), ("pay", "bendahara", {"reference": "x", "mechanism": "UP"})):
        answer = client(f"{persona}.{world.region}").post(f"{order}:{verb}", json=body)
        refused(answer, 400, "IDEMPOTENCY_KEY_REQUIRED")


@pytest.mark.parametrize(
    ("value", "status"),
    [
        (-1, 422),
        (10**16, 422),
        (10**30, 422),
        (1.5, 422),
        (1e3, 422),
        ("1000", 422),
        (True, 422),
        ([], 422),
        (None, 422),
    ],
    ids=str,
)
def test_money_is_whole_rupiah_within_reason(value: Any, status: int, world: World, client: Client) -> None:
    line = line_of(world) | {"ceiling_idr": value}
    answer = client(f"lpse_admin.{world.region}").post(
        f"/order/v1/regions/{world.region}/budget_lines", json={"budget_lines": [line]}, headers=fresh_key()
    )
    refused(answer, 422, "SCHEMA_VIOLATION", "budget_lines[0].ceiling_idr")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999", "-1e999", "01", "1_000", "0x10", "9" * 5000])
def test_numbers_that_are_none_are_refused(number: str, world: World, client: Client) -> None:
    line = json.dumps(line_of(world)).replace("1000000", number)
    answer = client(f"lpse_admin.{world.region}").post(
        f"/order/v1/regions/{world.region}/budget_lines",
        content=f'{{"budget_lines": [{line}]}}',
        headers={"Content-Type": "application/json", **fresh_key()},
    )
    assert answer.status_code in {400, 422}
    assert problem(answer)["reason"] in {"BODY_NOT_JSON", "SCHEMA_VIOLATION"}


@pytest.mark.parametrize(
    ("content", "media", "status", "reason"),
    [
        (b"", "application/json", 422, "SCHEMA_VIOLATION"),
        (b"{", "application/json", 400, "BODY_NOT_JSON"),
        (b"\xff\xfe{}", "application/json", 400, "BODY_NOT_JSON"),
        (b'{"name": "\xff"}', "application/json", 400, "BODY_NOT_JSON"),
        (b"[]", "application/json", 422, "SCHEMA_VIOLATION"),
        (b"null", "application/json", 422, "SCHEMA_VIOLATION"),
        (b'"text"', "application/json", 422, "SCHEMA_VIOLATION"),
        (b"[" * 100_000, "application/json", 400, "BODY_NOT_JSON"),
        (b'{"name":' * 5_000 + b"1" + b"}" * 5_000, "application/json", 400, "BODY_NOT_JSON"),
        (b"name=x", "application/x-www-form-urlencoded", 415, "CONTENT_TYPE"),
        (b"<a/>", "application/xml", 415, "CONTENT_TYPE"),
        (b"{}", "text/plain", 415, "CONTENT_TYPE"),
        (b'{"name": "' + b"x" * MIB + b'"}', "application/json", 413, "BODY_TOO_LARGE"),
    ],
    ids=lambda one: repr(one)[:24],
)
def test_a_body_that_is_no_request(
    content: bytes, media: str, status: int, reason: str, world: World, client: Client
) -> None:
    for path, persona in (
        (units(world), "lpse_admin"),
        (f"/catalog/v1/regions/{world.region}/products", "koperindag_officer"),
        (f"/vendor/v1/regions/{world.region}/vendors", "koperindag_officer"),
    ):
        answer = client(f"{persona}.{world.region}").post(
            path, content=content, headers={"Content-Type": media, **fresh_key()}
        )
        refused(answer, status, reason)


def test_a_body_of_unknown_length_is_cut_at_the_limit(world: World, client: Client) -> None:
    def endless() -> Iterator[bytes]:
        yield b'{"name": "'
        for _ in range(64):
            yield b"x" * (MIB // 16)
        yield b'"}'

    answer = client(f"lpse_admin.{world.region}").post(
        units(world), content=endless(), headers={"Content-Type": "application/json", **fresh_key()}
    )
    refused(answer, 413, "BODY_TOO_LARGE")


@pytest.mark.parametrize(
    "text",
    [
        "'; DROP TABLE units; --",
        '" OR 1=1 --',
        "$1 %s :name {0} ${x} {{x}}",
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        '=HYPERLINK("http://x")',
        "../../../etc/passwd",
        "Kantor \u202e\u200b Ümläut 😀 漢字",
        "\\",
    ],
)
def test_text_is_text(text: str, world: World, client: Client) -> None:
    """Stored and shown as it was written, or refused; never run, never cut."""
    admin = client(f"lpse_admin.{world.region}")
    answer = admin.post(units(world), json=unit_named(text), headers=fresh_key())
    if answer.status_code == 201:
        assert answer.json()["name"] == text
        shown = client(None).get(f"{units(world)}/{answer.json()['unit_id']}")
        assert shown.json()["name"] == text
        assert shown.headers["content-type"] == "application/json"
    else:
        assert answer.status_code in {400, 422}
        assert problem(answer)["fields"]
    found = client(None).get(f"/catalog/v1/regions/{world.region}/products", params={"q": text})
    assert found.status_code in {200, 400, 422}
    found = client(None).get(f"/vendor/v1/regions/{world.region}/vendors", params={"q": text})
    assert found.status_code in {200, 400, 422}


@pytest.mark.parametrize("escape", [r"\u0000", r"a\u0000b", r"\ud800", r"\udfff\ud800", r"\u0007", r"\u001b[31m"])
def test_characters_that_no_text_holds(escape: str, world: World, client: Client) -> None:
    """NUL, lone surrogates and control characters in a body: refused with the field, not with a crash."""
    answer = client(f"lpse_admin.{world.region}").post(
        units(world),
        content=f'{{"name": "Bagian {escape}", "budget_holder": false}}',
        headers={"Content-Type": "application/json", **fresh_key()},
    )
    assert answer.status_code in {400, 422}, answer.text
    assert problem(answer)["reason"] == "BODY_NOT_JSON" or problem(answer)["fields"]


@pytest.mark.parametrize("raw", ["%00", "a%00b", "%ff%fe", "%ed%a0%80", "%", "%zz", "x" * 3000, "%F0%9F%98%80"])
def test_a_query_that_no_text_holds(raw: str, client: Client) -> None:
    for path in (
        "/catalog/v1/regions/3510/products?q=",
        "/vendor/v1/regions/3510/vendors?q=",
        "/order/v1/regions?page_token=",
    ):
        answer = client(None).get(f"{path}{raw}")
        assert answer.status_code < 500, answer.text
        if answer.status_code >= 400:
            problem(answer)


def test_a_search_of_too_many_words_is_answered(client: Client) -> None:
    answer = client(None).get("/catalog/v1/regions/3510/products", params={"q": "nasi " * 200})
    assert answer.status_code in {200, 400, 422}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("page_size=0", "page_size"),
        ("page_size=-1", "page_size"),
        ("page_size=1000000", "page_size"),
        ("page_size=x", "page_size"),
        ("page_token=eyJ4IjoxfQ", "page_token"),
        ("page_token=%27", "page_token"),
        ("no_such_parameter=1", "no_such_parameter"),
    ],
)
def test_lists_refuse_what_they_do_not_know(query: str, field: str, client: Client) -> None:
    for path in (
        "/vendor/v1/regions/3510/vendors",
        "/catalog/v1/regions/3510/products",
        "/order/v1/regions/3510/units",
        "/reporting/v1/regions/3510/orders",
    ):
        answer = client(None).get(f"{path}?{query}")
        assert answer.status_code in {400, 422}, (path, answer.text)
        assert [each["field"] for each in problem(answer)["fields"]] == [field], path


@pytest.mark.parametrize(
    ("content", "filename"),
    [
        (b"", "kosong.xlsx"),
        (b"", "kosong.csv"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "daftar.xlsx"),
        (b"PK\x03\x04" + b"\x00" * 64, "daftar.xlsx"),
        (b"\x00" * 4096, "daftar.csv"),
        (b"a,b\n1,2\n", "daftar.exe"),
        (b"a,b\n1,2\n", "../../daftar.csv"),
        (b"a,b\n1,2\n", "x" * 1000 + ".csv"),
    ],
    ids=lambda one: repr(one)[:20],
)
def test_a_file_that_is_no_workbook(content: bytes, filename: str, world: World, client: Client) -> None:
    """Refused at once, or taken and then failed with a reason by the job; the register is untouched."""
    officer = client(f"koperindag_officer.{world.region}")
    path = f"/vendor/v1/regions/{world.region}/imports"
    answer = officer.post(path, params={"filename": filename}, content=content)
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        problem(answer)
        return
    import_id = answer.json()["import_id"]
    state = officer.get(f"{path}/{import_id}").json()["state"]
    for _ in range(200):
        if state not in {"uploaded", "parsing", "validating", "validated"}:
            break
        state = officer.get(f"{path}/{import_id}").json()["state"]
    assert state in {"failed", "previewed"}, state
    if state == "previewed":
        counts = officer.get(f"{path}/{import_id}").json()["counts"]
        assert not counts.get("new"), counts
        officer.post(f"{path}/{import_id}:discard", headers=fresh_key())


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH", "OPTIONS", "HEAD", "TRACE", "FOO"])
def test_a_method_that_is_not_there(method: str, world: World, client: Client) -> None:
    answer = client(f"pp.{world.region}").request(method, f"/order/v1/regions/{world.region}/policy_rules")
    assert answer.status_code < 500
    if answer.status_code == 405 and answer.content:
        refused(answer, 405, "METHOD_NOT_ALLOWED")
        assert "GET" in answer.headers["allow"]


# Every top-level field of every JSON body that a document shows, with what it shows there.
BODIES = [
    pytest.param(operation, name, value, id=f"{operation.id}-{name}")
    for operation in OPERATIONS.values()
    if operation.method != "get" and operation.regional
    for name, value in (operation.body() or {}).items()
]


def sent(operation: Operation, body: Any, world: World, client: Client) -> httpx.Response:
    roles = [role for role in operation.documented.get("x-roles", ()) if " " not in role]
    role = roles[0] if roles else "koperindag_officer"
    players = {
        "vendor_owner": world.seller,
        "platform_operator": "operator",
        "commitment_signer": f"ppk.{world.region}",
    }
    # Ids of nothing: the body is judged first, and whatever passes finds nothing to change.
    address = operation.address({"region": world.region, "day": world.ids["day"]})
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", "If-Match": '"1"', **fresh_key()}
    caller = client(players.get(role, f"{role}.{world.region}"))
    return caller.request(operation.method.upper(), address, content=content, headers=headers)


@pytest.mark.parametrize(("operation", "name", "value"), BODIES)
def test_every_field_of_every_body(operation: Operation, name: str, value: Any, world: World, client: Client) -> None:
    """Wrong types, text that no text holds, numbers out of reach, and a field beside it that nobody knows."""
    example = operation.body()
    wrong: list[Any] = [{"x": 1}, [[]], 1.5]
    if isinstance(value, str):
        wrong += ["a\x00b", 7]
    elif isinstance(value, int) and not isinstance(value, bool):
        wrong += [-(10**20), 10**20, "7", True, 2.0]
    elif isinstance(value, bool):
        wrong += ["true", 1]
    for bad in wrong:
        answer = sent(operation, example | {name: bad}, world, client)
        assert answer.status_code in {400, 422}, (bad, answer.status_code, answer.text[:300])
        fields = [each["field"] for each in problem(answer)["fields"]]
        assert any(field.split(".")[0].split("[")[0] == name for field in fields), (bad, answer.text[:400])
    surrogate = json.dumps(example | {name: "@"}).replace('"@"', r'"\ud800"').encode()
    answer = sent(operation, surrogate, world, client)
    assert answer.status_code in {400, 422}, answer.text[:300]
    problem(answer)
    answer = sent(operation, example | {"no_such_field": 1}, world, client)
    refused(answer, 422, "SCHEMA_VIOLATION", "no_such_field")
