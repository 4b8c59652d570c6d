"""What buyers see: search, detail, offers. Reads the `public_*` tables alone, and always for one region.

The hottest reads of the catalog, so search and detail are asked of the driver itself, by statements made once for each
combination of filters: the region is the first column of every index they use, and words are ranked only among the
region's own hits.
"""

import functools
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from bela_kit.core.pages import Page, PageRequest
from bela_kit.core.tenancy import TenantId
from bela_kit.pagination import BadPageToken, decode_token, encode_token
from bela_kit.statements import Statement
from sqlalchemy.ext.asyncio import AsyncConnection

from catalog_service.adapters.product_repository import certificates_of
from catalog_service.adapters.rows import as_uuid
from catalog_service.application.ports import CategorySeller, JsonObject, Listing, ListingFilter, Location
from catalog_service.domain.reference import SupplyType
from catalog_service.domain.spelling import Vocabulary

_CARD = """
    p.product_id::text AS product_id, p.tenant_id AS region, p.home_tenant_id AS vendor_region, p.version,
    p.vendor_id::text AS vendor_id, p.vendor_name, p.vendor_district_code, p.guest, p.title, p.category_code,
    p.profile_code, p.unit, p.unit_price_idr, p.price_includes_ppn, p.supply_type, p.capacity_per_day,
    p.capacity_confirmed, p.lead_time_hours, p.delivery_district_codes, p.state
"""
_ON_SALE = (
    "p.tenant_id = :tenant AND p.visible "
    "AND (NOT p.guest OR (p.guest_from <= :today AND (p.guest_to IS NULL OR p.guest_to >= :today)))"
)
_MATCH = "p.tsv @@ to_tsquery('catalog_indonesian', :query)"
_RANK = "CAST(ts_rank(p.tsv, to_tsquery('catalog_indonesian', :query)) * 1000000 AS integer)"
_ALIKE = ":query <% p.search_text"
_LIKENESS = "CAST(word_similarity(:query, p.search_text) * 1000000 AS integer)"
_CONDITIONS = {
    "category": "p.category_code = :category",
    "group": "p.category_code >= CAST(:category AS text) || '.' AND p.category_code < CAST(:category AS text) || '/'",
    "profile": "p.profile_code = :profile",
    "district": "p.vendor_district_code = :district",
    "vendor_id": "p.vendor_id = CAST(:vendor_id AS uuid)",
    "max_price_idr": "p.unit_price_idr <= :max_price_idr",
}
# How alike a misspelt query must be to a part of a title; the default 0.6 misses one wrong letter in a word,
# and 0.5 takes one of five letters for enough.
_THRESHOLD = sa.text("SELECT set_config('pg_trgm.word_similarity_threshold', '0.52', true)")

_DETAIL = Statement(
    f"SELECT {_CARD}, p.description, p.certificates FROM public_products p "  # noqa: S608
    f"WHERE {_ON_SALE} AND p.product_id = CAST(:product AS uuid)"
)
_OFFERS = sa.text(
    f"SELECT {_CARD}, p.certificates FROM public_products p "  # noqa: S608
    "WHERE p.tenant_id = :tenant AND p.profile_code = :profile AND p.state IN ('published', 'moderated') "
    "AND p.vendor_may_sell "
    "AND (NOT p.guest OR (p.guest_from <= :today AND (p.guest_to IS NULL OR p.guest_to >= :today))) "
    "ORDER BY p.product_id"
)
_SELLERS = sa.text(
    f"""
    SELECT p.vendor_id::text AS vendor_id, COALESCE(v.owner_group_id, '') AS owner_group_id,
        p.vendor_district_code AS district_code,
        COALESCE(max(p.capacity_per_day) FILTER (WHERE p.unit = :unit), 0) AS capacity_per_day
    FROM public_products p LEFT JOIN vendors v ON v.tenant_id = p.tenant_id AND v.vendor_id = p.vendor_id
    WHERE {_ON_SALE} AND p.category_code = :category
    GROUP BY p.vendor_id, v.owner_group_id, p.vendor_district_code ORDER BY p.vendor_id
    """  # noqa: S608
)
_LOCATE = sa.text(
    """
    SELECT product_id::text AS product_id, home_tenant_id, vendor_id::text AS vendor_id
    FROM public_products WHERE product_id = ANY (CAST(:products AS uuid[])) AND NOT guest
    """
)


class SqlListings:
    """Public reading on one open transaction, which need not be bound to any region."""

    def __init__(self, connection: AsyncConnection, vocabulary: Vocabulary) -> None:
        self._connection = connection
        self._vocabulary = vocabulary

    async def search(self, tenant: TenantId, wanted: ListingFilter, page: PageRequest) -> Page[JsonObject]:
        """Return offers on sale, best match first; without words, newest first.

        A query that finds nothing is tried again, first with misspelt words of the trade corrected, then by likeness
        to titles and names of sellers. A token continues the way that found the first page.
        """
        start = _start(page.token)
        query = wanted.query
        if query is None or query.empty:
            return await self._page(tenant, wanted, page.size, "new", "", start)
        ways = [("words", query.tsquery)]
        corrected = self._vocabulary.correct(query)
        if corrected is not None:
            ways.append(("corrected", corrected.tsquery))
        ways.append(("alike", query.plain))
        for way, text in ways:
            if start is not None and start["way"] != way:
                continue
            if way == "alike":
                await self._connection.execute(_THRESHOLD)
            found = await self._page(tenant, wanted, page.size, way, text, start)
            if found.items or start is not None:
                return found
        return Page([])

    async def get(self, tenant: TenantId, product_id: str, today: date) -> JsonObject | None:
        """Return the public view of an offer on sale."""
        values = {"tenant": tenant, "product": product_id, "today": today}
        rows = await _DETAIL.fetch(self._connection, values)
        return dict(rows[0].items()) if rows else None

    async def offers(self, tenant: TenantId, profile_code: str, today: date) -> list[Listing]:
        """Return every published or moderated offer of a profile whose seller may sell."""
        values = {"tenant": tenant, "profile": profile_code, "today": today}
        return [_listing(row) for row in (await self._connection.execute(_OFFERS, values)).mappings()]

    async def sellers(self, tenant: TenantId, category_code: str, unit: str, today: date) -> list[CategorySeller]:
        """Return the sellers of a category; asked inside a transaction of the region, since groups are not public."""
        values = {"tenant": tenant, "category": category_code, "unit": unit, "today": today}
        return [CategorySeller(**row) for row in (await self._connection.execute(_SELLERS, values)).mappings()]

    async def locate(self, product_ids: Sequence[str]) -> list[Location]:
        """Return where products live, whatever the region."""
        rows = await self._connection.execute(_LOCATE, {"products": list(product_ids)})
        return [Location(row.product_id, TenantId(row.home_tenant_id), row.vendor_id) for row in rows]

    async def _page(
        self, tenant: TenantId, wanted: ListingFilter, size: int, way: str, text: str, start: Mapping[str, Any] | None
    ) -> Page[JsonObject]:
        values: dict[str, Any] = {"tenant": tenant, "today": wanted.today, "size": size + 1}
        names = []
        for name in ("category", "profile", "district", "vendor_id", "max_price_idr"):
            value = getattr(wanted, name)
            if value is not None:
                names.append("group" if name == "category" and "." not in value else name)
                values[name] = value
        if way != "new":
            values["query"] = text
        if start is not None:
            values |= {"score": start["score"], "last": start["id"]}
        statement = _statement(way, tuple(names), start is not None)
        rows = [dict(row.items()) for row in await statement.fetch(self._connection, values)]
        more = len(rows) > size
        rows = rows[:size]
        token = encode_token({"way": way, "score": rows[-1]["score"], "id": rows[-1]["product_id"]}) if more else None
        for row in rows:
            del row["score"]
        return Page(rows, token)


def _start(token: str | None) -> dict[str, Any] | None:
    if token is None:
        return None
    keys = decode_token(token, "way", "score", "id")
    last = as_uuid(keys["id"])
    score = keys["score"]
    if last is None or not isinstance(score, int) or not -(2**31) <= score < 2**31:
        raise BadPageToken
    return {"way": keys["way"], "score": score, "id": last}


@functools.cache
def _statement(way: str, names: tuple[str, ...], continued: bool) -> Statement:
    """Return the statement for a way of searching and a set of filters; there are a few dozen of them in all."""
    score = {"new": "0", "words": _RANK, "corrected": _RANK, "alike": _LIKENESS}[way]
    conditions = [_ON_SALE, *(_CONDITIONS[name] for name in names)]
    if way != "new":
        conditions.append(_ALIKE if way == "alike" else _MATCH)
    if continued:
        conditions.append(f"({score}, p.product_id) < (CAST(:score AS integer), CAST(:last AS uuid))")
    order = "p.product_id DESC" if way == "new" else "score DESC, p.product_id DESC"
    return Statement(
        f"SELECT {_CARD}, {score} AS score FROM public_products p "  # noqa: S608 - fixed fragments of this module
        f"WHERE {' AND '.join(conditions)} ORDER BY {order} LIMIT :size"
    )


def _listing(row: Mapping[Any, Any]) -> Listing:
    return Listing(
        tenant=TenantId(row["region"]),
        home=TenantId(row["vendor_region"]),
        product_id=row["product_id"],
        version=row["version"],
        vendor_id=row["vendor_id"],
        title=row["title"],
        category_code=row["category_code"],
        profile_code=row["profile_code"],
        unit=row["unit"],
        unit_price_idr=row["unit_price_idr"],
        price_includes_ppn=row["price_includes_ppn"],
        supply_type=SupplyType(row["supply_type"]),
        capacity_per_day=row["capacity_per_day"],
        capacity_confirmed=row["capacity_confirmed"],
        lead_time_hours=row["lead_time_hours"],
        delivery_district_codes=tuple(row["delivery_district_codes"]),
        certificates=certificates_of(row["certificates"]),
        state=row["state"],
    )
