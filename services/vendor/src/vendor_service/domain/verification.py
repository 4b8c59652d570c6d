"""Which proofs a band asks for, and which fields a verification makes fast (domain.md 10.3).

No tax or NIB paper is asked below band B.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bela_kit.core.errors import FieldError

from vendor_service.domain.business_class import BusinessClass
from vendor_service.domain.names import HOLDER_SIMILAR, person_key, similar
from vendor_service.domain.owner import Owner
from vendor_service.domain.profile import PERSON_FORMS, Band, PrivateDetails, Profile

PROOF_KINDS = frozenset({"nik", "phone", "bank", "nib", "npwp", "class", "certificate", "location", "deed"})

_ASKED = {
    Band.A: ("nik", "phone", "bank"),
    Band.B: ("nik", "phone", "bank", "nib"),
    Band.C: ("nik", "phone", "bank", "nib", "npwp", "class"),
}
_FAST = {
    Band.A: ("name", "owner_name", "nik", "phone", "bank", "account_number", "account_holder", "district_code"),
    Band.B: ("nib",),
    Band.C: ("npwp",),
}
_SENTENCES = {
    "nik": "NIK pemilik belum ada atau belum diperiksa.",
    "phone": "Nomor telepon belum ada atau belum diperiksa.",
    "bank": "Rekening bank belum ada atau belum diperiksa.",
    "nib": "NIB belum ada atau belum diperiksa.",
    "npwp": "NPWP belum ada atau belum diperiksa.",
    "class": "Bukti skala usaha belum diperiksa.",
}


@dataclass(frozen=True, slots=True)
class Proofs:
    """What an officer saw.

    Attributes:
        kinds: Kinds of proof that were seen and found right.
        holder: How the bank account's holder was matched: `name` lets the names decide, `spouse` is a spouse on the
            same family card (band A only), `checked` was checked by hand, with the reason noted.
    """

    kinds: frozenset[str]
    holder: str = "name"


def missing_proofs(
    band: Band,
    proofs: Proofs,
    profile: Profile,
    private: PrivateDetails,
    owners: Iterable[Owner],
    business_class: BusinessClass | None,
) -> list[FieldError]:
    """Return what is still missing for a band; nothing means it may be verified."""
    people = list(owners)
    held = {
        "nik": any(owner.nik for owner in people),
        "phone": private.phone is not None,
        "bank": private.account_number is not None,
        "nib": private.nib is not None,
        "npwp": private.npwp is not None,
        "class": business_class is not None,
    }
    problems = [
        FieldError(f"proofs.{kind}", "PROOF_MISSING", _SENTENCES[kind])
        for kind in _ASKED[band]
        if kind not in proofs.kinds or not held[kind]
    ]
    if business_class is None and not any(problem.field == "proofs.class" for problem in problems):
        problems.append(FieldError("business_class", "CLASS_MISSING", "Skala usaha belum ditetapkan."))
    if held["bank"] and not _holder_fits(band, proofs.holder, profile, private, people):
        problems.append(
            FieldError("holder", "HOLDER_DIFFERS", "Nama pemegang rekening berbeda dengan pemilik atau badan usaha.")
        )
    return problems


def missing_data(
    band: Band,
    profile: Profile,
    private: PrivateDetails,
    owners: Iterable[Owner],
    business_class: BusinessClass | None,
) -> list[FieldError]:
    """Return what the seller has yet to fill in before an officer can look at a band."""
    all_seen = Proofs(frozenset(_ASKED[band]), "checked")
    return missing_proofs(band, all_seen, profile, private, owners, business_class)


def holder_fits(profile: Profile, private: PrivateDetails, owners: Iterable[Owner]) -> bool:
    """Say whether the bank account's holder is, by name, an owner or the entity itself."""
    return _holder_fits(Band.A, "name", profile, private, list(owners))


def fields_made_fast(band: Band) -> frozenset[str]:
    """Return the fields that a verification in a band proves, those of lower bands included."""
    return frozenset(name for lower, names in _FAST.items() if lower <= band for name in names)


def _holder_fits(band: Band, holder: str, profile: Profile, private: PrivateDetails, owners: list[Owner]) -> bool:
    if holder == "checked":
        return True
    if holder == "spouse":
        return band is Band.A and any(owner.kk for owner in owners)
    name = person_key(private.account_holder or "")
    allowed = [profile.name] if profile.entity_kind not in PERSON_FORMS else []
    allowed += [owner.name for owner in owners] if profile.entity_kind in PERSON_FORMS else []
    return bool(name) and any(similar(name, person_key(candidate), HOLDER_SIMILAR) for candidate in allowed)
