"""The tables of programmes: what is planned, who takes part in which session, what each took home."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from vendor_service.adapters.tables import metadata

_INSTANT = sa.DateTime(timezone=True)

programmes = sa.Table(
    "programmes",
    metadata,
    sa.Column("tenant_id", sa.Text, primary_key=True),
    sa.Column("programme_id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("organiser_kind", sa.Text, nullable=False),
    sa.Column("organiser_name", sa.Text, nullable=False),
    sa.Column("organiser_unit_id", sa.Text),
    sa.Column("starts_on", sa.Date, nullable=False),
    sa.Column("ends_on", sa.Date, nullable=False),
    sa.Column("target_count", sa.Integer, nullable=False),
    sa.Column("district_codes", ARRAY(sa.Text), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    # Who changed it last, under which role; earlier hands are not kept, since no right or money hangs on a plan.
    sa.Column("changed_by", JSONB, nullable=False),
    sa.Column("changed_at", _INSTANT, nullable=False),
)

programme_sessions = sa.Table(
    "programme_sessions",
    metadata,
    sa.Column("tenant_id", sa.Text, primary_key=True),
    sa.Column("session_id", sa.Uuid, primary_key=True),
    sa.Column("programme_id", sa.Uuid, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("held_on", sa.Date, nullable=False),
    sa.Column("starts_at", sa.Text),
    sa.Column("place", sa.Text, nullable=False),
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("trainer", sa.Text, nullable=False),
    sa.Column("capacity", sa.Integer, nullable=False),
    sa.Column("cancelled", sa.Boolean, nullable=False),
    sa.Column("changed_by", JSONB, nullable=False),
    sa.Column("changed_at", _INSTANT, nullable=False),
    sa.Index("ix_programme_sessions_tenant_id_programme_id", "tenant_id", "programme_id"),
)

session_participants = sa.Table(
    "session_participants",
    metadata,
    sa.Column("tenant_id", sa.Text, primary_key=True),
    sa.Column("session_id", sa.Uuid, primary_key=True),
    sa.Column("vendor_id", sa.Uuid, primary_key=True),
    sa.Column("status", sa.Text, nullable=False),
    # None for whoever came without an invitation.
    sa.Column("invited_at", _INSTANT),
    sa.Column("changed_by", JSONB, nullable=False),
    sa.Column("changed_at", _INSTANT, nullable=False),
    sa.Index("ix_session_participants_tenant_id_vendor_id", "tenant_id", "vendor_id"),
)

programme_results = sa.Table(
    "programme_results",
    metadata,
    sa.Column("tenant_id", sa.Text, primary_key=True),
    sa.Column("programme_id", sa.Uuid, primary_key=True),
    sa.Column("vendor_id", sa.Uuid, primary_key=True),
    sa.Column("passed", sa.Boolean, nullable=False),
    sa.Column("score", sa.SmallInteger),
    sa.Column("certificate_number", sa.Text),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("changed_by", JSONB, nullable=False),
    sa.Column("changed_at", _INSTANT, nullable=False),
)
