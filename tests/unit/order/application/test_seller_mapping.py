"""A business as the registry tells it: what the order service makes of its tax facts."""

from datetime import date

import pytest
from bela.vendor.v1 import vendor_pb2 as pb
from google.type import date_pb2  # type: ignore[import-untyped]
from order_service.adapters.seller_mapping import known_seller_of
from order_service.domain.tax.eligibility import final_tax_eligibility


@pytest.mark.parametrize(
    ("certificate_from", "start", "eligible"),
    [(date(2026, 4, 21), date(2026, 4, 21), True), (date(2026, 4, 22), date(2026, 4, 22), False)],
)
def test_a_new_firm_enters_the_final_regime_on_its_certificates_day(
    certificate_from: date, start: date, eligible: bool
) -> None:
    day = date_pb2.Date(year=certificate_from.year, month=certificate_from.month, day=certificate_from.day)
    profile = pb.TaxProfile(regime_start_year=2026, umkm_certificate_from=day)
    vendor = pb.Vendor(vendor_id="v", region="3510", entity_kind="ENTITY_KIND_CV", tax_profile=profile)
    row = {
        "guest": False,
        "valid_from": None,
        "valid_to": None,
        "revoked": False,
        "category_codes": [],
        "payload": vendor.SerializeToString(),
    }
    tax = known_seller_of(row).seller.tax
    assert tax is not None
    assert tax.regime_start == start
    assert final_tax_eligibility(tax, date(2026, 11, 22)).eligible is eligible
