"""A register of a million businesses in 500 regions: its lists with every filter, and who may take an order.

Rows go straight into the tables: what is measured is reading. One regency is ten times as large as the others, and it
is the one that is asked. The limit of a list is the same page read from the public rows by pgbench, as the application
role.
"""

from __future__ import annotations

import random
import time
import urllib.parse
from dataclasses import dataclass
from typing import Any

import grpc
from bela.vendor.v1 import vendor_service_pb2 as pb
from bela.vendor.v1.vendor_service_pb2_grpc import VendorServiceStub
from bela_local.stack import Stack

from bela_bench.client import Client
from bela_bench.database import Postgres
from bela_bench.load import Outcome, closed_loop, median
from bela_bench.machine import Meter, Window
from bela_bench.result import Result, breakdown, quietness
from bela_bench.search import MATERIALS, NOUNS, ORIGINS

LARGE, SMALL = "3510", "1311"
LARGE_COUNT, PER_REGION, REGIONS = 20_000, 2_000, 491
GATE_LIST_MS, GATE_ELIGIBILITY_MS = 50.0, 10.0
USERS, ASKERS, ROUNDS, PAGE, BATCH = 4, 2, 3, 50, 100
_AT_ONCE = 25
# One word of every third business, one of every fortieth, one that is nowhere as it stands.
_WORDS = ("warung", "rendang", "rendag")

_SPREAD = """
    FROM unnest($1::text[]) AS region
    CROSS JOIN LATERAL generate_series(1, CASE region WHEN $2 THEN $3::int ELSE $4::int END) AS n
    CROSS JOIN LATERAL (SELECT md5(region || '/' || n)::uuid AS id,
        region || lpad((1 + n % 20)::text, 2, '0') AS district,
        CASE WHEN n % 400 = 0 THEN 'suspended' WHEN n % 97 = 0 THEN 'dormant' ELSE 'ok' END AS standing,
        CASE WHEN n % 1000 = 0 THEN 'C' WHEN n % 100 = 0 THEN 'B' WHEN n % 9 = 0 THEN 'A' END AS band,
        CASE WHEN n % 31 = 0 THEN 'small' WHEN n % 501 = 0 THEN 'medium' ELSE 'micro' END AS class,
        CASE WHEN n % 45 = 0 THEN 'first_sale' WHEN n % 18 = 0 THEN 'published' WHEN n % 9 = 0 THEN 'verified'
            WHEN n % 8 = 0 THEN 'account' WHEN n % 7 = 0 THEN 'trained' ELSE 'collected' END AS milestone,
        concat_ws(' ', CASE WHEN n % 3 = 0 THEN 'Warung' ELSE 'Usaha' END, ($5::text[])[n % 40 + 1],
            ($6::text[])[n / 40 % 40 + 1], ($7::text[])[n / 7 % 10 + 1], n) AS name
    ) AS v
"""
_VENDORS = (
    """
INSERT INTO vendors (tenant_id, vendor_id, version, name, name_key, district_code, profile, sealed, owner_group_id,
    class_derived, standing, band, collected_on, trained_on, account_on, verified_on, published_on, first_sale_on,
    tax_profile, payout_ready, conflict_of_interest, verified_fields, created_at, updated_at, phone_hash, blacklisted,
    producer_of)
SELECT region, v.id, 1, v.name, lower(v.name), v.district, jsonb_build_object('main_product', 'Nasi kotak',
    'entity_kind', 'individual'), decode(repeat('00', 120), 'hex'), v.id, v.class, v.standing, v.band,
    date '2026-01-05',
    CASE WHEN n % 7 = 0 THEN date '2026-01-10' END,
    CASE WHEN v.milestone IN ('account', 'verified', 'published', 'first_sale') THEN date '2026-01-12' END,
    CASE WHEN v.milestone IN ('verified', 'published', 'first_sale') THEN date '2026-01-15' END,
    CASE WHEN v.milestone IN ('published', 'first_sale') THEN date '2026-01-20' END,
    CASE WHEN v.milestone = 'first_sale' THEN date '2026-02-01' END,
    '{}', true, n % 1777 = 0, '{}', timestamptz '2026-01-05', timestamptz '2026-01-05', decode(md5(v.id::text), 'hex'),
    false, '{}'
"""
    + _SPREAD
)
_PUBLIC = (
    """
INSERT INTO public_vendors (tenant_id, vendor_id, display_name, search_text, entity_kind, business_class, district_code,
    main_product, standing, band, milestone)
SELECT region, v.id, v.name, lower(v.name) || ' nasi kotak', 'individual', v.class, v.district, 'Nasi kotak',
    v.standing, v.band, v.milestone
"""
    + _SPREAD
)
_OWNERS = (
    "INSERT INTO owners (tenant_id, owner_id, name, sealed, nik_hash) SELECT region, v.id, 'Siti ' || n, "
    "decode(repeat('00', 90), 'hex'), decode(md5('nik' || v.id::text), 'hex')" + _SPREAD
)
_LINKS = "INSERT INTO vendor_owners (tenant_id, vendor_id, place, owner_id) SELECT region, v.id, 0, v.id" + _SPREAD
_SANCTIONS = """
INSERT INTO sanctions (tenant_id, sanction_id, vendor_id, kind, scope, state, valid_from, valid_to, basis_letter,
    issuer, reason, version)
SELECT tenant_id, vendor_id, vendor_id, 'suspension', 'region', 'imposed', date '2026-01-01', date '2036-01-01',
    'SK/1', 'Dinas', 'Uji', 1
FROM vendors WHERE standing = 'suspended' AND tenant_id = ANY ($1)
"""
_FILTERS: dict[str, dict[str, str]] = {
    "none": {},
    "district": {"district": f"{LARGE}07"},
    "standing": {"standing": "suspended"},
    "milestone": {"milestone": "first_sale"},
    "band": {"band": "C"},
    "class": {"business_class": "medium"},
    "common word": {"q": _WORDS[0]},
    "rare word": {"q": _WORDS[1]},
    "mistyped word": {"q": _WORDS[2]},
    "band and district": {"band": "B", "district": f"{LARGE}01"},
    "word and district": {"q": _WORDS[1], "district": f"{LARGE}07"},
    "word and standing": {"q": _WORDS[0], "standing": "dormant"},
    "class, milestone, band": {"business_class": "small", "milestone": "verified", "band": "A"},
    "nothing fits": {"band": "C", "business_class": "medium", "district": f"{LARGE}03"},
}
_COLUMNS = {
    "district": "district_code = '{}'",
    "standing": "standing = '{}'",
    "band": "band = '{}'",
    "business_class": "business_class = '{}'",
    "milestone": "milestone = ANY ('{{{}}}')",
    "q": "search_text LIKE '%{}%'",
}
_FROM = {"first_sale": "first_sale", "verified": "verified,published,first_sale"}


@dataclass(frozen=True, slots=True)
class Register:
    """The filled register, and how to ask it."""

    stack: Stack
    client: Client
    postgres: Postgres
    meter: Meter
    seconds: float


async def fill_register(postgres: Postgres) -> tuple[int, float]:
    """Fill the register; return how many businesses it holds, and the seconds that took."""
    started = time.monotonic()
    regions = [LARGE, SMALL, *(f"{9000 + number}" for number in range(REGIONS - 2))]
    arguments: tuple[Any, ...] = (LARGE, LARGE_COUNT, PER_REGION, NOUNS, MATERIALS, ORIGINS)
    connection = await postgres.connect("bela_vendor")
    # What is loaded is thrown away after the run.
    await connection.execute("SET synchronous_commit = off")
    for start in range(0, len(regions), _AT_ONCE):
        some = regions[start : start + _AT_ONCE]
        for statement in (_VENDORS, _PUBLIC):
            await connection.execute(statement, some, *arguments, timeout=300)
        # Owners and sanctions are read by the key of a page; only the regions that are asked need them.
        if start == 0:
            for statement in (_OWNERS, _LINKS):
                await connection.execute(statement, some, *arguments, timeout=300)
            await connection.execute(_SANCTIONS, some, timeout=300)
    for table in ("vendors", "public_vendors", "owners", "vendor_owners", "sanctions"):
        await connection.execute(f"VACUUM ANALYZE {table}", timeout=300)
    count = await connection.fetchval("SELECT count(*) FROM vendors", timeout=300)
    await connection.close()
    return int(count), time.monotonic() - started


async def measure_lists(register: Register, count: int) -> list[Result]:
    """Measure a page of the list for everybody and for officers, with each filter, from its first and a later page."""
    results = []
    for who, token in (("public", None), ("officer", register.stack.token(f"koperindag_officer.{LARGE}"))):
        start, slowest, times = register.meter.sample(), ("", 0.0), []
        failures: dict[str, int] = {}
        for name, wanted in _FILTERS.items():
            outcome = await _pages(register, wanted, token)
            failures |= outcome.failures
            times += outcome.times
            slowest = max(slowest, (name, outcome.quantile_ms(0.99)), key=lambda one: one[1])
        window = register.meter.since(start)
        limit = await _raw(register)
        results.append(_listed(who, count, slowest, times, limit, window, failures))
    return results


async def _pages(register: Register, wanted: dict[str, str], token: str | None) -> Outcome:
    dice = random.Random(2026)
    path = f"/vendor/v1/regions/{LARGE}/vendors"
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    first = await register.client.request(
        "GET", f"{path}?{urllib.parse.urlencode({**wanted, 'page_size': PAGE})}", headers=headers
    )
    tokens = [None, first.json.get("next_page_token")]

    async def act() -> str:
        query: dict[str, Any] = {**wanted, "page_size": PAGE}
        after = dice.choice(tokens)
        if after is not None:
            query["page_token"] = after
        answer = await register.client.request("GET", f"{path}?{urllib.parse.urlencode(query)}", headers=headers)
        return "" if answer.status == 200 else str(answer.status)

    return await closed_loop(act, USERS, max(1.0, register.seconds / 4))


async def _raw(register: Register) -> Outcome:
    scripts = []
    for wanted in _FILTERS.values():
        where = [_COLUMNS[name].format(_FROM.get(value, value)) for name, value in wanted.items()]
        narrowed = " AND ".join([f"tenant_id = '{LARGE}'", *where])
        scripts.append(f"SELECT * FROM public_vendors WHERE {narrowed} ORDER BY vendor_id LIMIT {PAGE + 1};\n")
    outcome, _ = await register.postgres.pgbench(
        scripts, database="bela_vendor", user="vendor_app", clients=USERS, seconds=max(3.0, register.seconds / 2)
    )
    return outcome


def _listed(
    who: str,
    count: int,
    slowest: tuple[str, float],
    times: list[float],
    limit: Outcome,
    window: Window,
    failures: dict[str, int],
) -> Result:
    whole = Outcome(window.seconds, times)
    p50, p99, raw = whole.quantile_ms(0.5), whole.quantile_ms(0.99), limit.quantile_ms(0.99)
    cost = window.core_ms(len(times))
    return Result(
        "VENDORS",
        f"{who}: a page of {PAGE} of {count:,} businesses, each of {len(_FILTERS)} filters, c{USERS}",
        f"slowest filter p99 {slowest[1]:.0f} ms",
        f"p99 {raw:.1f} ms",
        f"{slowest[1] / raw:.1f} x" if raw else "",
        slowest[1] < GATE_LIST_MS and not failures,
        f"slowest: {slowest[0]}; all filters p50 {p50:.1f} ms, p99 {p99:.1f} ms, {whole.rate:.0f}/s; "
        f"{breakdown(cost)} = {cost['all']:.1f} core-ms; "
        f"raw p50 {limit.quantile_ms(0.5):.1f} ms; {quietness([window])}; refused {failures or 'none'}",
    )


async def measure_eligibility(register: Register) -> Result:
    """Measure `CheckEligibility` for a hundred businesses over gRPC, beside its own statement by pgbench."""
    connection = await register.postgres.connect("bela_vendor")
    rows = await connection.fetch("SELECT vendor_id FROM vendors WHERE tenant_id = $1 LIMIT 5000", LARGE)
    await connection.close()
    ids = [str(row["vendor_id"]) for row in rows]
    dice = random.Random(2026)
    metadata = (("authorization", f"Bearer {await _service_token(register)}"),)
    limits: list[Outcome] = []
    ours: list[tuple[Outcome, Window]] = []
    async with grpc.aio.insecure_channel(f"unix:{register.stack.info.sockets['vendor']['grpc']}") as channel:
        stub = VendorServiceStub(channel)

        async def ask() -> str:
            request = pb.CheckEligibilityRequest(parent=f"regions/{LARGE}", vendor_ids=dice.sample(ids, BATCH))
            request.value.units, request.value.currency_code = 5_000_000, "IDR"
            request.on.year, request.on.month, request.on.day = 2026, 3, 2
            answer = await stub.CheckEligibility(request, metadata=metadata, timeout=5)
            return "" if len(answer.results) == BATCH else "short"

        await closed_loop(ask, ASKERS, 1.0)
        for _ in range(ROUNDS):
            scripts = [_raw_eligibility(dice.sample(ids, BATCH)) for _ in range(20)]
            limit, _ = await register.postgres.pgbench(
                scripts,
                database="bela_vendor",
                user="vendor_app",
                clients=ASKERS,
                seconds=max(2.0, register.seconds / 3),
            )
            limits.append(limit)
            start = register.meter.sample()
            outcome = await closed_loop(ask, ASKERS, max(2.0, register.seconds / 2))
            ours.append((outcome, register.meter.since(start)))
    return _eligible(limits, ours)


async def _service_token(register: Register) -> str:
    secret = (register.stack.folder / "secrets" / "order.client_secret").read_text().strip()
    form = {"grant_type": "client_credentials", "client_id": "svc:order", "client_secret": secret}
    issuer = Client(register.stack.issuer_url)
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = await issuer.request("POST", "/token", headers=headers, body=urllib.parse.urlencode(form).encode())
    await issuer.close()
    return str(answer.json["access_token"])


def _raw_eligibility(some: list[str]) -> str:
    wanted = "{" + ",".join(some) + "}"
    return f"""
BEGIN;
SET LOCAL app.tenant = '{LARGE}';
SELECT v.vendor_id, v.standing, v.band, v.conflict_of_interest, v.verified_until,
    (SELECT max(valid_to) FROM sanctions AS s WHERE s.tenant_id = v.tenant_id AND s.vendor_id = v.vendor_id
        AND s.state = 'imposed' AND date '2026-03-02' BETWEEN s.valid_from AND s.valid_to) AS until
FROM vendors AS v WHERE v.tenant_id = '{LARGE}' AND v.vendor_id = ANY ('{wanted}'::uuid[]);
COMMIT;
"""


def _eligible(limits: list[Outcome], ours: list[tuple[Outcome, Window]]) -> Result:
    p50, p99 = (median([one.quantile_ms(share) for one, _ in ours]) for share in (0.5, 0.99))
    raw = median([one.quantile_ms(0.99) for one in limits])
    rate = median([one.rate for one, _ in ours])
    cost = ours[-1][1].core_ms(ours[-1][0].count)
    failures = {name: number for one, _ in ours for name, number in one.failures.items()}
    return Result(
        "ELIGIBILITY",
        f"CheckEligibility of {BATCH} businesses over gRPC, c{ASKERS}",
        f"p99 {p99:.1f} ms",
        f"p99 {raw:.1f} ms",
        f"{p99 / raw:.1f} x" if raw else "",
        p99 < GATE_ELIGIBILITY_MS and not failures,
        f"p50 {p50:.1f} ms, {rate:.0f}/s; {breakdown(cost)} = {cost['all']:.1f} core-ms; "
        f"raw {median([one.rate for one in limits]):.0f}/s; "
        f"{quietness([window for _, window in ours])}; refused {failures or 'none'}",
    )
