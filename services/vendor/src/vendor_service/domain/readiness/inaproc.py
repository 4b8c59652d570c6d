"""Readiness for INAPROC: five points, and what is missing for each (domain.md 2.2).

INAPROC admits a seller with NIB, KBLI that fits the category, valid NPWP, deed for entities and no blacklisting. A PKP
letter or a statement of being none, which it asks for too, is named here and counts no point.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vendor_service.domain.profile import EntityKind, NpwpState
from vendor_service.domain.readiness.kbli_fit import fits, suggestions_for
from vendor_service.domain.readiness.papers import PAPER_NAMES, Paper, PaperKind, deed_name, needs_deed, pkp_paper
from vendor_service.domain.vendor import Vendor

REQUIREMENTS = ("nib", "kbli", "npwp", "deed", "not_blacklisted")
"""One point each."""
MOST_POINTS = len(REQUIREMENTS)

TITLES = {
    "nib": "Nomor Induk Berusaha (NIB)",
    "kbli": "KBLI sesuai barang atau jasa yang dijual",
    "npwp": "NPWP aktif",
    "deed": "Akta pendirian untuk badan usaha",
    "not_blacklisted": "Tidak dalam Daftar Hitam",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What of a business decides.

    Attributes:
        kbli: Its codes, the main one first.
        blacklisted: Whether a blacklisting is in force today, of this region or of the national list.
    """

    has_nib: bool
    kbli: tuple[str, ...]
    product: str
    has_npwp: bool
    npwp_state: NpwpState
    entity_kind: EntityKind
    papers: Mapping[PaperKind, Paper]
    is_pkp: bool
    blacklisted: bool


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that INAPROC asks: whether it is met, and what to do if not."""

    code: str
    title: str
    met: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """The five points, and the paper about PKP beside them."""

    requirements: tuple[Requirement, ...]
    pkp: Requirement

    @property
    def points(self) -> int:
        """How many of the five are met."""
        return sum(one.met for one in self.requirements)

    @property
    def ready(self) -> bool:
        """Whether nothing is missing, the paper about PKP included."""
        return self.points == MOST_POINTS and self.pkp.met


def facts_of(vendor: Vendor, codes: Iterable[str], papers: Mapping[PaperKind, Paper], *, blacklisted: bool) -> Facts:
    """Return what decides, from the register; `codes` are the KBLI beside the one in the profile."""
    main = vendor.profile.kbli
    return Facts(
        has_nib=vendor.private.nib is not None,
        kbli=tuple(dict.fromkeys([*([] if main is None else [main]), *codes])),
        product=vendor.profile.main_product,
        has_npwp=vendor.private.npwp is not None,
        npwp_state=vendor.tax_profile.npwp_state,
        entity_kind=vendor.profile.entity_kind,
        papers=papers,
        is_pkp=vendor.tax_profile.pkp,
        blacklisted=blacklisted,
    )


def readiness_of(facts: Facts) -> Readiness:
    """Return how far a business is, with a sentence for everything."""
    met = {
        "nib": facts.has_nib,
        "kbli": fits(facts.kbli, facts.product),
        "npwp": facts.npwp_state is NpwpState.ACTIVE,
        "deed": not needs_deed(facts.entity_kind) or PaperKind.DEED in facts.papers,
        "not_blacklisted": not facts.blacklisted,
    }
    sentences = {
        "nib": _nib(facts),
        "kbli": _kbli(facts),
        "npwp": _npwp(facts),
        "deed": _deed(facts),
        "not_blacklisted": "Usaha ini dalam Daftar Hitam sampai masa sanksinya berakhir."
        if facts.blacklisted
        else "Usaha ini tidak dalam Daftar Hitam.",
    }
    found = tuple(Requirement(code, TITLES[code], met[code], sentences[code]) for code in REQUIREMENTS)
    return Readiness(found, _pkp(facts))


def _nib(facts: Facts) -> str:
    return "NIB sudah tercatat." if facts.has_nib else "NIB belum tercatat. Buat gratis di oss.go.id dengan KTP."


def _kbli(facts: Facts) -> str:
    if not facts.kbli:
        return f"KBLI belum tercatat. Lihat lampiran NIB; {_suggested(facts.product)}"
    if fits(facts.kbli, facts.product):
        return f"KBLI {', '.join(facts.kbli)} sudah tercatat."
    return (
        f"KBLI {', '.join(facts.kbli)} tidak sesuai dengan produk “{facts.product}”. Tambahkan KBLI di oss.go.id; "
        f"{_suggested(facts.product)}"
    )


def _suggested(product: str) -> str:
    found = suggestions_for(product)
    if not found:
        return "pilih kode kegiatan yang paling dekat dengan barang atau jasa Anda."
    return "contoh yang sesuai: " + "; ".join(f"{code} ({name})" for code, name in found) + "."


def _npwp(facts: Facts) -> str:
    if facts.npwp_state is NpwpState.ACTIVE:
        return "NPWP aktif."
    if facts.npwp_state is NpwpState.NIK_NOT_ACTIVATED:
        return "NIK belum diaktifkan sebagai NPWP. Aktifkan di Coretax DJP atau kantor pajak terdekat."
    if facts.has_npwp:
        return "NPWP sudah tercatat tetapi belum dipastikan aktif. Minta petugas memeriksanya."
    return "NPWP belum tercatat. Urus gratis di Coretax DJP atau kantor pajak terdekat."


def _deed(facts: Facts) -> str:
    if not needs_deed(facts.entity_kind):
        return "Usaha perorangan tidak memerlukan akta."
    if PaperKind.DEED in facts.papers:
        return f"Akta nomor {facts.papers[PaperKind.DEED].number} sudah tercatat."
    return f"Serahkan {deed_name(facts.entity_kind)} kepada petugas."


def _pkp(facts: Facts) -> Requirement:
    kind = pkp_paper(facts.is_pkp)
    name = PAPER_NAMES[kind]
    title = name[0].upper() + name[1:]
    held = kind in facts.papers
    return Requirement(kind.value, title, held, f"{title} sudah tercatat." if held else f"Siapkan {name}.")
