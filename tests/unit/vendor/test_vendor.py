from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from bela_kit.core.actor import Actor
from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import TenantId
from vendor_service.application.imports.commit import apply_row
from vendor_service.application.imports.ports import SheetRow, StagedRow
from vendor_service.application.views import Viewer, viewer_of
from vendor_service.domain.business_class import BusinessClass, class_by_capital, class_by_turnover, derive_class
from vendor_service.domain.errors import (
    ConflictOfInterest,
    SelfVerification,
    StandingNotAllowed,
    StandingRoleMissing,
    VerificationRefused,
    VerifiedFieldLocked,
)
from vendor_service.domain.events import Membership, VendorEvent
from vendor_service.domain.imports.row import ParsedRow
from vendor_service.domain.imports.verdict import Judged, Verdict, compare
from vendor_service.domain.owner import Owner
from vendor_service.domain.profile import Band, PrivateDetails, Profile
from vendor_service.domain.standing import Standing
from vendor_service.domain.vendor import Moment, Vendor, Verification
from vendor_service.domain.verification import Proofs

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
NIK = "3510165708850001"


def moment(role: str = "koperindag_officer", principal: str = "officer.3510") -> Moment:
    return Moment(Actor(principal, role), NOW, TODAY)


def vendor(**changes) -> Vendor:
    made = Vendor.collect(
        TenantId("3510"),
        UUID(int=7),
        Profile(name="Warung Siti", district_code="351005", main_product="Nasi kotak", turnover_idr=100_000_000),
        PrivateDetails(phone="+6281234567890", bank="BRI", account_number="123456789012", account_holder="SITI AMINAH"),
        (Owner(new_id(), "Siti Aminah", nik=NIK, kk="3510160101100001"),),
        moment(),
    )
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def proofs(*kinds: str, holder: str = "name") -> Proofs:
    return Proofs(frozenset(kinds or ("nik", "phone", "bank")), holder)


def verified(band: Band = Band.A) -> Vendor:
    made = vendor()
    made.private = replace(made.private, nib="1234567890123", npwp=NIK)
    made.verify(Verification(band, proofs("nik", "phone", "bank", "nib", "npwp", "class"), None), moment())
    return made


@pytest.mark.parametrize(
    ("turnover", "name"),
    [(2_000_000_000, "micro"), (2_000_000_001, "small"), (15_000_000_000, "small"), (50_000_000_001, "large")],
)
def test_turnover_gives_the_class_of_pp_7_2021(turnover, name):
    assert class_by_turnover(turnover, TODAY) == name


def test_before_2021_the_old_limits_hold():
    assert class_by_turnover(400_000_000, date(2020, 12, 31)) == BusinessClass.SMALL
    assert class_by_capital(50_000_000, date(2020, 12, 31)) == BusinessClass.MICRO
    assert class_by_capital(1_000_000_000, date(2021, 2, 2)) == BusinessClass.MICRO


def test_capital_decides_in_the_first_year_and_turnover_after_it():
    young = derive_class(capital_idr=2_000_000_000, turnover_idr=100, start_year=2026, day=TODAY)
    old = derive_class(capital_idr=2_000_000_000, turnover_idr=100, start_year=2010, day=TODAY)
    assert (young, old) == (BusinessClass.SMALL, BusinessClass.MICRO)
    assert derive_class(capital_idr=None, turnover_idr=None, start_year=2010, day=TODAY) is None


def test_a_new_business_is_collected_and_counts_from_version_one():
    made = vendor()
    assert made.milestones.collected_on == TODAY
    assert [one.event for one in made.transitions] == [VendorEvent.COLLECTED]
    assert (made.version, made.standing, made.business_class) == (1, Standing.OK, BusinessClass.MICRO)


def test_milestones_are_set_once():
    made = vendor()
    assert made.record_training(date(2026, 1, 5), moment(), "angkatan 1")
    assert not made.record_training(date(2026, 2, 5), moment(), "angkatan 2")
    assert made.milestones.trained_on == date(2026, 1, 5)
    assert made.mark_published(moment())
    assert not made.mark_published(moment())


def test_band_a_asks_for_nik_phone_and_bank_only():
    made = vendor()
    made.verify(Verification(Band.A, proofs(), None), moment())
    assert (made.band, made.milestones.verified_on, made.payout_ready) == (Band.A, TODAY, True)


@pytest.mark.parametrize(
    ("band", "kinds", "missing"),
    [
        (Band.A, ("nik", "phone"), {"proofs.bank"}),
        (Band.B, ("nik", "phone", "bank"), {"proofs.nib"}),
        (Band.C, ("nik", "phone", "bank", "nib"), {"proofs.nib", "proofs.npwp", "proofs.class"}),
    ],
)
def test_missing_proofs_are_named(band, kinds, missing):
    made = vendor()
    with pytest.raises(VerificationRefused) as caught:
        made.verify(Verification(band, proofs(*kinds), None), moment())
    assert {one.field for one in caught.value.fields} == missing
    assert made.milestones.verified_on is None


def test_an_account_of_somebody_else_needs_a_spouse_in_band_a_or_a_check_by_hand():
    made = vendor()
    made.private = replace(made.private, account_holder="BUDI SANTOSO")
    with pytest.raises(VerificationRefused):
        made.verify(Verification(Band.A, proofs(), None), moment())
    made.verify(Verification(Band.A, proofs(holder="spouse"), None), moment())
    made.private = replace(made.private, nib="1234567890123")
    with pytest.raises(VerificationRefused):
        made.verify(Verification(Band.B, proofs("nik", "phone", "bank", "nib", holder="spouse"), None), moment())


def test_nobody_verifies_their_own_business():
    made = vendor(applicant="officer.3510")
    with pytest.raises(SelfVerification):
        made.verify(Verification(Band.A, proofs(), None), moment())
    made = vendor()
    made.open_account(Membership("g", "officer.3510", "vendor_owner", TODAY), moment(), "1")
    with pytest.raises(SelfVerification):
        made.verify(Verification(Band.A, proofs(), None), moment())


def test_an_open_conflict_stops_verification():
    with pytest.raises(ConflictOfInterest):
        vendor(conflict_of_interest=True).verify(Verification(Band.A, proofs(), None), moment())


def test_the_same_account_twice_is_one():
    made = vendor()
    assert made.open_account(Membership("g1", "vendor1.3510", "vendor_owner", TODAY), moment(), "1")
    assert not made.open_account(Membership("g2", "vendor1.3510", "vendor_owner", TODAY), moment(), "1")
    assert made.member_principals == ("vendor1.3510",)


@pytest.mark.parametrize(
    ("start", "wanted", "role"),
    [
        ("ok", "suspended", "lpse_admin"),
        ("ok", "in_review", "koperindag_officer"),
        ("ok", "dormant", "vendor_owner"),
        ("dormant", "ok", "vendor_owner"),
        ("closed", "in_review", "koperindag_officer"),
        ("suspended", "ok", "lpse_admin"),
    ],
)
def test_a_standing_follows_its_ways(start, wanted, role):
    made = vendor(standing=Standing(start))
    assert made.set_standing(Standing(wanted), moment(role), "alasan")
    assert made.standing == wanted


def test_a_sanction_is_not_for_the_umkm_department_and_closed_does_not_sell():
    with pytest.raises(StandingRoleMissing):
        vendor().set_standing(Standing.SUSPENDED, moment(), "x")
    with pytest.raises(StandingNotAllowed):
        vendor(standing=Standing.CLOSED).set_standing(Standing.OK, moment(), "x")
    with pytest.raises(StandingNotAllowed):
        vendor(standing=Standing.MERGED).set_standing(Standing.OK, moment(), "x")


def test_a_verified_field_is_fast_but_a_bank_change_holds_the_payout():
    made = verified()
    with pytest.raises(VerifiedFieldLocked):
        made.change(moment(), profile=replace(made.profile, name="Lain"), changed=frozenset({"name"}))
    made.change(
        moment(), private=replace(made.private, account_number="999999999"), changed=frozenset({"account_number"})
    )
    assert (made.payout_ready, made.private.account_number) == (False, "999999999")


def test_an_import_fills_gaps_and_never_overwrites_what_was_verified():
    made = verified()
    incoming = {"name": "Warung Lain", "email": "a@b.id", "address": "Jl. Baru 1", "phone": "+6289999999999"}
    known = {"name": "Warung Siti", "phone": "+6281234567890"}
    changes = compare(known, incoming, made.verified_fields)
    assert set(changes.fields) == {"email", "address"}
    assert set(changes.kept) == {"name", "phone"}
    profile, private = {"name": "Warung Lain", "address": "Jl. Baru 1"}, {"phone": "+6289999999999"}
    judged = Judged(Verdict.UPDATE, made.vendor_id, changes=("name", "address", "phone"))
    row = SheetRow(1, "Data", 5, ParsedRow(profile=profile, private=private))
    apply_row(StagedRow(row, judged, [], b""), made, moment())
    assert made.profile.name == "Warung Siti"
    assert made.profile.address == "Jl. Baru 1"
    assert made.private.phone == "+6281234567890"


def test_the_viewer_follows_from_the_grants():
    assert viewer_of([], "v") is Viewer.PUBLIC
    assert viewer_of([("vendor_owner", "other")], "v") is Viewer.PUBLIC
    assert viewer_of([("vendor_owner", "v")], "v") is Viewer.SELF
    assert viewer_of([("pp", "")], "v") is Viewer.OFFICIAL
    assert viewer_of([("vendor_staff", "v")], "v") is Viewer.OFFICIAL
    assert viewer_of([("bendahara", "")], "v") is Viewer.TREASURER
    assert viewer_of([("koperindag_officer", "")], "v") is Viewer.VERIFIER
