# ruff: noqa: E501 - statements stand here as they were first run
"""Create regions' settings, units, budget, needs, orders and the local copy of businesses."""

from alembic import op
from bela_kit.migrations import create_plumbing, protect_tenant_table

revision = "202611220001"
down_revision = None

TABLES = (
    """
    CREATE TABLE budget_lines (
        tenant_id TEXT NOT NULL,
        budget_line_id UUID NOT NULL,
        fiscal_year INTEGER NOT NULL,
        unit_id UUID NOT NULL,
        sub_activity_code TEXT NOT NULL,
        account_code TEXT NOT NULL,
        title TEXT NOT NULL,
        fund_source TEXT NOT NULL,
        budget_version TEXT NOT NULL,
        ceiling_idr BIGINT DEFAULT '0' NOT NULL,
        blocked_idr BIGINT DEFAULT '0' NOT NULL,
        reserved_idr BIGINT DEFAULT '0' NOT NULL,
        committed_idr BIGINT DEFAULT '0' NOT NULL,
        accepted_idr BIGINT DEFAULT '0' NOT NULL,
        paid_idr BIGINT DEFAULT '0' NOT NULL,
        overcommitted BOOLEAN DEFAULT false NOT NULL,
        version BIGINT NOT NULL,
        CONSTRAINT pk_budget_lines PRIMARY KEY (tenant_id, budget_line_id),
        CONSTRAINT ck_budget_lines_amounts_not_negative CHECK (ceiling_idr >= 0 AND blocked_idr BETWEEN 0 AND ceiling_idr AND reserved_idr >= 0 AND committed_idr >= 0 AND accepted_idr >= 0 AND paid_idr >= 0),
        CONSTRAINT ck_budget_lines_never_overspent CHECK (overcommitted OR reserved_idr + committed_idr + accepted_idr + paid_idr <= ceiling_idr - blocked_idr)
    )
    """,
    "CREATE INDEX ix_budget_lines_tenant_id_unit_id_fiscal_year ON budget_lines (tenant_id, unit_id, fiscal_year)",
    """
    CREATE TABLE budget_movements (
        tenant_id TEXT NOT NULL,
        budget_line_id UUID NOT NULL,
        movement_key TEXT NOT NULL,
        order_id UUID NOT NULL,
        step TEXT NOT NULL,
        reserved_idr BIGINT NOT NULL,
        committed_idr BIGINT NOT NULL,
        accepted_idr BIGINT NOT NULL,
        paid_idr BIGINT NOT NULL,
        occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_budget_movements PRIMARY KEY (tenant_id, budget_line_id, movement_key)
    )
    """,
    "CREATE INDEX ix_budget_movements_tenant_id_order_id ON budget_movements (tenant_id, order_id)",
    """
    CREATE TABLE document_counters (
        tenant_id TEXT NOT NULL,
        budget_holder_id UUID NOT NULL,
        year INTEGER NOT NULL,
        kind TEXT NOT NULL,
        last_number INTEGER NOT NULL,
        CONSTRAINT pk_document_counters PRIMARY KEY (tenant_id, budget_holder_id, year, kind)
    )
    """,
    """
    CREATE TABLE needs (
        tenant_id TEXT NOT NULL,
        need_id UUID NOT NULL,
        unit_id UUID NOT NULL,
        budget_holder_id UUID NOT NULL,
        category_code TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        body JSONB NOT NULL,
        CONSTRAINT pk_needs PRIMARY KEY (tenant_id, need_id)
    )
    """,
    "CREATE INDEX ix_needs_tenant_id_unit_id ON needs (tenant_id, unit_id, need_id)",
    """
    CREATE TABLE orders (
        tenant_id TEXT NOT NULL,
        order_id UUID NOT NULL,
        version BIGINT NOT NULL,
        state TEXT NOT NULL,
        need_id UUID NOT NULL,
        unit_id UUID NOT NULL,
        budget_holder_id UUID NOT NULL,
        vendor_id UUID NOT NULL,
        owner_group_id TEXT NOT NULL,
        category_code TEXT NOT NULL,
        fiscal_year INTEGER NOT NULL,
        total_idr BIGINT NOT NULL,
        rup_code TEXT DEFAULT '' NOT NULL,
        created_by TEXT NOT NULL,
        account_codes TEXT[] NOT NULL,
        sub_activity_code TEXT NOT NULL,
        items TEXT[] NOT NULL,
        event_id TEXT NOT NULL,
        plan_lot BOOLEAN NOT NULL,
        submitted_at TIMESTAMP WITH TIME ZONE,
        signed_on DATE,
        counted BOOLEAN NOT NULL,
        unsigned BOOLEAN NOT NULL,
        body JSONB NOT NULL,
        CONSTRAINT pk_orders PRIMARY KEY (tenant_id, order_id)
    )
    """,
    "CREATE INDEX ix_orders_tenant_id_budget_holder_id_category_code ON orders (tenant_id, budget_holder_id, category_code, submitted_at) WHERE counted",
    "CREATE INDEX ix_orders_tenant_id_budget_holder_id_submitted_at ON orders (tenant_id, budget_holder_id, submitted_at) WHERE counted",
    "CREATE INDEX ix_orders_tenant_id_budget_holder_id_unsigned ON orders (tenant_id, budget_holder_id) WHERE unsigned",
    "CREATE INDEX ix_orders_tenant_id_need_id ON orders (tenant_id, need_id)",
    "CREATE INDEX ix_orders_tenant_id_rup_code ON orders (tenant_id, rup_code) WHERE rup_code <> ''",
    "CREATE INDEX ix_orders_tenant_id_vendor_id ON orders (tenant_id, vendor_id, order_id)",
    """
    CREATE TABLE policy_rules (
        tenant_id TEXT NOT NULL,
        rule_id UUID NOT NULL,
        code TEXT NOT NULL,
        body JSONB NOT NULL,
        CONSTRAINT pk_policy_rules PRIMARY KEY (tenant_id, rule_id)
    )
    """,
    "CREATE INDEX ix_policy_rules_tenant_id_code ON policy_rules (tenant_id, code)",
    """
    CREATE TABLE region_settings (
        tenant_id TEXT NOT NULL,
        nearness_mode TEXT DEFAULT 'soft' NOT NULL,
        district_neighbours JSONB DEFAULT '{}' NOT NULL,
        neighbours_verified BOOLEAN DEFAULT false NOT NULL,
        CONSTRAINT pk_region_settings PRIMARY KEY (tenant_id)
    )
    """,
    """
    CREATE TABLE rup_packages (
        tenant_id TEXT NOT NULL,
        rup_code TEXT NOT NULL,
        unit_id UUID NOT NULL,
        title TEXT NOT NULL,
        fiscal_year INTEGER NOT NULL,
        value_idr BIGINT NOT NULL,
        CONSTRAINT pk_rup_packages PRIMARY KEY (tenant_id, rup_code),
        CONSTRAINT ck_rup_packages_value_positive CHECK (value_idr > 0)
    )
    """,
    """
    CREATE TABLE seller_records (
        tenant_id TEXT NOT NULL,
        record_id UUID NOT NULL,
        order_id UUID NOT NULL,
        kind TEXT NOT NULL,
        vendor_id UUID NOT NULL,
        owner_group_id TEXT NOT NULL,
        category_code TEXT NOT NULL,
        district_code TEXT NOT NULL,
        value_idr BIGINT NOT NULL,
        good BOOLEAN NOT NULL,
        occurred_on DATE NOT NULL,
        CONSTRAINT pk_seller_records PRIMARY KEY (tenant_id, record_id)
    )
    """,
    "CREATE INDEX ix_seller_records_tenant_id_occurred_on ON seller_records (tenant_id, occurred_on)",
    "CREATE INDEX ix_seller_records_tenant_id_vendor_id ON seller_records (tenant_id, vendor_id, occurred_on)",
    """
    CREATE TABLE suggestions (
        tenant_id TEXT NOT NULL,
        need_id UUID NOT NULL,
        suggestion_id UUID NOT NULL,
        made_at TIMESTAMP WITH TIME ZONE NOT NULL,
        made_by TEXT NOT NULL,
        eligible_groups TEXT[] NOT NULL,
        ranks JSONB NOT NULL,
        best_unit_price_idr BIGINT,
        body JSONB NOT NULL,
        CONSTRAINT pk_suggestions PRIMARY KEY (tenant_id, need_id, suggestion_id)
    )
    """,
    """
    CREATE TABLE units (
        tenant_id TEXT NOT NULL,
        unit_id UUID NOT NULL,
        display_name TEXT NOT NULL,
        parent_unit_id UUID,
        budget_holder BOOLEAN NOT NULL,
        budget_holder_id UUID,
        path UUID[] NOT NULL,
        district_code TEXT DEFAULT '' NOT NULL,
        version BIGINT NOT NULL,
        CONSTRAINT pk_units PRIMARY KEY (tenant_id, unit_id)
    )
    """,
    """
    CREATE TABLE vendors (
        tenant_id TEXT NOT NULL,
        vendor_id UUID NOT NULL,
        home_region TEXT NOT NULL,
        guest BOOLEAN NOT NULL,
        version BIGINT NOT NULL,
        valid_from DATE,
        valid_to DATE,
        revoked BOOLEAN DEFAULT false NOT NULL,
        category_codes TEXT[] DEFAULT '{}' NOT NULL,
        owner_group_id TEXT NOT NULL,
        payload BYTEA NOT NULL,
        CONSTRAINT pk_vendors PRIMARY KEY (tenant_id, vendor_id)
    )
    """,
)
# The worker keeps the copy of businesses for all regions; everything else belongs to one region alone.
WORKER_WRITES = ("vendors",)


def upgrade() -> None:
    create_plumbing(op)
    for statement in TABLES:
        op.execute(statement)
    for table in (
        "budget_lines",
        "budget_movements",
        "document_counters",
        "needs",
        "orders",
        "policy_rules",
        "region_settings",
        "rup_packages",
        "seller_records",
        "suggestions",
        "units",
        "vendors",
    ):
        protect_tenant_table(op, table, worker="write" if table in WORKER_WRITES else "none")
