"""Widen identity and personal data: rotation of keys."""

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
)

TENANT_TABLES = ("key_rotations",)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    for table in TENANT_TABLES:
        protect_tenant_table(op, table)
