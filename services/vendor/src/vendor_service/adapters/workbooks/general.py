"""Reads .xls, .xlsb, .ods, and .xlsx that some program wrote in its own way: a sheet is held as a whole meanwhile."""

import io
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from vendor_service.adapters.workbooks.sheet import Merge, Numbered, Sheet
from vendor_service.domain.errors import WorkbookRefused
from vendor_service.domain.imports.job import MAX_ROWS

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook


def encrypted() -> WorkbookRefused:
    """Return the refusal of a file with a password."""
    return WorkbookRefused("WORKBOOK_ENCRYPTED", "Berkas dikunci dengan kata sandi; simpan ulang tanpa kata sandi.")


def sheets_in_general(content: bytes) -> Iterator[Sheet]:
    """Yield the worksheets of a workbook.

    Raises:
        WorkbookRefused: It cannot be opened.
    """
    from python_calamine import CalamineError, PasswordError, SheetTypeEnum, SheetVisibleEnum, load_workbook

    try:
        workbook = load_workbook(io.BytesIO(content))
        found = workbook.sheets_metadata
    except PasswordError as error:
        raise encrypted() from error
    except (CalamineError, ValueError, OSError, zipfile.BadZipFile) as error:
        raise WorkbookRefused("WORKBOOK_NOT_READABLE", "Berkas tidak dapat dibaca sebagai lembar kerja.") from error
    for one in found:
        if one.typ is SheetTypeEnum.WorkSheet:
            held = _Held(workbook, one.name)
            yield Sheet(one.name, one.visible is not SheetVisibleEnum.Visible, held.rows, held.merges)


class _Held:
    """A sheet that is read once, when its merged cells or its rows are asked for."""

    def __init__(self, workbook: "CalamineWorkbook", name: str) -> None:
        self._workbook = workbook
        self._name = name
        self._sheet: CalamineSheet | None = None

    def merges(self) -> list[Merge]:
        """Return the merged cells, counted in the columns of the rows that are yielded."""
        sheet = self._loaded()
        shift = sheet.start[1] if sheet.start else 0
        return [(top, left - shift, bottom, right - shift)
                for (top, left), (bottom, right) in sheet.merged_cell_ranges or []]  # fmt: skip

    def rows(self) -> Iterator[Numbered]:
        """Yield the rows with their number in the sheet."""
        sheet = self._loaded()
        self._sheet = None
        top = sheet.start[0] if sheet.start else 0
        for number, row in enumerate(sheet.iter_rows(), start=top + 1):
            yield number, ["ya" if cell is True else "tidak" if cell is False else cell for cell in row], None

    def _loaded(self) -> "CalamineSheet":
        from python_calamine import CalamineError

        if self._sheet is None:
            try:
                self._sheet = self._workbook.get_sheet_by_name(self._name)
            except (CalamineError, ValueError, OSError) as error:
                raise WorkbookRefused("WORKBOOK_NOT_READABLE", "Isi lembar kerja rusak.") from error
            if self._sheet.height > MAX_ROWS + 1000:
                raise WorkbookRefused("TOO_MANY_ROWS", f"Berkas memuat lebih dari {MAX_ROWS:,} baris data.")
        return self._sheet
