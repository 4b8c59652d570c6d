"""A business as the registry tells it and as an order carries it on: message to domain, and back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bela.vendor.v1 import vendor_pb2 as pb
from google.type import date_pb2  # type: ignore[import-untyped]

from order_service.application.records import KnownSeller
from order_service.domain.order.order_line import Seller
from order_service.domain.tax.eligibility import regime_start
from order_service.domain.tax.facts import EntityKind, NpwpState, Period, TaxProfile


def day_of(value: date_pb2.Date) -> date | None:
    """Return the day, or None where the message holds none."""
    return date(value.year, value.month, value.day) if value.year else None


def known_seller_of(row: Mapping[Any, Any]) -> KnownSeller:
    """Return the business that a row of `vendors` holds."""
    vendor = pb.Vendor.FromString(row["payload"])
    return KnownSeller(
        seller=_seller(vendor),
        guest=row["guest"],
        verified=bool(vendor.milestones.verified_on.year),
        payout_ready=vendor.payout_ready,
        category_codes=frozenset(row["category_codes"]),
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        revoked=row["revoked"],
    )


def _seller(vendor: pb.Vendor) -> Seller:
    kind = EntityKind(_word(pb.EntityKind.Name(vendor.entity_kind), "ENTITY_KIND_") or "other")
    return Seller(
        vendor_id=vendor.vendor_id,
        region=vendor.region,
        owner_group_id=vendor.owner_group_id or vendor.vendor_id,
        display_name=vendor.display_name,
        entity_kind=kind,
        business_class=_word(pb.BusinessClass.Name(vendor.business_class), "BUSINESS_CLASS_"),
        district_code=vendor.district_code,
        village_code=vendor.village_code,
        standing=_word(pb.Standing.Name(vendor.standing), "STANDING_"),
        band=_word(pb.Band.Name(vendor.band), "BAND_").upper(),
        conflict_of_interest=vendor.conflict_of_interest,
        member_principals=frozenset(vendor.member_principals),
        tax=_tax_profile(vendor.tax_profile, kind),
        main_product=vendor.main_product,
        version=vendor.version,
    )


def _tax_profile(profile: pb.TaxProfile, kind: EntityKind) -> TaxProfile:
    return TaxProfile(
        kind=kind,
        npwp=NpwpState(_word(pb.NpwpState.Name(profile.npwp_state), "NPWP_STATE_") or "unknown"),
        pkp=profile.pkp,
        umkm_certificate=_period(profile.umkm_certificate_from, profile.umkm_certificate_to),
        statement_500_year=profile.statement_500_year or None,
        skb=_period(profile.skb_from, profile.skb_to),
        regime_start=regime_start(profile.regime_start_year, day_of(profile.umkm_certificate_from)),
        pbjt_registered=profile.pbjt_registered,
    )


def _period(first: date_pb2.Date, last: date_pb2.Date) -> Period | None:
    start = day_of(first)
    return None if start is None else Period(start, day_of(last))


def _word(name: str, prefix: str) -> str:
    """Return the word behind an enum name; empty for the unspecified value."""
    word = name.removeprefix(prefix).lower()
    return "" if word == "unspecified" else word


def vendor_message(seller: Seller) -> pb.Vendor:
    """Return what an order event tells of its seller: public and commercial facts, as known when it was made."""
    message = pb.Vendor(
        name=f"regions/{seller.region}/vendors/{seller.vendor_id}",
        vendor_id=seller.vendor_id,
        region=seller.region,
        version=seller.version,
        owner_group_id=seller.owner_group_id,
        display_name=seller.display_name,
        entity_kind=f"ENTITY_KIND_{seller.entity_kind.value.upper()}",
        business_class=f"BUSINESS_CLASS_{(seller.business_class or 'unspecified').upper()}",
        district_code=seller.district_code,
        village_code=seller.village_code,
        main_product=seller.main_product,
        standing=f"STANDING_{(seller.standing or 'unspecified').upper()}",
        band=f"BAND_{seller.band}" if seller.band else "BAND_UNSPECIFIED",
        conflict_of_interest=seller.conflict_of_interest,
        member_principals=sorted(seller.member_principals),
    )
    if seller.tax is not None:
        message.tax_profile.CopyFrom(_tax_message(seller.tax))
    return message


def _tax_message(tax: TaxProfile) -> pb.TaxProfile:
    return pb.TaxProfile(
        npwp_state=f"NPWP_STATE_{tax.npwp.value.upper()}",
        pkp=tax.pkp,
        umkm_certificate_from=_day(tax.umkm_certificate.first if tax.umkm_certificate else None),
        umkm_certificate_to=_day(tax.umkm_certificate.last if tax.umkm_certificate else None),
        statement_500_year=tax.statement_500_year or 0,
        skb_from=_day(tax.skb.first if tax.skb else None),
        skb_to=_day(tax.skb.last if tax.skb else None),
        regime_start_year=tax.regime_start.year if tax.regime_start else 0,
        pbjt_registered=tax.pbjt_registered,
    )


def _day(value: date | None) -> date_pb2.Date | None:
    return None if value is None else date_pb2.Date(year=value.year, month=value.month, day=value.day)
