"""Create the catalog: products, what buyers see of them, capacity and holds, copies of businesses, reference data."""

from alembic import op
from bela_kit.migrations import create_plumbing, open_table, protect_tenant_table

revision: str = "202611210001"
down_revision: str | None = None
branch_labels = None
depends_on = None

# The stemmer knows Indonesian; accents are taken off before it. Latin letters without accents go straight to it.
SEARCH = (
    "CREATE TEXT SEARCH CONFIGURATION catalog_indonesian (COPY = pg_catalog.indonesian)",
    "ALTER TEXT SEARCH CONFIGURATION catalog_indonesian "
    "ALTER MAPPING FOR hword, hword_part, word WITH unaccent, indonesian_stem",
)

TABLES = (
    """
    CREATE TABLE products (
        tenant_id TEXT NOT NULL,
        product_id UUID NOT NULL,
        version BIGINT NOT NULL,
        vendor_id UUID NOT NULL,
        state TEXT NOT NULL,
        title TEXT NOT NULL,
        description TEXT NOT NULL,
        category_code TEXT NOT NULL,
        profile_code TEXT NOT NULL,
        unit TEXT NOT NULL,
        supply_type TEXT NOT NULL,
        unit_price_idr BIGINT,
        price_includes_ppn BOOLEAN NOT NULL,
        price_confirmed_idr BIGINT,
        capacity_per_day BIGINT,
        capacity_confirmed_on DATE,
        lead_time_hours INTEGER,
        delivery_district_codes TEXT[] DEFAULT '{}'::text[] NOT NULL,
        certificates JSONB DEFAULT '[]'::jsonb NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
        created_by JSONB,
        updated_by JSONB,
        CONSTRAINT pk_products PRIMARY KEY (tenant_id, product_id),
        CONSTRAINT ck_products_price CHECK (unit_price_idr >= 1),
        CONSTRAINT ck_products_capacity CHECK (capacity_per_day >= 1),
        CONSTRAINT ck_products_state CHECK (state IN ('draft', 'published', 'withdrawn', 'moderated')),
        CONSTRAINT ck_products_complete CHECK (
            state = 'draft'
            OR (unit_price_idr IS NOT NULL AND capacity_per_day IS NOT NULL AND lead_time_hours IS NOT NULL))
    )
    """,
    """
    CREATE INDEX ix_products_tenant_id_vendor_id_product_id ON products (tenant_id, vendor_id, product_id)
    """,
    """
    CREATE TABLE public_products (
        tenant_id TEXT NOT NULL,
        product_id UUID NOT NULL,
        home_tenant_id TEXT NOT NULL,
        guest BOOLEAN NOT NULL,
        guest_from DATE,
        guest_to DATE,
        visible BOOLEAN NOT NULL,
        version BIGINT NOT NULL,
        state TEXT NOT NULL,
        vendor_id UUID NOT NULL,
        vendor_name TEXT NOT NULL,
        vendor_district_code TEXT NOT NULL,
        vendor_may_sell BOOLEAN NOT NULL,
        title TEXT NOT NULL,
        description TEXT NOT NULL,
        keywords TEXT NOT NULL,
        category_code TEXT NOT NULL,
        profile_code TEXT NOT NULL,
        unit TEXT NOT NULL,
        supply_type TEXT NOT NULL,
        unit_price_idr BIGINT NOT NULL,
        price_includes_ppn BOOLEAN NOT NULL,
        capacity_per_day BIGINT NOT NULL,
        capacity_confirmed BOOLEAN NOT NULL,
        lead_time_hours INTEGER NOT NULL,
        delivery_district_codes TEXT[] NOT NULL,
        certificates JSONB NOT NULL,
        tsv TSVECTOR GENERATED ALWAYS AS (
            setweight(to_tsvector('catalog_indonesian'::regconfig, title), 'A') ||
            setweight(to_tsvector('catalog_indonesian'::regconfig, keywords), 'B') ||
            setweight(to_tsvector('catalog_indonesian'::regconfig, vendor_name), 'C') ||
            setweight(to_tsvector('catalog_indonesian'::regconfig, description), 'D')) STORED,
        search_text TEXT GENERATED ALWAYS AS (lower(title || ' ' || vendor_name)) STORED,
        CONSTRAINT pk_public_products PRIMARY KEY (tenant_id, product_id)
    )
    """,
    """
    CREATE INDEX ix_public_products_product_id ON public_products (product_id)
    """,
    """
    CREATE INDEX ix_public_products_tenant_id_category_code_product_id
        ON public_products (tenant_id, category_code, product_id)
    """,
    """
    CREATE INDEX ix_public_products_tenant_id_profile_code_product_id
        ON public_products (tenant_id, profile_code, product_id)
    """,
    """
    CREATE INDEX ix_public_products_tenant_id_search_text
        ON public_products USING gin (tenant_id, search_text gin_trgm_ops)
        WITH (fastupdate = off) WHERE visible
    """,
    """
    CREATE INDEX ix_public_products_tenant_id_tsv
        ON public_products USING gin (tenant_id, tsv)
        WITH (fastupdate = off) WHERE visible
    """,
    """
    CREATE INDEX ix_public_products_vendor_id ON public_products (vendor_id)
    """,
    """
    CREATE TABLE public_guest_grants (
        tenant_id TEXT NOT NULL,
        guest_grant_id UUID NOT NULL,
        home_tenant_id TEXT NOT NULL,
        vendor_id UUID NOT NULL,
        category_codes TEXT[] DEFAULT '{}'::text[] NOT NULL,
        valid_from DATE NOT NULL,
        valid_to DATE,
        revoked BOOLEAN NOT NULL,
        version BIGINT NOT NULL,
        CONSTRAINT pk_public_guest_grants PRIMARY KEY (tenant_id, guest_grant_id)
    )
    """,
    """
    CREATE INDEX ix_public_guest_grants_vendor_id ON public_guest_grants (vendor_id)
    """,
    """
    CREATE TABLE vendors (
        tenant_id TEXT NOT NULL,
        vendor_id UUID NOT NULL,
        home_tenant_id TEXT NOT NULL,
        version BIGINT NOT NULL,
        display_name TEXT NOT NULL,
        owner_group_id TEXT NOT NULL,
        district_code TEXT NOT NULL,
        village_code TEXT NOT NULL,
        standing TEXT NOT NULL,
        verified BOOLEAN NOT NULL,
        pkp BOOLEAN NOT NULL,
        CONSTRAINT pk_vendors PRIMARY KEY (tenant_id, vendor_id)
    )
    """,
    """
    CREATE TABLE capacity_days (
        tenant_id TEXT NOT NULL,
        product_id UUID NOT NULL,
        on_date DATE NOT NULL,
        capacity BIGINT,
        version BIGINT DEFAULT 0 NOT NULL,
        CONSTRAINT pk_capacity_days PRIMARY KEY (tenant_id, product_id, on_date)
    )
    """,
    """
    CREATE TABLE holds (
        tenant_id TEXT NOT NULL,
        order_id UUID NOT NULL,
        product_id UUID NOT NULL,
        on_date DATE NOT NULL,
        quantity BIGINT NOT NULL,
        buyer_tenant_id TEXT NOT NULL,
        unit_id TEXT NOT NULL,
        vendor_id UUID NOT NULL,
        held_until TIMESTAMP WITH TIME ZONE NOT NULL,
        reserved_at TIMESTAMP WITH TIME ZONE NOT NULL,
        signed BOOLEAN NOT NULL,
        firm BOOLEAN NOT NULL,
        released BOOLEAN NOT NULL,
        order_version BIGINT DEFAULT 0 NOT NULL,
        CONSTRAINT pk_holds PRIMARY KEY (tenant_id, order_id, product_id)
    )
    """,
    """
    CREATE INDEX ix_holds_order_id ON holds (order_id)
    """,
    """
    CREATE INDEX ix_holds_tenant_id_product_id_on_date ON holds (tenant_id, product_id, on_date) WHERE NOT released
    """,
    """
    CREATE TABLE categories (
        code TEXT NOT NULL,
        position INTEGER NOT NULL,
        level INTEGER NOT NULL,
        parent TEXT,
        name TEXT NOT NULL,
        supply_type TEXT,
        must_be_producer BOOLEAN NOT NULL,
        certificates JSONB NOT NULL,
        kbli_examples TEXT[] NOT NULL,
        keywords TEXT[] NOT NULL,
        CONSTRAINT pk_categories PRIMARY KEY (code)
    )
    """,
    """
    CREATE TABLE profiles (
        code TEXT NOT NULL,
        position INTEGER NOT NULL,
        category_code TEXT NOT NULL,
        name TEXT NOT NULL,
        unit TEXT NOT NULL,
        content JSONB NOT NULL,
        keywords TEXT[] NOT NULL,
        CONSTRAINT pk_profiles PRIMARY KEY (code)
    )
    """,
    """
    CREATE TABLE reference_versions (
        name TEXT NOT NULL,
        version TEXT NOT NULL,
        CONSTRAINT pk_reference_versions PRIMARY KEY (name)
    )
    """,
)


def upgrade() -> None:
    # Made by the data release, where the owner may not create extensions; all three are trusted.
    for extension in ("pg_trgm", "btree_gin", "unaccent"):
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    create_plumbing(op)
    for statement in (*SEARCH, *TABLES):
        op.execute(statement)
    protect_tenant_table(op, "products", worker="none")
    protect_tenant_table(op, "capacity_days", worker="none")
    # Projections of other services' events: businesses, and what became of the orders that hold capacity.
    protect_tenant_table(op, "vendors", worker="write")
    protect_tenant_table(op, "holds", worker="write", cross_tenant_indexes=("ix_holds_order_id",))
    for index in ("ix_public_products_vendor_id", "ix_public_products_product_id", "ix_public_guest_grants_vendor_id"):
        op.execute(f"COMMENT ON INDEX {index} IS 'cross-tenant'")
    open_table(op, "public_products", app="write", worker="write")
    open_table(op, "public_guest_grants", app="read", worker="write")
    for table in ("categories", "profiles", "reference_versions"):
        open_table(op, table, app="read", worker="read")
