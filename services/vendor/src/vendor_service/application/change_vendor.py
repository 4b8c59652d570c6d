"""Change what is known about a business, by an officer or by the seller; verified fields stay as they are."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from vendor_service.application.owner_groups import regroup
from vendor_service.application.ports import UnitOfWork
from vendor_service.application.reviews.opening import open_after_change
from vendor_service.application.screening.conflicts import declare_conflict
from vendor_service.application.screening.screen import screen_soon
from vendor_service.domain.areas import AreaIndex
from vendor_service.domain.entry import Entry, checked_entry
from vendor_service.domain.fields import values_of
from vendor_service.domain.owner import Owner
from vendor_service.domain.owner_groups import LINK_FIELDS
from vendor_service.domain.profile import PRIVATE_FIELDS, PROFILE_FIELDS, PrivateDetails, Profile, TaxProfile
from vendor_service.domain.vendor import Moment, Vendor


@dataclass(frozen=True, slots=True)
class ChangeVendor:
    """Fields to set.

    Attributes:
        values: Fields of the profile, private details or first owner by name.
        tax_profile: Set by officers only.
        conflict_of_interest: Set by officers only.
        seen_version: The version that the caller saw; none to change whatever is there.
    """

    vendor_id: UUID
    values: Mapping[str, Any]
    moment: Moment
    tax_profile: TaxProfile | None = None
    conflict_of_interest: bool | None = None
    by_seller: bool = False


@dataclass(frozen=True, slots=True)
class ChangedValues:
    """A business as it would be, the names of the fields that differ, and those of them that were empty."""

    profile: Profile
    private: PrivateDetails
    owners: tuple[Owner, ...]
    names: frozenset[str]
    added: frozenset[str]


async def changed_values(command: ChangeVendor, vendor: Vendor, *, uow: UnitOfWork) -> ChangedValues:
    """Check the fields of a command against everything else that is known of the business."""
    areas = AreaIndex(uow.tenant, await uow.areas.of_region(uow.tenant))
    old_profile, old_private = values_of(vendor.profile), values_of(vendor.private)
    given = dict(command.values)
    if "village_code" in given and "district_code" not in given:
        # A new desa brings its own kecamatan along.
        old_profile["district_code"] = None
    entry = Entry(
        profile=old_profile | {name: given[name] for name in PROFILE_FIELDS if name in given},
        private=old_private | {name: given[name] for name in PRIVATE_FIELDS if name in given},
        owners=[_owner_values(vendor, given)] if vendor.owners else [],
    )
    profile, private, owners = checked_entry(entry, areas, command.moment.today)
    people = vendor.owners
    if people:
        first = await _person_behind(vendor, owners[0], uow)
        people = (first, *people[1:])
    changed = {name for name in PROFILE_FIELDS if getattr(profile, name) != getattr(vendor.profile, name)}
    changed |= {name for name in PRIVATE_FIELDS if getattr(private, name) != getattr(vendor.private, name)}
    if people and people[0] != vendor.owners[0]:
        old, new = values_of(vendor.owners[0]), values_of(people[0])
        changed |= {"owner_name" if name == "name" else name for name in old if old[name] != new[name]}
    added = {name for name in changed & set(PRIVATE_FIELDS) if getattr(vendor.private, name) is None}
    return ChangedValues(profile, private, people, frozenset(changed), frozenset(added))


async def change_vendor(command: ChangeVendor, vendor: Vendor, *, uow: UnitOfWork) -> Vendor:
    """Change a business that was read in this unit of work; the same values again change nothing.

    A new bank account of a verified business is looked at before anything is paid to it, a first NIB or NPWP before
    its band rises; it sells on meanwhile (domain.md 2.4).
    """
    found = await changed_values(command, vendor, uow=uow)
    changed = found.names
    tax_changed = command.tax_profile is not None and command.tax_profile != vendor.tax_profile
    conflict_changed = command.conflict_of_interest not in (None, vendor.conflict_of_interest)
    if not changed and not tax_changed and not conflict_changed:
        return vendor
    was = vendor.owners
    before = await uow.links.neighbours([vendor]) if changed & LINK_FIELDS else set()
    if conflict_changed:
        await declare_conflict(vendor, bool(command.conflict_of_interest), command.moment, uow=uow)
    vendor.change(
        command.moment,
        profile=found.profile,
        private=found.private,
        owners=found.owners,
        tax_profile=command.tax_profile,
        changed=changed,
    )
    if changed & LINK_FIELDS:
        await regroup([vendor], command.moment, uow=uow, also=before)
        if was and was[0].owner_id != vendor.owners[0].owner_id:
            await uow.links.forget_owner(was[0].owner_id)
    else:
        await uow.vendors.save([vendor])
    await open_after_change(vendor, changed, found.added, command.moment, uow=uow)
    await screen_soon(vendor.vendor_id, command.moment, uow=uow)
    return vendor


async def _person_behind(vendor: Vendor, given: Owner, uow: UnitOfWork) -> Owner:
    """Return who an owner is whose data were corrected.

    With another NIK it is another person: one who is known already, or a new one where the old person stands behind
    other businesses too, which must not change with this one.
    """
    old = vendor.owners[0]
    if given.nik in (None, old.nik):
        return replace(given, owner_id=old.owner_id)
    known = await uow.vendors.owner_with_nik(given.nik) if given.nik else None
    if known is not None:
        return known.filled_from(given)
    if old.nik is not None and await uow.links.shares_owner(old.owner_id, vendor.vendor_id):
        return given
    return replace(given, owner_id=old.owner_id)


def _owner_values(vendor: Vendor, given: Mapping[str, Any]) -> dict[str, Any]:
    values = values_of(vendor.owners[0])
    if "owner_name" in given:
        values["name"] = given["owner_name"]
    for name in ("nik", "kk", "sex", "birth_place", "birth_date"):
        if name in given:
            values[name] = given[name]
    return values
