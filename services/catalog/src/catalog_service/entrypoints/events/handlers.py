"""What the catalog does with events of other services: keep copies, follow orders in what they hold.

All three are projections of state, done a batch at a time across regions: an order of one region may hold capacity of
a seller in another.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bela_kit.events import ReceivedEvent

from catalog_service.application.ports import HoldStates, VendorCopies
from catalog_service.domain.vendor import GuestGrant, Vendor
from catalog_service.entrypoints.events.decoding import guest_of, order_report_of, vendor_of

Project = Callable[[Any, Sequence[ReceivedEvent]], Awaitable[None]]


def vendor_projection(copies: Callable[[Any], VendorCopies]) -> Project:
    """Return what keeps businesses and guest grants; `copies` makes the port for a connection."""

    async def project(connection: Any, events: Sequence[ReceivedEvent]) -> None:
        vendors: list[Vendor] = []
        grants: list[GuestGrant] = []
        for event in events:
            vendor = vendor_of(event)
            if vendor is not None:
                vendors.append(vendor)
                continue
            guest = guest_of(event)
            if guest is not None:
                vendors.append(guest[0])
                grants.append(guest[1])
        await copies(connection).keep(vendors, grants)

    return project


def order_reactions(states: Callable[[Any], HoldStates]) -> Project:
    """Return what extends, confirms and releases holds; `states` makes the port for a connection."""

    async def project(connection: Any, events: Sequence[ReceivedEvent]) -> None:
        reports = [report for event in events if (report := order_report_of(event)) is not None]
        await states(connection).follow(reports)

    return project
