"""Uploaded proofs, and who looked at them. What a file shows lies sealed in the store of files, never here."""

import sqlalchemy as sa

from vendor_service.adapters.tables import metadata

_INSTANT = sa.DateTime(timezone=True)

evidence_files = sa.Table(
    "evidence_files",
    metadata,
    sa.Column("tenant_id", sa.Text, primary_key=True),
    sa.Column("evidence_id", sa.Uuid, primary_key=True),
    sa.Column("file_key", sa.Text, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    # Of the key that the file is sealed with; a rotation looks for the others.
    sa.Column("key_version", sa.SmallInteger, nullable=False),
    sa.Column("vendor_id", sa.Uuid),
    sa.Column("purpose", sa.Text),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("uploaded_by", sa.Text, nullable=False),
    sa.Column("uploaded_role", sa.Text, nullable=False),
    sa.Column("uploaded_at", _INSTANT, nullable=False),
    # Files that no record refers to yet; the purge looks for old ones among them.
    sa.Index(
        "ix_evidence_files_tenant_id_uploaded_at",
        "tenant_id",
        "uploaded_at",
        postgresql_where=sa.text("state <> 'attached'"),
    ),
    sa.Index("ix_evidence_files_tenant_id_vendor_id", "tenant_id", "vendor_id"),
)

evidence_reads = sa.Table(
    "evidence_reads",
    metadata,
    sa.Column("tenant_id", sa.Text, primary_key=True),
    sa.Column("read_id", sa.Uuid, primary_key=True),
    sa.Column("evidence_id", sa.Uuid, nullable=False),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("principal", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("read_at", _INSTANT, nullable=False),
    sa.Index("ix_evidence_reads_tenant_id_evidence_id", "tenant_id", "evidence_id"),
)
