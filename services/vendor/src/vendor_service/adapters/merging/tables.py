"""The table of merges; pairs that wait stand in `merge_candidates`."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import BYTEA

from vendor_service.adapters.tables import metadata

_INSTANT = sa.DateTime(timezone=True)

vendor_merges = sa.Table(
    "vendor_merges",
    metadata,
    sa.Column("tenant_id", sa.Text, primary_key=True),
    sa.Column("merge_id", sa.Uuid, primary_key=True),
    sa.Column("vendor_id", sa.Uuid, nullable=False),
    sa.Column("survivor_id", sa.Uuid, nullable=False),
    sa.Column("former_standing", sa.Text, nullable=False),
    sa.Column("merged_at", _INSTANT, nullable=False),
    sa.Column("merged_by", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("undone_at", _INSTANT),
    sa.Column("undone_by", sa.Text),
    # What the survivor took over, for the day the merge is undone.
    sa.Column("sealed", BYTEA, nullable=False),
    sa.Index("ix_vendor_merges_tenant_id_vendor_id", "tenant_id", "vendor_id"),
)
