"""Widen imports: what they changed, so that they can be undone; how a source's columns are read; who was merged."""

from alembic import op
from bela_kit.migrations import protect_tenant_table

revision: str = "202611220003"
down_revision: str | None = "202611210002"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    ALTER TABLE imports
        ADD COLUMN options JSONB NOT NULL DEFAULT '{}',
        ADD COLUMN figures JSONB NOT NULL DEFAULT '{}',
        ADD COLUMN undone_at TIMESTAMP WITH TIME ZONE,
        ADD COLUMN undone_by TEXT,
        ADD COLUMN undone JSONB
    """,
    "DROP INDEX uq_imports_tenant_id_sha256",
    """
    CREATE UNIQUE INDEX uq_imports_tenant_id_sha256
        ON imports (tenant_id, sha256)
        WHERE state NOT IN ('discarded', 'failed', 'undone')
    """,
    """
    CREATE TABLE import_changes (
        tenant_id TEXT NOT NULL,
        import_id UUID NOT NULL,
        row_number INTEGER NOT NULL,
        vendor_id UUID NOT NULL,
        version BIGINT NOT NULL,
        sealed BYTEA NOT NULL,
        CONSTRAINT pk_import_changes PRIMARY KEY (tenant_id, import_id, row_number)
    )
    """,
    """
    CREATE TABLE import_kept (
        tenant_id TEXT NOT NULL,
        import_id UUID NOT NULL,
        vendor_id UUID NOT NULL,
        reason TEXT NOT NULL,
        fields TEXT[] NOT NULL,
        CONSTRAINT pk_import_kept PRIMARY KEY (tenant_id, import_id, vendor_id)
    )
    """,
    """
    CREATE TABLE import_mappings (
        tenant_id TEXT NOT NULL,
        source TEXT NOT NULL,
        columns JSONB NOT NULL,
        saved_by TEXT NOT NULL,
        saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_import_mappings PRIMARY KEY (tenant_id, source)
    )
    """,
    "ALTER TABLE vendors ADD COLUMN merged_into UUID",
    """
    CREATE INDEX ix_vendors_tenant_id_merged_into ON vendors (tenant_id, merged_into) WHERE merged_into IS NOT NULL
    """,
    """
    ALTER TABLE merge_candidates
        ADD COLUMN decided_at TIMESTAMP WITH TIME ZONE,
        ADD COLUMN decided_by TEXT,
        ADD COLUMN decision_reason TEXT
    """,
    """
    CREATE TABLE vendor_merges (
        tenant_id TEXT NOT NULL,
        merge_id UUID NOT NULL,
        vendor_id UUID NOT NULL,
        survivor_id UUID NOT NULL,
        former_standing TEXT NOT NULL,
        merged_at TIMESTAMP WITH TIME ZONE NOT NULL,
        merged_by TEXT NOT NULL,
        reason TEXT NOT NULL,
        undone_at TIMESTAMP WITH TIME ZONE,
        undone_by TEXT,
        sealed BYTEA NOT NULL,
        CONSTRAINT pk_vendor_merges PRIMARY KEY (tenant_id, merge_id)
    )
    """,
    "CREATE INDEX ix_vendor_merges_tenant_id_vendor_id ON vendor_merges (tenant_id, vendor_id)",
)

TENANT_TABLES = ("import_changes", "import_kept", "import_mappings", "vendor_merges")


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    for table in TENANT_TABLES:
        protect_tenant_table(op, table)
