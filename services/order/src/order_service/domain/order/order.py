"""The order: aggregate root. Its behaviour lies in the sub-processes it is built from, one module each.

placing -> signing -> fulfilling -> settling, and beside them the passing of deadlines and the headcount change. Money
moves only together with the state (`pull_movements`), and every change records an event that carries the whole order.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from bela_kit.core.tenancy import TenantId

from order_service.domain.acts import Act
from order_service.domain.order.deadlines import order_deadline
from order_service.domain.order.delivery import DeliveryState, Inspection, Invoice
from order_service.domain.order.facts import OrderFacts
from order_service.domain.order.headcount import Headcount
from order_service.domain.order.order_line import Buyer, NeedSummary, OrderLine, Seller, check_lines
from order_service.domain.order.state import OrderState, StateChange
from order_service.domain.rules.contract_form import ProcurementKind
from order_service.domain.rules.duties import MAKER_ROLES, require_role


@dataclass(frozen=True, slots=True)
class Draft:
    """What a draft is made of.

    Attributes:
        order_id: The order.
        tenant: Buyer's region.
        need: The need it serves.
        buyer: Buyer.
        seller: Seller as known now.
        lines: Lines with the prices as listed; the catalog quotes them again at submission.
        channel: `local`, `bela` or `inaproc`.
        kind: Goods and other services, consultancy, works.
        external_number: SPSE or INAPROC number.
        rup_code: RUP code.
        plan_basis: Basis of the demand plan it is a lot of.
        short_path: Four acts for a small purchase.
        late_recorded: "Catat susulan".
        seller_lead: The seller's lead time.
    """

    order_id: str
    tenant: TenantId
    need: NeedSummary
    buyer: Buyer
    seller: Seller
    lines: tuple[OrderLine, ...]
    channel: str
    kind: ProcurementKind = ProcurementKind.GOODS
    external_number: str = ""
    rup_code: str = ""
    plan_basis: str = "direct"
    short_path: bool = False
    late_recorded: bool = False
    seller_lead: timedelta = timedelta()


class Order(Headcount):
    """An order of one need from one seller."""

    @classmethod
    def draft(cls, act: Act, draft: Draft) -> "Order":
        """Make a draft: nothing is held, and no event is recorded."""
        require_role(act.actor, MAKER_ROLES)
        check_lines(draft.lines)
        facts = OrderFacts(
            order_id=draft.order_id,
            tenant=draft.tenant,
            state=OrderState.DRAFT,
            need=draft.need,
            buyer=draft.buyer,
            seller=draft.seller,
            lines=draft.lines,
            uses=(),
            channel=draft.channel,
            created_by=act.actor,
            created_at=act.at,
            kind=draft.kind,
            external_number=draft.external_number,
            rup_code=draft.rup_code,
            plan_basis=draft.plan_basis,
            short_path=draft.short_path,
            late_recorded=draft.late_recorded,
            seller_lead=draft.seller_lead,
            history=(StateChange(OrderState.DRAFT, act.at),),
        )
        order = cls(facts)
        order._become_draft(act)
        return order

    def _become_draft(self, act: Act) -> None:
        deadline = order_deadline(self._facts, OrderState.DRAFT, act.at, act.calendar)
        self._facts = replace(self._facts, deadline=deadline)
        self._touch()

    def receive(
        self,
        act: Act,
        *,
        delivery_id: str,
        handover_id: str,
        number: str,
        found: Mapping[int, Inspection],
        note_number: str = "",
    ) -> None:
        """Third act of the short path: delivery, inspection and BAST by the receiver in one go.

        A delivery the seller recorded already, and that waits for its inspection, is taken as it is.
        """
        waiting = {d.delivery_id for d in self._facts.deliveries if d.state is DeliveryState.DELIVERED}
        if delivery_id not in waiting:
            quantities = {line: result.total for line, result in found.items()}
            self.deliver(act, delivery_id=delivery_id, quantities=quantities, note_number=note_number)
        self.inspect(act, delivery_id, found)
        if self._delivery(delivery_id).state is DeliveryState.INSPECTED:
            self.hand_over(act, delivery_id, handover_id=handover_id, number=number)

    def acknowledge(self, act: Act, delivery_id: str, *, invoice_id: str, notes: str = "") -> None:
        """The seller confirms what was received; on the short path the system builds the invoice at once."""
        self.countersign(act, delivery_id, notes=notes)
        if self._facts.short_path:
            handover = self._delivery(delivery_id).handover
            number = f"{handover.number if handover else ''}/TAGIHAN"
            self._invoice(act, [delivery_id], Invoice(invoice_id, number, act.today, 0, by_system=True))
