"""An act: who does something, when, on which region's calendar, and why. Every transition takes one."""

from dataclasses import dataclass
from datetime import date, datetime

from bela_kit.core.actor import Actor

from order_service.domain.working_time import RegionCalendar

SYSTEM_ROLE = "system"


@dataclass(frozen=True, slots=True)
class Act:
    """Who, when, on which calendar, why.

    Attributes:
        actor: The person or service; its role is the grant checked at this moment.
        at: The instant on the region's clock, aware, UTC.
        calendar: The region's calendar.
        reason: In words or as a code; empty if none is asked for.
    """

    actor: Actor
    at: datetime
    calendar: RegionCalendar
    reason: str = ""

    @property
    def today(self) -> date:
        """The region's local day of the act."""
        return self.calendar.day(self.at)


def system_act(at: datetime, calendar: RegionCalendar, reason: str = "") -> Act:
    """An act the service does by itself when a deadline passes."""
    return Act(Actor(principal="svc:order", role=SYSTEM_ROLE), at, calendar, reason)
