"""A business and its first owner as one set of values, the shape in which imports compare, change and put back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from vendor_service.domain.fields import values_of
from vendor_service.domain.imports.row import ParsedRow
from vendor_service.domain.profile import OWNER_FIELDS, PRIVATE_FIELDS, PROFILE_FIELDS, PrivateDetails, profile_of
from vendor_service.domain.vendor import Moment, Vendor


def known_values(vendor: Vendor) -> dict[str, Any]:
    """Return a business and its first owner as one set of values."""
    values = {**values_of(vendor.profile), **values_of(vendor.private)}
    if vendor.owners:
        owner = values_of(vendor.owners[0])
        values |= {"owner_name": owner.pop("name"), **owner}
    return values


def row_values(parsed: ParsedRow) -> dict[str, Any]:
    """Return a row in the same shape; dates are dates on both sides."""
    values = {**parsed.profile, **parsed.private}
    if parsed.owners:
        owner = dict(parsed.owners[0])
        # Text on its way out of the reading process, a date once it was staged.
        owner["birth_date"] = day_of(owner.get("birth_date"))
        name = owner.pop("name", None)
        values |= {**owner, "owner_name": name}
    return values


def set_values(vendor: Vendor, values: Mapping[str, Any], moment: Moment, reason: str) -> None:
    """Set fields of a business and its first owner, whatever a verification made fast: the caller has looked."""
    profile = {**values_of(vendor.profile), **{name: values[name] for name in PROFILE_FIELDS if name in values}}
    private = {**values_of(vendor.private), **{name: values[name] for name in PRIVATE_FIELDS if name in values}}
    owners = vendor.owners
    person = {name: values[name] for name in OWNER_FIELDS if name in values}
    if owners and person:
        if "owner_name" in person:
            person["name"] = person.pop("owner_name")
        if "birth_date" in person:
            person["birth_date"] = day_of(person["birth_date"])
        owners = (replace(owners[0], **person), *owners[1:])
    vendor.change(
        moment,
        profile=profile_of(profile),
        private=PrivateDetails(**private),
        owners=owners,
        changed=frozenset(values),
        reason=reason,
        keep_verified=False,
    )


def day_of(value: str | date | None) -> date | None:
    """Return a day that may have been written as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
