"""From the signer's desk to the seller's answer: sign, withdraw, confirm, refuse, lapse, re-issue, expire."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from bela_kit.core.actor import Actor

from order_service.domain.acts import Act
from order_service.domain.errors import AlreadyReissued, OrderNotAllowedNow, ReasonRequired, RoleNotAllowed
from order_service.domain.events import (
    OrderCancelled,
    OrderConfirmed,
    OrderExpired,
    OrderLapsed,
    OrderRefused,
    OrderReissued,
    OrderSigned,
)
from order_service.domain.need import PayerKind
from order_service.domain.order.deadlines import order_deadline
from order_service.domain.order.facts import Flag
from order_service.domain.order.placing import Placing
from order_service.domain.order.state import OrderState
from order_service.domain.rules.channel import check_channel
from order_service.domain.rules.contract_form import contract_form
from order_service.domain.rules.duties import (
    MAKER_ROLES,
    SIGNER_ROLES,
    VENDOR_ROLES,
    check_need_approval,
    check_not_both_sides,
    check_signer,
    require_role,
)
from order_service.domain.rules.policy_rule import PolicyBook


@dataclass(frozen=True, slots=True)
class Signature:
    """What a signature is judged by.

    Attributes:
        policy: The region's rules; the day of the signature decides.
        document_number: Number of the paper, by the OPD's pattern.
        roles_held: Other roles the signer holds in this unit now.
        need_approved_by: Principal of KPA or PA who approved the need; none if nobody did.
        need_used: What other orders of the need hold or have used; matters where the signer stated the need himself.
    """

    policy: PolicyBook
    document_number: str
    roles_held: Collection[str] = ()
    need_approved_by: str | None = None
    need_used: int = 0


class Signing(Placing):
    """Signature and the seller's answer."""

    @property
    def _private(self) -> bool:
        return self._facts.need.payer_kind is PayerKind.PRIVATE_GROUP

    def require_seller(self, actor: Actor) -> None:
        """Refuse anyone but a user of the seller, or somebody acting for it with recorded consent."""
        if actor.on_behalf_of == self._facts.seller.vendor_id:
            return
        require_role(actor, VENDOR_ROLES)

    def sign(self, act: Act, signature: Signature) -> None:
        """Sign: the reserve becomes a commitment and the seller is asked.

        A review that lapsed may be signed late, once.
        """
        late = self._facts.state is OrderState.LAPSED and self._facts.lapsed_from is OrderState.PPK_REVIEW
        if not late:
            self._require(OrderState.PPK_REVIEW)
        elif self._facts.reissued:
            raise AlreadyReissued
        flags = self._check_signature(act, signature)
        form = contract_form(self._facts.total, self._facts.channel, act.today, signature.policy, kind=self._facts.kind)
        self._facts = replace(
            self._facts,
            signer=act.actor,
            signed_at=act.at,
            signed_on=act.today,
            document_number=signature.document_number,
            contract_form=form,
            reissued=late,
        ).with_flag(*flags)
        self._move(
            "commit",
            {use.budget_line_id: {"reserved": -use.reserved, "committed": use.reserved} for use in self._facts.uses},
        )
        self._issue(act)
        self._record(OrderReissued if late else OrderSigned, act)

    def _check_signature(self, act: Act, signature: Signature) -> list[str]:
        facts, policy = self._facts, signature.policy
        chosen_by = facts.chosen_by or facts.created_by
        check_not_both_sides(act.actor, facts.seller.member_principals)
        flags = [Flag.ONE_PERSON] if chosen_by.principal == act.actor.principal else []
        if self._private:
            require_role(act.actor, MAKER_ROLES, {"coordinator"})
            return flags
        check_signer(
            act.actor,
            chosen_by=chosen_by,
            value=facts.total,
            pp_max=policy.required_amount("actor.pp.max", act.today),
            roles_held=signature.roles_held,
        )
        own_need = check_need_approval(
            act.actor,
            need_created_by=facts.need.created_by,
            need_approved_by=signature.need_approved_by,
            value=signature.need_used + facts.total,
            nota_max=policy.required_amount("form.nota.max", act.today),
        )
        check_channel(
            facts.channel,
            facts.total,
            act.today,
            policy,
            external_number=facts.external_number,
            plan_basis=facts.plan_basis,
        )
        return [*flags, Flag.SELF_APPROVED] if own_need else flags

    def _issue(self, act: Act) -> None:
        self._enter(OrderState.SP_ISSUED, act)
        self._facts = replace(
            self._facts,
            lapsed_from=None,
            deadline=order_deadline(self._facts, OrderState.SP_ISSUED, act.at, act.calendar),
        )

    def reissue(self, act: Act) -> None:
        """Ask the same seller again on the same terms, once, after he did not answer."""
        self._require(OrderState.LAPSED)
        require_role(act.actor, SIGNER_ROLES)
        if self._facts.lapsed_from is not OrderState.SP_ISSUED:
            raise OrderNotAllowedNow("Pesanan belum ditandatangani; tandatangani lebih dahulu.")
        if self._facts.reissued:
            raise AlreadyReissued
        self._facts = replace(self._facts, reissued=True)
        self._issue(act)
        self._record(OrderReissued, act)

    def withdraw(self, act: Act) -> None:
        """Take a signed order back before the seller answered; the commitment is given back."""
        self._require(OrderState.SP_ISSUED, OrderState.LAPSED)
        require_role(act.actor, SIGNER_ROLES)
        if not act.reason.strip():
            raise ReasonRequired
        self._end(OrderState.CANCELLED, act)
        self._record(OrderCancelled, act)

    def confirm(self, act: Act) -> None:
        """The seller's yes; capacity becomes firm."""
        self._require(OrderState.SP_ISSUED)
        self.require_seller(act.actor)
        self._enter(OrderState.CONFIRMED, act)
        self._facts = replace(
            self._facts, deadline=order_deadline(self._facts, OrderState.CONFIRMED, act.at, act.calendar)
        )
        self._record(OrderConfirmed, act)

    def refuse(self, act: Act) -> None:
        """The seller's no, with a reason; the commitment is given back."""
        self._require(OrderState.SP_ISSUED)
        self.require_seller(act.actor)
        if not act.reason.strip():
            raise ReasonRequired
        self._end(OrderState.REFUSED, act)
        self._record(OrderRefused, act)

    def _lapse(self, act: Act) -> None:
        """Nobody answered: wait once more with money and capacity held, or end if that was used up."""
        if act.actor.role != "system":
            raise RoleNotAllowed
        if self._facts.reissued:
            self._expire(act)
            return
        came_from = self._facts.state
        self._enter(OrderState.LAPSED, act)
        self._facts = replace(
            self._facts,
            lapsed_from=came_from,
            deadline=order_deadline(self._facts, OrderState.LAPSED, act.at, act.calendar),
        )
        self._record(OrderLapsed, act)

    def _expire(self, act: Act) -> None:
        self._end(OrderState.EXPIRED, act)
        self._record(OrderExpired, act)
