"""The merge queue and the merges of one region within one transaction."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from bela_kit.core.tenancy import TenantId
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.adapters import tables as t
from vendor_service.adapters.merging.tables import vendor_merges
from vendor_service.adapters.sealing import Sealer
from vendor_service.application.merging.ports import Candidate, CandidateState, Pair
from vendor_service.domain.fields import values_of
from vendor_service.domain.merging.errors import CandidateNotFound, NotMerged
from vendor_service.domain.merging.merge import Merge, Taken
from vendor_service.domain.standing import Standing
from vendor_service.domain.vendor import Moment

_C, _M = t.merge_candidates.c, vendor_merges.c
# A pair that was asked about before, in whichever sequence, is not asked about again.
_FOLLOW = sa.text(
    """
    WITH moved AS (
        UPDATE merge_candidates SET state = 'superseded', decided_at = :now, decided_by = :principal
        WHERE tenant_id = :tenant AND state = 'open' AND :merged IN (vendor_id, other_vendor_id)
        RETURNING vendor_id, other_vendor_id, rule, import_id, found_at
    )
    INSERT INTO merge_candidates (tenant_id, vendor_id, other_vendor_id, rule, import_id, found_at, state)
    SELECT DISTINCT ON (third) :tenant, third, CAST(:survivor AS uuid), rule, import_id, found_at, 'open'
    FROM (
        SELECT CASE WHEN vendor_id = :merged THEN other_vendor_id ELSE vendor_id END AS third, rule, import_id, found_at
        FROM moved
    ) AS asked
    WHERE third <> :survivor AND NOT EXISTS (
        SELECT 1 FROM merge_candidates AS c
        WHERE c.tenant_id = :tenant AND (c.vendor_id, c.other_vendor_id) IN ((third, :survivor), (:survivor, third))
    )
    """
).bindparams(sa.bindparam("merged", type_=sa.Uuid), sa.bindparam("survivor", type_=sa.Uuid))


class SqlMerging:
    """Pairs that may be one business, and what was decided."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId, sealer: Sealer) -> None:
        self._connection = connection
        self._tenant = tenant
        self._sealer = sealer

    async def candidate(self, pair: Pair) -> Candidate:
        """Return a pair, locked; refuses with MERGE_CANDIDATE_NOT_FOUND."""
        query = sa.select(t.merge_candidates).where(self._is(pair)).with_for_update()
        row = (await self._connection.execute(query)).first()
        if row is None:
            raise CandidateNotFound
        return _candidate(row)

    async def page(self, state: CandidateState, after: Pair | None, limit: int) -> list[Candidate]:
        """Return pairs in a state."""
        query = sa.select(t.merge_candidates).where(_C.tenant_id == self._tenant, _C.state == state.value)
        if after is not None:
            query = query.where(sa.tuple_(_C.vendor_id, _C.other_vendor_id) > sa.tuple_(*map(sa.literal, after)))
        rows = await self._connection.execute(query.order_by(_C.vendor_id, _C.other_vendor_id).limit(limit))
        return [_candidate(row) for row in rows]

    async def decide(self, pair: Pair, state: CandidateState, moment: Moment, reason: str) -> None:
        """Note what was decided about a pair, in whichever sequence it stands."""
        both = sa.or_(self._is(pair), self._is((pair[1], pair[0])))
        await self._connection.execute(
            sa.update(t.merge_candidates)
            .where(both)
            .values(
                state=state.value,
                decided_at=moment.now,
                decided_by=moment.actor.principal,
                decision_reason=reason,
            )
        )

    async def follow(self, merged_id: UUID, survivor_id: UUID, moment: Moment) -> None:
        """Let the open questions about a merged business be asked about the one it lives on in."""
        values = {"tenant": self._tenant, "merged": merged_id, "survivor": survivor_id}
        await self._connection.execute(_FOLLOW, {**values, "now": moment.now, "principal": moment.actor.principal})

    async def withdraw(self, vendor_ids: Iterable[UUID], moment: Moment) -> None:
        """Drop the open questions about businesses that were taken back."""
        wanted = sa.any_(sa.literal(list(vendor_ids), ARRAY(sa.Uuid)))
        await self._connection.execute(
            sa.update(t.merge_candidates)
            .where(_C.tenant_id == self._tenant, _C.state == CandidateState.OPEN.value)
            .where(sa.or_(_C.vendor_id == wanted, _C.other_vendor_id == wanted))
            .values(state=CandidateState.WITHDRAWN.value, decided_at=moment.now, decided_by=moment.actor.principal)
        )

    async def add(self, merge: Merge) -> None:
        """Keep a merge."""
        values = values_of(merge)
        taken = values.pop("taken")
        row = {
            **values,
            "tenant_id": self._tenant,
            "former_standing": merge.former_standing.value,
            "sealed": self._sealer.seal_row(self._tenant, values_of(taken)),
        }
        await self._connection.execute(sa.insert(vendor_merges).values(row))

    async def of(self, vendor_id: UUID) -> Merge:
        """Return the merge that a business is in; refuses with NOT_MERGED."""
        query = sa.select(vendor_merges).where(
            _M.tenant_id == self._tenant, _M.vendor_id == vendor_id, _M.undone_at.is_(None)
        )
        row = (await self._connection.execute(query)).mappings().first()
        if row is None:
            raise NotMerged
        return self._merge(row)

    async def into(self, survivor_id: UUID) -> list[UUID]:
        """Return the businesses that live on in another one."""
        v = t.vendors.c
        query = sa.select(v.vendor_id).where(v.tenant_id == self._tenant, v.merged_into == survivor_id)
        return list((await self._connection.execute(query)).scalars())

    async def merged_first(self, survivor_id: UUID) -> list[UUID]:
        """Return the businesses that were merged into this one itself, whatever it was merged into later."""
        query = sa.select(_M.vendor_id).where(
            _M.tenant_id == self._tenant, _M.survivor_id == survivor_id, _M.undone_at.is_(None)
        )
        return list((await self._connection.execute(query)).scalars())

    async def end(self, merge: Merge, moment: Moment) -> None:
        """Note that a merge was undone."""
        statement = sa.update(vendor_merges).where(_M.tenant_id == self._tenant, _M.merge_id == merge.merge_id)
        await self._connection.execute(statement.values(undone_at=moment.now, undone_by=moment.actor.principal))

    def _is(self, pair: Pair) -> sa.ColumnElement[bool]:
        return sa.and_(_C.tenant_id == self._tenant, _C.vendor_id == pair[0], _C.other_vendor_id == pair[1])

    def _merge(self, row: sa.RowMapping) -> Merge:
        taken = self._sealer.open_row(self._tenant, row["sealed"])
        values = {name: row[name] for name in Merge.__slots__ if name not in {"taken", "former_standing"}}
        return Merge(
            **values,
            former_standing=Standing(row["former_standing"]),
            taken=Taken(
                taken["values"],
                tuple(taken["owners"]),
                {name: (before, after) for name, (before, after) in taken["milestones"].items()},
                tuple(taken["members"]),
            ),
        )


def _candidate(row: sa.Row[Any]) -> Candidate:
    return Candidate(row.vendor_id, row.other_vendor_id, row.rule, row.found_at, CandidateState(row.state))
