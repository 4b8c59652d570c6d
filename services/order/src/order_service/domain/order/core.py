"""The core of the order aggregate: its facts, its version, and what it recorded since it was loaded."""

from collections.abc import Mapping
from dataclasses import replace

from order_service.domain.acts import Act
from order_service.domain.budget import BudgetUse, Movement
from order_service.domain.errors import DeliveryUnknown, OrderFinal, OrderNotAllowedNow
from order_service.domain.events import OrderEvent
from order_service.domain.order.delivery import Delivery
from order_service.domain.order.facts import OrderFacts
from order_service.domain.order.state import FINAL, TRANSITIONS, OrderState, StateChange


class OrderCore:
    """Facts, version, recorded events and budget movements.

    Args:
        facts: The order as stored.
        version: Version as stored; 0 for an order that was never stored.
    """

    def __init__(self, facts: OrderFacts, version: int = 0) -> None:
        self._facts = facts
        self._version = version
        self._stored_version = version
        self._events: list[OrderEvent] = []
        self._movements: list[Movement] = []

    @property
    def facts(self) -> OrderFacts:
        """The order as it stands."""
        return self._facts

    @property
    def version(self) -> int:
        """Version as it stands; grows with every change."""
        return self._version

    @property
    def stored_version(self) -> int:
        """Version when loaded: what an update must find in the table."""
        return self._stored_version

    def pull_events(self) -> list[OrderEvent]:
        """Take the events recorded since the last call."""
        events, self._events = self._events, []
        return events

    def pull_movements(self) -> list[Movement]:
        """Take the budget movements recorded since the last call; apply all in this transaction, or none."""
        movements, self._movements = self._movements, []
        return movements

    def _require(self, *states: OrderState) -> None:
        if self._facts.state in states:
            return
        if self._facts.state in FINAL:
            raise OrderFinal(metadata={"state": self._facts.state})
        raise OrderNotAllowedNow(metadata={"state": self._facts.state})

    def _delivery(self, delivery_id: str) -> Delivery:
        for delivery in self._facts.deliveries:
            if delivery.delivery_id == delivery_id:
                return delivery
        raise DeliveryUnknown

    def _enter(self, state: OrderState, act: Act) -> None:
        """Go to a state and date it; staying is allowed, a jump the table does not know is a bug."""
        current = self._facts.state
        if state is current:
            return
        if state not in TRANSITIONS[current]:
            raise OrderNotAllowedNow(f"Status {current} tidak dapat menjadi {state}.", metadata={"state": current})
        history = (*self._facts.history, StateChange(state, act.at))
        deadline = None if state in FINAL else self._facts.deadline
        self._facts = replace(self._facts, state=state, history=history, deadline=deadline)

    def _touch(self) -> None:
        self._version += 1

    def _record(self, event: type[OrderEvent], act: Act) -> None:
        self._version += 1
        self._events.append(event(self._facts, self._version, act.actor, act.at, act.today, act.reason))

    def _move(
        self,
        step: str,
        changes: Mapping[str, Mapping[str, int]],
    ) -> None:
        """Change buckets of the order's own uses and record the same movement for the budget lines.

        Args:
            step: Name of the step; with the next version it makes the idempotency key.
            changes: By budget line, the change of each bucket.
        """
        uses: list[BudgetUse] = []
        movements: list[Movement] = []
        for use in self._facts.uses:
            change = {bucket: amount for bucket, amount in changes.get(use.budget_line_id, {}).items() if amount}
            if change:
                key = f"{self._facts.order_id}:{self._version + 1}:{step}"
                movements.append(
                    Movement(
                        key=key,
                        order_id=self._facts.order_id,
                        budget_line_id=use.budget_line_id,
                        step=step,
                        reserved=change.get("reserved", 0),
                        committed=change.get("committed", 0),
                        accepted=change.get("accepted", 0),
                        paid=change.get("paid", 0),
                    )
                )
                uses.append(use.moved(**change))
            else:
                uses.append(use)
        self._movements.extend(movements)
        self._facts = replace(self._facts, uses=tuple(uses))
