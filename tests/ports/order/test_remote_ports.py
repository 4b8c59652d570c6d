"""The other services in memory and over a real gRPC server behave alike: what makes the fakes worth believing."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from bela.catalog.v1 import catalog_service_pb2, product_pb2
from bela.catalog.v1.catalog_service_pb2_grpc import CatalogServiceServicer, add_CatalogServiceServicer_to_server
from bela.vendor.v1 import vendor_service_pb2
from bela.vendor.v1.vendor_service_pb2_grpc import VendorServiceServicer, add_VendorServiceServicer_to_server
from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import parse_tenant
from bela_kit.grpc_client import channel
from bela_kit.grpc_server import build_server
from bela_kit.telemetry import setup
from bela_kit.testing.tokens import TokenIssuer
from google.type import money_pb2
from order_service.adapters.catalog_client import GrpcCatalog
from order_service.adapters.vendor_client import GrpcVendorRegistry
from order_service.application.errors import (
    CapacityGone,
    DependencyUnavailable,
    LinesOfTwoVendors,
    ProductUnknown,
    ProfileUnknown,
)
from order_service.application.offers import CatalogOffer, HoldLine, HoldWanted, OffersWanted, Quote, QuotedLine
from order_service.application.ports import Catalog, VendorRegistry
from order_service.config import OrderSettings

from tests.fakes.order import ListedProduct, MemoryCatalog, MemoryRegistry

REGION = parse_tenant("3510")
NOW = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
DAY = date(2026, 1, 12)
NEEDED = datetime(2026, 1, 12, 3, 0, tzinfo=UTC)
RPCS = {
    "/bela.catalog.v1.CatalogService/FindOffers": frozenset({"svc:order"}),
    "/bela.catalog.v1.CatalogService/Reserve": frozenset({"svc:order"}),
    "/bela.catalog.v1.CatalogService/Release": frozenset({"svc:order"}),
    "/bela.vendor.v1.VendorService/CheckEligibility": frozenset({"svc:order"}),
}


class _Catalog(CatalogServiceServicer):
    """Answers from the memory catalog, as messages."""

    def __init__(self, memory: MemoryCatalog) -> None:
        self._memory = memory

    async def FindOffers(self, request: Any, context: Any) -> catalog_service_pb2.FindOffersResponse:
        wanted = OffersWanted(
            request.profile_code, request.quantity, _day(request.needed_on),
            request.needed_at.ToDatetime(tzinfo=UTC), request.district_code,
        )  # fmt: skip
        sheet = await self._memory.find_offers(parse_tenant(request.parent.removeprefix("regions/")), wanted)
        return catalog_service_pb2.FindOffersResponse(
            offers=[
                catalog_service_pb2.Offer(
                    product=_product(offer),
                    free_capacity=offer.free_capacity,
                    delivers_there=offer.delivers_there,
                    certificates_valid=offer.certificates_valid,
                    guest=offer.guest,
                )
                for offer in sheet.offers
            ],
            category_sellers=[
                catalog_service_pb2.CategorySeller(
                    vendor_id=each.vendor_id,
                    owner_group_id=each.owner_group_id,
                    district_code=each.district_code,
                    capacity_per_day=each.capacity_per_day,
                )
                for each in sheet.category_sellers
            ],
            category_code=sheet.category_code,
            unit=sheet.unit,
        )

    async def Reserve(self, request: Any, context: Any) -> catalog_service_pb2.ReserveResponse:
        wanted = HoldWanted(
            order_id=request.order_id,
            unit_id=request.unit_id,
            lines=tuple(HoldLine(line.line_number, line.product_id, line.quantity) for line in request.lines),
            needed_on=_day(request.needed_on),
            needed_at=request.needed_at.ToDatetime(tzinfo=UTC),
            district_code=request.district_code,
            hold_until=request.hold_until.ToDatetime(tzinfo=UTC),
            now=request.now.ToDatetime(tzinfo=UTC),
        )
        quote = await self._memory.reserve(parse_tenant(request.parent.removeprefix("regions/")), wanted)
        answer = catalog_service_pb2.ReserveResponse(
            vendor_id=quote.vendor_id,
            vendor_region=quote.vendor_region,
            taken=quote.taken,
            lines=[
                catalog_service_pb2.QuotedLine(
                    line_number=line.line_number,
                    product=_product(line),
                    quantity=line.quantity,
                    amount=money_pb2.Money(currency_code="IDR", units=line.amount_idr),
                )
                for line in quote.lines
            ],
        )
        answer.held_until.FromDatetime(quote.held_until)
        return answer

    async def Release(self, request: Any, context: Any) -> catalog_service_pb2.ReleaseResponse:
        if self._memory.away:
            raise DependencyUnavailable("Katalog sedang tidak dapat dihubungi.")
        region, now = parse_tenant(request.parent.removeprefix("regions/")), request.now.ToDatetime(tzinfo=UTC)
        wanted = replace(_hold(order=request.order_id), now=now)
        quote = Quote("", parse_tenant(request.vendor_region), (), now)
        await self._memory.release(region, wanted, quote)
        return catalog_service_pb2.ReleaseResponse()


class _Registry(VendorServiceServicer):
    """Answers from the memory registry, as messages."""

    def __init__(self, memory: MemoryRegistry) -> None:
        self._memory = memory

    async def CheckEligibility(self, request: Any, context: Any) -> vendor_service_pb2.CheckEligibilityResponse:
        home = parse_tenant(request.parent.removeprefix("regions/"))
        buyer = parse_tenant(request.buyer.removeprefix("regions/")) if request.buyer else home
        results = []
        for vendor_id in request.vendor_ids:
            reasons = await self._memory.refusals(
                home, vendor_id, value_idr=request.value.units, on=_day(request.on), buyer=buyer
            )
            results.append(
                vendor_service_pb2.Eligibility(vendor_id=vendor_id, eligible=not reasons, reasons=list(reasons))
            )
        return vendor_service_pb2.CheckEligibilityResponse(results=results)


def _day(value: Any) -> date:
    return date(value.year, value.month, value.day)


def _product(thing: CatalogOffer | QuotedLine) -> product_pb2.Product:
    product = product_pb2.Product(
        product_id=thing.product_id,
        title=thing.title,
        category_code=thing.category_code,
        profile_code=thing.profile_code,
        unit=thing.unit,
        unit_price=money_pb2.Money(currency_code="IDR", units=thing.unit_price_idr),
        price_includes_ppn=thing.price_includes_ppn,
        supply_type=f"SUPPLY_TYPE_{thing.supply_type.upper()}",
        lead_time_hours=thing.lead_time_hours,
    )
    if isinstance(thing, CatalogOffer):
        product.vendor_id = thing.vendor_id
        product.capacity_per_day = thing.capacity_per_day
        product.capacity_confirmed = thing.capacity_confirmed
        if thing.moderated:
            product.state = product_pb2.PRODUCT_STATE_MODERATED
    return product


class _Tokens:
    def __init__(self, token: str) -> None:
        self._token = token

    async def token(self) -> str:
        return self._token


@dataclass
class Ports:
    """The ports under test and the memory behind them."""

    catalog: Catalog
    registry: VendorRegistry
    memory: MemoryCatalog
    people: MemoryRegistry


@pytest_asyncio.fixture(params=["memory", "grpc"], loop_scope="session")
async def ports(request: pytest.FixtureRequest, token_issuer: TokenIssuer) -> AsyncIterator[Ports]:
    """The ports in memory, or over a Unix socket with tokens, deadlines and error details."""
    memory, people = MemoryCatalog(), MemoryRegistry()
    if request.param == "memory":
        yield Ports(memory, people, memory, people)
        return
    folder = Path(tempfile.mkdtemp(prefix="bela-", dir="/tmp"))
    settings = OrderSettings(environment="test", grpc_bind=f"unix:{folder}/s", auth_issuer=token_issuer.issuer)
    telemetry = setup(settings, "catalog")
    services = [
        (add_CatalogServiceServicer_to_server, _Catalog(memory)),
        (add_VendorServiceServicer_to_server, _Registry(people)),
    ]
    server = build_server(settings, services, token_issuer.verifier(settings), RPCS, telemetry=telemetry)
    await server.start()
    wire = channel(f"unix:{folder}/s", _Tokens(token_issuer.mint("svc:order", client=True)), telemetry=telemetry)
    yield Ports(GrpcCatalog(wire), GrpcVendorRegistry(wire), memory, people)
    await wire.close()
    await server.stop(0)
    shutil.rmtree(folder)


def _offers(profile: str = "snack_box_standard") -> OffersWanted:
    return OffersWanted(profile, 40, DAY, NEEDED, "351016")


def _hold(*lines: tuple[str, int], order: str | None = None) -> HoldWanted:
    return HoldWanted(
        order_id=order or str(new_id()),
        unit_id=str(new_id()),
        lines=tuple(HoldLine(number, product, quantity) for number, (product, quantity) in enumerate(lines, start=1)),
        needed_on=DAY,
        needed_at=NEEDED,
        district_code="351016",
        hold_until=NOW + timedelta(minutes=5),
        now=NOW,
    )


async def test_offers_come_with_every_fact_the_suggestion_judges(ports: Ports) -> None:
    vendor = str(new_id())
    listed = ports.memory.list(ListedProduct(vendor, "snack_box_standard", 18_000, capacity_confirmed=False))
    sheet = await ports.catalog.find_offers(REGION, _offers())
    assert (sheet.category_code, sheet.unit) == ("food.snack_box", "kotak")
    assert sheet.offers == (
        CatalogOffer(
            product_id=listed.product_id, vendor_id=vendor, title="Produk snack_box_standard",
            category_code="food.snack_box", profile_code="snack_box_standard", supply_type="restaurant", unit="kotak",
            unit_price_idr=18_000, price_includes_ppn=False, capacity_per_day=200, capacity_confirmed=False,
            free_capacity=200, lead_time_hours=4, delivers_there=True, certificates_valid=True, guest=False,
            moderated=False,
        ),
    )  # fmt: skip
    assert [(each.vendor_id, each.capacity_per_day) for each in sheet.category_sellers] == [(vendor, 200)]


async def test_an_unknown_profile_is_refused_as_such(ports: Ports) -> None:
    with pytest.raises(ProfileUnknown):
        await ports.catalog.find_offers(REGION, _offers("nothing"))


async def test_a_hold_prices_lines_and_is_the_same_for_the_same_order(ports: Ports) -> None:
    vendor, order = str(new_id()), str(new_id())
    listed = ports.memory.list(ListedProduct(vendor, "snack_box_standard", 18_000, capacity_per_day=50))
    first = await ports.catalog.reserve(REGION, _hold((listed.product_id, 40), order=order))
    again = await ports.catalog.reserve(REGION, _hold((listed.product_id, 40), order=order))
    assert (first.taken, again.taken) == (True, False)
    assert replace(first, taken=False) == again
    assert (first.vendor_id, first.vendor_region, first.held_until) == (vendor, "3510", NOW + timedelta(minutes=5))
    line = first.lines[0]
    assert (line.quantity, line.unit_price_idr, line.amount_idr, line.supply_type) == (
        40,
        18_000,
        720_000,
        "restaurant",
    )
    with pytest.raises(CapacityGone):
        await ports.catalog.reserve(REGION, _hold((listed.product_id, 11)))


async def test_a_hold_is_given_back_unless_another_attempt_joined_it(ports: Ports) -> None:
    listed = ports.memory.list(ListedProduct(str(new_id()), "snack_box_standard", 18_000, capacity_per_day=50))
    wanted = _hold((listed.product_id, 40))
    quote = await ports.catalog.reserve(REGION, wanted)
    await ports.catalog.release(REGION, wanted, quote)
    other = _hold((listed.product_id, 50))
    quote = await ports.catalog.reserve(REGION, other)
    await ports.catalog.reserve(REGION, other)
    await ports.catalog.release(REGION, other, quote)
    with pytest.raises(CapacityGone):
        await ports.catalog.reserve(REGION, wanted)


async def test_giving_back_never_fails_aloud(ports: Ports) -> None:
    listed = ports.memory.list(ListedProduct(str(new_id()), "snack_box_standard", 18_000))
    wanted = _hold((listed.product_id, 40))
    quote = await ports.catalog.reserve(REGION, wanted)
    ports.memory.away = True
    await ports.catalog.release(REGION, wanted, quote)
    assert wanted.order_id in ports.memory.holds


async def test_refusals_of_the_catalog_keep_their_reason(ports: Ports) -> None:
    one, two = (ports.memory.list(ListedProduct(str(new_id()), "snack_box_standard", 18_000)) for _ in range(2))
    with pytest.raises(ProductUnknown):
        await ports.catalog.reserve(REGION, _hold((str(new_id()), 1)))
    with pytest.raises(LinesOfTwoVendors):
        await ports.catalog.reserve(REGION, _hold((one.product_id, 1), (two.product_id, 1)))


async def test_a_silent_service_is_unavailable_and_nothing_else(ports: Ports) -> None:
    ports.memory.away = ports.people.away = True
    with pytest.raises(DependencyUnavailable):
        await ports.catalog.find_offers(REGION, _offers())
    with pytest.raises(DependencyUnavailable):
        await ports.registry.refusals(REGION, str(new_id()), value_idr=1, on=DAY, buyer=REGION)


async def test_the_registry_says_why_not(ports: Ports) -> None:
    vendor, host = str(new_id()), parse_tenant("19")
    assert await ports.registry.refusals(REGION, vendor, value_idr=720_000, on=DAY, buyer=REGION) == ()
    ports.people.reasons[vendor] = ("VENDOR_SUSPENDED", "BAND_TOO_LOW")
    refused = await ports.registry.refusals(REGION, vendor, value_idr=720_000, on=DAY, buyer=host)
    assert refused == ("VENDOR_SUSPENDED", "BAND_TOO_LOW")
    assert ports.people.asked[-1] == ("3510", vendor, 720_000)
