"""Tell the suggestion which offers of a profile a buyer's region could take, with the facts of one day and place."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bela_kit.core.clock import Clock
from bela_kit.core.tenancy import TenantId

from catalog_service.application.ports import CategorySeller, Listing
from catalog_service.domain.capacity import CapacityDay, delivers_to
from catalog_service.domain.reference import Category, Profile, ReferenceBook


class OfferReader(Protocol):
    """Reads in transactions of its own: the offers belong to the buyer's region, the days to each seller's."""

    async def offers(
        self, buyer: TenantId, profile: Profile, today: date
    ) -> tuple[Sequence[Listing], Sequence[CategorySeller]]:
        """Return the published or moderated offers of a profile, and the sellers of its category."""

    async def days(self, home: TenantId, capacities: Mapping[str, int], on_date: date) -> Sequence[CapacityDay]:
        """Return one day of products of one home region."""


@dataclass(frozen=True, slots=True)
class FindOffers:
    """A need's profile, day and place."""

    buyer: TenantId
    profile_code: str
    needed_on: date
    district_code: str


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer with the facts of the day and the place."""

    listing: Listing
    free_capacity: int
    delivers_there: bool
    certificates_valid: bool

    @property
    def guest(self) -> bool:
        """True if the seller is from another region."""
        return self.listing.home != self.listing.tenant


@dataclass(frozen=True, slots=True)
class Offers:
    """All offers of a profile and the sellers of its category."""

    category: Category
    profile: Profile
    offers: tuple[Offer, ...]
    sellers: tuple[CategorySeller, ...]


async def find_offers(query: FindOffers, *, reader: OfferReader, reference: ReferenceBook, clock: Clock) -> Offers:
    """Return the offers; judging them is the business of the one who asks.

    Raises:
        ProfileNotFound: No such profile.
    """
    profile = reference.profile(query.profile_code)
    category = reference.category(profile.category_code)
    listings, sellers = await reader.offers(query.buyer, profile, clock.today(query.buyer))
    days = await _days(listings, query.needed_on, reader)

    def now_of(region: TenantId) -> datetime:
        return clock.now(region)

    offers = tuple(
        Offer(
            listing=one,
            free_capacity=days[one.product_id].free(now_of),
            delivers_there=delivers_to(
                query.district_code, one.delivery_district_codes, home=one.home, host=query.buyer
            ),
            certificates_valid=category.certificates_valid(one.certificates, query.needed_on),
        )
        for one in listings
    )
    return Offers(category, profile, offers, tuple(sellers))


async def _days(listings: Sequence[Listing], on_date: date, reader: OfferReader) -> dict[str, CapacityDay]:
    by_home: defaultdict[TenantId, dict[str, int]] = defaultdict(dict)
    for one in listings:
        by_home[one.home][one.product_id] = one.capacity_per_day
    found: dict[str, CapacityDay] = {}
    for home, capacities in sorted(by_home.items()):
        found.update({day.product_id: day for day in await reader.days(home, capacities, on_date)})
    return found
