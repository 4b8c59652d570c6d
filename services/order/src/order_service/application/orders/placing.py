"""What an order is placed with: the need, its buyer, the seller, the rules; gathered once, before any remote call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bela_kit.core.clock import Clock

from order_service.application.authority import Authority
from order_service.application.errors import Invalid, NotFound
from order_service.application.judged import ShownSuggestion
from order_service.application.offers import HoldLine, HoldWanted, Quote
from order_service.application.orders.acting import calendar_of
from order_service.application.ports import UnitOfWork
from order_service.application.records import KnownSeller, PlacedUnit
from order_service.domain.acts import Act
from order_service.domain.budget import BudgetLine, BudgetUse, split_over_lines
from order_service.domain.errors import VendorNotActive
from order_service.domain.need import Need, PayerKind
from order_service.domain.order.order import Draft
from order_service.domain.order.order_line import Buyer, NeedSummary, OrderLine
from order_service.domain.order.submission import Quote as OrderQuote
from order_service.domain.rules import PolicyBook
from order_service.domain.tax.facts import SupplyType

MAKERS = ("pp", "pptk", "ppk", "kpa", "commitment_signer")
SIGNERS = ("ppk", "kpa", "commitment_signer")
FIRST_HOLD = timedelta(minutes=5)
"""How long the hold stands at first. The order's event lengthens it to the deadline within moments; an order that is
refused after all gives the seller's day back soon, since there is no event that could."""


@dataclass(frozen=True, slots=True)
class WantedLine:
    """One line as the buyer asks for it."""

    product_id: str
    quantity: int


@dataclass(frozen=True, slots=True)
class PlacingCase:
    """Everything local that placing an order stands on."""

    need: Need
    unit: PlacedUnit
    holder: PlacedUnit
    seller: KnownSeller
    lines: Mapping[str, BudgetLine]
    policy: PolicyBook
    shown: ShownSuggestion | None

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

    def rank(self) -> int:
        """Return the rank the seller had in the list that was shown last; 0 if none was shown."""
        return self.shown.ranks.get(self.seller.seller.vendor_id, 0) if self.shown else 0

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


async def load_case(need_id: str, vendor_id: str, *, uow: UnitOfWork) -> PlacingCase:
    """Gather what an order of a need from a seller stands on.

    Raises:
        NotFound: There is no such need.
        Invalid: The seller is not known here.
    """
    need = await uow.needs.get(need_id)
    if need is None:
        raise NotFound("Kebutuhan tidak ditemukan.")
    units = await uow.units.get_many({need.unit_id, need.budget_holder_id})
    seller = await uow.sellers.get(vendor_id)
    if seller is None:
        raise Invalid("vendor_id", "VENDOR_UNKNOWN", "Penyedia tidak dikenal di daerah ini.")
    return PlacingCase(
        need=need,
        unit=units[need.unit_id],
        holder=units[need.budget_holder_id],
        seller=seller,
        lines=await uow.budget.get_many(need.budget_line_ids),
        policy=await uow.policy.book(),
        shown=await uow.suggestions.latest(need_id),
    )


def check_case(case: PlacingCase, act: Act) -> None:
    """Refuse what needs no remote answer: a seller that may not sell here now, a budget year that is over."""
    if not case.seller.may_sell(case.need.category_code, act.today):
        raise VendorNotActive(metadata={"standing": case.seller.seller.standing})
    for line in case.lines.values():
        line.check_open(act.today)


def maker_act(case: PlacingCase, authority: Authority, roles: Sequence[str], clock: Clock) -> Act:
    """Return the act of somebody who makes an order for the need's unit.

    Raises:
        RoleMissing: He holds none of the roles over the unit.
    """
    tenant = case.need.tenant
    return Act(authority.act(roles, case.unit.scopes()), clock.now(tenant), calendar_of(clock, tenant))


def hold_wanted(order_id: str, case: PlacingCase, lines: Sequence[WantedLine], act: Act) -> HoldWanted:
    """Return what is asked of the catalog: prices, and a hold that outlives the submission."""
    need = case.need
    return HoldWanted(
        order_id=order_id,
        unit_id=need.unit_id,
        lines=tuple(HoldLine(number, line.product_id, line.quantity) for number, line in enumerate(lines, start=1)),
        needed_on=act.calendar.day(need.needed_at),
        needed_at=need.needed_at,
        district_code=need.delivery.district_code,
        hold_until=act.at + FIRST_HOLD,
        now=act.at,
    )


def quoted(case: PlacingCase, quote: Quote) -> OrderQuote:
    """Return the catalog's answer as the order judges it.

    Raises:
        Invalid: The products are another seller's, or of another category than the need.
    """
    seller = case.seller.seller
    if quote.vendor_id != seller.vendor_id:
        raise Invalid("lines", "VENDOR_MISMATCH", "Produk pada baris pesanan bukan milik penyedia yang dipilih.")
    for index, line in enumerate(quote.lines):
        if line.category_code != case.need.category_code:
            field = f"lines[{index}].product_id"
            raise Invalid(field, "CATEGORY_MISMATCH", "Kategori produk tidak sesuai dengan kebutuhan.")
    return OrderQuote(
        lines=tuple(
            OrderLine(
                line_number=line.line_number,
                product_id=line.product_id,
                title=line.title,
                category_code=line.category_code,
                profile_code=line.profile_code,
                supply_type=SupplyType(line.supply_type),
                quantity=line.quantity,
                unit=line.unit,
                unit_price=line.unit_price_idr,
                price_includes_ppn=line.price_includes_ppn,
            )
            for line in quote.lines
        ),
        seller=seller,
        seller_lead=timedelta(hours=max(line.lead_time_hours for line in quote.lines)),
        held_until=quote.held_until,
    )
