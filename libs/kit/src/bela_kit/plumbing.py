"""The tables that every service has beside its own: one definition, attached to the service's metadata.

What creates them in a database is `migrations.create_plumbing`; a test holds the two equal.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import BYTEA, JSONB
from sqlalchemy.types import TypeEngine

PLUMBING_TABLES = (
    "outbox_messages",
    "inbox_claims",
    "idempotency_keys",
    "jobs",
    "dead_letters",
    "tenants",
    "grants",
)

_INSTANT = sa.DateTime(timezone=True)
_NOW = sa.text("now()")
_NONE = sa.text("''::text")
# A row takes the tenant of the transaction that writes it; the worker role writes with none.
_TENANT = sa.text("COALESCE(current_setting('app.tenant'::text, true), ''::text)")


@dataclass(frozen=True, slots=True)
class KitTables:
    """The plumbing tables of one service."""

    outbox_messages: sa.Table
    inbox_claims: sa.Table
    idempotency_keys: sa.Table
    jobs: sa.Table
    dead_letters: sa.Table
    tenants: sa.Table
    grants: sa.Table


def kit_tables(metadata: sa.MetaData) -> KitTables:
    """Attach the plumbing tables to a service's metadata and return them."""
    return KitTables(
        outbox_messages=_outbox_messages(metadata),
        inbox_claims=_inbox_claims(metadata),
        idempotency_keys=_idempotency_keys(metadata),
        jobs=_jobs(metadata),
        dead_letters=_dead_letters(metadata),
        tenants=_tenants(metadata),
        grants=_grants(metadata),
    )


def _required(name: str, type_: TypeEngine[Any], default: sa.TextClause | None = None) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=False, server_default=default)


def _outbox_messages(metadata: sa.MetaData) -> sa.Table:
    unpublished = sa.text("published_at IS NULL AND parked_at IS NULL")
    return sa.Table(
        "outbox_messages",
        metadata,
        sa.Column("position", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        _required("event_id", sa.Uuid()),
        _required("tenant_id", sa.Text()),
        _required("aggregate_type", sa.Text()),
        _required("aggregate_id", sa.Text()),
        _required("aggregate_version", sa.BigInteger()),
        _required("subject", sa.Text()),
        _required("headers", JSONB()),
        _required("payload", BYTEA()),
        _required("created_at", _INSTANT, sa.text("clock_timestamp()")),
        sa.Column("published_at", _INSTANT),
        _required("attempts", sa.Integer(), sa.text("0")),
        sa.Column("next_attempt_at", _INSTANT),
        sa.Column("parked_at", _INSTANT),
        sa.Column("last_error", sa.Text()),
        sa.Index("ix_outbox_messages_unpublished", "position", postgresql_where=unpublished),
        sa.Index(
            "ix_outbox_messages_held",
            "next_attempt_at",
            postgresql_where=sa.text("published_at IS NULL AND parked_at IS NULL AND next_attempt_at IS NOT NULL"),
        ),
        sa.Index("ix_outbox_messages_parked", "position", postgresql_where=sa.text("parked_at IS NOT NULL")),
        sa.Index("ix_outbox_messages_published_at", "published_at"),
    )


def _inbox_claims(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "inbox_claims",
        metadata,
        sa.Column("consumer", sa.Text, primary_key=True),
        sa.Column("event_id", sa.Uuid, primary_key=True),
        _required("tenant_id", sa.Text(), _TENANT),
        _required("claimed_at", _INSTANT, _NOW),
        sa.Index("ix_inbox_claims_claimed_at", "claimed_at"),
    )


def _idempotency_keys(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "idempotency_keys",
        metadata,
        sa.Column("tenant_id", sa.Text, primary_key=True),
        sa.Column("principal", sa.Text, primary_key=True),
        sa.Column("operation", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        _required("fingerprint", sa.Text()),
        sa.Column("status", sa.Integer),
        sa.Column("body", BYTEA),
        sa.Column("etag", sa.Text),
        _required("created_at", _INSTANT, _NOW),
        sa.Index("ix_idempotency_keys_created_at", "created_at"),
    )


def _jobs(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "jobs",
        metadata,
        sa.Column("job_id", sa.Uuid, primary_key=True),
        _required("tenant_id", sa.Text()),
        _required("kind", sa.Text()),
        _required("subject_id", sa.Text()),
        _required("run_at", _INSTANT),
        _required("payload", JSONB(), sa.text("'{}'::jsonb")),
        sa.Column("dedupe_key", sa.Text),
        _required("attempts", sa.Integer(), sa.text("0")),
        # Real time, while `run_at` is the tenant's: the end of a lease or of a pause after a failure.
        _required("available_at", _INSTANT, _NOW),
        sa.Column("lease_token", sa.Uuid),
        sa.Column("finished_at", _INSTANT),
        sa.Column("last_error", sa.Text()),
        _required("created_at", _INSTANT, _NOW),
        sa.Index("ix_jobs_due", "tenant_id", "run_at", postgresql_where=sa.text("finished_at IS NULL")),
        sa.Index("ix_jobs_tenant_id_kind_subject_id", "tenant_id", "kind", "subject_id"),
        sa.Index(
            "uq_jobs_tenant_id_kind_dedupe_key",
            "tenant_id",
            "kind",
            "dedupe_key",
            unique=True,
            postgresql_where=sa.text("finished_at IS NULL"),
        ),
        sa.Index("ix_jobs_finished_at", "finished_at"),
    )


def _dead_letters(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "dead_letters",
        metadata,
        sa.Column("dead_letter_id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        _required("tenant_id", sa.Text(), _NONE),
        _required("consumer", sa.Text()),
        _required("stream", sa.Text()),
        _required("stream_sequence", sa.BigInteger()),
        sa.Column("event_id", sa.Uuid),
        _required("subject", sa.Text()),
        _required("headers", JSONB()),
        _required("payload", BYTEA()),
        _required("reason", sa.Text()),
        _required("error", sa.Text(), _NONE),
        _required("created_at", _INSTANT, _NOW),
        sa.Column("replayed_at", _INSTANT),
        sa.UniqueConstraint("consumer", "stream", "stream_sequence"),
    )


def _tenants(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "tenants",
        metadata,
        sa.Column("tenant_id", sa.Text, primary_key=True),
        _required("name", sa.Text()),
        _required("kind", sa.Text()),
        _required("zone", sa.Text()),
        _required("work_week_days", sa.Integer()),
        _required("demo", sa.Boolean()),
        _required("clock_offset_seconds", sa.BigInteger()),
        _required("version", sa.BigInteger()),
    )


def _grants(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "grants",
        metadata,
        sa.Column("tenant_id", sa.Text, primary_key=True),
        sa.Column("grant_id", sa.Text, primary_key=True),
        _required("principal", sa.Text()),
        _required("role", sa.Text()),
        _required("scope_id", sa.Text(), _NONE),
        _required("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date),
        _required("letter_number", sa.Text(), _NONE),
        sa.Column("acting_for", sa.Text),
        _required("revoked", sa.Boolean(), sa.text("false")),
        _required("version", sa.BigInteger()),
        sa.Index("ix_grants_tenant_id_principal", "tenant_id", "principal"),
    )
