"""Categories and profiles: what may be sold, in which unit, and how it is taxed.

They come as versioned seed data (`reference/categories.json`); this module holds their shape and the questions asked
of them, not the data.
"""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from catalog_service.domain.errors import CategoryUnknown, ProfileInvalid, ProfileNotFound


class SupplyType(enum.StrEnum):
    """What is supplied, for tax (domain.md 5.5)."""

    GOODS = "goods"
    PACKAGED_FOOD = "packaged_food"
    RESTAURANT = "restaurant"
    CATERING = "catering"
    SERVICE_LISTED = "service_listed"
    SERVICE_OTHER = "service_other"
    RENT_MOVABLE = "rent_movable"
    RICE = "rice"
    FUEL = "fuel"
    UTILITY = "utility"
    EXEMPT_GOODS = "exempt_goods"


# Supplies on which a PKP charges no PPN either (domain.md 5.5 step 1).
WITHOUT_PPN = frozenset({SupplyType.RESTAURANT, SupplyType.CATERING, SupplyType.RICE, SupplyType.EXEMPT_GOODS})


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate a seller states for a product, for example a PIRT number."""

    kind: str
    number: str
    valid_to: date | None = None

    def valid_on(self, day: date) -> bool:
        """Say whether it still holds on a day; without an end it always does."""
        return self.valid_to is None or day <= self.valid_to


@dataclass(frozen=True, slots=True)
class Category:
    """One category. Level 1 groups; products carry level 2, which alone has a supply type."""

    code: str
    name: str
    level: int
    parent: str | None = None
    supply_type: SupplyType | None = None
    must_be_producer: bool = False
    certificates: tuple[tuple[str, ...], ...] = ()
    kbli_examples: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()

    def certificates_valid(self, held: Iterable[Certificate], day: date) -> bool:
        """Say whether of each group of alternatives one certificate is valid on the day."""
        valid = {one.kind for one in held if one.valid_on(day)}
        return all(valid.intersection(group) for group in self.certificates)


@dataclass(frozen=True, slots=True)
class ContentItem:
    """One measurable part of a unit."""

    item: str
    quantity: int
    unit: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A thing with measurable content; offers are compared only inside one profile."""

    code: str
    name: str
    category_code: str
    unit: str
    content: tuple[ContentItem, ...] = ()
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReferenceBook:
    """All categories and profiles of one version of the seed."""

    version: str
    categories: Mapping[str, Category] = field(default_factory=dict)
    profiles: Mapping[str, Profile] = field(default_factory=dict)

    def category(self, code: str) -> Category:
        """Return a level-2 category; CATEGORY_UNKNOWN if there is none."""
        found = self.categories.get(code)
        if found is None or found.level != 2:
            raise CategoryUnknown
        return found

    def profile(self, code: str) -> Profile:
        """Return a profile; PROFILE_UNKNOWN if there is none."""
        found = self.profiles.get(code)
        if found is None:
            raise ProfileNotFound
        return found

    def supply_type(self, category_code: str) -> SupplyType:
        """Return what a product of the category supplies."""
        return self.category(category_code).supply_type or SupplyType.GOODS

    def place(self, profile_code: str, category_code: str | None, unit: str | None) -> tuple[Category, Profile]:
        """Return category and profile of a product, after a check that what the seller named fits together.

        Raises:
            ProfileInvalid: The profile does not exist, belongs to another category, or is priced in another unit.
        """
        profile = self.profiles.get(profile_code)
        if profile is None:
            raise ProfileInvalid("profile_code", "Profil barang/jasa tidak dikenal.")
        if category_code is not None and category_code not in self.categories:
            raise CategoryUnknown
        if category_code is not None and category_code != profile.category_code:
            raise ProfileInvalid("category_code", f"Profil ini termasuk kategori {profile.category_code}.")
        if unit is not None and unit != profile.unit:
            raise ProfileInvalid("unit", f"Satuan profil ini adalah {profile.unit}.")
        return self.category(profile.category_code), profile

    def keywords(self, profile_code: str) -> str:
        """Return the words by which buyers look for products of a profile, for the text search."""
        profile = self.profiles.get(profile_code)
        category = self.categories.get(profile.category_code) if profile else None
        parts = [profile.name, *profile.keywords] if profile else []
        parts += [category.name, *category.keywords] if category else []
        return " ".join(parts)
