"""Placing an order: revise the draft, submit it, send it back, give it up."""

from dataclasses import replace

from order_service.domain.acts import Act
from order_service.domain.budget import BudgetUse
from order_service.domain.errors import ReasonRequired, ShortPathLimit
from order_service.domain.events import OrderCancelled, OrderReturned, OrderSubmitted
from order_service.domain.money import rupiah
from order_service.domain.order.core import OrderCore
from order_service.domain.order.deadlines import order_deadline
from order_service.domain.order.facts import Flag, OrderFacts
from order_service.domain.order.order_line import OrderLine, Seller, check_lines
from order_service.domain.order.state import OrderState
from order_service.domain.order.submission import Submission, check_submission
from order_service.domain.rules.duties import ESCALATION_ROLES, MAKER_ROLES, SIGNER_ROLES, require_role


class Placing(OrderCore):
    """From the draft to the signer's desk."""

    def revise(self, act: Act, *, lines: tuple[OrderLine, ...], seller: Seller, external_number: str = "") -> None:
        """Change a draft, also one that was returned."""
        self._require(OrderState.DRAFT)
        require_role(act.actor, MAKER_ROLES)
        check_lines(lines)
        self._facts = replace(
            self._facts,
            lines=lines,
            seller=seller,
            external_number=external_number or self._facts.external_number,
            deadline=order_deadline(self._facts, OrderState.DRAFT, act.at, act.calendar),
        )
        self._touch()

    def submit(self, act: Act, submission: Submission) -> None:
        """Submit: hold money for the prices the catalog quoted; capacity is held already.

        Raises:
            Refusal: The first guard of domain.md 7.2 that fails; see `check_submission`.
        """
        self._require(OrderState.DRAFT)
        require_role(act.actor, MAKER_ROLES)
        check_submission(self._facts, act, submission)
        self._check_short_path(act, submission)
        flags = [*submission.rotation.flags, *submission.splitting.flags]
        if self._facts.short_path:
            flags.append(Flag.SHORT_PATH)
        if self._facts.late_recorded:
            flags.append(Flag.LATE_RECORDED)
        self._facts = self._submitted(act, submission).with_flag(*flags)
        self._enter(OrderState.SUBMITTED, act)
        self._enter(OrderState.PPK_REVIEW, act)
        self._move("reserve", {use.budget_line_id: {"reserved": use.amount} for use in self._facts.uses})
        self._record(OrderSubmitted, act)

    def _check_short_path(self, act: Act, submission: Submission) -> None:
        if not self._facts.short_path:
            return
        limit = submission.policy.required_amount("form.nota.max", act.today)
        if submission.total > limit:
            raise ShortPathLimit(f"Jalur singkat paling banyak {rupiah(limit)}.")

    def _submitted(self, act: Act, submission: Submission) -> OrderFacts:
        quote, override = submission.quote, submission.override
        placed = replace(
            self._facts,
            lines=tuple(
                replace(line, first_quantity=line.quantity, quantity_accepted=0, quantity_released=0)
                for line in quote.lines
            ),
            seller=quote.seller,
            seller_lead=quote.seller_lead,
            held_until=quote.held_until,
            uses=tuple(_empty(use) for use in submission.uses),
            chosen_by=act.actor,
            submitted_at=act.at,
            suggestion_rank=submission.suggestion_rank,
            best_unit_price=submission.best_unit_price,
            choice_reason=submission.choice_reason,
            override_reason=override.reason if override is not None else "",
            lapsed_from=None,
            reissued=False,
        )
        return replace(placed, deadline=order_deadline(placed, OrderState.PPK_REVIEW, act.at, act.calendar))

    def return_to_maker(self, act: Act) -> None:
        """Send the order back to its maker with a reason; the reserve and the capacity are given back."""
        self._require(OrderState.PPK_REVIEW)
        require_role(act.actor, SIGNER_ROLES)
        if not act.reason.strip():
            raise ReasonRequired
        self._release_all()
        self._enter(OrderState.DRAFT, act)
        self._facts = replace(
            self._facts,
            submitted_at=None,
            chosen_by=None,
            held_until=None,
            deadline=order_deadline(self._facts, OrderState.DRAFT, act.at, act.calendar),
        )
        self._record(OrderReturned, act)

    def cancel(self, act: Act) -> None:
        """Give the order up before the seller's yes; after the signature only the signer may (withdraw)."""
        self._require(OrderState.DRAFT, OrderState.PPK_REVIEW, OrderState.SP_ISSUED, OrderState.LAPSED)
        signed = self._facts.signed_at is not None
        require_role(act.actor, SIGNER_ROLES if signed else MAKER_ROLES, ESCALATION_ROLES)
        if not act.reason.strip() and self._facts.state is not OrderState.DRAFT:
            raise ReasonRequired
        self._end(OrderState.CANCELLED, act)
        self._record(OrderCancelled, act)

    def _end(self, state: OrderState, act: Act) -> None:
        self._release_all()
        self._enter(state, act)
        self._facts = replace(self._facts, end_reason=act.reason, headcount=None)

    def _release_all(self) -> None:
        """Give back everything reserved and committed; what was handed over stays."""
        self._move(
            "release",
            {use.budget_line_id: {"reserved": -use.reserved, "committed": -use.committed} for use in self._facts.uses},
        )


def _empty(use: BudgetUse) -> BudgetUse:
    return replace(use, reserved=0, committed=0, accepted=0, paid=0)
