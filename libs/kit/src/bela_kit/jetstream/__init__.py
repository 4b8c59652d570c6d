"""The broker as a service sees it: one connection, a publisher for the relay, two kinds of consumers.

Streams and durables are made elsewhere (`bela_kit.topology`); here they are only bound to.
"""

from bela_kit.jetstream.connection import BrokerUnavailable, NatsConnection
from bela_kit.jetstream.consumers import ConsumerMetrics, ProjectionConsumer, ReactionConsumer
from bela_kit.jetstream.publisher import Message, Poison, Publisher

__all__ = [
    "BrokerUnavailable",
    "ConsumerMetrics",
    "Message",
    "NatsConnection",
    "Poison",
    "ProjectionConsumer",
    "Publisher",
    "ReactionConsumer",
]
