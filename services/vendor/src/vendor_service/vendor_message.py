"""A business as other services see it, in events and answers alike. No identifier of a person is in reach of it."""

from datetime import date
from functools import lru_cache

from bela.vendor.v1 import vendor_pb2 as messages
from google.type.date_pb2 import Date  # type: ignore[import-untyped]

from vendor_service.domain.profile import EntityKind, Milestones, TaxProfile
from vendor_service.domain.vendor import Vendor

_MILESTONES = tuple(Milestones.__slots__)
# Tax and procurement law know no separate rules for these two forms (domain.md 5.5).
_KINDS = {EntityKind.YAYASAN: EntityKind.OTHER, EntityKind.KUB: EntityKind.OTHER}


def vendor_message(vendor: Vendor, version: int | None = None) -> messages.Vendor:
    """Return the public and commercial state of a business."""
    profile = vendor.profile
    kind = vendor.business_class
    return messages.Vendor(
        name=f"regions/{vendor.tenant}/vendors/{vendor.vendor_id}",
        vendor_id=str(vendor.vendor_id),
        region=vendor.tenant,
        version=vendor.version if version is None else version,
        owner_group_id=str(vendor.owner_group_id),
        display_name=vendor.display_name,
        entity_kind=f"ENTITY_KIND_{_KINDS.get(profile.entity_kind, profile.entity_kind).upper()}",
        business_class=f"BUSINESS_CLASS_{kind.upper()}" if kind else None,
        district_code=profile.district_code,
        village_code=profile.village_code or "",
        main_product=profile.main_product,
        standing=f"STANDING_{vendor.standing.upper()}",
        band=f"BAND_{vendor.band}" if vendor.band else None,
        milestones=_milestones(vendor.milestones),
        tax_profile=_tax_profile(vendor.tax_profile),
        payout_ready=vendor.payout_ready,
        conflict_of_interest=vendor.conflict_of_interest,
        member_principals=vendor.member_principals,
        merged_into=str(vendor.merged_into) if vendor.merged_into else "",
        suspended_until=day_message(vendor.restraint.until) if vendor.restraint else None,
        blacklisted=vendor.restraint is not None and vendor.restraint.blacklisted,
        producer_category_codes=sorted(vendor.producer_of),
    )


@lru_cache(maxsize=1024)
def day_message(value: date | None) -> Date | None:
    """Return a calendar day, or nothing for nothing; set in a message it is copied, never changed itself."""
    return None if value is None else Date(year=value.year, month=value.month, day=value.day)


def _milestones(milestones: Milestones) -> messages.Milestones:
    return messages.Milestones(**{name: day_message(getattr(milestones, name)) for name in _MILESTONES})


@lru_cache(maxsize=1024)
def _tax_profile(profile: TaxProfile) -> messages.TaxProfile:
    return messages.TaxProfile(
        npwp_state=f"NPWP_STATE_{profile.npwp_state.upper()}",
        pkp=profile.pkp,
        umkm_certificate_from=day_message(profile.umkm_certificate_from),
        umkm_certificate_to=day_message(profile.umkm_certificate_to),
        statement_500_year=profile.statement_500_year,
        skb_from=day_message(profile.skb_from),
        skb_to=day_message(profile.skb_to),
        regime_start_year=profile.regime_start_year,
        pbjt_registered=profile.pbjt_registered,
    )
