"""The read models as tables. All of them can be rebuilt from events; none is the truth about anything.

Every key starts with `tenant_id`; rows are written by the worker role across tenants and read by the application role
under the policy of one tenant.
"""

from typing import Any

import sqlalchemy as sa
from bela_kit.db import new_metadata
from bela_kit.plumbing import kit_tables
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

metadata = new_metadata()
plumbing = kit_tables(metadata)


def _key(name: str, type_: TypeEngine[Any] | None = None) -> sa.Column[Any]:
    return sa.Column(name, type_ if type_ is not None else sa.Text(), primary_key=True)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)


watermarks = sa.Table(
    "watermarks",
    metadata,
    _key("tenant_id"),
    _key("source"),
    sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
    _number("last_position"),
)

vendors = sa.Table(
    "vendors",
    metadata,
    _key("tenant_id"),
    _key("vendor_id"),
    _number("version"),
    _text("owner_group_id"),
    _text("display_name"),
    _text("entity_kind"),
    _text("business_class"),
    _text("district_code"),
    _text("village_code"),
    _text("standing"),
    _text("band"),
    sa.Column("collected_on", sa.Date),
    sa.Column("trained_on", sa.Date),
    sa.Column("account_on", sa.Date),
    sa.Column("verified_on", sa.Date),
    sa.Column("published_on", sa.Date),
    sa.Column("first_sale_on", sa.Date),
    # Only a few per cent of those collected can sell: the denominators of reach and equity come from this index.
    sa.Index(
        "ix_vendors_tenant_id_sellable",
        "tenant_id",
        "vendor_id",
        postgresql_where=sa.text("standing = 'ok' AND verified_on IS NOT NULL"),
    ),
)

guest_vendors = sa.Table(
    "guest_vendors",
    metadata,
    _key("tenant_id"),
    _key("guest_grant_id"),
    _number("version"),
    _text("vendor_id"),
    _text("owner_group_id"),
    _text("home_region"),
    _text("district_code"),
    _text("standing"),
    sa.Column("verified_on", sa.Date),
    sa.Column("published_on", sa.Date),
    sa.Column("valid_from", sa.Date),
    sa.Column("valid_to", sa.Date),
    sa.Column("revoked", sa.Boolean, nullable=False),
)

sellers = sa.Table(
    "sellers",
    metadata,
    _key("tenant_id"),
    _key("vendor_id"),
    _number("version"),
    _text("home_region"),
    _text("owner_group_id"),
    _text("display_name"),
    _text("entity_kind"),
    _text("business_class"),
    _text("district_code"),
)

products = sa.Table(
    "products",
    metadata,
    _key("tenant_id"),
    _key("product_id"),
    _number("version"),
    _text("vendor_id"),
    _text("category_code"),
    sa.Column("on_sale", sa.Boolean, nullable=False),
)

units = sa.Table(
    "units",
    metadata,
    _key("tenant_id"),
    _key("unit_id"),
    _number("version"),
    _text("display_name"),
    _text("parent_unit_id"),
    sa.Column("budget_holder", sa.Boolean, nullable=False),
    _text("district_code"),
)

orders = sa.Table(
    "orders",
    metadata,
    _key("tenant_id"),
    _key("order_id"),
    _number("version"),
    _text("state"),
    sa.Column("is_public", sa.Boolean, nullable=False),
    sa.Column("signed_on", sa.Date),
    sa.Column("fiscal_year", sa.Integer, nullable=False),
    _text("budget_holder_id"),
    _text("budget_holder_name"),
    _text("vendor_id"),
    _text("category_code"),
    _text("seller_district_code"),
    _number("total_idr"),
    _number("spent_idr"),
    sa.Column("facts", JSONB, nullable=False),
    sa.Index(
        "ix_orders_tenant_id_signed_on",
        "tenant_id",
        sa.desc("signed_on"),
        sa.desc("order_id"),
        postgresql_where=sa.text("is_public"),
    ),
    sa.Index("ix_orders_tenant_id_vendor_id", "tenant_id", "vendor_id", postgresql_where=sa.text("is_public")),
    sa.Index(
        "ix_orders_tenant_id_budget_holder_id",
        "tenant_id",
        "budget_holder_id",
        postgresql_where=sa.text("is_public"),
    ),
)

handovers = sa.Table(
    "handovers",
    metadata,
    _key("tenant_id"),
    _key("order_id"),
    _key("handover_id"),
    sa.Column("fiscal_year", sa.Integer, nullable=False),
    _text("budget_holder_id"),
    _text("seller_district_code"),
    sa.Column("handed_over_on", sa.Date, nullable=False),
    sa.Column("paid_on", sa.Date),
    _number("value_idr"),
    sa.Index("ix_handovers_tenant_id_fiscal_year", "tenant_id", "fiscal_year", "budget_holder_id"),
)

budget_lines = sa.Table(
    "budget_lines",
    metadata,
    _key("tenant_id"),
    _key("budget_line_id"),
    _number("version"),
    sa.Column("fiscal_year", sa.Integer, nullable=False),
    _text("unit_id"),
    _text("sub_activity_code"),
    _text("account_code"),
    _text("title"),
    _text("fund_source"),
    _number("ceiling_idr"),
    _number("blocked_idr"),
)

budget_usage = sa.Table(
    "budget_usage",
    metadata,
    _key("tenant_id"),
    _key("budget_line_id"),
    _number("reserved_idr"),
    _number("committed_idr"),
    _number("accepted_idr"),
    _number("paid_idr"),
)

vendor_spend = sa.Table(
    "vendor_spend",
    metadata,
    _key("tenant_id"),
    _key("fiscal_year", sa.Integer()),
    _key("budget_holder_id"),
    _key("category_code"),
    _key("vendor_id"),
    _number("value_idr"),
    _number("orders"),
)

monthly_spend = sa.Table(
    "monthly_spend",
    metadata,
    _key("tenant_id"),
    _key("fiscal_year", sa.Integer()),
    _key("month", sa.Date()),
    _key("budget_holder_id"),
    _key("category_code"),
    _number("value_idr"),
    _number("orders"),
)

# No policy: sums of whole regions are public, and the national report reads all of them at once.
public_region_spend = sa.Table(
    "public_region_spend",
    metadata,
    _key("tenant_id"),
    _key("fiscal_year", sa.Integer()),
    _number("value_idr"),
    _number("orders"),
)

override_counts = sa.Table(
    "override_counts",
    metadata,
    _key("tenant_id"),
    _key("fiscal_year", sa.Integer()),
    _key("budget_holder_id"),
    _key("kind"),
    _key("code"),
    _number("orders"),
)

funnel_counts = sa.Table(
    "funnel_counts",
    metadata,
    _key("tenant_id"),
    _key("district_code"),
    _number("collected"),
    _number("trained"),
    _number("account"),
    _number("verified"),
    _number("published"),
    _number("first_sale"),
)

assortments = sa.Table(
    "assortments",
    metadata,
    _key("tenant_id"),
    _key("vendor_id"),
    _key("category_code"),
    _number("on_sale"),
)

ocds_releases = sa.Table(
    "ocds_releases",
    metadata,
    _key("tenant_id"),
    _key("order_id"),
    _key("version", sa.BigInteger()),
    # Dense per tenant and handed out under the tenant's watermark lock, so that a reader who pages never skips one.
    _number("position"),
    sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("release", JSONB, nullable=False),
    sa.Index("uq_ocds_releases_tenant_id_position", "tenant_id", "position", unique=True),
)

# Names of provinces, regencies, kecamatan and desa: reference data, loaded by `migrate`, no read model.
areas = sa.Table("areas", metadata, _key("code"), _text("name"))

reference_files = sa.Table("reference_files", metadata, _key("name"), _text("sha256"))

READ_MODELS: tuple[sa.Table, ...] = (
    watermarks,
    vendors,
    guest_vendors,
    sellers,
    products,
    units,
    orders,
    handovers,
    budget_lines,
    budget_usage,
    vendor_spend,
    monthly_spend,
    public_region_spend,
    override_counts,
    funnel_counts,
    assortments,
    ocds_releases,
)
"""Everything but the plumbing; what a rebuild empties."""
