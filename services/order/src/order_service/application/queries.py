"""What can be read: plain rows for lists and pages, through one port; no rule hides here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bela_kit.core.clock import TenantTime
from bela_kit.core.errors import JsonValue

from order_service.application.authority import GrantRecord
from order_service.application.records import PlacedUnit
from order_service.domain.budget import BudgetLine
from order_service.domain.need import Need
from order_service.domain.order.facts import OrderFacts


@dataclass(frozen=True, slots=True)
class Window:
    """Some rows of a list: how many, and behind which id (or code) they begin."""

    size: int
    after: str | None = None


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Which orders are wanted; only those set count."""

    state: str | None = None
    unit_id: str | None = None
    need_id: str | None = None
    vendor_ids: Sequence[str] | None = None
    signed_only: bool = False


@dataclass(frozen=True, slots=True)
class StoredOrder:
    """An order with the version it was stored under."""

    facts: OrderFacts
    version: int


class Reads(Protocol):
    """Lists of one region, newest first where they are dated."""

    async def regions(self, window: Window) -> list[TenantTime]:
        """Return regions by code; the only list across regions, of public facts."""

    async def units(self, window: Window) -> list[PlacedUnit]:
        """Return units, oldest first."""

    async def grants(self, window: Window, principal: str | None) -> list[GrantRecord]:
        """Return grants of the government, oldest first."""

    async def budget_lines(self, window: Window, unit_id: str | None, fiscal_year: int | None) -> list[BudgetLine]:
        """Return budget lines with their buckets, oldest first."""

    async def needs(self, window: Window, unit_id: str | None) -> list[Need]:
        """Return needs, newest first."""

    async def suggestion(self, need_id: str, suggestion_id: str | None) -> Mapping[str, JsonValue] | None:
        """Return a list that was shown for a need: the newest one without an id."""

    async def orders(self, window: Window, wanted: OrderFilter) -> list[StoredOrder]:
        """Return orders, newest first."""

    async def budget_movements(self, order_id: str) -> list[dict[str, JsonValue]]:
        """Return what an order moved on budget lines, oldest first."""

    async def order(self, order_id: str) -> StoredOrder | None:
        """Return one order."""
