"""What happens when nobody acted in time (domain.md 7.2, column "on lapse"): one entry point for deadline jobs.

Every part of the order that is due is moved one step: lapse and expiry before the seller's yes, the late clock after
it, deemed inspection and BAST, the system's invoice, the overdue flag, the close without tax proof.
"""

from collections.abc import Callable
from dataclasses import replace

from order_service.domain.acts import SYSTEM_ROLE, Act
from order_service.domain.errors import DeadlineNotReached, RoleNotAllowed
from order_service.domain.events import OrderCancelled
from order_service.domain.order.deadlines import (
    PAYMENT_ESCALATION,
    TAX_PROOF_GRACE,
    escalated,
    late_deadline,
)
from order_service.domain.order.delivery import Delivery, DeliveryState, Inspection, Invoice, Remedy, VendorSignature
from order_service.domain.order.facts import Flag
from order_service.domain.order.settling import Settling
from order_service.domain.order.state import FINAL, Deadline, DeadlineStage, OrderState

MAX_STEPS = 64
NO_DELIVERY = "no_delivery"
DRAFT_EXPIRED = "draft_expired"


class PassingDeadlines(Settling):
    """Steps the service takes by itself."""

    def pass_deadline(self, act: Act, make_id: Callable[[], str]) -> None:
        """Move every part whose deadline has passed.

        Args:
            act: An act of the system, see `system_act`.
            make_id: Makes ids for papers the system issues.

        Raises:
            DeadlineNotReached: Nothing is due; a job that comes twice, or too early, changes nothing.
        """
        if act.actor.role != SYSTEM_ROLE:
            raise RoleNotAllowed
        due_at = self._facts.deadline_at
        if self._facts.state in FINAL or due_at is None or due_at > act.at:
            raise DeadlineNotReached
        for _ in range(MAX_STEPS):
            deadline = self._facts.deadline
            due = [d for d in self._facts.deliveries if d.deadline is not None and d.deadline.due_at <= act.at]
            if self._facts.state in FINAL:
                return
            if deadline is not None and deadline.due_at <= act.at:
                self._pass_order(act, deadline)
            elif due:
                self._pass_delivery(act, due[0], make_id)
            else:
                return

    def _pass_order(self, act: Act, deadline: Deadline) -> None:
        state = self._facts.state
        if state is OrderState.DRAFT:
            self._end(OrderState.CANCELLED, replace(act, reason=DRAFT_EXPIRED))
            self._record(OrderCancelled, act)
        elif state in {OrderState.PPK_REVIEW, OrderState.SP_ISSUED}:
            self._lapse(act)
        elif state is OrderState.LAPSED:
            self._expire(act)
        elif deadline.stage is DeadlineStage.FIRST:
            self._facts = replace(
                self._facts.with_flag(Flag.LATE), deadline=late_deadline(self._facts, act.at, act.calendar)
            )
            self._touch()
        elif deadline.stage is DeadlineStage.APPROVER:
            self._end_rest(replace(act, reason=NO_DELIVERY), OrderState.STOPPED)
        else:
            following = DeadlineStage.SIGNER if deadline.stage is DeadlineStage.LATE else DeadlineStage.APPROVER
            self._facts = replace(self._facts, deadline=escalated(act.at, act.calendar, following))
            self._touch()

    def _pass_delivery(self, act: Act, delivery: Delivery, make_id: Callable[[], str]) -> None:
        if delivery.state is DeliveryState.DELIVERED:
            self._pass_inspection(act, delivery)
        elif delivery.state is DeliveryState.INSPECTED:
            self._pass_bast(act, delivery, make_id)
        elif delivery.state is DeliveryState.HANDED_OVER:
            number = f"{delivery.handover.number if delivery.handover else ''}/TAGIHAN"
            self._invoice(act, [delivery.delivery_id], Invoice(make_id(), number, act.today, 0, by_system=True))
        elif delivery.state is DeliveryState.INVOICED:
            self._pass_payment(act, delivery)
        else:
            self._pass_tax_proof(act, delivery)

    def _pass_inspection(self, act: Act, delivery: Delivery) -> None:
        if not _at_approver(delivery):
            self._escalate(act, delivery)
            return
        # Buyer silent twice: the goods count as good, as on the delivery note.
        found = {line.line_number: Inspection(good=line.quantity) for line in delivery.lines}
        self._facts = self._facts.with_flag(Flag.DEEMED)
        self._inspect(act, delivery, found, Remedy.RELEASE)

    def _pass_bast(self, act: Act, delivery: Delivery, make_id: Callable[[], str]) -> None:
        if delivery.handover is not None:
            self._stand(act, delivery.delivery_id, VendorSignature.NOT_SIGNED)
        elif _at_approver(delivery):
            number = f"{self._facts.document_number}/BAST/{delivery.sequence}"
            self._hand_over(act, delivery, handover_id=make_id(), number=number)
        else:
            self._escalate(act, delivery)

    def _pass_payment(self, act: Act, delivery: Delivery) -> None:
        first = delivery.deadline is not None and delivery.deadline.stage is DeadlineStage.FIRST
        self._flag_overdue(act)
        later = Deadline(act.at + PAYMENT_ESCALATION, DeadlineStage.APPROVER) if first else None
        self._facts = self._facts.with_delivery(replace(delivery, deadline=later))

    def _pass_tax_proof(self, act: Act, delivery: Delivery) -> None:
        if delivery.deadline is not None and delivery.deadline.stage is DeadlineStage.FIRST:
            self._wait(delivery, Deadline(act.at + TAX_PROOF_GRACE, DeadlineStage.LATE))
            return
        self._facts = self._facts.with_flag(Flag.TAX_PROOF_MISSING)
        self._wait(delivery, None)
        payable = self._facts.state is OrderState.PAID
        disputed = any(other.disputed for other in self._facts.deliveries)
        waiting = any(other.deadline is not None for other in self._facts.deliveries)
        if payable and not disputed and not waiting:
            self._close(act)

    def _escalate(self, act: Act, delivery: Delivery) -> None:
        self._wait(delivery, escalated(act.at, act.calendar, DeadlineStage.APPROVER))

    def _wait(self, delivery: Delivery, deadline: Deadline | None) -> None:
        self._facts = self._facts.with_delivery(replace(delivery, deadline=deadline))
        self._touch()


def _at_approver(delivery: Delivery) -> bool:
    return delivery.deadline is not None and delivery.deadline.stage is DeadlineStage.APPROVER
