"""A region with its people, budget and sellers, played through the REST edge; helpers of the order tests."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from bela.vendor.events.v1 import vendor_events_pb2
from bela.vendor.v1 import vendor_pb2
from bela_kit.core.clock import FixedClock
from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import SystemScope, TenantId
from bela_kit.db import Database
from bela_kit.events import ReceivedEvent
from bela_kit.service_cli import ServiceParts
from bela_kit.testing.databases import ServiceDatabase
from bela_kit.testing.tokens import TokenIssuer
from order_service.adapters.vendor_projection import project_grants, project_vendors

from tests.fakes.order import ListedProduct, MemoryCatalog, MemoryRegistry

from .described import Described

WIB = ZoneInfo("Asia/Jakarta")
ACCOUNT = "5.1.02.01.01.0052"
SUB_ACTIVITY = "1.02.02.2.02.0033"
LETTER = "188/1/KEP/2026"


def at(day: str, clock: str = "09:00") -> datetime:
    """Return an instant by the wall clock of Banyuwangi."""
    return datetime.fromisoformat(f"{day}T{clock}:00").replace(tzinfo=WIB)


@dataclass
class World:
    """One running order service and what surrounds it."""

    parts: ServiceParts
    database: ServiceDatabase
    db: Database
    clock: FixedClock
    catalog: MemoryCatalog
    registry: MemoryRegistry
    issuer: TokenIssuer
    http: httpx.AsyncClient
    described: Described
    region: str = "3510"
    keys: Any = field(default_factory=lambda: itertools.count(1))

    def url(self, path: str, region: str | None = None) -> str:
        return f"/order/v1/regions/{region or self.region}/{path}".rstrip("/")

    async def call(
        self, method: str, path: str, who: str | None, body: Any = None, *, region: str | None = None, **headers: str
    ) -> httpx.Response:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if who is not None:
            sent |= self.issuer.bearer(who)
        if method == "POST" and "idempotency-key" not in sent:
            sent["idempotency-key"] = f"k{next(self.keys)}"
        return await self.http.request(method, self.url(path, region), json=body, headers=sent)

    async def post(self, path: str, who: str | None, body: Any = None, **options: Any) -> httpx.Response:
        return await self.call("POST", path, who, {} if body is None else body, **options)

    async def get(self, path: str, who: str | None, **options: Any) -> httpx.Response:
        return await self.call("GET", path, who, **options)

    async def ok(self, path: str, who: str, body: Any = None, *, status: int = 200, **options: Any) -> dict[str, Any]:
        answer = await self.post(path, who, body, **options)
        assert answer.status_code == status, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def refused(self, path: str, who: str, body: Any, reason: str, **options: Any) -> dict[str, Any]:
        answer = await self.post(path, who, body, **options)
        found: dict[str, Any] = answer.json()
        assert found.get("reason") == reason, answer.text
        return found

    async def create_region(self, region: str, *, demo: bool = True, zone: str = "Asia/Jakarta") -> None:
        body = {
            "region": region,
            "name": f"Daerah {region}",
            "zone": zone,
            "demo": demo,
            "administrator": f"lpse_admin.{region}",
            "letter_number": LETTER,
        }
        headers = self.issuer.bearer("operator", operator=True)
        answer = await self.http.post("/order/v1/regions", json=body, headers=headers)
        assert answer.status_code == 201, answer.text

    async def unit(self, name: str, *, holder: bool = True, parent: str | None = None) -> str:
        body = {"name": name, "budget_holder": holder, "parent_unit_id": parent, "district_code": "351016"}
        found = await self.ok("units", f"lpse_admin.{self.region}", body, status=201)
        return str(found["unit_id"])

    async def grant(self, principal: str, role: str, unit: str | None, *, region: str | None = None) -> None:
        body = {
            "principal": principal,
            "role": role,
            "unit_id": unit,
            "valid_from": "2018-03-22",
            "letter_number": LETTER,
        }
        home = region or self.region
        await self.ok("grants", f"lpse_admin.{home}", body, status=201, region=home)

    async def budget_line(self, unit: str, ceiling: int, *, year: int = 2026, account: str = ACCOUNT) -> str:
        line = {
            "unit_id": unit,
            "fiscal_year": year,
            "sub_activity_code": SUB_ACTIVITY,
            "account_code": account,
            "title": "Makanan dan minuman rapat",
            "ceiling_idr": ceiling,
        }
        found = await self.ok("budget_lines", f"lpse_admin.{self.region}", {"budget_lines": [line]}, status=201)
        return str(found["budget_lines"][0]["budget_line_id"])

    async def buckets(self, line: str) -> dict[str, int]:
        """Return ceiling, buckets and room of a budget line, and check it against the ledger of movements."""
        found = (await self.get(f"budget_lines/{line}", f"lpse_admin.{self.region}")).json()
        connection = await self.database.connect()
        try:
            sums = await connection.fetchrow(
                "SELECT COALESCE(sum(reserved_idr), 0) r, COALESCE(sum(committed_idr), 0) c,"
                " COALESCE(sum(accepted_idr), 0) a, COALESCE(sum(paid_idr), 0) p"
                " FROM budget_movements WHERE budget_line_id = $1",
                line,
            )
        finally:
            await connection.close()
        buckets = {name: found[f"{name}_idr"] for name in ("reserved", "committed", "accepted", "paid")}
        assert [int(value) for value in sums] == list(buckets.values())
        return buckets

    async def office(self, tag: str, *, ceiling: int = 100_000_000) -> "Office":
        """Make a budget holder with everybody who works there and one budget line."""
        unit = await self.unit(f"Dinas {tag}")
        for role in ("pp", "ppk", "pptk", "bendahara", "kpa", "requester"):
            await self.grant(f"{role}.{tag}", role, unit)
        return Office(self, tag, unit, await self.budget_line(unit, ceiling))

    async def seller(
        self,
        name: str,
        price: int,
        *,
        profile: str = "snack_box_standard",
        capacity: int = 200,
        confirmed: bool = True,
        region: str | None = None,
        host: str | None = None,
        group: str = "",
        **vendor: Any,
    ) -> "SellerInWorld":
        """Let a verified business with one member and one product be known here, as events tell it."""
        vendor_id, home = str(new_id()), region or self.region
        message = vendor_message(vendor_id, home, name, group=group, **vendor)
        await self.tell(home, "vendor_verified", vendor_events_pb2.VendorVerified(vendor=message))
        if host is not None:
            guest = vendor_events_pb2.GuestVendorChanged(vendor=message, host_region=host, version=1)
            guest.valid_from.year, guest.valid_from.month, guest.valid_from.day = 2020, 1, 1
            await self.tell(host, "guest_vendor_changed", guest)
        member = f"vendor.{name.replace(' ', '_')}"
        await self.member(home, member, vendor_id)
        product = self.catalog.list(
            ListedProduct(
                vendor_id,
                profile,
                price,
                capacity_per_day=capacity,
                capacity_confirmed=confirmed,
                region=home,
                district_code=message.district_code,
                owner_group_id=group or vendor_id,
            )
        )
        return SellerInWorld(vendor_id, product.product_id, member, message)

    async def tell(self, tenant: str, name: str, message: Any) -> None:
        """Deliver an event of the vendor service."""
        event = ReceivedEvent(
            event_id=new_id(),
            tenant=TenantId(tenant),
            source="vendor",
            type=message.DESCRIPTOR.full_name,
            name=name,
            aggregate_id="x",
            aggregate_version=1,
            occurred_at=datetime.now(UTC),
            payload=message.SerializeToString(),
        )
        project = project_grants if name == "grant_changed" else project_vendors
        async with self.db.system_transaction(SystemScope("test")) as connection:
            await project(connection, [event])

    async def member(self, region: str, principal: str, vendor_id: str, role: str = "vendor_owner") -> None:
        from bela.common.v1 import authority_pb2

        message = authority_pb2.GrantChanged()
        grant = message.grant
        grant.grant_id, grant.tenant, grant.principal, grant.role = str(new_id()), region, principal, role
        grant.scope_id, grant.version = vendor_id, 1
        grant.valid_from.year, grant.valid_from.month, grant.valid_from.day = 2018, 3, 22
        await self.tell(region, "grant_changed", message)


@dataclass(frozen=True)
class SellerInWorld:
    """A business, its product and the person who acts for it."""

    vendor_id: str
    product_id: str
    member: str
    message: vendor_pb2.Vendor


@dataclass(frozen=True)
class Office:
    """A budget holder with its people: `pp.<tag>`, `ppk.<tag>` and so on."""

    world: World
    tag: str
    unit: str
    line: str

    def who(self, role: str) -> str:
        return f"{role}.{self.tag}"

    async def need(self, quantity: int = 40, *, days: int = 7, profile: str = "snack_box_standard", **more: Any) -> str:
        when = self.world.clock.now(TenantId(self.world.region)) + timedelta(days=days)
        body = {
            "unit_id": self.unit,
            "title": "Rapat koordinasi",
            "profile_code": profile,
            "quantity": quantity,
            "needed_at": when.isoformat(),
            "district_code": f"{self.world.region}16" if len(self.world.region) == 4 else "190401",
            "meeting_kind": "with_guests",
            "participants": quantity,
            "duration_minutes": 150,
            "budget_line_ids": [self.line],
        } | more
        found = await self.world.ok("needs", self.who("pptk"), body, status=201)
        return str(found["need_id"])

    async def draft(self, need: str, seller: SellerInWorld, quantity: int = 40, **more: Any) -> str:
        body = {
            "need_id": need,
            "vendor_id": seller.vendor_id,
            "lines": [{"product_id": seller.product_id, "quantity": quantity}],
        } | more
        found = await self.world.ok("orders", self.who("pp"), body, status=201)
        return str(found["order_id"])

    async def buy(self, need: str, seller: SellerInWorld, quantity: int = 40, **options: Any) -> httpx.Response:
        body = {
            "need_id": need,
            "vendor_id": seller.vendor_id,
            "lines": [{"product_id": seller.product_id, "quantity": quantity}],
        }
        return await self.world.post("orders:buy", self.who("ppk"), body, **options)

    async def act(self, order: str, verb: str, who: str, body: Any = None, **options: Any) -> dict[str, Any]:
        return await self.world.ok(f"orders/{order}:{verb}", who, body, **options)

    async def signed(self, seller: SellerInWorld, quantity: int = 40, **need: Any) -> str:
        """Play an order up to the signature."""
        order = await self.draft(await self.need(quantity, **need), seller, quantity)
        await self.act(order, "submit", self.who("pp"))
        await self.act(order, "sign", self.who("ppk"))
        return order

    async def short_path(self, seller: SellerInWorld, quantity: int = 40, **need: Any) -> dict[str, Any]:
        """Play the four acts of a small purchase."""
        answer = await self.buy(await self.need(quantity, **need), seller, quantity)
        assert answer.status_code == 201, answer.text
        order = answer.json()["order_id"]
        await self.act(order, "accept", seller.member)
        await self.act(order, "receive", self.who("pptk"))
        await self.act(order, "acknowledge", seller.member)
        return await self.act(order, "pay", self.who("bendahara"), {"reference": "SP2D 1"})


def vendor_message(
    vendor_id: str,
    region: str,
    name: str,
    *,
    group: str = "",
    band: str = "BAND_B",
    kind: str = "ENTITY_KIND_INDIVIDUAL",
    business_class: str = "BUSINESS_CLASS_MICRO",
    standing: str = "STANDING_OK",
    npwp: str = "NPWP_STATE_ACTIVE",
    certificate: bool = False,
    district: str = "",
    village: str = "",
    version: int = 1,
) -> vendor_pb2.Vendor:
    """Return a verified business as the registry tells it."""
    message = vendor_pb2.Vendor(
        name=f"regions/{region}/vendors/{vendor_id}",
        vendor_id=vendor_id,
        region=region,
        version=version,
        owner_group_id=group or vendor_id,
        display_name=name,
        entity_kind=kind,
        business_class=business_class,
        district_code=district or f"{region}16",
        village_code=village,
        standing=standing,
        band=band,
        payout_ready=True,
        member_principals=[f"vendor.{name.replace(' ', '_')}"],
    )
    day = message.milestones.verified_on
    day.year, day.month, day.day = 2025, 1, 1
    message.tax_profile.npwp_state = npwp
    if certificate:
        first = message.tax_profile.umkm_certificate_from
        first.year, first.month, first.day = 2025, 1, 1
    return message
