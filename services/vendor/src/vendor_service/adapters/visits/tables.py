"""The table of field visits: one row a visit, written once, never changed.

Whoever needs a visit as a proof reads it here or through `FieldVisits`: `outcome = 'found'` with a point and photos
shows the place (`FieldVisit.proves_location`); `makes_goods` beside them shows a producer.
"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from vendor_service.adapters.tables import metadata

_INSTANT = sa.DateTime(timezone=True)

field_visits = sa.Table(
    "field_visits",
    metadata,
    sa.Column("tenant_id", sa.Text, primary_key=True),
    # Made by the phone.
    sa.Column("visit_id", sa.Uuid, primary_key=True),
    sa.Column("vendor_id", sa.Uuid, nullable=False),
    sa.Column("officer", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("visited_at", _INSTANT, nullable=False),
    sa.Column("received_at", _INSTANT, nullable=False),
    sa.Column("purposes", ARRAY(sa.Text), nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("findings", sa.Text, nullable=False),
    sa.Column("latitude", sa.Numeric(9, 6)),
    sa.Column("longitude", sa.Numeric(9, 6)),
    sa.Column("accuracy_m", sa.Integer),
    sa.Column("photo_ids", ARRAY(sa.Uuid), nullable=False),
    sa.Column("capacity_seen", sa.BigInteger),
    sa.Column("capacity_unit", sa.Text),
    sa.Column("makes_goods", sa.Boolean),
    sa.Index("ix_field_visits_tenant_id_vendor_id", "tenant_id", "vendor_id", "visited_at"),
    sa.Index("ix_field_visits_tenant_id_officer", "tenant_id", "officer", "visited_at"),
    sa.Index("ix_field_visits_tenant_id_visited_at", "tenant_id", "visited_at", "visit_id"),
)
