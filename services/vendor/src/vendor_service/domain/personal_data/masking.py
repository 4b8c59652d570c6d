"""The masks of domain.md 8.2 that are more than leaving a field out: names of persons, registry numbers, places."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from vendor_service.domain.identifiers import mask_number
from vendor_service.domain.names import TITLES, person_key
from vendor_service.domain.owner import Owner
from vendor_service.domain.profile import PERSON_FORMS, Profile

_HUNDREDTH = Decimal("0.01")


def has_trade_name(profile: Profile, owners: Iterable[Owner]) -> bool:
    """Say whether a business has a name of its own; a person trading under their own name has none."""
    if profile.entity_kind not in PERSON_FORMS:
        return True
    own = person_key(profile.name)
    return all(person_key(owner.name) != own for owner in owners)


def public_name(profile: Profile, owners: Iterable[Owner]) -> str:
    """Return the name that everybody may see: the trade name, or the short name of a person without one."""
    return profile.name if has_trade_name(profile, owners) else short_name(profile.name)


def short_name(name: str) -> str:
    """Return first name and initial of a person: "Siti A." for "Hj. Siti Aminah"."""
    parts = [word for word in name.split() if word[0].isalpha()] or name.split()
    words = [word for word in parts if word.casefold().rstrip(".,") not in TITLES] or parts
    return words[0] if len(words) == 1 else f"{words[0]} {words[1][0].upper()}."


def public_nib(profile: Profile, nib: str | None) -> str | None:
    """Return a NIB as everybody may see it: whole for a firm, masked for a person."""
    return mask_number(nib) if profile.entity_kind in PERSON_FORMS else nib


def rounded_degrees(value: str | None) -> str | None:
    """Return a coordinate to a hundredth of a degree, about a kilometre; none if it is no number."""
    if value is None:
        return None
    try:
        return str(Decimal(value).quantize(_HUNDREDTH))
    except InvalidOperation:
        return None
