"""The one statement behind `CheckEligibility`; asked at every signature, so it goes straight to the driver."""

from collections.abc import Iterable
from uuid import UUID

from asyncpg import Record
from bela_kit.core.tenancy import TenantId
from bela_kit.statements import Statement
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.application.eligibility import Candidate, Question
from vendor_service.domain.profile import Band
from vendor_service.domain.sanctions.restraint import Restraint
from vendor_service.domain.standing import Standing

ELIGIBILITY = """
    SELECT vendor_id, v.standing, v.band, v.conflict_of_interest, v.verified_until,
        CAST(:category AS text) = ANY (v.producer_of) AS is_producer, s.until, s.blacklisted,
        CAST(:buyer AS text) = v.tenant_id OR EXISTS (
            SELECT FROM guest_grants AS g
            WHERE g.tenant_id = v.tenant_id AND g.vendor_id = v.vendor_id AND g.host_region = :buyer AND NOT g.revoked
                AND g.valid_from <= CAST(:on_day AS date) AND (g.valid_to IS NULL OR g.valid_to >= :on_day)
                AND (:category = '' OR g.category_codes = '{}' OR :category = ANY (g.category_codes))
        ) AS is_guest
    FROM vendors AS v
    LEFT JOIN (
        SELECT vendor_id, max(valid_to) AS until, bool_or(kind = 'blacklist') AS blacklisted
        FROM sanctions
        WHERE tenant_id = :tenant AND vendor_id = ANY (CAST(:ids AS uuid[])) AND state = 'imposed'
            AND :on_day BETWEEN valid_from AND valid_to
        GROUP BY vendor_id
    ) AS s USING (vendor_id)
    WHERE v.tenant_id = :tenant AND v.vendor_id = ANY (CAST(:ids AS uuid[]))
"""
_STATEMENT = Statement(ELIGIBILITY)


class SqlEligibility:
    """What decides about businesses of one region."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId) -> None:
        self._connection = connection
        self._tenant = tenant

    async def candidates(self, vendor_ids: Iterable[UUID], question: Question) -> dict[UUID, Candidate]:
        """Return what decides about businesses; unknown ones are left out."""
        values = {
            "tenant": self._tenant,
            "ids": list(vendor_ids),
            "on_day": question.on,
            "category": question.category_code,
            "buyer": question.buyer or self._tenant,
        }
        return {row["vendor_id"]: _candidate(row) for row in await _STATEMENT.fetch(self._connection, values)}


def _candidate(row: Record) -> Candidate:
    return Candidate(
        standing=Standing(row["standing"]),
        band=Band(row["band"]) if row["band"] else None,
        conflict_of_interest=row["conflict_of_interest"],
        restraint=Restraint(row["until"], row["blacklisted"]) if row["until"] else None,
        verified_until=row["verified_until"],
        is_producer=row["is_producer"],
        is_guest=row["is_guest"],
    )
