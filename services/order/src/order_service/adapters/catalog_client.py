"""The catalog service by gRPC: three calls, one deadline each, and the catalog's reasons as errors of our own."""

from contextlib import suppress
from datetime import UTC, date, datetime

import grpc
from bela.catalog.v1 import catalog_service_pb2 as pb
from bela.catalog.v1 import product_pb2
from bela.catalog.v1.catalog_service_pb2_grpc import CatalogServiceStub
from bela_kit.core.tenancy import TenantId, parse_tenant
from bela_kit.grpc_client import RemoteRefusal, translate
from google.protobuf.timestamp_pb2 import Timestamp
from google.type import date_pb2  # type: ignore[import-untyped]

from order_service.application.errors import CATALOG_REFUSALS, DependencyUnavailable
from order_service.application.offers import (
    CatalogOffer,
    CategorySeller,
    HoldWanted,
    OfferSheet,
    OffersWanted,
    Quote,
    QuotedLine,
)

RELEASE_SECONDS = 0.5
_REFUSALS = {refusal.reason: refusal for refusal in CATALOG_REFUSALS}
_WORDS = {
    "PRODUCT_UNKNOWN": "Produk tidak ditemukan.",
    "PROFILE_UNKNOWN": "Profil barang tidak dikenal.",
    "PRODUCT_NOT_ON_SALE": "Produk sedang tidak dijual.",
    "CAPACITY_GONE": "Kapasitas penyedia pada hari itu sudah penuh.",
    "UNIT_SHARE_EXCEEDED": "Pesanan unit ini yang belum ditandatangani sudah memakai 30 % kapasitas penyedia.",
    "DELIVERY_AREA": "Penyedia tidak mengantar ke kecamatan itu.",
    "LEAD_TOO_SHORT": "Waktu tersisa lebih pendek daripada yang dibutuhkan penyedia.",
    "GUEST_NOT_GRANTED": "Penyedia tamu ini tidak mendapat izin berjualan di daerah ini.",
    "LINES_OF_TWO_VENDORS": "Semua baris pesanan harus dari satu penyedia.",
    "QUANTITY": "Jumlah tidak dapat dilayani.",
}


class GrpcCatalog:
    """`Catalog` over one channel."""

    def __init__(self, channel: grpc.aio.Channel, *, timeout_seconds: float = 2.0) -> None:
        self._stub = CatalogServiceStub(channel)
        self._timeout = timeout_seconds

    async def find_offers(self, tenant: TenantId, wanted: OffersWanted) -> OfferSheet:
        """Ask for the offers of a profile."""
        request = pb.FindOffersRequest(
            parent=f"regions/{tenant}",
            profile_code=wanted.profile_code,
            quantity=wanted.quantity,
            needed_on=_date(wanted.needed_on),
            needed_at=_timestamp(wanted.needed_at),
            district_code=wanted.district_code,
        )
        try:
            answer = await self._stub.FindOffers(request, timeout=self._timeout)
        except grpc.RpcError as error:
            raise _own_error(error) from error
        return OfferSheet(
            offers=tuple(_offer(offer) for offer in answer.offers),
            category_sellers=tuple(
                CategorySeller(
                    vendor_id=seller.vendor_id,
                    owner_group_id=seller.owner_group_id or seller.vendor_id,
                    district_code=seller.district_code,
                    capacity_per_day=seller.capacity_per_day,
                )
                for seller in answer.category_sellers
            ),
            category_code=answer.category_code,
            unit=answer.unit,
        )

    async def reserve(self, tenant: TenantId, wanted: HoldWanted) -> Quote:
        """Ask for prices and a hold."""
        request = pb.ReserveRequest(
            parent=f"regions/{tenant}",
            order_id=wanted.order_id,
            unit_id=wanted.unit_id,
            lines=[
                pb.ReserveLine(line_number=line.line_number, product_id=line.product_id, quantity=line.quantity)
                for line in wanted.lines
            ],
            needed_on=_date(wanted.needed_on),
            needed_at=_timestamp(wanted.needed_at),
            district_code=wanted.district_code,
            hold_until=_timestamp(wanted.hold_until),
            now=_timestamp(wanted.now),
        )
        try:
            answer = await self._stub.Reserve(request, timeout=self._timeout)
        except grpc.RpcError as error:
            raise _own_error(error) from error
        return Quote(
            vendor_id=answer.vendor_id,
            vendor_region=parse_tenant(answer.vendor_region),
            lines=tuple(_line(line) for line in answer.lines),
            held_until=answer.held_until.ToDatetime(tzinfo=UTC),
            taken=answer.taken,
        )

    async def release(self, tenant: TenantId, wanted: HoldWanted, quote: Quote) -> None:
        """Ask to give a hold back, once and not for long: somebody waits for his refusal, and the hold ends anyway."""
        request = pb.ReleaseRequest(
            parent=f"regions/{tenant}",
            order_id=wanted.order_id,
            vendor_region=quote.vendor_region,
            now=_timestamp(wanted.now),
        )
        with suppress(grpc.RpcError):
            await self._stub.Release(request, timeout=min(self._timeout, RELEASE_SECONDS))


def _offer(offer: pb.Offer) -> CatalogOffer:
    product = offer.product
    return CatalogOffer(
        product_id=product.product_id,
        vendor_id=product.vendor_id,
        title=product.title,
        category_code=product.category_code,
        profile_code=product.profile_code,
        supply_type=_supply_type(product),
        unit=product.unit,
        unit_price_idr=product.unit_price.units,
        price_includes_ppn=product.price_includes_ppn,
        capacity_per_day=product.capacity_per_day,
        capacity_confirmed=product.capacity_confirmed,
        free_capacity=offer.free_capacity,
        lead_time_hours=product.lead_time_hours,
        delivers_there=offer.delivers_there,
        certificates_valid=offer.certificates_valid,
        guest=offer.guest,
        moderated=product.state == product_pb2.PRODUCT_STATE_MODERATED,
    )


def _line(line: pb.QuotedLine) -> QuotedLine:
    product = line.product
    return QuotedLine(
        line_number=line.line_number,
        product_id=product.product_id,
        title=product.title,
        category_code=product.category_code,
        profile_code=product.profile_code,
        supply_type=_supply_type(product),
        quantity=line.quantity,
        unit=product.unit,
        unit_price_idr=product.unit_price.units,
        price_includes_ppn=product.price_includes_ppn,
        amount_idr=line.amount.units,
        lead_time_hours=product.lead_time_hours,
    )


def _supply_type(product: product_pb2.Product) -> str:
    return product_pb2.SupplyType.Name(product.supply_type).removeprefix("SUPPLY_TYPE_").lower()


def _own_error(error: grpc.RpcError) -> Exception:
    """Turn what the catalog said into a refusal of ours; what we do not know counts as not answering."""
    remote = translate(error)
    if isinstance(remote, RemoteRefusal) and remote.reason in _REFUSALS:
        return _REFUSALS[remote.reason](_WORDS[remote.reason], metadata=dict(remote.metadata))
    return DependencyUnavailable("Katalog sedang tidak dapat dihubungi. Coba lagi sebentar.")


def _date(day: date) -> date_pb2.Date:
    return date_pb2.Date(year=day.year, month=day.month, day=day.day)


def _timestamp(instant: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(instant)
    return stamp
