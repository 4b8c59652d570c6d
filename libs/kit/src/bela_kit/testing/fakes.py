"""Stand-ins for kit ports in tests that have no database."""

from collections.abc import Sequence

from bela_kit.core.events import OutgoingEvent


class OutboxCollector:
    """Keeps what would have been appended to the outbox."""

    def __init__(self) -> None:
        self.events: list[OutgoingEvent] = []

    async def append(self, connection: object, events: Sequence[OutgoingEvent]) -> None:
        """Keep the events; the connection is not looked at."""
        self.events.extend(events)

    def names(self) -> list[str]:
        """Return the names of the events as they came."""
        return [event.event_name for event in self.events]
