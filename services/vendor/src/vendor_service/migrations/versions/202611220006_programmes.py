"""Create what brings a business forward: programmes and their sessions, field visits, papers for INAPROC."""

from alembic import op
from bela_kit.migrations import protect_tenant_table

revision: str = "202611220006"
down_revision: str | None = "202611220005"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE programmes (
        tenant_id TEXT NOT NULL,
        programme_id UUID NOT NULL,
        version BIGINT NOT NULL,
        name TEXT NOT NULL,
        kind TEXT NOT NULL,
        organiser_kind TEXT NOT NULL,
        organiser_name TEXT NOT NULL,
        organiser_unit_id TEXT,
        starts_on DATE NOT NULL,
        ends_on DATE NOT NULL,
        target_count INTEGER NOT NULL,
        district_codes TEXT[] NOT NULL,
        note TEXT NOT NULL,
        changed_by JSONB NOT NULL,
        changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_programmes PRIMARY KEY (tenant_id, programme_id)
    )
    """,
    """
    CREATE TABLE programme_sessions (
        tenant_id TEXT NOT NULL,
        session_id UUID NOT NULL,
        programme_id UUID NOT NULL,
        version BIGINT NOT NULL,
        held_on DATE NOT NULL,
        starts_at TEXT,
        place TEXT NOT NULL,
        topic TEXT NOT NULL,
        trainer TEXT NOT NULL,
        capacity INTEGER NOT NULL,
        cancelled BOOLEAN NOT NULL,
        changed_by JSONB NOT NULL,
        changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_programme_sessions PRIMARY KEY (tenant_id, session_id)
    )
    """,
    "CREATE INDEX ix_programme_sessions_tenant_id_programme_id ON programme_sessions (tenant_id, programme_id)",
    """
    CREATE TABLE session_participants (
        tenant_id TEXT NOT NULL,
        session_id UUID NOT NULL,
        vendor_id UUID NOT NULL,
        status TEXT NOT NULL,
        invited_at TIMESTAMP WITH TIME ZONE,
        changed_by JSONB NOT NULL,
        changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_session_participants PRIMARY KEY (tenant_id, session_id, vendor_id)
    )
    """,
    "CREATE INDEX ix_session_participants_tenant_id_vendor_id ON session_participants (tenant_id, vendor_id)",
    """
    CREATE TABLE programme_results (
        tenant_id TEXT NOT NULL,
        programme_id UUID NOT NULL,
        vendor_id UUID NOT NULL,
        passed BOOLEAN NOT NULL,
        score SMALLINT,
        certificate_number TEXT,
        note TEXT NOT NULL,
        changed_by JSONB NOT NULL,
        changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_programme_results PRIMARY KEY (tenant_id, programme_id, vendor_id)
    )
    """,
    """
    CREATE TABLE field_visits (
        tenant_id TEXT NOT NULL,
        visit_id UUID NOT NULL,
        vendor_id UUID NOT NULL,
        officer TEXT NOT NULL,
        role TEXT NOT NULL,
        visited_at TIMESTAMP WITH TIME ZONE NOT NULL,
        received_at TIMESTAMP WITH TIME ZONE NOT NULL,
        purposes TEXT[] NOT NULL,
        outcome TEXT NOT NULL,
        findings TEXT NOT NULL,
        latitude NUMERIC(9, 6),
        longitude NUMERIC(9, 6),
        accuracy_m INTEGER,
        photo_ids UUID[] NOT NULL,
        capacity_seen BIGINT,
        capacity_unit TEXT,
        makes_goods BOOLEAN,
        CONSTRAINT pk_field_visits PRIMARY KEY (tenant_id, visit_id)
    )
    """,
    "CREATE INDEX ix_field_visits_tenant_id_vendor_id ON field_visits (tenant_id, vendor_id, visited_at)",
    "CREATE INDEX ix_field_visits_tenant_id_officer ON field_visits (tenant_id, officer, visited_at)",
    "CREATE INDEX ix_field_visits_tenant_id_visited_at ON field_visits (tenant_id, visited_at, visit_id)",
    """
    CREATE TABLE vendor_papers (
        tenant_id TEXT NOT NULL,
        vendor_id UUID NOT NULL,
        kind TEXT NOT NULL,
        number TEXT NOT NULL,
        issued_on DATE NOT NULL,
        evidence_id UUID,
        recorded_by JSONB NOT NULL,
        recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_vendor_papers PRIMARY KEY (tenant_id, vendor_id, kind)
    )
    """,
)

TENANT_TABLES = (
    "programmes",
    "programme_sessions",
    "session_participants",
    "programme_results",
    "field_visits",
    "vendor_papers",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    for table in TENANT_TABLES:
        protect_tenant_table(op, table)
