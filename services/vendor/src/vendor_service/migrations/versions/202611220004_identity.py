"""Widen identity and personal data: rotation of keys, consent, requests of persons."""

from alembic import op
from bela_kit.migrations import protect_tenant_table

revision: str = "202611220004"
down_revision: str | None = "202611220003"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE key_rotations (
        tenant_id TEXT NOT NULL,
        key_version SMALLINT NOT NULL,
        state TEXT NOT NULL,
        rows_done BIGINT NOT NULL,
        started_by TEXT NOT NULL,
        started_at TIMESTAMP WITH TIME ZONE NOT NULL,
        finished_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_key_rotations PRIMARY KEY (tenant_id, key_version)
    )
    """,
    """
    CREATE TABLE consent_texts (
        tenant_id TEXT NOT NULL,
        version TEXT NOT NULL,
        body TEXT NOT NULL,
        valid_from DATE NOT NULL,
        published_by TEXT NOT NULL,
        published_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_consent_texts PRIMARY KEY (tenant_id, version)
    )
    """,
    """
    CREATE TABLE consents (
        tenant_id TEXT NOT NULL,
        consent_id UUID NOT NULL,
        vendor_id UUID NOT NULL,
        version TEXT NOT NULL,
        accepted_by TEXT NOT NULL,
        accepted_role TEXT NOT NULL,
        accepted_at TIMESTAMP WITH TIME ZONE NOT NULL,
        on_paper BOOLEAN NOT NULL,
        evidence_id UUID,
        text_sha256 TEXT,
        CONSTRAINT pk_consents PRIMARY KEY (tenant_id, consent_id)
    )
    """,
    "CREATE INDEX ix_consents_tenant_id_vendor_id ON consents (tenant_id, vendor_id)",
    """
    CREATE TABLE data_requests (
        tenant_id TEXT NOT NULL,
        request_id UUID NOT NULL,
        vendor_id UUID NOT NULL,
        kind TEXT NOT NULL,
        state TEXT NOT NULL,
        asked_by TEXT NOT NULL,
        asked_role TEXT NOT NULL,
        asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
        sealed BYTEA NOT NULL,
        decided_by TEXT,
        decided_at TIMESTAMP WITH TIME ZONE,
        decision TEXT,
        outcome JSONB NOT NULL,
        CONSTRAINT pk_data_requests PRIMARY KEY (tenant_id, request_id)
    )
    """,
    """
    CREATE UNIQUE INDEX uq_data_requests_tenant_id_vendor_id_kind ON data_requests (tenant_id, vendor_id, kind)
        WHERE state = 'open'
    """,
    "CREATE INDEX ix_data_requests_tenant_id_vendor_id ON data_requests (tenant_id, vendor_id)",
    "CREATE INDEX ix_data_requests_tenant_id_open ON data_requests (tenant_id, request_id) WHERE state = 'open'",
)

TENANT_TABLES = ("key_rotations", "consent_texts", "consents", "data_requests")


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    for table in TENANT_TABLES:
        protect_tenant_table(op, table)
