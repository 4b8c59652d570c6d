"""What of an event is kept, and how an order's money is divided over month and category."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reporting_service.facts.order import HandoverFacts, from_json, to_json
from reporting_service.facts.scrubbing import MASK, scrub
from reporting_service.facts.wire import UnreadableEvent, order_facts, reason_code
from reporting_service.projections.contributions import contributions, difference, merge
from reporting_service.projections.spend_cells import spend_cells

from tests.fakes.reporting import OrderMaker, VendorMaker


def made(last: str = "OrderPaid", **options: object):
    return order_facts(OrderMaker(VendorMaker(), **options).until(last)[-1])


@pytest.mark.parametrize(
    "text",
    [
        "NIK 3510161708450001",
        "telp 0812 3456 7890",
        "+62 812-3456-7890",
        "rek 1234567890",
        "3510 1617 0845 0001",
        "a.b@contoh.id",
        "NPWP 01.234.567.8-901.000",
        "081234567890",
    ],
)
def test_personal_numbers_are_masked(text: str) -> None:
    assert MASK in scrub(text)


@pytest.mark.parametrize(
    "text", ["5.1.02.01.01.0052", "027/123/2026", "Rapat 2 Maret 2026, 40 orang", "SP-3510/2026/0001"]
)
def test_codes_and_paper_numbers_stay(text: str) -> None:
    assert scrub(text) == text


def test_control_characters_are_dropped() -> None:
    assert scrub("a\x00b\nc") == "abc"


@pytest.mark.parametrize(
    ("text", "code"),
    [("only_vendor", "only_vendor"), ("other: telepon 0812", "other"), ("karena 0812", "other"), ("", "")],
)
def test_only_codes_of_reasons_are_kept(text: str, code: str) -> None:
    assert reason_code(text) == code


def test_facts_survive_json() -> None:
    facts = made()
    assert from_json(to_json(facts)) == facts


def test_facts_hold_no_member_and_no_tax() -> None:
    text = to_json(made())
    assert "vendor1.3510" not in text
    assert "tax" not in text
    assert "ppk.3510" not in text


def test_event_of_another_region_is_refused() -> None:
    event = OrderMaker(VendorMaker()).to("OrderSubmitted")
    with pytest.raises(UnreadableEvent):
        order_facts(replace(event, tenant="1311"))


def test_unknown_type_is_refused() -> None:
    event = OrderMaker(VendorMaker()).to("OrderSubmitted")
    with pytest.raises(UnreadableEvent):
        order_facts(replace(event, type="bela.order.events.v2.OrderSubmitted"))


def test_spend_falls_into_the_month_of_each_handover() -> None:
    facts = replace(
        made("OrderHandedOver", total=80_000_000, quantity=250),
        handovers=(
            HandoverFacts("h1", "1", date(2026, 4, 3), 48_000_000, False),
            HandoverFacts("h2", "2", date(2026, 5, 4), 32_000_000, False),
        ),
    )
    assert [(cell.month, cell.value_idr) for cell in spend_cells(facts)] == [
        (date(2026, 4, 1), 48_000_000),
        (date(2026, 5, 1), 32_000_000),
    ]


@given(
    values=st.lists(st.tuples(st.integers(1, 12), st.integers(1, 10**9)), min_size=1, max_size=5),
    lines=st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(0, 50), st.integers(1, 10**6)), min_size=1, max_size=5
    ),
    cut=st.integers(0, 10**6),
)
def test_cells_sum_to_the_spend_whatever_the_parts_say(values, lines, cut) -> None:
    base = made("OrderHandedOver")
    handed = sum(value for _, value in values)
    spent = max(handed - cut, 1)
    facts = replace(
        base,
        handovers=tuple(
            HandoverFacts(f"h{i}", "", date(2026, month, 5), value, False) for i, (month, value) in enumerate(values)
        ),
        lines=tuple(
            replace(base.lines[0], number=i, category_code=c, quantity_accepted=q, unit_price_idr=p, amount_idr=q * p)
            for i, (c, q, p) in enumerate(lines)
        ),
        uses=(replace(base.uses[0], accepted_idr=spent // 3, paid_idr=spent - spent // 3, committed_idr=0),),
    )
    cells = spend_cells(facts)
    assert sum(cell.value_idr for cell in cells) == spent
    assert all(cell.value_idr > 0 for cell in cells)
    if cut == 0:
        by_month = {month: sum(v for m, v in values if m == month) for month, _ in values}
        found: dict[int, int] = {}
        for cell in cells:
            found[cell.month.month] = found.get(cell.month.month, 0) + cell.value_idr
        assert found == by_month


def test_private_group_adds_nothing_to_spend() -> None:
    facts = made(payer="private_group")
    assert not facts.is_public
    assert spend_cells(facts) == []


def test_difference_brings_old_to_new() -> None:
    order = OrderMaker(VendorMaker())
    states = [contributions(order_facts(event)) for event in order.until("OrderClosed")]
    total: dict = {}
    before: dict = {}
    for state in states:
        merge(total, difference(state, before))
        before = state
    final = {name: {k: v for k, v in rows.items() if any(v)} for name, rows in total.items()}
    assert {k: v for k, v in final.items() if v} == {k: dict(v) for k, v in states[-1].items() if v}


def test_handover_counts_as_paid_when_the_last_rupiah_is_paid() -> None:
    unpaid, paid = made("OrderInvoiced"), made("OrderPaid")
    assert unpaid.paid_on(unpaid.handovers[0]) is None
    assert paid.paid_on(paid.handovers[0]) == paid.payments[0].on
