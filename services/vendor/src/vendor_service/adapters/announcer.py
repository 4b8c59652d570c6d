"""Puts what happened into the outbox, and keeps the copies that other regions hold of guest businesses current."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from bela_kit.authority import Grant, apply_grant
from bela_kit.core.events import OutgoingEvent
from bela_kit.core.tenancy import TenantId
from bela_kit.outbox import Outbox
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.adapters import event_mapping
from vendor_service.adapters import tables as t
from vendor_service.domain.events import GuestGrant, Membership, Transition
from vendor_service.domain.fields import values_of
from vendor_service.domain.vendor import Vendor


class Announcer:
    """Writes events of one region within one transaction."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId, outbox: Outbox) -> None:
        self._connection = connection
        self._tenant = tenant
        self._outbox = outbox

    async def announce(self, vendors: Sequence[Vendor]) -> None:
        """Append what was recorded since the businesses were loaded, and forget it."""
        guests = await self._guest_copies(vendors)
        await self.tell(self.take(vendors) + guests)

    @staticmethod
    def take(vendors: Sequence[Vendor]) -> list[OutgoingEvent]:
        """Return what was recorded since the businesses were loaded, and forget it."""
        found = [event_mapping.vendor_event(one, transition) for one in vendors for transition in one.transitions]
        for one in vendors:
            one.transitions.clear()
            one.stored_version = one.version
        return found

    async def tell(self, events: Sequence[OutgoingEvent]) -> None:
        """Append events that were taken."""
        await self._outbox.append(self._connection, events)

    async def announce_guest(self, vendor: Vendor, grant: GuestGrant, copy_version: int, why: Transition) -> None:
        """Tell the host about a guest grant."""
        event = event_mapping.guest_event(vendor, grant, copy_version, why)
        await self._outbox.append(self._connection, [event])

    async def announce_member(self, vendor: Vendor, member: Membership, now: datetime) -> None:
        """Tell every service who acts for a business; this one's own copy follows at once."""
        values = values_of(member)
        grant = Grant(tenant=self._tenant, scope_id=str(vendor.vendor_id), letter_number="", acting_for=None, **values)
        await apply_grant(self._connection, grant)
        event = event_mapping.membership_event(self._tenant, vendor.vendor_id, member, now)
        await self._outbox.append(self._connection, [event])

    async def replay(self, vendors: Sequence[Vendor], now: datetime) -> int:
        """Publish the present state of businesses, their members and guest copies again."""
        found: list[OutgoingEvent] = [event_mapping.replayed_event(one, now) for one in vendors]
        for one in vendors:
            found += [
                event_mapping.membership_event(self._tenant, one.vendor_id, member, now) for member in one.members
            ]
            one.transitions.append(event_mapping.replay_transition(one, now))
        found += await self._guest_copies(vendors)
        for one in vendors:
            one.transitions.clear()
        await self._outbox.append(self._connection, found)
        return len(found)

    async def _guest_copies(self, vendors: Sequence[Vendor]) -> list[OutgoingEvent]:
        # What was only just entered is nobody's guest.
        by_id = {one.vendor_id: one for one in vendors if one.transitions and one.stored_version}
        if not by_id:
            return []
        g = t.guest_grants
        statement = (
            sa.update(g)
            .where(g.c.tenant_id == self._tenant, g.c.vendor_id == sa.any_(sa.literal(list(by_id), ARRAY(sa.Uuid))))
            .where(~g.c.revoked)
            .values(copy_version=g.c.copy_version + 1)
            .returning(g)
        )
        found = []
        for row in (await self._connection.execute(statement)).mappings():
            vendor = by_id[row["vendor_id"]]
            event = event_mapping.guest_event(vendor, guest_from(row), row["copy_version"], vendor.transitions[-1])
            found.append(event)
        return found


def guest_from(row: sa.RowMapping) -> GuestGrant:
    """Return a stored guest grant."""
    return GuestGrant(
        guest_grant_id=str(row["guest_grant_id"]),
        vendor_id=str(row["vendor_id"]),
        host_region=row["host_region"],
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        category_codes=tuple(row["category_codes"]),
        revoked=row["revoked"],
        version=row["version"],
    )
