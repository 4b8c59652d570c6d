"""Every cell of the table in domain.md 8.2 that speaks of a business: what each kind of person sees of each field."""

from dataclasses import replace

import pytest
from vendor_service.application.views import Viewer, acknowledgement, vendor_view
from vendor_service.domain.owner import Owner
from vendor_service.domain.personal_data.masking import rounded_degrees, short_name
from vendor_service.domain.profile import EntityKind, PrivateDetails

from .test_vendor import NIK, vendor

PUBLIC, OPD, OWN, AUDITOR, TREASURER, SELF = (
    Viewer.PUBLIC, Viewer.OFFICIAL, Viewer.VERIFIER, Viewer.VERIFIER, Viewer.TREASURER, Viewer.SELF,
)  # fmt: skip
NEVER = "never"
FIELDS = {
    "capital_idr": 40_000_000, "assets_idr": 60_000_000, "turnover_idr": 100_000_000, "address": "Jl. Pelabuhan 7",
    "rt": "3", "village_code": "3510052005", "latitude": "-8.456789", "longitude": "114.344321",
}  # fmt: skip
PRIVATE = PrivateDetails(
    nib="1234567890123", npwp=NIK, phone="+6281234567890", email="siti@example.id", bank="BRI",
    account_number="770055559012", account_holder="SITI AMINAH",
)  # fmt: skip


def business(**profile):
    made = vendor()
    made.profile = replace(made.profile, **{**FIELDS, **profile})
    made.private = PRIVATE
    return made


def at(view, path):
    for step in path.split("."):
        if isinstance(view, list):
            view = view[int(step)]
        elif step not in view:
            return NEVER
        else:
            view = view[step]
    return view


TABLE = {
    # field: public, other OPD users, own OPD/verifier, auditor, treasurer
    "name": ("Warung Siti",) * 5,
    "entity_kind": ("individual",) * 5,
    "business_class": ("micro",) * 5,
    "owner_name": (None, *("Siti Aminah",) * 4),
    "owners.0.name": (NEVER, *("Siti Aminah",) * 4),
    "owners.0.nik": (NEVER, *("3510********0001",) * 4),
    "owners.0.kk": (NEVER, *("3510********0001",) * 4),
    "npwp": (NEVER, *("3510********0001",) * 4),
    "nib": ("1234*****0123", *("1234567890123",) * 4),
    "phone": (None, *("+6281234567890",) * 4),
    "email": (None, *("siti@example.id",) * 4),
    "address": (NEVER, *("Jl. Pelabuhan 7",) * 4),
    "rt": (NEVER, *("3",) * 4),
    "district_code": ("351005",) * 5,
    "village_code": ("3510052005",) * 5,
    "latitude": ("-8.46", *("-8.456789",) * 4),
    "longitude": ("114.34", *("114.344321",) * 4),
    "bank.account_number": (NEVER, NEVER, "********9012", "********9012", "770055559012"),
    "bank.account_holder": (NEVER, NEVER, "SITI AMINAH", "SITI AMINAH", "SITI AMINAH"),
    "turnover_idr": (NEVER, NEVER, 100_000_000, 100_000_000, NEVER),
    "capital_idr": (NEVER, NEVER, 40_000_000, 40_000_000, NEVER),
    "assets_idr": (NEVER, NEVER, 60_000_000, 60_000_000, NEVER),
}


@pytest.mark.parametrize("field", TABLE)
@pytest.mark.parametrize(("column", "viewer"), list(enumerate((PUBLIC, OPD, OWN, AUDITOR, TREASURER))))
def test_a_viewer_sees_what_the_table_says(field, column, viewer):
    assert at(vendor_view(business(), viewer), field) == TABLE[field][column]


def test_nothing_personal_is_hidden_elsewhere_in_the_public_view():
    public = str(vendor_view(business(), PUBLIC))
    for secret in (NIK, "Aminah", "AMINAH", "+628", "567890", "9012", "100000000", "351016", "Pelabuhan", "example.id"):
        assert secret not in public


def test_only_the_treasurer_ever_sees_an_account_in_full():
    for viewer in set(Viewer) - {TREASURER}:
        assert "770055559012" not in str(vendor_view(business(), viewer)), viewer


def test_phone_and_mail_are_public_once_the_seller_wants_it():
    view = vendor_view(business(contact_public=True), PUBLIC)
    assert (view["phone"], view["email"]) == ("+6281234567890", "siti@example.id")


@pytest.mark.parametrize("kind", [kind for kind in EntityKind if kind is not EntityKind.INDIVIDUAL])
def test_a_firms_nib_is_public(kind):
    assert vendor_view(business(entity_kind=kind), PUBLIC)["nib"] == "1234567890123"


def test_a_person_without_trade_name_is_shown_by_first_name_and_initial():
    made = business(name="Hj. Siti Aminah")
    public = vendor_view(made, PUBLIC)
    assert (public["name"], public["owner_name"]) == ("Siti A.", "Siti A.")
    assert vendor_view(made, OPD)["name"] == "Hj. Siti Aminah"
    assert made.display_name == "Siti A."


def test_a_firm_named_like_its_director_keeps_its_name():
    made = business(name="Siti Aminah", entity_kind=EntityKind.CV)
    assert (vendor_view(made, PUBLIC)["name"], vendor_view(made, PUBLIC)["owner_name"]) == ("Siti Aminah", None)


def test_a_second_owner_without_trade_name_is_short_too():
    made = business(name="Budi Santoso")
    made.owners = (*made.owners, Owner(made.vendor_id, "Budi Santoso"))
    assert vendor_view(made, PUBLIC)["name"] == "Budi S."


@pytest.mark.parametrize(
    ("name", "short"),
    [("Siti", "Siti"), ("Hj. Siti", "Siti"), ("Siti (alm) Aminah", "Siti A."), ("Pak", "Pak"), ("1 2", "1 2.")],
)
def test_short_names(name, short):
    assert short_name(name) == short


@pytest.mark.parametrize(("value", "rounded"), [("114.999", "115.00"), ("x", None), (None, None), ("-8", "-8.00")])
def test_degrees_are_rounded_to_hundredths(value, rounded):
    assert rounded_degrees(value) == rounded


def test_an_acknowledgement_that_is_kept_for_repetitions_holds_nothing_personal():
    kept = str(acknowledgement(business(contact_public=True, name="Siti Aminah", entity_kind=EntityKind.CV)))
    for secret in (NIK, "+628", "example.id", "1234567890123", "-8.4"):
        assert secret not in kept
