"""Widen identity and personal data: keys, consent, requests of persons, certificates, KBLI, members of a koperasi."""

from alembic import op
from bela_kit.migrations import open_table, protect_tenant_table

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
    """
    CREATE TABLE certificates (
        tenant_id TEXT NOT NULL,
        certificate_id UUID NOT NULL,
        vendor_id UUID NOT NULL,
        kind TEXT NOT NULL,
        number TEXT NOT NULL,
        issuer TEXT,
        valid_from DATE,
        valid_to DATE,
        recorded_by TEXT NOT NULL,
        recorded_role TEXT NOT NULL,
        recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
        evidence_id UUID,
        withdrawn_on DATE,
        withdrawn_reason TEXT,
        reminded_days SMALLINT,
        CONSTRAINT pk_certificates PRIMARY KEY (tenant_id, certificate_id)
    )
    """,
    """
    CREATE UNIQUE INDEX uq_certificates_tenant_id_vendor_id_kind_number
        ON certificates (tenant_id, vendor_id, kind, number)
        WHERE withdrawn_on IS NULL
    """,
    """
    CREATE INDEX ix_certificates_tenant_id_valid_to ON certificates (tenant_id, valid_to)
        WHERE withdrawn_on IS NULL AND valid_to IS NOT NULL
    """,
    """
    CREATE TABLE vendor_kbli (
        tenant_id TEXT NOT NULL,
        vendor_id UUID NOT NULL,
        place SMALLINT NOT NULL,
        version SMALLINT NOT NULL,
        code TEXT NOT NULL,
        CONSTRAINT pk_vendor_kbli PRIMARY KEY (tenant_id, vendor_id, place)
    )
    """,
    "CREATE INDEX ix_vendor_kbli_tenant_id_code ON vendor_kbli (tenant_id, code)",
    """
    CREATE TABLE koperasi_members (
        tenant_id TEXT NOT NULL,
        member_id UUID NOT NULL,
        vendor_id UUID NOT NULL,
        sealed BYTEA NOT NULL,
        nik_hash BYTEA,
        share INTEGER NOT NULL,
        supply TEXT NOT NULL,
        joined_on DATE,
        left_on DATE,
        business_id UUID,
        CONSTRAINT pk_koperasi_members PRIMARY KEY (tenant_id, member_id)
    )
    """,
    "CREATE INDEX ix_koperasi_members_tenant_id_vendor_id ON koperasi_members (tenant_id, vendor_id, member_id)",
    """
    CREATE INDEX ix_vendors_tenant_id_class_mismatch ON vendors (tenant_id, vendor_id)
        WHERE (profile ->> 'class_declared') <> class_derived
    """,
    "ALTER TABLE areas ADD COLUMN valid_from DATE",
    "ALTER TABLE areas ADD COLUMN valid_to DATE",
    "ALTER TABLE areas ADD COLUMN replaced_by TEXT[] NOT NULL DEFAULT '{}'::text[]",
    """
    CREATE TABLE kbli_codes (
        version SMALLINT NOT NULL,
        code TEXT NOT NULL,
        title TEXT NOT NULL,
        CONSTRAINT pk_kbli_codes PRIMARY KEY (version, code)
    )
    """,
    """
    CREATE TABLE kbli_successors (
        code_2020 TEXT NOT NULL,
        code_2025 TEXT NOT NULL,
        CONSTRAINT pk_kbli_successors PRIMARY KEY (code_2020, code_2025)
    )
    """,
)

TENANT_TABLES = (
    "key_rotations",
    "consent_texts",
    "consents",
    "data_requests",
    "certificates",
    "vendor_kbli",
    "koperasi_members",
)
OPEN_TABLES = ("kbli_codes", "kbli_successors")


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    for table in TENANT_TABLES:
        protect_tenant_table(op, table)
    for table in OPEN_TABLES:
        open_table(op, table)
