"""What an order is placed on, all of it local: the need, its buyer, the seller, the budget, the rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from order_service.application.records import KnownSeller, PlacedUnit
from order_service.domain.budget import BudgetLine, BudgetUse, split_over_lines
from order_service.domain.need import Need, PayerKind
from order_service.domain.order.order import Draft
from order_service.domain.order.order_line import Buyer, NeedSummary, OrderLine
from order_service.domain.rules import PolicyBook


@dataclass(frozen=True, slots=True)
class PlacingCase:
    """Everything local that placing an order stands on.

    Attributes:
        holder: The unit whose budget pays.
        lines: The need's budget lines by id.
        rank: Rank of the seller in the list that was shown last; 0 if none was shown, or he was not in it.
        list_shown: Whether a list was shown for the need.
        best_unit_price: Cheapest filtered price in that list.
        made: Whether the order that was asked about exists already.
    """

    need: Need
    unit: PlacedUnit
    holder: PlacedUnit
    seller: KnownSeller
    lines: Mapping[str, BudgetLine]
    policy: PolicyBook
    rank: int = 0
    list_shown: bool = False
    best_unit_price: int | None = None
    made: bool = False

    @property
    def buyer(self) -> Buyer:
        """Return the buyer as an order keeps it."""
        return Buyer(self.unit.unit.unit_id, self.unit.unit.name, self.holder.unit.unit_id, self.holder.unit.name)

    @property
    def need_summary(self) -> NeedSummary:
        """Return what an order keeps of its need."""
        need = self.need
        return NeedSummary(
            need_id=need.need_id,
            title=need.title,
            created_by=need.created_by.principal,
            needed_at=need.needed_at,
            served=need.served,
            district_code=need.delivery.district_code,
            village_code=need.delivery.village_code,
            event_id=need.event_id,
            sub_activity_code=need.activity.sub_activity_code,
            payer_kind=need.payer_kind,
            hps=need.hps,
        )

    def draft(self, order_id: str, lines: Sequence[OrderLine], channel: str, **options: object) -> Draft:
        """Return the draft of an order of this case."""
        return Draft(
            order_id=order_id,
            tenant=self.need.tenant,
            need=self.need_summary,
            buyer=self.buyer,
            seller=self.seller.seller,
            lines=tuple(lines),
            channel=channel,
            **options,  # type: ignore[arg-type]
        )

    def uses(self, total: int) -> tuple[BudgetUse, ...]:
        """Return the shares of a total on the need's budget lines, by the room each has."""
        if self.need.payer_kind is PayerKind.PRIVATE_GROUP:
            return ()
        ordered = [self.lines[line_id] for line_id in self.need.budget_line_ids]
        rooms = [max(0, line.available) for line in ordered]
        # With no room anywhere the first line takes all and refuses it, with the figure a person needs.
        weights = rooms if sum(rooms) >= total else [1] + [0] * (len(ordered) - 1)
        parts = split_over_lines(total, [(line.budget_line_id, w) for line, w in zip(ordered, weights, strict=True)])
        return tuple(
            BudgetUse(
                budget_line_id=line.budget_line_id,
                account_code=line.account_code,
                sub_activity_code=line.sub_activity_code,
                fiscal_year=line.fiscal_year,
                amount=parts[line.budget_line_id],
            )
            for line in ordered
            if parts[line.budget_line_id]
        )
