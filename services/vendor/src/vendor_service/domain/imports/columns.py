"""The columns of the import template and the words that regencies write above them (domain.md 2.3)."""

import re
from functools import lru_cache
from typing import NamedTuple

_SYNONYMS: dict[str, str] = {
    "no": "no; nomor; no urut; nomor urut; nr; #",
    "nama_usaha": "nama usaha; nama umkm; nama perusahaan; merk usaha; merek usaha; nama toko; nama ukm;"
    " usaha; nama ikm; nama badan usaha; nama warung; nama unit usaha; nama usaha merk",
    "nama_pemilik": "nama pemilik; pemilik; pemilik usaha; nama pelaku usaha; pelaku usaha; nama pengusaha;"
    " nama lengkap; nama owner; owner; nama pemilik usaha; pengusaha; nama pimpinan;"
    " penanggung jawab; nama pengelola; pemilik nama; nama penanggung jawab; nama; nama pelaku"
    " umkm; data pemilik nama; identitas pemilik nama",
    "nik": "nik; no nik; nomor nik; no ktp; nomor ktp; ktp; nik ktp; nik pemilik; no ktp nik; nomor"
    " induk kependudukan; no induk kependudukan; nik sesuai ktp; pemilik nik",
    "no_kk": "no kk; nomor kk; kk; no kartu keluarga; nomor kartu keluarga; kartu keluarga",
    "jenis_kelamin": "jenis kelamin; jk; l p; lp; kelamin; gender; sex; jenis kelamin l p; pemilik l p",
    "tempat_lahir": "tempat lahir; tmp lahir; tpt lahir; kota lahir",
    "tanggal_lahir": "tanggal lahir; tgl lahir; tgl lhr; ttl; tempat tanggal lahir; tempat tgl lahir; lahir;"
    " tanggal lahir pemilik",
    "no_hp": "no hp; no handphone; nomor hp; hp; telepon; no telepon; no telp; telp; nomor telepon; no"
    " hp wa; no wa; wa; whatsapp; no whatsapp; kontak; no kontak; hp wa; no telp hp; telp hp;"
    " nomor wa; telepon hp; contact person; cp",
    "email": "email; e mail; surel; alamat email",
    "alamat": "alamat; alamat usaha; jalan; alamat lengkap; alamat tempat usaha; lokasi; lokasi usaha;"
    " alamat jalan; alamat usaha jalan; jalan dusun; alamat domisili; dusun jalan; jorong;"
    " alamat rumah; alamat pemilik",
    "rt": "rt; alamat rt",
    "rw": "rw; alamat rw",
    "desa_kelurahan": "desa kelurahan; desa; kelurahan; kelurahan desa; desa kel; kel desa; nagari; gampong;"
    " kampung; desa nagari; nagari desa; nagari kelurahan; alamat desa; alamat desa kelurahan;"
    " alamat nagari; kalurahan; pekon; nama desa; nama nagari; nama desa kelurahan; ds kel;"
    " desa kelurahan nagari",
    "kecamatan": "kecamatan; kec; alamat kecamatan; nama kecamatan; distrik; kapanewon; kecamatan usaha",
    "kode_pos": "kode pos; kodepos; pos",
    "bentuk_usaha": "bentuk usaha; bentuk badan usaha; badan usaha; badan hukum; bentuk badan hukum; bentuk"
    " hukum; legalitas badan usaha; status badan usaha",
    "jenis_usaha": "jenis usaha; kategori usaha; kategori; sektor; sektor usaha; bidang usaha; bidang; jenis umkm",
    "kegiatan_utama": "kegiatan utama; kegiatan usaha; aktivitas utama; kegiatan; uraian kegiatan",
    "produk_utama": "produk utama; produk; nama produk; hasil produksi; jenis produk; produk yang dihasilkan;"
    " barang jasa; komoditi; komoditas; produk unggulan; produk jasa; produk utama jasa; jenis"
    " produk utama; produk usaha",
    "kbli": "kbli; kode kbli; no kbli; nomor kbli",
    "nib": "nib; no nib; nomor nib; nomor induk berusaha; no induk berusaha",
    "npwp": "npwp; no npwp; nomor npwp; npwp usaha",
    "iumk": "iumk; no iumk; izin usaha; ijin usaha; no izin; nomor izin; no izin usaha; siup; sku",
    "pirt": "pirt; p irt; no pirt; nomor pirt; no p irt; spp irt; sertifikat pirt",
    "halal": "halal; sertifikat halal; no halal; no sertifikat halal; nomor sertifikat halal",
    "bpom": "bpom; no bpom; izin bpom; md",
    "sni": "sni; no sni; sertifikat sni",
    "tahun_mulai": "tahun mulai; tahun berdiri; mulai usaha; tahun mulai usaha; berdiri; tgl berdiri; tahun"
    " pendirian; mulai tahun; thn berdiri; tanggal berdiri; tahun usaha",
    "modal": "modal; modal usaha; modal sendiri; permodalan; modal awal; jumlah modal; modal rp",
    "aset": "aset; asset; aset usaha; nilai aset; kekayaan; aset rp; total aset; jumlah aset",
    "omzet_tahunan": "omzet tahunan; omset tahunan; omzet; omset; omzet per tahun; omset per tahun; omzet"
    " tahun; pendapatan; penjualan; hasil penjualan; omzet rp; omset rp; omset pertahun; omzet"
    " pertahun; penjualan tahunan; hasil penjualan tahunan; omzet setahun; omzet rp tahun",
    "tk_laki": "tk laki; tenaga kerja laki; tenaga kerja l; tk l; tenaga kerja laki laki; karyawan laki;"
    " pekerja l; pekerja laki laki; tk laki laki; tk lk; tenaga kerja pria; jumlah tenaga"
    " kerja l; karyawan l",
    "tk_perempuan": "tk perempuan; tenaga kerja perempuan; tenaga kerja p; tk p; karyawan perempuan; pekerja"
    " p; tk pr; pekerja perempuan; tenaga kerja wanita; jumlah tenaga kerja p; karyawan p",
    "kapasitas_bulanan": "kapasitas bulanan; kapasitas; kapasitas produksi; kapasitas per bulan; kapasitas"
    " produksi bulan; kapasitas produksi per bulan; produksi per bulan; kapasitas bulan",
    "satuan_kapasitas": "satuan kapasitas; satuan; unit; satuan produksi; kapasitas satuan",
    "bank": "bank; nama bank; rekening bank; rekening nama bank",
    "no_rekening": "no rekening; nomor rekening; rekening; no rek; norek; no rekening bank; rekening nomor;"
    " rekening no",
    "nama_rekening": "nama rekening; atas nama; a n; pemilik rekening; nama pemilik rekening; rekening atas nama; an",
    "medsos": "medsos; media sosial; sosial media; instagram; facebook; ig; akun medsos; sosmed; website",
    "lat": "lat; latitude; lintang; koordinat lat; garis lintang; titik koordinat lat",
    "lon": "lon; long; lng; longitude; bujur; koordinat lon; koordinat long; garis bujur",
    "tahun_data": "tahun data; tahun pendataan; thn data",
    "sumber": "sumber; sumber data; asal data",
    "keterangan": "keterangan; ket; catatan; keterangan lain",
}
COLUMNS = tuple(_SYNONYMS)
"""The columns of the template, in its sequence; an export has the same ones."""
_BESIDE: dict[str, str] = {
    # Of an export of this register: the row is that very business, whatever else the row says.
    "id_usaha": "id usaha; id usaha bela; id bela",
    "kelompok": "kelompok; nama kelompok; kelompok usaha; nama kelompok usaha; kub; nama kub; poktan; nama poktan;"
    " nama kelompok tani; gapoktan; kelompok umkm; sentra; nama sentra",
    "koordinator": "koordinator; nama koordinator; pendamping; nama pendamping; ketua kelompok; nama ketua kelompok;"
    " penyuluh; petugas; petugas pendata; nama petugas; pendata; surveyor; enumerator; nama enumerator",
    "kelas_usaha": "kelas usaha; skala usaha; klasifikasi usaha; klasifikasi; skala; kriteria usaha; kriteria;"
    " kelas; tingkat usaha; golongan usaha; mikro kecil menengah; klasifikasi mikro kecil menengah; jenis skala",
    "omzet_bulanan": "omzet bulanan; omset bulanan; omzet per bulan; omset per bulan; omzet bulan; omset bulan;"
    " omset perbulan; omzet perbulan; pendapatan per bulan; penjualan per bulan; rata rata omzet per bulan;"
    " omzet rp bulan; omset rp bulan; penghasilan per bulan; pendapatan bulanan; omzet sebulan",
}
ACCEPTED = (*COLUMNS, *_BESIDE)
"""What a header may mean: the template, and what governments' own lists hold beside it."""
REQUIRED = ("nama_usaha", "nama_pemilik", "alamat", "desa_kelurahan", "kecamatan", "produk_utama")

_NOISE = re.compile(r"[^a-z0-9#]+")
_BRACKETS = re.compile(r"\([^)]*\)")
# Words that people add to a header without changing what it means.
_QUALIFIER_WORDS = (
    "pemilik usaha umkm ukm ikm pelaku sesuai ktp aktif lengkap jumlah data tempat rp dalam juta jutaan ribu ribuan jt"
    " diisi wajib kalau ada jika bila yang dimiliki utama saat ini sekarang terakhir tahun"
)
_QUALIFIERS = frozenset(_QUALIFIER_WORDS.split())
_GROUPS = re.compile(r"\b(data|identitas|informasi|keterangan|profil|rincian|jumlah)\b")
_ENOUGH = 0.86
_WITHOUT_QUALIFIERS = 90
_LONGEST = 60


class Meaning(NamedTuple):
    """What a header may mean.

    Attributes:
        confidence: In percent; 100 for a known word.
        rank: The lower, the more exactly the word names this column rather than something like it.
    """

    column: str
    confidence: int
    rank: int


def header_key(text: str) -> str:
    """Return the words of a header cell without case, brackets, stars, slashes and line breaks."""
    lowered = text.casefold()
    short = _NOISE.sub(" ", _BRACKETS.sub(" ", lowered)).strip()
    return short or _NOISE.sub(" ", lowered).strip()


def turned(group: str, name: str) -> str:
    """Return a group and a name below it as people say them: "USAHA" over "ALAMAT" is "alamat usaha"."""
    return f"{name} {_GROUPS.sub(' ', group.casefold())}"


@lru_cache(maxsize=1)
def _words() -> dict[str, Meaning]:
    table = {column.replace("_", " "): Meaning(column, 100, 0) for column in ACCEPTED}
    for column, names in (*_SYNONYMS.items(), *_BESIDE.items()):
        for rank, name in enumerate(names.split(";")):
            table.setdefault(name.strip(), Meaning(column, 100, rank))
    return table


def meaning_of(text: str, *, fuzzy: bool = False) -> Meaning | None:
    """Return what a header cell means; misspelt words only when asked, after exact words have failed."""
    key = header_key(text)
    return _meaning(key, fuzzy) if key and len(key) <= _LONGEST else None


def column_of(text: str, *, fuzzy: bool = False) -> str | None:
    """Return the column that a header cell means."""
    found = meaning_of(text, fuzzy=fuzzy)
    return found.column if found else None


@lru_cache(maxsize=4096)
def _meaning(key: str, fuzzy: bool) -> Meaning | None:
    table = _words()
    found = table.get(key) or table.get(key.replace(" ", ""))
    if found is not None or not fuzzy:
        return found
    words = [word for word in key.split() if word not in _QUALIFIERS]
    found = table.get(" ".join(words)) if words else None
    if found is not None:
        return found._replace(confidence=_WITHOUT_QUALIFIERS, rank=found.rank + 50)
    return _similar(key, table) if len(key) > 4 else None


def _similar(key: str, table: dict[str, Meaning]) -> Meaning | None:
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(None, "", key, autojunk=False)
    best, meaning = _ENOUGH, None
    for name, one in table.items():
        if len(name) > 4:
            matcher.set_seq1(name)
            if matcher.real_quick_ratio() >= best and matcher.quick_ratio() >= best and matcher.ratio() >= best:
                best, meaning = matcher.ratio(), one
    return None if meaning is None else meaning._replace(confidence=int(best * 100), rank=meaning.rank + 100)
