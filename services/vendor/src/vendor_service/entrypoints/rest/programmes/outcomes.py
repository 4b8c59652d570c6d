"""What programmes led to, and what a business attended."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from bela_kit.rest import RoleMissing, TenantContext, documented, in_tenant
from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from vendor_service.application.programmes.ports import ProgrammeFilter
from vendor_service.domain.errors import VendorNotFound
from vendor_service.domain.roles import SELLER_ROLES
from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest.edge import PREFIX, PageSize, PageToken, after_id, page
from vendor_service.entrypoints.rest.programmes import examples
from vendor_service.entrypoints.rest.programmes.shared import (
    PROGRAMME,
    SEE_BUSINESSES,
    SEE_FIGURES,
    KindQuery,
    OrganiserQuery,
    checked_filter,
)

_Answer = tuple[int, Any, str | None]
_FOLLOWED = ("account", "verified", "published", "first_sale")


def add(routes: APIRouter, container: Container) -> None:
    """Add the operations that tell what became of it."""
    _add_figures(routes, container)
    _add_vendors(routes, container)
    _add_trainings(routes, container)


def _add_figures(routes: APIRouter, container: Container) -> None:
    @routes.get(
        f"{PREFIX}/programme_outcomes",
        **documented(roles=SEE_FIGURES, reasons=("FILTER_INVALID",), example=examples.OUTCOMES),
    )
    async def show_outcomes(
        ctx: TenantContext,
        kind: KindQuery = None,
        organiser_kind: OrganiserQuery = None,
        since: Annotated[date | None, Query(description="Still running on this day.")] = None,
        until: Annotated[date | None, Query(description="Begun by this day.")] = None,
    ) -> Response:
        """Count per programme, per organiser and in all what followed attendance.

        Counted is a milestone reached on or after the day a business first attended; days are medians from that day. A
        business that attended two programmes counts for both, and once for an organiser and in all.
        """
        ctx.require(*SEE_FIGURES)
        wanted = checked_filter(ProgrammeFilter(kind, organiser_kind, since, until))

        async def effect(connection: AsyncConnection) -> _Answer:
            rows = await container.uow(connection, ctx.tenant).programme_reads.outcomes(wanted)
            return 200, _report(rows), None

        return await in_tenant(ctx, container.db, effect)


def _add_vendors(routes: APIRouter, container: Container) -> None:
    @routes.get(
        f"{PROGRAMME}/outcome_vendors",
        **documented(
            roles=SEE_BUSINESSES,
            reasons=("PROGRAMME_NOT_FOUND",),
            example={"vendors": [examples.OUTCOME_VENDOR], "next_page_token": None},
        ),
    )
    async def list_outcome_vendors(
        ctx: TenantContext,
        programme_id: UUID,
        milestone: Annotated[Literal["account", "verified", "published", "first_sale"], Query()] = "first_sale",
        page_size: PageSize = 50,
        page_token: PageToken = None,
    ) -> Response:
        """List which businesses reached a milestone after they first attended a programme."""
        ctx.require(*SEE_BUSINESSES)

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            await uow.programmes.get(programme_id)
            rows = await uow.programme_reads.outcome_vendors(
                programme_id, milestone, after_id(page_token), page_size + 1
            )
            found = [_vendor_line(row) for row in rows]
            return 200, page("vendors", found, page_size, lambda one: one["vendor_id"]), None

        return await in_tenant(ctx, container.db, effect)


def _add_trainings(routes: APIRouter, container: Container) -> None:
    @routes.get(
        f"{PREFIX}/vendors/{{vendor_id}}/trainings",
        **documented(
            roles=(*SEE_BUSINESSES, *sorted(SELLER_ROLES)),
            reasons=("VENDOR_NOT_FOUND",),
            example={"trainings": [examples.TRAINING]},
        ),
    )
    async def list_trainings(ctx: TenantContext, vendor_id: UUID) -> Response:
        """List the sessions a business is invited to or attended, newest first; the seller sees their own."""
        official = any(grant.role in SEE_BUSINESSES for grant in ctx.grants)
        own = any(grant.role in SELLER_ROLES and grant.scope_id == str(vendor_id) for grant in ctx.grants)
        if not official and not own:
            raise RoleMissing(*SEE_BUSINESSES)

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            if not await uow.programmes.known([vendor_id]):
                raise VendorNotFound
            found = [_training(row) for row in await uow.programme_reads.trainings_of(vendor_id)]
            return 200, {"trainings": found}, None

        return await in_tenant(ctx, container.db, effect)


def _report(rows: list[dict[str, Any]]) -> dict[str, Any]:
    total: dict[str, Any] = _line(dict.fromkeys(("attended", *_FOLLOWED), 0))
    organisers, programmes = [], []
    for row in rows:
        line = _line(row)
        organiser = {"kind": row["organiser_kind"], "name": row["organiser_name"]}
        if row["programme_id"] is not None:
            known = {name: row[name] for name in ("name", "starts_on", "ends_on", "target_count")}
            programmes.append({"programme_id": str(row["programme_id"]), "organiser": organiser, **known, **line})
        elif row["organiser_kind"] is not None:
            organisers.append({"organiser": organiser, **line})
        else:
            total = line
    return {"total": total, "organisers": organisers, "programmes": programmes}


def _line(row: dict[str, Any]) -> dict[str, Any]:
    attended = row["attended"]
    return {
        "attended": attended,
        **{
            name: {
                "count": row[name],
                "per_mille": row[name] * 1000 // attended if attended else None,
                "median_days": row.get(f"{name}_days"),
            }
            for name in _FOLLOWED
        },
    }


def _vendor_line(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "vendor_id": str(row["vendor_id"]),
        "name": row["name"],
        "district_code": row["district_code"],
        "first_attended_on": row["since"],
        "reached_on": row["reached_on"],
        "days": (row["reached_on"] - row["since"]).days,
    }


def _training(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row.get(name) for name in examples.TRAINING}
