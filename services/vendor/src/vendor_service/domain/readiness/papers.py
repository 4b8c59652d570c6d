"""Papers that INAPROC asks for beside the numbers: the deed, and word of whether the seller is a PKP."""

import enum
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from bela_kit.core.errors import FieldError, ServiceError

from vendor_service.domain.profile import PERSON_FORMS, EntityKind


class PaperKind(enum.StrEnum):
    """Which paper."""

    DEED = "deed"
    PKP_LETTER = "pkp_letter"
    NON_PKP_STATEMENT = "non_pkp_statement"


PAPER_NAMES = {
    PaperKind.DEED: "akta pendirian",
    PaperKind.PKP_LETTER: "surat pengukuhan PKP",
    PaperKind.NON_PKP_STATEMENT: "surat pernyataan bukan PKP",
}
# A one-person company has no notary's deed but a statement with a certificate (UU 40/2007 pasal 153A as amended).
_DEEDS = {
    EntityKind.PERSEROAN_PERORANGAN: "sertifikat pendirian perseroan perorangan dari AHU",
    EntityKind.KOPERASI: "akta pendirian koperasi dan pengesahannya",
    EntityKind.BUMDES: "peraturan desa tentang BUM Desa dan sertifikat badan hukumnya",
    EntityKind.KUB: "akta atau keputusan pendirian kelompok",
    EntityKind.OTHER: "akta atau keputusan pendirian kelompok",
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that an officer has seen; the last one of a kind counts."""

    kind: PaperKind
    number: str
    issued_on: date
    evidence_id: UUID | None = None


class PaperInvalid(ServiceError):
    """A paper dated after today."""

    reason = "PAPER_INVALID"

    def __init__(self) -> None:
        fields = [FieldError("issued_on", "IN_FUTURE", "Tanggal surat di masa depan.")]
        super().__init__("Data surat belum benar.", fields=fields)


def needs_deed(entity_kind: EntityKind) -> bool:
    """Say whether the legal form rests on a deed: every form but a person."""
    return entity_kind not in PERSON_FORMS


def deed_name(entity_kind: EntityKind) -> str:
    """Return what the deed of a legal form is called."""
    return _DEEDS.get(entity_kind, "akta pendirian dan pengesahannya")


def pkp_paper(is_pkp: bool) -> PaperKind:
    """Return which of the two papers about PKP a seller needs."""
    return PaperKind.PKP_LETTER if is_pkp else PaperKind.NON_PKP_STATEMENT
