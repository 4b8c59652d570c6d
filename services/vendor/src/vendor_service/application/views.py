"""What each person sees of a business (domain.md 8.2): one function decides, no caller picks fields itself."""

import enum
from collections.abc import Iterable
from typing import Any

from vendor_service.domain.fields import values_of
from vendor_service.domain.identifiers import mask_account, mask_number
from vendor_service.domain.personal_data.masking import has_trade_name, public_nib, rounded_degrees
from vendor_service.domain.profile import Milestones
from vendor_service.domain.roles import SELLER_ROLES, TREASURER, VERIFIERS, is_government
from vendor_service.domain.vendor import Vendor


class Viewer(enum.StrEnum):
    """Who looks, from least to most."""

    PUBLIC = "public"
    OFFICIAL = "official"
    TREASURER = "treasurer"
    VERIFIER = "verifier"
    SELF = "self"


_PLAIN = (
    "address", "rt", "rw", "postcode", "business_type", "main_activity", "kbli", "start_year", "workers_male",
    "workers_female", "monthly_capacity", "capacity_unit", "iumk", "pirt", "halal", "bpom", "sni", "social_media",
    "latitude", "longitude", "data_year", "source",
)  # fmt: skip

_NEVER_KEPT = ("owner_name", "nib", "phone", "email", "latitude", "longitude")


def viewer_of(grants: Iterable[tuple[str, str]], vendor_id: str) -> Viewer:
    """Return how much somebody with these (role, scope) grants sees of a business."""
    held = list(grants)
    roles = {role for role, _ in held}
    own = {role for role, scope in held if role in SELLER_ROLES and scope == vendor_id}
    if own:
        # Staff see the business, but neither its bank account nor its figures.
        return Viewer.OFFICIAL if own == {"vendor_staff"} else Viewer.SELF
    if roles & VERIFIERS:
        return Viewer.VERIFIER
    if TREASURER in roles:
        return Viewer.TREASURER
    return Viewer.OFFICIAL if is_government(roles) else Viewer.PUBLIC


def vendor_view(vendor: Vendor, viewer: Viewer) -> dict[str, Any]:
    """Return a business as this viewer may see it; each level adds to the one before."""
    view = _public(vendor)
    if viewer is not Viewer.PUBLIC:
        view |= _official(vendor)
    if viewer in {Viewer.TREASURER, Viewer.VERIFIER, Viewer.SELF}:
        view["bank"] = _bank(vendor, full=viewer is Viewer.TREASURER)
    if viewer in {Viewer.VERIFIER, Viewer.SELF}:
        view |= _verifier(vendor)
    return view


def _public(vendor: Vendor) -> dict[str, Any]:
    profile, private = vendor.profile, vendor.private
    return {
        "vendor_id": str(vendor.vendor_id),
        "name": vendor.display_name,
        "entity_kind": profile.entity_kind.value,
        "business_class": vendor.business_class,
        "district_code": profile.district_code,
        "village_code": profile.village_code,
        "main_product": profile.main_product,
        "standing": vendor.standing.value,
        "merged_into": vendor.merged_into and str(vendor.merged_into),
        "band": vendor.band,
        "milestones": milestones_view(vendor.milestones),
        "owner_name": None if has_trade_name(profile, vendor.owners) else vendor.display_name,
        "nib": public_nib(profile, private.nib),
        "phone": private.phone if profile.contact_public else None,
        "email": private.email if profile.contact_public else None,
        "latitude": rounded_degrees(profile.latitude),
        "longitude": rounded_degrees(profile.longitude),
    }


def _official(vendor: Vendor) -> dict[str, Any]:
    profile, private = vendor.profile, vendor.private
    return {
        "name": profile.name,
        "version": vendor.version,
        "owner_group_id": str(vendor.owner_group_id),
        "owner_name": vendor.owners[0].name if vendor.owners else None,
        "owners": [
            {"name": owner.name, "nik": mask_number(owner.nik), "kk": mask_number(owner.kk), "sex": owner.sex}
            for owner in vendor.owners
        ],
        "npwp": mask_number(private.npwp),
        "nitku": mask_number(private.nitku),
        "nib": private.nib,
        "phone": private.phone,
        "email": private.email,
        **{name: getattr(profile, name) for name in _PLAIN},
        "tax_profile": values_of(vendor.tax_profile),
        "payout_ready": vendor.payout_ready,
        "producer_of": sorted(vendor.producer_of),
        "suspended_until": vendor.restraint.until if vendor.restraint else None,
        "blacklisted": vendor.restraint is not None and vendor.restraint.blacklisted,
        "contact_public": bool(profile.contact_public),
    }


def _bank(vendor: Vendor, *, full: bool) -> dict[str, Any]:
    private = vendor.private
    return {
        "name": private.bank,
        "account_number": private.account_number if full else mask_account(private.account_number),
        "account_holder": private.account_holder,
    }


def _verifier(vendor: Vendor) -> dict[str, Any]:
    profile = vendor.profile
    return {
        **{name: getattr(profile, name) for name in ("capital_idr", "assets_idr", "turnover_idr", "note")},
        "class_declared": profile.class_declared,
        "class_derived": vendor.class_derived,
        "class_source": vendor.class_source,
        "class_verified_on": vendor.class_verified_on,
        "class_mismatch": vendor.class_mismatch,
        "conflict_of_interest": vendor.conflict_of_interest,
        "verified_fields": sorted(vendor.verified_fields),
        "members": [
            {"principal": member.principal, "role": member.role} for member in vendor.members if not member.revoked
        ],
    }


def acknowledgement(vendor: Vendor) -> dict[str, Any]:
    """Return what a changing request answers with: nothing personal, since answers are kept for repetitions."""
    view = {**_public(vendor), **dict.fromkeys(_NEVER_KEPT)}
    return {**view, "version": vendor.version}


def milestones_view(milestones: Milestones) -> dict[str, Any]:
    """Return the milestones by name."""
    return {name: getattr(milestones, name) for name in Milestones.__slots__}
