"""Tables of personal data: how far keys have rotated."""

from typing import Any

import sqlalchemy as sa

from vendor_service.adapters.tables import metadata

INSTANT = sa.DateTime(timezone=True)


def tenant() -> sa.Column[Any]:
    """Return the first column of every key."""
    return sa.Column("tenant_id", sa.Text, primary_key=True)


def key(name: str, type_: Any = sa.Uuid) -> sa.Column[Any]:
    """Return a further column of the key."""
    return sa.Column(name, type_, primary_key=True, autoincrement=False)


def required(name: str, type_: Any) -> sa.Column[Any]:
    """Return a column that is always filled."""
    return sa.Column(name, type_, nullable=False)


key_rotations = sa.Table(
    "key_rotations",
    metadata,
    tenant(),
    key("key_version", sa.SmallInteger),
    required("state", sa.Text()),
    required("rows_done", sa.BigInteger()),
    required("started_by", sa.Text()),
    required("started_at", INSTANT),
    sa.Column("finished_at", INSTANT),
)
