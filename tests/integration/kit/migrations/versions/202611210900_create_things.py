"""Plumbing, and three tables of the three sorts a service has."""

import sqlalchemy as sa
from alembic import op
from bela_kit.migrations import create_plumbing, open_table, protect_tenant_table

revision = "202611210900"
down_revision = None


def upgrade() -> None:
    create_plumbing(op)
    for name in ("things", "thing_counts"):
        op.create_table(
            name,
            sa.Column("tenant_id", sa.Text, primary_key=True),
            sa.Column("thing_id", sa.Text, primary_key=True),
            sa.Column("amount", sa.BigInteger, nullable=False),
            sa.Column("version", sa.BigInteger, nullable=False, server_default="0"),
        )
    protect_tenant_table(op, "things")
    protect_tenant_table(op, "thing_counts", worker="write")
    op.create_table(
        "public_things",
        sa.Column("tenant_id", sa.Text, primary_key=True),
        sa.Column("thing_id", sa.Text, primary_key=True),
    )
    open_table(op, "public_things", app="write")
