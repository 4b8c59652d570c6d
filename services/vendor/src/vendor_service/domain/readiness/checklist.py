"""What a seller does next about NIB, KBLI and NPWP, step by step, in plain words.

No tax or NIB paper is asked below band B (domain.md 10.3, 1.4): below it such an item says that it is not needed yet,
and lists no steps. The same list serves the officer who helps; `officer_note` is for them alone.
"""

import enum
from dataclasses import dataclass

from vendor_service.domain.profile import BAND_LIMITS, Band, NpwpState
from vendor_service.domain.readiness.inaproc import Facts
from vendor_service.domain.readiness.kbli_fit import fits, suggestions_for
from vendor_service.domain.readiness.papers import needs_deed


class ItemState(enum.StrEnum):
    """Where an item stands: done, being checked by an officer, to do, or not needed for the band that is wanted."""

    DONE = "done"
    CHECKING = "checking"
    TO_DO = "to_do"
    NOT_NEEDED_YET = "not_needed_yet"


@dataclass(frozen=True, slots=True)
class Held:
    """What of a business's papers is there, and which fields an officer has found right.

    Attributes:
        present: Of nik, phone, bank, nib, npwp those that the register knows.
        checked: Of the same those that a verification made fast.
    """

    present: frozenset[str]
    checked: frozenset[str]


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the list."""

    code: str
    title: str
    state: ItemState
    sentence: str
    steps: tuple[str, ...] = ()
    needed_from: Band = Band.A
    officer_note: str = ""


_ORDERS = {Band.A: "sampai Rp10 juta", Band.B: "sampai Rp50 juta", Band.C: "di atas Rp50 juta"}
_BASICS = {
    "nik": (
        "KTP",
        ("Siapkan KTP asli.", "Tunjukkan kepada petugas atau kirim fotonya."),
        "Cocokkan NIK, nama dan foto dengan orangnya.",
    ),
    "phone": (
        "Nomor HP",
        ("Sebutkan nomor HP yang aktif.", "Balas pesan uji yang kami kirim."),
        "Kirim pesan uji dan tunggu balasannya.",
    ),
    "bank": (
        "Rekening bank",
        ("Siapkan buku tabungan atau kartu rekening.", "Boleh atas nama Anda, atau suami/istri dalam satu KK."),
        "Nama pemegang harus sama dengan pemilik, atau pasangan pada KK yang sama (tingkat A).",
    ),
}
_NIB_STEPS = (
    "Siapkan KTP, nomor HP aktif dan alamat surel (email).",
    "Buka oss.go.id, atau datang ke Mal Pelayanan Publik atau DPMPTSP. Gratis.",
    "Pilih Daftar, lalu Usaha Mikro dan Kecil, dan isi data sesuai KTP.",
    "Isi alamat usaha dan kode kegiatan usaha (KBLI).",
    "Unduh NIB (13 angka), lalu catat nomornya di sini atau berikan kepada petugas.",
)
_KBLI_STEPS = (
    "Buka lampiran NIB; KBLI adalah kode kegiatan lima angka.",
    "Jika kodenya belum sesuai, masuk ke oss.go.id dan pilih Pengembangan atau Perubahan untuk menambah KBLI.",
    "Catat kode itu di sini atau berikan kepada petugas.",
)
_NPWP_PERSON = (
    "NIK Anda (16 angka) dapat dipakai sebagai NPWP setelah diaktifkan.",
    "Buka coretaxdjp.pajak.go.id, atau datang ke kantor pajak (KPP atau KP2KP) dengan KTP dan KK. Gratis.",
    "Setelah aktif, tunjukkan buktinya kepada petugas.",
)
_NPWP_ENTITY = (
    "Siapkan akta atau bukti pendirian, NIB dan KTP pengurus.",
    "Daftarkan NPWP badan di coretaxdjp.pajak.go.id atau kantor pajak (KPP atau KP2KP). Gratis.",
    "Setelah aktif, tunjukkan buktinya kepada petugas.",
)


def checklist(facts: Facts, held: Held, target: Band) -> list[Item]:
    """Return the list for the band that a seller wants to reach or keep."""
    basics = [_basic(code, held) for code in _BASICS]
    return [*basics, _nib(held, target), _kbli(facts, held, target), _npwp(facts, target)]


def next_band(band: Band | None) -> Band | None:
    """Return the band after one; none after the last."""
    return {None: Band.A, Band.A: Band.B, Band.B: Band.C, Band.C: None}[band]


def promise(target: Band) -> str:
    """Say in one sentence what a band allows and what it asks."""
    limit = BAND_LIMITS[target]
    asked = {
        Band.A: "cukup KTP, nomor HP dan rekening; tidak perlu NIB maupun NPWP",
        Band.B: "tambahkan NIB; NPWP belum perlu",
        Band.C: "tambahkan NIB, NPWP aktif dan bukti skala usaha",
    }[target]
    orders = "Untuk pesanan tanpa batas nilai" if limit is None else f"Untuk pesanan {_ORDERS[target]}"
    return f"{orders} {asked}."


def _basic(code: str, held: Held) -> Item:
    title, steps, note = _BASICS[code]
    if code in held.checked:
        return Item(code, title, ItemState.DONE, f"{title} sudah diperiksa.")
    if code in held.present:
        return Item(code, title, ItemState.CHECKING, f"{title} sudah tercatat, menunggu petugas.", officer_note=note)
    return Item(code, title, ItemState.TO_DO, f"{title} belum tercatat.", steps, officer_note=note)


def _nib(held: Held, target: Band) -> Item:
    title = "NIB (Nomor Induk Berusaha)"
    note = "Cocokkan NIB dengan nama usaha di oss.go.id; tanpa NIB usaha tetap boleh berjualan sampai Rp10 juta."
    if "nib" in held.checked:
        return Item("nib", title, ItemState.DONE, "NIB sudah diperiksa.", needed_from=Band.B)
    if "nib" in held.present:
        sentence = "NIB sudah tercatat, menunggu petugas."
        return Item("nib", title, ItemState.CHECKING, sentence, needed_from=Band.B, officer_note=note)
    if target is Band.A:
        return _later("nib", title, Band.B)
    sentence = "NIB belum tercatat. NIB adalah tanda bahwa usaha Anda terdaftar, dan dibuat gratis."
    return Item("nib", title, ItemState.TO_DO, sentence, _NIB_STEPS, Band.B, note)


def _kbli(facts: Facts, held: Held, target: Band) -> Item:
    title = "KBLI (kode kegiatan usaha)"
    note = "KBLI tertulis pada lampiran NIB; satu NIB boleh memuat beberapa kode."
    codes = ", ".join(facts.kbli)
    if fits(facts.kbli, facts.product):
        return Item("kbli", title, ItemState.DONE, f"KBLI {codes} sudah tercatat.", needed_from=Band.B)
    if target is Band.A:
        return _later("kbli", title, Band.B)
    examples = tuple(f"Contoh kode untuk usaha Anda: {code} ({name})." for code, name in suggestions_for(facts.product))
    if facts.kbli:
        sentence = f"KBLI {codes} tampaknya tidak sesuai dengan produk “{facts.product}”."
    elif "nib" in held.present:
        sentence = "KBLI belum tercatat; kodenya ada pada lampiran NIB."
    else:
        sentence = "KBLI dipilih saat membuat NIB."
    return Item("kbli", title, ItemState.TO_DO, sentence, (*_KBLI_STEPS, *examples), Band.B, note)


def _npwp(facts: Facts, target: Band) -> Item:
    title = "NPWP"
    note = "Periksa status aktif di Coretax; NIK yang belum diaktifkan belum menjadi NPWP."
    if facts.npwp_state is NpwpState.ACTIVE:
        return Item("npwp", title, ItemState.DONE, "NPWP aktif.", needed_from=Band.C)
    if target is not Band.C:
        return _later("npwp", title, Band.C)
    if facts.has_npwp and facts.npwp_state is NpwpState.UNKNOWN:
        sentence = "NPWP sudah tercatat, menunggu petugas memastikan statusnya."
        return Item("npwp", title, ItemState.CHECKING, sentence, needed_from=Band.C, officer_note=note)
    sentence = "NPWP belum aktif."
    if not needs_deed(facts.entity_kind):
        # PP 55/2022 pasal 60: the first Rp500 million of a person's yearly turnover bear no final tax.
        sentence += " Memiliki NPWP tidak langsung berarti membayar: omzet perorangan sampai Rp500 juta setahun bebas."
    steps = _NPWP_ENTITY if needs_deed(facts.entity_kind) else _NPWP_PERSON
    return Item("npwp", title, ItemState.TO_DO, sentence, steps, Band.C, note)


def _later(code: str, title: str, band: Band) -> Item:
    below = {Band.B: "sampai Rp10 juta", Band.C: "sampai Rp50 juta"}[band]
    sentence = f"Belum perlu untuk pesanan {below}."
    return Item(code, title, ItemState.NOT_NEEDED_YET, sentence, needed_from=band)
