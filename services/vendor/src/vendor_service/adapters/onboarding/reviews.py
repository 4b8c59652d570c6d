"""Reviews in PostgreSQL; what a review of identity proposes is sealed."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from bela_kit.core.actor import Actor
from bela_kit.core.tenancy import TenantId
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.adapters.onboarding.tables import vendor_reviews as r
from vendor_service.adapters.rows import actor_document
from vendor_service.adapters.sealing import Sealer
from vendor_service.application.reviews.ports import ReviewFilter
from vendor_service.domain.fields import values_of
from vendor_service.domain.profile import Band
from vendor_service.domain.reviews.errors import ReviewNotFound
from vendor_service.domain.reviews.refusals import RefusalCode
from vendor_service.domain.reviews.review import Review, ReviewKind, ReviewState

_KEYS = frozenset({"tenant_id", "review_id"})


class SqlReviews:
    """Reviews of one region within one transaction."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId, sealer: Sealer) -> None:
        self._connection = connection
        self._tenant = tenant
        self._sealer = sealer

    async def get(self, review_id: UUID) -> Review:
        """Return one, locked; refuses with REVIEW_NOT_FOUND."""
        return await self._one(self._all().where(r.c.review_id == review_id).with_for_update())

    async def peek(self, review_id: UUID) -> Review:
        """Return one to look at, without a lock; refuses with REVIEW_NOT_FOUND."""
        return await self._one(self._all().where(r.c.review_id == review_id))

    async def _one(self, query: sa.Select[Any]) -> Review:
        row = (await self._connection.execute(query)).mappings().first()
        if row is None:
            raise ReviewNotFound
        return self._review(row)

    async def add(self, review: Review) -> Review:
        """Store a new one; returns the open one of its kind instead if the business has one."""
        statement = postgresql.insert(r).values(self._row(review))
        result = await self._connection.execute(
            statement.on_conflict_do_nothing(
                index_elements=["tenant_id", "vendor_id", "kind"], index_where=sa.text("state = 'open'")
            )
        )
        if result.rowcount == 1:
            return review
        return (await self.open_of(review.vendor_id))[review.kind]

    async def save(self, review: Review) -> None:
        """Store what has changed; it was read under lock."""
        review.version += 1
        values = {name: value for name, value in self._row(review).items() if name not in _KEYS}
        await self._connection.execute(
            sa.update(r).where(r.c.tenant_id == self._tenant, r.c.review_id == review.review_id).values(values)
        )

    async def erase(self, vendor_id: UUID) -> int:
        """End the reviews of a business, and forget what they proposed and what was noted; say how many changed."""
        statement = (
            sa.update(r)
            .where(r.c.tenant_id == self._tenant, r.c.vendor_id == vendor_id)
            .where(sa.or_(r.c.sealed.is_not(None), r.c.note != "", r.c.state == ReviewState.OPEN.value))
            .values(sealed=None, note="", state=sa.case((r.c.state == "open", "withdrawn"), else_=r.c.state))
        )
        return (await self._connection.execute(statement)).rowcount

    async def open_of(self, vendor_id: UUID) -> dict[ReviewKind, Review]:
        """Return the open reviews of a business, locked."""
        query = self._all().where(r.c.vendor_id == vendor_id, r.c.state == ReviewState.OPEN.value)
        rows = (await self._connection.execute(query.order_by(r.c.review_id).with_for_update())).mappings()
        return {review.kind: review for review in map(self._review, rows)}

    async def of_vendor(self, vendor_id: UUID, limit: int) -> list[Review]:
        """Return the reviews of a business, newest first."""
        query = self._all().where(r.c.vendor_id == vendor_id).order_by(r.c.review_id.desc()).limit(limit)
        return [self._review(row) for row in (await self._connection.execute(query)).mappings()]

    async def page(self, wanted: ReviewFilter, after: UUID | None, limit: int) -> list[Review]:
        """Return reviews, oldest first: the queue."""
        query = self._all().where(r.c.state == wanted.state)
        if wanted.kind is not None:
            query = query.where(r.c.kind == wanted.kind)
        if wanted.vendor_id is not None:
            query = query.where(r.c.vendor_id == wanted.vendor_id)
        if after is not None:
            query = query.where(r.c.review_id > after)
        rows = (await self._connection.execute(query.order_by(r.c.review_id).limit(limit))).mappings()
        return [self._review(row) for row in rows]

    def _all(self) -> sa.Select[Any]:
        return sa.select(r).where(r.c.tenant_id == self._tenant)

    def _row(self, review: Review) -> dict[str, Any]:
        values = values_of(review)
        proposed = values.pop("proposed")
        del values["tenant"]
        return {
            **values,
            "tenant_id": self._tenant,
            "kind": review.kind.value,
            "state": review.state.value,
            "band": review.band.value if review.band else None,
            "evidence_ids": list(review.evidence_ids),
            "refusal_codes": [code.value for code in review.refusal_codes],
            "sealed": self._sealer.seal_row(self._tenant, proposed) if proposed else None,
            "opened_by": actor_document(review.opened_by),
            "decided_by": actor_document(review.decided_by) if review.decided_by else None,
        }

    def _review(self, row: sa.RowMapping) -> Review:
        values = {name: row[name] for name in row if name not in ("tenant_id", "sealed")}
        return Review(
            **{
                **values,
                "tenant": self._tenant,
                "kind": ReviewKind(row["kind"]),
                "state": ReviewState(row["state"]),
                "band": Band(row["band"]) if row["band"] else None,
                "evidence_ids": tuple(row["evidence_ids"]),
                "refusal_codes": tuple(RefusalCode(code) for code in row["refusal_codes"]),
                "proposed": self._sealer.open_row(self._tenant, row["sealed"]) if row["sealed"] else {},
                "opened_by": Actor(**row["opened_by"]),
                "decided_by": Actor(**row["decided_by"]) if row["decided_by"] else None,
            }
        )
