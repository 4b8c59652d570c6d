"""Which durable of which stream feeds which read models; streams and durables are declared in deploy/nats."""

from collections.abc import Sequence

from bela_kit.authority import project_authority
from bela_kit.db import Database
from bela_kit.events import ReceivedEvent
from bela_kit.jetstream import ConsumerMetrics, NatsConnection, ProjectionConsumer
from bela_kit.jetstream.consumers import Project
from sqlalchemy.ext.asyncio import AsyncConnection

from reporting_service.adapters.tables import plumbing
from reporting_service.projections.budget import LINE_EVENT, UNIT_EVENT, project_budget
from reporting_service.projections.orders import project_orders
from reporting_service.projections.products import project_products
from reporting_service.projections.vendors import project_vendors

_BUDGET_EVENTS = frozenset({LINE_EVENT, UNIT_EVENT})


async def project_order_stream(connection: AsyncConnection, events: Sequence[ReceivedEvent]) -> None:
    """Part a batch of the order stream between orders and budget; both within the one transaction."""
    await project_orders(connection, [event for event in events if event.name not in _BUDGET_EVENTS])
    await project_budget(connection, [event for event in events if event.name in _BUDGET_EVENTS])


SUBSCRIPTIONS: tuple[tuple[str, str, Project], ...] = (
    ("BELA_ORDER_V1", "reporting__order_authority", project_authority),
    ("BELA_VENDOR_V1", "reporting__vendor_authority", project_authority),
    ("BELA_ORDER_V1", "reporting__order_projection", project_order_stream),
    ("BELA_VENDOR_V1", "reporting__vendor_projection", project_vendors),
    ("BELA_CATALOG_V1", "reporting__catalog_projection", project_products),
)


def consumers(nats: NatsConnection, database: Database, metrics: ConsumerMetrics) -> list[ProjectionConsumer]:
    """Return every consumer of this service."""
    return [
        ProjectionConsumer(nats, database, plumbing, stream=stream, durable=durable, project=project, metrics=metrics)
        for stream, durable, project in SUBSCRIPTIONS
    ]
