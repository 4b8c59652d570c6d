"""How the use cases ask for a region's time: the kit's clock, and the calendar that deadlines are counted on."""

from typing import Protocol

from bela_kit.core.clock import Clock
from bela_kit.core.tenancy import TenantId

from order_service.domain.working_time import RegionCalendar


class BusinessClock(Clock, Protocol):
    """The time of a region, with its working days."""

    def calendar(self, tenant: TenantId) -> RegionCalendar:
        """Return how a region counts days and hours, its week and holidays included."""
