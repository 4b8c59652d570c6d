"""What erasure removes and what the law makes a register keep, each with its reason (UU 27/2022 pasal 43-44, 50).

Contact and optional fields go always. Who was paid with public money, under which tax number, stays as long as the
books must be kept: ten years (UU KUP pasal 28 ayat 11). An entry of a sanction keeps the identity it names. A person
with another business in the register stays that business's owner.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from vendor_service.domain.fields import values_of
from vendor_service.domain.owner import Owner
from vendor_service.domain.profile import PrivateDetails, Profile, profile_of
from vendor_service.domain.standing import Standing
from vendor_service.domain.vendor import Vendor

ERASED_NAME = "Data dihapus"
ERASED_OWNER = "(dihapus)"

CONTACT_FIELDS = ("phone", "email", "bank", "account_number", "account_holder")
OPTIONAL_FIELDS = (
    "rt", "rw", "iumk", "social_media", "latitude", "longitude", "note", "workers_male", "workers_female",
    "monthly_capacity", "capacity_unit", "capital_idr", "assets_idr", "turnover_idr", "contact_public", "source",
)  # fmt: skip
PERSON_FIELDS = ("kk", "sex", "birth_place", "birth_date")
IDENTITY_FIELDS = ("name", "owner_name", "nik", "npwp", "nib", "nitku", "address")


@dataclass(frozen=True, slots=True)
class Kept:
    """Fields that stay, and why, in words for the person."""

    fields: tuple[str, ...]
    basis: str
    reason: str


_SOLD = Kept(
    IDENTITY_FIELDS,
    "UU KUP pasal 28 ayat (11)",
    "Usaha ini pernah dibayar dengan uang negara; identitas penyedia disimpan bersama bukti pembayaran dan pajak "
    "selama sepuluh tahun.",
)
_SANCTIONED = Kept(
    IDENTITY_FIELDS,
    "Perpres 16/2018 pasal 78-83",
    "Ada sanksi yang tercatat; identitas pada daftar sanksi tidak dapat dihapus selama sanksi berlaku.",
)
_OTHER_BUSINESS = Kept(
    ("owner_name", "nik", *PERSON_FIELDS),
    "UU 27/2022 pasal 43",
    "Pemilik masih mempunyai usaha lain di daerah ini; datanya tetap diperlukan untuk usaha itu.",
)


@dataclass(frozen=True, slots=True)
class Erasure:
    """A business without what may be erased.

    Attributes:
        erased: Names of fields that were filled and are empty now.
        kept: What stays, with its reason.
    """

    profile: Profile
    private: PrivateDetails
    owners: tuple[Owner, ...]
    erased: tuple[str, ...]
    kept: tuple[Kept, ...]


def what_is_kept(vendor: Vendor) -> tuple[Kept, ...]:
    """Return what the law keeps of a business."""
    found = []
    if vendor.milestones.first_sale_on is not None:
        found.append(_SOLD)
    if vendor.standing is Standing.SUSPENDED or vendor.restraint is not None:
        found.append(_SANCTIONED)
    return tuple(found)


def erase(vendor: Vendor, owners_elsewhere: Iterable[UUID]) -> Erasure:
    """Return a business without contact and optional fields, and without its identity unless the law keeps that."""
    kept = what_is_kept(vendor)
    elsewhere = frozenset(owners_elsewhere)
    private_gone = (*CONTACT_FIELDS, *(() if kept else ("nib", "npwp", "nitku")))
    profile_gone = (*OPTIONAL_FIELDS, *(() if kept else ("address",)))
    profile = profile_of({name: value for name, value in values_of(vendor.profile).items() if name not in profile_gone})
    if not kept:
        profile = replace(profile, name=ERASED_NAME)
    owners = tuple(_erased_owner(owner, bool(kept), owner.owner_id in elsewhere) for owner in vendor.owners)
    if any(owner.owner_id in elsewhere for owner in owners):
        kept = (*kept, _OTHER_BUSINESS)
    private = replace(vendor.private, **{name: None for name in private_gone if name in PrivateDetails.__slots__})
    return Erasure(profile, private, owners, _erased(vendor, profile, private, owners), kept)


def _erased_owner(owner: Owner, identity_kept: bool, elsewhere: bool) -> Owner:
    if elsewhere:
        return owner
    bare = replace(owner, kk=None, sex=None, birth_place=None, birth_date=None)
    return bare if identity_kept else replace(bare, name=ERASED_OWNER, nik=None)


def _erased(vendor: Vendor, profile: Profile, private: PrivateDetails, owners: tuple[Owner, ...]) -> tuple[str, ...]:
    found = set()
    for old, new in ((vendor.profile, profile), (vendor.private, private), *zip(vendor.owners, owners, strict=True)):
        before, after = values_of(old), values_of(new)
        is_owner = isinstance(old, Owner)
        found |= {
            "owner_name" if is_owner and name == "name" else name
            for name, value in before.items()
            if value is not None and after[name] != value
        }
    return tuple(sorted(found))
