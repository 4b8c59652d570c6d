"""Tables of imports beside those of their rows: what they changed, what an undo left, how sources are read."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, JSONB

from vendor_service.adapters.tables import metadata

import_changes = sa.Table(
    "import_changes",
    metadata,
    sa.Column("tenant_id", sa.Text, primary_key=True),
    sa.Column("import_id", sa.Uuid, primary_key=True),
    sa.Column("row_number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("vendor_id", sa.Uuid, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    # What the fields held before and what the import set.
    sa.Column("sealed", BYTEA, nullable=False),
)

import_kept = sa.Table(
    "import_kept",
    metadata,
    sa.Column("tenant_id", sa.Text, primary_key=True),
    sa.Column("import_id", sa.Uuid, primary_key=True),
    sa.Column("vendor_id", sa.Uuid, primary_key=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("fields", ARRAY(sa.Text), nullable=False),
)

import_mappings = sa.Table(
    "import_mappings",
    metadata,
    sa.Column("tenant_id", sa.Text, primary_key=True),
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("columns", JSONB, nullable=False),
    sa.Column("saved_by", sa.Text, nullable=False),
    sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
)
