"""Which durable feeds which handler. Streams and durables themselves are declared in deploy/nats."""

from collections.abc import Sequence

from bela_kit.authority import project_authority
from bela_kit.db import Database
from bela_kit.jetstream import ConsumerMetrics, NatsConnection, ProjectionConsumer, ReactionConsumer
from bela_kit.plumbing import KitTables

from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.events.handlers import catalog_reactions, order_reactions


def consumers(
    container: Container, db: Database, tables: KitTables, nats: NatsConnection, metrics: ConsumerMetrics
) -> Sequence[ProjectionConsumer | ReactionConsumer]:
    """Return the consumers of the register: the copy of grants, and two reactions."""
    return (
        ProjectionConsumer(
            nats,
            db,
            tables,
            stream="BELA_ORDER_V1",
            durable="vendor__order_authority",
            project=project_authority,
            metrics=metrics,
        ),
        ReactionConsumer(
            nats,
            db,
            tables,
            stream="BELA_ORDER_V1",
            durable="vendor__order_reactions",
            react=order_reactions(container),
            metrics=metrics,
        ),
        ReactionConsumer(
            nats,
            db,
            tables,
            stream="BELA_CATALOG_V1",
            durable="vendor__catalog_reactions",
            react=catalog_reactions(container),
            metrics=metrics,
        ),
    )
