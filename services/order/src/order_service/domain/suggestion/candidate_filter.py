"""The hard filter: who can serve this need at all, and for everybody else the one reason why not (domain.md 10.1).

Cooling and nearness are judged later: they need to know who is eligible.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from order_service.domain.order.submission import BAND_LIMITS, LEAD_RESERVE
from order_service.domain.rules.channel import UMKM_CLASSES
from order_service.domain.suggestion.facts import Ask, Candidate, SuggestionSettings
from order_service.domain.suggestion.price_rule import PriceLimit, above_fixed_price, moderated, price_limit

SENTENCES = {
    "NOT_VERIFIED": "belum diverifikasi",
    "STANDING": "sedang tidak dapat menerima pesanan baru",
    "NOT_ON_SALE": "produk sedang tidak dijual",
    "PROFILE_MISMATCH": "isi produk tidak sama dengan yang diminta",
    "UNIT_MISMATCH": "satuan produk tidak sama dengan yang diminta",
    "CONFLICT_OF_INTEREST": "ada benturan kepentingan",
    "CLASS_NOT_ALLOWED": "bukan UMKM atau koperasi",
    "BAND_TOO_LOW": "tingkat verifikasi belum cukup untuk nilai ini",
    "CERTIFICATE_MISSING": "sertifikat yang diwajibkan tidak berlaku",
    "DELIVERY_AREA": "tidak mengantar ke lokasi ini",
    "LEAD_TOO_SHORT": "waktu persiapan tidak cukup",
    "CAPACITY_FULL": "kapasitas pada hari itu tidak cukup",
    "FIRST_ORDER_CAP": "pesanan pertama dibatasi seperempat kapasitas",
    "PRICE_MODERATED": "harga terlalu rendah dan perlu dikonfirmasi penjual",
    "PRICE_ABOVE_LIMIT": "harga di atas batas kewajaran",
    "PRICE_ABOVE_HPS": "harga di atas HPS",
    "PRICE_ABOVE_BUDGET": "harga di atas harga anggaran",
    "COOLED": "sudah dipilih berturut-turut sampai batas; giliran penyedia lain",
    "OUTSIDE_RING": "di luar wilayah terdekat yang diwajibkan",
}


@dataclass(frozen=True, slots=True)
class Rejected:
    """An offer that is not listed, with the reason as a code and in words."""

    candidate: Candidate
    reason: str

    @property
    def sentence(self) -> str:
        """The reason in Indonesian."""
        return SENTENCES[self.reason]


@dataclass(frozen=True, slots=True)
class Filtered:
    """Who passed, one offer per seller, and who did not."""

    eligible: tuple[Candidate, ...]
    rejected: tuple[Rejected, ...]
    price_limit: PriceLimit | None

    @property
    def groups(self) -> frozenset[str]:
        """Owner groups in `eligible(need)`."""
        return frozenset(candidate.owner_group_id for candidate in self.eligible)


_Check = Callable[[Ask, Candidate, SuggestionSettings], bool]

_CHECKS: tuple[tuple[str, _Check], ...] = (
    ("NOT_VERIFIED", lambda ask, c, s: c.verified),
    ("STANDING", lambda ask, c, s: c.standing == "ok"),
    ("NOT_ON_SALE", lambda ask, c, s: c.published),
    (
        "PROFILE_MISMATCH",
        lambda ask, c, s: c.profile_code == ask.profile_code and c.category_code == ask.category_code,
    ),
    ("UNIT_MISMATCH", lambda ask, c, s: not ask.unit or c.unit == ask.unit),
    ("CONFLICT_OF_INTEREST", lambda ask, c, s: not c.conflict_of_interest),
    ("CLASS_NOT_ALLOWED", lambda ask, c, s: _class_allowed(ask, c)),
    ("BAND_TOO_LOW", lambda ask, c, s: _band_allowed(ask, c)),
    ("CERTIFICATE_MISSING", lambda ask, c, s: c.certificates_valid),
    ("DELIVERY_AREA", lambda ask, c, s: c.delivers_there),
    ("LEAD_TOO_SHORT", lambda ask, c, s: ask.needed_at - ask.now >= c.lead_time + LEAD_RESERVE),
    ("CAPACITY_FULL", lambda ask, c, s: c.free_capacity >= ask.quantity),
    ("FIRST_ORDER_CAP", lambda ask, c, s: _within_first_order_cap(ask, c, s)),
)


def _class_allowed(ask: Ask, candidate: Candidate) -> bool:
    if ask.umkm_only_below is None or candidate.unit_price * ask.quantity >= ask.umkm_only_below:
        return True
    return candidate.business_class in UMKM_CLASSES or candidate.entity_kind == "koperasi"


def _band_allowed(ask: Ask, candidate: Candidate) -> bool:
    limit = BAND_LIMITS.get(candidate.band)
    return bool(candidate.band) and (limit is None or candidate.unit_price * ask.quantity <= limit)


def _within_first_order_cap(ask: Ask, candidate: Candidate, settings: SuggestionSettings) -> bool:
    """The first-order cap until two orders are handed over: a quarter of a stated capacity, all of a confirmed one."""
    if candidate.record.handed_over >= settings.first_orders:
        return True
    share = 1 if candidate.capacity_confirmed else settings.first_order_share
    return ask.quantity <= share * candidate.capacity_per_day


def filter_candidates(ask: Ask, candidates: Sequence[Candidate], settings: SuggestionSettings) -> Filtered:
    """Run every hard filter but cooling and nearness; the first that fails is the reason."""
    rejected: list[Rejected] = []
    able: list[Candidate] = []
    for candidate in candidates:
        reason = next((code for code, check in _CHECKS if not check(ask, candidate, settings)), "")
        if reason:
            rejected.append(Rejected(candidate, reason))
        else:
            able.append(candidate)
    impossible = moderated(able)
    rejected.extend(Rejected(c, "PRICE_MODERATED") for c in able if c.product_id in impossible)
    able = [candidate for candidate in able if candidate.product_id not in impossible]
    limit = price_limit(able, settings.premium)
    priced: list[Candidate] = []
    for candidate in able:
        reason = above_fixed_price(ask, candidate.unit_price)
        # A budget price stands in for the comparison: menus at or under it all count as equally cheap.
        if not reason and ask.budget_unit_price is None and limit and not limit.allows(candidate.unit_price):
            reason = "PRICE_ABOVE_LIMIT"
        if reason:
            rejected.append(Rejected(candidate, reason))
        else:
            priced.append(candidate)
    return Filtered(_one_per_seller(priced), tuple(_without_listed(rejected, priced)), limit)


def _one_per_seller(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    best: dict[str, Candidate] = {}
    for candidate in sorted(candidates, key=lambda c: (c.unit_price, c.product_id)):
        best.setdefault(candidate.vendor_id, candidate)
    return tuple(best[vendor] for vendor in sorted(best))


def _without_listed(rejected: Sequence[Rejected], listed: Sequence[Candidate]) -> list[Rejected]:
    """One reason per seller that is not listed with another product; its first in the sequence of the filters."""
    seen = {candidate.vendor_id for candidate in listed}
    kept = []
    for row in rejected:
        if row.candidate.vendor_id not in seen:
            seen.add(row.candidate.vendor_id)
            kept.append(row)
    return kept
