"""The table of papers that INAPROC asks for beside the numbers of a business."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from vendor_service.adapters.tables import metadata

vendor_papers = sa.Table(
    "vendor_papers",
    metadata,
    sa.Column("tenant_id", sa.Text, primary_key=True),
    sa.Column("vendor_id", sa.Uuid, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("issued_on", sa.Date, nullable=False),
    sa.Column("evidence_id", sa.Uuid),
    sa.Column("recorded_by", JSONB, nullable=False),
    sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
)
