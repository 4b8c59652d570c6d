"""What happened to the records around orders, told to the other services; order events are the domain's own."""

from dataclasses import dataclass
from datetime import datetime

from bela_kit.core.actor import Actor
from bela_kit.core.clock import TenantTime

from order_service.application.authority import GrantRecord
from order_service.domain.budget import BudgetLine
from order_service.domain.unit import Unit


@dataclass(frozen=True, slots=True)
class RegionSettingsChanged:
    """A region was created, or its clock was moved."""

    settings: TenantTime
    at: datetime


@dataclass(frozen=True, slots=True)
class GrantChanged:
    """A grant was given or withdrawn."""

    grant: GrantRecord
    at: datetime


@dataclass(frozen=True, slots=True)
class UnitChanged:
    """A unit was created or changed."""

    unit: Unit
    actor: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class BudgetLineChanged:
    """A budget line was created, or its ceiling or block changed; buckets are summed from order events instead."""

    line: BudgetLine
    actor: Actor
    at: datetime
    reason: str


Fact = RegionSettingsChanged | GrantChanged | UnitChanged | BudgetLineChanged
