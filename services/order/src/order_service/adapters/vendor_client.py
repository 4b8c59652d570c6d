"""The vendor registry by gRPC, asked where a signature moves money; everything else about sellers is known by event."""

from datetime import date

import grpc
from bela.vendor.v1 import vendor_service_pb2 as pb
from bela.vendor.v1.vendor_service_pb2_grpc import VendorServiceStub
from bela_kit.core.tenancy import TenantId
from google.type import date_pb2, money_pb2  # type: ignore[import-untyped]

from order_service.application.errors import DependencyUnavailable


class GrpcVendorRegistry:
    """`VendorRegistry` over one channel."""

    def __init__(self, channel: grpc.aio.Channel, *, timeout_seconds: float = 2.0) -> None:
        self._stub = VendorServiceStub(channel)
        self._timeout = timeout_seconds

    async def refusals(
        self, home: TenantId, vendor_id: str, *, value_idr: int, on: date, buyer: TenantId
    ) -> tuple[str, ...]:
        """Ask the home region's registry about one business."""
        request = pb.CheckEligibilityRequest(
            parent=f"regions/{home}",
            vendor_ids=[vendor_id],
            value=money_pb2.Money(currency_code="IDR", units=value_idr),
            on=date_pb2.Date(year=on.year, month=on.month, day=on.day),
            buyer=f"regions/{buyer}" if buyer != home else "",
        )
        try:
            answer = await self._stub.CheckEligibility(request, timeout=self._timeout)
        except grpc.RpcError as error:
            raise DependencyUnavailable("Data penyedia sedang tidak dapat diperiksa. Coba lagi sebentar.") from error
        for result in answer.results:
            if result.vendor_id == vendor_id:
                return () if result.eligible else tuple(result.reasons) or ("VENDOR_NOT_ELIGIBLE",)
        return ("VENDOR_UNKNOWN",)
