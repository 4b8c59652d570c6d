"""From the seller's yes to the BAST: start, deliver, inspect, hand over, countersign; stop or terminate the rest."""

from collections.abc import Mapping
from dataclasses import replace

from order_service.domain.acts import SYSTEM_ROLE, Act
from order_service.domain.budget import handover_shares
from order_service.domain.errors import (
    DeliveryNotAllowedNow,
    DeliveryQuantity,
    InspectionQuantity,
    NothingGood,
    OrderNotAllowedNow,
    ReasonRequired,
)
from order_service.domain.events import (
    OrderDelivered,
    OrderHandedOver,
    OrderInspected,
    OrderStarted,
    OrderStopped,
)
from order_service.domain.order.deadlines import delivery_deadline, order_deadline
from order_service.domain.order.delivery import (
    Delivery,
    DeliveryLine,
    DeliveryState,
    Handover,
    Inspection,
    Remedy,
    VendorSignature,
)
from order_service.domain.order.facts import Flag
from order_service.domain.order.signing import Signing
from order_service.domain.order.state import AFTER_YES, PERFORMING, DeadlineStage, OrderState
from order_service.domain.rules.duties import (
    ESCALATION_ROLES,
    RECEIVER_ROLES,
    SIGNER_ROLES,
    VENDOR_ROLES,
    check_not_both_sides,
    require_role,
)

_BY_PROGRESS = (
    (DeliveryState.DELIVERED, OrderState.DELIVERED),
    (DeliveryState.INSPECTED, OrderState.INSPECTED),
    (DeliveryState.HANDED_OVER, OrderState.HANDED_OVER),
    (DeliveryState.INVOICED, OrderState.INVOICED),
    (DeliveryState.PAID, OrderState.PAID),
)


class Fulfilling(Signing):
    """Deliveries up to the BAST."""

    def start(self, act: Act) -> None:
        """The seller begins work ("mulai masak")."""
        self._require(OrderState.CONFIRMED)
        self.require_seller(act.actor)
        self._enter(OrderState.IN_PROGRESS, act)
        self._record(OrderStarted, act)

    def deliver(self, act: Act, *, delivery_id: str, quantities: Mapping[int, int], note_number: str = "") -> Delivery:
        """Record a delivery: units by line number, never more than is still owed.

        The seller or the receiver records it.
        """
        self._require(*PERFORMING)
        if act.actor.on_behalf_of != self._facts.seller.vendor_id:
            require_role(act.actor, VENDOR_ROLES, RECEIVER_ROLES)
        self._check_owed(quantities)
        delivery = Delivery(
            delivery_id=delivery_id,
            sequence=len(self._facts.deliveries) + 1,
            arrived_at=act.at,
            note_number=note_number,
            recorded_by=act.actor,
            lines=tuple(DeliveryLine(number, quantity) for number, quantity in sorted(quantities.items())),
            deadline=delivery_deadline(self._facts, DeliveryState.DELIVERED, act.at, act.calendar),
        )
        self._facts = replace(self._facts, deliveries=(*self._facts.deliveries, delivery), headcount=None)
        if act.at > self._facts.need.needed_at:
            self._facts = self._facts.with_flag(Flag.LATE)
        if self._facts.state is OrderState.CONFIRMED:
            self._enter(OrderState.IN_PROGRESS, act)
        self._follow(act)
        self._record(OrderDelivered, act)
        return delivery

    def _check_owed(self, quantities: Mapping[int, int]) -> None:
        numbers = {line.line_number for line in self._facts.lines}
        if not quantities or not set(quantities) <= numbers or any(q < 1 for q in quantities.values()):
            raise DeliveryQuantity
        for number, quantity in quantities.items():
            owed = self._facts.outstanding_of(self._facts.line(number))
            if quantity > owed:
                raise DeliveryQuantity(f"Baris {number}: sisa pesanan tinggal {owed}.")

    def inspect(
        self, act: Act, delivery_id: str, found: Mapping[int, Inspection], *, remedy: Remedy = Remedy.RELEASE
    ) -> None:
        """Say what is good, short, damaged and wrong on each line of a delivery.

        Units that are not good give their money back, or are owed again with `Remedy.REPLACE`. If nothing is good, the
        delivery is rejected and everything on it is owed again.
        """
        delivery = self._at(delivery_id, DeliveryState.DELIVERED)
        escalated = delivery.deadline is not None and delivery.deadline.stage is DeadlineStage.APPROVER
        require_role(act.actor, RECEIVER_ROLES, ESCALATION_ROLES if escalated else ())
        check_not_both_sides(act.actor, self._facts.seller.member_principals)
        self._inspect(act, delivery, found, remedy)

    def _inspect(self, act: Act, delivery: Delivery, found: Mapping[int, Inspection], remedy: Remedy) -> None:
        lines = _inspected(delivery, found)
        good = sum(line.good for line in lines)
        state = DeliveryState.INSPECTED if good else DeliveryState.REJECTED
        changed = replace(
            delivery,
            lines=lines,
            state=state,
            inspected_at=act.at,
            inspected_by=act.actor,
            deadline=delivery_deadline(self._facts, state, act.at, act.calendar) if good else None,
        )
        self._facts = self._facts.with_delivery(changed)
        ended = Flag.COMPLETED_SHORT in self._facts.flags
        if ended or (good and remedy is Remedy.RELEASE):
            bad = [(line.line_number, line.quantity - line.good) for line in lines]
            self._release_units([(number, quantity) for number, quantity in bad if quantity])
        self._follow(act)
        self._record(OrderInspected, act)

    def hand_over(self, act: Act, delivery_id: str, *, handover_id: str, number: str) -> Handover:
        """The signer's side of the BAST for the good units of a delivery; the seller answers next.

        On the short path the receiver may sign it. After the signer's time has run out KPA or PA may.
        """
        delivery = self._at(delivery_id, DeliveryState.INSPECTED)
        if delivery.handover is not None:
            raise DeliveryNotAllowedNow("BAST sudah ditandatangani; menunggu penyedia.")
        escalated = delivery.deadline is not None and delivery.deadline.stage is DeadlineStage.APPROVER
        allowed = RECEIVER_ROLES if self._facts.short_path or self._private else SIGNER_ROLES
        require_role(act.actor, allowed, ESCALATION_ROLES if escalated else ())
        check_not_both_sides(act.actor, self._facts.seller.member_principals)
        return self._hand_over(act, delivery, handover_id=handover_id, number=number)

    def _hand_over(self, act: Act, delivery: Delivery, *, handover_id: str, number: str) -> Handover:
        value = self._facts.value_of((line.line_number, line.good) for line in delivery.lines)
        if value == 0:
            raise NothingGood
        deemed = act.actor.role == SYSTEM_ROLE
        handover = Handover(handover_id=handover_id, number=number, on=act.today, value=value, deemed=deemed)
        self._facts = self._facts.with_delivery(
            replace(
                delivery,
                handover=handover,
                deadline=delivery_deadline(self._facts, DeliveryState.INSPECTED, act.at, act.calendar),
            )
        )
        if deemed:
            self._facts = self._facts.with_flag(Flag.DEEMED)
        self._touch()
        return handover

    def countersign(self, act: Act, delivery_id: str, *, notes: str = "") -> None:
        """The seller's side of the BAST, or its signature "dengan catatan", which opens a dispute on the rest only."""
        self.require_seller(act.actor)
        signature = VendorSignature.SIGNED_WITH_NOTES if notes.strip() else VendorSignature.SIGNED
        self._stand(act, delivery_id, signature, notes.strip())

    def _stand(self, act: Act, delivery_id: str, signature: VendorSignature, notes: str = "") -> None:
        """The BAST stands: its part of the commitment becomes accepted."""
        delivery = self._at(delivery_id, DeliveryState.INSPECTED)
        if delivery.handover is None:
            raise DeliveryNotAllowedNow("BAST belum ditandatangani pembeli.")
        shares = handover_shares(self._facts.uses, delivery.handover.value) if self._facts.uses else {}
        disputed = signature is VendorSignature.SIGNED_WITH_NOTES
        changed = replace(
            delivery,
            state=DeliveryState.HANDED_OVER,
            handover=replace(delivery.handover, shares=tuple(shares.items()), vendor_signature=signature, notes=notes),
            disputed=disputed,
            deadline=delivery_deadline(self._facts, DeliveryState.HANDED_OVER, act.at, act.calendar),
        )
        lines = tuple(
            replace(line, quantity_accepted=line.quantity_accepted + delivery.quantity_of(line.line_number))
            for line in self._facts.lines
        )
        self._facts = replace(self._facts, lines=lines).with_delivery(changed)
        if disputed:
            self._facts = self._facts.with_flag(Flag.DISPUTED)
        self._move("accept", {line: {"committed": -part, "accepted": part} for line, part in shares.items()})
        self._follow(act)
        self._record(OrderHandedOver, act)

    def stop(self, act: Act) -> None:
        """End the rest without fault; what was delivered goes on to BAST and payment."""
        require_role(act.actor, SIGNER_ROLES, ESCALATION_ROLES)
        self._end_rest(act, OrderState.STOPPED)

    def terminate(self, act: Act) -> None:
        """End the rest for the seller's fault; what was delivered goes on to BAST and payment."""
        require_role(act.actor, SIGNER_ROLES, ESCALATION_ROLES)
        self._end_rest(act, OrderState.TERMINATED)

    def _end_rest(self, act: Act, state: OrderState) -> None:
        self._require(*AFTER_YES)
        if self._facts.outstanding == 0:
            raise OrderNotAllowedNow("Tidak ada sisa pesanan yang dapat dihentikan.")
        if not act.reason.strip():
            raise ReasonRequired
        flags = [Flag.COMPLETED_SHORT]
        if state is OrderState.TERMINATED:
            flags.append(Flag.TERMINATED_FOR_FAULT)
        rest = [(line.line_number, self._facts.outstanding_of(line)) for line in self._facts.lines]
        self._release_units([(number, quantity) for number, quantity in rest if quantity])
        self._facts = replace(self._facts, end_reason=act.reason, headcount=None, deadline=None)
        self._facts = self._facts.with_flag(*flags)
        self._follow(act)
        self._record(OrderStopped, act)

    def _release_units(self, units: list[tuple[int, int]]) -> None:
        """Give back the commitment of units that will not come any more."""
        if not units:
            return
        value = self._facts.value_of(units)
        released = dict(units)
        lines = tuple(
            replace(line, quantity_released=line.quantity_released + released.get(line.line_number, 0))
            for line in self._facts.lines
        )
        shares = handover_shares(self._facts.uses, value) if self._facts.uses else {}
        self._facts = replace(self._facts, lines=lines)
        self._move("release", {line: {"committed": -part} for line, part in shares.items()})

    def _at(self, delivery_id: str, *states: DeliveryState) -> Delivery:
        self._require(*AFTER_YES)
        delivery = self._delivery(delivery_id)
        if delivery.state not in states:
            raise DeliveryNotAllowedNow(metadata={"delivery_state": delivery.state})
        return delivery

    def _follow(self, act: Act) -> None:
        """Let the order's state follow its slowest part."""
        state = self._slowest()
        if state in PERFORMING:
            deadline = self._facts.deadline or order_deadline(self._facts, state, act.at, act.calendar)
        else:
            deadline = None
        self._enter(state, act)
        self._facts = replace(self._facts, deadline=deadline)

    def _slowest(self) -> OrderState:
        live = self._facts.live_deliveries
        if self._facts.outstanding > 0:
            return OrderState.PARTLY_DELIVERED if live else OrderState.IN_PROGRESS
        if not live:
            fault = Flag.TERMINATED_FOR_FAULT in self._facts.flags
            return OrderState.TERMINATED if fault else OrderState.STOPPED
        states = {delivery.state for delivery in live}
        return next(order for delivery, order in _BY_PROGRESS if delivery in states)


def _inspected(delivery: Delivery, found: Mapping[int, Inspection]) -> tuple[DeliveryLine, ...]:
    if set(found) != {line.line_number for line in delivery.lines}:
        raise InspectionQuantity("Setiap baris pengiriman harus diperiksa.")
    lines = []
    for line in delivery.lines:
        result = found[line.line_number]
        counts = (result.good, result.short, result.damaged, result.wrong)
        if min(counts) < 0 or result.total != line.quantity:
            raise InspectionQuantity(metadata={"line_number": str(line.line_number)})
        lines.append(replace(line, inspection=result))
    return tuple(lines)
