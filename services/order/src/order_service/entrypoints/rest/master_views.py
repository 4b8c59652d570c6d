"""Records around orders as JSON; `schemas.masters` documents the same shapes."""

from datetime import timedelta
from typing import Any

from bela_kit.core.clock import TenantTime, system_now

from order_service.application.authority import GrantRecord
from order_service.application.records import PlacedUnit, RegionSettings, RupPackage
from order_service.domain.budget import BudgetLine


def region_view(settings: TenantTime) -> dict[str, Any]:
    """Return a region."""
    return {
        "region": settings.tenant,
        "name": settings.name,
        "kind": settings.kind,
        "zone": settings.zone,
        "work_week_days": settings.work_week_days,
        "demo": settings.demo,
        "clock_offset_seconds": settings.clock_offset_seconds,
        "now": (system_now() + timedelta(seconds=settings.clock_offset_seconds)).isoformat(timespec="seconds"),
        "version": settings.version,
    }


def nearness_view(settings: RegionSettings) -> dict[str, Any]:
    """Return what a region decided about suggestions."""
    return {
        "nearness_mode": settings.nearness_mode,
        "district_neighbours": {code: list(others) for code, others in settings.neighbours.items()},
        "neighbours_verified": settings.neighbours_verified,
    }


def unit_view(placed: PlacedUnit) -> dict[str, Any]:
    """Return a unit."""
    unit = placed.unit
    return {
        "unit_id": unit.unit_id,
        "name": unit.name,
        "parent_unit_id": unit.parent_unit_id,
        "budget_holder": unit.budget_holder,
        "budget_holder_id": placed.budget_holder_id,
        "district_code": unit.district_code,
        "version": unit.version,
    }


def grant_view(grant: GrantRecord) -> dict[str, Any]:
    """Return a grant."""
    return {
        "grant_id": grant.grant_id,
        "principal": grant.principal,
        "role": grant.role,
        "unit_id": grant.scope_id or None,
        "valid_from": grant.valid_from.isoformat(),
        "valid_to": grant.valid_to.isoformat() if grant.valid_to else None,
        "letter_number": grant.letter_number,
        "acting_for": grant.acting_for,
        "revoked": grant.revoked,
        "version": grant.version,
    }


def budget_line_view(line: BudgetLine) -> dict[str, Any]:
    """Return a budget line with its buckets."""
    return {
        "budget_line_id": line.budget_line_id,
        "unit_id": line.unit_id,
        "fiscal_year": line.fiscal_year,
        "sub_activity_code": line.sub_activity_code,
        "account_code": line.account_code,
        "title": line.title,
        "fund_source": line.fund_source,
        "budget_version": line.budget_version,
        "ceiling_idr": line.ceiling,
        "blocked_idr": line.blocked,
        "reserved_idr": line.reserved,
        "committed_idr": line.committed,
        "accepted_idr": line.accepted,
        "paid_idr": line.paid,
        "available_idr": line.available,
        "overcommitted": line.overcommitted,
        "version": line.version,
    }


def rup_view(package: RupPackage) -> dict[str, Any]:
    """Return a package of the announced plan."""
    return {
        "rup_code": package.rup_code,
        "unit_id": package.unit_id,
        "title": package.title,
        "fiscal_year": package.fiscal_year,
        "value_idr": package.value_idr,
    }
