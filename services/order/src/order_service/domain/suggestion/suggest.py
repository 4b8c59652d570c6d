"""The suggestion: who should be asked for a need, in which sequence, and why, in words (domain.md 10.1).

Filter, then rotation (who is cooled), then nearness, then score. Same input, same output. The caller stores what was
shown, with all parts, for the auditor.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from order_service.domain.money import rupiah
from order_service.domain.rotation import COOLING_LIFTED, Alternative, cooled_groups
from order_service.domain.suggestion.candidate_filter import Rejected, filter_candidates
from order_service.domain.suggestion.facts import Candidate, NearnessMode, SuggestionRequest
from order_service.domain.suggestion.nearness import RING_WORDS, Ring, ring_of, widest_ring
from order_service.domain.suggestion.price_rule import PriceLimit
from order_service.domain.suggestion.score import Parts, fair_shares, hundredths, parts_of, tie_break

FAR_BELOW_SHARE = 50


@dataclass(frozen=True, slots=True)
class Suggested:
    """One seller in the list.

    Attributes:
        rank: From 1.
        candidate: The offer.
        ring: Where the seller is.
        parts: Parts of the score, exact.
        score_hundredths: Score times 100, rounded half up: 83.02 is 8302.
        sentence: Why it stands here, in Indonesian.
        cost_of_spread: Cost of spread: what it costs more than the cheapest of the list for the whole quantity.
        cooled: True where the cooling of this seller was lifted for the need.
    """

    rank: int
    candidate: Candidate
    ring: Ring
    parts: Parts
    score_hundredths: int
    sentence: str
    cost_of_spread: int
    cooled: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What is shown for a need.

    Attributes:
        listed: The best, at most ten.
        more: How many further sellers could serve.
        cooled: Sellers that must wait, shown greyed.
        rejected: Everybody else with the reason.
        eligible_groups: Owner groups able to serve, cooled ones included; rotation counts them.
        able: Sellers able to serve who are not cooled, at any ring, best first: the alternatives of rotation.
        flags: `COOLING_LIFTED` if only cooled sellers were left.
        best_unit_price: Cheapest price of the list; none if it is empty.
        price_limit: Limit of the price rule.
    """

    listed: tuple[Suggested, ...]
    more: int
    cooled: tuple[Candidate, ...]
    rejected: tuple[Rejected, ...]
    eligible_groups: frozenset[str]
    able: tuple[Candidate, ...]
    flags: tuple[str, ...]
    best_unit_price: int | None
    price_limit: PriceLimit | None

    def rank_of(self, vendor_id: str) -> int:
        """The rank of a seller; 0 if it is not in the list."""
        return next((row.rank for row in self.listed if row.candidate.vendor_id == vendor_id), 0)

    def alternatives_to(self, owner_group_id: str) -> tuple[Alternative, ...]:
        """Sellers able to serve this very need instead of a group, best first."""
        return tuple(
            Alternative(c.vendor_id, c.display_name, c.unit_price, c.owner_group_id)
            for c in self.able
            if c.owner_group_id != owner_group_id
        )


def suggest(request: SuggestionRequest) -> Suggestion:
    """Suggest sellers for a need."""
    ask, settings = request.ask, request.settings
    filtered = filter_candidates(ask, request.candidates, settings)
    cooled = cooled_groups(request.history, filtered.groups, settings.rotation, need_id=ask.need_id)
    rings = {c.vendor_id: _ring(request, c) for c in filtered.eligible}
    warm = [c for c in filtered.eligible if c.owner_group_id not in cooled]
    lifted = not warm and bool(filtered.eligible)
    running = list(filtered.eligible) if lifted else warm
    near, far = _near(running, rings, settings.nearness)
    ranked = _rank(request, near, rings, cooled)
    waiting = () if lifted else tuple(c for c in filtered.eligible if c.owner_group_id in cooled)
    rejected = (
        *(Rejected(c, "COOLED") for c in waiting),
        *(Rejected(c, "OUTSIDE_RING") for c in far),
        *filtered.rejected,
    )
    return Suggestion(
        listed=tuple(ranked[: settings.top]),
        more=max(0, len(ranked) - settings.top),
        cooled=waiting,
        rejected=rejected,
        eligible_groups=filtered.groups,
        able=_able(ranked, warm, far, lifted=lifted),
        flags=(COOLING_LIFTED,) if lifted else (),
        best_unit_price=min((c.unit_price for c in near), default=None),
        price_limit=filtered.price_limit,
    )


def _ring(request: SuggestionRequest, candidate: Candidate) -> Ring:
    ask = request.ask
    return ring_of(
        tenant=ask.tenant,
        place_district=ask.district_code,
        place_village=ask.village_code,
        seller_district=candidate.district_code,
        seller_village=candidate.village_code,
        adjacency=request.adjacency,
    )


def _near(
    running: Sequence[Candidate], rings: Mapping[str, Ring], mode: NearnessMode
) -> tuple[list[Candidate], list[Candidate]]:
    """Split by hard nearness; soft mode keeps all. Widening happens here, before any cooling is lifted."""
    if mode is NearnessMode.SOFT:
        return list(running), []
    groups: dict[Ring, set[str]] = {}
    for candidate in running:
        groups.setdefault(rings[candidate.vendor_id], set()).add(candidate.owner_group_id)
    widest = widest_ring(groups)
    near = [candidate for candidate in running if rings[candidate.vendor_id] <= widest]
    return near, [candidate for candidate in running if rings[candidate.vendor_id] > widest]


def _rank(
    request: SuggestionRequest,
    candidates: Sequence[Candidate],
    rings: Mapping[str, Ring],
    cooled: Collection[str],
) -> list[Suggested]:
    if not candidates:
        return []
    ask, settings, market = request.ask, request.settings, request.market
    cheapest = min(candidate.unit_price for candidate in candidates)
    shares = fair_shares(market)
    scored = []
    for candidate in candidates:
        parts = parts_of(
            candidate,
            ring=rings[candidate.vendor_id],
            cheapest=cheapest,
            fixed_price=ask.budget_unit_price is not None,
            market=market,
            shares=shares,
            settings=settings,
        )
        tie = tie_break(ask.need_id, candidate.vendor_id)
        scored.append((-parts.score(settings.weights), tie, candidate, parts))
    scored.sort(key=lambda row: (row[0], row[1]))
    return [
        Suggested(
            rank=rank,
            candidate=candidate,
            ring=rings[candidate.vendor_id],
            parts=parts,
            score_hundredths=hundredths(-negative),
            sentence=_sentence(candidate, rings[candidate.vendor_id], parts, cheapest),
            cost_of_spread=(candidate.unit_price - cheapest) * ask.quantity,
            cooled=candidate.owner_group_id in cooled,
        )
        for rank, (negative, _, candidate, parts) in enumerate(scored, start=1)
    ]


def _able(
    ranked: Sequence[Suggested], warm: Sequence[Candidate], far: Sequence[Candidate], *, lifted: bool
) -> tuple[Candidate, ...]:
    if lifted:
        return ()
    listed = [row.candidate for row in ranked]
    beyond = sorted(far, key=lambda c: (c.unit_price, c.vendor_id))
    known = {candidate.vendor_id for candidate in warm}
    return tuple(candidate for candidate in (*listed, *beyond) if candidate.vendor_id in known)


def _sentence(candidate: Candidate, ring: Ring, parts: Parts, cheapest: int) -> str:
    more = (candidate.unit_price - cheapest) * 1000 // cheapest
    price = "termurah" if more == 0 else f"{more // 10},{more % 10}% di atas termurah"
    share = hundredths(parts.vendor_deficit)
    if share == 0:
        equity = "sudah mendapat porsi belanjanya"
    elif share >= FAR_BELOW_SHARE:
        equity = "masih jauh di bawah porsi belanjanya"
    else:
        equity = "masih sedikit di bawah porsi belanjanya"
    record = candidate.record
    if parts.newcomer:
        served = "belum pernah menerima pesanan"
    else:
        served = f"{record.good} dari {record.deliveries + record.lapses} pesanan tepat waktu dan lengkap"
    words = [f"{rupiah(candidate.unit_price)} per {candidate.unit} ({price})", RING_WORDS[ring], equity, served]
    return f"{candidate.display_name}: " + "; ".join(words) + "."
