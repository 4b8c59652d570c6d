"""Identifiers.

UUIDv7 for new things, so that indexes grow at one end; uuid5 for things that must be named twice alike.
"""

import secrets
import time
from uuid import UUID, uuid5

_DERIVED = UUID("6f1f2a4e-8a43-5d0b-9d6d-0b6c3b0f6f5a")


def new_id() -> UUID:
    """Return a new UUIDv7 that follows the wall clock to a quarter of a microsecond (RFC 9562, 6.2, method 3)."""
    milliseconds, nanoseconds = divmod(time.time_ns(), 1_000_000)
    fraction = nanoseconds * 4096 // 1_000_000
    value = (milliseconds & (1 << 48) - 1) << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | secrets.randbits(62)
    return UUID(int=value)


def derived_id(*parts: str) -> UUID:
    """Return the same identifier for the same parts, always and everywhere."""
    return uuid5(_DERIVED, "\x1f".join(parts))
