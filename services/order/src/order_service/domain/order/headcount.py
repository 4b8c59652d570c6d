"""Headcount change: the buyer proposes another quantity, the seller taps yes (domain.md 7.2)."""

from dataclasses import replace

from order_service.domain.acts import Act
from order_service.domain.budget import handover_shares, split_over_lines
from order_service.domain.errors import HeadcountChangeRefused, RoleNotAllowed, RupExceeded
from order_service.domain.events import OrderConfirmed
from order_service.domain.order.facts import HeadcountProposal, OrderFacts
from order_service.domain.order.passing_deadlines import PassingDeadlines
from order_service.domain.order.state import OrderState
from order_service.domain.rules.duties import RECEIVER_ROLES
from order_service.domain.rules.policy_rule import PolicyBook


class Headcount(PassingDeadlines):
    """Ten percent up or down, without an amendment, up to the limit of a nota."""

    def propose_quantity(self, act: Act, *, line_number: int, quantity: int, policy: PolicyBook) -> None:
        """The buyer proposes another quantity for one line; nothing moves before the seller agrees."""
        self._require(OrderState.CONFIRMED, OrderState.IN_PROGRESS)
        if act.actor.role not in RECEIVER_ROLES:
            raise RoleNotAllowed
        changed = self._changed(act, HeadcountProposal(line_number, quantity, act.at))
        limit = policy.required_amount("form.nota.max", act.today)
        if max(changed.total, self._facts.total) > limit:
            raise HeadcountChangeRefused("Di atas batas nota perubahan jumlah memerlukan adendum.")
        self._facts = replace(self._facts, headcount=HeadcountProposal(line_number, quantity, act.at))
        self._touch()

    def accept_quantity(self, act: Act, *, rup_left: int | None = None) -> None:
        """The seller agrees: more is committed, or a part of the commitment is given back.

        Args:
            act: The seller's act.
            rup_left: Room on the RUP package before the change; none if no package is known.
        """
        self._require(OrderState.CONFIRMED, OrderState.IN_PROGRESS)
        self.require_seller(act.actor)
        proposal = self._facts.headcount
        if proposal is None:
            raise HeadcountChangeRefused("Tidak ada usulan perubahan jumlah.")
        changed = self._changed(act, proposal)
        difference = changed.total - self._facts.total
        if rup_left is not None and difference > rup_left:
            raise RupExceeded
        self._facts = replace(self._facts, lines=changed.lines, headcount=None)
        if self._facts.uses and difference:
            self._commit_difference(difference)
        self._record(OrderConfirmed, act)

    def _commit_difference(self, difference: int) -> None:
        uses = self._facts.uses
        if difference > 0:
            parts = split_over_lines(difference, [(use.budget_line_id, use.amount) for use in uses])
        else:
            parts = {line: -part for line, part in handover_shares(uses, -difference).items()}
        grown = tuple(replace(use, amount=use.amount + max(0, parts[use.budget_line_id])) for use in uses)
        self._facts = replace(self._facts, uses=grown)
        self._move("headcount", {line: {"committed": part} for line, part in parts.items()})
        shrunk = tuple(replace(use, amount=use.amount + min(0, parts[use.budget_line_id])) for use in self._facts.uses)
        self._facts = replace(self._facts, uses=shrunk)

    def _changed(self, act: Act, proposal: HeadcountProposal) -> OrderFacts:
        facts = self._facts
        latest = facts.need.needed_at - facts.seller_lead
        numbers = {line.line_number for line in facts.lines}
        if facts.deliveries or act.at > latest or proposal.line_number not in numbers:
            raise HeadcountChangeRefused
        line = facts.line(proposal.line_number)
        first = line.first_quantity or line.quantity
        if proposal.quantity < 1 or abs(proposal.quantity - first) * 10 > first:
            raise HeadcountChangeRefused
        lines = tuple(
            replace(each, quantity=proposal.quantity) if each.line_number == line.line_number else each
            for each in facts.lines
        )
        return replace(facts, lines=lines)
