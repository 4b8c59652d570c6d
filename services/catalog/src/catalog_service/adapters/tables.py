"""The catalog's tables. What creates them is the migration; what is said here must stay equal to it.

`public_*` tables have no row-level security, because the planner drops a text index under a policy: they hold public
columns only and are read through `adapters.listings`, which demands a region.
"""

import sqlalchemy as sa
from bela_kit.db import new_metadata
from bela_kit.plumbing import kit_tables
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR

metadata = new_metadata()
kit = kit_tables(metadata)

_ID = sa.Uuid(as_uuid=False)
_INSTANT = sa.DateTime(timezone=True)
_EMPTY_LIST = sa.text("'{}'::text[]")
_EMPTY_JSON = sa.text("'[]'::jsonb")

products = sa.Table(
    "products",
    metadata,
    sa.Column("tenant_id", sa.Text, primary_key=True),
    sa.Column("product_id", _ID, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("vendor_id", _ID, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("category_code", sa.Text, nullable=False),
    sa.Column("profile_code", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("supply_type", sa.Text, nullable=False),
    sa.Column("unit_price_idr", sa.BigInteger),
    sa.Column("price_includes_ppn", sa.Boolean, nullable=False),
    sa.Column("price_confirmed_idr", sa.BigInteger),
    sa.Column("capacity_per_day", sa.BigInteger),
    sa.Column("capacity_confirmed_on", sa.Date),
    sa.Column("lead_time_hours", sa.Integer),
    sa.Column("delivery_district_codes", ARRAY(sa.Text), nullable=False, server_default=_EMPTY_LIST),
    sa.Column("certificates", JSONB, nullable=False, server_default=_EMPTY_JSON),
    sa.Column("created_at", _INSTANT, nullable=False),
    sa.Column("updated_at", _INSTANT, nullable=False),
    sa.Column("created_by", JSONB),
    sa.Column("updated_by", JSONB),
    sa.Index("ix_products_tenant_id_vendor_id_product_id", "tenant_id", "vendor_id", "product_id"),
    sa.CheckConstraint("unit_price_idr >= 1", name="price"),
    sa.CheckConstraint("capacity_per_day >= 1", name="capacity"),
    sa.CheckConstraint("state IN ('draft', 'published', 'withdrawn', 'moderated')", name="state"),
    sa.CheckConstraint(
        "state = 'draft' OR (unit_price_idr IS NOT NULL AND capacity_per_day IS NOT NULL "
        "AND lead_time_hours IS NOT NULL)",
        name="complete",
    ),
)

# One row for each region whose buyers may see the product: its home, and each host that took the seller in.
public_products = sa.Table(
    "public_products",
    metadata,
    sa.Column("tenant_id", sa.Text, primary_key=True),
    sa.Column("product_id", _ID, primary_key=True),
    sa.Column("home_tenant_id", sa.Text, nullable=False),
    sa.Column("guest", sa.Boolean, nullable=False),
    sa.Column("guest_from", sa.Date),
    sa.Column("guest_to", sa.Date),
    sa.Column("visible", sa.Boolean, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("vendor_id", _ID, nullable=False),
    sa.Column("vendor_name", sa.Text, nullable=False),
    sa.Column("vendor_district_code", sa.Text, nullable=False),
    sa.Column("vendor_may_sell", sa.Boolean, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("keywords", sa.Text, nullable=False),
    sa.Column("category_code", sa.Text, nullable=False),
    sa.Column("profile_code", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("supply_type", sa.Text, nullable=False),
    sa.Column("unit_price_idr", sa.BigInteger, nullable=False),
    sa.Column("price_includes_ppn", sa.Boolean, nullable=False),
    sa.Column("capacity_per_day", sa.BigInteger, nullable=False),
    sa.Column("capacity_confirmed", sa.Boolean, nullable=False),
    sa.Column("lead_time_hours", sa.Integer, nullable=False),
    sa.Column("delivery_district_codes", ARRAY(sa.Text), nullable=False),
    sa.Column("certificates", JSONB, nullable=False),
    sa.Column(
        "tsv",
        TSVECTOR,
        sa.Computed(
            "setweight(to_tsvector('catalog_indonesian'::regconfig, title), 'A') || "
            "setweight(to_tsvector('catalog_indonesian'::regconfig, keywords), 'B') || "
            "setweight(to_tsvector('catalog_indonesian'::regconfig, vendor_name), 'C') || "
            "setweight(to_tsvector('catalog_indonesian'::regconfig, description), 'D')",
            persisted=True,
        ),
    ),
    sa.Column("search_text", sa.Text, sa.Computed("lower(title || ' ' || vendor_name)", persisted=True)),
    sa.Index(
        "ix_public_products_tenant_id_tsv",
        "tenant_id",
        "tsv",
        postgresql_using="gin",
        postgresql_where=sa.text("visible"),
        postgresql_with={"fastupdate": "off"},
    ),
    sa.Index(
        "ix_public_products_tenant_id_search_text",
        "tenant_id",
        "search_text",
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
        postgresql_where=sa.text("visible"),
        postgresql_with={"fastupdate": "off"},
    ),
    sa.Index("ix_public_products_tenant_id_category_code_product_id", "tenant_id", "category_code", "product_id"),
    sa.Index("ix_public_products_tenant_id_profile_code_product_id", "tenant_id", "profile_code", "product_id"),
    sa.Index("ix_public_products_vendor_id", "vendor_id"),
    sa.Index("ix_public_products_product_id", "product_id"),
)

public_guest_grants = sa.Table(
    "public_guest_grants",
    metadata,
    sa.Column("tenant_id", sa.Text, primary_key=True),
    sa.Column("guest_grant_id", _ID, primary_key=True),
    sa.Column("home_tenant_id", sa.Text, nullable=False),
    sa.Column("vendor_id", _ID, nullable=False),
    sa.Column("category_codes", ARRAY(sa.Text), nullable=False, server_default=_EMPTY_LIST),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_to", sa.Date),
    sa.Column("revoked", sa.Boolean, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Index("ix_public_guest_grants_vendor_id", "vendor_id"),
)

vendors = sa.Table(
    "vendors",
    metadata,
    sa.Column("tenant_id", sa.Text, primary_key=True),
    sa.Column("vendor_id", _ID, primary_key=True),
    sa.Column("home_tenant_id", sa.Text, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("display_name", sa.Text, nullable=False),
    sa.Column("owner_group_id", sa.Text, nullable=False),
    sa.Column("district_code", sa.Text, nullable=False),
    sa.Column("village_code", sa.Text, nullable=False),
    sa.Column("standing", sa.Text, nullable=False),
    sa.Column("verified", sa.Boolean, nullable=False),
    sa.Column("pkp", sa.Boolean, nullable=False),
)

capacity_days = sa.Table(
    "capacity_days",
    metadata,
    sa.Column("tenant_id", sa.Text, primary_key=True),
    sa.Column("product_id", _ID, primary_key=True),
    sa.Column("on_date", sa.Date, primary_key=True),
    # Absent: the day follows the product; the row is then only what concurrent orders lock.
    sa.Column("capacity", sa.BigInteger),
    sa.Column("version", sa.BigInteger, nullable=False, server_default=sa.text("0")),
)

holds = sa.Table(
    "holds",
    metadata,
    sa.Column("tenant_id", sa.Text, primary_key=True),
    sa.Column("order_id", _ID, primary_key=True),
    sa.Column("product_id", _ID, primary_key=True),
    sa.Column("on_date", sa.Date, nullable=False),
    sa.Column("quantity", sa.BigInteger, nullable=False),
    sa.Column("buyer_tenant_id", sa.Text, nullable=False),
    sa.Column("unit_id", sa.Text, nullable=False),
    sa.Column("vendor_id", _ID, nullable=False),
    sa.Column("held_until", _INSTANT, nullable=False),
    sa.Column("reserved_at", _INSTANT, nullable=False),
    sa.Column("signed", sa.Boolean, nullable=False),
    sa.Column("firm", sa.Boolean, nullable=False),
    sa.Column("released", sa.Boolean, nullable=False),
    sa.Column("order_version", sa.BigInteger, nullable=False, server_default=sa.text("0")),
    sa.Index(
        "ix_holds_tenant_id_product_id_on_date",
        "tenant_id",
        "product_id",
        "on_date",
        postgresql_where=sa.text("NOT released"),
    ),
    sa.Index("ix_holds_order_id", "order_id"),
)

categories = sa.Table(
    "categories",
    metadata,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("level", sa.Integer, nullable=False),
    sa.Column("parent", sa.Text),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("supply_type", sa.Text),
    sa.Column("must_be_producer", sa.Boolean, nullable=False),
    sa.Column("certificates", JSONB, nullable=False),
    sa.Column("kbli_examples", ARRAY(sa.Text), nullable=False),
    sa.Column("keywords", ARRAY(sa.Text), nullable=False),
)

profiles = sa.Table(
    "profiles",
    metadata,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("category_code", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("content", JSONB, nullable=False),
    sa.Column("keywords", ARRAY(sa.Text), nullable=False),
)

reference_versions = sa.Table(
    "reference_versions",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("version", sa.Text, nullable=False),
)
