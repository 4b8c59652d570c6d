from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from bela_kit.core.clock import FixedClock, system_now
from bela_kit.core.errors import FieldError, Kind, ServiceError
from bela_kit.core.ids import derived_id, new_id
from bela_kit.core.tenancy import TenantId, TenantUnknown, parse_tenant


@pytest.mark.parametrize("text", ["19", "3510", "00"])
def test_code_of_two_or_four_digits_is_a_tenant(text):
    assert parse_tenant(text) == text


@pytest.mark.parametrize("text", ["", "1", "351", "35100", "35a0", "３５１０", "3510\n", " 3510", "3510;--"])
def test_anything_else_is_an_unknown_tenant(text):
    with pytest.raises(TenantUnknown) as caught:
        parse_tenant(text)
    assert (caught.value.kind, caught.value.reason) == (Kind.NOT_FOUND, "TENANT_UNKNOWN")


def test_new_ids_are_version_7_and_ascend():
    ids = [new_id() for _ in range(2000)]
    assert {one.version for one in ids} == {7}
    assert {one.variant for one in ids} == {UUID(int=0x8 << 60).variant}
    assert len(set(ids)) == 2000
    milliseconds = [one.int >> 80 for one in ids]
    assert milliseconds == sorted(milliseconds)
    assert abs(milliseconds[0] - system_now().timestamp() * 1000) < 5000


def test_derived_ids_are_stable_and_keep_parts_apart():
    assert derived_id("a", "b") == derived_id("a", "b")
    assert derived_id("a", "b") != derived_id("ab")
    assert derived_id("a", "b").version == 5


def test_fixed_clock_knows_the_local_day():
    clock = FixedClock(datetime(2026, 3, 1, 17, 30, tzinfo=UTC), zone="Asia/Jakarta")
    tenant = TenantId("3510")
    assert clock.today(tenant) == date(2026, 3, 2)
    clock.advance(timedelta(hours=-1))
    assert clock.today(tenant) == date(2026, 3, 1)
    with pytest.raises(ValueError, match="zone"):
        clock.set(datetime(2026, 3, 1))


def test_service_error_keeps_what_it_is_given():
    class Full(ServiceError):
        kind = Kind.STATE
        reason = "FULL"

    error = Full("Penuh.", fields=[FieldError("a", "B", "c")], metadata={"left": "0"}, extra={"more": [1]})
    assert (error.kind, error.reason, error.detail, str(error)) == (Kind.STATE, "FULL", "Penuh.", "Penuh.")
    assert str(Full()) == "FULL"
