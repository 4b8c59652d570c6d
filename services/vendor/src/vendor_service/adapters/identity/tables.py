"""Tables of identity: certificates, KBLI codes of businesses and of the seed, members of a koperasi."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import BYTEA

from vendor_service.adapters.personal_data.tables import INSTANT, key, required, tenant
from vendor_service.adapters.tables import metadata

certificates = sa.Table(
    "certificates",
    metadata,
    tenant(),
    key("certificate_id"),
    required("vendor_id", sa.Uuid()),
    required("kind", sa.Text()),
    required("number", sa.Text()),
    sa.Column("issuer", sa.Text),
    sa.Column("valid_from", sa.Date),
    sa.Column("valid_to", sa.Date),
    required("recorded_by", sa.Text()),
    required("recorded_role", sa.Text()),
    required("recorded_at", INSTANT),
    sa.Column("evidence_id", sa.Uuid),
    sa.Column("withdrawn_on", sa.Date),
    sa.Column("withdrawn_reason", sa.Text),
    sa.Column("reminded_days", sa.SmallInteger),
    sa.Index(
        "uq_certificates_tenant_id_vendor_id_kind_number",
        "tenant_id",
        "vendor_id",
        "kind",
        "number",
        unique=True,
        postgresql_where=sa.text("withdrawn_on IS NULL"),
    ),
    # What the daily reminder looks for.
    sa.Index(
        "ix_certificates_tenant_id_valid_to",
        "tenant_id",
        "valid_to",
        postgresql_where=sa.text("withdrawn_on IS NULL AND valid_to IS NOT NULL"),
    ),
)

vendor_kbli = sa.Table(
    "vendor_kbli",
    metadata,
    tenant(),
    key("vendor_id"),
    key("place", sa.SmallInteger),
    required("version", sa.SmallInteger()),
    required("code", sa.Text()),
    sa.Index("ix_vendor_kbli_tenant_id_code", "tenant_id", "code"),
)

koperasi_members = sa.Table(
    "koperasi_members",
    metadata,
    tenant(),
    key("member_id"),
    required("vendor_id", sa.Uuid()),
    # Name and NIK.
    required("sealed", BYTEA()),
    sa.Column("nik_hash", BYTEA),
    required("share", sa.Integer()),
    required("supply", sa.Text()),
    sa.Column("joined_on", sa.Date),
    sa.Column("left_on", sa.Date),
    sa.Column("business_id", sa.Uuid),
    sa.Index("ix_koperasi_members_tenant_id_vendor_id", "tenant_id", "vendor_id", "member_id"),
)

kbli_codes = sa.Table(
    "kbli_codes",
    metadata,
    key("version", sa.SmallInteger),
    key("code", sa.Text),
    required("title", sa.Text()),
)

kbli_successors = sa.Table(
    "kbli_successors",
    metadata,
    key("code_2020", sa.Text),
    key("code_2025", sa.Text),
)
