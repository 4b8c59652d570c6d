"""The catalog as one process: real database, real REST application, events given straight to the handlers."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import httpx
from bela.catalog.v1 import catalog_service_pb2 as pb
from bela.order.events.v1 import order_events_pb2, order_pb2
from bela.vendor.events.v1 import vendor_events_pb2
from bela.vendor.v1 import vendor_pb2
from bela_kit.authority import Grant, apply_grant
from bela_kit.core.clock import FixedClock, TenantTime
from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import SystemScope, TenantId, TenantUnknown
from bela_kit.db import Database
from bela_kit.events import ReceivedEvent
from bela_kit.service_cli import ServiceParts
from bela_kit.testing.databases import ServiceDatabase
from bela_kit.testing.tokens import TokenIssuer
from catalog_service.adapters.hold_states import SqlHoldStates
from catalog_service.adapters.vendor_copies import SqlVendorCopies
from catalog_service.entrypoints.events.handlers import order_reactions, vendor_projection

NOW = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
REGIONS = {"3510", "1311", "1904", "19", "1906"}
_SERIAL = itertools.count(1)


class KnownRegions(FixedClock):
    """Knows the demo regions and no other."""

    def settings(self, tenant: TenantId) -> TenantTime:
        if tenant not in REGIONS:
            raise TenantUnknown
        return super().settings(tenant)


@dataclass
class Catalog:
    """The service and everything a test says to it."""

    parts: ServiceParts
    database: ServiceDatabase
    db: Database
    clock: KnownRegions
    issuer: TokenIssuer
    http: httpx.AsyncClient
    vendors: dict[str, vendor_pb2.Vendor] = field(default_factory=dict)

    @property
    def servicer(self) -> Any:
        return self.parts.grpc_services[0][1]

    async def grant(self, principal: str, role: str, *, region: str = "3510", scope: str = "") -> None:
        async with self.db.system_transaction(SystemScope("test")) as connection:
            await apply_grant(
                connection,
                Grant(
                    grant_id=str(new_id()),
                    tenant=TenantId(region),
                    principal=principal,
                    role=role,
                    scope_id=scope,
                    valid_from=date(2026, 1, 1),
                    valid_to=None,
                    letter_number="SK/1",
                    acting_for=None,
                    revoked=False,
                    version=1,
                ),
            )

    async def vendor(self, name: str, *, region: str = "3510", district: str = "351005", **facts: Any) -> str:
        """Let the catalog hear of a business and return its id; its owner is `owner.<id>`."""
        vendor_id = str(new_id())
        vendor = vendor_pb2.Vendor(
            name=f"regions/{region}/vendors/{vendor_id}",
            vendor_id=vendor_id,
            region=region,
            version=1,
            owner_group_id=str(uuid4()),
            display_name=name,
            district_code=district,
            standing=vendor_pb2.STANDING_OK,
        )
        vendor.milestones.verified_on.year, vendor.milestones.verified_on.month = 2026, 1
        vendor.milestones.verified_on.day = 5
        vendor.tax_profile.pkp = facts.get("pkp", False)
        if facts.get("verified") is False:
            vendor.milestones.ClearField("verified_on")
        self.vendors[vendor_id] = vendor
        await self.tell_vendor(vendor_id)
        await self.grant(f"owner.{vendor_id}", "vendor_owner", region=region, scope=vendor_id)
        return vendor_id

    async def tell_vendor(self, vendor_id: str, **changes: Any) -> None:
        vendor = self.vendors[vendor_id]
        for key, value in changes.items():
            setattr(vendor, key, value)
        message = vendor_events_pb2.VendorProfileChanged(vendor=vendor)
        await self.project_vendors(event("vendor_profile_changed", vendor.region, vendor.version, message))
        vendor.version += 1

    async def tell_guest(self, vendor_id: str, host: str, *, version: int = 1, **facts: Any) -> str:
        message = vendor_events_pb2.GuestVendorChanged(
            vendor=self.vendors[vendor_id],
            guest_grant_id=facts.get("grant_id") or str(new_id()),
            host_region=host,
            category_codes=facts.get("categories", ()),
            revoked=facts.get("revoked", False),
            version=version,
        )
        message.valid_from.year, message.valid_from.month, message.valid_from.day = 2026, 1, 1
        await self.project_vendors(event("guest_vendor_changed", host, version, message))
        return str(message.guest_grant_id)

    async def project_vendors(self, *events: ReceivedEvent) -> None:
        async with self.db.system_transaction(SystemScope("test")) as connection:
            await vendor_projection(SqlVendorCopies)(connection, events)

    async def tell_order(self, order_id: str, version: int, state: order_pb2.OrderState, **facts: Any) -> None:
        """Let the catalog hear of an order at a version."""
        order = order_pb2.Order(
            order_id=order_id,
            region=facts.get("region", "3510"),
            version=version,
            state=state,
            holds_capacity=facts.get("holds", True),
        )
        order.vendor.region = facts.get("home", "3510")
        for number, (product_id, quantity) in enumerate(facts.get("lines", ()), start=1):
            order.lines.add(line_number=number, product_id=product_id, quantity=quantity)
        if "deadline" in facts:
            order.deadline_at.FromDatetime(facts["deadline"])
        if facts.get("signed"):
            order.signed_on.year, order.signed_on.month, order.signed_on.day = 2026, 3, 2
        message = order_events_pb2.OrderSubmitted(order=order)
        at = facts.get("at", self.clock.now(TenantId("3510")))
        told = event("order_submitted", order.region, version, message, occurred_at=at)
        async with self.db.system_transaction(SystemScope("test")) as connection:
            await order_reactions(SqlHoldStates)(connection, [told])

    async def call(
        self, method: str, path: str, *, as_: str = "", body: Any = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        sent = {**(self.issuer.bearer(as_) if as_ else {}), **(headers or {})}
        return await self.http.request(method, f"/catalog/v1{path}", json=body, headers=sent)

    async def product(self, vendor_id: str, *, publish: bool = True, **facts: Any) -> str:
        """Draft a product as its owner, publish it, and return its id."""
        region = self.vendors[vendor_id].region
        body = {
            "vendor_id": vendor_id,
            "title": "Nasi kotak ayam bakar",
            "profile_code": "meal_box_standard",
            "unit_price_idr": 25_000,
            "capacity_per_day": 200,
            "lead_time_hours": 4,
            **facts,
        }
        owner = f"owner.{vendor_id}"
        made = await self.call("POST", f"/regions/{region}/products", as_=owner, body=body)
        assert made.status_code == 201, made.text
        product_id = str(made.json()["product_id"])
        if publish:
            done = await self.call(
                "POST", f"/regions/{region}/products/{product_id}:publish", as_=owner, body={"confirm_price": True}
            )
            assert done.status_code == 200, done.text
        return product_id

    async def search(self, query: str, *, region: str = "3510", **filters: Any) -> list[str]:
        found = await self.http.get(f"/catalog/v1/regions/{region}/products", params={"q": query, **filters})
        assert found.status_code == 200, found.text
        return [one["product_id"] for one in found.json()["products"]]

    async def reserve(self, product_id: str, quantity: int, **facts: Any) -> pb.ReserveResponse:
        answer: pb.ReserveResponse = await self.servicer.Reserve(request(product_id, quantity, **facts), None)
        return answer

    async def free(self, product_id: str, day: str = "2026-03-10", region: str = "3510") -> int:
        found = await self.call("GET", f"/regions/{region}/products/{product_id}/capacity/{day}")
        assert found.status_code == 200, found.text
        return int(found.json()["free"])

    async def outbox(self) -> list[tuple[str, str]]:
        async with self.db.system_transaction(SystemScope("test")) as connection:
            rows = await connection.exec_driver_sql(
                "SELECT subject, aggregate_id FROM outbox_messages ORDER BY position"
            )
            return [(str(row.subject), str(row.aggregate_id)) for row in rows]


def event(name: str, region: str, version: int, message: Any, occurred_at: datetime = NOW) -> ReceivedEvent:
    return ReceivedEvent(
        event_id=new_id(),
        tenant=TenantId(region),
        source="test",
        type=message.DESCRIPTOR.full_name,
        name=name,
        aggregate_id="x",
        aggregate_version=version,
        occurred_at=occurred_at,
        payload=message.SerializeToString(),
    )


def request(product_id: str, quantity: int, **facts: Any) -> pb.ReserveRequest:
    """Return a Reserve of one line; by default for 10 March at 10:00 WIB, from NOW, held for a day."""
    made = pb.ReserveRequest(
        parent=f"regions/{facts.get('buyer', '3510')}",
        order_id=facts.get("order_id") or str(uuid4()),
        unit_id=facts.get("unit_id") or str(next(_SERIAL)),
        lines=facts.get("lines") or [pb.ReserveLine(line_number=1, product_id=product_id, quantity=quantity)],
        district_code=facts.get("district", "351005"),
    )
    day: date = facts.get("day", date(2026, 3, 10))
    made.needed_on.year, made.needed_on.month, made.needed_on.day = day.year, day.month, day.day
    made.needed_at.FromDatetime(facts.get("needed_at", datetime(day.year, day.month, day.day, 3, tzinfo=UTC)))
    made.now.FromDatetime(facts.get("now", NOW))
    made.hold_until.FromDatetime(facts.get("hold_until", datetime(2026, 3, 3, 2, 15, tzinfo=UTC)))
    return made
