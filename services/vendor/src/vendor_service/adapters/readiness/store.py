"""Papers, and the five points counted in SQL by the rules of `domain/readiness`; a test holds the two together."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from bela_kit.core.tenancy import TenantId
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.adapters import rows
from vendor_service.adapters import tables as t
from vendor_service.adapters.identity.tables import vendor_kbli
from vendor_service.adapters.readiness.tables import vendor_papers
from vendor_service.adapters.sanctions.tables import sanctions
from vendor_service.application.readiness.ports import ReadinessFilter
from vendor_service.domain.profile import PERSON_FORMS, NpwpState
from vendor_service.domain.readiness.inaproc import MOST_POINTS, REQUIREMENTS
from vendor_service.domain.readiness.kbli_fit import FITS, pattern_of
from vendor_service.domain.readiness.papers import Paper, PaperKind
from vendor_service.domain.sanctions.sanction import SanctionKind, SanctionState
from vendor_service.domain.standing import Standing
from vendor_service.domain.vendor import Moment

_V, _D, _S = t.vendors.c, vendor_papers.c, sanctions.c
_GONE = (Standing.CLOSED.value, Standing.MERGED.value)


class SqlReadiness:
    """Papers and points of one region within one transaction."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId) -> None:
        self._connection = connection
        self._tenant = tenant

    async def papers(self, vendor_id: UUID) -> Mapping[PaperKind, Paper]:
        """Return the papers of a business by kind, those of records merged into it included."""
        own = sa.or_(_V.vendor_id == vendor_id, _V.merged_into == vendor_id)
        records = sa.select(_V.vendor_id).where(_V.tenant_id == self._tenant, own)
        query = sa.select(vendor_papers).where(_D.tenant_id == self._tenant, _D.vendor_id.in_(records))
        # The last one counts, a record's own before one that was merged into it.
        found = (await self._connection.execute(query.order_by(_D.vendor_id == vendor_id, _D.recorded_at))).mappings()
        papers = [Paper(PaperKind(row["kind"]), row["number"], row["issued_on"], row["evidence_id"]) for row in found]
        return {one.kind: one for one in papers}

    async def put_paper(self, vendor_id: UUID, paper: Paper, moment: Moment) -> None:
        """Store a paper; the last one of a kind counts."""
        values = {
            "tenant_id": self._tenant,
            "vendor_id": vendor_id,
            "kind": paper.kind.value,
            "number": paper.number,
            "issued_on": paper.issued_on,
            "evidence_id": paper.evidence_id,
            "recorded_by": rows.actor_document(moment.actor),
            "recorded_at": moment.now,
        }
        await rows.upsert(self._connection, vendor_papers, [values], keys=("tenant_id", "vendor_id", "kind"))

    async def blacklisted(self, vendor_id: UUID, on: date) -> bool:
        """Say whether a blacklisting of the business is in force on a day."""
        found = _blacklisting(on).where(_S.tenant_id == self._tenant, _S.vendor_id == vendor_id)
        return bool(await self._connection.scalar(sa.select(found.exists())))

    async def page(self, wanted: ReadinessFilter, on: date, after: UUID | None, limit: int) -> list[dict[str, Any]]:
        """Return businesses with their points and what each lacks; closed and merged ones are left out."""
        judged = self._judged(on, wanted.district)
        query = sa.select(judged).order_by(judged.c.vendor_id).limit(limit)
        if wanted.points is not None:
            query = query.where(judged.c.points == wanted.points)
        if wanted.at_least is not None:
            query = query.where(judged.c.points >= wanted.at_least)
        if wanted.missing is not None:
            query = query.where(~judged.c[wanted.missing])
        if after is not None:
            query = query.where(judged.c.vendor_id > after)
        return [_line(row) for row in (await self._connection.execute(query)).mappings()]

    async def districts(self, on: date) -> list[dict[str, Any]]:
        """Return per kecamatan how many businesses have how many points and lack what, by one statement."""
        judged, a = self._judged(on, None), t.areas.c
        levels = [
            sa.func.count().filter(judged.c.points == points).label(f"points_{points}")
            for points in range(MOST_POINTS + 1)
        ]
        lacks = [sa.func.count().filter(~judged.c[code]).label(code) for code in REQUIREMENTS]
        query = (
            sa.select(a.code, a.name.label("district_name"), *levels, *lacks)
            .select_from(t.areas.outerjoin(judged, judged.c.district_code == a.code))
            .where(a.parent == self._tenant)
            .group_by(a.code, a.name)
            .order_by(a.code)
        )
        return [
            {
                "district_code": row["code"],
                "district_name": row["district_name"],
                "points": {str(points): row[f"points_{points}"] for points in range(MOST_POINTS + 1)},
                "lacking": {code: row[code] for code in REQUIREMENTS},
            }
            for row in (await self._connection.execute(query)).mappings()
        ]

    def _judged(self, on: date, district: str | None) -> sa.Subquery:
        k = vendor_kbli.c
        codes = (
            sa.select(k.vendor_id, sa.func.array_agg(sa.func.left(k.code, 2)).label("divisions"))
            .where(k.tenant_id == self._tenant)
            .group_by(k.vendor_id)
            .subquery("codes")
        )
        met = _met(on, codes.c.divisions)
        facts = sa.select(
            _V.vendor_id, _V.name.label("vendor_name"), _V.district_code, *(met[code].label(code) for code in met)
        )
        facts = facts.select_from(t.vendors.outerjoin(codes, codes.c.vendor_id == _V.vendor_id))
        facts = facts.where(_V.tenant_id == self._tenant, _V.standing.not_in(_GONE))
        if district is not None:
            facts = facts.where(_V.district_code == district)
        inner = facts.subquery("facts")
        points = sum((sa.cast(inner.c[code], sa.Integer) for code in REQUIREMENTS), sa.literal(0))
        return sa.select(inner, points.label("points")).subquery("judged")


def _met(on: date, divisions: sa.ColumnElement[Any]) -> dict[str, sa.ColumnElement[bool]]:
    record = t.vendors.alias("record")
    deed = (
        sa.select(sa.literal(1))
        .select_from(
            vendor_papers.join(record, sa.and_(record.c.tenant_id == _D.tenant_id, record.c.vendor_id == _D.vendor_id))
        )
        .where(_D.tenant_id == _V.tenant_id, _D.kind == PaperKind.DEED.value)
        .where(sa.func.coalesce(record.c.merged_into, record.c.vendor_id) == _V.vendor_id)
        .exists()
    )
    blacklisted = _blacklisting(on).where(_S.tenant_id == _V.tenant_id, _S.vendor_id == _V.vendor_id).exists()
    return {
        "nib": _V.nib_hash.is_not(None),
        "kbli": _kbli_fits(divisions),
        "npwp": _V.tax_profile["npwp_state"].astext == NpwpState.ACTIVE.value,
        "deed": sa.or_(_V.profile["entity_kind"].astext.in_([kind.value for kind in PERSON_FORMS]), deed),
        "not_blacklisted": ~blacklisted,
    }


def _blacklisting(on: date) -> sa.Select[Any]:
    return sa.select(sa.literal(1)).where(
        _S.kind == SanctionKind.BLACKLIST.value,
        _S.state == SanctionState.IMPOSED.value,
        _S.valid_from <= on,
        _S.valid_to >= on,
    )


def _kbli_fits(more: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Return `kbli_fit.fits` in SQL; without a code nothing is compared, which is what most businesses lack."""
    kbli, product = _V.profile["kbli"].astext, sa.func.lower(_V.profile["main_product"].astext)
    divisions = sa.func.array_append(more, sa.func.left(kbli, 2), type_=ARRAY(sa.Text))
    known = [(product.regexp_match(pattern_of(fit, r"\m", r"\M")), fit.divisions) for fit in FITS]
    fitting = [sa.and_(named, divisions.overlap(list(fitting))) for named, fitting in known]
    said = sa.or_(*fitting, sa.not_(sa.or_(*(named for named, _ in known))))
    return sa.case((sa.and_(kbli.is_(None), more.is_(None)), sa.false()), else_=said)


def _line(row: sa.RowMapping) -> dict[str, Any]:
    return {
        "vendor_id": str(row["vendor_id"]),
        "name": row["vendor_name"],
        "district_code": row["district_code"],
        "points": row["points"],
        "missing": [code for code in REQUIREMENTS if not row[code]],
    }
