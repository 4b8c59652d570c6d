"""Which kind of file an upload is, and its sheets: .xlsx row by row, other workbooks whole, text with separators."""

import io
import zipfile
from collections.abc import Iterator

from vendor_service.adapters.workbooks.general import encrypted, sheets_in_general
from vendor_service.adapters.workbooks.ooxml import UnfamiliarWorkbook, sheets_of
from vendor_service.adapters.workbooks.sheet import Sheet
from vendor_service.adapters.workbooks.text_table import text_table
from vendor_service.domain.errors import WorkbookRefused
from vendor_service.domain.imports.job import MAX_RATIO, MAX_UNPACKED_BYTES

_SMALLEST_SUSPECT = 100 * 1024 * 1024
_PARTS = 2_000
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED_NAMES = ("EncryptedPackage".encode("utf-16-le"), "EncryptionInfo".encode("utf-16-le"))
_SIGNATURES = (
    (b"%PDF", "WORKBOOK_IS_PDF", "Berkas ini PDF, bukan lembar kerja. Unggah berkas Excel (.xlsx) atau CSV."),
    (b"\x89PNG", "WORKBOOK_NOT_READABLE", "Berkas ini gambar, bukan lembar kerja."),
    (b"\xff\xd8\xff", "WORKBOOK_NOT_READABLE", "Berkas ini gambar, bukan lembar kerja."),
    (b"Rar!", "WORKBOOK_NOT_READABLE", "Berkas ini arsip RAR; unggah lembar kerja di dalamnya."),
    (b"7z\xbc\xaf", "WORKBOOK_NOT_READABLE", "Berkas ini arsip 7z; unggah lembar kerja di dalamnya."),
    (b"\x1f\x8b", "WORKBOOK_NOT_READABLE", "Berkas ini arsip; unggah lembar kerja di dalamnya."),
    (b"{\\rtf", "WORKBOOK_NOT_READABLE", "Berkas ini dokumen, bukan lembar kerja."),
)


def sheets(content: bytes) -> Iterator[Sheet]:
    """Return the sheets of a file.

    Raises:
        WorkbookRefused: It is no workbook, or one that cannot be opened.
    """
    if not content.strip(b"\x00 \r\n\t"):
        raise WorkbookRefused("WORKBOOK_EMPTY", "Berkas kosong.")
    start = content[:1024].lstrip()
    for signature, code, detail in _SIGNATURES:
        if start.startswith(signature):
            raise WorkbookRefused(code, detail)
    if start.startswith(b"PK"):
        return _packed(content)
    if content.startswith(_OLE):
        if any(name in content for name in _ENCRYPTED_NAMES):
            raise encrypted()
        return sheets_in_general(content)
    return iter([text_table(content)])


def _packed(content: bytes) -> Iterator[Sheet]:
    archive = _checked_archive(content)
    try:
        # All of them now: a workbook that is built in an unusual way must show before a row of it was read.
        return iter(list(sheets_of(archive)))
    except UnfamiliarWorkbook:
        return sheets_in_general(content)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise WorkbookRefused("WORKBOOK_NOT_READABLE", "Arsip lembar kerja rusak.") from error


def _checked_archive(content: bytes) -> zipfile.ZipFile:
    """Look at the archive's own list of sizes before anything is unpacked."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise WorkbookRefused("WORKBOOK_NOT_READABLE", "Arsip lembar kerja rusak.") from error
    unpacked = sum(entry.file_size for entry in entries)
    bursting = unpacked > _SMALLEST_SUSPECT and unpacked > MAX_RATIO * len(content)
    if unpacked > MAX_UNPACKED_BYTES or bursting or len(entries) > _PARTS:
        raise WorkbookRefused("WORKBOOK_TOO_LARGE_UNPACKED", "Isi berkas terlalu besar setelah dibuka.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise encrypted()
    names = archive.NameToInfo
    if "word/document.xml" in names or "ppt/presentation.xml" in names:
        raise WorkbookRefused("WORKBOOK_NOT_READABLE", "Berkas ini dokumen atau presentasi, bukan lembar kerja.")
    return archive
