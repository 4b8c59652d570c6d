"""Evidence files, reviews with their lapse dates, agents' consents, notices, lapses, and targets of the funnel.

A change of standing names its evidence and the standing it led to; a business knows since when its standing holds, how
long its verification counts, and until when a changed bank account holds the payout.
"""

from alembic import op
from bela_kit.migrations import protect_tenant_table

revision: str = "202611220005"
down_revision: str | None = "202611220004"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    ALTER TABLE vendors
        ADD COLUMN standing_since DATE,
        ADD COLUMN verified_until DATE,
        ADD COLUMN payout_held_until TIMESTAMP WITH TIME ZONE
    """,
    "UPDATE vendors SET standing_since = collected_on WHERE standing_since IS NULL",
    "CREATE INDEX ix_vendors_tenant_id_verified_until ON vendors (tenant_id, verified_until) WHERE standing = 'ok'",
    """
    CREATE INDEX ix_vendors_tenant_id_standing_since ON vendors (tenant_id, standing, standing_since)
        WHERE standing IN ('in_review', 'dormant')
    """,
    "ALTER TABLE vendor_transitions ADD COLUMN standing TEXT, ADD COLUMN evidence_id UUID",
    """
    CREATE TABLE evidence_files (
        tenant_id TEXT NOT NULL,
        evidence_id UUID NOT NULL,
        file_key TEXT NOT NULL,
        media_type TEXT NOT NULL,
        size_bytes BIGINT NOT NULL,
        sha256 TEXT NOT NULL,
        key_version SMALLINT NOT NULL,
        vendor_id UUID,
        purpose TEXT,
        state TEXT NOT NULL,
        uploaded_by TEXT NOT NULL,
        uploaded_role TEXT NOT NULL,
        uploaded_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_evidence_files PRIMARY KEY (tenant_id, evidence_id)
    )
    """,
    """
    CREATE INDEX ix_evidence_files_tenant_id_uploaded_at ON evidence_files (tenant_id, uploaded_at)
        WHERE state <> 'attached'
    """,
    "CREATE INDEX ix_evidence_files_tenant_id_vendor_id ON evidence_files (tenant_id, vendor_id)",
    """
    CREATE TABLE evidence_reads (
        tenant_id TEXT NOT NULL,
        read_id UUID NOT NULL,
        evidence_id UUID NOT NULL,
        act TEXT NOT NULL,
        principal TEXT NOT NULL,
        role TEXT NOT NULL,
        read_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_evidence_reads PRIMARY KEY (tenant_id, read_id)
    )
    """,
    "CREATE INDEX ix_evidence_reads_tenant_id_evidence_id ON evidence_reads (tenant_id, evidence_id)",
    """
    CREATE TABLE vendor_reviews (
        tenant_id TEXT NOT NULL,
        review_id UUID NOT NULL,
        vendor_id UUID NOT NULL,
        kind TEXT NOT NULL,
        state TEXT NOT NULL,
        band TEXT,
        reason TEXT NOT NULL,
        evidence_ids UUID[] NOT NULL,
        sealed BYTEA,
        opened_by JSONB NOT NULL,
        opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
        not_before TIMESTAMP WITH TIME ZONE,
        due_on DATE,
        escalated_on DATE,
        reminders INTEGER NOT NULL,
        decided_by JSONB,
        decided_at TIMESTAMP WITH TIME ZONE,
        refusal_codes TEXT[] NOT NULL,
        note TEXT NOT NULL,
        version BIGINT NOT NULL,
        CONSTRAINT pk_vendor_reviews PRIMARY KEY (tenant_id, review_id)
    )
    """,
    """
    CREATE UNIQUE INDEX uq_vendor_reviews_tenant_id_vendor_id_kind ON vendor_reviews (tenant_id, vendor_id, kind)
        WHERE state = 'open'
    """,
    "CREATE INDEX ix_vendor_reviews_tenant_id_open ON vendor_reviews (tenant_id, review_id) WHERE state = 'open'",
    "CREATE INDEX ix_vendor_reviews_tenant_id_vendor_id ON vendor_reviews (tenant_id, vendor_id, review_id)",
    """
    CREATE TABLE vendor_notices (
        tenant_id TEXT NOT NULL,
        vendor_id UUID NOT NULL,
        notice_id UUID NOT NULL,
        code TEXT NOT NULL,
        about JSONB NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_vendor_notices PRIMARY KEY (tenant_id, vendor_id, notice_id)
    )
    """,
    """
    CREATE TABLE vendor_lapses (
        tenant_id TEXT NOT NULL,
        vendor_id UUID NOT NULL,
        order_id UUID NOT NULL,
        lapsed_on DATE NOT NULL,
        CONSTRAINT pk_vendor_lapses PRIMARY KEY (tenant_id, vendor_id, order_id)
    )
    """,
    """
    CREATE TABLE vendor_activity (
        tenant_id TEXT NOT NULL,
        vendor_id UUID NOT NULL,
        last_seen_on DATE NOT NULL,
        CONSTRAINT pk_vendor_activity PRIMARY KEY (tenant_id, vendor_id)
    )
    """,
    "CREATE INDEX ix_vendor_activity_tenant_id_last_seen_on ON vendor_activity (tenant_id, last_seen_on)",
    """
    CREATE TABLE agent_consents (
        tenant_id TEXT NOT NULL,
        vendor_id UUID NOT NULL,
        agent TEXT NOT NULL,
        consent_version TEXT NOT NULL,
        evidence_id UUID NOT NULL,
        given_on DATE NOT NULL,
        ends_on DATE,
        recorded_by TEXT NOT NULL,
        CONSTRAINT pk_agent_consents PRIMARY KEY (tenant_id, vendor_id, agent)
    )
    """,
    """
    CREATE TABLE funnel_targets (
        tenant_id TEXT NOT NULL,
        district_code TEXT NOT NULL,
        milestone TEXT NOT NULL,
        target INTEGER NOT NULL,
        due_on DATE NOT NULL,
        version BIGINT NOT NULL,
        set_by TEXT NOT NULL,
        set_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_funnel_targets PRIMARY KEY (tenant_id, district_code, milestone)
    )
    """,
)

TENANT_TABLES = (
    "evidence_files",
    "evidence_reads",
    "vendor_reviews",
    "vendor_notices",
    "vendor_lapses",
    "vendor_activity",
    "agent_consents",
    "funnel_targets",
)


def upgrade() -> None:
    op.execute("SET LOCAL statement_timeout = '60s'")
    for statement in STATEMENTS:
        op.execute(statement)
    for table in TENANT_TABLES:
        protect_tenant_table(op, table)
