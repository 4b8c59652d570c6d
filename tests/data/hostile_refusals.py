"""Files that cannot be read as a list of businesses, each with the reason that helps whoever sent it."""

from __future__ import annotations

import io
import zipfile

from hostile_cases import PLAIN, Case, book, plain, text


def refused() -> list[Case]:
    """Files that are refused as a whole, each with the reason that helps whoever sent it."""
    many = [plain(number) for number in range(1, 31)]
    one_column = [[";".join(map(str, line))] for line in (PLAIN, *many)]
    garbled = [plain(number, Nama_Usaha=f"Warung Bu Ti\ufffdah {number}") for number in range(1, 31)]
    twice = [plain(number, Alamat=f"Jl. PahlawanÂ\xa0{number} â€“ Muncar") for number in range(1, 31)]
    rounded = [plain(number, NIK=3510055708850000 + number * 10) for number in range(1, 31)]
    as_text = [plain(number, NIK="3,51006E+15") for number in range(1, 31)]
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for number in range(7):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", bytes(100 * 1024 * 1024))
    encrypted = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(1000)
    document = io.BytesIO()
    with zipfile.ZipFile(document, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    rows = ";".join(map(str, plain(1)))
    return [
        Case("satu kolom.xlsx", book({"Data": one_column}), refusal="WORKBOOK_ONE_COLUMN",
             columns_seen=tuple(PLAIN)),
        Case("rusak.csv", text([PLAIN, *garbled], ";", "utf-8"), refusal="WORKBOOK_GARBLED"),
        Case("rusak dua kali.csv", text([PLAIN, *twice], ";", "utf-8"), refusal="WORKBOOK_GARBLED"),
        Case("nik bulat.xlsx", book({"Data": [PLAIN, *rounded]}), refusal="NIK_COLUMN_ROUNDED"),
        Case("nik bulat.csv", text([PLAIN, *as_text], ";", "utf-8"), refusal="NIK_COLUMN_ROUNDED"),
        Case("kosong.xlsx", book({"Sheet1": []}), refusal="WORKBOOK_EMPTY"),
        Case("kosong.csv", b"\r\n\r\n", refusal="WORKBOOK_EMPTY"),
        Case("daftar.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", refusal="WORKBOOK_IS_PDF"),
        Case("bom.xlsx", bomb.getvalue(), refusal="WORKBOOK_TOO_LARGE_UNPACKED"),
        Case("terkunci.xlsx", encrypted, refusal="WORKBOOK_ENCRYPTED"),
        Case("lama.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), refusal="WORKBOOK_NOT_READABLE"),
        Case("web.xls", b"\xef\xbb\xbf<html><body><table><tr><td>NIK</td></tr></table></body></html>",
             refusal="WORKBOOK_IS_HTML"),
        Case("surat.docx", document.getvalue(), refusal="WORKBOOK_NOT_READABLE"),
        Case("dua juta.csv", f"{';'.join(PLAIN)}\n{(rows + chr(10)) * 2_000_000}".encode(), refusal="TOO_MANY_ROWS"),
        Case("tanpa judul.xlsx", book({"Data": many}), refusal="HEADER_NOT_FOUND"),
        Case("kurang.xlsx", book({"Data": [PLAIN[:4] + PLAIN[5:], *many]}), refusal="REQUIRED_COLUMNS_MISSING",
             columns_seen=(*PLAIN[:4], *PLAIN[5:])),
        Case("lembar.xlsx", book({"Data": [PLAIN, *many]}), sheets=("Lembar 9",), refusal="SHEET_NOT_FOUND"),
    ]  # fmt: skip
