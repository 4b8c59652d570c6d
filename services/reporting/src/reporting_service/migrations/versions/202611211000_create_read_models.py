"""Create every read model of reporting.

Nothing here is the truth about anything: all of it can be emptied and built again from the streams. Keys begin with the
tenant; the worker role writes across tenants, the application role reads one tenant under its policy.
"""

from alembic import op
from bela_kit.migrations import create_plumbing, open_table, protect_tenant_table

revision = "202611211000"
down_revision = None

TABLES = (
    """
    CREATE TABLE watermarks (
        tenant_id TEXT NOT NULL,
        source TEXT NOT NULL,
        as_of TIMESTAMP WITH TIME ZONE NOT NULL,
        last_position BIGINT NOT NULL,
        CONSTRAINT pk_watermarks PRIMARY KEY (tenant_id, source)
    )
    """,
    """
    CREATE TABLE vendors (
        tenant_id TEXT NOT NULL,
        vendor_id TEXT NOT NULL,
        version BIGINT NOT NULL,
        owner_group_id TEXT NOT NULL,
        display_name TEXT NOT NULL,
        entity_kind TEXT NOT NULL,
        business_class TEXT NOT NULL,
        district_code TEXT NOT NULL,
        village_code TEXT NOT NULL,
        standing TEXT NOT NULL,
        band TEXT NOT NULL,
        collected_on DATE,
        trained_on DATE,
        account_on DATE,
        verified_on DATE,
        published_on DATE,
        first_sale_on DATE,
        CONSTRAINT pk_vendors PRIMARY KEY (tenant_id, vendor_id)
    )
    """,
    """
    CREATE TABLE guest_vendors (
        tenant_id TEXT NOT NULL,
        guest_grant_id TEXT NOT NULL,
        version BIGINT NOT NULL,
        vendor_id TEXT NOT NULL,
        owner_group_id TEXT NOT NULL,
        home_region TEXT NOT NULL,
        district_code TEXT NOT NULL,
        standing TEXT NOT NULL,
        verified_on DATE,
        published_on DATE,
        valid_from DATE,
        valid_to DATE,
        revoked BOOLEAN NOT NULL,
        CONSTRAINT pk_guest_vendors PRIMARY KEY (tenant_id, guest_grant_id)
    )
    """,
    """
    CREATE TABLE sellers (
        tenant_id TEXT NOT NULL,
        vendor_id TEXT NOT NULL,
        version BIGINT NOT NULL,
        home_region TEXT NOT NULL,
        owner_group_id TEXT NOT NULL,
        display_name TEXT NOT NULL,
        entity_kind TEXT NOT NULL,
        business_class TEXT NOT NULL,
        district_code TEXT NOT NULL,
        CONSTRAINT pk_sellers PRIMARY KEY (tenant_id, vendor_id)
    )
    """,
    """
    CREATE TABLE products (
        tenant_id TEXT NOT NULL,
        product_id TEXT NOT NULL,
        version BIGINT NOT NULL,
        vendor_id TEXT NOT NULL,
        category_code TEXT NOT NULL,
        on_sale BOOLEAN NOT NULL,
        CONSTRAINT pk_products PRIMARY KEY (tenant_id, product_id)
    )
    """,
    """
    CREATE TABLE units (
        tenant_id TEXT NOT NULL,
        unit_id TEXT NOT NULL,
        version BIGINT NOT NULL,
        display_name TEXT NOT NULL,
        parent_unit_id TEXT NOT NULL,
        budget_holder BOOLEAN NOT NULL,
        district_code TEXT NOT NULL,
        CONSTRAINT pk_units PRIMARY KEY (tenant_id, unit_id)
    )
    """,
    """
    CREATE TABLE orders (
        tenant_id TEXT NOT NULL,
        order_id TEXT NOT NULL,
        version BIGINT NOT NULL,
        state TEXT NOT NULL,
        is_public BOOLEAN NOT NULL,
        signed_on DATE,
        fiscal_year INTEGER NOT NULL,
        budget_holder_id TEXT NOT NULL,
        budget_holder_name TEXT NOT NULL,
        vendor_id TEXT NOT NULL,
        category_code TEXT NOT NULL,
        seller_district_code TEXT NOT NULL,
        total_idr BIGINT NOT NULL,
        spent_idr BIGINT NOT NULL,
        facts JSONB NOT NULL,
        CONSTRAINT pk_orders PRIMARY KEY (tenant_id, order_id)
    )
    """,
    """
    CREATE TABLE handovers (
        tenant_id TEXT NOT NULL,
        order_id TEXT NOT NULL,
        handover_id TEXT NOT NULL,
        fiscal_year INTEGER NOT NULL,
        budget_holder_id TEXT NOT NULL,
        seller_district_code TEXT NOT NULL,
        handed_over_on DATE NOT NULL,
        paid_on DATE,
        value_idr BIGINT NOT NULL,
        CONSTRAINT pk_handovers PRIMARY KEY (tenant_id, order_id, handover_id)
    )
    """,
    """
    CREATE TABLE budget_lines (
        tenant_id TEXT NOT NULL,
        budget_line_id TEXT NOT NULL,
        version BIGINT NOT NULL,
        fiscal_year INTEGER NOT NULL,
        unit_id TEXT NOT NULL,
        sub_activity_code TEXT NOT NULL,
        account_code TEXT NOT NULL,
        title TEXT NOT NULL,
        fund_source TEXT NOT NULL,
        ceiling_idr BIGINT NOT NULL,
        blocked_idr BIGINT NOT NULL,
        CONSTRAINT pk_budget_lines PRIMARY KEY (tenant_id, budget_line_id)
    )
    """,
    """
    CREATE TABLE budget_usage (
        tenant_id TEXT NOT NULL,
        budget_line_id TEXT NOT NULL,
        reserved_idr BIGINT NOT NULL,
        committed_idr BIGINT NOT NULL,
        accepted_idr BIGINT NOT NULL,
        paid_idr BIGINT NOT NULL,
        CONSTRAINT pk_budget_usage PRIMARY KEY (tenant_id, budget_line_id)
    )
    """,
    """
    CREATE TABLE vendor_spend (
        tenant_id TEXT NOT NULL,
        fiscal_year INTEGER NOT NULL,
        budget_holder_id TEXT NOT NULL,
        category_code TEXT NOT NULL,
        vendor_id TEXT NOT NULL,
        value_idr BIGINT NOT NULL,
        orders BIGINT NOT NULL,
        CONSTRAINT pk_vendor_spend PRIMARY KEY (tenant_id, fiscal_year, budget_holder_id, category_code, vendor_id)
    )
    """,
    """
    CREATE TABLE monthly_spend (
        tenant_id TEXT NOT NULL,
        fiscal_year INTEGER NOT NULL,
        month DATE NOT NULL,
        budget_holder_id TEXT NOT NULL,
        category_code TEXT NOT NULL,
        value_idr BIGINT NOT NULL,
        orders BIGINT NOT NULL,
        CONSTRAINT pk_monthly_spend PRIMARY KEY (tenant_id, fiscal_year, month, budget_holder_id, category_code)
    )
    """,
    """
    CREATE TABLE public_region_spend (
        tenant_id TEXT NOT NULL,
        fiscal_year INTEGER NOT NULL,
        value_idr BIGINT NOT NULL,
        orders BIGINT NOT NULL,
        CONSTRAINT pk_public_region_spend PRIMARY KEY (tenant_id, fiscal_year)
    )
    """,
    """
    CREATE TABLE override_counts (
        tenant_id TEXT NOT NULL,
        fiscal_year INTEGER NOT NULL,
        budget_holder_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        code TEXT NOT NULL,
        orders BIGINT NOT NULL,
        CONSTRAINT pk_override_counts PRIMARY KEY (tenant_id, fiscal_year, budget_holder_id, kind, code)
    )
    """,
    """
    CREATE TABLE funnel_counts (
        tenant_id TEXT NOT NULL,
        district_code TEXT NOT NULL,
        collected BIGINT NOT NULL,
        trained BIGINT NOT NULL,
        account BIGINT NOT NULL,
        verified BIGINT NOT NULL,
        published BIGINT NOT NULL,
        first_sale BIGINT NOT NULL,
        CONSTRAINT pk_funnel_counts PRIMARY KEY (tenant_id, district_code)
    )
    """,
    """
    CREATE TABLE assortments (
        tenant_id TEXT NOT NULL,
        vendor_id TEXT NOT NULL,
        category_code TEXT NOT NULL,
        on_sale BIGINT NOT NULL,
        CONSTRAINT pk_assortments PRIMARY KEY (tenant_id, vendor_id, category_code)
    )
    """,
    """
    CREATE TABLE ocds_releases (
        tenant_id TEXT NOT NULL,
        order_id TEXT NOT NULL,
        version BIGINT NOT NULL,
        position BIGINT NOT NULL,
        released_at TIMESTAMP WITH TIME ZONE NOT NULL,
        release JSONB NOT NULL,
        CONSTRAINT pk_ocds_releases PRIMARY KEY (tenant_id, order_id, version)
    )
    """,
    """
    CREATE TABLE areas (
        code TEXT NOT NULL,
        name TEXT NOT NULL,
        CONSTRAINT pk_areas PRIMARY KEY (code)
    )
    """,
    """
    CREATE TABLE reference_files (
        name TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        CONSTRAINT pk_reference_files PRIMARY KEY (name)
    )
    """,
)

INDEXES = (
    """
    CREATE INDEX ix_vendors_tenant_id_sellable
        ON vendors (tenant_id, vendor_id)
        WHERE standing = 'ok' AND verified_on IS NOT NULL
    """,
    """
    CREATE INDEX ix_orders_tenant_id_budget_holder_id
        ON orders (tenant_id, budget_holder_id)
        WHERE is_public
    """,
    """
    CREATE INDEX ix_orders_tenant_id_signed_on
        ON orders (tenant_id, signed_on DESC, order_id DESC)
        WHERE is_public
    """,
    """
    CREATE INDEX ix_orders_tenant_id_vendor_id
        ON orders (tenant_id, vendor_id)
        WHERE is_public
    """,
    """
    CREATE INDEX ix_handovers_tenant_id_fiscal_year
        ON handovers (tenant_id, fiscal_year, budget_holder_id)
    """,
    """
    CREATE UNIQUE INDEX uq_ocds_releases_tenant_id_position
        ON ocds_releases (tenant_id, position)
    """,
)

TENANT_TABLES = (
    "watermarks",
    "vendors",
    "guest_vendors",
    "sellers",
    "products",
    "units",
    "orders",
    "handovers",
    "budget_lines",
    "budget_usage",
    "vendor_spend",
    "monthly_spend",
    "override_counts",
    "funnel_counts",
    "assortments",
    "ocds_releases",
)


def upgrade() -> None:
    create_plumbing(op)
    for statement in (*TABLES, *INDEXES):
        op.execute(statement)
    for table in TENANT_TABLES:
        protect_tenant_table(op, table, worker="write")
    for table in ("public_region_spend", "areas", "reference_files"):
        open_table(op, table, app="read", worker="write")
