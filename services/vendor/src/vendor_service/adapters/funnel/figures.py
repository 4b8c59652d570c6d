"""Figures of the funnel: one grouped statement a question, over the rows of one region."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from bela_kit.core.tenancy import TenantId
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.adapters.onboarding.tables import funnel_targets
from vendor_service.application.funnel.ports import AllFigures
from vendor_service.domain.events import VendorEvent
from vendor_service.domain.funnel.figures import PACE_DAYS, STEPS, Figures, Target
from vendor_service.domain.profile import MILESTONE_NAMES
from vendor_service.domain.standing import Standing
from vendor_service.domain.vendor import Moment

_T = funnel_targets.c
_COUNTED = [one.value for one in Standing if one is not Standing.MERGED]
_COLUMNS = ",\n".join(
    [f"count({name}_on) AS {name}" for name in MILESTONE_NAMES]
    + [f"count(*) FILTER (WHERE {name}_on > :since) AS recent_{name}" for name in MILESTONE_NAMES]
    + [f"count(*) FILTER (WHERE standing = '{one}') AS standing_{one}" for one in _COUNTED]
    + [
        f"percentile_disc(0.5) WITHIN GROUP (ORDER BY {end}_on - {start}_on) "
        f"FILTER (WHERE {end}_on >= {start}_on) AS days_{end}"
        for start, end in STEPS
    ]
)
# A duplicate that was merged counts once, in the row that it was merged into.
_FIGURES = sa.text(
    f"""
    WITH figures AS (
        SELECT district_code, GROUPING(district_code) = 1 AS whole, {_COLUMNS},
            count(*) FILTER (WHERE published_on IS NOT NULL AND standing = 'ok') AS active
        FROM vendors WHERE tenant_id = :tenant AND standing <> 'merged'
        GROUP BY GROUPING SETS ((district_code), ())
    )
    SELECT a.code, a.name, f.* FROM areas AS a LEFT JOIN figures AS f ON f.district_code = a.code
    WHERE a.parent = :tenant
    UNION ALL
    SELECT NULL, NULL, f.* FROM figures AS f WHERE f.whole
    ORDER BY code NULLS FIRST
    """  # noqa: S608 - built from names of this module alone
)
_MOVES = (VendorEvent.COLLECTED, VendorEvent.TRAINED, VendorEvent.ACCOUNT_OPENED, VendorEvent.VERIFIED)
_OFFICERS = sa.text(
    """
    SELECT actor ->> 'principal' AS principal, actor ->> 'role' AS role,
        count(*) FILTER (WHERE event = 'vendor_collected') AS collected,
        count(*) FILTER (WHERE event = 'vendor_trained') AS trained,
        count(*) FILTER (WHERE event = 'vendor_account_opened') AS accounts,
        count(*) FILTER (WHERE event = 'vendor_verified') AS verified,
        count(*) FILTER (WHERE event = 'vendor_standing_changed') AS standing_changes,
        count(*) FILTER (WHERE actor ->> 'on_behalf_of' IS NOT NULL) AS on_behalf
    FROM vendor_transitions
    WHERE tenant_id = :tenant AND occurred_at >= :since AND event = ANY (CAST(:events AS text[]))
    GROUP BY 1, 2 ORDER BY verified DESC, principal, role
    """
)
_DROPS = sa.text(
    """
    SELECT 'refused' AS how, code AS reason, count(*) AS count
    FROM vendor_reviews, unnest(refusal_codes) AS code
    WHERE tenant_id = :tenant AND state = 'refused' AND decided_at >= :since
    GROUP BY code
    UNION ALL
    SELECT standing, reason, count(*) FROM vendor_transitions
    WHERE tenant_id = :tenant AND event = 'vendor_standing_changed' AND standing <> 'ok' AND occurred_at >= :since
    GROUP BY standing, reason
    ORDER BY count DESC, how, reason LIMIT :limit
    """
)


class SqlFunnel:
    """Figures and targets of one region within one transaction."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId) -> None:
        self._connection = connection
        self._tenant = tenant

    async def all(self, today: date) -> AllFigures:
        """Return counts, paces, standings and medians of the region and each kecamatan."""
        values = {"tenant": self._tenant, "since": today - timedelta(days=PACE_DAYS)}
        total, *districts = [_figures(row) for row in (await self._connection.execute(_FIGURES, values)).mappings()]
        return AllFigures(total, districts)

    async def by_officer(self, since: datetime) -> Sequence[dict[str, Any]]:
        """Return how many businesses each person and role has moved past each milestone."""
        events = [one.value for one in (*_MOVES, VendorEvent.STANDING_CHANGED)]
        rows = await self._connection.execute(_OFFICERS, {"tenant": self._tenant, "since": since, "events": events})
        return [dict(row) for row in rows.mappings()]

    async def drops(self, since: datetime, limit: int) -> Sequence[dict[str, Any]]:
        """Return why businesses were refused or left the way, the most frequent first."""
        rows = await self._connection.execute(_DROPS, {"tenant": self._tenant, "since": since, "limit": limit})
        return [dict(row) for row in rows.mappings()]

    async def targets(self) -> Sequence[Target]:
        """Return every target, by kecamatan."""
        query = _select().order_by(_T.district_code, _T.milestone).where(_T.tenant_id == self._tenant)
        return [Target(*row) for row in await self._connection.execute(query)]

    async def target(self, district_code: str, milestone: str) -> Target | None:
        """Return one target, locked."""
        query = _select().where(
            _T.tenant_id == self._tenant, _T.district_code == district_code, _T.milestone == milestone
        )
        row = (await self._connection.execute(query.with_for_update())).first()
        return None if row is None else Target(*row)

    async def set_target(self, target: Target, moment: Moment) -> None:
        """Store a target in the place of the one before."""
        changed = {
            "target": target.target,
            "due_on": target.due_on,
            "version": target.version,
            "set_by": moment.actor.principal,
            "set_at": moment.now,
        }
        keys = {"tenant_id": self._tenant, "district_code": target.district_code, "milestone": target.milestone}
        statement = postgresql.insert(funnel_targets).values({**keys, **changed})
        await self._connection.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=changed))


def _select() -> sa.Select[Any]:
    return sa.select(_T.district_code, _T.milestone, _T.target, _T.due_on, _T.version)


def _figures(row: sa.RowMapping) -> Figures:
    return Figures(
        district_code=row["code"],
        district_name=row["name"],
        reached={name: row[name] or 0 for name in MILESTONE_NAMES},
        recent={name: row[f"recent_{name}"] or 0 for name in MILESTONE_NAMES},
        active=row["active"] or 0,
        standings={one: row[f"standing_{one}"] or 0 for one in _COUNTED},
        median_days={f"{start}_to_{end}": row[f"days_{end}"] for start, end in STEPS},
    )
