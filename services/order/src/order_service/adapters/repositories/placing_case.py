"""Everything local that placing an order stands on, in one statement: seven small ones cost seven round trips."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bela_kit.core.tenancy import TenantId
from bela_kit.db import Database
from bela_kit.statements import TenantQuery
from sqlalchemy.ext.asyncio import AsyncConnection

from order_service.adapters.codec import from_document
from order_service.adapters.driver import Statement, fetch
from order_service.adapters.repositories.authority import placed_unit_of
from order_service.adapters.repositories.budget import budget_line_of
from order_service.adapters.repositories.needs import SqlNeeds
from order_service.adapters.repositories.policy import policy_book
from order_service.adapters.seller_mapping import known_seller_of
from order_service.application.orders.case import PlacingCase
from order_service.application.records import KnownSeller
from order_service.domain.need import Need

_CASE_SQL = """
    SELECT n.body AS need, to_jsonb(u) AS unit, to_jsonb(h) AS holder, v.vendor_id, v.home_region, v.guest,
           v.valid_from, v.valid_to, v.revoked, v.category_codes, v.payload,
           (SELECT jsonb_agg(to_jsonb(b)) FROM budget_lines AS b
            WHERE b.tenant_id = n.tenant_id AND b.budget_line_id IN
                (SELECT CAST(one AS uuid) FROM jsonb_array_elements_text(n.body -> 'budget_line_ids') AS one)) AS lines,
           (SELECT jsonb_agg(p.body) FROM policy_rules AS p WHERE p.tenant_id = n.tenant_id) AS policy,
           CAST(s.ranks ->> CAST(v.vendor_id AS text) AS integer) AS rank, s.ranks IS NOT NULL AS list_shown,
           s.best_unit_price_idr,
           EXISTS (SELECT FROM orders AS o WHERE o.tenant_id = n.tenant_id AND o.order_id = :order) AS made
    FROM needs AS n
    JOIN units AS u ON u.tenant_id = n.tenant_id AND u.unit_id = n.unit_id
    JOIN units AS h ON h.tenant_id = n.tenant_id AND h.unit_id = n.budget_holder_id
    JOIN vendors AS v ON v.tenant_id = n.tenant_id AND v.vendor_id = :vendor
    LEFT JOIN LATERAL (
        SELECT ranks, best_unit_price_idr FROM suggestions
        WHERE tenant_id = n.tenant_id AND need_id = n.need_id ORDER BY suggestion_id DESC LIMIT 1
    ) AS s ON true
    WHERE n.tenant_id = :tenant AND n.need_id = :need
"""
_CASE = Statement(_CASE_SQL)
_CASE_ALONE = TenantQuery(_CASE_SQL)


async def placing_case(
    connection: AsyncConnection, tenant: TenantId, need_id: str, vendor_id: str, order_id: str | None
) -> PlacingCase | None:
    """Return what an order of a need from a seller stands on; None if either is not known."""
    values = {"tenant": tenant, "need": need_id, "vendor": vendor_id, "order": order_id}
    return _case_of(tenant, await fetch(connection, _CASE, values))


class CasesAlone:
    """`CaseSource` outside of any transaction: what is read before a remote call, in one round trip."""

    def __init__(self, db: Database, tenant: TenantId) -> None:
        self._db = db
        self.tenant = tenant

    @property
    def orders(self) -> "CasesAlone":
        """Return what finds cases."""
        return self

    @property
    def needs(self) -> "CasesAlone":
        """Return what finds needs."""
        return self

    async def case(self, need_id: str, vendor_id: str, order_id: str | None = None) -> PlacingCase | None:
        """Return what an order of a need from a seller stands on, and whether it has been made already."""
        values = {"tenant": self.tenant, "need": need_id, "vendor": vendor_id, "order": order_id}
        return _case_of(self.tenant, await _CASE_ALONE.fetch(self._db, values))

    async def get(self, need_id: str) -> Need | None:
        """Return one need."""
        async with self._db.tenant_transaction(self.tenant) as connection:
            return await SqlNeeds(connection, self.tenant).get(need_id)


def _case_of(tenant: TenantId, rows: Sequence[Any]) -> PlacingCase | None:
    if not rows:
        return None
    row = rows[0]
    lines = [budget_line_of(line) for line in row["lines"] or ()]
    return PlacingCase(
        need=from_document(Need, row["need"]),
        unit=placed_unit_of(row["unit"]),
        holder=placed_unit_of(row["holder"]),
        seller=_seller(row),
        lines={line.budget_line_id: line for line in lines},
        policy=policy_book(tenant, row["policy"] or ()),
        rank=row["rank"] or 0,
        list_shown=row["list_shown"],
        best_unit_price=row["best_unit_price_idr"],
        made=row["made"],
    )


def _seller(row: Mapping[Any, Any]) -> KnownSeller:
    dates: dict[str, date | None] = {name: row[name] for name in ("valid_from", "valid_to")}
    return known_seller_of({name: row[name] for name in ("guest", "revoked", "category_codes", "payload")} | dates)
