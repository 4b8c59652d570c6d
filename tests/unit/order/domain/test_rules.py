from datetime import date
from fractions import Fraction

import pytest
from bela_kit.core.tenancy import TenantId
from order_service.domain.errors import (
    ActorLimit,
    ChannelClosed,
    ChannelLimit,
    ChannelUnknown,
    ExternalNumberRequired,
    HpsExceeded,
    HpsRequired,
    LateRecordingRefused,
    PokjaRequired,
    PolicyMissing,
    UmkmFirst,
)
from order_service.domain.rules import (
    ContractForm,
    Direction,
    PolicyBook,
    PolicyRule,
    ProcurementKind,
    RuleStatus,
    check_channel,
    check_hps,
    check_maker,
    check_umkm_first,
    contract_form,
    national_rules,
    regional_rules,
    resolve,
)
from order_service.domain.rules.contract_form import needs_stamp_duty
from order_service.domain.rules.late_recording import check_late_recording

JT = 1_000_000
TENANT = TenantId("1311")
TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("code", "on", "expected"),
    [
        ("hps.required.above", date(2025, 4, 29), 10 * JT),
        ("hps.required.above", date(2025, 4, 30), 100 * JT),
        ("form.nota.max", date(2018, 3, 21), None),
        ("form.nota.max", date(2018, 3, 22), 10 * JT),
        ("channel.bela.max", date(2020, 5, 31), None),
        ("channel.bela.max", date(2027, 8, 31), 50 * JT),
        ("channel.bela.max", date(2027, 9, 1), None),
    ],
)
def test_row_in_force_is_chosen_by_the_day(code: str, on: date, expected: int | None) -> None:
    assert PolicyBook(national_rules()).amount(code, on) == expected


def test_works_limit_rose_in_2025(policy: PolicyBook) -> None:
    assert policy.amount("form.spk.max", date(2025, 4, 29), kind="works") == 200 * JT
    assert policy.amount("form.spk.max", date(2025, 4, 30), kind="works") == 400 * JT
    assert policy.amount("form.spk.max", date(2025, 4, 30), kind="goods") == 200 * JT


def _own(code: str, direction: Direction, value: int | str, **more: object) -> PolicyRule:
    return PolicyRule(code, direction, value, date(2020, 1, 1), tenant=TENANT, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(("value", "expected"), [(5 * JT, 5 * JT), (20 * JT, 10 * JT), (10 * JT, 10 * JT)])
def test_region_row_counts_only_where_it_is_stricter(value: int, expected: int) -> None:
    rule = resolve(national_rules(), "form.nota.max", TODAY, tenant_rows=[_own("form.nota.max", Direction.MAX, value)])
    assert rule is not None
    assert rule.value == expected


def test_higher_is_stricter_for_a_minimum() -> None:
    rows = [PolicyRule("umk.share.min", Direction.MIN, Fraction(60, 100), date(2020, 1, 1), tenant=TENANT)]
    rule = resolve(national_rules(), "umk.share.min", TODAY, tenant_rows=rows)
    assert rule is not None
    assert rule.value == Fraction(3, 5)


def test_list_cannot_be_changed_unless_the_national_row_allows_it() -> None:
    own = [_own("actor.above", Direction.NONE, "ppk")]
    rule = resolve(national_rules(), "actor.above", TODAY, tenant_rows=own)
    assert rule is not None
    assert rule.value == "pokja"
    open_row = PolicyRule("x", Direction.NONE, "a", date(2020, 1, 1), tenant_may_set=True)
    rule = resolve([open_row], "x", TODAY, tenant_rows=[_own("x", Direction.NONE, "b")])
    assert rule is not None
    assert rule.value == "b"


def test_priority_then_newest_then_version_wins() -> None:
    rows = [
        PolicyRule("x", Direction.MAX, 1, date(2020, 1, 1)),
        PolicyRule("x", Direction.MAX, 2, date(2021, 1, 1)),
        PolicyRule("x", Direction.MAX, 3, date(2021, 1, 1), version=2),
        PolicyRule("x", Direction.MAX, 4, date(2026, 1, 1), status=RuleStatus.DRAFT),
    ]
    chosen = resolve(rows, "x", TODAY)
    assert chosen is not None
    assert chosen.value == 3
    chosen = resolve([*rows, PolicyRule("x", Direction.MAX, 9, date(2019, 1, 1), priority=1)], "x", TODAY)
    assert chosen is not None
    assert chosen.value == 9


@pytest.mark.parametrize("turn", [1, -1])
def test_among_equal_rows_the_more_exact_one_wins_whatever_their_sequence(turn: int) -> None:
    rows = [
        PolicyRule("form.spk.max", Direction.MAX, 200 * JT, date(2020, 1, 1)),
        PolicyRule("form.spk.max", Direction.MAX, 400 * JT, date(2020, 1, 1), dimension={"kind": "works"}),
    ][::turn]
    book = PolicyBook(tuple(rows))
    assert (book.amount("form.spk.max", TODAY, kind="works"), book.amount("form.spk.max", TODAY)) == (
        400 * JT,
        200 * JT,
    )


def test_missing_row_is_a_refusal(policy: PolicyBook) -> None:
    with pytest.raises(PolicyMissing):
        policy.required_amount("form.nota.max", date(2017, 1, 1))


@pytest.mark.parametrize(
    ("value", "channel", "expected"),
    [
        (1, "local", ContractForm.NOTA),
        (10 * JT, "local", ContractForm.NOTA),
        (10 * JT + 1, "local", ContractForm.KUITANSI),
        (50 * JT, "local", ContractForm.KUITANSI),
        (50 * JT + 1, "local", ContractForm.SPK),
        (200 * JT, "local", ContractForm.SPK),
        (200 * JT + 1, "local", ContractForm.SURAT_PERJANJIAN),
        (50 * JT, "bela", ContractForm.SURAT_PESANAN),
        (1, "inaproc", ContractForm.SURAT_PESANAN),
    ],
)
def test_contract_form_of_goods(policy: PolicyBook, value: int, channel: str, expected: ContractForm) -> None:
    assert contract_form(value, channel, TODAY, policy) is expected


def test_contract_form_of_consultancy_and_works(policy: PolicyBook) -> None:
    consult = ProcurementKind.CONSULTANCY
    assert contract_form(100 * JT, "local", TODAY, policy, kind=consult) is ContractForm.SPK
    assert contract_form(100 * JT + 1, "local", TODAY, policy, kind=consult) is ContractForm.SURAT_PERJANJIAN
    works = ProcurementKind.WORKS
    assert contract_form(400 * JT, "local", TODAY, policy, kind=works) is ContractForm.SPK
    before = date(2025, 4, 29)
    assert contract_form(200 * JT + 1, "local", before, policy, kind=works) is ContractForm.SURAT_PERJANJIAN


def test_stamp_duty_begins_above_five_million() -> None:
    assert not needs_stamp_duty(5 * JT)
    assert needs_stamp_duty(5 * JT + 1)


def test_historic_bela_limit(policy: PolicyBook) -> None:
    day = date(2021, 3, 15)
    with pytest.raises(ChannelLimit):
        check_channel("bela", 51 * JT, day, policy)
    check_channel("bela", 50 * JT, day, policy)
    later = date(2026, 10, 1)
    with pytest.raises(ChannelLimit):
        check_channel("bela", 51 * JT, later, policy)
    check_channel("bela", 50 * JT, later, policy)
    with pytest.raises(ExternalNumberRequired):
        check_channel("local", 51 * JT, later, policy)
    check_channel("local", 51 * JT, later, policy, external_number="SPSE-1")
    assert contract_form(51 * JT, "local", later, policy) is ContractForm.SPK
    with pytest.raises(ChannelClosed):
        check_channel("bela", 1, date(2027, 9, 1), policy)


def test_region_may_close_the_bela_channel_earlier() -> None:
    book = PolicyBook(national_rules(), (_own("channel.bela.max", Direction.MAX, 0),))
    with pytest.raises(ChannelClosed):
        check_channel("bela", 1, TODAY, book)


def test_local_channel_needs_a_plan_above_its_limit(policy: PolicyBook) -> None:
    with pytest.raises(ChannelLimit):
        check_channel("local", 200 * JT + 1, TODAY, policy, external_number="1")
    check_channel("local", 630 * JT, TODAY, policy, external_number="1", plan_basis="kontrak_payung")


def test_spse_number_is_not_asked_before_april_2025(policy: PolicyBook) -> None:
    check_channel("local", 51 * JT, date(2025, 4, 29), policy)
    check_channel("local", 50 * JT, TODAY, policy)


def test_unknown_channel_and_catalogue_without_number_are_refused(policy: PolicyBook) -> None:
    with pytest.raises(ChannelUnknown):
        check_channel("toko", 1, TODAY, policy)
    with pytest.raises(ExternalNumberRequired):
        check_channel("inaproc", 1, TODAY, policy)


def test_hps_is_needed_above_the_limit_and_never_passed(policy: PolicyBook) -> None:
    check_hps(100 * JT, TODAY, policy, None)
    with pytest.raises(HpsRequired):
        check_hps(100 * JT + 1, TODAY, policy, None)
    check_hps(5 * JT, TODAY, policy, 5 * JT)
    with pytest.raises(HpsExceeded):
        check_hps(5 * JT + 1, TODAY, policy, 5 * JT)


def test_procurement_officer_ends_at_200_million(policy: PolicyBook) -> None:
    check_maker("pp", 200 * JT, TODAY, policy)
    with pytest.raises(ActorLimit):
        check_maker("pp", 200 * JT + 1, TODAY, policy)
    with pytest.raises(PokjaRequired):
        check_maker("ppk", 200 * JT + 1, TODAY, policy)
    check_maker("ppk", 200 * JT + 1, TODAY, policy, "kontrak_payung")
    check_maker("ppk", 200 * JT + 1, date(2026, 8, 31), policy)


def test_solok_selatan_buys_from_umkm_first() -> None:
    book = PolicyBook(national_rules(), regional_rules(TENANT))
    with pytest.raises(UmkmFirst):
        check_umkm_first(80 * JT, TODAY, book, business_class="large", entity_kind="pt")
    check_umkm_first(80 * JT, TODAY, book, business_class="", entity_kind="koperasi")
    check_umkm_first(80 * JT, TODAY, book, business_class="micro", entity_kind="individual")
    check_umkm_first(200 * JT, TODAY, book, business_class="large", entity_kind="pt")
    elsewhere = PolicyBook(national_rules(), regional_rules(TenantId("3510")))
    check_umkm_first(80 * JT, TODAY, elsewhere, business_class="large", entity_kind="pt")


def _late(policy: PolicyBook, **changes: object) -> None:
    facts: dict[str, object] = {
        "bought_on": date(2026, 11, 18),
        "today": TODAY,
        "total": 10 * JT,
        "has_receipt_photo": True,
        "orders_this_month": 30,
        "late_this_month": 5,
        "policy": policy,
    }
    check_late_recording(**(facts | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [
        {"bought_on": date(2026, 11, 17)},
        {"bought_on": date(2026, 11, 22)},
        {"total": 10 * JT + 1},
        {"has_receipt_photo": False},
        {"late_this_month": 6},
        {"orders_this_month": 4, "late_this_month": 3},
    ],
)
def test_late_recording_outside_its_limits_is_refused(policy: PolicyBook, changes: dict[str, object]) -> None:
    with pytest.raises(LateRecordingRefused):
        _late(policy, **changes)


def test_late_recording_within_its_limits_passes(policy: PolicyBook) -> None:
    _late(policy)
    _late(policy, orders_this_month=1, late_this_month=2)
