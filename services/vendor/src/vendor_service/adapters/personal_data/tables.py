"""Tables of personal data: how far keys have rotated, consent texts and who accepted them, requests of persons."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import BYTEA, JSONB

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

consent_texts = sa.Table(
    "consent_texts",
    metadata,
    tenant(),
    key("version", sa.Text),
    required("body", sa.Text()),
    required("valid_from", sa.Date()),
    required("published_by", sa.Text()),
    required("published_at", INSTANT),
)

consents = sa.Table(
    "consents",
    metadata,
    tenant(),
    key("consent_id"),
    required("vendor_id", sa.Uuid()),
    required("version", sa.Text()),
    required("accepted_by", sa.Text()),
    required("accepted_role", sa.Text()),
    required("accepted_at", INSTANT),
    required("on_paper", sa.Boolean()),
    sa.Column("evidence_id", sa.Uuid),
    sa.Column("text_sha256", sa.Text),
    sa.Index("ix_consents_tenant_id_vendor_id", "tenant_id", "vendor_id"),
)

data_requests = sa.Table(
    "data_requests",
    metadata,
    tenant(),
    key("request_id"),
    required("vendor_id", sa.Uuid()),
    required("kind", sa.Text()),
    required("state", sa.Text()),
    required("asked_by", sa.Text()),
    required("asked_role", sa.Text()),
    required("asked_at", INSTANT),
    # What is to be corrected, and what the person wrote.
    required("sealed", BYTEA()),
    sa.Column("decided_by", sa.Text),
    sa.Column("decided_at", INSTANT),
    sa.Column("decision", sa.Text),
    required("outcome", JSONB()),
    # One open request of a kind: asking again adds nothing.
    sa.Index(
        "uq_data_requests_tenant_id_vendor_id_kind",
        "tenant_id",
        "vendor_id",
        "kind",
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    ),
    sa.Index("ix_data_requests_tenant_id_vendor_id", "tenant_id", "vendor_id"),
    sa.Index("ix_data_requests_tenant_id_open", "tenant_id", "request_id", postgresql_where=sa.text("state = 'open'")),
)
