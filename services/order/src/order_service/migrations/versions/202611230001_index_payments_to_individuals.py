"""Index the payments that bear PPh 21 by owner group: a payment asks for the sum of its year."""

from alembic import op

revision = "202611230001"
down_revision = "202611220001"


def upgrade() -> None:
    op.execute(
        "CREATE INDEX ix_seller_records_tenant_id_owner_group_id"
        " ON seller_records (tenant_id, owner_group_id, occurred_on) WHERE kind = 'pph21'"
    )
