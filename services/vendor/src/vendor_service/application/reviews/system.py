"""Acts of the service itself: what follows from a rule and a date, not from a person's wish."""

from datetime import date, datetime

from bela_kit.core.actor import Actor
from bela_kit.core.clock import Clock
from bela_kit.core.tenancy import TenantId

from vendor_service.domain.standing import SYSTEM
from vendor_service.domain.vendor import Moment

_SERVICE = Actor("svc:vendor", SYSTEM)


def system_moment(tenant: TenantId, clock: Clock) -> Moment:
    """Return an act of the service at the region's time."""
    return Moment(_SERVICE, clock.now(tenant), clock.today(tenant))


def by_system(now: datetime, today: date) -> Moment:
    """Return an act of the service that follows from somebody's act at a time."""
    return Moment(_SERVICE, now, today)
