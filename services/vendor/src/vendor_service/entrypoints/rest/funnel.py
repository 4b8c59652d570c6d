"""How far the businesses of a region have come, where it is slow, and what is to be reached by when."""

from datetime import date, timedelta
from typing import Annotated, Any, Literal

from bela_kit.rest import RoleMissing, Schema, TenantContext, check_if_match, documented, etag_of, in_tenant
from fastapi import APIRouter, Path, Query
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from vendor_service.application.funnel.targets import SetTarget, set_target
from vendor_service.domain.funnel.figures import (
    Figures,
    Target,
    conversion,
    expected_on,
    forecast,
    slowest,
)
from vendor_service.domain.profile import MILESTONE_NAMES
from vendor_service.domain.roles import AUDITOR, HEAD, OFFICER, is_government
from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest.edge import OFFICERS, PREFIX, moment

_Answer = tuple[int, Any, str | None]
_LEADERS = (HEAD, OFFICER, AUDITOR, "executive")
_MOST_REASONS = 50
Milestone = Literal["collected", "trained", "account", "verified", "published", "first_sale"]
Since = Annotated[date | None, Query(description="First day that counts; without it, 365 days ago.")]


class ConversionView(Schema):
    """How many reached a milestone, of all collected and of those at the milestone before."""

    count: int
    of: int
    per_mille: int | None
    per_mille_of_step_before: int | None


class TargetView(Schema):
    """A target, and where the pace of four weeks leads."""

    district_code: str
    milestone: Milestone
    target: int
    due_on: date
    version: int
    reached: int
    expected_on: date | None
    on_track: bool


class FunnelLine(Schema):
    """Counts of one kecamatan or the whole region."""

    collected: int
    trained: int
    account: int
    verified: int
    published: int
    first_sale: int
    active: int


class DistrictView(FunnelLine):
    """One kecamatan."""

    district_code: str
    district_name: str
    standings: dict[str, int]
    median_days: dict[str, int | None]
    last_28_days: dict[str, int]
    targets: list[TargetView]


class ForecastView(Schema):
    """The pace of the last four weeks, and where it leads in four and in twelve."""

    last_28_days: dict[str, int]
    in_28_days: dict[str, int]
    in_84_days: dict[str, int]


class FunnelView(Schema):
    """The funnel of a region."""

    total: FunnelLine
    conversion: dict[str, ConversionView]
    standings: dict[str, int]
    median_days: dict[str, int | None]
    forecast: ForecastView
    slowest_district: str | None
    slowest_district_name: str | None
    districts: list[DistrictView]


class OfficerView(Schema):
    """What one person did under one role."""

    principal: str
    role: str
    collected: int
    trained: int
    accounts: int
    verified: int
    standing_changes: int
    on_behalf: int


class DropView(Schema):
    """How often businesses were refused, or came to a standing, for one reason."""

    how: str
    reason: str
    count: int


class OfficersView(Schema):
    """Everybody who moved a business."""

    officers: list[OfficerView]


class DropsView(Schema):
    """Reasons, the most frequent first."""

    drops: list[DropView]


class TargetBody(Schema):
    """What a kecamatan is to reach by a day."""

    target: Annotated[int, Field(ge=0, le=1_000_000)]
    due_on: date


_LINE = {"collected": 9782, "trained": 300, "account": 120, "verified": 75, "published": 60, "first_sale": 22}
_PACE = {"collected": 0, "trained": 300, "account": 119, "verified": 75, "published": 60, "first_sale": 22}
_MEDIANS = {"collected_to_account": 20, "account_to_verified": 9, "verified_to_published": 6,
            "published_to_first_sale": 31}  # fmt: skip
_TARGET = {"district_code": "131105", "milestone": "account", "target": 40, "due_on": "2026-12-31", "version": 1,
           "reached": 2, "expected_on": "2027-11-18", "on_track": False}  # fmt: skip
_STANDINGS = {"ok": 9782, "in_review": 0, "suspended": 0, "dormant": 0, "closed": 0}
_OFFICER = {"principal": "officer.1311", "role": "koperindag_officer", "collected": 12, "trained": 300,
            "accounts": 119, "verified": 75, "standing_changes": 2, "on_behalf": 4}  # fmt: skip
_EXAMPLE = {
    "total": {**_LINE, "active": 60},
    "conversion": {"account": {"count": 120, "of": 9782, "per_mille": 12, "per_mille_of_step_before": 400}},
    "standings": _STANDINGS,
    "median_days": _MEDIANS,
    "forecast": {"last_28_days": _PACE, "in_28_days": _LINE, "in_84_days": _LINE},
    "slowest_district": "131105",
    "slowest_district_name": "Sangir Batang Hari",
    "districts": [
        {
            "district_code": "131105",
            "district_name": "Sangir Batang Hari",
            **_LINE,
            "active": 60,
            "standings": _STANDINGS,
            "median_days": _MEDIANS,
            "last_28_days": _PACE,
            "targets": [_TARGET],
        }
    ],
}


def router(container: Container) -> APIRouter:
    """Return the operations on the funnel."""
    routes = APIRouter(tags=["funnel"])
    _add_figures(routes, container)
    _add_people(routes, container)
    _add_targets(routes, container)
    return routes


def _add_figures(routes: APIRouter, container: Container) -> None:
    @routes.get(
        f"{PREFIX}/funnel",
        response_model=FunnelView,
        **documented(roles=("any role of the government in the region",), example=_EXAMPLE),
    )
    async def show_funnel(ctx: TenantContext) -> Response:
        """Count how far the businesses have come, in all and per kecamatan, with medians, pace and targets."""
        if not is_government(grant.role for grant in ctx.grants):
            raise RoleMissing(*OFFICERS)

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            found = await uow.funnel.all(ctx.today)
            targets: dict[str, list[Target]] = {}
            for target in await uow.funnel.targets():
                targets.setdefault(target.district_code, []).append(target)
            last = slowest(found.districts)
            body = {
                "total": _line(found.total),
                "conversion": conversion(found.total),
                "standings": found.total.standings,
                "median_days": found.total.median_days,
                "forecast": {
                    "last_28_days": found.total.recent,
                    "in_28_days": forecast(found.total, 28),
                    "in_84_days": forecast(found.total, 84),
                },
                "slowest_district": last.district_code if last else None,
                "slowest_district_name": last.district_name if last else None,
                "districts": [
                    _district(one, targets.get(one.district_code or "", ()), ctx.today) for one in found.districts
                ],
            }
            return 200, body, None

        return await in_tenant(ctx, container.db, effect)


def _add_people(routes: APIRouter, container: Container) -> None:
    @routes.get(
        f"{PREFIX}/funnel/officers",
        response_model=OfficersView,
        **documented(
            roles=_LEADERS,
            example={"officers": [_OFFICER]},
        ),
    )
    async def count_by_officer(ctx: TenantContext, since: Since = None) -> Response:
        """Count what each person did: collected, trained, opened, verified, and how much of it on behalf."""
        ctx.require(*_LEADERS)
        start = ctx.now - timedelta(days=(ctx.today - since).days if since else 365)

        async def effect(connection: AsyncConnection) -> _Answer:
            return 200, {"officers": await container.uow(connection, ctx.tenant).funnel.by_officer(start)}, None

        return await in_tenant(ctx, container.db, effect)

    @routes.get(
        f"{PREFIX}/funnel/drops",
        response_model=DropsView,
        **documented(
            roles=_LEADERS, example={"drops": [{"how": "refused", "reason": "DOCUMENT_UNREADABLE", "count": 14}]}
        ),
    )
    async def count_drops(ctx: TenantContext, since: Since = None) -> Response:
        """Count why businesses were refused or left the way: codes of refusals, reasons of standings."""
        ctx.require(*_LEADERS)
        start = ctx.now - timedelta(days=(ctx.today - since).days if since else 365)

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            return 200, {"drops": await uow.funnel.drops(start, _MOST_REASONS)}, None

        return await in_tenant(ctx, container.db, effect)


def _add_targets(routes: APIRouter, container: Container) -> None:
    @routes.put(
        f"{PREFIX}/funnel/targets/{{district_code}}/{{milestone}}",
        response_model=TargetView,
        **documented(
            roles=(HEAD, OFFICER),
            reasons=("PROFILE_INVALID", "IF_MATCH_REQUIRED", "ETAG_MISMATCH"),
            example=_TARGET,
            request_example={"target": 40, "due_on": "2026-12-31"},
        ),
    )
    async def put_target(
        ctx: TenantContext,
        district_code: Annotated[str, Path(pattern=r"^\d{6}$")],
        milestone: Milestone,
        body: TargetBody,
    ) -> Response:
        """Set what a kecamatan is to reach by a day; `If-Match: *` sets the first one."""
        now = moment(ctx, ctx.require(HEAD, OFFICER))

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            before = await uow.funnel.target(district_code, milestone)
            check_if_match(ctx, before.version if before else 0)
            command = SetTarget(district_code, milestone, body.target, body.due_on, now)
            target = await set_target(command, before, uow=uow)
            found = await uow.funnel.all(ctx.today)
            place = next(one for one in found.districts if one.district_code == district_code)
            return 200, _target(target, place, ctx.today), etag_of(target.version)

        return await in_tenant(ctx, container.db, effect)


def _line(figures: Figures) -> dict[str, int]:
    return {**{name: figures.reached[name] for name in MILESTONE_NAMES}, "active": figures.active}


def _district(figures: Figures, targets: Any, today: date) -> dict[str, Any]:
    return {
        "district_code": figures.district_code,
        "district_name": figures.district_name,
        **_line(figures),
        "standings": figures.standings,
        "median_days": figures.median_days,
        "last_28_days": figures.recent,
        "targets": [_target(one, figures, today) for one in targets],
    }


def _target(target: Target, figures: Figures, today: date) -> dict[str, Any]:
    expected = expected_on(figures, target.milestone, target.target, today)
    return {
        "district_code": target.district_code,
        "milestone": target.milestone,
        "target": target.target,
        "due_on": target.due_on,
        "version": target.version,
        "reached": figures.reached[target.milestone],
        "expected_on": expected,
        "on_track": expected is not None and expected <= target.due_on,
    }
