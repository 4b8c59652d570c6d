"""What the use cases need from outside, by role: repositories, other services, the record of what happened.

Repositories work inside the one transaction that the edge opened and never commit. Catalog and registry are asked
before it opens. `tenant` is bound to the unit of work, so that no method can be called for two regions.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Protocol

from bela_kit.core.clock import TenantTime
from bela_kit.core.tenancy import TenantId

from order_service.application.authority import GrantRecord
from order_service.application.facts import Fact
from order_service.application.judged import (
    CategorySpend,
    LoadedOrder,
    PastOrders,
    PastWanted,
    Performance,
    ShownSuggestion,
)
from order_service.application.offers import HoldWanted, OfferSheet, OffersWanted, Quote
from order_service.application.orders.case import PlacingCase
from order_service.application.records import KnownSeller, PlacedUnit, RegionSettings, RupPackage
from order_service.domain.budget import BudgetLine
from order_service.domain.need import Need
from order_service.domain.order.facts import OrderFacts
from order_service.domain.order.order import Order
from order_service.domain.order.order_line import Seller
from order_service.domain.rules import PolicyBook, PolicyRule


class Catalog(Protocol):
    """The catalog service, asked for what only it can decide: what fits, at what price, with what capacity."""

    async def find_offers(self, tenant: TenantId, wanted: OffersWanted) -> OfferSheet:
        """Return every offer of a profile. Raises ProfileUnknown or DependencyUnavailable."""

    async def reserve(self, tenant: TenantId, wanted: HoldWanted) -> Quote:
        """Price lines and hold capacity, idempotent by order. Raises a CatalogRefusal or DependencyUnavailable."""

    async def release(self, tenant: TenantId, wanted: HoldWanted, quote: Quote) -> None:
        """Give back what a quote took, as far as it can be done now; otherwise the hold ends with its lease."""


class VendorRegistry(Protocol):
    """The vendor service, asked again where a signature moves money."""

    async def refusals(
        self, home: TenantId, vendor_id: str, *, value_idr: int, on: date, buyer: TenantId
    ) -> tuple[str, ...]:
        """Return why a business may not take the order; empty if it may. Raises DependencyUnavailable."""


class Regions(Protocol):
    """The region of this unit of work."""

    async def get(self, *, lock: bool = False) -> TenantTime | None:
        """Return how the region keeps time."""

    async def add(self, settings: TenantTime) -> bool:
        """Store a new region; False if the code exists."""

    async def save(self, settings: TenantTime) -> None:
        """Store changed settings."""

    async def settings(self) -> RegionSettings:
        """Return what the region decided about suggestions."""

    async def save_settings(self, settings: RegionSettings) -> None:
        """Store what the region decided about suggestions."""


class Grants(Protocol):
    """Grants of the region, those of businesses included."""

    async def get(self, grant_id: str) -> GrantRecord | None:
        """Return a grant, revoked or not."""

    async def save(self, grant: GrantRecord) -> None:
        """Store a grant; a lower version than the stored one is ignored."""

    async def holds_any(self, principal: str, roles: Collection[str]) -> bool:
        """Return whether the principal holds one of the roles, whatever the dates, not revoked."""


class Units(Protocol):
    """Organisation units."""

    async def get(self, unit_id: str) -> PlacedUnit | None:
        """Return one unit."""

    async def get_many(self, unit_ids: Collection[str]) -> Mapping[str, PlacedUnit]:
        """Return those that exist."""

    async def add(self, unit: PlacedUnit) -> None:
        """Store a new unit."""


class BudgetLines(Protocol):
    """Budget lines outside of orders."""

    async def get(self, budget_line_id: str, *, lock: bool = False) -> BudgetLine | None:
        """Return one line."""

    async def get_many(self, budget_line_ids: Collection[str]) -> Mapping[str, BudgetLine]:
        """Return those that exist."""

    async def add(self, lines: Sequence[BudgetLine]) -> None:
        """Store new lines in one statement."""

    async def change(self, line: BudgetLine) -> None:
        """Store ceiling, block and version; the buckets are left alone."""


class Needs(Protocol):
    """Needs."""

    async def get(self, need_id: str) -> Need | None:
        """Return one need."""

    async def add(self, need: Need) -> None:
        """Store a new need."""

    async def save(self, need: Need) -> None:
        """Store a changed need. Raises VersionMismatch if somebody else changed it."""


class RupPackages(Protocol):
    """Announced packages."""

    async def add(self, package: RupPackage) -> bool:
        """Store a package; False if the code exists."""


class Sellers(Protocol):
    """The local copy of businesses that may sell in this region."""

    async def get(self, vendor_id: str) -> KnownSeller | None:
        """Return one business."""

    async def get_many(self, vendor_ids: Collection[str]) -> Mapping[str, KnownSeller]:
        """Return those that are known."""


class PolicyRules(Protocol):
    """The region's own policy rows; the national ones are part of the code."""

    async def add(self, rules: Sequence[PolicyRule]) -> None:
        """Store rows, which are never edited afterwards."""

    async def book(self) -> PolicyBook:
        """Return the rules that hold in the region."""


class Suggestions(Protocol):
    """Lists of sellers as they were shown."""

    async def add(self, shown: ShownSuggestion) -> None:
        """Store a list."""

    async def latest(self, need_id: str) -> ShownSuggestion | None:
        """Return the list shown last for a need."""


class Orders(Protocol):
    """Orders as aggregates, with everything a judgement about one of them asks of the others."""

    async def get(self, order_id: str) -> LoadedOrder | None:
        """Return an order with the scopes of its unit."""

    async def save(self, order: Order) -> None:
        """Store an order, move its money, set its deadline and note its events, in this sequence.

        Raises:
            VersionMismatch: Somebody else changed it since it was loaded.
            BudgetExceeded: A line has less room than is asked for.
        """

    async def serialise(self, budget_holder_id: str, rup_code: str = "") -> None:
        """Wait for every other submission of the budget holder to end, so that check and count are one.

        With a RUP code also for those under the same package, which several budget holders may share.
        """

    async def wait_on(self, order: Order) -> None:
        """Set the deadline of an unchanged order again: its job came before its time."""

    async def case(self, need_id: str, vendor_id: str, order_id: str | None = None) -> PlacingCase | None:
        """Return what an order of a need from a seller stands on, in one statement; None if either is not known.

        With the id that a new order would get, the case says too whether that order has been made already.
        """

    async def past(self, wanted: PastWanted) -> PastOrders:
        """Return what rotation, splitting, the unsigned limit and the RUP sum are judged by, in one statement."""

    async def of_package(self, order_id: str, need_id: str, event_id: str) -> Sequence[OrderFacts]:
        """Return the other counted orders of the same need or dated event: one package for the Rp2 million limit."""

    async def rup_left(self, rup_code: str) -> int | None:
        """Return the room left on a RUP package; None if the code is empty or not known."""

    async def next_number(self, budget_holder_id: str, year: int, kind: str) -> int:
        """Return the next number of a kind of paper in an OPD and year; a rollback gives it back, so no gaps."""


class SellerFacts(Protocol):
    """Sums over what sellers did, for the score."""

    async def spend(self, category_code: str, since: date) -> CategorySpend:
        """Return the value handed over: in a category by owner group, in all categories by kecamatan of the seller."""

    async def performance(self, vendor_ids: Collection[str], today: date) -> Mapping[str, Performance]:
        """Return deliveries, lapses and refusals of sellers."""

    async def paid_to_individual(self, seller: Seller, year: int) -> int:
        """Return what PPh 21 was computed on this year, of all orders from the owner group.

        Waits until other payments to the group that asked the same have ended, and lets later ones wait.
        """


class FindsCases(Protocol):
    """Finds what an order stands on."""

    async def case(self, need_id: str, vendor_id: str, order_id: str | None = None) -> PlacingCase | None:
        """Return it as `Orders.case` does."""


class FindsNeeds(Protocol):
    """Finds a need."""

    async def get(self, need_id: str) -> Need | None:
        """Return one need."""


class CaseSource(Protocol):
    """The part of a unit of work that tells what an order stands on; it can be had without a transaction."""

    @property
    def tenant(self) -> TenantId:
        """Return the region it is bound to."""

    @property
    def orders(self) -> FindsCases:
        """Return what finds cases."""

    @property
    def needs(self) -> FindsNeeds:
        """Return what finds needs."""


class UnitOfWork(Protocol):
    """One transaction of one region."""

    @property
    def tenant(self) -> TenantId:
        """Return the region it is bound to."""

    @property
    def regions(self) -> Regions:
        """Return the repository."""

    @property
    def grants(self) -> Grants:
        """Return the repository."""

    @property
    def units(self) -> Units:
        """Return the repository."""

    @property
    def budget(self) -> BudgetLines:
        """Return the repository."""

    @property
    def needs(self) -> Needs:
        """Return the repository."""

    @property
    def rup(self) -> RupPackages:
        """Return the repository."""

    @property
    def sellers(self) -> Sellers:
        """Return the repository."""

    @property
    def policy(self) -> PolicyRules:
        """Return the repository."""

    @property
    def suggestions(self) -> Suggestions:
        """Return the repository."""

    @property
    def orders(self) -> Orders:
        """Return the repository."""

    @property
    def seller_facts(self) -> SellerFacts:
        """Return the repository."""

    def record(self, fact: Fact) -> None:
        """Note what happened; written to the outbox after everything else, before the commit."""
