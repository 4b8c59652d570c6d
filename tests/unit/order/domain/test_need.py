from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bela_kit.core.tenancy import TenantId
from order_service.domain.errors import InvalidInput, NeedSelfApproval, RoleNotAllowed
from order_service.domain.need import Activity, DeliveryPoint, MeetingKind, Need, PayerKind, approve_need, state_need
from order_service.domain.unit import Unit, budget_holder_of

from .world import World, actor

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def need(**changes: Any) -> Need:
    base = Need(
        need_id="need-1",
        tenant=TenantId("3510"),
        unit_id="puskesmas",
        budget_holder_id="dinkes",
        title="Rapat koordinasi",
        category_code="food.snack_box",
        profile_code="snack_box_standard",
        quantity=40,
        activity=Activity("7.02.01.1.06.0009", "Rapat"),
        needed_at=NOW + timedelta(days=3),
        delivery=DeliveryPoint("351005", "3510052005"),
        budget_line_ids=("line-1",),
        created_by=actor("pptk"),
        created_at=NOW,
        meeting_kind=MeetingKind.WITH_GUESTS,
        participants=40,
        duration_minutes=120,
    )
    return replace(base, **changes)


def test_meeting_with_guests_over_two_hours_has_no_warning() -> None:
    assert state_need(need()).warnings == ()


def codes(stated: Need) -> list[str]:
    return [warning.code.value for warning in stated.warnings]


def test_more_portions_than_people_is_warned_of() -> None:
    assert codes(state_need(need(quantity=41))) == ["PORTIONS_ABOVE_PARTICIPANTS"]


def test_short_internal_meeting_is_warned_of_twice() -> None:
    short = need(meeting_kind=MeetingKind.INTERNAL, duration_minutes=119)
    assert codes(state_need(short)) == ["MEETING_TOO_SHORT", "MEETING_WITHOUT_GUESTS"]


def test_field_work_and_goods_are_not_meetings() -> None:
    field = need(meeting_kind=MeetingKind.FIELD, duration_minutes=None, participants=None)
    assert codes(state_need(field)) == []
    chairs = need(category_code="furniture.chair", meeting_kind=MeetingKind.NONE, participants=None, quantity=250)
    assert codes(state_need(chairs)) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"quantity": 0}, "quantity"),
        ({"quantity": 10**8}, "quantity"),
        ({"needed_at": NOW}, "needed_at"),
        ({"needed_at": datetime(2026, 3, 9)}, "needed_at"),
        ({"title": "  "}, "title"),
        ({"delivery": DeliveryPoint("131101")}, "delivery.district_code"),
        ({"delivery": DeliveryPoint("3510")}, "delivery.district_code"),
        ({"delivery": DeliveryPoint("351005", "3510062005")}, "delivery.village_code"),
        ({"participants": 0}, "participants"),
        ({"participants": None}, "participants"),
        ({"duration_minutes": None}, "duration_minutes"),
        ({"duration_minutes": 0}, "duration_minutes"),
        ({"budget_line_ids": ()}, "budget_line_ids"),
        ({"budget_line_ids": ("a", "a")}, "budget_line_ids"),
        ({"payer_kind": PayerKind.PRIVATE_GROUP}, "budget_line_ids"),
        ({"budget_unit_price": 0}, "budget_unit_price_idr"),
        ({"hps": -1}, "hps_idr"),
    ],
)
def test_impossible_fields_are_named(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        state_need(need(**changes))
    assert field in {error.field for error in refused.value.fields}


def test_private_group_states_a_need_without_budget_line() -> None:
    assert state_need(need(payer_kind=PayerKind.PRIVATE_GROUP, budget_line_ids=())).budget_line_ids == ()


def test_vendor_states_no_need() -> None:
    with pytest.raises(RoleNotAllowed):
        state_need(need(created_by=actor("vendor_owner")))


def test_creator_may_not_approve_but_the_head_may(world: World) -> None:
    mine = need(created_by=actor("kpa"))
    with pytest.raises(NeedSelfApproval):
        approve_need(mine, world.act("kpa"))
    with pytest.raises(RoleNotAllowed):
        approve_need(mine, world.act("pp"))
    approved = approve_need(mine, world.act("pa"))
    assert (approved.approved_by, approved.version) == (actor("pa"), 2)
    by_head = need(created_by=actor("pa"))
    assert approve_need(by_head, world.act("pa")).approved_by == actor("pa")


def test_hps_of_one_unit_is_rounded_down() -> None:
    assert need(hps=1_000_000, quantity=3).hps_unit_price == 333_333
    assert need().hps_unit_price is None


def test_nearest_budget_holder_pays() -> None:
    rows = [
        Unit("dinkes", TenantId("3510"), "Dinas Kesehatan", budget_holder=True),
        Unit("puskesmas", TenantId("3510"), "Puskesmas", "dinkes"),
        Unit("pustu", TenantId("3510"), "Pustu", "puskesmas"),
        Unit("loose", TenantId("3510"), "Lepas"),
        Unit("ring", TenantId("3510"), "Melingkar", "ring"),
    ]
    units = {row.unit_id: row for row in rows}
    assert budget_holder_of("pustu", units).unit_id == "dinkes"
    for unit in ("loose", "ring", "unknown"):
        with pytest.raises(InvalidInput):
            budget_holder_of(unit, units)
