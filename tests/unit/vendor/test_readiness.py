"""Readiness for INAPROC and the seller's checklist: points, plain words, and no paper asked too early."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from vendor_service.domain.profile import Band, EntityKind, NpwpState
from vendor_service.domain.readiness.checklist import Held, ItemState, checklist, next_band, promise
from vendor_service.domain.readiness.inaproc import Facts, readiness_of
from vendor_service.domain.readiness.kbli_fit import FITS, fits, suggestions_for
from vendor_service.domain.readiness.papers import Paper, PaperKind, deed_name

REFERENCE = Path(__file__).parents[3] / "reference"
CATEGORIES = json.loads((REFERENCE / "categories.json").read_text("utf-8"))["categories"]
DEED = Paper(PaperKind.DEED, "AHU-0012345", date(2024, 5, 17))
LETTER = Paper(PaperKind.PKP_LETTER, "S-1", date(2024, 5, 17))
STATEMENT = Paper(PaperKind.NON_PKP_STATEMENT, "1", date(2024, 5, 17))
READY = Facts(
    has_nib=True,
    kbli=("56210",),
    product="Nasi kotak",
    has_npwp=True,
    npwp_state=NpwpState.ACTIVE,
    entity_kind=EntityKind.INDIVIDUAL,
    papers={PaperKind.NON_PKP_STATEMENT: STATEMENT},
    is_pkp=False,
    blacklisted=False,
)
NOTHING = Facts(False, (), "Nasi kotak", False, NpwpState.UNKNOWN, EntityKind.CV, {}, False, True)
ALL = frozenset({"nik", "phone", "bank", "nib", "npwp"})


def missing(**changes) -> list[str]:
    return [one.code for one in readiness_of(replace(READY, **changes)).requirements if not one.met]


def test_five_points_and_none() -> None:
    assert (readiness_of(READY).points, readiness_of(READY).ready) == (5, True)
    assert readiness_of(NOTHING).points == 0


@pytest.mark.parametrize(
    ("changes", "lacking"),
    [
        ({"has_nib": False}, ["nib"]),
        ({"kbli": ()}, ["kbli"]),
        ({"kbli": ("47112",)}, ["kbli"]),
        ({"kbli": ("47112", "56210")}, []),
        ({"npwp_state": NpwpState.NIK_NOT_ACTIVATED}, ["npwp"]),
        ({"npwp_state": NpwpState.UNKNOWN}, ["npwp"]),
        ({"npwp_state": NpwpState.NONE, "has_npwp": False}, ["npwp"]),
        ({"entity_kind": EntityKind.KOPERASI}, ["deed"]),
        ({"entity_kind": EntityKind.KOPERASI, "papers": {PaperKind.DEED: DEED}}, []),
        ({"blacklisted": True}, ["not_blacklisted"]),
    ],
)
def test_each_point_has_its_rule(changes: dict, lacking: list[str]) -> None:
    assert missing(**changes) == lacking


def test_the_paper_about_pkp_is_named_and_counts_no_point() -> None:
    without = readiness_of(replace(READY, papers={}))
    assert (without.points, without.ready, without.pkp.code) == (5, False, "non_pkp_statement")
    assert without.pkp.sentence == "Siapkan surat pernyataan bukan PKP."
    pkp = readiness_of(replace(READY, is_pkp=True))
    assert (pkp.pkp.code, pkp.pkp.met) == ("pkp_letter", False)
    assert readiness_of(replace(READY, is_pkp=True, papers={PaperKind.PKP_LETTER: LETTER})).pkp.sentence == (
        "Surat pengukuhan PKP sudah tercatat."
    )


def test_a_missing_point_says_what_to_do() -> None:
    said = {one.code: one.sentence for one in readiness_of(NOTHING).requirements}
    assert "oss.go.id" in said["nib"]
    assert "56210" in said["kbli"]
    assert "kantor pajak" in said["npwp"]
    assert said["deed"] == "Serahkan akta pendirian dan pengesahannya kepada petugas."
    assert "Daftar Hitam" in said["not_blacklisted"]
    assert deed_name(EntityKind.PERSEROAN_PERORANGAN).startswith("sertifikat")


@pytest.mark.parametrize(
    ("kbli", "product", "good"),
    [
        ("56210", "Nasi kotak dan tumpeng", True),
        ("14120", "Jahit seragam", True),
        ("14120", "Nasi kotak", False),
        ("47611", "Alat tulis kantor", True),
        ("18111", "Fotokopi", True),
        # Nothing is said against a code where no group knows the product.
        ("99999", "Jasa foto udara", True),
        # Whole words only: there is no "nasi" in "nasional".
        ("31001", "Lemari nasional", True),
        ("31001", "Lemari nasi", True),
        ("56210", "Foto nasional", True),
        ("31001", "Foto nasi", False),
    ],
)
def test_a_code_fits_a_product(kbli: str, product: str, good: bool) -> None:
    assert fits([kbli], product) is good
    assert fits([], product) is False
    assert fits(["99999", kbli], product) is (good or fits(["99999"], product))


@pytest.mark.parametrize("category", [one for one in CATEGORIES if one["level"] == 2], ids=lambda one: one["code"])
def test_the_catalogs_own_examples_fit_its_categories(category: dict) -> None:
    for words in (category["name"], *category["keywords"]):
        for code in category["kbli_examples"]:
            assert fits([code], words), (words, code)


def test_every_suggestion_is_a_known_code_and_fits_what_it_is_suggested_for() -> None:
    reference = json.loads((REFERENCE / "kbli.json").read_text("utf-8"))
    known = {code for version in reference["versions"].values() for code in version["codes"]}
    known |= {code for category in CATEGORIES for code in category.get("kbli_examples", ())}
    for fit in FITS:
        for code, _ in fit.examples:
            assert code in known
            assert code.startswith(fit.divisions)
    for product in ("nasi kotak", "keripik", "beras", "seragam", "mebel", "besek", "jamu", "spanduk", "bengkel"):
        found = suggestions_for(product)
        assert found, product
        assert all(fits([code], product) for code, _ in found), product
    assert suggestions_for("telur ayam") == ()


def states(facts: Facts, target: Band, held: Held) -> dict[str, ItemState]:
    return {one.code: one.state for one in checklist(facts, held, target)}


@pytest.mark.parametrize("entity_kind", list(EntityKind))
@pytest.mark.parametrize("target", [Band.A, Band.B])
def test_no_tax_or_nib_paper_is_asked_below_its_band(entity_kind: EntityKind, target: Band) -> None:
    facts = replace(NOTHING, entity_kind=entity_kind)
    items = {one.code: one for one in checklist(facts, Held(frozenset(), frozenset()), target)}
    too_early = {"nib", "kbli", "npwp"} if target is Band.A else {"npwp"}
    for code in too_early:
        assert (items[code].state, items[code].steps) == (ItemState.NOT_NEEDED_YET, ())
    for code in {"nik", "phone", "bank", "nib", "kbli", "npwp"} - too_early:
        assert items[code].state is ItemState.TO_DO
        assert items[code].steps


def test_what_is_there_waits_for_the_officer_and_then_is_done() -> None:
    facts = replace(READY, npwp_state=NpwpState.UNKNOWN)
    waiting = states(facts, Band.C, Held(ALL, frozenset()))
    assert waiting == {
        "nik": ItemState.CHECKING,
        "phone": ItemState.CHECKING,
        "bank": ItemState.CHECKING,
        "nib": ItemState.CHECKING,
        "kbli": ItemState.DONE,
        "npwp": ItemState.CHECKING,
    }
    assert set(states(READY, Band.C, Held(ALL, ALL)).values()) == {ItemState.DONE}


def test_what_a_seller_has_already_is_not_called_needless() -> None:
    assert states(READY, Band.A, Held(ALL, ALL))["nib"] is ItemState.DONE


def test_a_person_hears_that_a_tax_number_is_no_tax_and_a_firm_does_not() -> None:
    person = replace(NOTHING, entity_kind=EntityKind.INDIVIDUAL)
    for facts, said in ((person, True), (NOTHING, False)):
        (npwp,) = [one for one in checklist(facts, Held(frozenset(), frozenset()), Band.C) if one.code == "npwp"]
        assert ("Rp500 juta" in npwp.sentence) is said


def test_a_code_that_does_not_fit_is_to_be_added() -> None:
    facts = replace(READY, kbli=("47112",))
    (kbli,) = [one for one in checklist(facts, Held(ALL, ALL), Band.B) if one.code == "kbli"]
    assert kbli.state is ItemState.TO_DO
    assert "47112" in kbli.sentence
    assert any("56210" in step for step in kbli.steps)


def test_the_promise_of_each_band_and_the_way_up() -> None:
    assert promise(Band.A) == (
        "Untuk pesanan sampai Rp10 juta cukup KTP, nomor HP dan rekening; tidak perlu NIB maupun NPWP."
    )
    assert promise(Band.B) == "Untuk pesanan sampai Rp50 juta tambahkan NIB; NPWP belum perlu."
    assert promise(Band.C).startswith("Untuk pesanan tanpa batas nilai")
    assert [next_band(one) for one in (None, Band.A, Band.B, Band.C)] == [Band.A, Band.B, Band.C, None]
