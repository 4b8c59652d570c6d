"""G4: a word searched in one regency of a large catalog, beside the bare full-text statement as the same role."""

from __future__ import annotations

import random
import time
import urllib.parse

from bela_bench.client import Client
from bela_bench.database import Postgres
from bela_bench.load import Outcome, closed_loop, median
from bela_bench.machine import Meter, Window
from bela_bench.result import Result, breakdown, quietness

USERS = 16
ROUNDS = 3
PAGE = 24
SCRIPTS = 100
GATE_SHARE = 0.08
# As many as a regency has when a million products lie in 500 of them.
PER_REGION = 2_000

# 40 words each: one of the first kind is in about 50 of a regency's products.
NOUNS = """
    nasi kue keripik kopi teh madu gula beras sambal abon dodol rendang sate soto bakso tahu tempe batik tas sepatu
    kursi meja lemari rak tikar anyaman besek keranjang topi kaos seragam jaket sarung mukena spanduk buku pensil map
    sapu ember
""".split()  # noqa: SIM905 - a list literal of 40 words would take 40 lines
MATERIALS = """
    ayam ikan udang jagung singkong pisang kelapa kacang ketan pandan jati rotan bambu kulit katun rajut kayu plastik
    aluminium keramik kertas karton organik pedas manis asin gurih bakar goreng rebus kukus panggang asap segar kering
    besar kecil sedang halus kasar
""".split()  # noqa: SIM905
ORIGINS = ["lokal", "asli", "desa", "pesisir", "gunung", "lembah", "kampung", "pasar", "warung", "rumah"]

_FILL = """
INSERT INTO public_products (tenant_id, product_id, home_tenant_id, guest, visible, version, state, vendor_id,
    vendor_name, vendor_district_code, vendor_may_sell, title, description, keywords, category_code, profile_code, unit,
    supply_type, unit_price_idr, price_includes_ppn, capacity_per_day, capacity_confirmed, lead_time_hours,
    delivery_district_codes, certificates)
SELECT region, gen_random_uuid(), region, false, true, 1, 'published', md5(region || (n % 200))::uuid,
    'Usaha ' || (n % 200), region || '01', true,
    initcap(concat_ws(' ', ($2::text[])[(n % 40) + 1], ($3::text[])[((n / 40) % 40) + 1],
        ($4::text[])[((n / 7) % 10) + 1], n % 997)),
    'Dibuat oleh usaha kecil setempat', '', 'food.restaurant', 'uji', 'buah', 'goods', 1000 * (1 + n % 90), false,
    100, false, 24, '{}'::text[], '[]'::jsonb
FROM unnest($1::text[]) AS region CROSS JOIN generate_series(1, $5) AS n
"""
_SQL = """
SELECT product_id, tenant_id, home_tenant_id, version, vendor_id, vendor_name, vendor_district_code, guest, title,
    category_code, profile_code, unit, unit_price_idr, price_includes_ppn, supply_type, capacity_per_day,
    capacity_confirmed, lead_time_hours, delivery_district_codes, state,
    ts_rank(tsv, to_tsquery('catalog_indonesian', '{word}')) AS score
FROM public_products
WHERE tenant_id = '{region}' AND visible AND tsv @@ to_tsquery('catalog_indonesian', '{word}')
ORDER BY score DESC, product_id DESC LIMIT 24;
"""


async def fill_catalog(postgres: Postgres, regions: tuple[str, ...], count: int) -> tuple[tuple[str, ...], float]:
    """Fill so many products into as many regions as that takes; return the regions and the seconds it took."""
    used = regions[: max(1, min(len(regions), count // PER_REGION))]
    started = time.monotonic()
    connection = await postgres.connect("bela_catalog")
    # What is loaded is thrown away after the run.
    await connection.execute("SET synchronous_commit = off")
    for start in range(0, len(used), 10):
        some = list(used[start : start + 10])
        await connection.execute(_FILL, some, NOUNS, MATERIALS, ORIGINS, PER_REGION, timeout=300)
    await connection.execute("VACUUM ANALYZE public_products", timeout=300)
    await connection.close()
    return used, time.monotonic() - started


async def measure_search(
    client: Client, postgres: Postgres, meter: Meter, regions: tuple[str, ...], seconds: float
) -> Result:
    """Measure the rate of searches of one word."""
    dice = random.Random(2026)
    scripts = [_SQL.format(word=dice.choice(NOUNS), region=dice.choice(regions)) for _ in range(SCRIPTS)]
    short = 0

    async def search() -> str:
        nonlocal short
        query = urllib.parse.urlencode({"q": dice.choice(NOUNS), "page_size": PAGE})
        answer = await client.request("GET", f"/catalog/v1/regions/{dice.choice(regions)}/products?{query}")
        if answer.status != 200:
            return str(answer.status)
        short += len(answer.json["products"]) < PAGE
        return ""

    await closed_loop(search, USERS, 1.5)
    limits: list[Outcome] = []
    ours: list[tuple[Outcome, Window]] = []
    for _ in range(ROUNDS):
        limit, _ = await postgres.pgbench(
            scripts, database="bela_catalog", user="catalog_app", clients=8, seconds=max(2.0, seconds / 2)
        )
        limits.append(limit)
        start = meter.sample()
        outcome = await closed_loop(search, USERS, seconds * 2 / 3)
        ours.append((outcome, meter.since(start)))
    return _result(limits, ours, short, len(regions) * PER_REGION)


def _result(limits: list[Outcome], ours: list[tuple[Outcome, Window]], short: int, count: int) -> Result:
    rate, limit = median([one.rate for one, _ in ours]), median([one.rate for one in limits])
    p50, p99 = (median([one.quantile_ms(share) for one, _ in ours]) for share in (0.5, 0.99))
    cost = ours[-1][1].core_ms(ours[-1][0].count)
    failures = {name: number for one, _ in ours for name, number in one.failures.items()}
    share = rate / limit if limit else 0.0
    return Result(
        "G4",
        f"search one regency of {count:,} products, {PAGE} rows, c{USERS}",
        f"{rate:.0f}/s",
        f"{limit:.0f}/s",
        f"{100 * share:.1f} %",
        share >= GATE_SHARE,
        f"p50 {p50:.0f} ms, p99 {p99:.0f} ms; {breakdown(cost)} = {cost['all']:.1f} core-ms; "
        f"{quietness([window for _, window in ours])}; refused {failures or 'none'}, short pages {short}",
        {
            "per_second": [one.rate for one, _ in ours],
            "limit_per_second": [one.rate for one in limits],
            "p50_ms": p50,
            "p99_ms": p99,
            "core_ms": cost,
            "products": count,
        },
    )
