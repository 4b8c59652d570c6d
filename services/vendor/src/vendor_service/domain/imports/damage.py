"""When a whole file was spoilt by the way it was saved, so that reading it row by row would fill a register with harm.

Single bad cells are doubts about their row. But a column of NIK that Excel rounded to 3,51E+15, texts that were decoded
with the wrong table, or lines that stand in one column say that what was lost cannot be found in this file: somebody
has to save it again from the original.
"""

import re
from collections.abc import Mapping, Sequence

from vendor_service.domain.errors import WorkbookRefused
from vendor_service.domain.imports.cells import Cell, is_garbled
from vendor_service.domain.imports.columns import column_of

FEWEST_ROWS = 10
"""Fewer rows prove nothing about a file."""
_EARLY = 2_000
_ROUNDED_SHARE = 9, 10
_GARBLED_SHARE = 1, 5
_SEPARATED = re.compile(r"[;,\t|]")
_FEWEST_NAMES = 4


class DamageWatch:
    """Counts what points to a spoilt file while its rows are read.

    Args:
        columns: Template column -> place in the row.
    """

    def __init__(self, columns: Mapping[str, int]) -> None:
        self._nik = columns.get("nik", -1)
        self._texts = [columns[name] for name in ("nama_usaha", "nama_pemilik", "alamat") if name in columns]
        self._rows = 0
        self._niks = 0
        self._rounded = 0
        self._garbled = 0
        self._checked_early = False

    def look(self, cells: Sequence[Cell], warnings: Sequence[tuple[str, str]]) -> None:
        """Count one row."""
        self._rows += 1
        width = len(cells)
        if 0 <= self._nik < width and cells[self._nik] not in (None, "", "-", 0):
            self._niks += 1
            self._rounded += ("nik", "ROUNDED_NUMBER") in warnings
        for place in self._texts:
            cell = cells[place] if place < width else None
            if cell.__class__ is str and not cell.isascii() and is_garbled(cell):
                self._garbled += 1
                break

    def check(self, *, at_end: bool = False) -> None:
        """Refuse the file if the rows seen so far say that it is spoilt.

        Raises:
            WorkbookRefused: NIK_COLUMN_ROUNDED or WORKBOOK_GARBLED.
        """
        if not at_end and (self._checked_early or self._rows < _EARLY):
            return
        self._checked_early = True
        if self._niks >= FEWEST_ROWS and self._rounded * _ROUNDED_SHARE[1] >= self._niks * _ROUNDED_SHARE[0]:
            raise WorkbookRefused(
                "NIK_COLUMN_ROUNDED",
                f"{self._rounded} dari {self._niks} NIK dibulatkan Excel (3,51E+15), digit terakhirnya hilang. Unggah"
                " berkas asli, atau isi ulang kolom NIK dengan format teks.",
            )
        if self._rows >= FEWEST_ROWS and self._garbled * _GARBLED_SHARE[1] > self._rows * _GARBLED_SHARE[0]:
            raise WorkbookRefused(
                "WORKBOOK_GARBLED",
                f"Huruf rusak di {self._garbled} dari {self._rows} baris (salah pengodean saat disimpan). Simpan ulang"
                " berkas asli sebagai .xlsx atau CSV UTF-8.",
            )


def one_column(rows: Sequence[Sequence[Cell]]) -> None:
    """Refuse a sheet whose lines stand in one column each, separators and all.

    Raises:
        WorkbookRefused: WORKBOOK_ONE_COLUMN.
    """
    for cells in rows:
        filled = [cell for cell in cells if cell is not None and cell != ""]
        if len(filled) == 1 and isinstance(filled[0], str):
            names = {column_of(part.strip(' "')) for part in _SEPARATED.split(filled[0])} - {None}
            if len(names) >= _FEWEST_NAMES:
                raise WorkbookRefused(
                    "WORKBOOK_ONE_COLUMN",
                    "Semua kolom menumpuk dalam satu kolom. Buka berkas asli, pisahkan kolomnya (Text to Columns), lalu"
                    " simpan sebagai .xlsx.",
                    [part.strip(' "') for part in _SEPARATED.split(filled[0])][:60],
                )
