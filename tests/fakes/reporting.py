"""Events as the other services would publish them, for the tests of reporting."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from bela.catalog.events.v1 import catalog_events_pb2
from bela.catalog.v1 import product_pb2
from bela.order.events.v1 import order_events_pb2, order_pb2
from bela.vendor.events.v1 import vendor_events_pb2
from bela.vendor.v1 import vendor_pb2
from bela_kit.core.tenancy import TenantId
from bela_kit.events import ReceivedEvent
from google.protobuf.message import Message
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money

START = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


def money(amount: int) -> Money:
    return Money(currency_code="IDR", units=amount)


def day(value: date | None) -> Date | None:
    return None if value is None else Date(year=value.year, month=value.month, day=value.day)


def received(
    source: str, tenant: str, name: str, message: Message, at: datetime, aggregate: str, version: int
) -> ReceivedEvent:
    return ReceivedEvent(
        event_id=uuid4(),
        tenant=TenantId(tenant),
        source=source,
        type=message.DESCRIPTOR.full_name,
        name=name,
        aggregate_id=aggregate,
        aggregate_version=version,
        occurred_at=at,
        payload=message.SerializeToString(),
    )


@dataclass
class VendorMaker:
    """A business; every call of `event` is its next version."""

    tenant: str = "3510"
    vendor_id: str = field(default_factory=lambda: str(uuid4()))
    group: str = ""
    name: str = "Warung Bu Sri"
    kind: str = "INDIVIDUAL"
    size: str = "MICRO"
    district: str = "351005"
    village: str = "3510052001"
    standing: str = "OK"
    dates: dict[str, date] = field(default_factory=dict)
    version: int = 0

    def message(self) -> vendor_pb2.Vendor:
        return vendor_pb2.Vendor(
            name=f"regions/{self.tenant}/vendors/{self.vendor_id}",
            vendor_id=self.vendor_id,
            region=self.tenant,
            version=max(self.version, 1),
            owner_group_id=self.group or self.vendor_id,
            display_name=self.name,
            entity_kind=f"ENTITY_KIND_{self.kind}",
            business_class=f"BUSINESS_CLASS_{self.size}",
            district_code=self.district,
            village_code=self.village,
            standing=f"STANDING_{self.standing}",
            band="BAND_A",
            milestones=vendor_pb2.Milestones(**{name: day(on) for name, on in self.dates.items()}),
            member_principals=["vendor1.3510"],
        )

    def event(self, kind: str = "VendorProfileChanged", at: datetime = START, **changes: object) -> ReceivedEvent:
        for name, value in changes.items():
            setattr(self, name, value)
        self.version += 1
        message = getattr(vendor_events_pb2, kind)(vendor=self.message())
        return received("vendor", self.tenant, _snake(kind), message, at, self.vendor_id, self.version)

    def verified(self, at: datetime = START) -> ReceivedEvent:
        self.dates = {"collected_on": at.date(), "account_on": at.date(), "verified_on": at.date()}
        return self.event("VendorVerified", at)

    def as_guest(self, host: str, grant_id: str, version: int = 1, at: datetime = START) -> ReceivedEvent:
        message = vendor_events_pb2.GuestVendorChanged(
            vendor=self.message(), guest_grant_id=grant_id, host_region=host, version=version, valid_from=day(at.date())
        )
        return received("vendor", host, "guest_vendor_changed", message, at, grant_id, version)


@dataclass
class ProductMaker:
    """A product of a business."""

    vendor: VendorMaker
    category: str = "food.snack_box"
    product_id: str = field(default_factory=lambda: str(uuid4()))
    version: int = 0

    def event(self, state: str = "PUBLISHED", at: datetime = START) -> ReceivedEvent:
        self.version += 1
        kind = "ProductPublished" if state == "PUBLISHED" else "ProductWithdrawn"
        product = product_pb2.Product(
            product_id=self.product_id,
            region=self.vendor.tenant,
            version=self.version,
            vendor_id=self.vendor.vendor_id,
            category_code=self.category,
            state=f"PRODUCT_STATE_{state}",
        )
        message = getattr(catalog_events_pb2, kind)(product=product)
        return received("catalog", self.vendor.tenant, _snake(kind), message, at, self.product_id, self.version)


_STEPS = {
    "OrderSubmitted": "PPK_REVIEW",
    "OrderSigned": "SP_ISSUED",
    "OrderConfirmed": "CONFIRMED",
    "OrderStarted": "IN_PROGRESS",
    "OrderDelivered": "DELIVERED",
    "OrderInspected": "INSPECTED",
    "OrderHandedOver": "HANDED_OVER",
    "OrderInvoiced": "INVOICED",
    "OrderPaid": "PAID",
    "OrderClosed": "CLOSED",
    "OrderRefused": "REFUSED",
    "OrderExpired": "EXPIRED",
    "OrderCancelled": "CANCELLED",
    "OrderStopped": "STOPPED",
    "OrderLapsed": "LAPSED",
}
FULL_PATH = (
    "OrderSubmitted",
    "OrderSigned",
    "OrderConfirmed",
    "OrderStarted",
    "OrderDelivered",
    "OrderInspected",
    "OrderHandedOver",
    "OrderInvoiced",
    "OrderPaid",
    "OrderClosed",
)


@dataclass
class OrderMaker:
    """An order of one line that moves through its states; each event holds the whole order."""

    vendor: VendorMaker
    total: int = 720_000
    tenant: str = "3510"
    quantity: int = 40
    order_id: str = field(default_factory=lambda: str(uuid4()))
    holder: str = "opd-dinkes"
    holder_name: str = "Dinas Kesehatan"
    category: str = "food.snack_box"
    line_id: str = "line-1"
    year: int = 2026
    payer: str = "apbd"
    title: str = "Rapat koordinasi"
    reason: str = ""
    rank: int = 1
    flags: Sequence[str] = ()
    version: int = 0
    at: datetime = START
    step: timedelta = timedelta(hours=2)
    state: str = "DRAFT"
    signed_on: date | None = None
    history: list[order_pb2.StateChange] = field(default_factory=list)
    handovers: list[tuple[date, int]] = field(default_factory=list)
    payments: list[tuple[date, int]] = field(default_factory=list)

    def to(self, kind: str, at: datetime | None = None) -> ReceivedEvent:
        """Take the step that `kind` names and return its event."""
        self.at = at if at is not None else self.at + self.step
        self.state = _STEPS[kind]
        self.version += 1
        change = order_pb2.StateChange(state=f"ORDER_STATE_{self.state}")
        change.at.FromDatetime(self.at)
        self.history.append(change)
        if kind == "OrderSigned":
            self.signed_on = self.at.date()
        if kind == "OrderHandedOver":
            self.handovers.append((self.at.date(), self.total - sum(value for _, value in self.handovers)))
        if kind == "OrderPaid":
            self.payments.append((self.at.date(), self.total))
        message = getattr(order_events_pb2, kind)(order=self.message())
        message.transition.occurred_at.FromDatetime(self.at)
        message.transition.reason = "ditelepon 081234567890"
        message.transition.actor.principal = "ppk.3510"
        return received("order", self.tenant, _snake(kind), message, self.at, self.order_id, self.version)

    def path(self, *kinds: str) -> list[ReceivedEvent]:
        return [self.to(kind) for kind in kinds]

    def until(self, last: str) -> list[ReceivedEvent]:
        """Walk the whole path up to and including a step."""
        return self.path(*FULL_PATH[: FULL_PATH.index(last) + 1])

    def buckets(self) -> dict[str, int]:
        handed = sum(value for _, value in self.handovers)
        paid = sum(value for _, value in self.payments)
        open_ = 0 if self.state in {"REFUSED", "EXPIRED", "CANCELLED", "STOPPED", "DRAFT"} else self.total - handed
        reserved = open_ if self.signed_on is None else 0
        return {"reserved": reserved, "committed": open_ - reserved, "accepted": handed - paid, "paid": paid}

    def message(self) -> order_pb2.Order:
        uses = [] if self.payer == "private_group" else [self._use()]
        order = order_pb2.Order(
            order_id=self.order_id,
            region=self.tenant,
            version=self.version,
            state=f"ORDER_STATE_{self.state}",
            need_id=f"need-{self.order_id}",
            need_title=self.title,
            buyer=order_pb2.Buyer(
                unit_id=f"{self.holder}-seksi",
                unit_name="Seksi Gizi",
                budget_holder_id=self.holder,
                budget_holder_name=self.holder_name,
            ),
            vendor=self.vendor.message(),
            lines=[self._line()],
            total=money(self.total),
            budget_uses=uses,
            channel="local",
            rup_code="12345678",
            contract_form="nota",
            document_number=f"027/{self.version}/2026" if self.signed_on else "",
            signed_on=day(self.signed_on),
            district_code="351005",
            village_code="3510052001",
            handovers=[
                order_pb2.Handover(
                    handover_id=f"{self.order_id}-h{i}", number=f"BAST/{i}", on=day(on), value=money(value)
                )
                for i, (on, value) in enumerate(self.handovers, start=1)
            ],
            payments=[
                order_pb2.Payment(
                    payment_id=f"{self.order_id}-p{i}",
                    on=day(on),
                    gross=money(value),
                    received=money(value),
                    reference="rek 1234567890123",
                    handover_id=f"{self.order_id}-h{i}",
                )
                for i, (on, value) in enumerate(self.payments, start=1)
            ],
            history=self.history,
            suggestion_rank=self.rank,
            override_reason=self.reason,
            flags=self.flags,
            payer_kind=self.payer,
        )
        order.needed_at.FromDatetime(START + timedelta(days=10))
        return order

    def _use(self) -> order_pb2.BudgetUse:
        return order_pb2.BudgetUse(
            budget_line_id=self.line_id,
            account_code="5.1.02.01.01.0052",
            sub_activity_code="1.02.02.2.02.0015",
            fiscal_year=self.year,
            **{name: money(value) for name, value in self.buckets().items()},
        )

    def _line(self) -> order_pb2.OrderLine:
        return order_pb2.OrderLine(
            line_number=1,
            product_id="product-1",
            title="Snack box standar",
            category_code=self.category,
            profile_code="snack_box_standard",
            quantity=self.quantity,
            unit="kotak",
            unit_price=money(self.total // self.quantity),
            amount=money(self.total),
            quantity_accepted=self.quantity if self.handovers else 0,
        )


def budget_line(
    tenant: str = "3510", line_id: str = "line-1", version: int = 1, ceiling: int = 100_000_000, at: datetime = START
) -> ReceivedEvent:
    line = order_events_pb2.BudgetLine(
        budget_line_id=line_id,
        region=tenant,
        version=version,
        fiscal_year=2026,
        unit_id="opd-dinkes",
        sub_activity_code="1.02.02.2.02.0015",
        account_code="5.1.02.01.01.0052",
        title="Makanan dan minuman rapat",
        fund_source="PAD",
        ceiling=money(ceiling),
        blocked=money(0),
    )
    message = order_events_pb2.BudgetLineChanged(budget_line=line)
    return received("order", tenant, "budget_line_changed", message, at, line_id, version)


def unit(
    tenant: str = "3510", unit_id: str = "opd-dinkes", name: str = "Dinas Kesehatan", version: int = 1
) -> ReceivedEvent:
    message = order_events_pb2.UnitChanged(
        unit=order_events_pb2.Unit(
            unit_id=unit_id, region=tenant, version=version, display_name=name, budget_holder=True
        )
    )
    return received("order", tenant, "unit_changed", message, START, unit_id, version)


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
