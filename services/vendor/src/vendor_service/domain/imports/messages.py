"""Reason codes of rows in words for the officer who reads the preview."""

_SENTENCES = {
    "REQUIRED": "Kolom wajib kosong.",
    "NOT_A_NAME": "Isi tidak dapat dipakai sebagai nama.",
    "SEVERAL_OWNERS": "Sel memuat lebih dari satu pemilik; dicatat terpisah.",
    "OWNER_DECEASED": "Pemilik ditandai almarhum; periksa siapa pemilik sekarang.",
    "SEVERAL_BUSINESSES": "Sel memuat lebih dari satu nama usaha; pisahkan menjadi beberapa baris.",
    "SEVERAL_VALUES": "Sel memuat lebih dari satu nilai; yang pertama dipakai.",
    "DISTRICT_UNKNOWN": "Kecamatan tidak dikenal di daerah ini.",
    "DISTRICT_GUESSED": "Kecamatan dicocokkan dari ejaan yang mirip.",
    "DISTRICT_DERIVED": "Kecamatan diisi dari nama desa.",
    "DISTRICT_DERIVED_FROM_NIK": "Nama desa ada di beberapa kecamatan; dipilih kecamatan penerbit NIK.",
    "DISTRICT_AMBIGUOUS": "Kecamatan kosong dan nama desa ada di beberapa kecamatan.",
    "DISTRICT_CHOICES": "Nama desa ada di beberapa kecamatan; isi salah satu: {}.",
    "DISTRICT_FROM_TITLE": "Kecamatan diambil dari judul tabel atau nama lembar.",
    "FILLED_FROM_ABOVE": "Sel kosong diisi dari baris di atasnya.",
    "DISTRICT_DIFFERS": "Desa ini berada di kecamatan lain; kecamatan disesuaikan.",
    "VILLAGE_UNKNOWN": "Desa atau kelurahan tidak dikenal di kecamatan ini.",
    "VILLAGE_GUESSED": "Desa atau kelurahan dicocokkan dari ejaan yang mirip.",
    "ENTITY_KIND_UNKNOWN": "Bentuk usaha tidak dikenal.",
    "ROUNDED_NUMBER": "Angka dibulatkan oleh Excel; digit terakhir hilang, nomor tidak dipakai.",
    "WRITTEN_AS_NUMBER": "Nomor ditulis sebagai angka; periksa digit terakhir.",
    "LEADING_ZERO_ADDED": "Angka nol di depan ditambahkan.",
    "NOT_A_NUMBER": "Bukan nomor; tidak dipakai.",
    "WRONG_LENGTH": "Jumlah digit tidak sesuai; nomor tidak dipakai.",
    "PROVINCE_UNKNOWN": "Kode provinsi di dalam nomor tidak dikenal.",
    "AREA_UNKNOWN": "Kode wilayah di dalam nomor tidak dikenal.",
    "SERIAL_ZERO": "Nomor urut 0000 tidak sah.",
    "ALL_ZERO": "Nomor hanya berisi nol.",
    "NOT_A_PHONE": "Bukan nomor telepon Indonesia.",
    "NPWP_NOT_A_NIK": "NPWP 16 digit perorangan harus sama dengan NIK.",
    "NPWP_DIFFERS_FROM_NIK": "NPWP berbeda dengan NIK pemilik.",
    "NPWP_NEW_ENTITY_NUMBER": "NPWP badan tanpa awalan 0; periksa.",
    "SEX_NOT_READABLE": "Jenis kelamin tidak terbaca.",
    "DIFFERS_FROM_NIK": "Tanggal lahir berbeda dengan NIK.",
    "DATE_NOT_READABLE": "Tanggal tidak terbaca.",
    "DATE_NOT_REAL": "Tanggal tidak ada di kalender.",
    "DATE_YEAR_ONLY": "Hanya tahun yang terisi.",
    "YEAR_NOT_READABLE": "Tahun tidak terbaca.",
    "YEAR_NOT_REAL": "Tahun tidak masuk akal.",
    "AMOUNT_NOT_READABLE": "Jumlah uang tidak terbaca.",
    "AMOUNT_TOO_LARGE": "Jumlah uang terlalu besar.",
    "AMOUNT_NEGATIVE": "Jumlah uang negatif.",
    "AMOUNT_ROUNDED": "Pecahan rupiah dibulatkan.",
    "AMOUNT_RANGE": "Kisaran nilai; batas atas yang dipakai.",
    "AMOUNT_MONTHLY": "Nilai per bulan; dikalikan dua belas.",
    "AMOUNT_OTHER_PERIOD": "Nilai per hari, minggu, atau panen tidak dapat dijadikan nilai setahun; tidak dipakai.",
    "AMOUNT_OPEN_ENDED": "Hanya batas bawah yang tertulis; nilai tidak dipakai.",
    "AMOUNT_UNIT_DOUBTED": "Judul kolom menyebut juta atau ribu, tetapi nilai ditulis penuh; dipakai apa adanya.",
    "AMOUNT_VERY_SMALL": "Nilai sangat kecil; mungkin satuannya juta atau ribu.",
    "CLASS_NOT_READABLE": "Kelas usaha tidak terbaca.",
    "FORMULA_BROKEN": "Rumus rusak (#REF! dan sejenisnya); nilainya hilang.",
    "FORMULA_WITHOUT_VALUE": "Rumus belum pernah dihitung; buka dan simpan berkas di Excel.",
    "FORMULA_FROM_OTHER_FILE": "Nilai diambil dari berkas lain saat terakhir disimpan; periksa.",
    "NUMBER_NOT_READABLE": "Bilangan tidak terbaca.",
    "NUMBER_OUT_OF_RANGE": "Bilangan di luar batas.",
    "KBLI_NOT_READABLE": "Kode KBLI harus lima digit.",
    "COORDINATE_NOT_READABLE": "Koordinat tidak terbaca.",
    "COORDINATE_OUT_OF_RANGE": "Koordinat di luar Indonesia.",
    "VERIFIED_VALUE_KEPT": "Nilai yang sudah diverifikasi tidak diganti.",
    "CHANGED_SINCE": "Sudah diubah setelah impor; tidak ditarik.",
    "FIELDS_CHANGED_SINCE": "Sebagian isian sudah diubah setelah impor; tidak dikembalikan.",
    "FIELDS_VERIFIED_SINCE": "Sebagian isian sudah diverifikasi setelah impor; tidak dikembalikan.",
    "OWNER_DIFFERS": "Pemilik berbeda dengan yang tercatat; data pemilik tidak diubah.",
    "SAME_ID": "Baris ekspor dari usaha ini.",
    "SAME_NIB": "NIB sama dengan usaha yang sudah ada.",
    "SAME_NPWP": "NPWP badan sama dengan usaha yang sudah ada.",
    "SAME_NIK_AND_NAME": "NIK sama dan nama usaha mirip.",
    "SAME_NIK_OTHER_BUSINESS": "Pemilik ini sudah punya usaha lain; dicatat sebagai usaha kedua.",
    "SAME_PHONE_SIMILAR_NAME": "Nomor telepon sama dan nama usaha mirip.",
    "SIMILAR_NAME_IN_VILLAGE": "Nama usaha mirip di desa yang sama.",
}


def sentence(reason: str) -> str:
    """Return a reason in words; an unknown one as it is.

    Args:
        reason: A code, or a code and what it speaks of: "DISTRICT_CHOICES:Muncar|Srono".
    """
    code, _, about = reason.partition(":")
    return _SENTENCES.get(code, reason).format(", ".join(about.split("|")))


def choices_of(reason: str) -> list[str]:
    """Return what an officer may choose from, if a reason offers a choice."""
    code, _, about = reason.partition(":")
    return about.split("|") if code == "DISTRICT_CHOICES" and about else []
