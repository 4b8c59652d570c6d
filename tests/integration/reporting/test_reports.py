"""What the REST operations answer, over a real database: figures of the stories, suppression, paging, refusals."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import orjson
import pytest
import pytest_asyncio
from bela_kit.authority import Grant, apply_grant
from bela_kit.core.clock import FixedClock
from bela_kit.core.tenancy import SystemScope, TenantId
from bela_kit.db import Database
from bela_kit.testing.tokens import TokenIssuer
from reporting_service.adapters.areas import load_areas
from reporting_service.bootstrap import build
from reporting_service.config import ReportingSettings
from reporting_service.entrypoints.rest import examples

from tests.fakes.reporting import START, OrderMaker, ProductMaker, VendorMaker, budget_line, unit

EXAMPLES = {"BUDGET_LINE": "RECONCILIATION", "NATIONAL_SPEND": "NATIONAL"}
AREAS = Path(__file__).parents[3] / "reference" / "areas.csv.gz"
BASE = "/reporting/v1/regions/3510"
Get = Callable[..., Any]


@pytest_asyncio.fixture(loop_scope="session")
async def app(db: Database, token_issuer: TokenIssuer):
    settings = ReportingSettings(environment="test", auth_issuer=token_issuer.issuer)
    clock = FixedClock(datetime(2026, 6, 30, 4, tzinfo=UTC))
    return build(settings, database=db, clock=clock, verifier=token_issuer.verifier(settings)).rest_app


@pytest_asyncio.fixture(loop_scope="session")
async def client(app) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://bela.test") as client:
        yield client


@pytest_asyncio.fixture(loop_scope="session")
async def member(db: Database, token_issuer: TokenIssuer) -> dict[str, str]:
    """Headers of an auditor of 3510."""
    grant = Grant(
        grant_id="g-1",
        tenant=TenantId("3510"),
        principal="auditor.3510",
        role="auditor",
        scope_id="",
        valid_from=date(2026, 1, 1),
        valid_to=None,
        letter_number="SK 1",
        acting_for=None,
        revoked=False,
        version=1,
    )
    async with db.system_transaction(SystemScope("test")) as connection:
        await apply_grant(connection, grant)
    return token_issuer.bearer("auditor.3510")


@pytest_asyncio.fixture(loop_scope="session")
async def get(client: httpx.AsyncClient) -> Get:
    async def run(path: str, status: int = 200, headers: dict[str, str] | None = None, **query: Any) -> Any:
        address = path if path.startswith("/") else f"{BASE}/{path}"
        answer = await client.get(address, params=query, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    return run


def active(count: int, **options: Any) -> list[VendorMaker]:
    return [VendorMaker(name=f"Warung {i}", **options) for i in range(count)]


def opened(vendors: list[VendorMaker]) -> list:
    return [event for vendor in vendors for event in (vendor.verified(), ProductMaker(vendor).event())]


async def test_citizen_sees_a_kecamatan(get: Get, project, db: Database) -> None:
    """Figures like story 12: 214 active, 26 with sales, 38 orders, reach 12.1 %, G 0.91, median 11 days to pay."""
    await load_areas(db, AREAS)
    vendors = active(214, district="351024", village="3510242001")
    events = opened(vendors)
    values = [6_000_000, 5_000_000, 4_000_000] + [1_325_714] * 35
    for index, value in enumerate(values):
        order = OrderMaker(vendors[index % 26], total=value, quantity=1, step=timedelta(hours=1))
        events += order.until("OrderInvoiced")
        events.append(order.to("OrderPaid", order.handovers[0] and order.at + timedelta(days=11)))
    await project(events)
    equity = await get("equity", district="351024")
    assert (equity["n"], equity["sellers"], equity["orders"]) == (214, 26, 38)
    assert equity["spend_idr"] == sum(values)
    assert equity["reach"] == pytest.approx(0.121, abs=5e-4)
    assert 0.88 < equity["gini"] < 0.94
    clock = await get("payment_clock", district="351024")
    assert clock["total"]["median_days"] == 11
    assert clock["units"][0]["rank"] == 1
    reach = await get("reach", district="351024")
    assert reach["districts"] == [
        {
            "district_code": "351024",
            "district_name": "Licin",
            "active": 214,
            "with_sales": 26,
            "reach": pytest.approx(26 / 214, abs=1e-6),
            "spend_idr": sum(values),
            "orders": 38,
        }
    ]
    assert len((await get("orders", district="351024", page_size=100))["orders"]) == 38


async def test_names_of_areas_are_loaded_once_and_shown(db: Database, get: Get, project) -> None:
    await load_areas(db, AREAS)
    assert await load_areas(db, AREAS) == 0
    order = OrderMaker(VendorMaker())
    await project(order.until("OrderPaid"))
    release = (await get("ocds/releases"))["releases"][0]
    assert release["parties"][0]["address"]["region"] == "Kabupaten Banyuwangi"
    assert release["parties"][1]["address"]["locality"] not in ("", "3510052001")
    assert (await get("spend", by="district"))["rows"][0]["name"] == "Muncar"


async def test_vectors_come_through_the_edge(get: Get, project) -> None:
    a, b = active(2, district="351005"), active(3, district="351006")
    events = opened(a + b)
    for vendor, value in zip(a + b, (40, 20, 10, 10), strict=False):
        events += OrderMaker(vendor, total=value, quantity=1).until("OrderPaid")
    await project(events)
    report = await get("equity")
    assert report["theil"] == {"total": 0.39643, "within": 0.143841, "between": 0.252589}
    assert report["gini"] == 0.45
    sellers = await get("equity", variant="sellers")
    assert (sellers["n"], sellers["gini"], sellers["suppressed"]) == (4, None, ["gini"])
    assert sellers["hhi"] == pytest.approx(10_000 * 2200 / 6400, abs=1e-6)


async def test_owner_groups_are_counted_and_not_stalls(get: Get, project) -> None:
    vendors = active(7)
    for vendor in vendors[:3]:
        vendor.group = "one-owner"
    events = opened(vendors)
    for vendor in vendors[:3]:
        events += OrderMaker(vendor, total=100, quantity=1).until("OrderPaid")
    await project(events)
    report = await get("equity")
    assert (report["n"], report["sellers"]) == (5, 1)
    assert report["concentration"] == [{"rank": 1, "share": 1.0, "businesses": 3}]


async def test_nothing_sold_is_null(get: Get, project) -> None:
    empty = await get("equity")
    assert (empty["n"], empty["gini"], empty["theil"], empty["as_of"]) == (0, None, None, None)
    await project(opened(active(6)))
    report = await get("equity")
    assert (report["n"], report["gini"], report["hhi"], report["reach"]) == (6, None, None, 0)


async def test_spend_by_every_key_agrees(get: Get, project) -> None:
    vendors = [*active(3, district="351005"), *active(2, district="351006", kind="KOPERASI")]
    events = [unit(unit_id="opd-1", name="Dinas Satu"), *opened(vendors)]
    for index, vendor in enumerate(vendors):
        order = OrderMaker(
            vendor,
            total=1_000_000 * (index + 1),
            quantity=1,
            holder=f"opd-{index % 2 + 1}",
            holder_name=f"OPD {index % 2 + 1}",
            category=["food.snack_box", "staple.rice"][index % 2],
        )
        events += order.until("OrderPaid" if index % 2 else "OrderInvoiced")
    private = OrderMaker(vendors[0], total=9_000_000, payer="private_group")
    await project([*events, *private.until("OrderPaid")])
    for by in ("vendor", "district", "unit", "category", "month"):
        report = await get("spend", by=by)
        assert report["total_idr"] == 15_000_000
        assert sum(row["value_idr"] for row in report["rows"]) == 15_000_000
        assert report["orders"] == 5
    units = {row["name"]: row["value_idr"] for row in (await get("spend", by="unit"))["rows"]}
    assert units == {"Dinas Satu": 9_000_000, "OPD 2": 6_000_000}
    one = await get("spend", by="category", unit="opd-1")
    assert (one["total_idr"], one["unit_name"]) == (9_000_000, "Dinas Satu")
    near = await get("spend", by="vendor", district="351006")
    assert {row["district"] for row in near["rows"]} == {"351006"}
    equity = await get("equity")
    assert (equity["umk_share"], equity["local_share"], equity["new_vendor_share"]) == (1.0, 1.0, 1.0)
    orders = (await get("orders"))["orders"]
    assert private.order_id not in {order["order_id"] for order in orders}


async def test_turnover_of_a_person_is_hidden_from_the_public_only(get: Get, project, member) -> None:
    person, firm = VendorMaker(), VendorMaker(kind="CV", name="CV Maju")
    await project([*OrderMaker(person).until("OrderPaid"), *OrderMaker(firm).until("OrderPaid")])
    rows = {row["name"]: row for row in (await get("spend", by="vendor"))["rows"]}
    assert (rows["Warung Bu Sri"]["value_idr"], rows["Warung Bu Sri"]["suppressed"]) == (None, True)
    assert rows["CV Maju"]["value_idr"] == 720_000
    seen = {row["name"]: row for row in (await get("spend", headers=member, by="vendor"))["rows"]}
    assert seen["Warung Bu Sri"]["value_idr"] == 720_000
    assert len((await get("orders"))["orders"]) == 2


async def test_guests_are_counted_apart(get: Get, project) -> None:
    guest = VendorMaker(tenant="1904", district="190401", village="1904012001", name="Jahe Merah")
    guest.dates = {"verified_on": START.date(), "published_on": START.date()}
    order = OrderMaker(guest, tenant="19")
    await project([guest.as_guest("19", "grant-1"), *order.until("OrderPaid")])
    report = await get("/reporting/v1/regions/19/equity")
    assert (report["n"], report["spend_idr"]) == (0, 0)
    assert (report["guests"]["n"], report["guests"]["sellers"], report["guests"]["spend_idr"]) == (1, 1, 720_000)
    assert report["local_share"] == 1.0
    home = VendorMaker(tenant="3509", district="350901")
    await project(OrderMaker(home, tenant="3510").until("OrderPaid"))
    regency = await get("equity")
    assert (regency["local_share"], regency["guests"]["spend_idr"]) == (0.0, 720_000)


async def test_budget_lines_reconcile_with_orders(get: Get, project, member) -> None:
    events = [unit(), budget_line(), budget_line(line_id="line-2")]
    vendor = VendorMaker()
    events += OrderMaker(vendor, total=1_000_000).until("OrderInvoiced")
    events += OrderMaker(vendor, total=2_000_000).until("OrderPaid")
    events += OrderMaker(vendor, total=4_000_000).until("OrderSubmitted")
    await project(events)
    report = await get("budget_lines", page_size=1)
    line = report["lines"][0]
    assert (line["accepted_idr"], line["paid_idr"], line["reported_idr"]) == (1_000_000, 2_000_000, 3_000_000)
    assert (line["unit_name"], line["reserved_idr"]) == ("Dinas Kesehatan", None)
    following = await get("budget_lines", page_size=1, page_token=report["next_page_token"])
    assert ([one["budget_line_id"] for one in following["lines"]], following["next_page_token"]) == (["line-2"], None)
    assert (await get("budget_lines", headers=member))["lines"][0]["reserved_idr"] == 4_000_000
    check = await get("budget_lines/line-1")
    assert (check["orders_sum_idr"], check["difference_idr"], len(check["orders"])) == (3_000_000, 0, 2)
    assert (await get("budget_lines/nothing", 404))["reason"] == "BUDGET_LINE_UNKNOWN"


async def test_overrides_tell_codes_and_never_words(get: Get, project) -> None:
    vendor = VendorMaker()
    events = OrderMaker(vendor, reason="only_vendor", flags=("COOLING_LIFTED",)).until("OrderSigned")
    events += OrderMaker(vendor, reason="other: telepon Pak Budi 0812").until("OrderSigned")
    events += OrderMaker(vendor).until("OrderSigned") + OrderMaker(vendor, reason="safety").until("OrderSubmitted")
    await project(events)
    report = await get("overrides")
    line = report["units"][0]
    assert (line["signed_orders"], line["overridden"]) == (3, 2)
    assert line["reasons"] == {"only_vendor": 1, "other": 1}
    assert line["flags"] == {"COOLING_LIFTED": 1}
    assert "Budi" not in orjson.dumps(report).decode()


async def test_unsigned_order_is_not_public(get: Get, project) -> None:
    order = OrderMaker(VendorMaker())
    await project([order.to("OrderSubmitted")])
    assert (await get("orders"))["orders"] == []
    assert (await get(f"orders/{order.order_id}", 404))["reason"] == "ORDER_UNKNOWN"
    assert (await get("ocds/releases"))["releases"] == []
    await project([order.to("OrderSigned")])
    page = await get(f"orders/{order.order_id}")
    assert [change["state"] for change in page["history"]] == ["ppk_review", "sp_issued"]
    assert page["ocid"] == f"ocds-bela00-3510-{order.order_id}"


async def test_orders_are_paged_without_loss(get: Get, project) -> None:
    orders = [OrderMaker(VendorMaker(), at=START + timedelta(days=i % 3)) for i in range(7)]
    await project([event for order in orders for event in order.until("OrderSigned")])
    seen: list[str] = []
    token = None
    while True:
        page = await get("orders", page_size=3, **({"page_token": token} if token else {}))
        seen += [order["order_id"] for order in page["orders"]]
        token = page["next_page_token"]
        if token is None:
            break
    assert len(seen) == 7
    assert set(seen) == {order.order_id for order in orders}


async def test_release_feed_is_paged_and_the_record_compiled(get: Get, project) -> None:
    order = OrderMaker(VendorMaker(), title="Rapat, hubungi 081234567890")
    await project(order.until("OrderClosed"))
    seen: list[dict] = []
    address = f"{BASE}/ocds/releases?page_size=4"
    while address:
        package = await get(address.removeprefix("http://bela.test"))
        seen += package["releases"]
        address = package.get("links", {}).get("next")
    identifier = f"ocds-bela00-3510-{order.order_id}"
    assert [release["id"] for release in seen] == [f"{identifier}-{n}" for n in range(2, 11)]
    record = (await get(f"ocds/records/{identifier}"))["records"][0]
    assert record["compiledRelease"]["parties"] == seen[-1]["parties"]
    assert record["compiledRelease"]["contracts"][0]["status"] == "terminated"
    assert [release["id"] for release in record["releases"]] == [release["id"] for release in seen]
    text = orjson.dumps([seen, record]).decode()
    for secret in ("0812", "1234567890123", "ppk.3510", "vendor1.3510"):
        assert secret not in text
    assert (await get("ocds/records/ocds-bela00-1311-x", 404))["reason"] == "OCID_UNKNOWN"


async def test_national_spend_leaves_demonstrations_out(db: Database, token_issuer, project) -> None:
    class Clock(FixedClock):
        def settings(self, tenant: TenantId):
            from dataclasses import replace

            return replace(super().settings(tenant), demo=tenant == "3510")

    await project(OrderMaker(VendorMaker()).until("OrderPaid"))
    await project(OrderMaker(VendorMaker(tenant="1311"), tenant="1311").until("OrderPaid"))
    settings = ReportingSettings(environment="test", auth_issuer=token_issuer.issuer)
    app = build(settings, database=db, clock=Clock(START), verifier=token_issuer.verifier(settings)).rest_app
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://t") as client:
        national = (await client.get("/reporting/v1/national/spend", params={"year": 2026})).json()
        regional = (await client.get(f"{BASE}/spend", params={"year": 2026})).json()
    assert [region["region"] for region in national["regions"]] == ["1311"]
    assert (regional["demo"], regional["total_idr"]) == (True, 720_000)


async def test_funnel_names_the_slowest_kecamatan(get: Get, project) -> None:
    slow, fast = VendorMaker(district="351005"), VendorMaker(district="351006")
    slow.dates = {"collected_on": START.date()}
    await project([slow.event("VendorCollected"), fast.verified()])
    report = await get("funnel")
    assert report["slowest_district"] == "351005"
    assert (report["total"]["collected"], report["total"]["account"], report["total"]["account_share"]) == (2, 1, 0.5)


async def test_year_filter(get: Get, project) -> None:
    vendor = VendorMaker()
    await project([*OrderMaker(vendor, year=2025).until("OrderPaid"), *OrderMaker(vendor).until("OrderPaid")])
    assert (await get("equity", year=2025))["new_vendor_share"] == 1.0
    assert (await get("equity", year=2026))["new_vendor_share"] == 0.0


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("equity", {"year": "abc"}, 422),
        ("equity", {"year": 1}, 422),
        ("equity", {"variant": "all"}, 422),
        ("spend", {"by": "owner"}, 422),
        ("spend", {"unit": "' OR 1=1 --"}, 422),
        ("spend", {"by": "month", "district": "351005"}, 400),
        ("orders", {"page_token": "x"}, 400),
        ("orders", {"page_token": "eyJkYXkiOiJ4IiwiaWQiOiJ5In0"}, 400),
        ("ocds/releases", {"page_token": "eyJwb3NpdGlvbiI6LTF9"}, 400),
        ("ocds/releases", {"page_size": 0}, 422),
        ("ocds/records/x' OR 1=1", {}, 404),
        ("orders/%00", {}, 400),
    ],
)
async def test_bad_input_is_refused(client: httpx.AsyncClient, path: str, query: dict, status: int) -> None:
    answer = await client.get(f"{BASE}/{path}", params=query)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def test_foreign_token_gets_what_an_anonymous_caller_gets(
    client: httpx.AsyncClient, project, token_issuer: TokenIssuer
) -> None:
    await project([unit(), budget_line(), *OrderMaker(VendorMaker()).until("OrderPaid")])
    foreign = token_issuer.bearer("ppk.1311")
    for path in (
        "equity",
        "spend?by=vendor",
        "reach",
        "payment_clock",
        "funnel",
        "budget_lines",
        "overrides",
        "orders",
    ):
        anonymous = await client.get(f"{BASE}/{path}")
        assert anonymous.status_code == 200
        assert (await client.get(f"{BASE}/{path}", headers=foreign)).content == anonymous.content


async def test_answers_and_examples_fit_the_document(app, get: Get, project) -> None:
    order = OrderMaker(VendorMaker(), reason="only_vendor")
    await project([unit(), budget_line(), *opened(active(6)), *order.until("OrderClosed")])
    document = app.openapi()
    known = {"{region}": "3510", "{order_id}": order.order_id, "{budget_line_id}": "line-1"}
    known["{ocid}"] = f"ocds-bela00-3510-{order.order_id}"
    for path, operations in document["paths"].items():
        media = operations["get"]["responses"]["200"]["content"]["application/json"]
        schema = {**media["schema"], "components": document["components"]}
        validator = jsonschema.Draft202012Validator(schema)
        address = path
        for name, value in known.items():
            address = address.replace(name, value)
        validator.validate(await get(address))
        name = operations["get"]["operationId"].removeprefix("reporting_").removeprefix("ocds_").upper()
        if name != "TIME":
            # Not the document's copy, from which FastAPI drops every null.
            validator.validate(getattr(examples, EXAMPLES.get(name, name)))


async def test_document_and_viewer_are_served_from_here(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    page = await client.get("/docs")
    assert page.status_code == 200
    assert "http" not in page.text
    for name in ("swagger-ui-bundle.js", "swagger-ui.css", "start.js"):
        asset = await client.get(f"/docs/{name}")
        assert (asset.status_code, bool(asset.content)) == (200, True)
    assert (await client.get("/docs/core.py")).status_code == 404
    assert (await client.get("/docs/..%2fcore.py")).status_code == 404
