"""Days from BAST to payment: one row per handover, replaced whenever the order changed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from bela_kit.statements import Statement
from sqlalchemy.ext.asyncio import AsyncConnection

from reporting_service.adapters import tables
from reporting_service.facts.order import PRIVATE_GROUP, OrderFacts
from reporting_service.projections import rows

_FORGET = Statement(
    """
    DELETE FROM handovers USING jsonb_to_recordset(CAST(:rows AS jsonb)) AS given (tenant_id text, order_id text)
    WHERE handovers.tenant_id = given.tenant_id AND handovers.order_id = given.order_id
    """
)


async def replace_handovers(connection: AsyncConnection, changed: Sequence[OrderFacts]) -> None:
    """Write the handovers of changed orders anew; a private group has no treasurer to time."""
    known = [facts for facts in changed if facts.handovers and facts.payer_kind != PRIVATE_GROUP]
    if not known:
        return
    keys = [{"tenant_id": facts.tenant, "order_id": facts.order_id} for facts in known]
    await _FORGET.fetch(connection, {"rows": orjson.dumps(keys).decode()})
    await rows.insert_new(connection, tables.handovers, [row for facts in known for row in handover_rows(facts)])


def handover_rows(facts: OrderFacts) -> Iterable[Mapping[str, Any]]:
    """Return one row per BAST of an order."""
    for handover in facts.handovers:
        yield {
            "tenant_id": facts.tenant,
            "order_id": facts.order_id,
            "handover_id": handover.handover_id,
            "fiscal_year": facts.fiscal_year,
            "budget_holder_id": facts.budget_holder_id,
            "seller_district_code": facts.seller.district_code,
            "handed_over_on": handover.on,
            "paid_on": facts.paid_on(handover),
            "value_idr": handover.value_idr,
        }
