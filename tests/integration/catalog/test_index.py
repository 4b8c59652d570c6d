"""The plans of the search: what makes it fast must not be lost by a change nobody measured."""

import re
from datetime import date

import pytest
from bela_kit.testing.databases import ServiceDatabase
from bela_kit.testing.plugin import DatabaseFactory
from catalog_service.adapters.listings import _statement
from catalog_service.bootstrap import MIGRATIONS

ROWS = """
    INSERT INTO public_products (tenant_id, product_id, home_tenant_id, guest, visible, version, state, vendor_id,
        vendor_name, vendor_district_code, vendor_may_sell, title, description, keywords, category_code, profile_code,
        unit, supply_type, unit_price_idr, price_includes_ppn, capacity_per_day, capacity_confirmed, lead_time_hours,
        delivery_district_codes, certificates)
    SELECT t, gen_random_uuid(), t, false, true, 1, 'published', gen_random_uuid(), 'warung ' || n, t || '01', true,
        CASE n % 20 WHEN 0 THEN 'nasi kotak ' ELSE 'barang ' END || md5((n / 7)::text), '', 'kata ' || n % 50,
        'food.meal_box', 'meal_box_standard', 'kotak', 'catering', 25000, false, 200, false, 4, '{}', '[]'
    FROM generate_series(1, 4000) n CROSS JOIN LATERAL (SELECT (1100 + n % 20)::text AS t) region
"""


@pytest.fixture
async def filled(service_database: DatabaseFactory) -> ServiceDatabase:
    database = await service_database("catalog", MIGRATIONS)
    connection = await database.connect()
    await connection.execute(ROWS)
    await connection.execute("ANALYZE public_products")
    await connection.close()
    return database


@pytest.mark.parametrize(
    ("way", "query", "index"),
    [
        ("words", "nasi & (kotak | box)", "ix_public_products_tenant_id_tsv"),
        ("alike", "nasi kotk", "ix_public_products_tenant_id_search_text"),
        ("new", "", "pk_public_products"),
    ],
)
async def test_a_search_uses_an_index_that_holds_the_region(
    filled: ServiceDatabase, way: str, query: str, index: str
) -> None:
    values = {"tenant": "1105", "today": date(2026, 3, 2), "query": query, "size": 25}
    statement = _statement(way, (), False)
    # As the role that serves, whose rights and policies shape the plan.
    connection = await filled.connect("app")
    try:
        plan = await connection.fetch(f"EXPLAIN {statement.sql}", *statement.arguments(values))
    finally:
        await connection.close()
    text = "\n".join(row[0] for row in plan)
    assert index in text, text
    assert re.search(r"Index Cond: .*tenant_id = '1105'", text), text
