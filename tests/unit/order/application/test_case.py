"""How an order is shared out over the budget lines of its need."""

from dataclasses import replace
from datetime import UTC, datetime

from bela_kit.core.actor import Actor
from bela_kit.core.tenancy import TenantId
from order_service.adapters.driver import Statement
from order_service.application.orders.case import PlacingCase
from order_service.application.records import KnownSeller, PlacedUnit
from order_service.domain.budget import BudgetLine
from order_service.domain.need import Activity, DeliveryPoint, Need
from order_service.domain.order.order_line import Seller
from order_service.domain.rules import PolicyBook
from order_service.domain.tax import EntityKind
from order_service.domain.unit import Unit

REGION = TenantId("3510")
NOW = datetime(2026, 1, 5, tzinfo=UTC)


def _line(name: str, ceiling: int) -> BudgetLine:
    return BudgetLine(name, REGION, 2026, "u", "1.02.02.2.02.0033", "5.1.02.01.01.0052", name, "PAD", ceiling)


def _case(*lines: BudgetLine) -> PlacingCase:
    unit = PlacedUnit(Unit("u", REGION, "Dinas", budget_holder=True), "u", ("u",))
    need = Need(
        "n", REGION, "u", "u", "Rapat", "food.snack_box", "snack", 40, Activity("1.02.02.2.02.0033", ""), NOW,
        DeliveryPoint("351016"), tuple(line.budget_line_id for line in lines), Actor("a", "pptk"), NOW,
    )  # fmt: skip
    seller = KnownSeller(
        Seller("v", "3510", "v", "Warung", EntityKind.INDIVIDUAL, "micro", "351016"), False, True, True
    )
    return PlacingCase(need, unit, unit, seller, {line.budget_line_id: line for line in lines}, PolicyBook(()))


def test_two_lines_share_by_their_room_and_add_up_exactly() -> None:
    uses = _case(_line("a", 1_000), _line("b", 2_000)).uses(1_000)
    assert {use.budget_line_id: use.amount for use in uses} == {"a": 333, "b": 667}


def test_a_full_line_takes_no_part() -> None:
    full = replace(_line("a", 1_000), paid=1_000)
    assert [(use.budget_line_id, use.amount) for use in _case(full, _line("b", 2_000)).uses(1_500)] == [("b", 1_500)]


def test_without_room_the_first_line_takes_all_and_will_refuse_it() -> None:
    uses = _case(_line("a", 10), _line("b", 20)).uses(1_000)
    assert [(use.budget_line_id, use.amount) for use in uses] == [("a", 1_000)]


def test_named_parameters_become_places_and_casts_stay() -> None:
    statement = Statement("SELECT :one, :two::date, :one WHERE x = 'a'")
    assert statement.sql == "SELECT $1, $2::date, $1 WHERE x = 'a'"
    assert statement.names == ("one", "two")
