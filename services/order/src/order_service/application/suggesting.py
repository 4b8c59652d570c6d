"""Suggest sellers for a need: the catalog's offers, what is known here of their sellers, and the domain's judgement.

The catalog is asked once, before the transaction; inside it a fixed number of statements gathers the rest, whatever the
number of sellers. What was shown is stored: it is the proof that the rule chose, and not a person.
"""

from datetime import time, timedelta
from typing import Any

from bela_kit.core.ids import new_id

from order_service.application.authority import Authority
from order_service.application.business_time import BusinessClock
from order_service.application.errors import NotFound
from order_service.application.judged import PastWanted, Performance, ShownSuggestion
from order_service.application.offers import CatalogOffer, OfferSheet
from order_service.application.ports import UnitOfWork
from order_service.application.records import KnownSeller, RegionSettings
from order_service.domain.acts import Act
from order_service.domain.need import Need
from order_service.domain.rotation import CountedOrder, RotationSettings
from order_service.domain.rules import PolicyBook
from order_service.domain.suggestion import (
    Ask,
    Candidate,
    Market,
    MarketSeller,
    NearnessMode,
    Record,
    Suggested,
    Suggestion,
    SuggestionRequest,
    SuggestionSettings,
    suggest,
)

ASKERS = ("requester", "pptk", "pp", "ppk", "kpa", "pa", "commitment_signer", "auditor")
SPEND_WINDOW = timedelta(days=365)
NO_ORDER = "00000000-0000-0000-0000-000000000000"


async def suggest_sellers(
    need: Need, *, sheet: OfferSheet, uow: UnitOfWork, clock: BusinessClock, authority: Authority
) -> ShownSuggestion:
    """Suggest sellers for a need, and keep what was shown.

    Raises:
        RoleMissing: The caller has nothing to do with the need's unit.
    """
    place = await uow.units.get(need.unit_id)
    if place is None:
        raise NotFound("Unit tidak ditemukan.")
    actor = authority.act(ASKERS, place.scopes())
    act = Act(actor, clock.now(uow.tenant), clock.calendar(uow.tenant))
    past = await uow.orders.past(
        PastWanted(
            order_id=NO_ORDER,
            budget_holder_id=need.budget_holder_id,
            category_code=need.category_code,
            year_start=act.calendar.at_local(act.today.replace(month=1, day=1), time(0, 0)),
            rup_code="",
            zone=act.calendar.zone.key,
            need_id=need.need_id,
            owner_group_id=None,
            rotation=RotationSettings(),
        )
    )
    found = await judge_offers(need, sheet, past.counted, await uow.policy.book(), act, uow=uow)
    suggestion_id = str(new_id())
    shown = ShownSuggestion(
        suggestion_id=suggestion_id,
        need_id=need.need_id,
        made_at=act.at,
        made_by=actor.principal,
        eligible_groups=tuple(sorted(found.eligible_groups)),
        ranks={row.candidate.vendor_id: row.rank for row in found.listed},
        best_unit_price=found.best_unit_price,
        body=_body(suggestion_id, need, act, found),
    )
    await uow.suggestions.add(shown)
    return shown


async def judge_offers(
    need: Need,
    sheet: OfferSheet,
    history: tuple[CountedOrder, ...],
    policy: PolicyBook,
    act: Act,
    *,
    uow: UnitOfWork,
) -> Suggestion:
    """Return who could serve a need, and who is cooled, by everything that is known now."""
    vendor_ids = {offer.vendor_id for offer in sheet.offers}
    known = await uow.sellers.get_many(vendor_ids)
    performance = await uow.seller_facts.performance(vendor_ids, act.today)
    spend = await uow.seller_facts.spend(need.category_code, act.today - SPEND_WINDOW)
    settings = await uow.regions.settings()
    request = SuggestionRequest(
        ask=_ask(need, sheet, policy, act),
        candidates=[
            _candidate(offer, known[offer.vendor_id], performance.get(offer.vendor_id, Performance()), need, act)
            for offer in sheet.offers
            if offer.vendor_id in known
        ],
        market=Market(
            sellers=[
                MarketSeller(each.vendor_id, each.owner_group_id, each.district_code, each.capacity_per_day)
                for each in sheet.category_sellers
            ],
            group_spend=spend.by_group,
            category_spend=sum(spend.by_group.values()),
            district_spend=spend.by_district,
        ),
        adjacency=_adjacency(settings),
        history=history,
        settings=SuggestionSettings(nearness=NearnessMode(settings.nearness_mode)),
    )
    return suggest(request)


def _ask(need: Need, sheet: OfferSheet, policy: PolicyBook, act: Act) -> Ask:
    return Ask(
        need_id=need.need_id,
        tenant=need.tenant,
        category_code=need.category_code,
        profile_code=need.profile_code,
        quantity=need.quantity,
        needed_at=need.needed_at,
        now=act.at,
        district_code=need.delivery.district_code,
        village_code=need.delivery.village_code,
        unit=sheet.unit,
        budget_unit_price=need.budget_unit_price,
        hps_unit_price=need.hps_unit_price,
        umkm_only_below=policy.amount("tenant.umkm_first.below", act.today),
    )


def _candidate(offer: CatalogOffer, known: KnownSeller, performance: Performance, need: Need, act: Act) -> Candidate:
    seller = known.seller
    standing = seller.standing
    if standing == "ok" and known.verified and not known.may_sell(need.category_code, act.today):
        standing = "guest_ended"
    return Candidate(
        product_id=offer.product_id,
        vendor_id=offer.vendor_id,
        owner_group_id=seller.owner_group_id,
        display_name=seller.display_name,
        title=offer.title,
        category_code=offer.category_code,
        profile_code=offer.profile_code,
        unit=offer.unit,
        unit_price=offer.unit_price_idr,
        capacity_per_day=offer.capacity_per_day,
        free_capacity=offer.free_capacity,
        capacity_confirmed=offer.capacity_confirmed,
        lead_time=timedelta(hours=offer.lead_time_hours),
        district_code=seller.district_code,
        village_code=seller.village_code,
        published=not offer.moderated,
        delivers_there=offer.delivers_there,
        certificates_valid=offer.certificates_valid,
        standing=standing,
        verified=known.verified,
        band=seller.band,
        business_class=seller.business_class,
        entity_kind=seller.entity_kind.value,
        conflict_of_interest=seller.conflict_of_interest,
        guest=known.guest,
        record=Record(
            good=performance.good,
            deliveries=performance.deliveries,
            lapses=performance.lapses + performance.late_refusals,
            handed_over=performance.orders_handed_over,
        ),
    )


def _adjacency(settings: RegionSettings) -> dict[str, frozenset[str]]:
    return {district: frozenset(others) for district, others in settings.neighbours.items()}


def _body(suggestion_id: str, need: Need, act: Act, found: Suggestion) -> dict[str, Any]:
    return {
        "suggestion_id": suggestion_id,
        "need_id": need.need_id,
        "made_at": act.calendar.local(act.at).isoformat(timespec="seconds"),
        "quantity": need.quantity,
        "best_unit_price_idr": found.best_unit_price,
        "flags": list(found.flags),
        "more": found.more,
        "listed": [_listed(row) for row in found.listed],
        "cooled": [
            _named(each) | {"reason": "COOLED", "unit_price_idr": each.unit_price, "sentence": _COOLED}
            for each in found.cooled
        ],
        "rejected": [
            _named(each.candidate) | {"reason": each.reason, "sentence": each.sentence}
            for each in found.rejected
            if each.reason != "COOLED"
        ],
    }


_COOLED = "Sudah dipilih berturut-turut sampai batas; giliran penyedia lain."


def _named(candidate: Candidate) -> dict[str, Any]:
    return {
        "vendor_id": candidate.vendor_id,
        "display_name": candidate.display_name,
        "district_code": candidate.district_code,
        "product_id": candidate.product_id,
        "title": candidate.title,
    }


def _listed(row: Suggested) -> dict[str, Any]:
    parts = row.parts
    return _named(row.candidate) | {
        "rank": row.rank,
        "unit": row.candidate.unit,
        "unit_price_idr": row.candidate.unit_price,
        "ring": row.ring.name.lower(),
        "guest": row.candidate.guest,
        "score": row.score_hundredths / 100,
        "parts": {
            "price": round(float(parts.price), 4),
            "distance": round(float(parts.distance), 4),
            "equity": round(float(parts.equity), 4),
            "vendor_deficit": round(float(parts.vendor_deficit), 4),
            "district_deficit": round(float(parts.district_deficit), 4),
            "quality": round(float(parts.quality), 4),
            "newcomer": round(float(parts.newcomer), 4),
        },
        "sentence": row.sentence,
        "cost_of_spread_idr": row.cost_of_spread,
        "cooled": row.cooled,
    }
