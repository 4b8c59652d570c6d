"""Tables of the way to the first sale: reviews, notices, lapses, activity, consents of agents, targets."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, JSONB

from vendor_service.adapters.tables import metadata

_INSTANT = sa.DateTime(timezone=True)


def _key(name: str, type_: Any) -> sa.Column[Any]:
    return sa.Column(name, type_, primary_key=True, autoincrement=False)


def _required(name: str, type_: Any) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=False)


vendor_reviews = sa.Table(
    "vendor_reviews",
    metadata,
    _key("tenant_id", sa.Text()),
    _key("review_id", sa.Uuid()),
    _required("vendor_id", sa.Uuid()),
    _required("kind", sa.Text()),
    _required("state", sa.Text()),
    sa.Column("band", sa.Text),
    _required("reason", sa.Text()),
    _required("evidence_ids", ARRAY(sa.Uuid)),
    # What a review of identity would change: names and numbers, sealed.
    sa.Column("sealed", BYTEA),
    _required("opened_by", JSONB()),
    _required("opened_at", _INSTANT),
    sa.Column("not_before", _INSTANT),
    sa.Column("due_on", sa.Date),
    sa.Column("escalated_on", sa.Date),
    _required("reminders", sa.Integer()),
    sa.Column("decided_by", JSONB(none_as_null=True)),
    sa.Column("decided_at", _INSTANT),
    _required("refusal_codes", ARRAY(sa.Text)),
    _required("note", sa.Text()),
    _required("version", sa.BigInteger()),
    # One open review of a kind: asking again adds nothing.
    sa.Index(
        "uq_vendor_reviews_tenant_id_vendor_id_kind",
        "tenant_id",
        "vendor_id",
        "kind",
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    ),
    sa.Index("ix_vendor_reviews_tenant_id_open", "tenant_id", "review_id", postgresql_where=sa.text("state = 'open'")),
    sa.Index("ix_vendor_reviews_tenant_id_vendor_id", "tenant_id", "vendor_id", "review_id"),
)

vendor_notices = sa.Table(
    "vendor_notices",
    metadata,
    _key("tenant_id", sa.Text()),
    _key("vendor_id", sa.Uuid()),
    _key("notice_id", sa.Uuid()),
    _required("code", sa.Text()),
    _required("about", JSONB()),
    _required("created_at", _INSTANT),
)

vendor_lapses = sa.Table(
    "vendor_lapses",
    metadata,
    _key("tenant_id", sa.Text()),
    _key("vendor_id", sa.Uuid()),
    _key("order_id", sa.Uuid()),
    _required("lapsed_on", sa.Date()),
)

vendor_activity = sa.Table(
    "vendor_activity",
    metadata,
    _key("tenant_id", sa.Text()),
    _key("vendor_id", sa.Uuid()),
    _required("last_seen_on", sa.Date()),
    sa.Index("ix_vendor_activity_tenant_id_last_seen_on", "tenant_id", "last_seen_on"),
)

agent_consents = sa.Table(
    "agent_consents",
    metadata,
    _key("tenant_id", sa.Text()),
    _key("vendor_id", sa.Uuid()),
    _key("agent", sa.Text()),
    _required("consent_version", sa.Text()),
    _required("evidence_id", sa.Uuid()),
    _required("given_on", sa.Date()),
    sa.Column("ends_on", sa.Date),
    _required("recorded_by", sa.Text()),
)

funnel_targets = sa.Table(
    "funnel_targets",
    metadata,
    _key("tenant_id", sa.Text()),
    _key("district_code", sa.Text()),
    _key("milestone", sa.Text()),
    _required("target", sa.Integer()),
    _required("due_on", sa.Date()),
    _required("version", sa.BigInteger()),
    _required("set_by", sa.Text()),
    _required("set_at", _INSTANT),
)
