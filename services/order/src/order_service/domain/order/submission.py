"""What a submission is judged by: facts the use case gathers, and the guards of domain.md 7.2 in their sequence."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from order_service.domain.acts import Act
from order_service.domain.budget import BudgetUse, check_split
from order_service.domain.errors import (
    BandTooLow,
    CapacityGone,
    ChoiceReasonRequired,
    ConflictOfInterest,
    LeadTooShort,
    RupExceeded,
    TooManyUnsigned,
    VendorNotActive,
)
from order_service.domain.money import rupiah
from order_service.domain.need import PayerKind
from order_service.domain.order.facts import OrderFacts
from order_service.domain.order.order_line import OrderLine, Seller, check_lines
from order_service.domain.rotation import RotationDecision
from order_service.domain.rules.channel import check_channel, check_hps, check_maker, check_umkm_first
from order_service.domain.rules.duties import check_not_both_sides
from order_service.domain.rules.override import Override, OverrideReason
from order_service.domain.rules.policy_rule import PolicyBook
from order_service.domain.splitting import SplittingDecision

MAX_UNSIGNED = 10
REASON_BELOW_RANK = 3
LEAD_RESERVE = timedelta(hours=1)
BAND_LIMITS = {"A": 10_000_000, "B": 50_000_000}


@dataclass(frozen=True, slots=True)
class Quote:
    """What the catalog answered: priced lines and a hold on the seller's capacity.

    Attributes:
        lines: Lines with prices.
        seller: The seller as known now.
        seller_lead: The seller's lead time.
        held_until: Until when capacity is held.
    """

    lines: tuple[OrderLine, ...]
    seller: Seller
    seller_lead: timedelta
    held_until: datetime


@dataclass(frozen=True, slots=True)
class Submission:
    """Everything a submission is judged by.

    Attributes:
        quote: Prices and hold.
        uses: Shares on the budget lines, adding up to the total; empty for a private group.
        policy: The region's rules.
        rotation: Decision of `judge_rotation`.
        splitting: Decision of `judge_splitting`.
        unsigned_orders: Unsigned orders of the budget holder now, this one not counted.
        rup_value: Value of the RUP package; none if no package is known.
        rup_used: Live and closed orders on the same RUP, this one not counted.
        need_used: What other orders of the same need hold or have used, whole rupiah; this one not counted.
        list_shown: Whether a list of sellers was shown for the need.
        suggestion_rank: Rank of the seller in the list shown; 0 if there was none, or if it is not in it.
        best_unit_price: Cheapest filtered price in that list.
        choice_reason: Reason code for a rank below 3, and for a seller outside the list shown.
        override: Override used, for the record.
    """

    quote: Quote
    uses: tuple[BudgetUse, ...]
    policy: PolicyBook
    rotation: RotationDecision = field(default_factory=RotationDecision)
    splitting: SplittingDecision = field(default_factory=SplittingDecision)
    unsigned_orders: int = 0
    rup_value: int | None = None
    rup_used: int = 0
    need_used: int = 0
    list_shown: bool = False
    suggestion_rank: int = 0
    best_unit_price: int | None = None
    choice_reason: str = ""
    override: Override | None = None

    @property
    def total(self) -> int:
        """Gross value of the quoted lines."""
        return sum(line.amount for line in self.quote.lines)

    @property
    def package(self) -> int:
        """The need as one package: this order and what its other orders hold (domain.md 7.2, 10.5).

        Channel, method, actor and HPS are judged by it: a need spread over several sellers is summed.
        """
        return self.need_used + self.total

    @property
    def reason_missing(self) -> bool:
        """Whether the choice asks for a reason code, of a rank below 3 or outside the list, and has none."""
        outside = self.list_shown and self.suggestion_rank == 0
        if not outside and self.suggestion_rank <= REASON_BELOW_RANK:
            return False
        reasons = {self.choice_reason, self.override.reason if self.override is not None else ""}
        return reasons.isdisjoint(OverrideReason)


def check_seller(seller: Seller, total: int, act: Act, *, late_recorded: bool = False) -> None:
    """Refuse a seller who may not receive this order: standing, conflict, both sides, band.

    A late recording shows what is wrong instead of refusing it; only the two sides must still be apart.
    """
    check_not_both_sides(act.actor, seller.member_principals)
    if seller.conflict_of_interest:
        raise ConflictOfInterest("Pemilik usaha ini tercatat sebagai pegawai pemerintah daerah.")
    if late_recorded:
        return
    if seller.standing != "ok":
        raise VendorNotActive(metadata={"standing": seller.standing})
    if not seller.band:
        raise VendorNotActive("Penyedia ini belum diverifikasi.")
    limit = BAND_LIMITS.get(seller.band)
    if limit is not None and total > limit:
        raise BandTooLow(f"Verifikasi tingkat {seller.band} berlaku sampai {rupiah(limit)} per pesanan.")


def check_lead(needed_at: datetime, at: datetime, seller_lead: timedelta) -> None:
    """Refuse a submission when less is left than the seller's lead time plus one hour."""
    if needed_at - at < seller_lead + LEAD_RESERVE:
        raise LeadTooShort


def check_submission(facts: OrderFacts, act: Act, submission: Submission) -> None:
    """Run every guard of a submission; the first that fails is raised."""
    quote, total, package, policy = submission.quote, submission.total, submission.package, submission.policy
    check_lines(quote.lines)
    check_seller(quote.seller, total, act, late_recorded=facts.late_recorded)
    if not facts.late_recorded:
        check_lead(facts.need.needed_at, act.at, quote.seller_lead)
        if quote.held_until <= act.at:
            raise CapacityGone
    private = facts.need.payer_kind is PayerKind.PRIVATE_GROUP
    check_split(submission.uses, 0 if private else total)
    if not private:
        check_channel(
            facts.channel,
            package,
            act.today,
            policy,
            external_number=facts.external_number,
            plan_basis=facts.plan_basis,
        )
        check_maker(act.actor.role, package, act.today, policy, facts.plan_basis)
        check_umkm_first(
            total,
            act.today,
            policy,
            business_class=quote.seller.business_class,
            entity_kind=quote.seller.entity_kind,
        )
        check_hps(package, act.today, policy, facts.need.hps)
    if submission.rup_value is not None and submission.rup_used + total > submission.rup_value:
        raise RupExceeded(f"Sisa paket RUP {rupiah(max(0, submission.rup_value - submission.rup_used))}.")
    if submission.unsigned_orders >= MAX_UNSIGNED:
        raise TooManyUnsigned
    if submission.reason_missing:
        raise ChoiceReasonRequired
