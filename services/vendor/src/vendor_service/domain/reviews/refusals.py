"""Why a verification or review is refused: codes that can be counted, and what the seller is told to do."""

import enum


class RefusalCode(enum.StrEnum):
    """What was wrong."""

    NIK_NOT_MATCHING = "NIK_NOT_MATCHING"
    PHONE_UNREACHABLE = "PHONE_UNREACHABLE"
    ACCOUNT_HOLDER_DIFFERS = "ACCOUNT_HOLDER_DIFFERS"
    OUTSIDE_REGION = "OUTSIDE_REGION"
    BUSINESS_NOT_FOUND = "BUSINESS_NOT_FOUND"
    DOCUMENT_UNREADABLE = "DOCUMENT_UNREADABLE"
    DOCUMENT_EXPIRED = "DOCUMENT_EXPIRED"
    NIB_NOT_MATCHING = "NIB_NOT_MATCHING"
    NPWP_NOT_MATCHING = "NPWP_NOT_MATCHING"
    CLASS_NOT_PROVEN = "CLASS_NOT_PROVEN"
    CERTIFICATE_MISSING = "CERTIFICATE_MISSING"
    GOVERNMENT_EMPLOYEE = "GOVERNMENT_EMPLOYEE"
    OTHER = "OTHER"


SENTENCES = {
    RefusalCode.NIK_NOT_MATCHING: "NIK tidak cocok dengan nama pemilik. Periksa KTP, lalu ajukan lagi.",
    RefusalCode.PHONE_UNREACHABLE: "Nomor telepon tidak dapat dihubungi. Perbarui nomor Anda.",
    RefusalCode.ACCOUNT_HOLDER_DIFFERS: "Rekening bukan atas nama pemilik usaha atau pasangan dalam satu KK.",
    RefusalCode.OUTSIDE_REGION: "Tempat usaha berada di luar daerah ini. Daftarlah di daerah tempat usaha.",
    RefusalCode.BUSINESS_NOT_FOUND: "Usaha tidak ditemukan di alamat yang tertulis. Perbaiki alamat.",
    RefusalCode.DOCUMENT_UNREADABLE: "Foto berkas tidak terbaca. Foto ulang di tempat terang.",
    RefusalCode.DOCUMENT_EXPIRED: "Berkas sudah habis masa berlakunya. Unggah yang terbaru.",
    RefusalCode.NIB_NOT_MATCHING: "NIB tidak cocok dengan usaha ini. Periksa di oss.go.id.",
    RefusalCode.NPWP_NOT_MATCHING: "NPWP tidak cocok dengan pemilik atau badan usaha.",
    RefusalCode.CLASS_NOT_PROVEN: "Skala usaha belum terbukti. Unggah pernyataan omzet atau modal.",
    RefusalCode.CERTIFICATE_MISSING: "Sertifikat yang diminta untuk produk ini belum ada.",
    RefusalCode.GOVERNMENT_EMPLOYEE: "Pemilik tercatat sebagai pegawai pemerintah; aparatur tidak boleh jadi penyedia.",
    RefusalCode.OTHER: "Lihat catatan petugas.",
}
